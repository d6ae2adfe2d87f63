"""Retries for HTTP clients."""

from patient.budget import Budget
from patient.core import Exhausted, retry

__all__ = ["Budget", "Exhausted", "retry"]
