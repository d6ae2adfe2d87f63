"""What to do about a credential in a repository, by rule."""

from __future__ import annotations

from functools import cache

from seatrial.inspectors.secrets.assignment_rules import RULES
from seatrial.inspectors.secrets.files import PARSERS
from seatrial.inspectors.secrets.formats import BY_RULE

REVOKE = (
    "Revoke it where it was issued and issue a new one: everybody with read access has it, and deleting the "
    "line leaves it in the history"
)
STORE = "keep the new one in the CI system's or platform's secret store and read it at run time"
UNTRACK = (
    "Change the credential first: everybody with read access has it. Then take the file out of the repository "
    "(`git rm --cached`) and name it in .gitignore. Let deployment write it from a secret store"
)


@cache
def remedy(rule: str) -> str:
    """What to do, in a sentence or two."""
    if rule in BY_RULE:
        return f"{REVOKE}; {STORE}. {BY_RULE[rule].documentation}"
    for assignment in RULES:
        if assignment.id == rule:
            return assignment.fix
    documentation = next((parser.documentation for parser in PARSERS if parser.rule == rule), "")
    return f"{UNTRACK}. {documentation}".strip()
