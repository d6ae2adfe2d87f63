"""
What the repository is, found by its files.

What runs somewhere (Compose services, images, manifests, platform files, a server's code) makes a service; what is
packaged for others a library or a tool. A package that is deployed is a library besides only if it is published too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seatrial.domain.kinds import Identity, RepositoryKind, Trait
from seatrial.inspectors.whole import Whole

from . import deployed, others, packages

_FROM_CODE = (RepositoryKind.LIBRARY, RepositoryKind.CLI)


def recognise(whole: Whole, declared: Iterable[RepositoryKind] = ()) -> Identity:
    """
    What a repository is.

    Args:
        whole: its files.
        declared: what its owner says; then nothing else is a kind, and what was found is the evidence.
    """
    found = tuple(_found(whole))
    said = tuple(dict.fromkeys(declared))
    if said:
        by_kind = {trait.kind: trait for trait in found}
        return Identity(tuple(by_kind.get(kind, Trait(kind, ("`kind` says so",))) for kind in said))
    return Identity(found)


def _found(whole: Whole) -> Iterator[Trait]:
    packed = packages.find(whole)
    action = others.action(whole)
    services = deployed.find(whole, packed, is_action=action is not None)
    if services:
        yield _trait(RepositoryKind.SERVICE, services)
    if action:
        yield action
    for kind, ones in ((RepositoryKind.LIBRARY, packed.libraries), (RepositoryKind.CLI, packed.tools)):
        shown = [one for one in ones if one.published or not (services or (action and kind is RepositoryKind.CLI))]
        if shown:
            yield _trait(kind, [(one.path, one.evidence) for one in shown])
    infrastructure = others.infrastructure(whole)
    if infrastructure:
        yield infrastructure
    if monorepo := others.monorepo(whole):
        yield monorepo
    if not (services or action or packed.libraries or packed.tools or infrastructure):
        yield others.rest(whole)


def _trait(kind: RepositoryKind, found: Iterable[tuple[str, str]]) -> Trait:
    found = tuple(found)
    return Trait(kind, tuple(dict.fromkeys(evidence for _, evidence in found)), found[0][0])
