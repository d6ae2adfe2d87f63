"""Dockerfiles: hadolint, and rules of our own for what it does not see."""
