"""What keeps an outsider from a job: its conditions, those of the jobs it needs, approvals and checks of rights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .guards import Attempt, GuardLevel, condition, runs_regardless, strength
from .model import Job, Step, Workflow

_CHECKS_RIGHTS = re.compile(
    r"(?:check|verify|require|validate|get|assert)[\w-]*(?:permission|actor|collaborator|membership|maintainer)"
    r"|(?:actor|user|repo(?:sitory)?|team)[\w-]*(?:permission|membership|access)",
    re.IGNORECASE,
)
_ASKS_RIGHTS = re.compile(
    r"getCollaboratorPermissionLevel|checkCollaborator|MembershipForUser"
    r"|/collaborators/[^\s]*|/memberships/|orgs/[^\s/]+/members/|isMemberOf|--json\s+viewerPermission"
)
_ENDS = re.compile(r"\bexit\s+[1-9]|core\.setFailed|\bthrow\s+new\b|\bprocess\.exit\(\s*[1-9]")


def protection(workflow: Workflow, job: Job, step: Step, event: str) -> GuardLevel:
    """How well a step is kept from an outsider who causes the event."""
    jobs = _with_needed(workflow, job)
    trusted = frozenset(_trusted_outputs(jobs))

    def attempt(past_narrow: bool) -> Attempt:
        return Attempt(event, trusted, past_narrow)

    conditions = [step.view["if"].text, *(one.view["if"].text for one in jobs)]
    found = strength(conditions, attempt)
    if found is GuardLevel.FIRM:
        return found
    before = [*job.steps[: step.index], *(s for one in jobs[1:] for s in one.steps)]
    stops = [s for s in before if _ENDS.search(s.run.text + s.inputs["script"].text)]
    for narrow, guard in ((True, GuardLevel.FIRM), (False, GuardLevel.NARROW)):
        for one in stops:
            tree = condition(one.view["if"].text)
            if tree is not None and attempt(narrow).truth(tree) is True:
                return guard
    if any(checks_rights(s) for s in before) or any("environment" in one.view for one in jobs):
        return GuardLevel.NARROW
    if workflow.events.keys() >= {event} and _only_labelled(workflow, event):
        return GuardLevel.NARROW
    return found


def checks_rights(step: Step) -> bool:
    """Whether a step asks what the person who started the run may do."""
    if _CHECKS_RIGHTS.search(step.uses):
        return True
    return bool(_ASKS_RIGHTS.search(step.run.text + step.inputs["script"].text + step.inputs["route"].text))


def _with_needed(workflow: Workflow, job: Job) -> list[Job]:
    """The job and those without which it is skipped."""
    by_id = {one.id.lower(): one for one in workflow.jobs}
    chain, seen = [job], {job.id.lower()}
    for one in chain:
        if runs_regardless(one.view["if"].text):
            continue
        for need in one.needs:
            name = need.text.lower()
            if name in by_id and name not in seen:
                seen.add(name)
                chain.append(by_id[name])
    return chain


def _trusted_outputs(jobs: list[Job]) -> Iterator[str]:
    for job in jobs:
        if any(checks_rights(step) for step in job.steps):
            yield f"needs.{job.id.lower()}.outputs"
        yield from (f"steps.{step.id.lower()}.outputs" for step in job.steps if step.id and checks_rights(step))


def _only_labelled(workflow: Workflow, event: str) -> bool:
    """Whether only a label starts it, which takes the right to triage."""
    types = {item.text for item in workflow.events[event]["types"].items}
    return bool(types) and types <= {"labeled"}
