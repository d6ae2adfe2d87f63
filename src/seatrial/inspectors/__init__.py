"""What looks at the repository. `registry.py` lists the inspectors; each can be imported without the others."""
