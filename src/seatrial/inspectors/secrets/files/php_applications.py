"""PHP applications: one file with the database's password in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded, literals, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, Scan, TextSpan
from seatrial.inspectors.secrets.files.names import is_secret

_CONNECT = re.compile(
    r"\b(?:mysqli?_p?connect|mysqli|new\s{1,5}mysqli|PDO|pg_p?connect|mssql_connect|oci_connect|sqlsrv_connect"
    r"|ftp_login|imap_open|ldap_bind)\s{0,5}\("
    r"\s{0,5}[^,()\n]{1,200},\s{0,5}[^,()\n]{1,100},\s{0,5}(?:'(?P<single>[^'\n]{1,200})'|\""
    r"(?P<double>[^\"\n]{1,200})\")",
    re.IGNORECASE,
)
_WORDPRESS = (
    "AUTH_KEY",
    "SECURE_AUTH_KEY",
    "LOGGED_IN_KEY",
    "NONCE_KEY",
    "AUTH_SALT",
    "SECURE_AUTH_SALT",
    "LOGGED_IN_SALT",
    "NONCE_SALT",
    "DB_PASSWORD",
)
_SHORT = frozenset(
    {
        "pass",
        "pw",
        "dbpass",
        "db_pass",
        "dbpw",
        "mdp",
        "pwd",
        "passwd",
        "password",
        "smtppass",
        "ftp_pass",
        "sesame",
        "hash_salt",
    }
)


def _php(_path: str, text: str) -> Iterator[CredentialEntry]:
    for pair in literals.assignments(text):
        if is_secret(pair.key) or pair.key.lower().lstrip("_") in _SHORT:
            yield CredentialEntry(pair.key, pair.span)
        else:
            yield from embedded.within(pair.span)
    for match in _CONNECT.finditer(text):
        group = "single" if match["single"] else "double"
        yield CredentialEntry("password", TextSpan(match[group], *match.span(group)), "password given to a connection")


def _named(*names: str) -> Scan:
    """The application's own names first, then all that sounds like a secret."""
    return scans.all_of(scans.quoted_values(*names), _php)


PARSERS = (
    CredentialFile(
        id="wordpress-config",
        title="value in a WordPress configuration",
        documentation="https://developer.wordpress.org/advanced-administration/wordpress/wp-config/",
        names=("wp-config.php", "wp-config*.php", "*.wp-config.php", "wp-config.inc"),
        scan=_named(*_WORDPRESS),
    ),
    CredentialFile(
        id="joomla-config",
        title="value in a Joomla configuration",
        documentation="https://docs.joomla.org/Configuration.php",
        names=("configuration.php", "configuration*.php"),
        scan=_named("password", "secret", "smtppass", "ftp_pass", "proxy_pass"),
        sniff=lambda text: "<?" in text[:2000] or "class JConfig" in text,
    ),
    CredentialFile(
        id="drupal-settings",
        title="value in Drupal settings",
        documentation="https://www.drupal.org/docs/drupal-apis/database-api/database-configuration",
        names=("settings.php", "settings.local.php", "settings*.php"),
        scan=_named("password", "hash_salt", "drupal_hash_salt"),
        sniff=lambda text: "<?" in text[:2000] or "$databases" in text or "$db_url" in text,
    ),
    CredentialFile(
        id="magento-env",
        title="value in a Magento configuration",
        documentation="https://experienceleague.adobe.com/en/docs/commerce-operations/configuration-guide/files/config-reference-envphp",
        names=("env.php", "etc/env.php", "local.xml", "etc/local.xml"),
        scan=scans.all_of(_named("password"), scans.xml_values("password", "key")),
        sniff=lambda text: "<?" in text[:2000] or "<config" in text,
    ),
    CredentialFile(
        id="phpmyadmin-config",
        title="value in a phpMyAdmin configuration",
        documentation="https://docs.phpmyadmin.net/en/latest/config.html",
        names=("config.inc.php", "config.inc*.php", "phpmyadmin.conf.php", "config-db.php"),
        scan=_named("password", "controlpass", "blowfish_secret"),
    ),
    CredentialFile(
        id="laravel-config",
        guesses=True,
        title="value in a Laravel configuration",
        documentation="https://laravel.com/docs/configuration",
        names=(
            "config/*.php",
            "autoload/*.php",
            "database.php",
            "mail.php",
            "app.php",
            "services.php",
            "parameters.php",
        ),
        scan=_php,
    ),
    CredentialFile(
        id="php-config",
        guesses=True,
        title="value in a PHP configuration",
        documentation="https://cheatsheetseries.owasp.org/cheatsheets/PHP_Configuration_Cheat_Sheet.html",
        names=(
            "config.php",
            "config*.php",
            "*.inc.php",
            "*.inc",
            "*.config.php",
            "db.php",
            "dbconfig.php",
            "db*.php",
            "conn.php",
            "connect.php",
            "connection.php",
            "dbconnect.php",
            "conf.php",
            "constants.php",
            "setup.php",
            "settings.inc.php",
            "localconf.php",
            "localconfiguration.php",
            "localsettings.php",
            "common.php",
            "global.php",
            "secrets.php",
            "secret.php",
            "credentials.php",
            "init.php",
            "bootstrap.php",
            "mysql.php",
            "conexion.php",
            "sql.php",
            "connessione.php",
            "koneksi.php",
            "baglan.php",
            "ayar.php",
            "definitions.php",
            "defines.php",
            "includes/*.php",
            "inc/*.php",
        ),
        scan=_php,
        sniff=lambda text: "<?" in text[:4000],
    ),
)
