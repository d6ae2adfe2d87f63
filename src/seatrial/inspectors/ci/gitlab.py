"""
GitLab CI.

Source: https://docs.gitlab.com/ci/yaml/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.inspectors.whole import Whole
from seatrial.inspectors.yaml_view import YamlView
from seatrial.text.globs import Globs
from seatrial.text.yaml_tree import Sequence

from . import commands, parsing
from .model import CiFile, CiSystem, PipelineJob, Trigger

SYSTEM = CiSystem.GITLAB
PATHS = re.compile(r"^\.gitlab-ci\.ya?ml$")
YAML = True
_NO_JOBS = frozenset({
    "default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script",
    "after_script", "spec",
})  # fmt: skip
_DEPTH = 8
_ALWAYS = Trigger.PULL_REQUEST | Trigger.ANY_PUSH | Trigger.TAG
"""Without rules a job runs in the pipeline of every branch, and GitLab shows that at the merge request."""


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """Every job that is not hidden, and one for each template that is included."""
    known: dict[str, YamlView] = {}
    top: list[YamlView] = []
    outside: list[YamlView] = []
    for root in _roots(file.whole, file.documents, top, outside, _DEPTH):
        known.update({name: view for name, (_, view) in root.entries.items() if name not in _NO_JOBS and view.is_map})
    pipeline = next(
        (_rules(root["workflow"]["rules"], _ALWAYS) for root in reversed(top) if "workflow" in root), _ALWAYS
    )
    before = "\n".join(_script(known, root[k]) for root in top for k in ("before_script",)) + "\n"
    before += "\n".join(_script(known, root["default"]["before_script"]) for root in top)
    for name, view in known.items():
        if not name.startswith("."):
            yield _job(file, known, name, view, pipeline, before)
    for view in outside:
        template = view["template"].text
        shown = template or view["component"].text or view["remote"].text or view["project"].text
        unseen = () if template or view["component"] else (shown,)
        yield PipelineJob(SYSTEM, view.at, shown, pipeline, uses=(shown.partition("@")[0].lower(),), unseen=unseen)


def _roots(
    whole: Whole, documents: tuple[YamlView, ...], top: list[YamlView], outside: list[YamlView], depth: int
) -> Iterator[YamlView]:
    for root in documents:
        include = root["include"]
        for one in include.items if include.is_list or not include.is_map else (include,):
            local = one["local"].text or (one.text if "://" not in one.text else "")
            if local and depth:
                globs = Globs([f"/{local.lstrip('/')}"])
                for path in (p for p in whole.paths if globs.match(p)):
                    yield from _roots(whole, parsing.load(whole, path), top, outside, depth - 1)
            elif one.is_map:
                outside.append(one)
        top.append(root)
        yield root


def _inherited(known: Mapping[str, YamlView], view: YamlView, key: str, depth: int = _DEPTH) -> YamlView:
    """The value of a key in a job, or in the first of those that it extends."""
    if key in view or not depth:
        return view[key]
    for parent in reversed(view["extends"].items):
        if parent.text in known and (found := _inherited(known, known[parent.text], key, depth - 1)):
            return found
    return view[key]


def _script(known: Mapping[str, YamlView], value: YamlView, depth: int = _DEPTH) -> str:
    """A script with `!reference` filled in."""
    if isinstance(value.node, Sequence) and value.node.tag == "!reference":
        names = [item.text for item in value.items]
        if len(names) == 2 and names[0] in known and depth:
            return _script(known, _inherited(known, known[names[0]], names[1]), depth - 1)
        return ""
    return "\n".join(_script(known, item, depth) if item.is_list else item.text for item in value.items)


def _job(
    file: CiFile, known: Mapping[str, YamlView], name: str, view: YamlView, pipeline: Trigger, before: str
) -> PipelineJob:
    parts = [_script(known, _inherited(known, view, key)) for key in ("before_script", "script", "after_script")]
    text = "\n".join([parts[0] or before, *parts[1:]])
    environment = _inherited(known, view, "environment")
    image = _inherited(known, view, "image")
    unseen = tuple(one["project"].text for one in parsing.mappings(view["trigger"]) if one["project"])
    return PipelineJob(
        SYSTEM,
        file.root.key_at(name) if view.path == file.path else view.at,
        name,
        _of_job(known, view, pipeline),
        commands.expanded(file.whole, text),
        uses=tuple(filter(None, ((image.text or image["name"].text).partition(":")[0].lower(),))),
        unseen=unseen,
        environment=environment.text or environment["name"].text,
    )


def _of_job(known: Mapping[str, YamlView], view: YamlView, pipeline: Trigger) -> Trigger:
    rules, only = _inherited(known, view, "rules"), _inherited(known, view, "only")
    found = pipeline
    if rules:
        found = _rules(rules, pipeline)
    elif only:
        refs = {item.text for item in (only["refs"] if only.is_map else only).items}
        found = _refs(refs) if refs else pipeline
    if _inherited(known, view, "when").text == "manual":
        found = found & ~Trigger.PULL_REQUEST | Trigger.MANUAL
    return found


def _refs(refs: set[str]) -> Trigger:
    found = Trigger.PUSH
    if refs & {"merge_requests", "branches", "external_pull_requests"}:
        found |= Trigger.PULL_REQUEST
    if "tags" in refs:
        found |= Trigger.TAG
    return found | (Trigger.SCHEDULE if "schedules" in refs else Trigger.NONE)


def _rules(rules: YamlView, otherwise: Trigger) -> Trigger:
    found = Trigger.NONE
    for rule in rules.items if rules.is_list else ():
        text, when = rule["if"].text, rule["when"].text
        if when == "never":
            continue
        if when == "manual":
            found |= Trigger.MANUAL
        elif not text:
            found |= otherwise
        elif re.search(r"merge_request|CI_OPEN_MERGE_REQUESTS|CI_MERGE_REQUEST", text) and "!=" not in text:
            found |= Trigger.PULL_REQUEST
        elif "schedule" in text:
            found |= Trigger.SCHEDULE
        elif re.fullmatch(r"\s*\$CI_COMMIT_BRANCH\s*", text):
            found |= Trigger.ANY_PUSH | Trigger.PULL_REQUEST
        elif "CI_COMMIT_TAG" in text:
            found |= Trigger.TAG
        elif re.search(r"CI_COMMIT_(?:BRANCH|REF_NAME|REF_SLUG)|CI_PIPELINE_SOURCE", text):
            found |= Trigger.PUSH
        else:
            found |= otherwise
    return found
