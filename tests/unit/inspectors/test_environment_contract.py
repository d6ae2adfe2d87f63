"""The environment contract: names against names, and values that should not be what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Answer, Status
from seatrial.inspectors.base import Context
from seatrial.inspectors.environment.inspector import EnvironmentInspector
from seatrial.inspectors.environment.reads import reads
from seatrial.inspectors.environment.rules import DOCUMENTED, VALUES
from seatrial.settings import Settings
from seatrial.system.source import open_tree

COMPOSE = """\
services:
  api:
    image: acme/a:1
    environment:
      DATABASE_URL: ${DATABASE_URL}
      CACHE: ${CACHE:-redis://cache}
      SECRET_KEY: short-kite
      JWT_SECRET: kite-Plum-42-kite
      SESSION_SECRET: kite-Plum-42-kite
      DB_PASSWORD: postgres
      METRICS_PORT: 99999
      APP_DEBUG: "true"
      GIVEN: x
"""
CODE = """\
import os
TOKEN = os.environ["STRIPE_API_KEY"]
TTL = os.getenv("CACHE_TTL", "3")
GIVEN = os.environ["GIVEN"]
os.environ["WRITTEN"] = "1"
HOME = os.environ["HOME"]
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")
    mail_host: str
    mail_port: int = 25
"""


def survey(root: Path, files: dict[str, str], **more: object) -> dict[str, Answer]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    context = Context(open_tree(root), Settings(), root / ".cache", **more)  # type: ignore[arg-type]
    return {a.check: a for a in EnvironmentInspector().inspect(context)}


def told(answer: Answer) -> set[tuple[str, str, int]]:
    return {(f.rule.removeprefix("environment/"), f.location.path, f.location.line) for f in answer.findings}


FILES = {
    "compose.yaml": COMPOSE,
    "src/app.py": CODE,
    ".env.example": "DATABASE_URL=\n# TTL of the cache\nOLD_THING=1\n",
}


def test_names_are_held_against_names(tmp_path: Path) -> None:
    assert told(survey(tmp_path, FILES)[DOCUMENTED]) == {
        ("undocumented", "src/app.py", 2), ("undocumented", "src/app.py", 9), ("unused", ".env.example", 3),
    }  # fmt: skip


def test_what_the_repository_knows_better_is_believed(tmp_path: Path) -> None:
    answer = survey(tmp_path, FILES, known_variables=("STRIPE_*", "SHOP_*", "OLD_THING"))[DOCUMENTED]
    assert answer.status is Status.PASS


def test_without_an_example_it_is_one_finding(tmp_path: Path) -> None:
    answer = survey(tmp_path, {k: v for k, v in FILES.items() if k != ".env.example"})[DOCUMENTED]
    [finding] = answer.findings
    assert finding.rule == "environment/no-example"
    assert "DATABASE_URL, SHOP_MAIL_HOST, STRIPE_API_KEY" in finding.message


def test_values_that_should_not_be(tmp_path: Path) -> None:
    answer = survey(tmp_path, FILES | {".env": "API_TOKEN=kite-Plum-42\nPORT=8080\n"})[VALUES]
    assert told(answer) == {
        ("weak-key", "compose.yaml", 7), ("weak-key", "compose.yaml", 8), ("weak-key", "compose.yaml", 9),
        ("shared-secret", "compose.yaml", 8), ("default-password", "compose.yaml", 10), ("port", "compose.yaml", 11),
        ("debug", "compose.yaml", 12), ("committed-env", ".env", 1),
    }  # fmt: skip
    assert "kite" not in "".join(f.message + f.remedy for f in answer.findings)


def test_good_values_and_those_for_developers_are_silent(tmp_path: Path) -> None:
    good = COMPOSE.partition("      SECRET_KEY")[0] + "      SECRET_KEY: ${SECRET_KEY:?}\n      PORT: 8080\n"
    files = {"compose.yaml": good, ".env.example": "DATABASE_URL=\nSECRET_KEY=changeme\nDEBUG=1\n"}
    answers = survey(tmp_path, files)
    assert [a.status for a in answers.values()] == [Status.PASS, Status.PASS]


def test_a_library_has_no_contract(tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text(CODE)
    reason = EnvironmentInspector().applies(Context(open_tree(tmp_path), Settings(), tmp_path / ".cache"))
    assert reason is not None
    assert reason.status is Status.NA


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("a.js", "const a = process.env.API_KEY;", [("API_KEY", False)]),
        ("a.ts", "const a = process.env.API_KEY ?? 'x';", [("API_KEY", False)]),
        ("a.ts", "const a = process.env['API_KEY']!;", [("API_KEY", True)]),
        ("a.vue", "import.meta.env.VITE_URL", [("VITE_URL", False)]),
        ("a.go", 'os.Getenv("API_KEY")', [("API_KEY", False)]),
        ("a.rb", "ENV.fetch('API_KEY')", [("API_KEY", True)]),
        ("a.rb", "ENV.fetch('API_KEY', 'x')", [("API_KEY", False)]),
        ("a.php", "env('API_KEY')", [("API_KEY", False)]),
        ("a.java", 'System.getenv("API_KEY")', [("API_KEY", False)]),
        ("a.rs", 'env::var("API_KEY")', [("API_KEY", False)]),
        ("a.cs", 'Environment.GetEnvironmentVariable("API_KEY")', [("API_KEY", False)]),
        ("a.py", 'environ.get("API_KEY")', [("API_KEY", False)]),
        ("a.py", 'os.environ.get("API_KEY")', [("API_KEY", False)]),
        ("a.txt", 'os.environ["API_KEY"]', []),
    ],
)
def test_every_languages_idioms(path: str, line: str, expected: list[tuple[str, bool]]) -> None:
    assert [(r.name, r.required) for r in reads(path, line)] == expected
