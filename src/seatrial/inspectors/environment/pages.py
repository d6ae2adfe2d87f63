"""A page for each rule about the environment."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.domain import Severity
from seatrial.inspectors.rulebook import page

_FACTORS = "https://12factor.net/config"
_OWASP = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"

_PAGES: Mapping[str, tuple[Severity, str, str, str, str, str]] = {
    "environment/no-example": (
        Severity.LOW,
        "Required variables are documented",
        "Reports, once, a repository whose code or Compose files need variables and that has no `.env.example`.",
        "A new user learns the required variables from errors, one after the other.",
        "`.env.example` with a line for each variable.",
        _FACTORS,
    ),
    "environment/undocumented": (
        Severity.MEDIUM,
        "Every variable that is needed is documented",
        (
            "Reports variables that code or a Compose file (`${NAME}`) reads without a default. Variables that an "
            "example names or a Compose file sets are not reported. The idioms of Python, JavaScript, Go, Ruby, PHP, "
            "Java, C#, Rust and pydantic's settings are known. `environment.known` of `.seatrial.yml` names exceptions."
        ),
        "A new machine starts without it, and fails at the first request that needs it.",
        "A line in `.env.example`.",
        _FACTORS,
    ),
    "environment/unused": (
        Severity.LOW,
        "Every variable that is documented is read",
        "Reports names in examples that occur in no other file. A guess: a library may read it.",
        "Readers set it and wonder why nothing happens.",
        "Remove the line.",
        _FACTORS,
    ),
    "environment/committed-env": (
        Severity.MEDIUM,
        "No .env with secrets is committed",
        "Reports `.env` files in the repository in which a name that means a secret has a value.",
        "Everybody who ever had a copy of the repository has the values.",
        "`git rm --cached .env`, a line in `.gitignore`, and other values.",
        _OWASP,
    ),
    "environment/port": (
        Severity.MEDIUM,
        "Every port can be one",
        "Reports `…PORT` outside of 1 to 65535.",
        "The program fails at its start.",
        "Correct it.",
        "https://www.rfc-editor.org/rfc/rfc6335.html#section-6",
    ),
    "environment/debug": (
        Severity.LOW,
        "Switches for developers are off",
        "Reports `DEBUG` and its kin switched on in committed files whose names are not those of development.",
        "Debug modes show source code, settings and sometimes a console to every client that causes an error.",
        "Off by default; on in an override that only developers read.",
        "https://docs.djangoproject.com/en/stable/ref/settings/#debug",
    ),
    "environment/default-password": (
        Severity.MEDIUM,
        "No password is one that everybody tries",
        "Reports passwords such as `postgres`, `admin` and `changeme` in `.env` and Compose files.",
        "Machines try them on everything that answers.",
        "`${DB_PASSWORD:?}`, or a secret's file.",
        _OWASP,
    ),
    "environment/weak-key": (
        Severity.MEDIUM,
        "Keys are long enough",
        (
            "Reports keys that sign or encrypt (`SECRET_KEY`, `JWT_SECRET` ...) of fewer than 32 characters, and "
            "placeholders."
        ),
        "A short key is guessed offline from one signed cookie; then sessions are forged.",
        "`openssl rand -hex 32`, from a secret's file.",
        "https://www.rfc-editor.org/rfc/rfc7518.html#section-3.2",
    ),
    "environment/shared-secret": (
        Severity.MEDIUM,
        "Every secret is one of its own",
        "Reports keys with the same value.",
        "Who learns one has the other.",
        "A value for each.",
        _OWASP,
    ),
}


def pages() -> Mapping[str, str]:
    """Markdown by rule id."""
    return {rule: _page(rule, *one) for rule, one in _PAGES.items()}


def _page(rule: str, severity: Severity, title: str, what: str, why: str, how: str, source: str) -> str:
    body = f"## What it does\n\n{what}\n\n## Why it matters\n\n{why}\n\n## How to fix\n\n{how}"
    text = f"{title}.\n\n{body}\n\nSource: {source}"
    return page(rule, text, severity.label)
