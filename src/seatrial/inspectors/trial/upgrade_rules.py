"""The rules of deployments over a running stack: what was done, what was seen, how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.trial.checks import UPGRADE
from seatrial.lab.upgrade.judge import UpgradeFault

_EXPAND = "https://martinfowler.com/bliki/ParallelChange.html"
_UNSAMPLED = "seen in a running stack only"


class _UpgradeRow(NamedTuple):
    """A rule as its author writes it."""

    fault: UpgradeFault
    severity: Severity
    title: str
    what: str
    why: str
    fix: str
    source: str


def rules() -> Iterator[Rule[object]]:
    """The rules, all of one check."""
    for row in _ROWS:
        yield Rule(
            id=f"deployment/{row.fault}", checks=(UPGRADE,), severity=row.severity, title=row.title, what=row.what,
            why=row.why, fix=row.fix, source=row.source, unsampled=_UNSAMPLED,
        )  # fmt: skip


_ROWS = (
    _UpgradeRow(
        UpgradeFault.SECOND,
        Severity.HIGH,
        "The same version can be deployed twice",
        (
            "Runs `docker compose up` a second time over the running stack, without any change. The command has to "
            "succeed within 60 s, and every service has to be up."
        ),
        "A deployment that stops half-way is repeated by operators and pipelines. One that fails then needs a repair.",
        "Make tasks idempotent: `create table if not exists`, migrations that record what was applied.",
        "https://12factor.net/admin-processes",
    ),
    _UpgradeRow(
        UpgradeFault.DATA,
        Severity.CRITICAL,
        "No deployment loses data",
        (
            "Writes markers into every store that it knows, and by the requests of `chaos.data`, before and during a "
            "deployment. Every acknowledged one has to be there afterwards."
        ),
        "What a migration drops is gone for all users at once. A rollback of the code does not bring it back.",
        (
            "Keep the data in a named volume. Add the new column first, copy, and drop the old one in a later release "
            "(expand and contract)."
        ),
        _EXPAND,
    ),
    _UpgradeRow(
        UpgradeFault.FAILS,
        Severity.HIGH,
        "The head comes up over the base's data",
        (
            "Starts the base's stack, writes data, and deploys the head over it in the same project. It has 30 s, or "
            "twice as long as the base needed. A head that does not come up from a clean copy either is not reported."
        ),
        "Tests start with an empty store, and production never does.",
        "Read the service's last lines in the finding, and test the migration with the data of the version before.",
        _EXPAND,
    ),
    _UpgradeRow(
        UpgradeFault.REQUESTS,
        Severity.MEDIUM,
        "Requests are answered during an update",
        (
            "Asks entry points and declared operations all the time while the head replaces the base. At least 70 % "
            "of the answers have to be good, over 10 s or until all is up."
        ),
        "An update that takes the service down is done at night, seldom, and with many changes at a time.",
        "Start faster, stop at once on SIGTERM, and run two replicas behind a proxy.",
        "https://sre.google/sre-book/release-engineering/",
    ),
    _UpgradeRow(
        UpgradeFault.ROLLBACK,
        Severity.HIGH,
        "An update can be rolled back",
        "Deploys the base over the head and its data again. It has to come up, answer, and have every marker.",
        "A bad release is then an outage until the next one is ready.",
        "Keep each change of the schema readable for the version before it (expand and contract).",
        _EXPAND,
    ),
)
