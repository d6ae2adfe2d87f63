"""The rules of the third layer: credentials that give themselves away by the name or the syntax around them."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule

UNSAMPLED = "its sample would be a secret; the tests make theirs from templates"
"""Why no rule of the secret scan has a file in tests/corpus."""
_ROTATE = (
    "Change the credential first: everybody with read access has it, and deleting the line leaves it in the "
    "history. Then read it at run time from the environment or a secret store"
)
_CWE_HARDCODED = "https://cwe.mitre.org/data/definitions/798.html"
_CWE_PASSWORD = "https://cwe.mitre.org/data/definitions/259.html"  # noqa: S105 - a link
_OWASP = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"


def _rule(name: str, severity: Severity, *, title: str, what: str, why: str, fix: str, source: str) -> Rule[object]:
    """`severity` is that of a value that is secret beyond doubt; a guessable one is reported as medium at most."""
    return Rule(
        id=name, checks=("secrets/passwords",), severity=severity, title=title, what=what, why=why, fix=fix,
        source=source, unsampled=UNSAMPLED,
    )  # fmt: skip


RULES: tuple[Rule[object], ...] = (
    _rule(
        "secrets/password-assignment",
        Severity.HIGH,
        title="Password written into a file",
        what="A name such as `password`, `DB_PASS` or `пароль` is given a literal value that reads like a password.",
        why="Everyone with a copy of the repository can log in with it, and it cannot be changed without a release.",
        fix=f"{_ROTATE}, for instance `os.environ['DB_PASSWORD']`.",
        source=_CWE_PASSWORD,
    ),
    _rule(
        "secrets/token-assignment",
        Severity.HIGH,
        title="Token or API key written into a file",
        what="A name such as `api_key`, `auth_token` or `client_secret` is given a literal that looks machine-made.",
        why="A token acts for its owner without a second factor, and bots try published ones within minutes.",
        fix=f"Revoke it at the service that issued it. {_ROTATE}.",
        source=_OWASP,
    ),
    _rule(
        "secrets/key-assignment",
        Severity.HIGH,
        title="Key or salt written into a file",
        what="A name such as `encryption_key`, `signing_key` or `salt` is given a literal.",
        why="With the key, stored data can be read and sessions or tokens forged, also those from before the leak.",
        fix=f"Make a new key and encrypt or sign anew. {_ROTATE}.",
        source="https://cwe.mitre.org/data/definitions/321.html",
    ),
    _rule(
        "secrets/password-hash",
        Severity.MEDIUM,
        title="Password hash written into a file",
        what="The hash of a password (crypt, bcrypt, LDAP, Django, MySQL, or bare hexadecimal digits).",
        why="Weak passwords are recovered from their hashes offline, at billions of guesses per second.",
        fix="Change the password, and provision accounts at deployment instead of keeping hashes in the repository.",
        source="https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html",
    ),
    _rule(
        "secrets/url-password",
        Severity.HIGH,
        title="Password in a URL",
        what="A URL of the form `scheme://user:password@host`.",
        why="URLs are logged, shown in process lists and sent on, so the password spreads further than the file.",
        fix=f"{_ROTATE}; pass user and password apart from the URL where the client allows it.",
        source="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
    ),
    _rule(
        "secrets/basic-auth",
        Severity.HIGH,
        title="Credentials in an HTTP Authorization header",
        what="`Authorization: Basic` with base64 of `user:password`, or `Bearer` with a literal token.",
        why="Base64 does not protect it: one command decodes user and password.",
        fix=f"{_ROTATE}, and build the header then.",
        source="https://www.rfc-editor.org/rfc/rfc7617",
    ),
    _rule(
        "secrets/command-line-password",
        Severity.HIGH,
        title="Password on a command line",
        what="A command with a password as an argument: `mysql -p…`, `curl -u user:…`, `sshpass -p …`, `--password …`.",
        why="Every user of the machine sees the password in the process list. CI logs often have it as well.",
        fix=f"{_ROTATE}; most commands read a password from a file, standard input or a variable of their own.",
        source="https://cwe.mitre.org/data/definitions/214.html",
    ),
    _rule(
        "secrets/connection-string",
        Severity.HIGH,
        title="Password in a connection string",
        what="`Password=…;` or `Pwd=…;` among the fields of a connection string, or a JDBC parameter.",
        why="It opens the database to everyone who can read the file and reach the host.",
        fix=f"{_ROTATE}, or use integrated or token-based authentication.",
        source="https://learn.microsoft.com/dotnet/framework/data/adonet/protecting-connection-information",
    ),
    _rule(
        "secrets/password-in-text",
        Severity.HIGH,
        title="Password in documentation, a log or a comment",
        what="Prose with a password: `password: …`, `login: bob / …`, `the password is …`.",
        why="Notes and logs are copied further than code, and the credential in them is often the real one.",
        fix="Change the password and write where to get it instead of what it is.",
        source=_CWE_HARDCODED,
    ),
    _rule(
        "secrets/login-call",
        Severity.HIGH,
        title="User and password passed as literals",
        what="A call such as `login('bob', '…')`, `connect('host', 'user', '…')` or `BasicAuth('user', '…')`.",
        why="The program carries the credential wherever it goes: to every checkout, build and crash report.",
        fix=f"{_ROTATE}.",
        source=_CWE_HARDCODED,
    ),
)

RULE: dict[str, Rule[object]] = {rule.id.removeprefix("secrets/"): rule for rule in RULES}
"""By the id without its family."""
