"""What runs and watches the application: Kubernetes manifests, and Prometheus' rules and settings."""
