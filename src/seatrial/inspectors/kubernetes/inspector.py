"""Kubernetes manifests, found by what they contain."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Answer, Tool
from seatrial.domain.extent import Extent
from seatrial.domain.grading import GradedSubject, WeightedShare
from seatrial.inspectors import path_roles, rulebook
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.rules import Rules
from seatrial.inspectors.yaml_files import TEMPLATE, is_candidate
from seatrial.text.wording import counted

from . import workloads
from .documents import read
from .rules import READINESS, RULES, SECURITY

NO_WORKLOAD = "no Kubernetes workload in the tree"


class KubernetesInspector:
    """What the workloads of the tree may do, and how they tell that they are ready."""

    name = "kubernetes"
    rules = Rules("kubernetes", make=lambda: RULES)
    per_file_inputs = None
    live = False
    checks = (SECURITY, READINESS)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """No other program is run."""
        del context
        return ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a YAML file that is not a workflow or a Compose file; only reading it shows more."""
        tree = context.tree
        unread = list(filter(is_candidate, tree.unread))
        return unless(any(map(is_candidate, tree.paths)), unread, "no Kubernetes manifest in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Each check over all manifests."""
        found = read(context.tree)
        evidence = f"{counted(len(found.workloads), 'workload')}, {counted(len(found.objects), 'object')}"
        manifests = found.reader.extent()
        templates = Extent.of((), dict.fromkeys(found.templates, TEMPLATE), unit="manifest")
        others = (f for one in found.objects for f in (*workloads.served(one), *workloads.rights(one)))
        for check, judge, more in ((SECURITY, workloads.security, others), (READINESS, workloads.readiness, ())):
            judged = found.workloads or (found.objects and check == SECURITY)
            if found.templates and not judged and manifests.share == 1:
                yield Answer.skip(check, f"{counted(len(found.templates), 'file')}: {TEMPLATE}")
                continue
            extent = manifests + templates if judged or manifests.share < 1 else Extent()
            every = (*(f for one in found.workloads for f in judge(one)), *more)
            kept, allowed = rulebook.allowed_of(context.tree, check, every)
            subjects = tuple(GradedSubject(one.name, one.pod.at.path) for one in found.workloads)
            weighed = rulebook.attributed(map(path_roles.weighed, kept), subjects)
            basis = WeightedShare(subjects, "workload")
            yield Answer.of_extent(
                check, extent, weighed, absent=NO_WORKLOAD, evidence=evidence, notes=allowed, basis=basis
            )
