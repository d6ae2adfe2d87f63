"""Logins of package managers at their registries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded, json_objects, key_value, scans, xml_elements, yaml_lines
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan
from seatrial.inspectors.secrets.files.names import is_secret

_NPM = re.compile(
    r"^[ \t]*(?P<scope>[^\s=#;]{0,300}?)(?P<key>_authToken|_auth|_password)[ \t]*=[ \t]*(?P<value>[^\r\n]+)",
    re.MULTILINE,
)
_XML_ENCRYPTED = re.compile(r"\{[A-Za-z0-9+/=]{8,}\}")
_CONDA = re.compile(r"/t/(?P<token>[A-Za-z0-9\-]{8,100})/")


def _npmrc(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _NPM.finditer(text):
        span = key_value.value_at(text, match.start("value"), match.end("value"))
        if match["key"] == "_authToken":
            yield CredentialEntry("_authToken", span, "npm access token")
        elif match["key"] == "_password":
            yield CredentialEntry(
                "_password", span, "npm password (base64)", judged=embedded.decoded(span.value) or span.value
            )
        elif (embedded.decoded(span.value) or "").count(":"):
            yield from embedded.basic_auth("_auth", span)
        else:
            yield CredentialEntry("_auth", span, "npm login")
    yield from embedded.url_passwords(TextSpan(text, 0, len(text)))


def _urls(_path: str, text: str) -> Iterator[CredentialEntry]:
    yield from embedded.url_passwords(TextSpan(text, 0, len(text)))


def _yarn(path: str, text: str) -> Iterator[CredentialEntry]:
    for node in yaml_lines.nodes(text):
        if node.key in ("npmAuthToken", "npmAuthIdent"):
            decoded = embedded.decoded(node.span.value) if node.key == "npmAuthIdent" else None
            yield CredentialEntry(
                node.key, node.span, "npm login", judged=(decoded or node.span.value).rpartition(":")[2]
            )
    yield from _npmrc(path, text)
    yield from _yarn_v1(text)


def _yarn_v1(text: str) -> Iterator[CredentialEntry]:
    """Version 1 writes `"//registry/:_authToken" value`."""
    for match in re.finditer(r"(?P<key>_authToken|_auth|_password)\"?[ \t]+\"?(?P<value>[^\s\"]{4,400})", text):
        yield CredentialEntry(match["key"], TextSpan(match["value"], *match.span("value")), "npm login")


def _maven(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Encrypted values (`{COQLCE6DU6GtcS5P=}`) need the master password, and are meant to be there."""
    for node in xml_elements.nodes(text):
        if node.element.name in ("password", "passphrase", "value", "accesskey", "secretkey") and node.element.text:
            if _XML_ENCRYPTED.fullmatch(node.element.text.value):
                continue
            if node.element.name == "value" and not (
                node.around and "authorization" in str(node.around.children).lower()
            ):
                continue
            yield from scans.xml_entries(node, lambda _: True, inside=False)
        elif node.element.text:
            yield from scans.xml_entries(node, is_secret, inside=True)


def _nuget(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`ClearTextPassword` and API keys; `Password` is encrypted for one machine and user."""
    for node in xml_elements.nodes(text):
        key = node.element.attribute("key")
        value = node.element.attributes.get("value")
        if value is None or not value.value:
            continue
        if key.lower() == "cleartextpassword" or (node.element.parent == "apikeys" and len(value.value) < 100):
            yield CredentialEntry(key[:60] if key.lower() == "cleartextpassword" else "apikey", value)
        else:
            yield from embedded.url_passwords(value)


def _composer(path: str, text: str) -> Iterator[CredentialEntry]:
    yield from scans.json_members("password")(path, text)
    for found in json_objects.objects(text):
        if found.path and found.path[-1] in (
            "github-oauth",
            "gitlab-token",
            "gitlab-oauth",
            "bearer",
            "forgejo-token",
            "bitbucket-oauth",
        ):
            for key, span in found.members.items():
                if key not in ("username", "consumer-key", "token-expiration"):
                    yield CredentialEntry("token", span, f"{found.path[-1]} token")


def _bundle(path: str, text: str) -> Iterator[CredentialEntry]:
    """`BUNDLE_GEMS__EXAMPLE__COM: "user:password"`; a lone token counts only where it looks like one."""
    for node in yaml_lines.nodes(text):
        if "__" in node.key and ":" in node.span.value and "/" not in node.span.value:
            colon = node.span.value.index(":") + 1
            yield CredentialEntry("password", node.span.part(colon, len(node.span.value)), "password for a gem source")
        elif "__" in node.key and re.fullmatch(r"[A-Za-z0-9_\-]{20,100}", node.span.value):
            yield CredentialEntry("token", node.span, "token for a gem source")
    yield from _urls(path, text)


def _conda(path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _CONDA.finditer(text):
        yield CredentialEntry("token", TextSpan(match["token"], *match.span("token")), "channel token")
    yield from _urls(path, text)


def _gem(_path: str, text: str) -> Iterator[CredentialEntry]:
    for node in yaml_lines.nodes(text):
        if node.key.endswith("api_key") or re.fullmatch(r"rubygems_[0-9a-f]{48}|[0-9a-f]{32}", node.span.value):
            yield CredentialEntry(node.key, node.span, "API key")


PARSERS = (
    CredentialFile(
        id="npmrc",
        title="npm login",
        documentation="https://docs.npmjs.com/cli/configuring-npm/npmrc",
        names=(".npmrc", "npmrc", ".npmrc*", "*.npmrc"),
        scan=scans.all_of(_npmrc),
    ),
    CredentialFile(
        id="yarnrc",
        title="Yarn login",
        documentation="https://yarnpkg.com/configuration/yarnrc",
        names=(".yarnrc", ".yarnrc.yml", "yarnrc"),
        scan=scans.all_of(_yarn),
    ),
    CredentialFile(
        id="pypirc",
        certain=True,
        title="PyPI login",
        documentation="https://packaging.python.org/en/latest/specifications/pypirc/",
        names=(".pypirc", "pypirc"),
        scan=scans.key_values("password"),
    ),
    CredentialFile(
        id="pip-conf",
        title="login in a pip index URL",
        documentation="https://pip.pypa.io/en/stable/topics/authentication/",
        names=(
            "pip.conf",
            "pip.ini",
            ".pip/pip.conf",
            "requirements*",
            "*.pip",
            "pipfile",
            "uv.toml",
            "pdm.toml",
            ".pydistutils.cfg",
            "poetry.toml",
        ),
        scan=_urls,
    ),
    CredentialFile(
        id="poetry-auth",
        title="Poetry login",
        documentation="https://python-poetry.org/docs/repositories/#configuring-credentials",
        names=("pypoetry/auth.toml", "auth.toml"),
        scan=scans.key_values(),
    ),
    CredentialFile(
        id="cargo-credentials",
        title="Cargo registry token",
        documentation="https://doc.rust-lang.org/cargo/reference/config.html#credentials",
        names=(".cargo/credentials", ".cargo/credentials.toml", "cargo/credentials.toml", "cargo/credentials"),
        scan=scans.key_values("token", "secret-key"),
    ),
    CredentialFile(
        id="gem-credentials",
        title="RubyGems API key",
        documentation="https://guides.rubygems.org/api-key-scopes/",
        names=(".gem/credentials", "gem/credentials", ".gemrc"),
        scan=scans.all_of(_gem, _urls),
    ),
    CredentialFile(
        id="nuget-config",
        title="NuGet feed password",
        documentation="https://learn.microsoft.com/en-us/nuget/reference/nuget-config-file#packagesourcecredentials",
        names=("nuget.config", ".nuget/nuget.config", "*.nuget.config"),
        scan=_nuget,
    ),
    CredentialFile(
        id="composer-auth",
        title="Composer login",
        documentation="https://getcomposer.org/doc/articles/authentication-for-private-packages.md",
        names=("auth.json", "composer/auth.json", ".composer/auth.json"),
        scan=scans.all_of(_composer),
    ),
    CredentialFile(
        id="bundle-config",
        title="Bundler login",
        documentation="https://bundler.io/man/bundle-config.1.html",
        names=(".bundle/config", "bundle/config"),
        scan=scans.all_of(_bundle),
    ),
    CredentialFile(
        id="sbt-credentials",
        title="password for an Ivy repository",
        documentation="https://www.scala-sbt.org/1.x/docs/Publishing.html#Credentials",
        names=(
            ".credentials",
            ".sbt/credentials",
            ".ivy2/.credentials",
            ".ivy2/credentials",
            "*.credentials",
            ".sbtcredentials",
            "credentials.sbt",
            "sonatype.sbt",
        ),
        scan=scans.all_of(scans.key_values(), scans.quoted_values()),
    ),
    CredentialFile(
        id="ivy-settings",
        title="password for an Ivy repository",
        documentation="https://ant.apache.org/ivy/history/latest-milestone/settings/credentials.html",
        names=("ivysettings.xml", "ivy-settings.xml", "ivy.xml"),
        scan=scans.xml_values("passwd", "password", "passphrase", "passfile"),
    ),
    CredentialFile(
        id="condarc",
        title="conda channel token",
        documentation="https://docs.conda.io/projects/conda/en/latest/user-guide/configuration/settings.html",
        names=(".condarc", "condarc", "*.condarc"),
        scan=_conda,
    ),
    CredentialFile(
        id="gradle-properties",
        title="value in gradle.properties",
        documentation="https://docs.gradle.org/current/userguide/build_environment.html",
        names=(
            "gradle.properties",
            "*.gradle",
            "*.gradle.kts",
            "local.properties",
            "keystore.properties",
            "key.properties",
            "signing.properties",
        ),
        scan=scans.all_of(scans.key_values(), scans.quoted_values()),
    ),
    CredentialFile(
        id="maven-settings",
        title="password of a Maven server",
        documentation="https://maven.apache.org/settings.html#servers",
        names=(
            "settings.xml",
            ".m2/settings.xml",
            "settings-security.xml",
            "*.m2-settings.xml",
            "settings*",
            "pom.xml",
        ),
        scan=_maven,
        sniff=lambda text: "<settings" in text or "<project" in text,
    ),
)
