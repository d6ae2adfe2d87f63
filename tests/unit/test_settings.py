"""Every option once; a flag beats an input, an input beats the file, the file beats the default."""

from __future__ import annotations

import math
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial import settings
from seatrial.app.cli import cli
from seatrial.domain.errors import UsageError
from seatrial.settings import OPTIONS, Profile, RunStage, Settings, SettingSource, Weights, Where


def test_precedence_does_not_depend_on_the_order_of_the_layers() -> None:
    layers = [
        (SettingSource.FLAG, {"fail_below": 3.0}),
        (SettingSource.FILE, {"fail_below": 1.0, "timeout": 5.0}),
        (SettingSource.INPUT, {"fail_below": 2.0, "min_category": 4.0}),
    ]
    for order in (layers, layers[::-1]):
        combined, sources = settings.combine(order)
        assert (combined.fail_below, combined.min_category, combined.timeout) == (3.0, 4.0, 5.0)
        assert (sources["fail_below"], sources["min_category"]) == (SettingSource.FLAG, SettingSource.INPUT)
        assert sources["path"] is SettingSource.DEFAULT


IN_SECONDS = [name for name, option in OPTIONS.items() if option.facts.unit == "seconds"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("fail_below", "79.5", 79.5),
        ("max_files", "10", 10),
        ("verbose", "TRUE", True),
        ("weights", "equal", Weights.EQUAL),
        ("profile", "release", Profile.RELEASE),
        ("paths", "a, b\nc,", ("a", "b", "c")),
        ("report_dir", "out", Path("out")),
        ("history", "v1..v2", "v1..v2"),
        *((name, "1m30.5s", 90.5) for name in IN_SECONDS),
        *((name, "45", 45.0) for name in IN_SECONDS),
    ],
)
def test_texts_are_parsed_by_the_options_kind(name: str, text: str, value: object) -> None:
    assert OPTIONS[name].parse(text, where=name) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("fail_below", "high", "'high' is not a number"),
        ("max_files", "1.5", "'1.5' is not a whole number"),
        ("load_budget", "1 minute", "'1 minute' is not a duration such as `60s` or `1m30s`"),
        ("verbose", "yes", "'yes' is not true or false"),
        ("weights", "heavy", "'heavy' is not one of category, equal"),
    ],
)
def test_a_wrong_text_says_what_was_expected(name: str, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        OPTIONS[name].parse(text, where="somewhere")


@pytest.mark.parametrize(("name", "value"), [("fail_below", 100.5), ("fail_below", float("nan")), ("jobs", -1)])
def test_a_value_outside_its_range(name: str, value: float) -> None:
    with pytest.raises(UsageError, match="is outside"):
        settings.combine([(SettingSource.FLAG, {name: value})])


def test_inputs() -> None:
    environ = {"INPUT_FAIL_BELOW": " 70 ", "INPUT_SKIP": "", "FAIL_BELOW": "1", "INPUT_UNKNOWN": "x"}
    assert settings.from_inputs(environ) == {"fail_below": 70.0}


@given(st.dictionaries(st.sampled_from([settings.input_variable(n) for n in OPTIONS]), st.text(max_size=8)))
def test_any_input_is_read_or_refused_in_one_line(environ: dict[str, str]) -> None:
    try:
        settings.from_inputs(environ)
    except UsageError as error:
        assert "\n" not in error.message  # noqa: PT017 - a refusal is one of two right outcomes


def test_the_release_profile_asks_for_coverage() -> None:
    assert Settings().least_coverage == 0
    assert Settings(profile=Profile.RELEASE).least_coverage == 90
    assert Settings(profile=Profile.RELEASE, min_coverage=50.0).least_coverage == 50


def test_every_field_says_what_it_is_for() -> None:
    for name, option in OPTIONS.items():
        assert option.facts.help.endswith("."), name
        assert option.facts.where in (Where.ANY, Where.CALLER), name
        assert option.variable.replace("INPUT_", "").isupper()


@pytest.mark.parametrize(
    ("command", "stages"),
    [("run", tuple(RunStage)), ("plan", (RunStage.TREE, RunStage.SURVEY)), ("comment", (RunStage.COMMENT,))],
)
def test_a_command_takes_every_flag_of_its_stages(command: str, stages: tuple[RunStage, ...]) -> None:
    taken = {parameter.name for parameter in cli.commands[command].params if isinstance(parameter, click.Option)}
    flags = {name for name, option in OPTIONS.items() if Where.FLAG in option.facts.where} - {"path"}
    assert taken == {name for name in flags if OPTIONS[name].facts.stage in stages}


def test_what_a_survey_is_made_of_is_an_option_of_the_plan_and_no_verdict_is() -> None:
    assert {OPTIONS[name].facts.stage for name in ("max_files", "timeout", "paths")} == {RunStage.TREE}
    assert {OPTIONS[name].facts.stage for name in ("report_dir", "vuln_db", "base")} == {RunStage.SURVEY}
    assert {OPTIONS[name].facts.stage for name in ("fail_below", "weights", "profile")} == {RunStage.VERDICT}


def test_every_number_has_bounds_that_its_default_keeps() -> None:
    for name, option in OPTIONS.items():
        low, high = option.facts.bounds
        assert (math.isfinite(low) and math.isfinite(high)) is option.is_number, name
        if option.is_number and option.default is not None:
            assert low <= option.default <= high, name
