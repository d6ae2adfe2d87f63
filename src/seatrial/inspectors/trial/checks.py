"""The ids of the live checks, known without loading the lab."""

from __future__ import annotations

START, AGAIN, STOP = "trial/start", "trial/second-up", "trial/stop"
STEADY, DECLARED, LOGS = "trial/steady", "trial/as-declared", "trial/log-secrets"
USER, LISTENS, IMAGES = "trial/container-user", "trial/listens", "trial/images"
ERRORS, GIVEN, ENDPOINTS = "trial/log-errors", "trial/environment-secrets", "trial/endpoints"
INSTANT, OUTAGE, DEGRADATION = "trial/recovery", "trial/outage", "trial/degradation"
EXPERIMENTS = (INSTANT, OUTAGE, DEGRADATION)
CONFIG_ERRORS, CONFIG_MESSAGES = "deployment/config-errors", "deployment/config-messages"
MISSING_SECRETS = "deployment/missing-secrets"
UPGRADE = "deployment/upgrade"
CONFIGURATION = (CONFIG_ERRORS, CONFIG_MESSAGES, MISSING_SECRETS)
LOOKS = (USER, LISTENS, IMAGES, ERRORS, GIVEN, ENDPOINTS)
LATENCY, FAILURES, MEMORY, RADIUS, WORKERS = LOADS = (
    "load/latency", "load/errors", "load/memory", "load/blast-radius", "load/workers",
)  # fmt: skip
DRILL = "backup/drill"
CHECKS = (
    START, AGAIN, STOP, STEADY, DECLARED, LOGS, *LOOKS, *EXPERIMENTS, *CONFIGURATION, UPGRADE, *LOADS, DRILL,
)  # fmt: skip
