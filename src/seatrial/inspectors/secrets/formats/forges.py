"""Source forges: GitHub, GitLab, Bitbucket, Azure DevOps, Gitea and others."""

from __future__ import annotations

from seatrial.domain import Confidence, Severity
from seatrial.inspectors.secrets.formats.build import assigned, token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import has_crc32, has_wrong_crc32, is_jwt, is_mixed

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
_GITHUB = (
    "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"
)
_GITLAB = "https://docs.gitlab.com/security/tokens/"
_BITBUCKET = "https://support.atlassian.com/bitbucket-cloud/docs/"


def _github(id: str, title: str, severity: Severity, prefix: str) -> Format:  # noqa: A002 - the table's own word
    """A token of GitHub's 2021 format; the checksum settles it, so anything may come before it."""
    return token(id, title, _GITHUB, severity, prefix + "{crc62:36}", verify=has_crc32, left="", min_entropy=3.0)


GITHUB: tuple[Format, ...] = (
    _github("github-pat", "GitHub personal access token (classic)", CRITICAL, "ghp_"),
    _github("github-oauth-token", "GitHub OAuth access token", CRITICAL, "gho_"),
    _github("github-user-token", "GitHub App user access token", HIGH, "ghu_"),
    _github("github-installation-token", "GitHub App installation access token", HIGH, "ghs_"),
    token(
        "github-refresh-token",
        "GitHub App refresh token",
        _GITHUB,
        HIGH,
        "ghr_{base62:36-76}",
    ),
    token(
        "github-stateless-installation-token",
        "GitHub App installation access token (JWT)",
        "https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header/",
        HIGH,
        "ghs_{digit:1-12}_<<{jwt}>>",
        pattern=r"ghs_(?:[0-9A-Za-z]{1,20}_)?(?P<secret>eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{20,})",
        keywords=("ghs_",),
        verify=is_jwt,
    ),
    token(
        "github-fine-grained-pat",
        "GitHub fine-grained personal access token",
        _GITHUB,
        CRITICAL,
        "github_pat_{base62:22}_{base62:59}",
        left="",
    ),
    token(
        "github-token-altered",
        "text in the shape of a GitHub token, with a wrong checksum",
        _GITHUB,
        LOW,
        "{=ghp|gho|ghu|ghs}_{base62:36}",
        verify=has_wrong_crc32,
        confidence=Confidence.LOW,
    ),
    assigned(
        "github-token-legacy",
        "GitHub token (format before 2021)",
        _GITHUB,
        CRITICAL,
        "github|gh_|ghe_",
        "{hex:40}",
        name="GITHUB_TOKEN",
        words="token|passw(?:or)?d|pat|secret|access_?key|api_?key|auth",
    ),
    token(
        "github-url-token",
        "GitHub token in a URL",
        _GITHUB,
        CRITICAL,
        "https://<<{hex:40}>>@github.com/",
        pattern=r"://(?:[0-9A-Za-z_.-]{1,40}:)?(?P<secret>[0-9a-f]{40})(?::x-oauth-basic)?@(?:[a-z]{1,10}\.)?github\.com",
        keywords=("github.com",),
        left="",
        right="",
    ),
)


def _gitlab(id: str, title: str, severity: Severity, shape: str) -> Format:  # noqa: A002
    return token(id, title, _GITLAB, severity, shape)


GITLAB: tuple[Format, ...] = (
    token(
        "gitlab-pat",
        "GitLab personal, project or group access token",
        _GITLAB,
        CRITICAL,
        "glpat-{base64url:20-22}",
        pattern=r"(?P<secret>glpat-[0-9A-Za-z_-]{20,22})",
        counter_example="glpat-{base64url:19}",
    ),
    token(
        "gitlab-pat-routable",
        "GitLab access token (routable)",
        _GITLAB,
        CRITICAL,
        "glpat-{base64url:27-200}.{lower36:2}.{lower36:9}",
        pattern=r"(?P<secret>glpat-[0-9A-Za-z_-]{27,300}\.[0-9a-z]{2}(?:\.[0-9a-z]{2})?[0-9a-z]{7})",
    ),
    _gitlab("gitlab-oauth-secret", "GitLab OAuth application secret", CRITICAL, "gloas-{hex:64}"),
    _gitlab("gitlab-deploy-token", "GitLab deploy token", HIGH, "gldt-{base64url:20+}"),
    _gitlab("gitlab-runner-token", "GitLab runner authentication token", HIGH, "glrt-{base64url:20+}"),
    _gitlab("gitlab-runner-created-token", "GitLab runner token made by registration", HIGH, "glrtr-{base64url:20+}"),
    _gitlab("gitlab-runner-registration-token", "GitLab runner registration token", HIGH, "GR1348941{base64url:20}"),
    _gitlab("gitlab-ci-job-token", "GitLab CI/CD job token", MEDIUM, "glcbt-{base62:1-5}_{base64url:20+}"),
    _gitlab("gitlab-trigger-token", "GitLab pipeline trigger token", HIGH, "glptt-{hex:40}"),
    _gitlab("gitlab-feed-token", "GitLab feed token", MEDIUM, "glft-{base64url:20+}"),
    _gitlab("gitlab-incoming-mail-token", "GitLab incoming mail token", MEDIUM, "glimt-{base62:20+}"),
    _gitlab("gitlab-agent-token", "GitLab agent for Kubernetes token", HIGH, "glagent-{base64url:50+}"),
    _gitlab("gitlab-scim-token", "GitLab SCIM token", HIGH, "glsoat-{base64url:20+}"),
    _gitlab("gitlab-feature-flags-token", "GitLab feature-flags client token", MEDIUM, "glffct-{base64url:20+}"),
    _gitlab("gitlab-workspace-token", "GitLab workspace token", MEDIUM, "glwt-{base64url:20+}"),
    assigned(
        "gitlab-token-legacy",
        "GitLab access token (without prefix)",
        _GITLAB,
        CRITICAL,
        "gitlab|private-token|gl_",
        "{base64url:20}",
        name="GITLAB_TOKEN",
        words="token|api_?key|secret|pat",
        verify=is_mixed,
    ),
)

OTHERS: tuple[Format, ...] = (
    token(
        "bitbucket-app-password",
        "Bitbucket app password",
        _BITBUCKET + "app-passwords/",
        CRITICAL,
        "ATBB{base62:32}",
    ),
    token(
        "bitbucket-access-token",
        "Bitbucket repository, project or workspace access token",
        _BITBUCKET + "access-tokens/",
        CRITICAL,
        "ATCTT3xFfGN0{base64url:150+}",
        pattern=r"(?P<secret>ATCTT3xFfGN0[0-9A-Za-z_=-]{150,260})",
    ),
    assigned(
        "bitbucket-client-secret",
        "Bitbucket OAuth consumer secret",
        _BITBUCKET + "use-oauth-on-bitbucket-cloud/",
        HIGH,
        "bitbucket",
        "{base62:32}",
        name="BITBUCKET_CLIENT_SECRET",
        words="secret",
        verify=is_mixed,
    ),
    token(
        "azure-devops-pat",
        "Azure DevOps personal access token",
        "https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
        CRITICAL,
        "{base62:76}AZDO{base62:4}",
    ),
    assigned(
        "azure-devops-pat-legacy",
        "Azure DevOps personal access token (52 characters)",
        "https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
        CRITICAL,
        "azure|azdo|ado_|devops|vsts|vss_|system_access|visualstudio|nuget",
        "{lower32:52}",
        name="AZURE_DEVOPS_PAT",
        words="token|pat|passw(?:or)?d|pwd|secret|key",
    ),
    assigned(
        "gitea-token",
        "Gitea or Forgejo access token",
        "https://docs.gitea.com/development/api-usage",
        CRITICAL,
        "gitea|forgejo|codeberg|gogs",
        "{hex:40}",
        name="GITEA_TOKEN",
    ),
    assigned(
        "gitee-token",
        "Gitee access token",
        "https://gitee.com/api/v5/oauth_doc",
        CRITICAL,
        "gitee",
        "{hex:32}",
        name="GITEE_ACCESS_TOKEN",
    ),
    token(
        "sourcegraph-access-token",
        "Sourcegraph access token",
        "https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token",
        HIGH,
        "sgp_{hex:16}_{hex:40}",
        pattern=r"(?P<secret>sgp_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40})",
    ),
    token(
        "sourcegraph-license-key",
        "Sourcegraph licence or Cody gateway key",
        "https://sourcegraph.com/docs/admin/subscriptions",
        MEDIUM,
        "{=slk|sgd}_{hex:64}",
    ),
    token(
        "phabricator-conduit-token",
        "Phabricator Conduit API token",
        "https://secure.phabricator.com/book/phabcontrib/article/conduit/",
        HIGH,
        "{=api|cli}-{lower36:28}",
        verify=is_mixed,
        left="[0-9A-Za-z_-]",
        right="[0-9A-Za-z_-]",
    ),
)

FORMATS = GITHUB + GITLAB + OTHERS
