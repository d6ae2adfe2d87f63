"""Cloud providers' and storage clients' files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import embedded, json_objects, key_value, scans, xml_elements, yaml_lines
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan
from seatrial.inspectors.secrets.files.names import is_secret

_RCLONE = frozenset(
    (
        *("pass", "password", "password2", "token", "client_secret", "secret_access_key", "key", "bearer_token"),
        *("api_key", "service_account_credentials", "sas_url", "account_key", "key_pem", "key_file_pass"),
    )
)
_PEM = re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:\\n|\s)")
_OAUTH = ("client_secret", "refresh_token", "access_token", "id_token", "clientSecret", "refreshToken", "accessToken")


def _google(_path: str, text: str) -> Iterator[CredentialEntry]:
    for found in json_objects.objects(text):
        key = found.members.get("private_key")
        if key and _PEM.match(key.value) and len(key.value) > 200:
            yield CredentialEntry(
                "private_key", key, "private key of a Google service account", severity=Severity.CRITICAL, proven=True
            )
        for name in _OAUTH:
            if name in found.members:
                yield CredentialEntry(name, found.members[name], f"OAuth {name}")


def _firebase(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Android and iOS keep API keys in their Google services files: public by design, but worth a restriction."""
    for found in json_objects.objects(text):
        if "current_key" in found.members:
            yield CredentialEntry("current_key", found.members["current_key"], "Google API key", severity=Severity.LOW)


def _aws(path: str, text: str) -> Iterator[CredentialEntry]:
    for pair in key_value.pairs(text):
        if pair.key.lower() in (
            "aws_secret_access_key",
            "aws_session_token",
            "aws_security_token",
            "secret_access_key",
        ):
            yield CredentialEntry(
                pair.key, pair.span, f'{pair.key} of profile "{pair.section[:60]}"' if pair.section else ""
            )
    yield from scans.json_members("SecretAccessKey", "SessionToken", "aws_secret_access_key")(path, text)


def _aws_csv(_path: str, text: str) -> Iterator[CredentialEntry]:
    """The CSV that the console offers for download: the secret is in the last or third column."""
    for match in re.finditer(
        r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16},(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])", text
    ):
        yield CredentialEntry("Secret access key", TextSpan(match["secret"], *match.span("secret")), proven=True)
    for match in re.finditer(r"^[^,\r\n]{1,100},(?P<secret>[^,\r\n]{8,64}),(?:AKIA|https://)", text, re.MULTILINE):
        yield CredentialEntry("Password", TextSpan(match["secret"], *match.span("secret")), "console password")


def _azure_publish(_path: str, text: str) -> Iterator[CredentialEntry]:
    for node in xml_elements.nodes(text):
        password = node.element.attributes.get("userpwd") or node.element.attributes.get("password")
        if password:
            yield CredentialEntry("userPWD", password, "deployment password")
        certificate = node.element.attributes.get("managementcertificate")
        if certificate and len(certificate.value) > 500:
            yield CredentialEntry(
                "ManagementCertificate", certificate, "management certificate", severity=Severity.CRITICAL, proven=True
            )
        for span in node.element.attributes.values():
            yield from embedded.connection_string(span)


def _azure_service(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`<Setting name="..." value="DefaultEndpointsProtocol=https;AccountName=...;AccountKey=..."/>`."""
    for node in xml_elements.nodes(text):
        value, name = node.element.attributes.get("value"), node.element.attribute("name")
        if value and value.value and (is_secret(name) or name.endswith("AccountEncryptedPassword")):
            yield CredentialEntry(name, value)
        elif value:
            yield from embedded.within(value)


def _rclone(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Passwords are only obscured (AES with a public key); tokens are JSON in one line."""
    for pair in key_value.pairs(text):
        if pair.key not in _RCLONE:
            continue
        inner = re.search(r'"(?:refresh_token|access_token)"\s*:\s*"([^"\n]{8,2000})"', pair.span.value)
        span = pair.span.part(*inner.span(1)) if inner else pair.span
        yield CredentialEntry(pair.key, span, f'{pair.key} of remote "{pair.section[:60]}"')


def _tugboat(_path: str, text: str) -> Iterator[CredentialEntry]:
    for node in yaml_lines.nodes(text):
        if node.key in ("client_key", "api_key", "access_token"):
            yield CredentialEntry(node.key, node.span, "DigitalOcean API key")


def _first_token(_path: str, text: str) -> Iterator[CredentialEntry]:
    """The oldest clients wrote the login and the key on two lines."""
    for match in re.finditer(
        r"^[ \t]*(?P<key>[0-9a-f]{40}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[ \t]*\r?$", text, re.MULTILINE
    ):
        yield CredentialEntry("api_key", TextSpan(match["key"], *match.span("key")), "Heroku API key", proven=True)


PARSERS = (
    CredentialFile(
        id="google-credentials",
        title="Google credential",
        documentation="https://cloud.google.com/iam/docs/keys-create-delete",
        names=("*.json",),
        scan=_google,
        sniff=lambda text: (
            ("private_key" in text and "PRIVATE KEY" in text) or "client_secret" in text or "refresh_token" in text
        ),
    ),
    CredentialFile(
        id="google-services",
        title="Google API key of an app",
        documentation="https://firebase.google.com/docs/projects/api-keys",
        names=("google-services.json", "google-services*", "googleservice-info.plist"),
        scan=_firebase,
        severity=Severity.LOW,
    ),
    CredentialFile(
        id="aws-credentials",
        title="AWS credential",
        documentation="https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
        names=(
            ".aws/credentials",
            ".aws/config",
            "aws/credentials",
            "aws/config",
            "aws_credentials",
            "credentials",
            ".credentials",
            "awscredentials.properties",
            "aws-credentials",
            "aws.credentials",
            "cloud/credentials",
            "aws.json",
            "aws-config.json",
            "aws_credentials*",
            ".awscredentials",
            "cache/*.json",
            "*.aws",
        ),
        scan=_aws,
        severity=Severity.CRITICAL,
    ),
    CredentialFile(
        id="aws-console-csv",
        title="AWS credential",
        documentation="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        names=("*.csv",),
        scan=_aws_csv,
        severity=Severity.CRITICAL,
        sniff=lambda text: "ecret access key" in text[:2000] or "Console login link" in text[:2000],
    ),
    CredentialFile(
        id="azure-publish-settings",
        title="Azure deployment password",
        documentation="https://learn.microsoft.com/en-us/azure/app-service/deploy-configure-credentials",
        names=("*.publishsettings", "*.azurepubxml", "*.pubxml", "*.pubxml.user"),
        scan=_azure_publish,
        severity=Severity.CRITICAL,
    ),
    CredentialFile(
        id="azure-access-tokens",
        title="Azure CLI token",
        documentation="https://learn.microsoft.com/en-us/cli/azure/authenticate-azure-cli",
        names=(
            "accesstokens.json",
            ".azure/accesstokens.json",
            "azureprofile.json",
            "msal_token_cache.json",
            "tokencache.dat",
            "service_principal_entries.json",
            "aksserviceprincipal.json",
            "azureauth.json",
            "my.azureauth",
        ),
        scan=scans.json_members(
            "accessToken", "refreshToken", "_clientSecret", "client_secret", "secret", "clientSecret"
        ),
        severity=Severity.CRITICAL,
    ),
    CredentialFile(
        id="azure-service-configuration",
        title="value in an Azure service configuration",
        documentation="https://learn.microsoft.com/en-us/previous-versions/azure/reference/ee758710(v=azure.100)",
        names=("*.cscfg", "*.csdef"),
        scan=_azure_service,
        severity=Severity.CRITICAL,
    ),
    CredentialFile(
        id="s3cfg",
        title="secret key of s3cmd",
        documentation="https://s3tools.org/kb/item14.htm",
        names=(".s3cfg", "s3cfg", "*.s3cfg", ".s3cmd", "s3cmd.ini", ".s3curl", ".passwd-s3fs", ".s3cfg*"),
        scan=scans.key_values("secret_key", "access_token", "gpg_passphrase"),
        severity=Severity.CRITICAL,
    ),
    CredentialFile(
        id="boto",
        title="secret key of boto or gsutil",
        documentation="https://boto.cloudhackers.com/en/latest/boto_config_tut.html",
        names=(".boto", "boto.cfg", "*.boto"),
        scan=scans.key_values(
            "aws_secret_access_key",
            "gs_secret_access_key",
            "gs_oauth2_refresh_token",
            "client_secret",
            "proxy_pass",
            "aws_security_token",
        ),
        severity=Severity.CRITICAL,
    ),
    CredentialFile(
        id="rclone",
        title="password or token of an rclone remote",
        documentation="https://rclone.org/docs/#configuration-encryption",
        names=("rclone.conf", ".rclone.conf", "rclone/*.conf"),
        scan=_rclone,
    ),
    CredentialFile(
        id="tugboat",
        title="DigitalOcean API key",
        documentation="https://github.com/petems/tugboat#configuration",
        names=(".tugboat", "doctl/config.yaml", "doctl/config.yml"),
        scan=scans.all_of(_tugboat, scans.yaml_values()),
        severity=Severity.CRITICAL,
    ),
    CredentialFile(
        id="openstack-clouds",
        title="OpenStack password",
        documentation="https://docs.openstack.org/python-openstackclient/latest/configuration/index.html",
        names=("clouds.yaml", "clouds.yml", "secure.yaml", "openrc", "openrc.sh", "keystonerc*", "keystonerc_admin"),
        scan=scans.all_of(scans.yaml_values(), scans.key_values()),
    ),
    CredentialFile(
        id="heroku",
        title="Heroku key",
        documentation="https://devcenter.heroku.com/articles/authentication",
        names=("heroku.json", ".heroku/credentials", "heroku/credentials"),
        scan=scans.all_of(scans.json_members(), _first_token),
    ),
)
