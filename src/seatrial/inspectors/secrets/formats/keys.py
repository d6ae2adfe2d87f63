"""Private keys, signed tokens, authorization headers: structures that belong to no provider."""

from __future__ import annotations

from seatrial.domain import Confidence, Severity
from seatrial.inspectors.secrets.formats.build import token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.placeholders import is_header_only
from seatrial.inspectors.secrets.structure import (
    is_base64_secret,
    is_basic_credential,
    is_bech32,
    is_broken_jwt,
    is_jwt,
    is_key_body,
    is_mixed,
    is_nkey_seed,
    is_openssh_body,
)

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
_RFC7468 = "https://www.rfc-editor.org/rfc/rfc7468"
_JOINT = r"[\s\\nr\"'`+,#*|>]{0,80}"
"""Line ends (also escaped), quotes and comment signs between a key's header and its body."""


def _is_bearer(value: str) -> bool:
    """Whether it is random, and more than the header of a JSON Web Token."""
    return is_mixed(value) and not is_header_only(value)


_HEADERS = (
    rf"(?:{_JOINT}(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID|Subject): [^\n\\]{{1,120}}){{0,5}}"
)
_BODY = r"[0-9A-Za-z+/][0-9A-Za-z+/=\s\\\"'`,#*|>]{40,}"


def _block(
    id: str,  # noqa: A002 - the table's own word
    title: str,
    documentation: str,
    labels: str,
    sample: str,
    *,
    severity: Severity = CRITICAL,
) -> Format:
    """A key between `-----BEGIN label-----` and `-----END`; the body is the secret."""
    label = labels.partition("|")[0]
    return token(
        id,
        title,
        documentation,
        severity,
        sample,
        pattern=rf"----[- ]BEGIN (?:{labels})[- ]----(?:-{_HEADERS}|{_HEADERS}){_JOINT}(?P<secret>{_BODY})",
        keywords=(f"begin {label.lower()}",),
        counter_example=f"-----BEGIN {{={label}}}-----\n...\n-----END {{={label}}}-----",
        min_entropy=0.0,
        verify=is_openssh_body if label.startswith("OPENSSH") else is_key_body,
        left="",
        right="",
    )


BLOCKS: tuple[Format, ...] = (
    _block(
        "rsa-private-key",
        "RSA private key",
        "https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2",
        "RSA PRIVATE KEY",
        "{pem:RSA}",
    ),
    _block(
        "ec-private-key",
        "elliptic-curve private key",
        "https://www.rfc-editor.org/rfc/rfc5915",
        "EC PRIVATE KEY",
        "{pem:EC}",
    ),
    _block(
        "dsa-private-key",
        "DSA private key",
        "https://docs.openssl.org/master/man1/openssl-dsa/",
        "DSA PRIVATE KEY",
        "{pem:DSA}",
    ),
    _block("private-key", "private key (PKCS #8)", _RFC7468, "PRIVATE KEY", "{pem:PKCS8}"),
    _block(
        "encrypted-private-key",
        "encrypted private key (PKCS #8)",
        _RFC7468,
        "ENCRYPTED PRIVATE KEY",
        "{pem:ENCRYPTED}",
        severity=HIGH,
    ),
    _block(
        "openssh-private-key",
        "OpenSSH private key",
        "https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key",
        "OPENSSH PRIVATE KEY",
        "{openssh}",
    ),
    _block(
        "pgp-private-key",
        "OpenPGP private key",
        "https://www.rfc-editor.org/rfc/rfc9580",
        "PGP PRIVATE KEY BLOCK",
        "{pem:PGP}",
    ),
    _block(
        "other-private-key",
        "private key",
        _RFC7468,
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
        pattern="(?P<secret>LS0tLS1CRUdJTiB(?:SU0EgUFJJVkFURSBLRVk|QUklWQVRFIEtFWS|FQyBQUklWQVRFIEtFWS|PUEVOU1NIIFBSSVZBVEUgS0VZ|FTkNSWVBURUQgUFJJVkFURSBLRVk|EU0EgUFJJVkFURSBLRVk)[0-9A-Za-z+/]{60,}={0,2})",
        keywords=("ls0tls1crudjti",),
        counter_example="LS0tLS1CRUdJTiB{letter:8}",
        min_entropy=4.0,
        verify=None,
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
            r"PuTTY-User-Key-File-[0-9]: [^\x00]{20,6000}Private-Lines: [0-9]{1,3}\s{1,4}"
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
        "jwk-private-key",
        "private JSON Web Key",
        "https://www.rfc-editor.org/rfc/rfc7517",
        CRITICAL,
        '"kty": "EC", "d": "<<{base64url:43}>>"',
        pattern=r"(?:[\"']d[\"']|[\s,({](?i:kty)[\"']?\s{0,3}[:=][^{}]{0,400}[\s,{(]d)\s{0,3}[:=]\s{0,3}[\"'](?P<secret>[0-9A-Za-z_-]{43,700})[\"']",
        keywords=('"d"', "'d'", "kty"),
        verify=is_mixed,
        left="",
        right="",
    ),
    token(
        "jwk-symmetric-key",
        "symmetric JSON Web Key",
        "https://www.rfc-editor.org/rfc/rfc7517",
        HIGH,
        '"kty": "oct", "k": "<<{base64url:43}>>"',
        pattern=r"[\"']kty[\"']\s{0,3}:\s{0,3}[\"']oct[\"'][^{}]{0,200}[\"']k[\"']\s{0,3}:\s{0,3}[\"'](?P<secret>[0-9A-Za-z_-]{22,200})[\"']",
        keywords=("oct",),
        left="",
        right="",
    ),
    token(
        "nkey-seed",
        "seed of a NATS key",
        "https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth",
        CRITICAL,
        "{nkey}",
        keywords=("sn", "sc", "so", "sa", "su", "sx"),
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
        "minisign or signify secret key",
        "https://jedisct1.github.io/minisign/",
        CRITICAL,
        "RWRTY0Iy{base64:204}",
        counter_example="RWRTY0Iy{base64:20}",
        pattern="(?P<secret>RWRTY0Iy[0-9A-Za-z+/]{100,210}={0,2})",
    ),
)

_TOKEN_BODY = r"[0-9A-Za-z._~+/-]{20,1000}={0,2}"  # noqa: S105 - a pattern

HEADERS: tuple[Format, ...] = (
    token(
        "jwt",
        "JSON Web Token",
        "https://www.rfc-editor.org/rfc/rfc7519",
        HIGH,
        "{jwt}",
        keywords=("eyj",),
        counter_example="eyJ{base62:30}.eyJ{base62:40}.{base62:12}",
        min_entropy=4.0,
        verify=is_jwt,
        left="[0-9A-Za-z_.-]",
        right="[0-9A-Za-z_-]",
    ),
    token(
        "jwt-altered",
        "text in the shape of a JSON Web Token that does not decode",
        "https://www.rfc-editor.org/rfc/rfc7519",
        LOW,
        "eyJ{base62:32}.eyJ{base62:60}.{base62:43}",
        keywords=("eyj",),
        pattern=r"(?P<secret>eyJ[0-9A-Za-z_-]{15,500}\.[0-9A-Za-z_-]{20,2000}\.[0-9A-Za-z_-]{30,700})",
        counter_example="{jwt}",
        verify=is_broken_jwt,
        confidence=Confidence.LOW,
        left="[0-9A-Za-z_.-]",
        right="[0-9A-Za-z_-]",
    ),
    token(
        "basic-authorization",
        "HTTP Basic credential",
        "https://www.rfc-editor.org/rfc/rfc7617",
        HIGH,
        "Authorization: Basic <<{basic}>>",
        pattern=r"(?i:authorization|auth|headers?)[\"'\])]{0,3}[^\n0-9A-Za-z]{1,6}(?:(?i:value|string)[^\n0-9A-Za-z]{1,6})?(?i:basic)\s{1,2}(?P<secret>[0-9A-Za-z+/]{8,300}={0,2})",
        keywords=("basic ",),
        counter_example="Authorization: Basic {letter:12}",
        min_entropy=2.5,
        verify=is_basic_credential,
        left="",
        right="[0-9A-Za-z+/=]",
    ),
    token(
        "bearer-authorization",
        "HTTP Bearer token",
        "https://www.rfc-editor.org/rfc/rfc6750",
        HIGH,
        "Authorization: Bearer <<{base62:40}>>",
        pattern=rf"(?i:authorization|auth|headers?|token)[\"'\])]{{0,3}}[^\n0-9A-Za-z]{{1,6}}(?:(?i:value|string)[^\n0-9A-Za-z]{{1,6}})?(?i:bearer|token)\s{{1,2}}(?P<secret>{_TOKEN_BODY})",
        keywords=("bearer ", "token "),
        counter_example="Authorization: Bearer {base62:15}",
        min_entropy=3.5,
        verify=_is_bearer,
        left="",
        right="[0-9A-Za-z._~+/=-]",
    ),
    token(
        "htpasswd-hash",
        "password hash in an htpasswd line",
        "https://httpd.apache.org/docs/2.4/misc/password_encryptions.html",
        MEDIUM,
        "ada:<<$apr1${base62:8}${base62:22}>>",
        pattern=r"[0-9A-Za-z_.@-]{1,60}:(?P<secret>\$apr1\$[0-9A-Za-z./]{1,8}\$[0-9A-Za-z./]{22})",
        keywords=("$apr1$",),
        right="[0-9A-Za-z./]",
    ),
    token(
        "shadow-hash",
        "password hash in a shadow or passwd line",
        "https://man7.org/linux/man-pages/man5/crypt.5.html",
        HIGH,
        "root:<<$6${base62:16}${base62:86}>>:19000:0:99999:7:::",
        pattern=r"[0-9A-Za-z_.-]{1,40}:(?P<secret>\$(?:1|5|6|y|gy|7|2[aby])\$[0-9A-Za-z./$=,]{30,200}):[0-9]{0,6}:",
        keywords=(":$",),
        right="",
    ),
)

FORMATS = BLOCKS + ENCODED + HEADERS
