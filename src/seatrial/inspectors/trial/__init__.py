"""The trial: what the lab saw of the running stack, as answers."""
