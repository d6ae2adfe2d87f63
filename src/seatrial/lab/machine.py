"""How busy the machine is on which times are measured."""

from __future__ import annotations

from dataclasses import dataclass

_LATE, _PRESSURE = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class Machine:
    """How busy the machine was during an experiment."""

    late: float = 0.0
    """Seconds, 95th percentile, by which samples began after their time."""
    pressure: float = 0.0
    """Share of the time in which something waited for a processor (PSI, `some`, over ten seconds)."""

    @property
    def busy(self) -> bool:
        """Whether times measured on it mean little: samples are late, or half of the time something waits."""
        return self.late > _LATE or self.pressure > _PRESSURE

    def __str__(self) -> str:
        """For people."""
        return f"samples began {self.late:.2f} s late, processes waited {100 * self.pressure:.0f} % of the time"
