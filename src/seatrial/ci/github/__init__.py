"""GitHub: what the runner tells us, what we tell the runner, and the one comment. No survey, no lab."""
