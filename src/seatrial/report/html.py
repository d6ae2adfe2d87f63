"""
report.html: one page for people, without script, without anything from the network.

Whatever comes from the repository is made printable and then escaped, by one function that every value of the template
goes through.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from .outcome import Outcome
from .page import Page
from .text import printable, printable_block

_TEXT = 1000  # characters
_REMEDY = 2000  # characters


def render(outcome: Outcome) -> str:
    """The report as a page."""
    return _environment().get_template("report.html.j2").render(page=Page(outcome))


@cache
def _environment() -> Environment:
    folder = resources.files("seatrial").joinpath("templates")
    made = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_shown,
    )
    made.filters["lines"] = lambda text: _Block(printable_block(text))
    made.filters["block"] = lambda text: _Block(printable_block(text, limit=_REMEDY))
    return made


class _Block(str):
    """Text of several lines that is printable already."""


def _shown(value: object) -> object:
    """What a value of the template becomes before it is escaped."""
    return printable(value, limit=_TEXT) if type(value) is str else value
