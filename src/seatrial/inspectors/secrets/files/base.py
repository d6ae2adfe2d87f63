"""What every parser of a credential file is made of: spans, entries, and the judgement that makes a `Credential`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from seatrial.domain import Confidence, Severity
from seatrial.inspectors.secrets import values
from seatrial.inspectors.secrets.file_kinds import holds_labels
from seatrial.inspectors.secrets.files import names, paths
from seatrial.inspectors.secrets.model import Credential
from seatrial.inspectors.secrets.names import NameKind, name_kind
from seatrial.text.redact import Secret

MAX_CREDENTIALS = 1000
"""Per file and parser: a dump of a million users needs no million findings."""

MAX_VALUE = 20_000
"""Characters; no credential is longer, and what is longer is a blob of something else."""


class TextSpan(NamedTuple):
    """A piece of a file's text: `text[start:end] == value`. Does not print its value."""

    value: str
    start: int
    end: int

    def __repr__(self) -> str:
        """The place only."""
        return f"Span({self.start}, {self.end})"

    def part(self, start: int, end: int) -> TextSpan:
        """A piece of this piece, by offsets into its value."""
        return TextSpan(self.value[start:end], self.start + start, self.start + end)

    def stripped(self, characters: str | None = None) -> TextSpan:
        """Without leading and trailing white space (or `characters`)."""
        left = len(self.value) - len(self.value.lstrip(characters))
        right = len(self.value.rstrip(characters))
        return self.part(left, max(left, right))


@dataclass(frozen=True, slots=True)
class CredentialEntry:
    """A value at a place where this kind of file keeps its credentials; not yet judged."""

    key: str
    span: TextSpan
    what: str = ""
    """For people: `password of user "deploy"`; empty: made from the key. Never holds the value."""
    judged: str | None = field(default=None, repr=False)
    """What the file's text means, if it is encoded (base64): this is judged in its place."""
    judged_as: str = ""
    """The name to judge it by; empty: the key, or `password` if the key does not say what it is."""
    severity: Severity | None = None
    """Instead of the parser's."""
    proven: bool = False
    """The structure itself says that it is a credential (a known kind of hash, a decoded key): only dummies pass."""


Scan = Callable[[str, str], Iterator[CredentialEntry]]
"""`scan(path, text)`: linear, bounded, never raises for bad input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFile:
    """
    One kind of credential file.

    In what `parse` yields, `text[start:end]` is the value as it is in the file. `value` holds the same text,
    encoded as in the file. So masking the line masks it. The only exception are binary
    stores (`key_stores.py`), which are found by name: 0, 0, and `value` holds the path, so that two stores differ.
    """

    id: str
    """Kebab-case; the rule is `secrets/<id>`."""
    title: str
    """For people: `PostgreSQL password file`."""
    documentation: str
    """The program's own page on the file."""
    names: tuple[str, ...]
    """Lower-case name patterns, see `paths.py`."""
    scan: Scan
    severity: Severity = Severity.HIGH
    confidence: Confidence = Confidence.HIGH
    certain: bool = False
    """Whether its grammar alone says that a value is a password: then a plain word is one as well, if a weak one."""
    guesses: bool = False
    """Whether it goes by the names of keys alone: then it keeps out of translations, where they name labels."""
    whole: bool = False
    """Whether the file as such is the credential: its values are one finding with all their places."""
    sniff: Callable[[str], bool] | None = None
    """For names that many programs share: whether the text looks like this kind. Cheap."""

    @property
    def rule(self) -> str:
        """The rule's id in findings."""
        return f"secrets/{self.id}"

    def matches(self, path: str) -> bool:
        """Whether a file of this name may be of this kind."""
        return not paths.keys(path).isdisjoint(self.names)

    def parse(self, path: str, text: str) -> Iterator[Credential]:
        """The credentials of a file, in no particular order; nothing if it is not of this kind."""
        if self.sniff is not None and not self.sniff(text):
            return
        if self.guesses and holds_labels(path):
            return
        sample = paths.is_sample(path)
        found = (self._credential(entry, path, sample) for entry in self.scan(path, text))
        yield from islice((c for c in found if c is not None), MAX_CREDENTIALS)

    def _credential(self, entry: CredentialEntry, path: str, sample: bool) -> Credential | None:
        grade = _grade(entry, sample=sample, certain=self.certain)
        if grade is None:
            return None
        severity = entry.severity or self.severity
        if grade is values.ValueKind.WEAK:
            severity = Severity(max(severity - 1, Severity.LOW))
        field_name = path.endswith(".py") and values.names_a_field(entry.span.value)
        field_name = field_name or (self.guesses and values.says_password(entry.span.value))
        of_the_path = self.guesses and paths.names_it(path, entry.span.value)
        named = field_name or (
            values.reads_like_a_name(entry.span.value) and name_kind(entry.key) is not NameKind.PASSWORD
        )
        unsure = self.guesses and entry.key.lower() in ("key", "keys")
        weak = sample or named or unsure or of_the_path or grade is values.ValueKind.WEAK
        what = entry.what or (f'secret "{shown(entry.key)}"' if entry.key else self.title)
        return Credential(
            rule=self.rule,
            title=f"{_UNPRINTABLE.sub('?', what)} in {paths.shown_name(path)}",
            value=Secret(entry.span.value if entry.span.end else path),
            start=entry.span.start,
            end=entry.span.end,
            severity=severity,
            confidence=Confidence.LOW if weak else self.confidence,
            key=entry.key,
            whole=self.whole,
        )


_DUMMY = re.compile(
    r"(.)\1{7}|x{5}|\.\.\.|[<>]|\$\{|\{\{|example|your[-_ ]|changeme|redacted|placeholder", re.IGNORECASE
)


_ENCRYPTED = re.compile(
    r"AQAAANCMnd8|ENC\(|ENC\[|\{cipher\}|\$ANSIBLE_VAULT|\{A[A-Za-z0-9+/]{20,}={0,2}\}"
    r"|\{[A-Za-z0-9+/]{12,}={0,2}\}$|vault:v\d|encrypted:|DEC\("
)
"""By a key that is elsewhere: Windows DPAPI, Jasypt, eyaml, Spring Cloud, Ansible, Jenkins, Maven, Vault's transit."""


_NO_PASSWORD = re.compile(
    r"true|false|yes|no|on|off|none|null|nil|undefined|prompt|ask|`.*|\$\(.*|[^\w]*", re.IGNORECASE
)


def _grade(entry: CredentialEntry, *, sample: bool, certain: bool) -> values.ValueKind | None:
    """SECRET or WEAK if it is to be reported. In sample files weak values are the rule, so they pass."""
    value = entry.span.value if entry.judged is None else entry.judged
    if len(value) > MAX_VALUE or _ENCRYPTED.match(entry.span.value):
        return None
    if entry.proven:
        return None if _DUMMY.search(value) else values.ValueKind.SECRET
    name = entry.judged_as or (entry.key if names.is_secret(entry.key) else "password")
    verdict = values.judge(value, key=name)
    if certain and verdict is values.ValueKind.NOISE and len(value) >= 3 and not _NO_PASSWORD.fullmatch(value):
        verdict = values.ValueKind.WEAK
    if verdict is values.ValueKind.SECRET or (verdict is values.ValueKind.WEAK and not sample):
        return verdict
    return None


_UNPRINTABLE = re.compile(r"[^\w .,:/@+\-\[\]\"()…']")


def shown(name: str) -> str:
    """A name from the file, made fit for a message: short, and without characters that could do harm there."""
    name = _UNPRINTABLE.sub("?", name[:61])
    return name if len(name) <= 60 else f"{name[:59]}…"


def of_user(what: str, user: str) -> str:
    """`password of user "deploy"`; just `password` if the user is not known, or is a token itself."""
    telling = user and len(user) <= 40 and values.judge(user, key="token") is not values.ValueKind.SECRET
    return f'{what} of user "{shown(user)}"' if telling else what
