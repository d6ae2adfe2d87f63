"""What a repository says about its own trial, made into values. All mistakes are reported at once."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping

from seatrial.domain.errors import UsageError

from . import experiment, units
from .configuration.variables import Need
from .discover import Expect, Planned
from .errands import Address, Errand, ServiceCommand
from .faults import FAULTS, FORMER
from .model import STORES
from .probes import SPOKEN, Probe

_URL = re.compile(r"http://(?P<service>[\w.-]+)(?::(?P<port>\d{1,5}))?(?P<path>/\S*)?")
_REQUEST = re.compile(r"(?P<method>GET|POST|PUT|PATCH) " + _URL.pattern + r"(?: (?P<body>.+))?")
_COMMAND = re.compile(r"RUN (?P<service>[\w.-]+) (?P<line>.+)")
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


def configuration(entries: Mapping[str, str]) -> Mapping[str, Need]:
    """
    What the configuration says of variables: `SECRET_KEY: required`.

    Raises:
        UsageError: a word is not one of the known.
    """
    for name, word in entries.items():
        if word not in list(Need):
            known = ", ".join(Need)
            raise UsageError(f"{word!r} is not one of {known}", where=f"chaos.configuration.{name}")
    return {name: Need(word) for name, word in entries.items()}


def operations(entries: Iterable[str]) -> Iterator[Probe]:
    """
    Questions that make a service work: `GET http://api:8000/items`, `RUN worker python check.py`.

    Raises:
        UsageError: one is neither a request nor a command.
    """
    for number, text in enumerate(entries):
        match _errand(text, f"chaos.operations.{number}"):
            case Address(method, service, port, path, body):
                yield Probe(service, "http", port, path, ready=True, question=True, method=method, body=body)
            case ServiceCommand(service, line):
                yield Probe(service, "run", path=line, ready=True, question=True)


def experiments(entries: Iterable[str | Mapping[str, object]]) -> Iterator[Planned | None]:
    """
    The experiments in the words of the configuration; None means all that is discovered.

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
    name = FORMER.get(name, name)
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


def data(given: Mapping[str, str]) -> tuple[Errand, Errand] | None:
    """
    What takes and gives markers.

    Raises:
        UsageError: one is missing, or is neither a request nor a command.
    """
    return _pair(given, ("write", "read"), "chaos.data") if given else None


def jobs(given: Mapping[str, Mapping[str, str]]) -> Mapping[str, tuple[Errand, Errand]]:
    """
    By worker what gives it a job, and what shows the jobs that are done.

    Raises:
        UsageError: one is missing, or is neither a request nor a command.
    """
    return {worker: _pair(entry, ("put", "done"), f"chaos.jobs.{worker}") for worker, entry in given.items()}


def _pair(given: Mapping[str, str], names: tuple[str, str], where: str) -> tuple[Errand, Errand]:
    if set(given) != set(names):
        raise UsageError(f"needs both `{names[0]}` and `{names[1]}`, and nothing else", where=where)
    into, out = (_errand(given[name], f"{where}.{name}") for name in names)
    if "{marker}" not in into.text:
        raise UsageError("does not say where the {marker} goes", where=f"{where}.{names[0]}")
    return into, out


def _errand(text: str, where: str) -> Errand:
    if command := _COMMAND.fullmatch(text):
        _split(command["line"], where)
        return ServiceCommand(command["service"], command["line"])
    found = _REQUEST.fullmatch(text)
    if found is None:
        said = f"{text!r} is neither `METHOD http://SERVICE:PORT/PATH [BODY]` nor `RUN SERVICE COMMAND`"
        raise UsageError(said, where=where)
    return Address(
        found["method"], found["service"], int(found["port"] or 80), found["path"] or "/", found["body"] or ""
    )


def _split(line: str, where: str) -> None:
    try:
        shlex.split(line)
    except ValueError as error:
        raise UsageError(f"{line!r} is not a command: {error}", where=where) from None


def _of_today(name: str) -> str:
    """`FAULT` or `SERVICE.FAULT` with today's name of the fault."""
    service, dot, fault = name.rpartition(".")
    return f"{service}{dot}{FORMER.get(fault, fault)}"


def skipped(names: Iterable[str]) -> frozenset[str]:
    """
    What is not to be tried.

    Raises:
        UsageError: there is no such fault.
    """
    wanted = frozenset(map(_of_today, names))
    for name in sorted(wanted):
        if name.rpartition(".")[2] not in FAULTS:
            raise UsageError(
                f"{name!r} does not name a fault", where="chaos.skip", remedy=f"faults: {', '.join(FAULTS)}"
            )
    return wanted
