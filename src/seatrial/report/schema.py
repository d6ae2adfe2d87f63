"""
The shape of report.json, apart from our own types so that neither binds the other.

Numbers are rounded to six decimals, half even; those that a decision rests on have the exact fraction beside them.
`volatile` holds all that differs between two equal runs; `digest` covers the rest.

Texts are exact and print: a backslash is doubled, and what does not print is written `\\xHH`, `\\uHHHH` or
`\\UHHHHHHHH` (report/text.py, `quoted`). What was concluded (conditions, the path to pass) is given in printable
sentences.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import FailFast, Field

from .schema_experiments import ExperimentOut, MeasurementOut
from .schema_load import LoadOut
from .schema_types import (
    ChangeName,
    Count,
    Difference,
    Exact,
    Many,
    Number,
    SchemaModel,
    SeverityName,
    Share,
    StatusName,
)

SCHEMA_VERSION: Final = "1.3"


class ToolOut(SchemaModel):
    """A program or data set that took part."""

    name: str
    version: str


class SubjectOut(SchemaModel):
    """What was surveyed."""

    name: str
    commit: str = Field(description="Full object name of HEAD; empty outside git and before the first commit.")
    folder: str = Field("", description="The surveyed directory's path in its repository; paths are relative to it.")
    dirty: bool = Field(description="Whether the tree differed from the commit.")
    digest: str = Field(description="SHA-256 over `<git blob id> <path>` of every surveyed file.")
    identity: str = Field("", description="What the repository is, with the evidence: `A library: pyproject.toml`.")
    files: Count
    size: Count = Field(description="Bytes.")
    notes: Many[str] = Field(description="What of the tree was left out, and why.")


class ModelOut(SchemaModel):
    """The catalogue that the score rests on."""

    name: str
    sha256: str


class PolicyOut(SchemaModel):
    """The settings that decide."""

    profile: Literal["pull-request", "release"]
    fail_below: float = Field(ge=0, le=100)
    min_coverage: float = Field(ge=0, le=100)
    min_category: float = Field(ge=0, le=10)
    weights: Literal["category", "equal"]
    fail_on: str = Field(description="What closes the gate: score, new, severity:LEVEL or never.")
    only: Many[str] = Field(
        default_factory=list, description="The checks or families that were asked for; empty for all of them."
    )


class CategoryOut(SchemaModel):
    """One category of the score."""

    id: str
    title: str
    weight: int
    score: float | None = Field(description="0 to 10 of what was measured; null if nothing was.")
    coverage: Share | None = Field(description="Null if nothing applies.")
    passed: int
    asked: int


class ScoreOut(SchemaModel):
    """All numbers, 0 to 100 unless they say otherwise; null where nothing was measured."""

    headline: float | None = Field(description="The score: `raw` times `leaves`.")
    raw: float | None = Field(description="Before open root causes take their part.")
    coverage: Share | None = Field(description="Share of the applicable points that was measured.")
    floor: float | None = Field(description="Proven even if everything unmeasured fails.")
    ceiling: float | None = Field(description="Reached if everything unmeasured passes.")
    leaves: Share = Field(description="The share of the score that open critical and high root causes leave.")
    taken_by: str = Field(description="Which these are: `1 critical, 3 high`; empty if there are none.")
    categories: Many[CategoryOut]


class PhaseOut(SchemaModel):
    """One phase of `.seatrial.yml`: a label for checks, with a score that weighs each of them the same."""

    label: Literal["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"]
    title: str
    checks: Annotated[list[str], FailFast(), Field(max_length=1000, description="Checks or families of them.")]
    passed: Count
    failed: Count = Field(description="Measured, and not passed.")
    unmeasured: Count = Field(description="Applies, and was not measured.")
    score: float | None = Field(description="0 to 10: 10 * passed / (passed + failed); null if nothing was measured.")


class ConditionOut(SchemaModel):
    """One condition of the gate."""

    name: str
    state: Literal["GO", "NO-GO", "UNKNOWN"]
    threshold: str
    actual: str
    sentence: str


class GateOut(SchemaModel):
    """The decision."""

    verdict: Literal["PASSED", "CLOSED", "INCONCLUSIVE"]
    exit_code: int
    conditions: Many[ConditionOut]


class LocationOut(SchemaModel):
    """A place; lines and columns count from 1, 0 is unknown."""

    path: str
    line: Count
    column: Count
    end_line: Count
    end_column: Count


class JudgedOut(SchemaModel):
    """One thing that a check is about."""

    name: str
    path: str = Field(description="The file that it is in; findings name it as `path#name`.")
    weight: int = Field(ge=1, lt=2**31, description="By its role; an ordinary one has 100.")
    right: bool = Field(description="Whether no certain finding is about it.")


class ShareOut(SchemaModel):
    """The value is the share of subjects that are right."""

    measure: Literal["share"]
    one: str = Field(description="What one subject is called.")
    many: str = Field(description="The plural, where it is irregular.")
    subjects: Many[JudgedOut]


class DensityOut(SchemaModel):
    """The value is what the worst finding leaves, halved where the density of the others comes to `half`."""

    measure: Literal["density"]
    unit: Literal["lines", "dependencies", "files"]
    size: Count = Field(description="How many of them were searched.")
    half: int = Field(ge=1, lt=2**31)


class CheckOut(SchemaModel):
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
    basis: ShareOut | DensityOut = Field(discriminator="measure")
    tally: str = Field(description="How much is right: `3 of 5 services`; empty unless measured by subjects or size.")
    reason: str
    evidence: str
    measurements: Many[MeasurementOut]
    notes: Many[str]
    experiments: Many[ExperimentOut] = Field(description="What the answer of a live check rests on.")
    loads: Many[LoadOut] = Field(description="The load profiles that it rests on.")
    findings: Many[str] = Field(description="Fingerprints.")


class FixedOut(SchemaModel):
    """A finding; in `comparison` one of the base that is gone. No text in it holds a secret."""

    fingerprint: str = Field(description="Follows from rule, path, anchor and occurrence; of an absence, without path.")
    rule: str
    severity: SeverityName
    confidence: Literal["confirmed", "high", "low"]
    message: str
    location: LocationOut
    related: Many[LocationOut]
    remedy: str = Field(description="The only text with line feeds.")
    subject: str
    root: str = Field(min_length=1, description="Findings with the same root have one fix.")
    commit: str = Field(description="Set if it is in this commit and not in the tree.")
    anchor: str = Field(description="What identifies it besides rule and path; redacted.")
    occurrence: int = Field(ge=1, lt=2**53)


class FindingOut(FixedOut):
    """One finding of this survey."""

    check: str
    about: Many[str] = Field(description="The subjects that it makes wrong, as `path#name`; empty: all of them.")
    waived: bool
    change: ChangeName | None = Field(description="Against the base; null without one.")


class WaiverOut(SchemaModel):
    """An accepted finding, as `.seatrial.yml` has it."""

    fingerprint: str
    rule: str
    path: str
    reason: str
    owner: str
    approved_by: str
    ticket: str
    created: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    expires: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")


class AllowedOut(SchemaModel):
    """A finding that a comment or a scanner's configuration hides."""

    kind: Literal[
        "seatrial: allow",
        "nosec",
        "hadolint ignore",
        "shellcheck disable",
        "zizmor: ignore",
        "gitleaks:allow",
        "pragma: allowlist secret",
        "scanner configuration",
        "file size",
        "number of files",
        "excluded path",
        "ignored path",
        "symbolic link",
        "submodule",
        "renamed file",
        "path of tests or examples",
    ]
    rule: str
    severity: SeverityName
    location: LocationOut
    reason: str = Field(description="What the comment says after its word, or what took the file out of the survey.")
    by_change: bool = Field(description="Whether the change hides it, and the base does not.")
    counts: bool = Field(description="Whether it is among `findings` all the same.")


class UnjudgedOut(SchemaModel):
    """A file that the change took out of the survey, and that could not be judged."""

    path: str
    reason: str


class ComparisonOut(SchemaModel):
    """This survey beside one of the base; numbers are of the checks that were fully measured on both sides."""

    commit: str = Field(description="What was compared with; empty if a report file does not tell.")
    label: str
    score: float | None = Field(description="Difference of the score without what open causes take, -100 to 100.")
    categories: dict[str, float] = Field(description="Difference of the category scores, -10 to 10.")
    coverage: float = Field(description="Difference of the coverage, -1 to 1.")
    regressions: Many[str] = Field(description="Checks that passed in the base and fail here.")
    common: Count = Field(description="Checks measured on both sides.")
    coverage_exact: Difference
    worths: dict[str, Exact] = Field(description="What each fully measured check was worth in the base, 0 to 1.")
    fixed: Many[FixedOut]
    notes: Many[str]


class StepOut(SchemaModel):
    """One step of the path to pass."""

    places: Many[str] = Field(description="The files to work on.")
    checks: Many[str]
    roots: Many[str]
    remedies: Many[str]
    effort: int
    gain: float = Field(description="Points of the score that it adds to those of the steps before.")
    score: float | None = Field(description="After this step.")


class PathOut(SchemaModel):
    """The cheapest fixes that open the gate."""

    opens: bool
    cheapest: bool = Field(description="False if there were too many ways to be sure that none is cheaper.")
    effort: int
    steps: Many[StepOut]
    remaining: Many[str]


class VolatileOut(SchemaModel):
    """What differs between two equal runs."""

    started: str
    duration: float = Field(description="Seconds.")
    durations: dict[str, float] = Field(description="Seconds for each check.")


class ReportOut(SchemaModel):
    r"""
    A Seatrial report.

    Texts are exact and safe to print: a backslash is doubled, and a character that does not print is written `\xHH` (a
    control character of ASCII, or a byte of a file name without text), `\uHHHH` or `\UHHHHHHHH`. Numbers are rounded
    to six decimals; `value_exact`, `share_exact`, `coverage_exact` and `worths` are not.
    """

    schema_version: Literal["1.3"]
    seatrial: str = Field(description="Version of the program.")
    digest: str = Field(description="SHA-256 of this document in canonical JSON without `digest` and `volatile`.")
    subject: SubjectOut
    model: ModelOut
    policy: PolicyOut
    score: ScoreOut
    phases: Many[PhaseOut] = Field(
        default_factory=list, description="By label; empty if the policy names no phases. They decide nothing."
    )
    gate: GateOut
    checks: Many[CheckOut]
    findings: Many[FindingOut]
    waivers: Many[WaiverOut] = Field(description="Those of the policy; they counted on the day of `volatile.started`.")
    path_to_pass: PathOut
    comparison: ComparisonOut | None
    policy_changes: Many[str] = Field(description="What the change would do to the policy; the base's judged.")
    notices: Many[str] = Field(description="What a reader should know about this run.")
    allowed: Many[AllowedOut] = Field(description="Findings that are hidden; those that the change hides come first.")
    unjudged: Many[UnjudgedOut] = Field(
        description="Files that the change took out of the survey, and that could not be judged; the gate stays shut."
    )
    tools: Many[ToolOut]
    seed: Count
    interrupted: bool
    volatile: VolatileOut
