"""Leaked credentials: tokens by their shape, credential files by their structure, assignments by name and value."""
