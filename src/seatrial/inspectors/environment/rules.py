"""The rules about the environment, as data: `inspector.py` and `values.py` find them."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule

_FACTORS = "https://12factor.net/config"
_OWASP = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"
DOCUMENTED, VALUES = "environment/documented", "environment/values"

RULES: tuple[Rule[object], ...] = (
    Rule(
        id="environment/no-example",
        checks=(DOCUMENTED,),
        severity=Severity.LOW,
        title="Required variables are documented",
        what=("Reports, once, a repository whose code or Compose files need variables and that has no `.env.example`."),
        why="A new user learns the required variables from errors, one after the other.",
        fix="`.env.example` with a line for each variable.",
        source=_FACTORS,
    ),
    Rule(
        id="environment/undocumented",
        checks=(DOCUMENTED,),
        severity=Severity.MEDIUM,
        title="Every variable that is needed is documented",
        what=(
            "Reports variables that code or a Compose file (`${NAME}`) reads without a default. Variables "
            "that an example names or a Compose file sets are not reported. The idioms of Python, "
            "JavaScript, Go, Ruby, PHP, Java, C#, Rust and pydantic's settings are known. "
            "`environment.known` of `.seatrial.yml` names exceptions."
        ),
        why="A new machine starts without it, and fails at the first request that needs it.",
        fix="A line in `.env.example`.",
        source=_FACTORS,
    ),
    Rule(
        id="environment/unused",
        checks=(DOCUMENTED,),
        severity=Severity.LOW,
        title="Every variable that is documented is read",
        what="Reports names in examples that occur in no other file. A guess: a library may read it.",
        why="Readers set it and wonder why nothing happens.",
        fix="Remove the line.",
        source=_FACTORS,
    ),
    Rule(
        id="environment/committed-env",
        checks=(VALUES,),
        severity=Severity.MEDIUM,
        title="No .env with secrets is committed",
        what="Reports `.env` files in the repository in which a name that means a secret has a value.",
        why="Everybody who ever had a copy of the repository has the values.",
        fix="`git rm --cached .env`, a line in `.gitignore`, and other values.",
        source=_OWASP,
    ),
    Rule(
        id="environment/port",
        checks=(VALUES,),
        severity=Severity.MEDIUM,
        title="Every port can be one",
        what="Reports `…PORT` outside of 1 to 65535.",
        why="The program fails at its start.",
        fix="Correct it.",
        source="https://www.rfc-editor.org/rfc/rfc6335.html#section-6",
    ),
    Rule(
        id="environment/debug",
        checks=(VALUES,),
        severity=Severity.LOW,
        title="Switches for developers are off",
        what=("Reports `DEBUG` and its kin switched on in committed files whose names are not those of development."),
        why=("Debug modes show source code, settings and sometimes a console to every client that causes an error."),
        fix="Off by default; on in an override that only developers read.",
        source="https://docs.djangoproject.com/en/stable/ref/settings/#debug",
    ),
    Rule(
        id="environment/default-password",
        checks=(VALUES,),
        severity=Severity.MEDIUM,
        title="No password is one that everybody tries",
        what="Reports passwords such as `postgres`, `admin` and `changeme` in `.env` and Compose files.",
        why="Machines try them on everything that answers.",
        fix="`${DB_PASSWORD:?}`, or a secret's file.",
        source=_OWASP,
    ),
    Rule(
        id="environment/weak-key",
        checks=(VALUES,),
        severity=Severity.MEDIUM,
        title="Keys are long enough",
        what=(
            "Reports keys that sign or encrypt (`SECRET_KEY`, `JWT_SECRET` ...) of fewer than 32 characters, "
            "and placeholders."
        ),
        why="A short key is guessed offline from one signed cookie; then sessions are forged.",
        fix="`openssl rand -hex 32`, from a secret's file.",
        source="https://www.rfc-editor.org/rfc/rfc7518.html#section-3.2",
    ),
    Rule(
        id="environment/shared-secret",
        checks=(VALUES,),
        severity=Severity.MEDIUM,
        title="Every secret is one of its own",
        what="Reports keys with the same value.",
        why="An attacker who learns one secret has the other too.",
        fix="A value for each.",
        source=_OWASP,
    ),
)
