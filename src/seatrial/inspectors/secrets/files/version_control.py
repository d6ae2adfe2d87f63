"""git, GitHub's tools, Subversion and Mercurial."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded, key_value, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_HEADER = re.compile(
    r"extraheader[ \t]*=[ \t]*\"?Authorization:[ \t]*(?:basic|bearer|token)[ \t]+(?P<value>[^\s\"]{8,2000})",
    re.IGNORECASE,
)
_SVN = re.compile(r"^K 8\r?\npassword\r?\nV \d{1,4}\r?\n(?P<value>[^\r\n]{1,300})", re.MULTILINE)


def _urls(_path: str, text: str) -> Iterator[CredentialEntry]:
    yield from embedded.url_passwords(TextSpan(text, 0, len(text)))
    for match in re.finditer(r"https?://(?P<value>[^\s:@/]{20,255})@", text):
        yield CredentialEntry("token", TextSpan(match["value"], *match.span("value")), "token in a URL")


def _gitconfig(path: str, text: str) -> Iterator[CredentialEntry]:
    yield from _urls(path, text)
    for match in _HEADER.finditer(text):
        span = TextSpan(match["value"], *match.span("value"))
        yield from embedded.basic_auth("extraheader", span)
        if embedded.decoded(span.value) is None:
            yield CredentialEntry("token", span, "token in an extra header")
    yield from scans.key_values(
        "token", "oauth-token", "password", "pass", "smtppass", "oauthtoken", "apikey", "api-token"
    )(path, text)


def _svn(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _SVN.finditer(text):
        yield CredentialEntry(
            "password", TextSpan(match["value"], *match.span("value")), "saved password of a Subversion server"
        )


def _svn_users(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`[users]` with `name = password`."""
    for pair in key_value.pairs(text):
        if pair.section == "users":
            yield CredentialEntry("password", pair.span, f'password of user "{pair.key[:60]}"')


PARSERS = (
    CredentialFile(
        id="git-credentials",
        certain=True,
        title="saved login of git",
        documentation="https://git-scm.com/docs/git-credential-store",
        names=(".git-credentials", "git-credentials", "git/credentials", ".git-credential-store", "*.git-credentials"),
        scan=_urls,
    ),
    CredentialFile(
        id="gitconfig",
        title="credential in a git configuration",
        documentation="https://git-scm.com/docs/git-config",
        names=(
            ".gitconfig",
            "gitconfig",
            ".git/config",
            "git/config",
            ".gitmodules",
            ".gitconfig*",
            "*.gitconfig",
            ".lfsconfig",
        ),
        scan=scans.all_of(_gitconfig),
    ),
    CredentialFile(
        id="github-cli",
        title="GitHub token",
        documentation="https://cli.github.com/manual/gh_auth_login",
        names=(
            "gh/hosts.yml",
            "hosts.yml",
            ".config/hub",
            "hub",
            "hub.yml",
            "hub.yaml",
            "glab-cli/config.yml",
            ".hub",
            "config/hub",
            "gh/hosts.yaml",
        ),
        scan=scans.yaml_values("oauth_token", "token", "private_token"),
    ),
    CredentialFile(
        id="subversion",
        certain=True,
        title="saved password of Subversion",
        documentation="https://svnbook.red-bean.com/en/1.7/svn.serverconfig.netmodel.html#svn.serverconfig.netmodel.credcache",
        names=("svn.simple/*", "svn.ssl.client-passphrase/*"),
        scan=_svn,
    ),
    CredentialFile(
        id="svnserve-users",
        title="password of a Subversion user",
        documentation="https://svnbook.red-bean.com/en/1.7/svn.serverconfig.svnserve.html",
        names=("conf/passwd", "svnserve.passwd", "svn-passwd", "svn/passwd", "passwd"),
        scan=_svn_users,
        sniff=lambda text: "[users]" in text,
    ),
    CredentialFile(
        id="mercurial",
        title="password in a Mercurial configuration",
        documentation="https://www.mercurial-scm.org/doc/hgrc.5.html",
        names=(".hgrc", "hgrc", "mercurial.ini", ".reviewboardrc", ".arcrc", ".jirarc"),
        scan=scans.all_of(scans.key_values(), _urls),
    ),
)
