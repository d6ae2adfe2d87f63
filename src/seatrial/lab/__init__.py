"""The live half: one Compose stack, started in isolation, probed, broken on purpose, healed and taken down."""
