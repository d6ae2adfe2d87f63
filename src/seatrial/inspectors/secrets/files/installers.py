"""Answers for installers: Windows's unattended set-up, Debian's preseed, the accounts of cloud-init."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import scans, xml_elements
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, of_user

_PRESEED = re.compile(
    r"^[ \t]*(?P<user>[\w.\-]{1,60})[ \t]+(?P<question>[\w.\-]{1,60}/\S{0,80}?(?:pass|key|psk|wpa)\S{0,60})[ \t]+"
    r"(?:password|string)[ \t]+(?P<value>\S{3,300})[ \t]*\r?$",
    re.MULTILINE,
)
_LIST = re.compile(
    r"^[ \t]{0,20}(?:chpasswd:[ \t]*\r?\n(?:[ \t]{1,20}(?:expire|type):[^\r\n]{0,40}\r?\n){0,3}[ \t]{1,20}list:"
    r"|chpasswd:[ \t]*\{[^}\r\n]{0,100}list:)[ \t]*[|>]?[-+]?[ \t]*\r?\n"
    r"(?P<body>(?:[ \t]{1,40}(?:-[ \t]+)?[\"']?[\w.\-]{1,60}:[^\s:][^\r\n]{0,300}(?:\r?\n|\Z)){1,200})",
    re.MULTILINE,
)
_ACCOUNT = re.compile(
    r"^[ \t]{1,40}(?:-[ \t]+)?[\"']?(?P<user>[\w.\-]{1,60}):(?!R(?:ANDOM)?[\"']?[ \t]*\r?$)(?P<value>[^\s\"']{3,300})",
    re.MULTILINE,
)
_OF_WINDOWS = frozenset({"password", "administratorpassword", "offlineadministratorpassword", "domainpassword"})


def _windows(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`<Password><Value>…`; without `PlainText` it is UTF-16 in Base64, with the element's name behind it."""
    for node in xml_elements.nodes(text):
        element = node.element
        if element.name == "value" and element.parent in _OF_WINDOWS and element.text and element.text.value:
            yield CredentialEntry(
                "password", element.text, f"<{element.parent}>", judged=_plain(element.text.value, element.parent)
            )


def _plain(value: str, element: str) -> str | None:
    """What the value means, if it is the encoded form."""
    try:
        plain = base64.b64decode(value, validate=True).decode("utf-16-le")
    except (binascii.Error, ValueError):
        return None
    return plain[: -len(element)] if plain.lower().endswith(element) and len(plain) > len(element) else None


def _cloud_init(_path: str, text: str) -> Iterator[CredentialEntry]:
    for block in _LIST.finditer(text):
        for account in _ACCOUNT.finditer(block["body"]):
            yield from scans.of_match(account, at=block.start("body"))


def _preseed(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _PRESEED.finditer(text):
        for entry in scans.of_match(match):
            yield CredentialEntry(
                entry.key, entry.span, of_user("answer", match["user"]), proven=entry.proven, severity=entry.severity
            )


PARSERS = (
    CredentialFile(
        id="windows-unattend",
        certain=True,
        title="password in an answer file of Windows",
        documentation="https://learn.microsoft.com/windows-hardware/customize/desktop/unattend/",
        names=("unattend.xml", "autounattend.xml", "sysprep.xml", "unattend*", "autounattend*", "unattended.xml"),
        scan=_windows,
    ),
    CredentialFile(
        id="debian-preseed",
        certain=True,
        title="password in an answer file of Debian",
        documentation="https://www.debian.org/releases/stable/amd64/apbs04",
        names=("preseed.cfg", "preseed*", "*.preseed", "*.seed", "preseed/*.cfg"),
        scan=_preseed,
    ),
    CredentialFile(
        id="cloud-init-accounts",
        title="password of an account that cloud-init makes",
        documentation="https://cloudinit.readthedocs.io/en/latest/reference/modules.html#set-passwords",
        names=("user-data", "user_data", "user-data*", "cloud-init*", "cloud-config*", "cloud.cfg", "*.yml", "*.yaml"),
        scan=_cloud_init,
        sniff=lambda text: "chpasswd" in text,
    ),
)
