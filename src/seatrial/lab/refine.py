"""What a repository says about its own trial, made into values. Everything that makes no sense is told at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping

from seatrial.errors import UsageError

from . import experiment
from .discover import Planned
from .faults import FAULTS
from .model import STORES
from .probes import SPOKEN, Probe

_URL = re.compile(r"http://(?P<service>[\w.-]+)(?::(?P<port>\d{1,5}))?(?P<path>/\S*)?")
_PROTOCOL = re.compile(r"(?P<kind>[a-z]+)(?::(?P<port>\d{1,5}))?")


def probe(service: str, text: str) -> Probe:
    """
    A probe in the words of the configuration.

    Raises:
        UsageError: it is none.
    """
    where = f"chaos.probes.{service}"
    if url := _URL.fullmatch(text):
        return Probe(service, "http", int(url["port"] or 80), url["path"] or "/")
    if text == "health":
        return Probe(service, "health")
    found = _PROTOCOL.fullmatch(text)
    if found is None or found["kind"] not in {*SPOKEN, "tcp"}:
        known = ", ".join(sorted({*SPOKEN, "tcp", "health"}))
        raise UsageError(f"{text!r} is neither a URL nor one of {known}", where=where)
    port = int(found["port"] or STORES.get(found["kind"], 0))
    if not port:
        raise UsageError(f"{text!r} needs a port, such as tcp:8080", where=where)
    return Probe(service, found["kind"], port)


def experiments(entries: Iterable[str | Mapping[str, object]]) -> Iterator[Planned | None]:
    """
    The experiments in the words of the configuration; None stands for all that is discovered.

    Raises:
        UsageError: a fault or a parameter does not exist, or has no unit.
    """
    for number, entry in enumerate(entries):
        where = f"chaos.experiments.{number}"
        if entry == "default":
            yield None
        elif isinstance(entry, Mapping) and len(entry) == 1:
            ((name, asked),) = entry.items()
            yield _experiment(name, asked, where)
        else:
            raise UsageError("expected `default` or `FAULT: SERVICE`", where=where)


def _experiment(name: str, asked: object, where: str) -> Planned:
    if name not in FAULTS:
        near = difflib.get_close_matches(name, FAULTS, 1)
        raise UsageError(f"there is no fault {name!r}", where=where, remedy=f"did you mean {near[0]}?" if near else "")
    given = dict(asked) if isinstance(asked, Mapping) else {"service": asked}
    service = given.pop("service", None)
    if not isinstance(service, str) or not service:
        raise UsageError(f"{name} needs a service", where=where)
    experiment.parameters(FAULTS[name], given, f"{where}.{name}")
    return Planned(name, service, given)


def skipped(names: Iterable[str]) -> frozenset[str]:
    """
    What is not to be tried.

    Raises:
        UsageError: there is no such fault.
    """
    wanted = frozenset(names)
    for name in sorted(wanted):
        if name.rpartition(".")[2] not in FAULTS:
            raise UsageError(f"{name!r} names no fault", where="chaos.skip", remedy=f"faults: {', '.join(FAULTS)}")
    return wanted
