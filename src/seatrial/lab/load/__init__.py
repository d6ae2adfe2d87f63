"""The stack under load: profiles, the generator in a sidecar, what it measured, and what that means."""
