"""Backup drills: a store is dumped, restored into a fresh one, and compared."""
