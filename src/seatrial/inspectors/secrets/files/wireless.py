"""Wi-Fi keys outside of wpa_supplicant and NetworkManager: netctl, Debian's interfaces, OpenWrt."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialFile

_UCI = re.compile(
    r"^[ \t]{1,20}option[ \t]{1,20}(?:key\d?|\w{0,30}passw(?:or)?d|passphrase|sae_password|private_key|preshared_key"
    r"|psk|\w{0,30}secret|priv_key_pwd|ddns_password)[ \t]{1,20}(?:'(?P<value>[^'\r\n]{3,200})'"
    r"|\"(?P<value1>[^\"\r\n]{3,200})\"|(?P<value2>[^\s'\"]{3,200}))",
    re.MULTILINE,
)
_NETCTL = re.compile(
    r"^Key=(?:'(?P<value>[^'\r\n]{3,100})'|\"(?P<value1>[^\"\r\n]{3,100})\"|(?P<value2>[^\s'\"]{3,100}))", re.MULTILINE
)
_UCI_SECTION = re.compile(r"^config[ \t]+[\w\-']+", re.MULTILINE)

PARSERS = (
    CredentialFile(
        id="netctl-profile",
        certain=True,
        title="Wi-Fi key",
        documentation="https://man.archlinux.org/man/netctl.profile.5",
        names=("netctl/*",),
        scan=scans.matched(_NETCTL, key="psk"),
    ),
    CredentialFile(
        id="network-interfaces",
        certain=True,
        title="Wi-Fi key",
        documentation="https://manpages.debian.org/stable/ifupdown/interfaces.5.en.html",
        names=("interfaces", "interfaces.d/*", "network/interfaces", "*.interfaces"),
        scan=scans.directives("wpa-psk", "wpa-passphrase", "wpa-password", "wireless-key", "wpa-private-key-passwd"),
    ),
    CredentialFile(
        id="uci-config",
        title="password in a configuration of OpenWrt",
        documentation="https://openwrt.org/docs/guide-user/base-system/uci",
        names=("config/*", "wireless", "*.uci"),
        scan=scans.matched(_UCI),
        sniff=lambda text: _UCI_SECTION.search(text[:20_000]) is not None,
    ),
)
