"""Sea trials for a repository: survey it, try it, score its readiness, gate the check."""

__version__ = "0.1.0"
