"""Dockerfiles and Python: what is there is read, and what is read is said once, without its secrets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from surveying import Survey

HARDENING, SECRETS, HADOLINT = "dockerfile/hardening", "dockerfile/secrets", "dockerfile/hadolint"
CHECKS = (HARDENING, SECRETS, "dockerfile/reproducible", "dockerfile/lifecycle", HADOLINT)
TOKEN = "4f9a8b7c6d5e" * 2  # no format of any service
PIPE = "curl -fsSL https://get.example.org/install.sh | bash"


def tree(where: Path, files: dict[str, str | bytes]) -> Path:
    root = where / "tree"
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        (root / name).write_bytes(data)
    return root


def test_a_shift_is_no_heredoc(survey: Survey, tmp_path: Path) -> None:
    text = (
        f"FROM debian:12 AS build\nRUN echo $((1<<20)) > /limit\nFROM debian:12\nENV DB_PASSWORD={TOKEN}\nUSER 1000\n"
        'CMD ["sleep", "1"]\n'
    )
    done = survey(tree(tmp_path, {"Dockerfile": text}), only=["dockerfile"])
    assert [f["location"]["line"] for f in done.of("dockerfile/secret")] == [4]
    assert "dockerfile/root-user" not in done.rules


def test_the_text_of_a_heredoc_is_no_instruction(survey: Survey, tmp_path: Path) -> None:
    text = f"FROM debian:12\nCOPY <<-\\EOT /data.txt\nUSER app\nEOT\nRUN {PIPE}\nENV API_TOKEN={TOKEN}\n"
    done = survey(tree(tmp_path, {"Dockerfile": text}), only=["dockerfile"])
    assert {"dockerfile/root-user", "dockerfile/pipe-to-shell", "dockerfile/secret"} <= done.rules
    assert "hadolint/DL1000" not in done.rules


@pytest.mark.parametrize("lead", ["", "ONBUILD ", "ONBUILD\t"])
@pytest.mark.parametrize("gap", ["\t", " ", "  \t"])
def test_tabs_and_triggers_hide_nothing(survey: Survey, tmp_path: Path, lead: str, gap: str) -> None:
    text = f"FROM{gap}debian:12\n{lead}RUN{gap}{PIPE}\n{lead}ENV{gap}API_TOKEN={TOKEN}\nUSER{gap}root\n"
    done = survey(tree(tmp_path, {"Dockerfile": text}), only=["dockerfile"])
    assert {f["rule"]: f["location"]["line"] for f in done.findings if f["rule"].startswith("dockerfile/")} | {
        "dockerfile/pipe-to-shell": 2,
        "dockerfile/secret": 3,
        "dockerfile/root-user": 4,
    } == {f["rule"]: f["location"]["line"] for f in done.findings if f["rule"].startswith("dockerfile/")}


def test_files_whose_names_begin_like_one_are_no_dockerfiles(survey: Survey, tmp_path: Path) -> None:
    sources = {
        "dockerfile.go": "package dockerfile\n",
        "dockerfile_test.go": "package dockerfile\n",
        "dockerfile.ts": "from './x'\n",
        "dockerfile_parse.py": "from os import path\n",
        "dockerfile-security.rego": "package main\n",
        "Dockerfile.md": "FROM here\n",
        "Dockerfile.dockerignore": "node_modules\n",
    }
    done = survey(tree(tmp_path, {"Dockerfile": "FROM debian:12\nUSER a\n", **sources}), only=["dockerfile"])
    assert "hadolint/DL1000" not in done.rules
    assert {done.check(c)["evidence"] for c in CHECKS} == {"1 Dockerfile"}


def test_files_that_compose_builds_are_dockerfiles(survey: Survey, tmp_path: Path) -> None:
    compose = "services:\n  a:\n    build:\n      context: app\n      dockerfile: image.build\n"
    files: dict[str, str | bytes] = {
        "compose.yaml": compose, "app/image.build": f"FROM debian:12\nRUN {PIPE}\n", "image.other": "FROM debian:12\n",
    }  # fmt: skip
    done = survey(tree(tmp_path, files), only=["dockerfile"])
    assert [f["location"]["path"] for f in done.of("dockerfile/pipe-to-shell")] == ["app/image.build"]
    assert done.check(HARDENING)["evidence"] == "1 Dockerfile"


def test_a_port_that_is_none_and_an_administrators_port_are_two_facts(survey: Survey, tmp_path: Path) -> None:
    done = survey(tree(tmp_path, {"Dockerfile": "FROM debian:13.1\nEXPOSE 65536/tcp 22\n"}), only=["dockerfile"])
    assert len(done.of("dockerfile/admin-port")) == 1
    assert len(done.of("dockerfile/port-range")) + len(done.of("hadolint/DL3011")) == 1


@pytest.mark.parametrize("name", [".hadolint.yaml", ".hadolint.yml"])
def test_both_names_of_hadolints_configuration_count(survey: Survey, tmp_path: Path, name: str) -> None:
    text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nUSER a\n"
    plain = survey(tree(tmp_path, {"Dockerfile": text}), only=["dockerfile"])
    assert "hadolint/DL3008" in plain.rules
    done = survey(tree(tmp_path, {name: "ignored: [DL3008]\n"}), only=["dockerfile"])
    assert "hadolint/DL3008" not in done.rules
    assert any(name in note for note in done.check(HADOLINT)["notes"])


@pytest.mark.parametrize(
    "line",
    [
        "ADD https://u:{}@x.example/a /a",
        "ADD --chown=1 https://u:{}@x.example/a.tar.gz /a",
        "RUN curl -fsS https://u:{}@x.example/i | sh",
        "RUN wget -qO- 'ftp://u:{}@x.example/i' | sh",
        "RUN pip install --index-url https://u:{}@x.example/simple x",
        "RUN git clone https://{}@git.example/x && curl -k https://u:{}@x.example/y",
        "FROM u:{}@registry.example/x",
        "COPY --from=https://u:{}@x.example/i /a /b",
        "LABEL a=https://u:{}@x.example",
        "USER u:{}@x",
    ],
)
def test_no_field_of_a_finding_holds_a_password(survey: Survey, tmp_path: Path, line: str) -> None:
    password = "gm29mcKjZD8w" + "vLNf4gWZ"
    text = f"FROM debian\n{line.replace('{}', password)}\n"
    done = survey(tree(tmp_path, {"Dockerfile": text}), only=["dockerfile"])
    assert password not in json.dumps(done.report)
    assert all(password not in f.read_text("utf-8", "replace") for f in done.folder.rglob("*") if f.is_file())


GOOD = 'FROM debian:12\nUSER 1000\nCMD ["x"]\n'
UNREAD: dict[str, bytes] = {
    "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12\n",
    "conflict": b"FROM a\n<<<<<<< HEAD\nUSER b\n=======\nUSER c\n>>>>>>> other\n",
    "empty": b"",
    "blank": b" \n\n",
    "comment-only": b"# FROM a\n",
    "cut-off": b"FROM a\nRUN x && \\\n",
    "heredoc-cut-off": b"FROM a\nRUN <<EOT\nx\n",
    "binary": b"\x7fELF\x02\x01\x01" + bytes(range(256)),
    "no-instruction": b"FROM a\nSTART b\n",
    "no-from": b"ARG A=1\n",
    "large": b"FROM a\n" + b"# x\n" * 300_000,
}


@pytest.mark.parametrize("kind", UNREAD)
def test_a_file_that_is_not_read_lowers_the_share_and_is_named(survey: Survey, tmp_path: Path, kind: str) -> None:
    files: dict[str, str | bytes] = {"Dockerfile": GOOD, "other/Dockerfile": UNREAD[kind]}
    done = survey(tree(tmp_path, files), only=["dockerfile"])
    for check in CHECKS:
        answer = done.check(check)
        assert answer["status"] != "na"
        assert answer["share"] < 1, check
        assert any("other/Dockerfile" in note for note in answer["notes"]), check


@pytest.mark.parametrize("kind", UNREAD)
def test_the_only_file_is_not_read(survey: Survey, tmp_path: Path, kind: str) -> None:
    done = survey(tree(tmp_path, {"Dockerfile": UNREAD[kind]}), only=["dockerfile"])
    for check in CHECKS:
        answer = done.check(check)
        assert answer["status"] != "na", check
        assert answer["status"] == "error" or answer["share"] < 1, check


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_other_encodings_are_read_or_named(survey: Survey, tmp_path: Path, encoding: str) -> None:
    data = f"FROM debian:12\nRUN {PIPE}\n".encode(encoding)
    done = survey(tree(tmp_path, {"Dockerfile": data}), only=["dockerfile"])
    answer = done.check(HARDENING)
    assert done.of("dockerfile/pipe-to-shell") or answer["status"] == "error" or answer["share"] < 1


def test_a_link_out_of_the_tree_is_named(survey: Survey, tmp_path: Path) -> None:
    root = tree(tmp_path, {"Dockerfile": GOOD})
    (tmp_path / "elsewhere").write_text(GOOD)
    (root / "Dockerfile.prod").symlink_to("../elsewhere")
    answer = survey(root, only=["dockerfile"]).check(HARDENING)
    assert answer["share"] < 1
    assert any("Dockerfile.prod" in note for note in answer["notes"])


def test_a_template_is_not_measured(survey: Survey, tmp_path: Path) -> None:
    answer = survey(tree(tmp_path, {"Dockerfile": GOOD, "Dockerfile.j2": "FROM {{ x }}\n"}), only=["dockerfile"]).check(
        HARDENING
    )
    assert answer["share"] < 1
    assert any("Dockerfile.j2" in note and "template" in note for note in answer["notes"])


SHELL = 'import subprocess\nsubprocess.call("ls " + x, shell=True)\n'


@pytest.mark.parametrize(
    "configuration",
    [
        {"pyproject.toml": '[tool.bandit]\nexclude_dirs = ["./gen", "./tests"]\nskips = ["B404"]\n'},
        {".bandit": "[bandit]\nexclude: ./gen/*,./tests/*\nskips: B404\n"},
    ],
    ids=["bandit-exclude", "bandit-ini"],
)
def test_bandits_exclusions_hold(survey: Survey, tmp_path: Path, configuration: dict[str, str]) -> None:
    files = {"app/main.py": "x = 1\n", "gen/made.py": SHELL, "tests/test_x.py": SHELL, **configuration}
    done = survey(tree(tmp_path, dict(files)), only=["python"])
    assert not done.findings
    assert any("gen/made.py" in note and "tests/test_x.py" in note for note in done.check("python/bandit")["notes"])
