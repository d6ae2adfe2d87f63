"""
The command line: words in, words and an exit code out. No logic of its own.

`main` is the one funnel from exception to exit code; no other code prints or exits.
"""

from __future__ import annotations

import datetime as dt
import platform
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from seatrial import __version__
from seatrial.ci import registry as hosts
from seatrial.domain.errors import Error, ExitCode, UsageError
from seatrial.settings import Colour, RunStage

from .options import flags, given, options

_SAME_WISH = 5.0  # seconds within which a second signal is the first one, sent twice


def _version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from .versions import versions

        click.echo("\n".join(versions()))
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version)
def cli() -> None:
    """
    Sea trials for a repository: survey it, score its readiness, gate the check.

    Start with `seatrial run`. Exit codes: 0 gate open, 1 closed, 2 bad options or configuration, 3 inconclusive, 4 a
    bug of ours, 130 interrupted.
    """


@cli.command()
@click.argument("path", required=False, type=click.Path(path_type=Path), default=None)
@options(*flags())
@click.pass_obj
def run(environ: Mapping[str, str], /, **values: object) -> ExitCode:
    """Survey the repository at PATH (default: here), write the reports, and exit by the gate."""
    from seatrial.report import console

    from . import runner
    from .progress import Progress

    prepared = runner.prepare(given(values), environ)
    settings = prepared.settings
    host = prepared.host
    host.mask(_say)
    shown = Progress(_console(settings.colour, stderr=True), quiet=settings.quiet)
    with _interruptible(), host.group("Survey", _say), shown as progress:
        result = runner.run(prepared, progress, now=lambda: dt.datetime.now(dt.UTC))
    screen = _console(settings.colour, stderr=False)
    text = console.render(
        result.outcome,
        width=screen.width,
        colour=screen.is_terminal,
        verbose=settings.verbose,
        quiet=settings.quiet,
        files=[str(w.path) for w in result.written if not w.failure],
    )
    click.echo(text, nl=False)
    for failed in (w for w in result.written if w.failure):
        _complain(f"{failed.path}: {failed.failure}")
    host.publish(result.outcome, {w.path.name: w.path for w in result.written if not w.failure}, _say)
    return result.exit_code


@cli.group("vuln-db")
def vuln_db() -> None:
    """OSV's vulnerability database on disk, for surveys without a network."""


@vuln_db.command("update")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--ecosystem", "ecosystems", multiple=True, help="Fetch only this one; may be given several times.")
def vuln_db_update(folder: Path, ecosystems: tuple[str, ...]) -> ExitCode:
    """Fetch OSV's export into FOLDER. Give it to a survey by `--vuln-db FOLDER`."""
    from seatrial.inspectors.dependencies import database

    database.update(folder, ecosystems, _complain)
    click.echo(f"{folder}: fetched")
    return ExitCode.PASSED


@cli.command()
@click.argument("report", required=False, type=click.Path(path_type=Path), default=None)
@options(*flags(RunStage.COMMENT))
@click.pass_obj
def comment(environ: Mapping[str, str], /, report: Path | None, **values: object) -> ExitCode:
    """
    Comment on the REPORT of another run: the second stage for pull requests from forks.

    Works in a job that the CI system starts after the first one (`workflow_run`). The system names the pull request,
    never the report. Exits with 0 once the comment is written, also for a report that failed: the first stage judges.
    """
    from . import second_stage

    result = second_stage.run(report, given(values), environ, _say)
    where = f": {result.comment.url}" if result.comment.url else ""
    click.echo(f"comment {result.comment.action.value}{where}")
    return ExitCode.INCONCLUSIVE if result.failed else ExitCode.PASSED


@cli.command()
@click.argument("path", required=False, type=click.Path(path_type=Path), default=None)
@options(*flags(RunStage.TREE, RunStage.SURVEY))
@click.pass_obj
def plan(environ: Mapping[str, str], /, **values: object) -> ExitCode:
    """Say what `run` would ask of the repository, what not, and why. Nothing is surveyed."""
    from . import runner

    click.echo(runner.planned(runner.prepare(given(values), environ)))
    return ExitCode.PASSED


@cli.command()
@click.argument("rule")
def explain(rule: str) -> ExitCode:
    """Explain a RULE or check, for instance compose/privileged, bandit/B602 or secrets/github-pat."""
    from .explain import page

    click.echo(page(rule))
    return ExitCode.PASSED


@cli.command()
@click.argument("path", required=False, type=click.Path(path_type=Path), default=None)
@click.option("--dry-run", is_flag=True, help="Show the patches and write nothing.")
@click.option("--unsafe-fixes", is_flag=True, help="Make fixes too that may change what works, such as limits.")
@click.option("--rule", "rules", multiple=True, help="Fix only this rule or family; may be given several times.")
@options(*flags(RunStage.TREE))
@click.pass_obj
def fix(
    environ: Mapping[str, str], /, *, dry_run: bool, unsafe_fixes: bool, rules: tuple[str, ...], **values: object
) -> ExitCode:
    """Fix what a program can fix in the repository at PATH, and keep comments and layout."""
    from . import fix as command
    from . import runner

    wanted = command.FixRequest(rules, unsafe=unsafe_fixes, dry=dry_run)
    for line in command.run(runner.prepare(given(values), environ), wanted):
        click.echo(line)
    return ExitCode.PASSED


@cli.command()
@click.argument("path", required=False, type=click.Path(path_type=Path), default=Path())
def init(path: Path) -> ExitCode:
    """Write .seatrial.yml and a workflow into the repository at PATH. Never overwrites a file."""
    from .init import write

    for line in write(path):
        click.echo(line)
    return ExitCode.PASSED


@cli.command(hidden=True)
@options("report_dir")
@click.pass_obj
def sweep(environ: Mapping[str, str], /, **values: object) -> ExitCode:
    """Tidy the report directory up after a run that was cut short; for the end of the Action's job."""
    from . import sweep as sweeping

    click.echo(sweeping.run(given(values), environ))
    return ExitCode.PASSED


@cli.command()
def schema() -> ExitCode:
    """Print the JSON Schema of report.json."""
    from seatrial.report import json

    click.echo(json.schema_text(), nl=False)
    return ExitCode.PASSED


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run one command line and return its exit code (errors.ExitCode)."""
    try:
        hosts.find(environ).hush(_say)
        result = cli.main(args=list(argv), prog_name="seatrial", standalone_mode=False, obj=environ)
        return int(result) if isinstance(result, int) else ExitCode.PASSED
    except UsageError as error:
        _fail(environ, str(error), error.remedy)
        return ExitCode.USAGE
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return ExitCode.USAGE
    except click.UsageError as error:
        _fail(environ, error.format_message(), f"see `{error.ctx.command_path if error.ctx else 'seatrial'} --help`")
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        _complain("interrupted")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone
        return ExitCode.PASSED
    except Error as error:
        _fail(environ, str(error))
        return ExitCode.INCONCLUSIVE
    except Exception as bug:  # noqa: BLE001 - the funnel's last resort: our own bug, with a report to paste
        click.echo(_bug_report(bug, argv), err=True)
        return ExitCode.BUG


def _fail(environ: Mapping[str, str], message: str, remedy: str = "") -> None:
    """Print why there is no verdict. In a CI job the line appears among its annotations, too."""
    _complain(message, remedy)
    hosts.find(environ).complain(message, remedy, _say)


def _say(line: str) -> None:
    """Print a line for the CI system, control characters included: they are its own."""
    click.echo(line, color=True)


def _complain(message: str, remedy: str = "") -> None:
    from seatrial.report.text import printable

    click.echo(f"seatrial: {printable(message)}" + (f" ({printable(remedy)})" if remedy else ""), err=True)


def _bug_report(bug: BaseException, argv: Sequence[str]) -> str:
    """What a maintainer needs. Exception texts may quote the scanned tree, so only types and places are shown."""
    frames = traceback.extract_tb(bug.__traceback__)
    places = "\n".join(f"  {Path(f.filename).name}:{f.lineno} in {f.name}" for f in frames[-12:])
    return (
        "seatrial: this is a bug of Seatrial, not of the repository. Please report it with these lines:\n\n"
        f"```\nseatrial {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}\n"
        f"command: {argv[0] if argv else ''}\n{type(bug).__name__} at\n{places}\n```"
    )


@contextmanager
def _interruptible() -> Iterator[None]:
    """
    Let SIGINT (Ctrl-C, a cancelled job) and SIGTERM (a stopped container) end the run with its reports.

    A shell starts what runs in its background with SIGINT ignored. A process group gets a signal of `timeout`
    twice. So SIGINT is heard even if it was ignored before. A repetition within a moment is the same wish: only a
    later one gives up the reports too.
    """
    first: list[float] = []

    def stop(_signum: int, _frame: object) -> None:
        first.append(time.monotonic())
        if len(first) == 1 or first[-1] - first[0] > _SAME_WISH:
            raise KeyboardInterrupt

    before = {kind: signal.signal(kind, stop) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _console(colour: Colour, *, stderr: bool) -> Console:
    terminal = {Colour.ALWAYS: True, Colour.NEVER: False, Colour.AUTO: None}[colour]
    return Console(stderr=stderr, force_terminal=terminal, highlight=False, emoji=False, markup=False)
