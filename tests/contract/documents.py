"""
The documents that describe code, made from the code: `--write` makes them, `--check` fails if one is stale.

Whole files: docs/checks.md, docs/config.md, and src/seatrial/app/examples.json from tests/corpus. Parts of README.md
and action.yml between `<!-- generated: NAME -->` markers.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from seatrial import report
from seatrial.app import explain
from seatrial.app.cli import cli
from seatrial.ci.github.inputs import ACTION_ONLY
from seatrial.ci.github.outputs import OUTPUTS
from seatrial.domain.errors import ExitCode
from seatrial.fixing.registry import FIXERS
from seatrial.inspectors.rules import FAMILY, Rule
from seatrial.lab import judge
from seatrial.lab.faults import FAULTS
from seatrial.settings import OPTIONS, Where, backup, config, load
from seatrial.verdict import catalogue

ROOT = Path(__file__).parents[2]
NOTICE = "<!-- Made by `make docs` from the code; edit the code instead. -->\n"


CORPUS = ROOT / "tests" / "corpus"
TOOLS = {"hadolint": "hadolint and ShellCheck", "zizmor": "zizmor", "actionlint": "actionlint"}
LISTED = ("secrets", "bandit", *TOOLS)
"""Families of which docs/checks.md has a line a rule: hundreds of token formats, and Bandit's own rules."""


def examples() -> str:
    """src/seatrial/app/examples.json: for each rule with samples what it reports, with its language."""
    found = {}
    for folder in sorted(CORPUS.glob("*/*/bad")):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        rule = "/".join(folder.parts[-3:-1])
        if rule.partition("/")[0] in ("compose", "dockerfile", "workflow"):  # each file is a sample of its own
            files = [next((f for f in files if f.stem == "basic"), files[0])]
        texts = [_marked(path.read_text("utf-8")) for path in files]
        if len(files) > 1:
            texts = [f"# {path.relative_to(folder)}\n{text}" for path, text in zip(files, texts, strict=True)]
        kinds = {_LANGUAGES.get(path.suffix, "") for path in files}
        found[rule] = {"language": kinds.pop() if len(kinds) == 1 else "", "text": "\n".join(texts)}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


_LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".Dockerfile": "dockerfile", ".json": "json", ".py": "python"}


def _marked(text: str) -> str:
    """A sample with its marks in words."""
    text = re.sub(r"^(\s*)# expect\b.*$", r"\1# reported:", text, flags=re.MULTILINE)
    return re.sub(r"[ ]+# expect\b.*$", "  # reported", text, flags=re.MULTILINE)


def checks() -> str:
    """docs/checks.md: every check with its rules' pages."""
    model, rules = catalogue.load(), sorted(explain.rules(), key=lambda rule: rule.id)
    parts = [f"# Checks\n\n{NOTICE}\nModel {model.model}. `seatrial explain RULE` prints any of these pages.\n"]
    for category in model.categories:
        mine = model.of_category(category.id)
        parts.append(f"\n## {category.title} ({category.weight} of 100 points)\n\n")
        parts.append(_table(("check", "holds when it passes", "if not", "weight", "required"), (
            (f"`{c.id}`", c.title, c.severity.label, c.weight, "yes" if c.required else "") for c in mine
        )) if mine else "This version asks nothing here yet; the category takes no part in the score.\n")  # fmt: skip
    parts.append("\n# Rules\n")
    shown = json.loads(examples())
    parts += [_demoted(explain.with_example(rule, examples=shown)) for rule in rules if rule.family not in LISTED]
    parts.append("\n## Secrets\n\n### Token formats\n\n")
    parts.append(_table(("rule", "what", "severity", "source"), (
        (f"`{r.id}`", r.title, r.severity.label, f"[documentation]({r.source})") for r in rules if _is_format(r)
    )))  # fmt: skip
    others = [r for r in rules if r.family == "secrets" and not _is_format(r)]
    parts.append("\n### Credential files and assignments\n\n")
    parts.append(_table(("rule", "what"), ((f"`{r.id}`", r.title) for r in others)))
    parts.append("\n## Bandit\n\n")
    parts.append(_table(("rule", "what"), ((f"`{r.id}`", r.title) for r in rules if r.family == "bandit")))
    for family, tool in TOOLS.items():
        theirs = [r for r in rules if r.family == family]
        parts.append(f"\n## {tool}\n\n")
        parts.append(_table(("rule", "holds when it finds nothing", "severity", "source"), (
            (f"`{r.id}`", r.title, r.severity.label, f"[documentation]({r.source})") for r in theirs
        )))  # fmt: skip
    return "".join(parts)


def _is_format(rule: Rule[Any]) -> bool:
    """Whether a rule is a format of tokens."""
    return rule.checks == ("secrets/tokens",)


def configuration() -> str:
    """docs/config.md: every option, and every key of `.seatrial.yml`."""
    rows = []
    for name, option in OPTIONS.items():
        where = option.facts.where
        key = f"`{name}`" if Where.FILE in where else "–"
        flag = "`PATH`" if name == "path" else f"`{option.flag}`"
        rows.append(
            (
                flag,
                f"`{name}`" if Where.INPUT in where else "–",
                key,
                _default(option.default),
                option.facts.help,
            )
        )
    waiver_rows = (
        (f"`{n}`", "" if f.is_required() else "no", f.description) for n, f in config.WaiverEntry.model_fields.items()
    )
    file_rows = ((f"`{n}`", f.description) for n, f in config.ConfigFile.model_fields.items() if n not in OPTIONS)
    return (
        f"# Configuration\n\n{NOTICE}\nA flag overrides an input of the Action (read from `INPUT_<NAME>`). An input "
        "overrides `.seatrial.yml`, and the file overrides the default. An unknown key or value is an error, never "
        "ignored. A time is a number of seconds, or a duration such as `90s` or `1m30s`.\n\n"
        + _table(("flag", "input", "key in .seatrial.yml", "default", "meaning"), rows)
        + "\n## Inputs of the Action only\n\n"
        + _table(("input", "default", "meaning"), ((f"`{n}`", _default(d), h) for n, (d, h) in ACTION_ONLY.items()))
        + "\n## Keys of `.seatrial.yml` only\n\n"
        + _table(("key", "meaning"), file_rows)
        + "\n## The section `chaos`\n\n"
        + _table(("key", "meaning"), _described(config.Chaos))
        + "\n## The section `load`\n\n[trial.md](trial.md#load) explains it.\n\n"
        + _table(("key", "meaning"), _described(load.Load))
        + "\n### A profile\n\n"
        + _table(("key", "meaning"), _described(load.ProfileEntry))
        + "\n### An operation of a worker\n\n"
        + _table(("key", "meaning"), _described(load.OperationEntry))
        + "\n### A message (`send`)\n\n"
        + _table(("key", "meaning"), _described(load.SendEntry))
        + "\n## The section `backups`\n\nOne entry for each store; see [trial.md](trial.md#backups).\n\n"
        + _table(("key", "meaning"), _described(backup.BackupEntry))
        + "\n## The section `phases`\n\nEach key is a label from A to L. Its value is a list of checks, or a mapping "
        "with these keys. A check belongs to one phase at most. Reports show the score of each phase: `10 * passed / "
        "(passed + failed)`. No phase changes the score or the gate.\n\n"
        + _table(("key", "meaning"), _described(config.PhaseEntry))
        + "\n## A waiver\n\n"
        + _table(("key", "required", "meaning"), ((n, r or "yes", d) for n, r, d in waiver_rows))
    )  # fmt: skip


def _described(section: Any) -> Iterable[tuple[str, str]]:
    """The keys of a section of `.seatrial.yml`."""
    return ((f"`{name}`", field.description) for name, field in section.model_fields.items())


def help_texts() -> str:
    """The README's block of `--help` texts, at a fixed width, without colour."""
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})
    blocks = []
    for arguments in (["--help"], ["run", "--help"], ["comment", "--help"]):
        result = runner.invoke(cli, arguments, prog_name="seatrial", terminal_width=100)
        blocks.append(f"```console\n$ seatrial {' '.join(arguments)}\n{result.output.rstrip()}\n```\n")
    return "\n".join(blocks)


def exit_codes() -> str:
    """The README's table of exit codes."""
    return _table(("code", "meaning"), ((int(code), code.meaning) for code in ExitCode))


def counts() -> str:
    """The README's table of figures."""
    rules = [rule for rule in explain.rules() if not rule.id.endswith(FAMILY)]
    number = Counter(rule.family for rule in rules)
    rows = (
        ("secrets", f"{number['secrets']}, {sum(map(_is_format, rules))} of them token formats"),
        ("Compose files", number["compose"]),
        ("Python", f"{number['bandit']} of Bandit"),
        ("Kubernetes and Prometheus", number["kubernetes"] + number["prometheus"]),
        ("Dockerfiles", f"{number['dockerfile']}, and {number['hadolint']} of hadolint and ShellCheck"),
        ("workflows", f"{number['workflow']}, {number['zizmor']} of zizmor and {number['actionlint']} of actionlint"),
        ("the environment", number["environment"]),
    )
    return _table((f"{len(catalogue.load().checks)} checks of", "rules"), rows)


def action_inputs() -> str:
    """action.yml's inputs: every option that can be one, its default left to us, then what only the Action has."""
    options = {n: ("", _input_help(n)) for n, o in OPTIONS.items() if Where.INPUT in o.facts.where}
    entries = (
        f"  {name}:\n    description: {_quoted(help_)}\n    default: {_quoted(default)}\n"
        for name, (default, help_) in (options | dict(ACTION_ONLY)).items()
    )
    return "".join(entries)


def action_outputs() -> str:
    """action.yml's outputs."""
    return "".join(f"  {name}:\n    description: {_quoted(meaning)}\n" for name, meaning in OUTPUTS.items())


CALLED = ("matrix",)
"""Inputs of the Action alone that a caller of the reusable workflow may set: it has a token, and no second stage."""


def _called() -> Mapping[str, str]:
    """The inputs of the reusable workflow, with their meanings."""
    options = {n: _input_help(n) for n, o in OPTIONS.items() if Where.INPUT in o.facts.where}
    return options | {name: ACTION_ONLY[name][1] for name in CALLED}


def called_inputs() -> str:
    """The reusable workflow's inputs: those of the Action."""
    return "".join(
        f'      {name}:\n        description: {_quoted(help_)}\n        type: string\n        default: ""\n'
        for name, help_ in _called().items()
    )


def called_outputs() -> str:
    """The reusable workflow's outputs: those of the Action but for paths, which mean nothing in another job."""
    return "".join(
        f"      {name}:\n        description: {_quoted(OUTPUTS[name])}\n"
        f"        value: ${{{{ jobs.readiness.outputs.{name} }}}}\n"
        for name in VALUES
    )


def job_outputs() -> str:
    """What the job hands to the reusable workflow's outputs."""
    return "".join(f"      {name}: ${{{{ steps.survey.outputs.{name} }}}}\n" for name in VALUES)


VALUES = tuple(name for name, meaning in OUTPUTS.items() if not meaning.startswith("The path of "))


def passed_on() -> str:
    """What the reusable workflow's step gives to the Action."""
    return "".join(f"          {name}: ${{{{ inputs.{name} }}}}\n" for name in _called())


def outputs() -> str:
    """The README's table of outputs."""
    return _table(("output", "meaning"), ((f"`{name}`", meaning) for name, meaning in OUTPUTS.items()))


def _input_help(name: str) -> str:
    """The option's meaning, with its unit and the default that holds if nobody says otherwise."""
    option = OPTIONS[name]
    default, unit = option.default, option.facts.unit
    notes = [f"in {unit}"] if unit else []
    if default not in (None, "", ()):
        shown = str(default).lower() if isinstance(default, bool) else _default(default).strip("`")
        notes.append(f"default: {shown}")
    return option.facts.help + (f" [{'; '.join(notes)}]" if notes else "")


def _quoted(text: str) -> str:
    """A YAML scalar on one line; JSON's strings are YAML's double-quoted ones."""
    return json.dumps(text, ensure_ascii=False)


def reports() -> str:
    """The README's list of report files."""
    *names, last = (f"`{name}`" for name in report.FILES)
    return (
        textwrap.fill(
            f"`run` always writes {', '.join(names)} and {last} into `seatrial-report/`.", 120, break_on_hyphens=False
        )
        + "\n"
    )


def faults() -> str:
    """docs/trial.md's table of faults."""
    rows = []
    for name, fault in FAULTS.items():
        told = (
            f"`{n}` {p.default}" + (f" ({', '.join(p.words)})" if p.words else "") for n, p in fault.PARAMETERS.items()
        )
        summary = " ".join((sys.modules[f"seatrial.lab.faults.{name}"].__doc__ or "").strip().split("\n\n")[0].split())
        rows.append((f"`{name}`", fault.KIND, ", ".join(told), "yes" if fault.WEIGHT else "", summary))
    return _table(("fault", "kind", "parameters and defaults", "by itself", "what happens"), rows)


def operations() -> str:
    """docs/trial.md's definition of operations."""
    return textwrap.fill(judge.OPERATIONS, 120) + "\n"


def thresholds() -> str:
    """docs/trial.md's table of rules."""
    outage, late = f"{judge.OUTAGE:g} s", f"within {judge.RECOVERY:g} s; a warning beyond {judge.SLOW_RECOVERY:g} s"
    worse = "a warning; a failure while something is degraded"
    fast = f"{100 * judge.FAIL_FAST:.0f} % at least"
    share = f"{100 * judge.SUCCESS:.0f} %"
    rows = (
        ("recovery", "entry points answer, and are ready again", late),
        ("recovery", "the same after a service was away: flap, stop", f"within {judge.RECONNECT:g} s"),
        ("recovery", "every service is up again by Docker's word", f"within {judge.HEALTHY:g} s"),
        ("availability", "instant: entry points are unavailable", f"for {outage} at most"),
        ("availability", "degrade: answers of entry points are good", f"{share} at least"),
        ("availability", "instant: operations of the target are good", f"{share} at least"),
        ("availability", "outage: liveness of entry points that are not the target", f"{share} at least"),
        ("hangs", "outage: failures of readiness are answers, not time-outs", fast),
        ("data-loss", "acknowledged writes that are lost", "none"),
        (
            "blast-radius", "services that do not need the target",
            f"{100 * judge.BYSTANDER:.0f} % good; {100 * judge.BYSTANDER_DEGRADED:.0f} % while something is degraded",
        ),
        ("restart-loop", "deaths of one service in one experiment", f"fewer than {judge.LOOP}"),
        ("dependent-died", "services that need the target do not die", worse),
        ("out-of-memory", "no container is killed for want of memory", "none"),
    )  # fmt: skip
    return _table(("rule", "what", "bound"), rows)


def fixes() -> str:
    """docs/fixes.md's table of fixes."""
    return _table(("rule", "what is done", "kind"), (
        (f"`{fixer.rule}`", fixer.title, fixer.safety.value) for _, fixer in sorted(FIXERS.items())
    ))  # fmt: skip


FILES: Mapping[str, Callable[[], str]] = {
    "src/seatrial/app/examples.json": examples,
    "docs/checks.md": checks,
    "docs/config.md": configuration,
}
BLOCKS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "README.md": {
        "help": help_texts,
        "exit-codes": exit_codes,
        "counts": counts,
        "outputs": outputs,
        "reports": reports,
    },
    "docs/fixes.md": {"fixes": fixes},
    "docs/trial.md": {"faults": faults, "operations": operations, "thresholds": thresholds},
    "action.yml": {"inputs": action_inputs, "outputs": action_outputs},
    ".github/workflows/readiness.yml": {
        "inputs": called_inputs,
        "outputs": called_outputs,
        "job-outputs": job_outputs,
        "with": passed_on,
    },
}


def documents() -> dict[str, str]:
    """Every document as it should be, by path."""
    made = {path: make() for path, make in FILES.items()}
    for path, blocks in BLOCKS.items():
        made[path] = (ROOT / path).read_text("utf-8")
        for name, make in blocks.items():
            made[path] = _with_block(path, made[path], name, make())
    return made


def _with_block(path: str, document: str, name: str, text: str) -> str:
    """The document with what stands between two marks replaced; `#` may stand before the marks."""
    block = re.compile(rf"(^[ #]*<!-- generated: {re.escape(name)} -->\n)(?:.*\n)*?([ #]*<!-- end -->$)", re.MULTILINE)
    replaced, number = block.subn(lambda match: match[1] + text + match[2], document)
    if number != 1:
        raise SystemExit(f"{path}: there must be one block {name!r}, there are {number}")
    return replaced


def stale() -> list[str]:
    """The paths of the documents that are not as they should be."""
    return [
        path
        for path, text in documents().items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text("utf-8") != text
    ]


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    if value in (None, "", ()):
        return ""
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _demoted(page: str) -> str:
    """A page with its headings two levels down, so that it fits below `# Rules`."""
    prose, fence, code = page.partition("\n```")  # an example ends the page; its comments are no headings
    return "\n" + (re.sub(r"^(#+) ", r"#\1 ", prose, flags=re.MULTILINE) + fence + code).rstrip() + "\n"


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--write", action="store_true")
    mode.add_argument("--check", action="store_true")
    wanted = parser.parse_args()
    if wanted.write:
        for path, text in documents().items():
            (ROOT / path).parent.mkdir(exist_ok=True)
            (ROOT / path).write_text(text, "utf-8")
        return 0
    old = stale()
    for path in old:
        sys.stderr.write(f"{path} is stale: run `make docs`\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
