"""PromQL that breaks its parser: the parser is native, so a panic or a full stack would end the inspector."""

from __future__ import annotations

import pytest

from seatrial.inspectors.prometheus import promql

HUGE = ["1e999", "9e300", "9" * 400, "1e19", "1.9e19", "NaN", "nan", "inf", "Inf"]


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize(
    "shape",
    ["x[{}]", "x offset {}", "x offset -{}", "x[5m:{}]", "x[{}:5m]", "a ^ b[ {} ]", "rate(x[ {}]) > 1", "x OFFSET {}"],
)
def test_a_duration_out_of_range_is_an_error_and_no_panic(
    capfd: pytest.CaptureFixture[str], shape: str, number: str
) -> None:
    with pytest.raises(ValueError):
        promql.parse(shape.format(number))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "text",
    ["x[5m]", "x offset 1w", "x[1h:5m] offset 1d", "x > 1e300", "vector(NaN)", 'x{a="[1e999]"}', "a:b:c[300]", "up"],
)
def test_what_prometheus_takes_is_taken(text: str) -> None:
    assert promql.parse(text) is not None


@pytest.mark.timeout(60)  # worse than linear takes minutes
@pytest.mark.parametrize(
    "text",
    [
        "[:" * 400 + " " * 30_000, "offset " * 4000, "[" + "1" * 32_000, "x[" + ":" * 900 + "9" * 30_000,
        "[ -" * 300 + " " * 9000, '"' + '\\"' * 15_000, "'" * 30_001, "`" * 30_001,
    ],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_long_expressions_end_soon(text: str) -> None:
    with pytest.raises(ValueError):
        promql.parse(text)
