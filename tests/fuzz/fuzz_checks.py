"""What must hold for any text, configuration, report and secret. A check raises what its parser may not raise."""

from __future__ import annotations

import contextlib
import datetime as dt
import json as stdlib_json
from functools import cache
from pathlib import Path

from fuzz_trees import tree_of

from seatrial.change.allowed import added, configuration, view, words
from seatrial.domain.errors import UsageError
from seatrial.inspectors import rulebook
from seatrial.inspectors.python import bandit_config
from seatrial.inspectors.secrets import assignments, engine, findings, key_structure, structure
from seatrial.inspectors.secrets import names as secret_names
from seatrial.inspectors.secrets import values as secret_values
from seatrial.inspectors.secrets.files import (
    PARSERS,
    command_lines,
    embedded,
    json_objects,
    key_value,
    literals,
    sql_statements,
    xml_elements,
    yaml_lines,
)
from seatrial.inspectors.secrets.files import base as secret_files
from seatrial.report import json as report_json
from seatrial.report import reading as report_reading
from seatrial.settings import config
from seatrial.text import encoding, globs, lines, yaml_tree
from seatrial.verdict import catalogue
from seatrial.verdict.catalogue.parse import parse as parse_catalogue


def text_of(data: bytes) -> str:
    """As `Tree.text` hands it over, but binary files too: parsers must not rely on the check before them."""
    return encoding.decode(data) or data.decode("latin-1")


# --- texts, lines, names -------------------------------------------------------------------------------------------


def check_encoding(data: bytes, _cache: Path) -> None:
    text = encoding.decode(data)
    assert encoding.is_binary(data) == (text is None) or len(data) > 8192
    encoding.unreadable(data)
    encoding.has_conflict_markers(data)
    if encoding.is_utf8(data) and text is not None and b"\0" not in data:
        assert text == data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    kept = view.lines_of(data)
    if kept is not None and encoding.is_utf8(data):
        assert "".join(kept).encode("latin-1") == data
    found = words.find("a.yml", kept or ()) + words.find("a.py", kept or ()) + words.find("Dockerfile", kept or ())
    added.keys("a.yml", kept or [], found)
    disarmed = view.disarmed(data, words.find("a.py", kept or ()))
    if kept is not None and encoding.is_utf8(data):
        assert len(disarmed) == len(data)
        assert not words.find("a.py", view.lines_of(disarmed) or ())
    for path in ("pyproject.toml", "setup.cfg", ".bandit", "zizmor.yml"):
        configuration.is_about(path, data, None)


def check_lines(data: bytes, _cache: Path) -> None:
    text = text_of(data)
    kept = lines.split(text, keep_ends=True)
    assert "".join(kept) == text
    assert [line.rstrip("\r\n") for line in kept] == lines.split(text)
    starts = 0
    for number, line in enumerate(kept[:200], 1):
        assert lines.line_at(text, starts) == number
        assert lines.line_at(text, starts + len(line) - 1) == number
        starts += len(line)


def check_globs(data: bytes, _cache: Path) -> None:
    patterns, _, paths = text_of(data).partition("\n\n")
    some = globs.Globs(lines.split(patterns))
    for path in lines.split(paths)[:50]:
        covered = some.match(path)
        if covered and path:
            assert some.match(f"{path}/below")  # whoever covers a folder covers what is in it


def check_yaml(data: bytes, _cache: Path) -> None:
    text = text_of(data)
    try:
        documents = yaml_tree.load_all(text)
    except yaml_tree.YamlError as error:
        assert error.line >= 1
        assert error.column >= 1
        assert error.line <= len(lines.split(text)) + 1
        return
    count = len(lines.split(text))
    for node in documents:
        yaml_tree.to_python(node)
        pending: list[yaml_tree.YamlNode] = [node]
        seen: set[int] = set()
        while pending:
            one = pending.pop()
            if id(one) in seen:
                continue
            seen.add(id(one))
            assert 1 <= one.line <= count + 1, "a line that the file does not have"
            if isinstance(one, yaml_tree.Sequence):
                pending += one.items
            elif isinstance(one, yaml_tree.Mapping):
                pending += [v for _, v in one.entries]
                yaml_tree.merged(one)


# --- secrets -------------------------------------------------------------------------------------------------------


@cache
def _engine(folder: Path) -> engine.PatternEngine:
    return engine.load(folder)


def check_secrets(data: bytes, cache_: Path) -> None:
    tree = tree_of(data, ".env")
    for path, body in tree.contents.items():
        content, searched = _engine(cache_).search(path, body)
        broken = [problem for problem in searched.problems if "failed" in problem or "gave up" in problem]
        assert not broken, broken
        if content is not None:
            for one in searched.found:
                span = one.credential
                assert 0 <= span.start <= span.end <= len(content.text)
            findings.with_causes(findings.redacted(path, content, searched.found).found)


_PARSERS_BY_SCAN = {parser.id: parser for parser in PARSERS}


def check_credential_files(data: bytes, _cache: Path) -> None:
    """Every parser of credential files on one text, whatever its name."""
    text = text_of(data)
    for parser in _PARSERS_BY_SCAN.values():
        for credential in parser.parse("file", text):
            assert 0 <= credential.start <= credential.end <= len(text)


def check_secret_texts(data: bytes, _cache: Path) -> None:
    text = text_of(data)
    for reader in (json_objects.objects, key_value.pairs, key_value.directives, literals.assignments,
                   literals.secret_assignments, xml_elements.nodes, yaml_lines.nodes, sql_statements.entries,
                   command_lines.entries):  # fmt: skip
        for _ in reader(text):
            pass
    whole = secret_files.TextSpan(text, 0, len(text))
    list(embedded.url_passwords(whole))
    list(embedded.within(whole))
    for path in ("app.py", "app.js", "notes.md", "app.ini", "config.yml", "run.sh", "Main.java"):
        hits = list(range(0, len(text), max(1, len(text) // 20)))
        for credential in assignments.scan(path, text, hits):
            assert 0 <= credential.start <= credential.end <= len(text)


_STRUCTURE = tuple(
    getattr(module, name)
    for module in (structure, key_structure)
    for name in dir(module)
    if name.startswith(("is_", "has_")) and callable(getattr(module, name))
)


def check_structure(data: bytes, _cache: Path) -> None:
    for value in (text_of(data), *lines.split(text_of(data))[:20]):
        for check in _STRUCTURE:
            check(value)
        structure.base58check(value)
        structure.base64_bytes(value)
        key_structure.key_body(value)
        structure.crc32_base62(value)
        secret_values.judge(value)
        secret_values.judge("x", key=value)
        secret_names.name_kind(value)
        secret_names.split_name(value)
        for rule in ("secrets/github-token", "compose/privileged"):
            rulebook.allows(value, rule)
            rulebook.allows(value, rule, reasoned=True)


# --- configuration and reports -------------------------------------------------------------------------------------


def check_config(data: bytes, _cache: Path) -> None:
    try:
        found = config.parse(text_of(data), ".seatrial.yml")
    except UsageError as error:
        assert "\n" not in str(error)
        return
    for waiver in found.waivers:
        _ = waiver.target, waiver.length, waiver.expired(dt.date(2026, 1, 1)), waiver.in_force(dt.date(2026, 1, 1))


def check_bandit(data: bytes, _cache: Path) -> None:
    bandit_config.of_tree(tree_of(data, ".bandit"))


def check_catalogue(data: bytes, _cache: Path) -> None:
    from seatrial.verdict.catalogue import CatalogueError

    with contextlib.suppress(CatalogueError):
        parse_catalogue(data, where="2026.2.yml")


def check_report(data: bytes, _cache: Path) -> None:
    """A report as it is, and with its digest put right, as whoever forges one would."""
    for text in (data, _signed(data)):
        if text is None:
            continue
        try:
            document = report_json.loads(text)
            outcome = report_reading.outcome_of(document, catalogue.load())
        except UsageError:
            continue
        assert report_json.loads(report_json.render(outcome)).digest


def _signed(data: bytes) -> bytes | None:
    try:
        document = stdlib_json.loads(data)
        document["digest"] = report_json.digest(document)
        return stdlib_json.dumps(document).encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
