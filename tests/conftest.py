"""Properties are held on slow machines too: no deadline for a single example."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("seatrial", deadline=None)
settings.load_profile("seatrial")
