"""
No two deployments run at once.

## What it does

Reports jobs that deploy without `concurrency` on the job or the workflow. An `environment`, a step or a name identifies
a deployment.

## Why it matters

Two pushes in a minute deploy side by side, and the older one may end last.

## How to fix

```yaml
concurrency:
  group: deploy-production
  cancel-in-progress: false
```

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#concurrency
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Workflow
from seatrial.inspectors.workflows.purpose import deploys


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Deployments without a group."""
    if "concurrency" in workflow.root:
        return
    for job in workflow.jobs:
        if deploys(job) and "concurrency" not in job.view:
            remedy = "concurrency: {group: deploy, cancel-in-progress: false}"
            yield found(
                RULE.id,
                RULE.severity,
                job.key_at,
                f"{job.id} deploys, and may run twice at once",
                remedy,
                subject=job.id,
            )


RULE = Rule.of(
    __doc__,
    id="workflow/deploy-concurrency",
    check="workflows/readiness",
    severity=Severity.MEDIUM,
    find=_find,
)
