"""`.seatrial.yml`: every key checked, every mistake at its place."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.domain.errors import UsageError
from seatrial.settings import OPTIONS, Profile, Where, config


def test_everything_at_once() -> None:
    text = """
version: 1
profile: release
fail_below: 85
exclude: vendor, "*.min.js"
paths: [src, deploy]
disable: {compose/restart-policy: the platform restarts the containers}
waivers:
  - {rule: a/b, path: "**", reason: a reason that is long enough, owner: me, created: 2026-01-01, expires: 2026-02-01}
"""
    read = config.parse(text.replace('vendor, "*.min.js"', '"vendor, *.min.js"'), "x")
    assert read.options == {
        "profile": Profile.RELEASE,
        "fail_below": 85,
        "exclude": ("vendor", "*.min.js"),
        "paths": ("src", "deploy"),
    }
    assert read.disabled == {"compose/restart-policy": "the platform restarts the containers"}
    assert read.waivers[0].rule == "a/b"


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file_says_nothing(text: str) -> None:
    assert config.parse(text, "x").options == {}


@pytest.mark.parametrize(
    ("text", "where", "message", "remedy"),
    [
        ("fail_belo: 1", "x:1:1", "unknown key 'fail_belo'", "did you mean 'fail_below'?"),
        ("version: 1\nzzz: 1", "x:2:1", "unknown key 'zzz'", "known keys: "),
        ("report_dir: out", "x:1:1", "unknown key 'report_dir'", ""),
        ("fail_below: [1]", "x:1:1", "fail_below", ""),
        ("disable: [a]", "x:1:1", "disable", ""),
        ("waivers:\n- {reson: x}", "x:2:4", "unknown key 'reson'", "did you mean 'reason'?"),
        ("a: 1\na: 2", "x:2:1", "'a' occurs twice", ""),
        ("a: 1\n---\nb: 1", "x:1:1", "expected one mapping", ""),
    ],
)
def test_mistakes(text: str, where: str, message: str, remedy: str) -> None:
    with pytest.raises(UsageError) as error:
        config.parse(text, "x")
    assert error.value.where == where
    assert message in error.value.message
    assert remedy in error.value.remedy


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        config.parse(text, "x")
    except UsageError as error:
        assert "\n" not in str(error)  # noqa: PT017 - a refusal is one of two right outcomes


def test_the_file_knows_every_option_that_belongs_into_it() -> None:
    options = {name for name, option in OPTIONS.items() if Where.FILE in option.facts.where}
    assert set(config.ConfigFile.model_fields) == options | {
        "version",
        "disable",
        "waivers",
        "phases",
        "chaos",
        "load",
        "backups",
        "licenses",
        "environment",
    }


def test_the_template_is_a_valid_file_with_all_its_examples() -> None:
    text = resources.files("seatrial.app").joinpath("templates", "seatrial.yml").read_text("utf-8")
    assert config.parse(text, "x").options == {"fail_below": 80}
    examples = re.sub(r"^# (?=[a-z]+[a-z_]*:|  |- )", "", text, flags=re.MULTILINE)
    read = config.parse(examples, "x")
    assert read.disabled
    assert read.waivers
    assert read.options["exclude"] == ("vendor", "*.min.js")


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        config.load(tmp_path / "missing")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not UTF-8"):
        config.load(tmp_path / "binary")
    (tmp_path / "large").write_bytes(b"#" * (config.SIZE_LIMIT + 1))
    with pytest.raises(UsageError, match="larger than"):
        config.load(tmp_path / "large")


def test_a_link_that_leaves_the_repository_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.yml").write_text("fail_below: 1\n")
    (root / ".seatrial.yml").symlink_to(tmp_path / "outside.yml")
    with pytest.raises(UsageError, match="leaves the repository"):
        config.find(root)
    (root / ".seatrial.yml").unlink()
    (root / "policy.yml").write_text("fail_below: 1\n")
    (root / ".seatrial.yml").symlink_to("policy.yml")
    assert config.find(root) == root / ".seatrial.yml"
