"""FTP, SFTP and deployment settings of editors and clients."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded, json_objects, key_value, scans, xml_elements
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, of_user

_WINSCP = re.compile(r"[0-9A-F]{16,600}")
_OBSCURED = re.compile(r"[0-9a-f]{8,400}")
_SHORT = ("password", "pass", "passphrase", "passwd", "pwd", "userPassword", "ftpPassword", "privateKeyPassphrase")


def _filezilla(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`<Pass encoding="base64">` is plain text in disguise; `encoding="crypt"` is encrypted by a master password."""
    for node in xml_elements.nodes(text):
        element = node.element
        if element.name not in ("pass", "proxypass") or not element.text or not element.text.value:
            continue
        encoding = element.attribute("encoding").lower()
        user = node.around.children.get("user", "") if node.around else ""
        if encoding != "crypt":
            judged = embedded.decoded(element.text.value) if encoding == "base64" else None
            yield CredentialEntry("Pass", element.text, of_user("password", user), judged=judged)


def _filezilla_server(_path: str, text: str) -> Iterator[CredentialEntry]:
    """The server's own users: an unsalted or salted hash in an option."""
    for node in xml_elements.nodes(text):
        if node.element.attribute("name") in ("Pass", "Admin port password") and node.element.text:
            yield CredentialEntry(
                "Pass", node.element.text, "password or its hash", proven=len(node.element.text.value) in (32, 128)
            )


def _winscp(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Obscured by XOR with a constant unless a master password is set."""
    user = ""
    for pair in key_value.pairs(text):
        if pair.key == "UserName":
            user = pair.span.value
        elif pair.key in ("Password", "ProxyPasswordEnc", "PasswordPlain", "TunnelPassword") and pair.span.value:
            yield CredentialEntry(
                pair.key, pair.span, of_user("password", user), proven=bool(_WINSCP.fullmatch(pair.span.value))
            )


def _clients(_path: str, text: str) -> Iterator[CredentialEntry]:
    for found in json_objects.objects(text):
        user = found.text("user", "username", "login")
        for key in _SHORT:
            if key in found.members:
                yield CredentialEntry(key, found.members[key], of_user(key, user))


def _web_servers(_path: str, text: str) -> Iterator[CredentialEntry]:
    """JetBrains: `<fileTransfer ... password="dfde..."/>`, each character XORed with a constant."""
    for node in xml_elements.nodes(text):
        for name in ("password", "passphrase", "keypassphrase", "proxypassword"):
            span = node.element.attributes.get(name)
            if span and span.value:
                user = node.element.attribute("username", "user")
                yield CredentialEntry(name, span, of_user(name, user), proven=bool(_OBSCURED.fullmatch(span.value)))


def _ftpquota(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Total Commander's `wcx_ftp.ini` and its kin: obscured in hexadecimal."""
    for pair in key_value.pairs(text):
        if pair.key.lower() in ("password", "pwd", "pass", "pw") and pair.span.value:
            yield CredentialEntry(
                pair.key, pair.span, "password", proven=bool(re.fullmatch(r"[0-9A-Fa-f]{12,200}", pair.span.value))
            )


_DAVFS = re.compile(
    r"^[ \t]*(?:\"[^\"\r\n]{1,300}\"|(?:https?://|/)\S{1,300})[ \t]+(?P<user>\"[^\"\r\n]{1,100}\"|[^\s\"]{1,100})[ \t]+"
    r"(?:\"(?P<value>[^\"\r\n]{3,200})\"|(?P<value1>[^\s\"#]{3,200}))",
    re.MULTILINE,
)
_FTP = re.compile(
    r"^[ \t]*(?:user|login)[ \t]+(?P<user>[^\s\"$]{1,80})[ \t]+\"?(?P<value>[^\s\"$]{3,200})|^[ \t]*(?:quote[ \t]+)?"
    r"pass[ \t]+(?P<value1>[^\s\"$]{3,200})",
    re.MULTILINE | re.IGNORECASE,
)

PARSERS = (
    CredentialFile(
        id="filezilla",
        certain=True,
        title="password of an FTP site",
        documentation="https://filezilla-project.org/",
        names=(
            "sitemanager.xml",
            "recentservers.xml",
            "filezilla.xml",
            "filezilla*",
            "filezilla/*.xml",
            "fzdefaults.xml",
        ),
        scan=_filezilla,
        sniff=lambda text: "<Pass" in text,
    ),
    CredentialFile(
        id="filezilla-server",
        title="password of an FTP server's user",
        documentation="https://filezilla-project.org/",
        names=("filezilla server.xml", "filezilla server interface.xml", "filezilla-server.xml"),
        scan=_filezilla_server,
    ),
    CredentialFile(
        id="winscp",
        certain=True,
        title="password of a WinSCP site",
        documentation="https://winscp.net/eng/docs/security_credentials",
        names=("winscp.ini", "winscp*"),
        scan=_winscp,
    ),
    CredentialFile(
        id="sftp-editor",
        certain=True,
        title="password of an editor's upload target",
        documentation="https://codexns.io/products/sftp_for_sublime/settings",
        names=(
            "sftp-config.json",
            "sftp-config-alt.json",
            "sftp-config*",
            ".ftpconfig",
            "ftpconfig",
            ".vscode/sftp.json",
            "sftp.json",
            "*.sftp.json",
            ".ftpsync_settings",
            "ftpsync.settings",
            "ftpsync*",
            ".remote-sync.json",
            "remote-sync.json",
            ".sftp*",
            "ftp-simple.json",
            "ftp.json",
            ".ftppass",
            "deployment-config.json",
            ".ftp-deploy.json",
            ".deployment-config.json",
            ".brackets.json",
            "ftp-simple/*.json",
            "deploy.json",
            "simple-ftp.json",
            ".deploy-sftp.json",
            ".ftp.json",
            ".ftpkr.json",
            "ftp-kr.json",
            "ftp_config.json",
        ),
        scan=_clients,
    ),
    CredentialFile(
        id="jetbrains-deployment",
        title="password of an upload target",
        documentation="https://www.jetbrains.com/help/idea/creating-a-remote-server-configuration.html",
        names=(
            "webservers.xml",
            "deployment.xml",
            "sshconfigs.xml",
            ".idea/*.xml",
            "options/*.xml",
            "webdeployment.xml",
        ),
        scan=_web_servers,
    ),
    CredentialFile(
        id="ftp-client-ini",
        title="password of an FTP client",
        documentation="https://www.ghisler.ch/wiki/index.php/Ftp",
        names=(
            "wcx_ftp.ini",
            "ws_ftp.ini",
            "ftp.ini",
            "smartftp.ini",
            "flashfxp.ini",
            "quick.dat",
            "sites.dat",
            "wcx_ftp*",
        ),
        scan=_ftpquota,
    ),
    CredentialFile(
        id="cyberduck",
        title="password in a bookmark",
        documentation="https://docs.cyberduck.io/",
        names=("*.duck", "*.dtapart", "*.xftp"),
        scan=scans.all_of(scans.xml_values("password"), scans.key_values("password")),
    ),
    CredentialFile(
        id="davfs-secrets",
        certain=True,
        title="password of a WebDAV share",
        documentation="https://manpages.debian.org/stable/davfs2/davfs2.conf.5.en.html",
        names=("davfs2/secrets", ".davfs2/secrets"),
        scan=scans.matched(_DAVFS),
    ),
    CredentialFile(
        id="ftp-script",
        certain=True,
        title="password in a script of an FTP client",
        documentation="https://learn.microsoft.com/windows-server/administration/windows-commands/ftp",
        names=("*.ftp", "ftp.txt", "ftpcmd.txt", "ftpscript.txt", "ftpcommands.txt"),
        scan=scans.matched(_FTP),
    ),
)
