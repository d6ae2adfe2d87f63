"""Incidents, feature flags and analytics."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import assigned, token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import is_mixed

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
_NEWRELIC = "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"
_GRAFANA = "https://grafana.com/docs/grafana/latest/administration/service-accounts/"

INCIDENTS: tuple[Format, ...] = (
    token(
        "pagerduty-api-key",
        "PagerDuty API key",
        "https://support.pagerduty.com/main/docs/api-access-keys",
        HIGH,
        "u+{base64url:18}",
        verify=is_mixed,
        left="[0-9A-Za-z_\\\\+/=]",
        right="[0-9A-Za-z_+/=-]",
    ),
    assigned(
        "pagerduty-key",
        "PagerDuty API or integration key",
        "https://support.pagerduty.com/main/docs/api-access-keys",
        HIGH,
        "pager_?duty|pd_",
        "{base64url:20}",
        name="PAGERDUTY_API_KEY",
        words="key|token",
        verify=is_mixed,
    ),
    assigned(
        "pagerduty-routing-key",
        "PagerDuty routing key",
        "https://developer.pagerduty.com/docs/events-api-v2-overview",
        MEDIUM,
        "pager_?duty|routing|service_",
        "{hex:32}",
        name="PAGERDUTY_ROUTING_KEY",
        words="key|token",
    ),
    assigned(
        "opsgenie-api-key",
        "Opsgenie API key",
        "https://support.atlassian.com/opsgenie/docs/api-key-management/",
        HIGH,
        "opsgenie|genie",
        "{uuid}",
        name="OPSGENIE_API_KEY",
        words="key|token",
    ),
    assigned(
        "uptimerobot-api-key",
        "UptimeRobot API key",
        "https://uptimerobot.com/api/",
        MEDIUM,
        "uptime_?robot",
        "{=u|ur|m}{digit:6-10}-{hex:24}",
        name="UPTIMEROBOT_API_KEY",
    ),
    assigned(
        "statuspage-key",
        "Statuspage API key",
        "https://developer.statuspage.io/",
        MEDIUM,
        "status_?page",
        "{hex:32}",
        name="STATUSPAGE_API_KEY",
        words="key|token",
    ),
    assigned(
        "victorops-key",
        "Splunk On-Call (VictorOps) API key",
        "https://help.victorops.com/knowledge-base/api/",
        MEDIUM,
        "victor_?ops",
        "{hex:32}",
        name="VICTOROPS_API_KEY",
    ),
    assigned(
        "wavefront-token",
        "Wavefront API token",
        "https://docs.wavefront.com/api_tokens.html",
        HIGH,
        "wavefront",
        "{uuid}",
        name="WAVEFRONT_TOKEN",
        words="token",
    ),
)


ANALYTICS: tuple[Format, ...] = (
    token(
        "posthog-personal-key", "PostHog personal API key", "https://posthog.com/docs/api", HIGH, "phx_{base62:43-48}"
    ),
    token("posthog-project-key", "PostHog project API key", "https://posthog.com/docs/api", LOW, "phc_{base62:43-48}"),
    token(
        "launchdarkly-sdk-key",
        "LaunchDarkly SDK key",
        "https://launchdarkly.com/docs/sdk/concepts/client-side-server-side#keys",
        HIGH,
        "sdk-{uuid}",
        left="[0-9A-Za-z_-]",
    ),
    assigned(
        "launchdarkly-access-token",
        "LaunchDarkly API access token",
        "https://launchdarkly.com/docs/home/account/api",
        CRITICAL,
        "launch_?darkly|ld_",
        "api-{uuid}",
        name="LAUNCHDARKLY_ACCESS_TOKEN",
    ),
    token(
        "statsig-secret-key",
        "Statsig server secret key",
        "https://docs.statsig.com/sdk-keys/api-keys",
        HIGH,
        "secret-{base62:43}",
        verify=is_mixed,
        left="[0-9A-Za-z_-]",
    ),
    token(
        "unleash-token",
        "Unleash API token",
        "https://docs.getunleash.io/reference/api-tokens-and-client-keys",
        MEDIUM,
        "{=*|default}:{=development|production|default}.{hex:56-64}",
        pattern=r"(?P<secret>(?:\*|\[\]|[0-9A-Za-z_-]{1,40}):(?:development|production|default|staging|test)\.[0-9a-f]{56,64})",
        keywords=("development.", "production.", "default.", "staging.", "test."),
        left="",
    ),
    assigned(
        "mixpanel-secret",
        "Mixpanel API or project secret",
        "https://developer.mixpanel.com/reference/authentication",
        MEDIUM,
        "mixpanel",
        "{hex:32}",
        name="MIXPANEL_API_SECRET",
        words="secret|token|key",
    ),
    assigned(
        "amplitude-secret-key",
        "Amplitude API or secret key",
        "https://amplitude.com/docs/apis/authentication",
        MEDIUM,
        "amplitude",
        "{hex:32}",
        name="AMPLITUDE_SECRET_KEY",
    ),
    assigned(
        "segment-write-key",
        "Segment write key",
        "https://segment.com/docs/connections/find-writekey/",
        LOW,
        "segment",
        "{base62:32}",
        name="SEGMENT_WRITE_KEY",
        words="key",
        verify=is_mixed,
    ),
    token(
        "segment-public-api-token",
        "Segment public API token",
        "https://docs.segmentapis.com/",
        HIGH,
        "sgp_{base62:64}",
        verify=is_mixed,
    ),
    assigned(
        "keen-key",
        "Keen write or master key",
        "https://keen.io/docs/security/",
        MEDIUM,
        "keen",
        "{upperhex:64}",
        name="KEEN_WRITE_KEY",
    ),
    assigned(
        "optimizely-token",
        "Optimizely personal token",
        "https://docs.developers.optimizely.com/web-experimentation/docs/personal-access-token",
        MEDIUM,
        "optimizely",
        "2:{base64url:43}",
        name="OPTIMIZELY_TOKEN",
    ),
)

FORMATS = INCIDENTS + ANALYTICS
