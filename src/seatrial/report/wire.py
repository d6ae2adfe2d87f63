"""
The shape of report.json, apart from our own types so that neither binds the other.

Numbers are rounded to six decimals, half even; beside those that a decision rests on stands the exact fraction.
`volatile` holds all that differs between two equal runs; `digest` covers the rest.

Texts for people are one line and printable. Paths, rules, anchors and roots identify things, so they are exact: what
does not print is written `\\xHH`, `\\uHHHH` or `\\UHHHHHHHH`, and a backslash is doubled (report/text.py, `quoted`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1.0"

Number = Annotated[float, Field(ge=0)]
Exact = Annotated[str, Field(pattern=r"^\d{1,60}(/[1-9]\d{0,59})?$", description="A fraction, such as `9/10`.")]
Count = Annotated[int, Field(ge=0, lt=2**53)]
Share = Annotated[float, Field(ge=0, le=1)]
StatusName = Literal["pass", "fail", "flaky", "skip", "error", "blocked", "na"]
ChangeName = Literal["introduced", "newly known", "unmasked", "unchanged"]
SeverityName = Literal["low", "medium", "high", "critical"]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ToolOut(_Wire):
    """A program or data set that took part."""

    name: str
    version: str


class SubjectOut(_Wire):
    """What was surveyed."""

    name: str
    commit: str = Field(description="Full object name of HEAD; empty outside git.")
    dirty: bool = Field(description="Whether the tree differed from the commit.")
    digest: str = Field(description="SHA-256 over `<git blob id> <path>` of every surveyed file.")
    files: int = Field(ge=0)
    size: int = Field(ge=0, description="Bytes.")
    notes: list[str] = Field(description="What of the tree was left out, and why.")


class ModelOut(_Wire):
    """The catalogue that the score rests on."""

    name: str
    sha256: str


class PolicyOut(_Wire):
    """The settings that decide."""

    profile: Literal["pull-request", "release"]
    fail_below: float
    min_coverage: float
    min_category: float
    weights: Literal["category", "equal"]
    fail_on: str = Field(description="What closes the gate: score, new, severity:LEVEL or never.")


class CategoryOut(_Wire):
    """One category of the score."""

    id: str
    title: str
    weight: int
    score: float | None = Field(description="0 to 10 of what was measured; null if nothing was.")
    coverage: Share | None = Field(description="Null if nothing applies.")
    passed: int
    asked: int


class ScoreOut(_Wire):
    """All numbers, 0 to 100 unless they say otherwise; null where nothing was measured."""

    headline: float | None = Field(description="After the cap.")
    raw: float | None = Field(description="Before the cap.")
    coverage: Share | None = Field(description="Share of the applicable points that was measured.")
    floor: float | None = Field(description="Proven even if everything unmeasured fails.")
    ceiling: float | None = Field(description="Reached if everything unmeasured passes.")
    cap: int | None = Field(description="The most that the score can be while a severe cause is open.")
    cap_reason: str
    categories: list[CategoryOut]


class ConditionOut(_Wire):
    """One condition of the gate."""

    name: str
    state: Literal["GO", "NO-GO", "UNKNOWN"]
    threshold: str
    actual: str
    sentence: str


class GateOut(_Wire):
    """The decision."""

    verdict: Literal["PASSED", "CLOSED", "INCONCLUSIVE"]
    exit_code: int
    conditions: list[ConditionOut]


class LocationOut(_Wire):
    """A place; lines and columns count from 1, 0 is unknown."""

    path: str
    line: Count
    column: Count
    end_line: Count
    end_column: Count


class MeasurementOut(_Wire):
    """A number that an answer rests on."""

    name: str
    value: float
    unit: str
    threshold: float | None


class CheckOut(_Wire):
    """One check and its answer."""

    id: str
    title: str
    category: str
    required: bool
    status: StatusName
    value: Share | None
    value_exact: Exact | None
    share: Share = Field(description="How much of the question was answered.")
    share_exact: Exact
    points: Number = Field(description="Of 100.")
    earned: Number
    reason: str
    evidence: str
    measurements: list[MeasurementOut]
    notes: list[str]
    findings: list[str] = Field(description="Fingerprints.")


class FindingOut(_Wire):
    """One finding. No text in it holds a secret."""

    fingerprint: str
    check: str
    rule: str
    severity: SeverityName
    confidence: Literal["confirmed", "high", "low"]
    message: str
    location: LocationOut
    related: list[LocationOut]
    remedy: str
    subject: str
    root: str = Field(description="Findings with the same root have one fix.")
    commit: str = Field(description="Set if it is in this commit and not in the tree.")
    anchor: str = Field(description="What identifies it besides rule and path; redacted.")
    occurrence: int = Field(ge=1)
    waived: bool
    change: ChangeName | None = Field(description="Against the base; null without one.")


class FixedOut(_Wire):
    """A finding of the base that is gone."""

    rule: str
    severity: SeverityName
    confidence: Literal["confirmed", "high", "low"]
    message: str
    location: LocationOut


class ComparisonOut(_Wire):
    """This survey beside one of the base; numbers are of the checks that were fully measured on both sides."""

    commit: str = Field(description="What was compared with; empty if a report file does not tell.")
    label: str
    score: float | None = Field(description="Difference of the score before caps, -100 to 100.")
    categories: dict[str, float] = Field(description="Difference of the category scores, -10 to 10.")
    coverage: float = Field(description="Difference of the coverage, -1 to 1.")
    regressions: list[str] = Field(description="Checks that passed in the base and fail here.")
    common: Count = Field(description="Checks measured on both sides.")
    worths: dict[str, Exact] = Field(description="What each fully measured check was worth in the base, 0 to 1.")
    fixed: list[FixedOut]
    notes: list[str]


class StepOut(_Wire):
    """One step of the path to pass."""

    check: str
    roots: list[str]
    remedies: list[str]
    effort: int
    gain: float
    score: float | None


class PathOut(_Wire):
    """The cheapest fixes that open the gate."""

    opens: bool
    cheapest: bool = Field(description="False if there were too many ways to be sure that none is cheaper.")
    effort: int
    steps: list[StepOut]
    remaining: list[str]


class VolatileOut(_Wire):
    """What differs between two equal runs."""

    started: str
    duration: float = Field(description="Seconds.")
    durations: dict[str, float] = Field(description="Seconds for each check.")


class ReportOut(_Wire):
    """A Seatrial report."""

    schema_version: Literal["1.0"]
    seatrial: str = Field(description="Version of the program.")
    digest: str = Field(description="SHA-256 of this document in canonical JSON without `digest` and `volatile`.")
    subject: SubjectOut
    model: ModelOut
    policy: PolicyOut
    score: ScoreOut
    gate: GateOut
    checks: list[CheckOut]
    findings: list[FindingOut]
    path_to_pass: PathOut
    comparison: ComparisonOut | None
    policy_changes: list[str] = Field(description="What the change would do to the policy; the base's judged.")
    notices: list[str] = Field(description="What a reader should know about this run.")
    tools: list[ToolOut]
    seed: int
    interrupted: bool
    volatile: VolatileOut
