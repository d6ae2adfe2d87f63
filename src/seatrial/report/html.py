"""
report.html: one page for people, without script, without anything from the network.

What comes from the repository is made printable and then escaped. One function does that for every value of the
template.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from .outcome import Outcome
from .page import ReportPage
from .text import printable, printable_block

_TEXT = 1000  # characters
_REMEDY = 2000  # characters


def render(outcome: Outcome) -> str:
    """The report as a page."""
    return _environment().get_template("report.html.j2").render(page=ReportPage(outcome))


@cache
def _environment() -> Environment:
    folder = resources.files(__package__)
    made = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_shown,
    )
    made.filters["told"] = _told
    made.filters["lines"] = lambda text: _Block(printable_block(text))
    made.filters["block"] = lambda text: _Block(printable_block(text, limit=_REMEDY))
    return made


def _told(text: str) -> str:
    """A sentence with the text between two backticks as code; a single backtick stays."""
    parts = printable(text, limit=_TEXT).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    code = (Markup("<code>{}</code>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts))
    return Markup("").join(code)


class _Block(str):
    """Text of several lines that is printable already."""


def _shown(value: object) -> object:
    """What a value of the template becomes before it is escaped."""
    return printable(value, limit=_TEXT) if type(value) is str else value
