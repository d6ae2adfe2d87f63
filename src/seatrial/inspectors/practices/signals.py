"""Signs of monitoring, alerts and logs: images, calls of client libraries, resources of clouds."""

from __future__ import annotations

import re

MONITORING_IMAGES = re.compile(
    r"^(?:prometheus|grafana-agent|alloy|agent|datadog-agent|dd-agent|netdata|victoria-?metrics|vmagent|vmsingle|telegraf"
    r"|zabbix-(?:agent2?|server.*)|otel(?:-collector.*|col.*)|opentelemetry-collector.*|node-exporter|cadvisor|mimir|thanos"
    r"|signoz.*|influxdb-telegraf|beyla|newrelic.*|nri-.*|gatus|uptime-?kuma|checkmk.*|icinga2?|nagios.*|statsd.*|sentry"
    r"|glitchtip|apm-server|elastic-agent|jaeger|monit|beszel(?:-agent)?|.*[-_]exporter)$"
)
"""Programs that measure other programs, by the names of their images."""
ALERTING_IMAGES = re.compile(
    r"^(?:alertmanager|vmalert|gatus|uptime-?kuma|netdata|zabbix-server.*|icinga2?|nagios.*|checkmk.*|sentry|glitchtip|monit"
    r"|karma|grafana-oncall|keep|beszel)$"
)
"""Programs that tell people."""
LOG_IMAGES = re.compile(
    r"^(?:promtail|alloy|loki|fluentd?|fluent-bit|vector|filebeat|logstash|logspout|graylog|datadog-agent|grafana-agent"
    r"|elastic-agent|otel-collector.*|opentelemetry-collector.*|dozzle|seq|syslog-ng|rsyslog|logrotate|victoria-?logs)$"
)
"""Programs that take logs away, or keep them small."""

REPORTS_ERRORS = re.compile(
    r"\bsentry_sdk\.init\(|\bSentry\.init\(|\bsentry\.Init\(|\bsentry::init\(|\bSentrySdk\.Init|\bUseSentry\("
    r"|\bRaven\.config|\brollbar\.init\(|\bRollbar\.(?:init|configure)|\bbugsnag\.(?:configure|start)|\bBugsnag\.start"
    r"|\bairbrake|\bhoneybadger\.|\bnewrelic\.agent\.initialize|require\(['\"]newrelic['\"]\)|\bdatadog\.initialize"
    r"|\bddtrace\.(?:patch|auto)|dd-trace['\"]\)?\.init|\btracer\.init\(|\bapplicationinsights|\bApplicationInsights"
    r"|\bElasticAPM\b|\belasticapm\b|\bconfigure_azure_monitor\("
)
"""Calls that send errors to a service that tells people."""
MEASURES = re.compile(
    r"prometheus_client|prom-client|promhttp\.|prometheus\.MustRegister|prometheus\.New|prometheus_fastapi|django_prometheus"
    r"|prometheus_flask|PrometheusMetrics\(|\bInstrumentator\(|micrometer|MeterRegistry|metrics_exporter_prometheus"
    r"|prometheus::|\bMeterProvider\(|\bmetrics\.get_meter\(|opentelemetry[./_-]sdk|OTLPMetricExporter|\bstatsd\b|\bStatsd\b"
    r"|yabeda|prometheus_ex|PromEx|UseHttpMetrics\(|MapMetrics\(|\bexpvar\b"
    r"|[\"'`](?:[A-Z]+ )?/metrics[\"'`]"
)
"""Calls of client libraries that make numbers for a monitoring system."""
PINGS = re.compile(
    r"hc-ping\.com|healthchecks\.io/ping|cronitor\.(?:io|link)|betterstack\.com/api|uptime\.betterstack|dms\."
)
"""Addresses that raise an alarm when calls stop."""
CLOUD_ALARMS = re.compile(
    r"\"(?:aws_cloudwatch_metric_alarm|aws_cloudwatch_composite_alarm|google_monitoring_alert_policy|datadog_monitor"
    r"|azurerm_monitor_(?:metric_alert|scheduled_query_rules_alert\w*|activity_log_alert)|grafana_rule_group|newrelic_alert\w*"
    r"|pagerduty_service|opsgenie_\w+|betteruptime_monitor|checkly_check|statuscake_uptime_check|uptimerobot_monitor)\""
    r"|AWS::CloudWatch::Alarm|new\s+(?:cloudwatch\.)?Alarm\("
)
CLOUD_MONITORING = re.compile(
    r"\"(?:aws_cloudwatch_\w+|google_monitoring_\w+|azurerm_(?:monitor|application_insights|log_analytics)\w*|datadog_\w+"
    r"|grafana_\w+)\"|AWS::CloudWatch|container_insights|performance_insights_enabled\s*=\s*true"
)
EXTENSIONS = re.compile(r"\.(?:tf|tofu|hcl|ya?ml|json|bicep|ts|py)$")
"""Files that may hold resources of a cloud."""
