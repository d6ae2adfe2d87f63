"""The rules of the third layer: credentials that give themselves away by the name or the syntax around them."""

from __future__ import annotations

from dataclasses import dataclass

from seatrial.domain import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRule:
    """One kind of finding, for people. `docs/checks.md` and `seatrial explain` are made from it."""

    id: str
    """`secrets/<kebab-case>`."""
    title: str
    severity: Severity
    """Of a value that is secret beyond doubt; a guessable one is reported as medium at most."""
    what: str
    """What is looked for, in a sentence or two."""
    why: str
    """What can happen."""
    fix: str
    """What to do."""
    source: str
    """Where the advice comes from."""


_ROTATE = (
    "Change the credential first: everybody with read access has it, and deleting the line leaves it in the "
    "history. Then read it at run time from the environment or a secret store"
)
_CWE_HARDCODED = "https://cwe.mitre.org/data/definitions/798.html"
_CWE_PASSWORD = "https://cwe.mitre.org/data/definitions/259.html"  # noqa: S105 - a link
_OWASP = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"

RULES: tuple[AssignmentRule, ...] = (
    AssignmentRule(
        id="secrets/password-assignment",
        title="Password written into a file",
        severity=Severity.HIGH,
        what="A name such as `password`, `DB_PASS` or `пароль` is given a literal value that reads like a password.",
        why="Everyone with a copy of the repository can log in with it, and it cannot be changed without a release.",
        fix=f"{_ROTATE}, for instance `os.environ['DB_PASSWORD']`.",
        source=_CWE_PASSWORD,
    ),
    AssignmentRule(
        id="secrets/token-assignment",
        title="Token or API key written into a file",
        severity=Severity.HIGH,
        what="A name such as `api_key`, `auth_token` or `client_secret` is given a literal that looks machine-made.",
        why="A token acts for its owner without a second factor, and bots try published ones within minutes.",
        fix=f"Revoke it at the service that issued it. {_ROTATE}.",
        source=_OWASP,
    ),
    AssignmentRule(
        id="secrets/key-assignment",
        title="Key or salt written into a file",
        severity=Severity.HIGH,
        what="A name such as `encryption_key`, `signing_key` or `salt` is given a literal.",
        why="With the key, stored data can be read and sessions or tokens forged, also those from before the leak.",
        fix=f"Make a new key and encrypt or sign anew. {_ROTATE}.",
        source="https://cwe.mitre.org/data/definitions/321.html",
    ),
    AssignmentRule(
        id="secrets/password-hash",
        title="Password hash written into a file",
        severity=Severity.MEDIUM,
        what="The hash of a password (crypt, bcrypt, LDAP, Django, MySQL, or bare hexadecimal digits).",
        why="Weak passwords are recovered from their hashes offline, at billions of guesses per second.",
        fix="Change the password, and provision accounts at deployment instead of keeping hashes in the repository.",
        source="https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html",
    ),
    AssignmentRule(
        id="secrets/url-password",
        title="Password in a URL",
        severity=Severity.HIGH,
        what="A URL of the form `scheme://user:password@host`.",
        why="URLs are logged, shown in process lists and sent on, so the password spreads further than the file.",
        fix=f"{_ROTATE}; pass user and password apart from the URL where the client allows it.",
        source="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
    ),
    AssignmentRule(
        id="secrets/basic-auth",
        title="Credentials in an HTTP Authorization header",
        severity=Severity.HIGH,
        what="`Authorization: Basic` with base64 of `user:password`, or `Bearer` with a literal token.",
        why="Base64 does not protect it: one command decodes user and password.",
        fix=f"{_ROTATE}, and build the header then.",
        source="https://www.rfc-editor.org/rfc/rfc7617",
    ),
    AssignmentRule(
        id="secrets/command-line-password",
        title="Password on a command line",
        severity=Severity.HIGH,
        what="A command with a password as an argument: `mysql -p…`, `curl -u user:…`, `sshpass -p …`, `--password …`.",
        why="Besides the file, the password is seen by every user of the machine in the process list and in CI logs.",
        fix=f"{_ROTATE}; most commands read a password from a file, standard input or a variable of their own.",
        source="https://cwe.mitre.org/data/definitions/214.html",
    ),
    AssignmentRule(
        id="secrets/connection-string",
        title="Password in a connection string",
        severity=Severity.HIGH,
        what="`Password=…;` or `Pwd=…;` among the fields of a connection string, or a JDBC parameter.",
        why="It opens the database to everyone who can read the file and reach the host.",
        fix=f"{_ROTATE}, or use integrated or token-based authentication.",
        source="https://learn.microsoft.com/dotnet/framework/data/adonet/protecting-connection-information",
    ),
    AssignmentRule(
        id="secrets/password-in-text",
        title="Password in documentation, a log or a comment",
        severity=Severity.HIGH,
        what="Prose with a password: `password: …`, `login: bob / …`, `the password is …`.",
        why="Notes and logs are copied further than code, and the credential in them is often the real one.",
        fix="Change the password and write where to get it instead of what it is.",
        source=_CWE_HARDCODED,
    ),
    AssignmentRule(
        id="secrets/login-call",
        title="User and password passed as literals",
        severity=Severity.HIGH,
        what="A call such as `login('bob', '…')`, `connect('host', 'user', '…')` or `BasicAuth('user', '…')`.",
        why="The program carries the credential wherever it goes: to every checkout, build and crash report.",
        fix=f"{_ROTATE}.",
        source=_CWE_HARDCODED,
    ),
)

RULE: dict[str, AssignmentRule] = {rule.id.removeprefix("secrets/"): rule for rule in RULES}
"""By the id without its family."""
