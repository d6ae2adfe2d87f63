"""
Tests exist.

## What it does

Reports, once, a repository with programs and without tests. Test files are known by the names that test runners look
for, and count only if they define a test: an empty `tests/__init__.py` and a report about tests do not.

## Why it matters

Without tests, users find out first what a change broke.

## How to fix

Begin with one test of what must never break, in the place where the language's runner looks.

Source: https://martinfowler.com/articles/practical-test-pyramid.html
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.domain.kinds import RepositoryKind
from seatrial.inspectors.path_roles import is_test_path
from seatrial.inspectors.practices.repository import (
    ANY_CODE,
    PROGRAMS,
    PracticeResult,
    Repository,
    holds,
    is_own_code,
    lacks,
    needless,
    practice,
)
from seatrial.inspectors.whole import CODE, suffix
from seatrial.text.wording import counted

_BDD = r"\b(?:it|test|describe|context|scenario|specify)\b\s*[.(\"'`{]|\btest\s"
_ANNOTATED = (
    r"@(?:\w*Test|ParameterizedTest|Property)\b|\[(?:Fact|Theory|Test|TestMethod|TestCase)\b|\bTEST(?:_F|_P)?\s*\("
    r"|\bshould\b"
)
_DEFINES = {
    "py": r"^[ \t]*(?:async\s+)?def\s+test|^class\s+\w*Test|^[ \t]*>>> |unittest\.main|^[ \t]*@(?:given|pytest\.)",
    **dict.fromkeys(("js", "mjs", "cjs", "ts", "tsx", "jsx"), rf"{_BDD}|\bassert\b|\bexpect\s*\("),
    "go": r"^func\s+(?:Test|Fuzz|Benchmark|Example)\w*\s*\(",
    **dict.fromkeys(
        ("java", "kt", "scala", "cs", "fs", "swift", "c", "cc", "cpp"), rf"{_ANNOTATED}|func\s+test|\bassert"
    ),
    "rs": r"#\[(?:\w+::)*(?:test|rstest|proptest|quickcheck)\b|\bproptest!|\bfn\s+test_",
    **dict.fromkeys(("rb", "exs", "ex", "dart", "lua"), rf"{_BDD}|\bdef\s+test_"),
    "php": r"function\s+test|@test\b|#\[Test|\b(?:it|test)\s*\(",
    **dict.fromkeys(("sh", "bash", "bats"), r"@test\b|\bassert|\bexit\s+1\b|\bfail\b|^[ \t]*(?:test|\[)\s"),
    "hcl": r"^run\s+\"",
}
_OTHER = re.compile(r"\.(?:bats|tftest\.hcl|feature|robot)$|(?:^|/)molecule/[^/]+/(?:verify|converge)\.ya?ml$")
_SAMPLES = re.compile(r"^(?:[^/]+/)?(?:examples?|samples?|docs?)/|(?:^|/)(?:node_modules|vendor)/")
_INLINE = re.compile(r"#\[cfg\(test\)\]|#\[(?:tokio::)?test\]|^[ \t]*>>> |^test\s+\"", re.MULTILINE)


def _judge(repository: Repository) -> PracticeResult:
    """Whether a file defines a test."""
    if reason := is_own_code(repository):
        return needless(reason, ANY_CODE.search)
    whole = repository.whole
    found = [path for path in whole.paths if _is_test(repository, path)]
    found += [path for path in whole.code if suffix(path) in ("rs", "zig", "py") and _INLINE.search(whole.text(path))]
    if found:
        return holds(f"{counted(len(found), 'file')} with tests, {found[0]} first")
    return lacks("nothing tests the code", "a first test, in the place where the runner looks")


def _is_test(repository: Repository, path: str) -> bool:
    ending = suffix(path)
    if _OTHER.search(path):
        return bool(repository.whole.text(path).strip())
    if ending not in CODE or not is_test_path(path) or _SAMPLES.search(path):
        return False
    pattern = _DEFINES.get(ending)
    text = repository.whole.live(path)
    return bool(re.search(pattern, text, re.MULTILINE)) if pattern else bool(text.strip())


RULE = practice(
    __doc__,
    id="practices/tests",
    severity=Severity.HIGH,
    kinds=PROGRAMS | {RepositoryKind.INFRASTRUCTURE},
    evidence=ANY_CODE,
    judge=_judge,
)
