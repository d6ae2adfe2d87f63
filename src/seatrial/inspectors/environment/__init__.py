"""The environment contract: what the application reads, what is documented, and what stands in committed files."""
