"""What a repository depends on: manifests and locks of every ecosystem, and what is known of their flaws."""
