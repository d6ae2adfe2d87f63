"""`.netrc`: logins of ftp, curl, git and Heroku."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan, of_user

_TOKEN = re.compile(
    r"\bmachine[ \t]+(?P<machine>\S{1,200})|\bdefault\b|\blogin\s+(?P<login>\S{1,200})|\bpassword\s+(?:\""
    r"(?P<quoted>[^\"\n]{1,300})\"|(?P<plain>\S{1,300}))"
)


def _scan(_path: str, text: str) -> Iterator[CredentialEntry]:
    login = ""
    for match in _TOKEN.finditer(text):
        if match["login"]:
            login = match["login"]
        elif match["quoted"] or match["plain"]:
            group = "quoted" if match["quoted"] else "plain"
            yield CredentialEntry("password", TextSpan(match[group], *match.span(group)), of_user("password", login))
            login = ""


PARSERS = (
    CredentialFile(
        id="netrc",
        certain=True,
        title="password in .netrc",
        documentation="https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html",
        names=(".netrc", "_netrc", "netrc", "*.netrc"),
        scan=_scan,
    ),
)
