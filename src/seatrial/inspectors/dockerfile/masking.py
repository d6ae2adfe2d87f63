"""Text of a Dockerfile made fit for a report: addresses lose their credentials, and tokens are masked."""

from __future__ import annotations

import re
from dataclasses import replace

from seatrial.domain import Finding
from seatrial.inspectors.secrets.names import is_secret_name
from seatrial.text.redact import MASK

_IN_ADDRESS = re.compile(r"(?<=//)(?![\w.-]+(?::\d+)?(?:/|\s|\Z))[^\s/@]{1,400}@")
_IN_IMAGE = re.compile(r"(?<![\w/@])([\w.-]{1,100}):[^\s/@:]{1,200}@(?!sha\d+:)(?=[\w.-]+[/:])")
_TOKEN = re.compile(
    r"(?:gh[pousr]_|github_pat_|glpat-|[srp]k_(?:live|test)_|xox[abp]-|xapp-|A[KS]IA|AIza|eyJ|npm_|pypi-|dckr_pat_|hf_"
    r"|sk-ant-)[\w.-]{8,500}"
)
_ASSIGNED = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]{0,100})=(?!\$)(\"[^\"]*\"|'[^']*'|[^\s\"'&;|]+)")
_LONGEST = 4096  # characters of a text that are kept; a report shows a few hundred


def clean(text: str) -> str:
    """A text without credentials: `https://u:p@host/` becomes `https://****@host/`."""
    text = _IN_ADDRESS.sub(f"{MASK}@", text[:_LONGEST])
    text = _IN_IMAGE.sub(rf"\1:{MASK}@", text)
    text = _TOKEN.sub(MASK, text)
    return _ASSIGNED.sub(lambda m: f"{m[1]}={MASK}" if is_secret_name(m[1]) else m[0], text)


def cleaned(finding: Finding) -> Finding:
    """A finding whose message, subject, remedy and anchor are clean."""
    return replace(
        finding,
        message=clean(finding.message),
        subject=clean(finding.subject),
        remedy=clean(finding.remedy),
        anchor=clean(finding.anchor),
    )
