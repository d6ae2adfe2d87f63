"""The part of report.json about experiments on the running stack, and numbers that an answer rests on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .schema_types import Many, QuantityName, ResultName, SchemaModel, TrialRuleName, UnitName


class MeasurementOut(SchemaModel):
    """A number that an answer rests on."""

    name: str
    value: float
    unit: UnitName = Field(description="As UCUM writes it; what is counted is in braces.")
    threshold: float | None
    quantity: QuantityName | None = Field(None, description="What it measures of one question of an experiment.")


class MomentOut(SchemaModel):
    """One line of a timeline."""

    at: float = Field(description="Seconds since the fault began.")
    text: str


class SpanOut(SchemaModel):
    """A stretch of time in which something was the same; seconds since the fault began."""

    shown: Literal["fault", "back", "good", "wrong", "silent", "down", "errors"]
    began: float
    ended: float
    text: str = ""


class LaneOut(SchemaModel):
    """One line of an experiment's picture: the fault, a question, a container or a log."""

    name: str
    told: str = Field(description="What it comes to, in words.")
    spans: Many[SpanOut]


class ExperimentOut(SchemaModel):
    """Something that was done to the running stack on purpose."""

    fault: str
    target: str
    result: ResultName
    parameters: str = Field("", description="With their units, defaults included: `duration 5s, mode drop`.")
    rule: TrialRuleName | None = Field(None, description="The first rule that does not hold; null: all hold.")
    reason: str
    evidence: str = Field(description="What showed that the fault was on.")
    complaints: Many[str]
    measurements: Many[MeasurementOut]
    timeline: Many[MomentOut]
    lanes: Many[LaneOut] = Field(default_factory=list)
    seconds: float
