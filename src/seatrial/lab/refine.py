"""What a repository says about its own trial, made into values. Everything that makes no sense is told at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping

from seatrial.errors import UsageError

from . import experiment, units
from .discover import Expect, Planned
from .faults import FAULTS
from .markers import Address
from .model import STORES
from .probes import SPOKEN, Probe

_URL = re.compile(r"http://(?P<service>[\w.-]+)(?::(?P<port>\d{1,5}))?(?P<path>/\S*)?")
_REQUEST = re.compile(r"(?P<method>GET|POST|PUT|PATCH) " + _URL.pattern + r"(?: (?P<body>.+))?")
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


def operations(entries: Iterable[str]) -> Iterator[Probe]:
    """
    Questions that make a service work, in the words of the configuration: `GET http://api:8000/items`.

    Raises:
        UsageError: one is no request.
    """
    for number, text in enumerate(entries):
        at = _address(text, f"chaos.operations.{number}")
        yield Probe(at.service, "http", at.port, at.path, ready=True, question=True, method=at.method, body=at.body)


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
        raise UsageError(f"unknown fault {name!r}", where=where, remedy=f"did you mean {near[0]}?" if near else "")
    given = dict(asked) if isinstance(asked, Mapping) else {"service": asked}
    service = given.pop("service", None)
    if not isinstance(service, str) or not service:
        raise UsageError(f"{name} needs a service", where=where)
    asked_for = expect(given.pop("expect", None) or {}, f"{where}.{name}.expect")
    experiment.parameters(FAULTS[name], given, f"{where}.{name}")
    return Planned(name, service, given, asked_for)


def expect(given: object, where: str = "chaos.expect") -> Expect:
    """
    What is asked of an experiment.

    Raises:
        UsageError: it is neither `success` nor `recovery`, or has no unit.
    """
    if not isinstance(given, Mapping):
        raise UsageError("expected `success: 95%` or `recovery: 5s`", where=where)
    kinds = {"success": "share", "recovery": "duration"}
    for name in given:
        if name not in kinds:
            near = difflib.get_close_matches(str(name), kinds, 1)
            remedy = f"did you mean {near[0]}?" if near else "use `success` or `recovery`"
            raise UsageError(f"unknown expectation {name!r}", where=where, remedy=remedy)
    return Expect(**{n: units.parse(kinds[n], str(v), where=f"{where}.{n}") for n, v in given.items()})


def data(given: Mapping[str, str]) -> tuple[Address, Address] | None:
    """
    The addresses that take and give markers.

    Raises:
        UsageError: one is missing, or is no `METHOD http://SERVICE:PORT/PATH`.
    """
    if not given:
        return None
    if set(given) != {"write", "read"}:
        raise UsageError("needs `write` and `read`, and no other key", where="chaos.data")
    write, read = (_address(given[name], f"chaos.data.{name}") for name in ("write", "read"))
    if "{marker}" not in write.path + write.body:
        raise UsageError("needs {marker} in its path or body", where="chaos.data.write")
    return write, read


def _address(text: str, where: str) -> Address:
    found = _REQUEST.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} is not of the form `METHOD http://SERVICE:PORT/PATH [BODY]`", where=where)
    return Address(
        found["method"], found["service"], int(found["port"] or 80), found["path"] or "/", found["body"] or ""
    )


def skipped(names: Iterable[str]) -> frozenset[str]:
    """
    What is not to be tried.

    Raises:
        UsageError: there is no such fault.
    """
    wanted = frozenset(names)
    for name in sorted(wanted):
        if name.rpartition(".")[2] not in FAULTS:
            raise UsageError(
                f"{name!r} does not name a fault", where="chaos.skip", remedy=f"faults: {', '.join(FAULTS)}"
            )
    return wanted
