"""The types that the layers of the secret scan share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seatrial.domain import Confidence, Severity
from seatrial.text.redact import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """
    A token whose shape gives it away. The table in `formats/` has one per kind of token.

    `pattern` is a Python regular expression over `bytes` semantics (ASCII), without look-around, back-references or
    possessive quantifiers. So hyperscan compiles it too. It has exactly one group named `secret`; what surrounds the
    group is context (a keyword and an assignment for tokens without a prefix of their own). Word boundaries around
    the token are added by the engine (`left`, `right`).
    """

    id: str
    """Kebab-case, `provider-kind`; the rule is `secrets/<id>`."""
    title: str
    """For people: `GitHub personal access token (classic)`."""
    documentation: str
    """The provider's own page that describes the format or the credential."""
    pattern: str
    keywords: tuple[str, ...]
    """Lower-case literals, one of which is in every match: the prefilter, and a check on the pattern."""
    severity: Severity
    example: str
    """
    A template of a value that must match, see `samples.py`: `ghp_{base62:36}`. Never a literal token, so that
    no scanner (ours included) trips over the table.
    """
    counter_example: str
    """A template that must not match: wrong length, wrong alphabet, wrong checksum, a placeholder."""
    min_entropy: float = 0.0
    """Shannon entropy in bits per character that the `secret` group must reach."""
    verify: Callable[[str], bool] | None = None
    """The provider's own structure or checksum, where it has one; gets the `secret` group."""
    confidence: Confidence = Confidence.HIGH
    ignore_case: bool = False
    left: str = r"[0-9A-Za-z_]"
    """Characters that must not be directly before the match; empty: any may."""
    right: str = r"[0-9A-Za-z_]"
    """Characters that must not be directly after the match; empty: any may."""
    context: str = ""
    """
    What the match begins with, as an expression with look-around, which the automaton cannot search and `pattern`
    therefore leaves out: the provider's name as a word of its own. Empty: `pattern` says it all.
    """

    @property
    def rule(self) -> str:
        """The rule's id in findings."""
        return f"secrets/{self.id}"

    @property
    def exact(self) -> str:
        """The pattern with everything that must or must not be around it, for Python's `re`."""
        context = f"(?={self.context})" if self.context else ""
        left = f"(?<!{self.left})" if self.left else ""
        right = f"(?!{self.right})" if self.right else ""
        return f"{left}{context}(?:{self.pattern}){right}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A value found by one of the layers, before redaction. Lives inside `inspectors/secrets` only."""

    rule: str
    """`secrets/<id>`."""
    title: str
    """What it is, for people: `password of user "deploy" in .netrc`. Names may appear, the value never."""
    value: Secret
    start: int
    """Offset of the value's first character in the decoded text of the file."""
    end: int
    severity: Severity
    confidence: Confidence
    key: str = ""
    """The name it is assigned to, if any."""
    structured: bool = False
    """Whether its own structure proves it (`whsec_…`): its path alone does not make it an example."""
    whole: bool = False
    """Whether it is a part of a file that is one credential as a whole, such as a cookie jar."""
