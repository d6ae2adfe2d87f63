"""Kubernetes manifests: what a cluster would run."""
