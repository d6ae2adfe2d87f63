"""FTP servers: the database behind ProFTPD, vsftpd's virtual users."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan, of_user

_SQL = re.compile(
    r"^[ \t]*SQL(?:Named)?ConnectInfo[ \t]{1,20}(?:\w{1,40}[ \t]{1,20}\w{1,20}[ \t]{1,20})?[^\s@]{1,100}@?\S{0,100}"
    r"[ \t]{1,20}(?P<user>[^\s\"]{1,60}|\"[^\"\r\n]{1,60}\")[ \t]{1,20}\"?(?P<value>[^\s\"]{3,200})",
    re.MULTILINE | re.IGNORECASE,
)
_BIND = re.compile(
    r"^[ \t]*LDAPBindDN[ \t]{1,20}(?:\"(?P<user>[^\"\r\n]{1,200})\"|\S{1,200})[ \t]{1,20}\"?(?P<value>[^\s\"]{3,200})",
    re.MULTILINE | re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z_][\w.@\-]{0,60}")
_LINE = re.compile(r"[^\r\n]+")
_MAX_LINES = 2000


def _pairs_of_lines(_path: str, text: str) -> Iterator[CredentialEntry]:
    """A user and a password on lines of their own, over and over: what `db_load -T -t hash` reads."""
    lines = [match for match in _LINE.finditer(text[:200_000]) if match[0].strip()]
    if len(lines) % 2 or len(lines) > _MAX_LINES or any(":" in line[0] or " " in line[0].strip() for line in lines):
        return
    users, passwords = lines[::2], lines[1::2]
    if all(_NAME.fullmatch(user[0].strip()) for user in users):
        for user, password in zip(users, passwords, strict=True):
            yield CredentialEntry(
                "password", TextSpan(password[0], *password.span()).stripped(), of_user("password", user[0].strip())
            )


PARSERS = (
    CredentialFile(
        id="proftpd-conf",
        certain=True,
        title="database password of ProFTPD",
        documentation="http://www.proftpd.org/docs/contrib/mod_sql.html",
        names=("proftpd.conf", "proftpd*", "proftpd/*.conf", "sql.conf", "conf.d/proftpd.conf"),
        scan=scans.matched(_SQL, _BIND),
    ),
    CredentialFile(
        id="vsftpd-users",
        title="password of a virtual user of vsftpd",
        documentation="https://security.appspot.com/vsftpd/vsftpd_conf.html",
        names=(
            *("virtual_users.txt", "virtual-users.txt", "virtusers.txt", "vusers.txt", "virtual_users", "virtusers"),
            *("vsftpd/*.txt", "vsftpd_users.txt", "vsftpd_login.txt", "vsftpd.users", "vsftpd_virtual_users.txt"),
        ),
        scan=_pairs_of_lines,
    ),
)
