"""Saved connections of database clients."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded, json_objects, key_value, scans, xml_elements
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan, of_user

_PASSWORDS = (
    *("userPassword", "password", "Password", "sshUserPassword", "sshPassphrase", "sshPassword", "passphrase"),
    *("userPasswordEncrypted", "mongodb_password", "pass"),
)
_HEX = re.compile(r"[0-9A-Fa-f]{6,600}")
_HEIDI = re.compile(r"Servers\\(?P<name>[^\\<\n]{1,100})\\Password<\|\|\|>1<\|\|\|>(?P<value>[0-9A-Fa-f]{3,400})")


def _dbeaver(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Old versions: an attribute, plain or in Base64 of XORed text."""
    for node in xml_elements.nodes(text):
        span = node.element.attributes.get("password")
        if span and span.value:
            user = node.element.attribute("user", "username")
            yield CredentialEntry("password", span, of_user("password", user), proven=_obscured(span.value))


def _obscured(value: str) -> bool:
    """Base64 without text in it: what was XORed."""
    return len(value) >= 8 and scans.is_base64(value, 6) and embedded.decoded(value) is None


def _clients(_path: str, text: str) -> Iterator[CredentialEntry]:
    for found in json_objects.objects(text):
        user = found.text("userName", "username", "user", "User", "Username")
        for key in _PASSWORDS:
            if key in found.members:
                span = found.members[key]
                yield CredentialEntry("password", span, of_user("password", user), proven=_obscured(span.value))
    yield from embedded.url_passwords(TextSpan(text, 0, len(text)))


def _data_grip(_path: str, text: str) -> Iterator[CredentialEntry]:
    """The password itself is in a key store; URLs and properties may hold one all the same."""
    yield from embedded.url_passwords(TextSpan(text, 0, len(text)))
    for node in xml_elements.nodes(text):
        yield from scans.xml_entries(node, lambda key: key in ("password", "user-password"), inside=True)


def _heidi(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Each character shifted by the last digit."""
    for match in _HEIDI.finditer(text):
        yield CredentialEntry(
            "Password",
            TextSpan(match["value"], *match.span("value")),
            f'password of session "{match["name"][:60]}"',
            proven=True,
        )


def _navicat(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Encrypted with a key that every copy of the program shares."""
    for node in xml_elements.nodes(text):
        for name in ("password", "ssh_password", "ssh_passphrase", "http_password"):
            span = node.element.attributes.get(name)
            if span and span.value:
                yield CredentialEntry(
                    name,
                    span,
                    of_user("password", node.element.attribute("username")),
                    proven=bool(_HEX.fullmatch(span.value)),
                )


def _squirrel(_path: str, text: str) -> Iterator[CredentialEntry]:
    for node in xml_elements.nodes(text):
        if node.element.name == "password" and node.element.text:
            user = node.around.children.get("username", "") if node.around else ""
            yield CredentialEntry("password", node.element.text, of_user("password", user))


def _sqldeveloper(_path: str, text: str) -> Iterator[CredentialEntry]:
    for node in xml_elements.nodes(text):
        if (
            node.element.name == "contents"
            and node.around
            and node.around.attribute("addrtype") == "password"
            and node.element.text
        ):
            yield CredentialEntry("password", node.element.text, proven=bool(_HEX.fullmatch(node.element.text.value)))


def _firefox(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Encrypted with `key4.db`, which needs no password unless the user set one."""
    for found in json_objects.objects(text):
        span = found.members.get("encryptedPassword")
        if span and span.value:
            yield CredentialEntry(
                "encryptedPassword", span, "saved login of a browser", proven=scans.is_base64(span.value, 16)
            )


def _pg_admin(path: str, text: str) -> Iterator[CredentialEntry]:
    yield from scans.json_members("Password", "SSHTunnelPassword", "TunnelPassword", "ServicePassword")(path, text)
    yield from scans.key_values("password", "storedpassword")(path, text)


def _robo_ini(_path: str, text: str) -> Iterator[CredentialEntry]:
    for pair in key_value.pairs(text):
        if pair.key.lower() in ("password", "userpassword", "pwd", "passwd"):
            yield CredentialEntry(pair.key, pair.span)


PARSERS = (
    CredentialFile(
        id="dbeaver",
        title="password of a database connection",
        documentation="https://dbeaver.com/docs/dbeaver/Connection-Types/",
        names=(
            "dbeaver-data-sources.xml",
            ".dbeaver-data-sources.xml",
            ".dbeaver-data-sources*",
            "dbeaver-data-sources*",
            ".dbeaver/*.xml",
        ),
        scan=_dbeaver,
    ),
    CredentialFile(
        id="database-client-json",
        title="password of a database connection",
        documentation="https://github.com/Studio3T/robomongo",
        names=(
            "robomongo.json",
            "robo3t.json",
            "studio3t.json",
            "3t.json",
            "connections.json",
            "data-sources.json",
            ".dbeaver/*.json",
            "sqltools.json",
            "robomongo*",
            "dbgate.json",
            "azuredatastudio.json",
            "compass-connections.json",
            "redisdesktopmanager.json",
            "robo3t*",
            "studio3t*",
            ".dbeaver/credentials-config.json",
            "databases.json",
            "mongo-connections.json",
            "*.uri",
        ),
        scan=scans.all_of(_clients),
    ),
    CredentialFile(
        id="jetbrains-data-sources",
        title="password of a data source",
        documentation="https://www.jetbrains.com/help/datagrip/managing-data-sources.html",
        names=("datasources.xml", "datasources.local.xml", "datasources*"),
        scan=scans.all_of(_data_grip),
    ),
    CredentialFile(
        id="heidisql",
        title="password of a database session",
        documentation="https://www.heidisql.com/help.php",
        names=("heidisql.txt", "portable_settings.txt", "heidisql*", "heidi*"),
        scan=_heidi,
    ),
    CredentialFile(
        id="pgadmin",
        title="password of a pgAdmin server",
        documentation="https://www.pgadmin.org/docs/pgadmin4/latest/import_export_servers.html",
        names=("servers.json", "pgadmin.ini", "pgadmin3.ini", "pgadmin4.json", "pgadmin*", ".pgadmin3"),
        scan=_pg_admin,
    ),
    CredentialFile(
        id="navicat",
        title="password of a Navicat connection",
        documentation="https://www.navicat.com/manual/online_manual/en/navicat/win_manual/",
        names=("*.ncx",),
        scan=_navicat,
    ),
    CredentialFile(
        id="squirrel-sql",
        certain=True,
        title="password of an SQuirreL alias",
        documentation="https://squirrel-sql.sourceforge.io/",
        names=("sqlaliases23.xml", "sqlaliases*", "sqlaliases23_treestructure.xml"),
        scan=_squirrel,
    ),
    CredentialFile(
        id="sql-developer",
        title="password of an SQL Developer connection",
        documentation="https://docs.oracle.com/en/database/oracle/sql-developer/",
        names=("connections.xml", "idedatabaseconnections.xml", "product-preferences.xml"),
        scan=_sqldeveloper,
    ),
    CredentialFile(
        id="mysql-config",
        title="password in a MySQL option file",
        documentation="https://dev.mysql.com/doc/refman/8.4/en/option-files.html",
        names=(
            ".my.cnf",
            "my.cnf",
            "my.ini",
            "*.my.cnf",
            ".mylogin",
            "*.cnf",
            "mycnf",
            "debian.cnf",
            ".my.cnf*",
            ".myclirc",
        ),
        scan=scans.all_of(
            scans.key_values("password", "pass", "master-password", "wsrep_sst_auth", "mysql_password"),
            scans.key_values(),
        ),
    ),
    CredentialFile(
        id="odbc",
        title="password of a data source",
        documentation="https://www.unixodbc.org/odbcinst.html",
        names=(
            ".odbc.ini",
            "odbc.ini",
            "odbcinst.ini",
            "*.dsn",
            "*.udl",
            "tnsnames.ora",
            ".pg_service.conf",
            "pg_service.conf",
            "freetds.conf",
        ),
        scan=scans.all_of(_robo_ini, lambda _, text: embedded.connection_string(TextSpan(text, 0, len(text)))),
    ),
    CredentialFile(
        id="firefox-logins",
        title="saved login of a browser",
        documentation="https://support.mozilla.org/en-US/kb/profiles-where-firefox-stores-user-data",
        names=("logins.json", "logins-backup.json", "signons.json"),
        scan=_firefox,
    ),
)
