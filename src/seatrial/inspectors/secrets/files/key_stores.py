"""Stores of keys and passwords that are found by name: they are binary, and need not be opened to be out of place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_WHOLE = TextSpan("", 0, 0)


_PUBLIC = re.compile(
    r"(?:^|[/_.\-])(?:debug|test|tests|testdata|fixtures?|truststore|cacerts|ca-?certs?|public|trust|trusted)"
    r"(?:[/_.\-]|$)",
    re.IGNORECASE,
)


def _store(path: str, _text: str) -> Iterator[CredentialEntry]:
    """The file itself is the finding. Trust stores and the debug key of every Android SDK hold nothing secret."""
    if not _PUBLIC.search(path.rsplit("/", 1)[-1]):
        yield CredentialEntry("", _WHOLE, judged=path, proven=True)


def _named(name: str, title: str, documentation: str, *patterns: str, severity: Severity) -> CredentialFile:
    return CredentialFile(
        id=name, title=title, documentation=documentation, names=patterns, scan=_store, severity=severity
    )


PARSERS = (
    _named(
        "key-store",
        "Store of private keys",
        "https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html",
        "*.jks",
        "*.keystore",
        "*.jceks",
        "*.bks",
        "*.p12",
        "*.pfx",
        "*.pkcs12",
        "*.p8",
        "hs_ed25519_secret_key",  # of a Tor onion service
        severity=Severity.HIGH,
    ),
    _named(
        "password-database",
        "Database of a password manager",
        "https://keepass.info/help/base/security.html",
        "*.kdbx",
        "*.kdb",
        "*.agilekeychain",
        "*.opvault",
        "*.1pif",
        "*.kwallet",
        "*.keychain",
        "*.keychain-db",
        "*.psafe3",
        "*.enpassdb",
        "login.keychain",
        "*.keyring",
        "*.dashlane",
        "key3.db",
        "key4.db",
        "login data",
        "cookies.sqlite",
        "*.walletx",
        "*.bitwarden",
        severity=Severity.HIGH,
    ),
    _named(
        "crypto-wallet",
        "Wallet of a cryptocurrency",
        "https://github.com/bitcoin/bitcoin/blob/master/doc/files.md",
        "wallet.dat",
        "*.wallet",
        "electrum.dat",
        "multibit.wallet",
        "wallet.dat*",
        severity=Severity.CRITICAL,
    ),
    _named(
        "host-key-store",
        "Kerberos key table or similar",
        "https://web.mit.edu/kerberos/krb5-latest/doc/basic/keytab_def.html",
        "*.keytab",
        "krb5.keytab",
        "ntds.dit",
        "*.ccache",
        ".mylogin.cnf",
        "tokencache.dat",
        "*.tpm",
        "secring.gpg",
        "*.skr",
        "*.secring",
        "otr.private_key",
        severity=Severity.HIGH,
    ),
    _named(
        "vnc-password-file",
        "Password file of a VNC server, obscured with a key that is the same everywhere",
        "https://tigervnc.org/doc/vncpasswd.html",
        ".vnc/passwd",
        ".vncpasswd",
        "vncpasswd",
        "*.vncpasswd",
        "tigervnc/passwd",
        "vnc/passwd",
        severity=Severity.HIGH,
    ),
)
