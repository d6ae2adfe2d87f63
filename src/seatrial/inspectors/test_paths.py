"""Which files are tests, by the names that test runners look for."""

from __future__ import annotations

import re

_TEST_PATH = re.compile(
    r"""
    (?:^|/)(?:
        (?:tests?|testing|specs?|__tests__|testdata|test[-_]data|fixtures?|e2e|conftest\.py$|[^/]*[-_.]tests?)/
      | conftest\.py$
      | tests?[^/]*\.py$           # pytest and unittest: test_*.py, tests.py
      | [^/]*_tests?\.[a-z]+$      # Go, Python, C++: *_test.go
      | [^/]*[.](?:test|spec|tests|specs)\.[a-z]+$   # JavaScript: *.test.js
      | [^/]*(?:Tests?|Spec|IT)\.[a-z]+$             # Java, C#, Scala: *Test.java
      | test_[^/]*\.[a-z]+$
    )
    """,
    re.VERBOSE,
)


def is_test_path(path: str) -> bool:
    """Whether a path names test code or test data (pytest, unittest, JUnit, Go, Jest, RSpec conventions)."""
    return _TEST_PATH.search(path) is not None
