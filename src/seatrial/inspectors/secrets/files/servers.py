"""Daemons and network services: passwords in their own configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import embedded, hashes, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan, of_user

_WPA = re.compile(
    r"^[ \t]*(?P<key>psk|wep_key\d|password|sae_password|private_key_passwd|wpa_passphrase"
    r"|wpa_psk)[ \t]*=[ \t]*(?:\"(?P<quoted>[^\"\r\n]{1,128})\"|(?P<plain>[^\s\"#]{1,128}))",
    re.MULTILINE,
)
_INLINE = re.compile(
    r"<(?P<tag>auth-user-pass|secret|http-proxy-user-pass)>[ \t]*\r?\n[^\r\n<]{1,200}\r?\n"
    r"(?P<value>[^\r\n<]{1,200})\r?\n"
)
_INLINE_KEY = re.compile(
    r"<(?P<tag>key|tls-auth|tls-crypt|tls-crypt-v2|pkcs12|secret)>\s{0,10}(?P<value>[^<]{200,16000}?)\s{0,10}</"
    r"(?P=tag)>"
)
_LDAP = re.compile(
    r"^[ \t]*(?P<key>rootpw|olcRootPW|userPassword|bindpw|bind_pw|ldap_bind_pw|dn_?pass(?:word)?|sambaNTPassword"
    r"|ldap_default_authtok)"
    r"[ \t]*(?P<sign>::|[:=]?)[ \t]*(?P<value>\S[^\r\n]{0,300})",
    re.MULTILINE,
)
_ERLANG = re.compile(
    r"\{[ \t]*(?P<key>(?:ldap_|sql_|odbc_|auth_)?pass(?:word)?|odbc_server|default_pass"
    r"|cookie|shared_secret|access_key|erlang_cookie)"
    r"[ \t]*,[ \t]*(?:<<)?\"(?P<value>[^\"\n]{1,300})\""
)
_ERLANG_USER = re.compile(
    r"\{(?:mysql|pgsql|mssql)[ \t]*,(?:[ \t\n]*\"[^\"\n]{1,100}\"[ \t\n]*,[ \t\n]*"
    r"(?:\d{1,5}[ \t\n]*,)?){3}[ \t\n]*\"(?P<value>[^\"\n]{1,200})\""
)


def _groups(pattern: re.Pattern[str], text: str, *groups: str) -> Iterator[tuple[str, TextSpan]]:
    for match in pattern.finditer(text):
        group = next((name for name in groups if match[name] is not None), groups[0])
        yield (
            " ".join(match["key"].split()[:1]) if "key" in match.re.groupindex else "password",
            TextSpan(match[group], *match.span(group)),
        )


def _wpa(_path: str, text: str) -> Iterator[CredentialEntry]:
    for key, span in _groups(_WPA, text, "quoted", "plain"):
        yield CredentialEntry(key, span, "Wi-Fi key", proven=bool(re.fullmatch(r"[0-9a-f]{64}", span.value)))


def _openvpn(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _INLINE.finditer(text):
        yield CredentialEntry(
            "auth-user-pass", TextSpan(match["value"], *match.span("value")).stripped(), "password of a VPN user"
        )
    for match in _INLINE_KEY.finditer(text):
        severity = Severity.CRITICAL if match["tag"] in ("key", "pkcs12") else Severity.HIGH
        yield CredentialEntry(
            match["tag"],
            TextSpan(match["value"], *match.span("value")),
            f"inline {match['tag']} of a VPN",
            severity=severity,
            proven=True,
        )


def _erlang(_path: str, text: str) -> Iterator[CredentialEntry]:
    for key, span in _groups(_ERLANG, text, "value"):
        if key != "odbc_server":
            yield CredentialEntry(key, span)
    for _, span in _groups(_ERLANG_USER, text, "value"):
        yield CredentialEntry("password", span, "password of a database connection")


def _znc(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`Pass = sha256#hash#salt#` or the block with `Hash =`; a server line may end in a password."""
    for match in re.finditer(r"^[ \t]*(?:Pass|Hash)[ \t]*=[ \t]*(?P<value>[^\s]{4,300})", text, re.MULTILINE):
        span = TextSpan(match["value"], *match.span("value"))
        if not span.value.startswith("plain#"):
            yield CredentialEntry(
                "Pass", span, "password hash of a ZNC user", severity=Severity.MEDIUM, proven=len(span.value) >= 32
            )
        else:
            yield CredentialEntry("Pass", span.part(6, len(span.value)).stripped("#"), "password of a ZNC user")


def _slapd(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _LDAP.finditer(text):
        span = TextSpan(match["value"], *match.span("value")).stripped(" \t\"'")
        plain = embedded.decoded(span.value) if match["sign"] == "::" else None
        kind = hashes.kind(plain or span.value)
        severity = Severity.MEDIUM if kind else None
        yield CredentialEntry(
            match["key"],
            span,
            f"{kind} hash, {match['key']}" if kind else "",
            judged=plain,
            severity=severity,
            proven=bool(kind),
        )


def _php_ini(path: str, text: str) -> Iterator[CredentialEntry]:
    yield from scans.key_values("mysql.default_password", "mysqli.default_pw", "ifx.default_password")(path, text)
    for match in re.finditer(
        r"^[ \t]*session\.save_path[^\r\n]{0,200}?[?&]auth=(?P<value>[^\s&\"']{1,200})", text, re.MULTILINE
    ):
        yield CredentialEntry("auth", TextSpan(match["value"], *match.span("value")), "Redis password")
    yield from scans.key_values()(path, text)


_REDIS = ("requirepass", "masterauth", "primaryauth", "tls-key-file-pass", "tls-client-key-file-pass")
_SENTINEL = re.compile(
    r"^[ \t]*sentinel[ \t]+(?P<key>auth-pass[ \t]+\S{1,100}|sentinel-pass)[ \t]+\"?(?P<value>[^\s\"]{1,200})",
    re.MULTILINE | re.IGNORECASE,
)


def _sentinel(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`sentinel auth-pass NAME PASSWORD`, `sentinel sentinel-pass PASSWORD`."""
    for key, span in _groups(_SENTINEL, text, "value"):
        yield CredentialEntry(key, span)


def _acl(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`user alice on >password ...` or `#hash`."""
    for match in re.finditer(
        r"^[ \t]*user[ \t]+(?P<user>\S{1,100})[ \t][^\r\n]{0,500}?(?P<sign>[>#])(?P<value>\S{1,200})",
        text,
        re.MULTILINE,
    ):
        hashed = match["sign"] == "#"
        yield CredentialEntry(
            "password",
            TextSpan(match["value"], *match.span("value")),
            of_user("password", match["user"]),
            proven=hashed,
        )


_REQUIREMENT = re.compile(r"[=<>~!]=|^[*./]")
"""A line of another kind of list: of packages with their versions, or of paths."""


def _two_lines(_path: str, text: str) -> Iterator[CredentialEntry]:
    """User on the first line, password on the second, nothing else."""
    match = re.fullmatch(r"\s*(?P<user>[^\s<{=:]{1,100})[ \t]*\r?\n(?P<value>[^\s<{]{4,100})\s*", text[:1000])
    if match and len(text) < 1000 and not _REQUIREMENT.search(match["value"]):
        yield CredentialEntry(
            "password", TextSpan(match["value"], *match.span("value")), of_user("password", match["user"])
        )


def _cookie(_path: str, text: str) -> Iterator[CredentialEntry]:
    span = scans.whole(text[:1000])
    if re.fullmatch(r"[\w\-]{8,256}", span.value):
        yield CredentialEntry("cookie", span, "Erlang cookie")


def _tsig(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in re.finditer(r"\bsecret[ \t]+\"(?P<value>[A-Za-z0-9+/=]{16,200})\"[ \t]*;", text):
        yield CredentialEntry("secret", TextSpan(match["value"], *match.span("value")), "TSIG key", proven=True)


def _vnc(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Eight characters, encrypted with a key that is the same everywhere."""
    for match in re.finditer(
        r"^[ \t]*(?:passwd2?|password)[ \t]*=[ \t]*(?P<value>[0-9A-Fa-f]{16,18})[ \t]*\r?$",
        text,
        re.MULTILINE | re.IGNORECASE,
    ):
        yield CredentialEntry(
            "passwd", TextSpan(match["value"], *match.span("value")), "password of a VNC server", proven=True
        )


def _remote(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Encrypted by a key beside the file, by Windows, or by a constant."""
    pattern = r"(?:^|[\s<])(?:password(?: 51:b:|=|>)|Password=\")(?P<value>[A-Za-z0-9+/=]{12,2000})"
    for match in re.finditer(pattern, text, re.MULTILINE):
        yield CredentialEntry(
            "password",
            TextSpan(match["value"], *match.span("value")),
            "saved password",
            severity=Severity.MEDIUM,
            proven=True,
        )


_LONE_KEY = re.compile(r"\s*([0-9A-Za-z+/]{42}[AEIMQUYcgkosw048]=)\s*")


def _lone_key(_path: str, text: str) -> Iterator[CredentialEntry]:
    """32 bytes in base64 and nothing else, as `wg genkey > privatekey` writes them."""
    if match := _LONE_KEY.fullmatch(text[:100]):
        yield CredentialEntry("PrivateKey", TextSpan(match[1], *match.span(1)))


PARSERS = (
    CredentialFile(
        id="redis-conf",
        certain=True,
        title="Redis password",
        documentation="https://redis.io/docs/latest/operate/oss_and_stack/management/security/",
        names=(
            *("redis.conf", "redis*", "sentinel.conf", "*.redis.conf", "users.acl"),
            *("valkey.conf", "valkey*", "keydb.conf", "keydb*"),
        ),
        scan=scans.all_of(scans.directives(*_REDIS), _sentinel, _acl),
    ),
    CredentialFile(
        id="php-ini",
        title="password in php.ini",
        documentation="https://www.php.net/manual/en/ini.core.php",
        names=("php.ini", "php*", ".user.ini", "php-fpm.conf", "www.conf"),
        scan=scans.all_of(_php_ini),
    ),
    CredentialFile(
        id="openvpn",
        title="credential in a VPN profile",
        documentation="https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/",
        names=("*.ovpn", "openvpn/*.conf", "client.conf", "openvpn*", "server.conf"),
        scan=_openvpn,
        sniff=lambda text: "<" in text,
    ),
    CredentialFile(
        id="openvpn-login",
        certain=True,
        title="password of a VPN user",
        documentation="https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/",
        names=(
            "auth.txt",
            *("openvpn/*.txt", "openvpn/login.conf", "openvpn/*.auth", "openvpn/credentials", "openvpn/auth"),
            *("vpn/*.txt", "vpn/login.conf", "vpn/*.auth", "vpn/credentials", "vpn/auth", "vpn-auth.txt", "vpn.auth"),
            *("auth-user-pass", "auth-user-pass.txt", "userpass.txt", "user-pass.txt", "login.txt", "vpnlogin*"),
        ),
        scan=_two_lines,
    ),
    CredentialFile(
        id="wireguard",
        title="private key of a WireGuard interface",
        documentation="https://man7.org/linux/man-pages/man8/wg.8.html",
        names=("wg0.conf", "wg*", "wireguard/*.conf", "*.conf"),
        scan=scans.key_values("PrivateKey", "PresharedKey"),
        severity=Severity.CRITICAL,
        sniff=lambda text: "[Interface]" in text or "[Peer]" in text,
    ),
    CredentialFile(
        id="wireguard-key-file",
        title="key that `wg genkey` or `wg genpsk` made",
        documentation="https://man7.org/linux/man-pages/man8/wg.8.html",
        names=("privatekey", "presharedkey", "*.privatekey", "*.key", "*.psk"),
        scan=_lone_key,
        severity=Severity.CRITICAL,
    ),
    CredentialFile(
        id="wpa-supplicant",
        certain=True,
        title="Wi-Fi key",
        documentation="https://w1.fi/cgit/hostap/plain/wpa_supplicant/wpa_supplicant.conf",
        names=(
            "wpa_supplicant.conf",
            "wpa_supplicant*",
            "hostapd.conf",
            "hostapd*",
            "*.nmconnection",
            "network-manager/*",
            "system-connections/*",
            "*.psk",
            "iwd/*.psk",
        ),
        scan=scans.all_of(_wpa, scans.key_values("psk", "Passphrase", "PreSharedKey", "password", "leap-password")),
    ),
    CredentialFile(
        id="ldap-conf",
        title="LDAP bind password",
        documentation="https://www.openldap.org/doc/admin26/",
        names=(
            "ldap.conf",
            "slapd.conf",
            "nslcd.conf",
            "*.ldif",
            "pam_ldap.conf",
            "ldap.secret",
            "sssd.conf",
            "libnss-ldap.conf",
            ".ldaprc",
            "ldap*",
            "*.conf.ext",
        ),
        scan=scans.all_of(_slapd),
        sniff=lambda text: "<?php" not in text[:200],
    ),
    CredentialFile(
        id="erlang-config",
        title="password in an Erlang configuration",
        documentation="https://docs.ejabberd.im/admin/configuration/",
        names=(
            "ejabberd.cfg",
            "rabbitmq.config",
            "*.app.src",
            "sys.config",
            "advanced.config",
            "vm.args",
            "emqttd.conf",
            "riak.conf",
        ),
        scan=scans.all_of(_erlang),
    ),
    CredentialFile(
        id="erlang-cookie",
        title="Erlang cookie",
        documentation="https://www.erlang.org/doc/system/distributed.html",
        names=(".erlang.cookie",),
        scan=_cookie,
    ),
    CredentialFile(
        id="znc",
        title="password of a ZNC user",
        documentation="https://wiki.znc.in/Configuration",
        names=("znc.conf", "znc/configs/znc.conf", "znc*"),
        scan=_znc,
    ),
    CredentialFile(
        id="ventrilo",
        guesses=True,
        title="password of a voice server",
        documentation="http://www.ventrilo.com/setup.php",
        names=(
            "ventrilo_srv.ini",
            "server.cfg",
            "murmur.ini",
            "mumble-server.ini",
            "server.properties",
            "ts3server.ini",
            "rcon.cfg",
            "*.cfg",
        ),
        scan=scans.all_of(
            scans.key_values(
                "Password",
                "AdminPassword",
                "serverpassword",
                "icesecretwrite",
                "rcon.password",
                "rcon_password",
                "dbPassword",
            ),
            scans.directives("rcon_password", "sv_password", "rcon", "hostpassword"),
        ),
    ),
    CredentialFile(
        id="bind-key",
        title="TSIG key",
        documentation="https://bind9.readthedocs.io/en/latest/reference.html#namedconf-statement-key",
        names=("rndc.key", "named.conf", "rndc.conf", "named.conf*", "*.tsig", "ddns.key"),
        scan=_tsig,
    ),
    CredentialFile(
        id="vnc-password",
        title="password of a VNC server",
        documentation="https://tigervnc.org/doc/vncpasswd.html",
        names=("ultravnc.ini", "*.vnc", "vnc.ini"),
        scan=_vnc,
    ),
    CredentialFile(
        id="remote-desktop",
        title="saved password of a remote desktop",
        documentation="https://remmina.org/",
        names=("*.remmina", "*.rdp", "*.rdg", "*.rdm", "confcons.xml", "mremoteng.xml"),
        scan=_remote,
    ),
)
