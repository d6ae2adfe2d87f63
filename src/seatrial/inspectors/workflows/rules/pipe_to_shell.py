"""
Nothing from the network is run unseen.

## What it does

Reports steps that pipe a download into a shell or an interpreter, or `eval` or source one. Reports steps that save a
script and run it without checking its checksum or signature.

## Why it matters

The server's answer runs with the job's token and secrets; no record of it remains.

## How to fix

An action that is pinned by its commit, or a download whose checksum is compared.

Source: https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows import shell
from seatrial.inspectors.workflows.model import Workflow

_FETCH = r"(?:curl|wget|wget2|aria2c|http|https|xh|fetch|gh\s+api)"
_POWER = r"(?:iwr|irm|curl|wget|Invoke-WebRequest|Invoke-RestMethod|\(?New-Object\s+(?:System\.)?Net\.WebClient)"
_BEFORE = (
    r"(?:sudo\s+(?:-\S+\s+){0,5}|env\s+|/usr/bin/env\s+|exec\s+|nohup\s+|xargs\s+(?:-\S+\s+){0,5})?(?:\w+=\S*\s+){0,9}"
    r"(?:/\w+){0,4}/?"
)
_END = r"\s*(?:$|[;&|)\"'`>]|\d>)|\s+/dev/stdin\b"
_SHELL = (
    rf"{_BEFORE}(?:(?:(?:ba|da|z|k|a)?sh|fish|pwsh)(?={_END}|\s+-(?!\w*c\s))"
    rf"|(?:python[\d.]*|perl|ruby|node|php|bun|deno)(?={_END}|\s+--?(?:\s|$|[;&|)])|\s+-u\s))"
)
"""A program that runs its standard input: with `-c CODE` or a file it runs that, and reads its input as data."""
_PIPE = re.compile(
    rf"\b{_FETCH}\s[^;&|\n]{{0,300}}(?:\|\s*(?!{_SHELL})[^;&|\n]{{1,200}}){{0,4}}\|\s*{_SHELL}"
    rf"|\b(?:(?:ba|da|z|k)?sh|python[\d.]*|perl|ruby|node|php)\s+(?:-\S+\s+){{0,5}}[\"']?(?:\$\(|<\(|`)\s*{_FETCH}\s"
    rf"|(?:\beval|\bsource|(?:^|[\s;&|])\.)\s+[\"']?(?:\$\(|<\(|`)\s*{_FETCH}\s"
    rf"|(?:^|[\s;&|])(?:(?:ba|da|z|k)?sh|source|\.)\s+(?:-\S+\s+){{0,5}}<<<\s*[\"']?(?:\$\(|`)\s*{_FETCH}\s"
    rf"|\b{_POWER}\b[^;\n]{{0,300}}\|\s*(?:iex|Invoke-Expression)\b"
    rf"|\b(?:iex|Invoke-Expression)\b[\s(&\"'{{$]*{_POWER}\b"
    rf"|\[scriptblock\]::Create\([\s(&\"'{{$]*{_POWER}\b"
    rf"|\bdeno\s+run\s+(?:-\S+\s+){{0,9}}https?://",
    re.MULTILINE | re.IGNORECASE,
)
_SAVED = re.compile(
    r"\b(?:curl|wget)\s[^;&|\n]{0,300}?(?:-[a-zA-Z]*[oO]\s*|--output[= ]"
    r"|--output-document[= ]|>\s*)[\"']?(?P<file>[\w./$~{}-]+)"
)
_NAMED = re.compile(
    r"\b(?:curl\s(?=[^;&|\n]{0,300}(?:-[a-zA-Z]*O|--remote-name)\b)|wget\s(?![^;&|\n]{0,300}-[a-zA-Z]*O))"
    r"[^;&|\n]{0,300}?https?://[^\s\"']{1,500}/(?P<file>[\w.-]+)(?=[\s\"';&|?]|$)"
)
"""Downloads that keep the name of the address."""
_VALUE = re.compile(rf"\b(?P<name>[A-Za-z_]\w*)=[\"']?(?:\$\(|`)\s*{_FETCH}\s")
_MOST = 50
"""Saved downloads of one script that are followed."""
_DOWNLOADS = re.compile(r"\b(?:curl|wget|irm|iwr|Invoke-\w+)\s", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"`$\n]*\"|'[^'\n]*'")
_CHECKED = re.compile(
    r"\b(?:sha\d*sum|shasum|md5sum|gpg2?|gpgv|cosign|minisign|openssl\s+dgst|Get-FileHash|gh\s+attestation|slsa-verifier)\b"
)
_MESSAGE = "runs what it downloads, unverified"


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Scripts."""
    for job, step in workflow.steps():
        text = _QUOTED.sub(_without_operators, shell.code(step.run.text))
        places = {_start(match) for match in _PIPE.finditer(text)} | {*_saved(text), *_valued(text)}
        for start in sorted(places):
            at = step.run.place(start)
            yield found(RULE.id, RULE.severity, at, _MESSAGE, subject=job.id, anchor=f"{job.id} pipe")


def _start(match: re.Match[str]) -> int:
    return match.start() + len(match[0]) - len(match[0].lstrip(" \t\r\n;&|"))


def _without_operators(match: re.Match[str]) -> str:
    """A quoted text whose `;`, `&` and `|` separate nothing; code for `-c` stays as it is."""
    return match[0] if _DOWNLOADS.search(match[0]) else re.sub(r"[;&|]", "_", match[0])


def _valued(text: str) -> Iterator[int]:
    """Downloads that a variable holds and that are then evaluated."""
    for match in islice(_VALUE.finditer(text), _MOST):
        name = rf"[\"']?\$\{{?{match['name']}\b"
        piped = rf"\b(?:echo|printf)\s[^|;&\n]{{0,100}}{name}[^|;&\n]{{0,100}}\|\s*{_SHELL}"
        run = rf"\beval\s+{name}|\b(?:ba|da|z|k)?sh\s+-\w*c\s+{name}|{piped}"
        if re.search(run, text[match.end() : match.end() + 5000], re.MULTILINE):
            yield match.start()


def _saved(text: str) -> Iterator[int]:
    """Downloads that are saved and then run as a script, without a check of what they are."""
    for match in islice(chain(_SAVED.finditer(text), _NAMED.finditer(text)), _MOST):
        rest = text[match.end() : match.end() + 5000]
        name = re.escape(match["file"].removeprefix("./"))
        run = re.search(
            rf"(?:^|[\s;&|])(?:(?:sudo\s+)?(?:(?:ba|da|z)?sh|python\d?|perl|ruby|node|source|\.)\s+(?:-\S+\s+){{0,5}}"
            rf"[\"']?(?:\./)?{name}(?![\w/-])|(?:sudo\s+)?[\"']?\./{name}(?![\w/-])|(?:sudo\s+)?[\"']?{name}(?=\s|$)(?<=\.sh))",
            rest,
            re.MULTILINE,
        )
        if run and not _CHECKED.search(rest[: run.start()]):
            yield match.start()


RULE = Rule.of(
    __doc__,
    id="workflow/pipe-to-shell",
    check="workflows/hardening",
    severity=Severity.LOW,
    find=_find,
)
