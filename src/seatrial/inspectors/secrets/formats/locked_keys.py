# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""
Private keys that a passphrase guards.

Their severity is low: the file alone opens nothing, but its owner can guess the passphrase without being noticed.
"""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import token
from seatrial.inspectors.secrets.formats.pem import RFC7468, block
from seatrial.inspectors.secrets.key_structure import (
    is_locked_openpgp,
    is_locked_openssh,
    is_locked_pem64,
    is_locked_pkcs8,
    is_locked_signing_key,
)
from seatrial.inspectors.secrets.model import Format

LOW = Severity.LOW

FORMATS: tuple[Format, ...] = (
    block(
        "encrypted-private-key",
        "encrypted private key (PKCS #8)",
        RFC7468,
        "ENCRYPTED PRIVATE KEY|ENCRYPTED SIGSTORE PRIVATE KEY|ENCRYPTED COSIGN PRIVATE KEY",
        "{pem:ENCRYPTED}",
        severity=LOW,
        keywords=("begin encrypted private key", "begin encrypted sigstore", "begin encrypted cosign"),
        verify=is_locked_pkcs8,
    ),
    block(
        "encrypted-openssl-key",
        "encrypted private key in OpenSSL's own format",
        "https://docs.openssl.org/master/man1/openssl-rsa/",
        "RSA PRIVATE KEY|EC PRIVATE KEY|DSA PRIVATE KEY|PRIVATE KEY|ECDSA PRIVATE KEY|ED25519 PRIVATE KEY",
        "{pemlocked:RSA}",
        severity=LOW,
        keywords=("4,encrypted",),
        locked=True,
    ),
    block(
        "encrypted-openssh-key",
        "OpenSSH private key with a passphrase",
        "https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key",
        "OPENSSH PRIVATE KEY",
        "{openssh:locked}",
        severity=LOW,
        verify=is_locked_openssh,
    ),
    block(
        "encrypted-pgp-key",
        "OpenPGP private key with a passphrase",
        "https://www.rfc-editor.org/rfc/rfc9580#section-5.5.3",
        "PGP PRIVATE KEY BLOCK",
        "{pgplocked}",
        severity=LOW,
        verify=is_locked_openpgp,
    ),
    token(
        "encrypted-pem-base64",
        "encrypted private key, PEM in base64",
        "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
        LOW,
        "{pemb64:ENCRYPTED}",
        pattern="(?P<secret>LS0tLS1CRUdJTiB(?:FTkNSWVBURUQgUFJJVkFURSBLRVk|SU0EgUFJJVkFURSBLRVk|FQyBQUklWQVRFIEtFWS|PUEVOU1NIIFBSSVZBVEUgS0VZ|EU0EgUFJJVkFURSBLRVk)[0-9A-Za-z+/]{60,}={0,2})",
        keywords=("ls0tls1crudjti",),
        counter_example="LS0tLS1CRUdJTiB{letter:8}",
        min_entropy=4.0,
        verify=is_locked_pem64,
        left="[0-9A-Za-z_+/]",
        right="",
    ),
    token(
        "encrypted-putty-key",
        "PuTTY private key with a passphrase",
        "https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html",
        LOW,
        "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: aes256-cbc\nComment: ada\nPublic-Lines: 1\nAAAA\nPrivate-Lines:"
        " 1\n<<{base64:64}>>\nPrivate-MAC: 0",
        pattern=(
            r"PuTTY-User-Key-File-[0-9]: [^\n]{1,60}\n?[^\n]{0,20}Encryption: aes[^\x00]{20,6000}Private-Lines: [0-9]{1,3}\s{1,4}"
            r"(?P<secret>[0-9A-Za-z+/=\s]{40,})"
        ),
        keywords=("putty-user-key-file-",),
        right="",
    ),
    token(
        "encrypted-signing-key",
        "minisign or signify secret key with a password",
        "https://jedisct1.github.io/minisign/",
        LOW,
        "{signing:locked}",
        counter_example="RWRTY0Iy{base64:20}",
        pattern="(?P<secret>RWR(?:TY0Iy|CSwAA)[0-9A-Za-z+/]{128,204}={0,2})",
        keywords=("rwrty0iy", "rwrcswaa"),
        verify=is_locked_signing_key,
        right="[0-9A-Za-z_+/=]",
    ),
)
