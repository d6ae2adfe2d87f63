"""report.html in a real browser: it can be used by everybody, in light and dark, and nothing in it runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import outcomes
import pytest

from seatrial.app import explain
from seatrial.domain import Answer, Report, Severity, Subject
from seatrial.domain.measured import (
    Experiment,
    ExperimentResult,
    Measurement,
    MeasureUnit,
    Quantity,
    Shown,
    TimelineLane,
    TimeSpan,
)
from seatrial.report import Outcome, html

AXE = Path(__file__).parents[1] / "contract" / "linters" / "node_modules" / "axe-core" / "axe.min.js"
REQUIRED = os.environ.get("SEATRIAL_REQUIRE_DOCKER") == "1"
CHECK = """
axe.run({resultTypes: ["violations", "incomplete"]}).then(found => {
  const told = found.violations.map(v => ({id: v.id, impact: v.impact, at: v.nodes.map(n => n.html).slice(0, 3)}));
  const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const answer = {violations: told, passes: found.passes.length, wide, dark};
  document.body.textContent = "TOLD" + JSON.stringify(answer) + "END";
});
"""


def browser() -> str:
    """Chromium; the test is skipped without it, or fails where nothing may be skipped."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None or not AXE.is_file():
        reason = "needs Chromium and `make linters`"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def dump(file: Path, *, width: int = 1200, dark: bool = False) -> str:
    """The document as it is after everything in it has run."""
    words = [
        browser(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", f"--user-data-dir={file.parent / 'profile'}",
        f"--window-size={width},900", "--virtual-time-budget=20000", "--dump-dom",
        *(["--blink-settings=preferredColorScheme=0"] if dark else []), file.as_uri(),
    ]  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "HOME": str(file.parent)}
    done = subprocess.run(words, env=environment, capture_output=True, check=False, timeout=240)
    return done.stdout.decode("utf-8", "replace")


def examined(outcome: Outcome, folder: Path, **more: Any) -> dict[str, Any]:
    """What axe says of the page. Its policy is taken out for that: it forbids every script, axe too."""
    page, policy = html.render(outcome), '<meta http-equiv="Content-Security-Policy"'
    before, _, rest = page.partition(policy)
    page = (before + rest.partition(">")[2]).replace(
        "</body>", f"<script>{AXE.read_text('utf-8')}</script><script>{CHECK}</script></body>"
    )
    file = folder / "page.html"
    file.write_text(page, "utf-8")
    told = dump(file, **more)
    assert "TOLD" in told, told[-2000:]
    answer: dict[str, Any] = json.loads(
        told.partition("TOLD")[2].partition("END")[0].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )
    return answer


def full() -> Outcome:
    """A page with everything on it."""
    found = [outcomes.finding(n, Severity(n % 4 + 1), "a long message " * 20) for n in range(1, 20)]
    answers = [Answer.of_findings(c, found if n == 0 else [], notes=["a note"]) for n, c in enumerate(outcomes.CHECKS)]
    answers[1] = Answer.error(outcomes.CHECKS[1], "the scanner is not installed")
    course = tuple((float(n), f"moment {n}") for n in range(5))
    figures = (Measurement("api recovery", 1.25, MeasureUnit.SECONDS, None, Quantity.RECOVERY),)
    every = tuple(TimeSpan(shown, float(n), n + 1.5, "3 errors") for n, shown in enumerate(Shown))
    lanes = (
        TimelineLane("partition store", "on for 5 s", every),
        TimelineLane("api GET :80/" + "long/" * 30, "never " * 20, every),
    )
    experiments = tuple(
        Experiment(
            f"fault-{result}", "store", result, complaints=("it is down " * 20,), measurements=figures, timeline=course,
            lanes=lanes if result is not ExperimentResult.FLAKY else (),
        )
        for result in ExperimentResult
    )  # fmt: skip
    answers[2] = replace(answers[2], experiments=experiments)
    made = outcomes.outcome(Report(Subject("shop", files=3), tuple(answers), started="2026-01-01T00:00:00Z"))
    return replace(made, page_of=explain.rule_page, notices=("There is no base to compare with.",))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1200, 400])
def test_everybody_can_use_it(tmp_path: Path, width: int, dark: bool) -> None:
    told = examined(full(), tmp_path, width=width, dark=dark)
    assert told["violations"] == []
    assert told["passes"] > 15
    assert told["dark"] is dark
    assert told["wide"] is False, "nobody has to scroll sideways"


def test_an_ugly_one_too(tmp_path: Path) -> None:
    told = examined(outcomes.ugly(), tmp_path)
    assert told["violations"] == []
    assert told["wide"] is False


def test_axe_sees_what_is_wrong(tmp_path: Path) -> None:
    """Else the tests above could not fail."""
    made = outcomes.small()
    file = tmp_path / "x"
    file.mkdir()
    real = html.render

    def without_language(outcome: Outcome) -> str:
        return real(outcome).replace('<html lang="en">', "<html>").replace("--dim:#57606a", "--dim:#ccc")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "render", without_language)
        told = examined(made, file)
    assert {v["id"] for v in told["violations"]} >= {"html-has-lang", "color-contrast"}


def test_a_script_that_got_in_would_not_run(tmp_path: Path) -> None:
    """The policy of the page is the second wall."""
    script = "<script>document.documentElement.setAttribute('data-ran', '1')</script>"
    page = html.render(outcomes.small()).replace("</body>", f"{script}</body>")
    file = tmp_path / "page.html"
    file.write_text(page, "utf-8")
    assert 'data-ran="1"' not in dump(file)
    before, _, rest = page.partition('<meta http-equiv="Content-Security-Policy"')
    file.write_text(before + rest.partition(">")[2], "utf-8")
    assert 'data-ran="1"' in dump(file)
