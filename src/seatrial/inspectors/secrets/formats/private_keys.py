# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Private keys without a passphrase: a reader of the file has the key."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import token
from seatrial.inspectors.secrets.formats.pem import RFC7468, block
from seatrial.inspectors.secrets.key_structure import (
    is_key_body,
    is_open_openpgp,
    is_open_openssh,
    is_open_pem64,
    is_open_signing_box,
    is_open_signing_key,
)
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import is_base64_secret, is_bech32, is_nkey_seed

CRITICAL = Severity.CRITICAL

BLOCKS: tuple[Format, ...] = (
    block(
        "rsa-private-key",
        "RSA private key",
        "https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2",
        "RSA PRIVATE KEY",
        "{pem:RSA}",
    ),
    block(
        "ec-private-key",
        "elliptic-curve private key",
        "https://www.rfc-editor.org/rfc/rfc5915",
        "EC PRIVATE KEY",
        "{pem:EC}",
    ),
    block(
        "dsa-private-key",
        "DSA private key",
        "https://docs.openssl.org/master/man1/openssl-dsa/",
        "DSA PRIVATE KEY",
        "{pem:DSA}",
    ),
    block("private-key", "private key (PKCS #8)", RFC7468, "PRIVATE KEY", "{pem:PKCS8}"),
    block(
        "openssh-private-key",
        "OpenSSH private key",
        "https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key",
        "OPENSSH PRIVATE KEY",
        "{openssh}",
        verify=is_open_openssh,
    ),
    block(
        "sigstore-private-key",
        "private key of cosign with an empty password",
        "https://docs.sigstore.dev/cosign/key_management/signing_with_self-managed_keys/",
        "ENCRYPTED SIGSTORE PRIVATE KEY|ENCRYPTED COSIGN PRIVATE KEY",
        "{signingbox}",
        verify=is_open_signing_box,
    ),
    block(
        "pgp-private-key",
        "OpenPGP private key",
        "https://www.rfc-editor.org/rfc/rfc9580",
        "PGP PRIVATE KEY BLOCK",
        "{pem:PGP}",
        verify=is_open_openpgp,
    ),
    block(
        "other-private-key",
        "private key",
        RFC7468,
        "ECDSA PRIVATE KEY|SSH2 ENCRYPTED PRIVATE KEY|ANY PRIVATE KEY|ED25519 PRIVATE KEY|SM2 PRIVATE KEY"
        "|DH PRIVATE KEY|TSS2 PRIVATE KEY",
        "{pem:ECDSA}",
    ),
)

ENCODED: tuple[Format, ...] = (
    token(
        "pem-private-key-base64",
        "private key, PEM in base64",
        "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
        CRITICAL,
        "{pemb64:RSA}",
        pattern="(?P<secret>LS0tLS1CRUdJTiB(?:SU0EgUFJJVkFURSBLRVk|QUklWQVRFIEtFWS|FQyBQUklWQVRFIEtFWS|PUEVOU1NIIFBSSVZBVEUgS0VZ|EU0EgUFJJVkFURSBLRVk)[0-9A-Za-z+/]{60,}={0,2})",
        keywords=("ls0tls1crudjti",),
        counter_example="LS0tLS1CRUdJTiB{letter:8}",
        min_entropy=4.0,
        verify=is_open_pem64,
        left="[0-9A-Za-z_+/]",
        right="",
    ),
    token(
        "der-rsa-private-key",
        "RSA private key without armour (PKCS #1, base64)",
        "https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2",
        CRITICAL,
        "{der:RSA}",
        pattern="(?P<secret>MII[A-J][0-9A-Za-z+/][AQgw]IBAAKC[0-9A-Za-z+/=\\s\\\\\"',]{200,5000})",
        keywords=("ibaakc",),
        counter_example="MIIEpAIBAAKC{base64:80}",
        min_entropy=4.0,
        verify=is_key_body,
        left="[0-9A-Za-z_+/]",
        right="",
    ),
    token(
        "der-private-key",
        "RSA private key without armour (PKCS #8, base64)",
        "https://www.rfc-editor.org/rfc/rfc5958",
        CRITICAL,
        "{der:PKCS8}",
        pattern="(?P<secret>MII[A-J][0-9A-Za-z+/][AQgw]IBADANBgkqhkiG9w0BAQEFAASC[0-9A-Za-z+/=\\s\\\\\"',]{200,5000})",
        keywords=("ibadanbgkqhkig9w0baqefaasc",),
        counter_example="MIIEvQIBADANBgkqhkiG9w0BAQEFAASC{base64:80}",
        min_entropy=4.0,
        verify=is_key_body,
        left="[0-9A-Za-z_+/]",
        right="",
    ),
    token(
        "putty-private-key",
        "PuTTY private key",
        "https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html",
        CRITICAL,
        "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: ada\nPublic-Lines: 1\nAAAA\nPrivate-Lines:"
        " 1\n<<{base64:64}>>\nPrivate-MAC: 0",
        pattern=(
            r"PuTTY-User-Key-File-[0-9]: [^\n]{1,60}\n?[^\n]{0,20}Encryption: none[^\x00]{20,6000}Private-Lines: [0-9]{1,3}\s{1,4}"
            r"(?P<secret>[0-9A-Za-z+/=\s]{40,})"
        ),
        keywords=("putty-user-key-file-",),
        right="",
    ),
    token(
        "xml-rsa-private-key",
        "RSA private key in XML",
        "https://learn.microsoft.com/en-us/dotnet/api/system.security.cryptography.rsa.toxmlstring",
        CRITICAL,
        "<D><<{base64:172}>></D>",
        pattern=r"<D>\s{0,20}(?P<secret>[0-9A-Za-z+/\s]{80,800}={0,2})\s{0,20}</D>",
        keywords=("<d>",),
        left="",
        right="",
    ),
    token(
        "nkey-seed",
        "seed of a NATS key",
        "https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth",
        CRITICAL,
        "{nkey}",
        keywords=("sna", "sca", "soa", "saa", "sua", "sxa"),
        verify=is_nkey_seed,
    ),
    token(
        "age-secret-key",
        "age secret key",
        "https://github.com/C2SP/C2SP/blob/main/age.md",
        CRITICAL,
        "{bechkey:age}",
        pattern="(?P<secret>AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58})",
        keywords=("age-secret-key-1",),
        counter_example="AGE-SECRET-KEY-1{bech32:58}",
        min_entropy=3.5,
        verify=is_bech32,
        left="",
    ),
    token(
        "wireguard-private-key",
        "WireGuard private or preshared key",
        "https://www.wireguard.com/quickstart/",
        CRITICAL,
        "PrivateKey = <<{base64:42}{=A|E|I|M|Q|U|Y|c|g|k|o|s|w|0|4|8}=>>",
        pattern=r"(?:PrivateKey|PresharedKey|private_key|privateKey|preshared_key)[\"']?\s{0,3}[=:]\s{0,3}[\"']?(?P<secret>[0-9A-Za-z+/]{42}[AEIMQUYcgkosw048]=)",
        keywords=("key",),
        verify=is_base64_secret,
    ),
    token(
        "minisign-secret-key",
        "minisign or signify secret key without a password",
        "https://jedisct1.github.io/minisign/",
        CRITICAL,
        "{signing:open}",
        counter_example="RWQAAEIy{base64:20}",
        pattern="(?P<secret>RW(?:QAAEIy|RCSwAAAA)[0-9A-Za-z+/]{128,204}={0,2})",
        keywords=("rwqaaeiy", "rwrcswaaaa"),
        verify=is_open_signing_key,
        right="[0-9A-Za-z_+/=]",
    ),
    token(
        "tor-onion-service-key",
        "private key of a Tor onion service",
        "https://spec.torproject.org/control-spec/commands.html#add_onion",
        CRITICAL,
        "ED25519-V3:<<{base64:86}==>>",
        pattern="ED25519-V3:(?P<secret>[0-9A-Za-z+/]{86}={0,2})",
        keywords=("ed25519-v3:",),
        verify=is_base64_secret,
        right="[0-9A-Za-z_+/=]",
    ),
)

FORMATS = BLOCKS + ENCODED
