"""What the generator is given, as JSON: the profile, and the address of each service. Both ends of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from seatrial.domain.load_profile import Executor, LoadProfile, LoadRequest, LoadStage

TIMEOUT = 10.0
"""Seconds for one answer."""


@dataclass(frozen=True, slots=True)
class LoadScript:
    """A profile, and where its services are."""

    profile: LoadProfile
    addresses: Mapping[str, str] = field(hash=False)
    seed: int = 1
    timeout: float = TIMEOUT

    def text(self) -> str:
        """As one argument of a command; thresholds are the parent's."""
        profile = {**asdict(self.profile), "thresholds": (), "executor": self.profile.executor.value}
        return json.dumps(
            {"profile": profile, "addresses": dict(self.addresses), "seed": self.seed, "timeout": self.timeout}
        )

    @classmethod
    def of(cls, text: str) -> LoadScript:
        """The script of such an argument."""
        told: dict[str, Any] = json.loads(text)
        profile = dict(told["profile"])
        profile["executor"] = Executor(profile["executor"])
        profile["stages"] = tuple(LoadStage(**stage) for stage in profile["stages"])
        profile["requests"] = tuple(LoadRequest(**request) for request in profile["requests"])
        profile["thresholds"] = ()
        return cls(LoadProfile(**profile), told["addresses"], told["seed"], told["timeout"])
