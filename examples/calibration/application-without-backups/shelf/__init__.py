"""Shelf keeps bookmarks."""
