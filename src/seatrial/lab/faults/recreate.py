"""
The container is thrown away and made anew at another address, as by an update.

What was written outside a volume is lost, which a crash alone does not show: the container's own layer survives that.
Volumes stay, anonymous ones too: `docker compose up` gives them to the new container (unless `--renew-anon-volumes`).
A client that asked for the address only once, at its own start, goes on asking the old one. On an idle engine
the new container would get the old address back. A sidecar holds it meanwhile.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seatrial.lab.engine import FAILURES, LabError, one_line
from seatrial.lab.faults.base import Aspect, End, Expectation, FaultContext, FaultTarget, NotProven, Parameter, Proof
from seatrial.lab.model import Service

NAME = "recreate"
KIND = Expectation.INSTANT
ENDS = End.ORDERED
ASPECT = Aspect.RENEWAL
WEIGHT = 3
PARAMETERS: Mapping[str, Parameter] = {}
_LIFETIME = 150.0  # seconds; longer than Compose may take
_HOLDERS = 8  # sidecars on one network, at most


def obstacle(context: FaultContext, service: Service) -> str:
    """It is always possible."""
    del context, service
    return ""


def suits(target: FaultTarget) -> bool:
    """What others ask, or what keeps data."""
    return target.needed or bool(target.service.store)


@contextmanager
def inject(context: FaultContext, service: Service, parameters: Mapping[str, Any]) -> Iterator[Proof]:
    """Make it anew; nothing is to be undone."""
    del parameters
    before = context.inspect(service.name)
    _compose(context, service, "stop")  # a container that is stopped has no address; Compose takes the volumes from it
    with _held(context, _addresses(before)):
        _compose(context, service, "up", "--detach", "--no-build", "--no-deps", "--force-recreate")
    after = context.inspect(service.name)

    def proof() -> str:
        if after["Id"] == before["Id"]:
            raise NotProven(f"{service.name} is still the same container")
        moved = sorted(set(_addresses(before).values()) - set(_addresses(after).values()))
        where = f"no longer at {', '.join(moved)}" if moved else "at its old address"
        kept = "; its anonymous volumes went with it" if _anonymous(before) & _anonymous(after) else ""
        return f"container {before['Id'][:12]} became {after['Id'][:12]}, {where}{kept}"

    yield proof


def _anonymous(attributes: Mapping[str, Any]) -> set[str]:
    """Volumes that the engine named itself: by 64 hexadecimal digits."""
    return {str(m["Name"]) for m in attributes["Mounts"] or () if re.fullmatch(r"[0-9a-f]{64}", str(m.get("Name")))}


def _compose(context: FaultContext, service: Service, *words: str) -> None:
    done = context.project.compose(*words, service.name, timeout=120)
    if done.returncode:
        raise LabError(f"could not recreate {service.name}: {done.complaint}")


def _addresses(attributes: Mapping[str, Any]) -> Mapping[str, str]:
    """By network: the addresses that the engine chose; one that the Compose file fixes is to stay."""
    networks: Mapping[str, Any] = attributes["NetworkSettings"]["Networks"] or {}
    return {
        name: str(one["IPAddress"])
        for name, one in networks.items()
        if one.get("IPAddress") and not (one.get("IPAMConfig") or {}).get("IPv4Address") and name not in _SHARED
    }


_SHARED = ("host", "none", "bridge")


@contextmanager
def _held(context: FaultContext, addresses: Mapping[str, str]) -> Iterator[None]:
    """
    Sidecars on each of the networks, until no other container can get the address that was just left.

    An engine gives the lowest free address, and a task that has ended has left one too; so there may have to be some.
    """
    holders: list[Any] = []
    try:
        for name, address in addresses.items():
            for _ in range(_HOLDERS):
                holder = context.engine.sidecar(
                    context.image, ["sleep", str(_LIFETIME)], network=name, lifetime=_LIFETIME
                )
                holders.append(holder)
                if _number(_address(context, holder.id, name)) >= _number(address):
                    break
        yield
    finally:
        for holder in holders:
            context.engine.remove(holder)


def _address(context: FaultContext, container: str, network: str) -> str:
    try:
        networks = context.engine.client.api.inspect_container(container)["NetworkSettings"]["Networks"]
        return str(networks[network]["IPAddress"])
    except (*FAILURES, KeyError) as error:
        raise LabError(f"the sidecar's address in {network} is not known: {one_line(error)}") from None


def _number(address: str) -> int:
    return int(ipaddress.ip_address(address))
