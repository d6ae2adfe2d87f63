"""What looks at the repository."""
