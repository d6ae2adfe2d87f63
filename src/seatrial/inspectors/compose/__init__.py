"""Docker Compose: the specification's model with positions, and rules over it."""
