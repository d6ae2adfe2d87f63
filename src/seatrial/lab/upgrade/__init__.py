"""Deployment as operators do it: the same again, from the base to the head, and back."""
