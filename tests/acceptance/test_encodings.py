"""A console in any encoding gets the verdict, and no traceback."""

from __future__ import annotations

import pytest
from running import Seatrial, Tree


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "ascii:strict"])
@pytest.mark.parametrize("words", ["run --only python --fail-on never", "plan", "explain compose/privileged", "--help"])
def test_every_command_prints_in_every_encoding(seatrial: Seatrial, tree: Tree, encoding: str, words: str) -> None:
    root = tree({"grün-日本.py": "import subprocess\nsubprocess.call('ü' + input(), shell=True)\n"})
    command, *options = words.split()
    target = (root,) if command in ("run", "plan") else ()
    environ = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = seatrial(command, *target, *options, env=environ)
    assert done.code in (0, 3)
    assert "Traceback" not in done.err
    assert done.out
