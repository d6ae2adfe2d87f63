"""Over generated histories: moving, re-indenting and renaming introduce nothing, copying does. With real surveys."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repositories import commit, git, repository

from seatrial.app import runner
from seatrial.change import comparing
from seatrial.report import Outcome
from seatrial.verdict.baseline import Comparison, FindingChange

HARMLESS = "def harmless_{0}():\n    return {0}\n"
BLOCKS = (
    'def run_{0}(x):\n    import subprocess\n\n    return subprocess.call("ls " + x, shell=True)\n',
    "def load_{0}(data):\n    import pickle\n\n    return pickle.loads(data)\n",
    "def digest_{0}(data):\n    import hashlib\n\n    return hashlib.md5(data).hexdigest()\n",
    'def connect_{0}():\n    password = "Tr0ub4dor{0}xKq9"\n    return login("admin", password)\n',
)
"""Functions with one or more findings each."""


@dataclass
class Tree:
    """Files made of blocks; a block has an indentation."""

    files: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        return {name: "\n\n".join(_indented(b, i) for b, i in blocks) + "\n" for name, blocks in self.files.items()}

    def copy(self) -> Tree:
        return Tree({name: list(blocks) for name, blocks in self.files.items()})


def _indented(block: str, levels: int) -> str:
    opening = "".join("    " * n + "if True:\n" for n in range(levels))
    return opening + "".join("    " * levels + line + "\n" if line else "\n" for line in block.splitlines())


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    made = Tree()
    for number in range(draw(st.integers(1, 3))):
        picked = draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=3))
        made.files[f"pkg/m{number}.py"] = [(b.format(f"{number}{n}"), 0) for n, b in enumerate(picked)]
    return made


def _shuffle(draw: st.DrawFn, tree: Tree) -> None:
    name = draw(st.sampled_from(sorted(tree.files)))
    tree.files[name] = draw(st.permutations(tree.files[name]))


def _indent(draw: st.DrawFn, tree: Tree) -> None:
    name = draw(st.sampled_from(sorted(tree.files)))
    index = draw(st.integers(0, len(tree.files[name]) - 1))
    block, levels = tree.files[name][index]
    tree.files[name][index] = block, levels + 1


def _rename(draw: st.DrawFn, tree: Tree) -> None:
    name = draw(st.sampled_from(sorted(tree.files)))
    folder = draw(st.sampled_from(["pkg", "other", "pkg/deep"]))
    tree.files[f"{folder}/r{len(tree.files)}_{Path(name).name}"] = tree.files.pop(name)


def _move(draw: st.DrawFn, tree: Tree) -> None:
    """A function to another file, new or not."""
    name = draw(st.sampled_from(sorted(tree.files)))
    block = tree.files[name].pop(draw(st.integers(0, len(tree.files[name]) - 1)))
    if not tree.files[name]:
        del tree.files[name]
    target = draw(st.sampled_from([*sorted(tree.files), "pkg/new.py"]))
    tree.files.setdefault(target, []).insert(0, block)


def _pad(draw: st.DrawFn, tree: Tree) -> None:
    name = draw(st.sampled_from(sorted(tree.files)))
    tree.files[name].insert(0, (HARMLESS.format(draw(st.integers(0, 9))), 0))


MOVES = (_shuffle, _indent, _rename, _move, _pad)


@st.composite
def histories(draw: st.DrawFn) -> list[Tree]:
    """A base and some commits that only move things about."""
    steps = [draw(trees())]
    for _ in range(draw(st.integers(1, 4))):
        changed = steps[-1].copy()
        draw(st.sampled_from(MOVES))(draw, changed)
        steps.append(changed)
    return steps


def _replace(where: Path, tree: Tree) -> None:
    for old in sorted(where.rglob("*.py")):
        old.unlink()
    commit(where, tree.texts())


def compared(steps: list[Tree], where: Path) -> tuple[Comparison, Outcome]:
    """The last of some commits, compared with the first."""
    root = repository(where / "r", steps[0].texts())
    git(root, "branch", "base")
    for step in steps[1:]:
        _replace(root, step)
    flags = {"path": root, "base": "base", "report_dir": where / "reports", "cache_dir": str(CACHE), "jobs": 1}
    result = runner.run(runner.prepare(flags, {}), now=lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert result.outcome.comparison is not None, result.outcome.notices
    return result.outcome.comparison, result.outcome


CACHE = Path(tempfile.gettempdir()) / "seatrial-test-cache"
SURVEYS = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Path]:
    return (tmp_path / str(n) for n in range(10_000))


@settings(SURVEYS, max_examples=12)
@given(histories())
def test_moving_introduces_nothing_and_fixes_nothing(places: Iterator[Path], steps: list[Tree]) -> None:
    comparison, outcome = compared(steps, next(places))
    assert outcome.findings
    assert set(comparison.changes.values()) == {FindingChange.UNCHANGED}
    assert comparison.fixed == ()
    assert comparison.score == 0


@settings(SURVEYS, max_examples=8)
@given(histories(), st.data())
def test_a_copy_introduces_what_was_copied(places: Iterator[Path], steps: list[Tree], data: st.DataObject) -> None:
    last = steps[-1].copy()
    name = data.draw(st.sampled_from(sorted(last.files)))
    blocks = [pair for pair in last.files[name] if "harmless" not in pair[0]]
    if not blocks:
        return
    last.files["copied/copy.py"] = [data.draw(st.sampled_from(blocks))]
    comparison, outcome = compared([*steps, last], next(places))
    copied = [f for f in outcome.findings if f.location.path == "copied/copy.py" and not f.is_nowhere]
    introduced = comparison.introduced(outcome.findings)
    assert copied
    assert len(introduced) == len(copied)
    assert {f.rule for f in introduced} == {f.rule for f in copied}
    assert comparison.fixed == ()


@settings(SURVEYS, max_examples=6)
@given(histories(), trees())
def test_looking_only_at_what_differs_tells_the_same(places: Iterator[Path], steps: list[Tree], other: Tree) -> None:
    """Half of the base's files stay as they are; the comparison is the same if all of them are looked at again."""
    last = steps[-1].copy()
    last.files |= {f"kept/{Path(name).name}": blocks for name, blocks in other.files.items()}
    steps[0].files |= {name: blocks for name, blocks in last.files.items() if name.startswith("kept/")}
    where = next(places)
    quick, _ = compared([steps[0], last], where / "quick")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "_of_differing", lambda *_: {})
        full, _ = compared([steps[0], last], where / "full")
    assert replace(quick, commit="", label="") == replace(full, commit="", label="")


@pytest.mark.parametrize("added", ["grows", "shrinks"])
def test_what_is_searched_counts_on_each_side_by_its_own_size(tmp_path: Path, added: str) -> None:
    """Two findings in a file that stays; a change of thousands of lines around them changes their density."""
    kept = Tree({"pkg/kept.py": [(block.format("0"), 0) for block in BLOCKS[:2]]})
    large = kept.copy()
    large.files["pkg/large.py"] = [(HARMLESS.format(number), 0) for number in range(2_000)]
    steps = [kept, large] if added == "grows" else [large, kept]
    quick, _ = compared(steps, tmp_path / "quick")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "_of_differing", lambda *_: {})
        full, _ = compared(steps, tmp_path / "full")
    assert quick.score == full.score
    assert quick.score is not None
    assert (quick.score > 0) is (added == "grows")
    assert quick.worths == full.worths
