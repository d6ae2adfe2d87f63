"""What GitLab makes of a note's Markdown: the text that its filters look at, and what they would link there."""

from __future__ import annotations

import re
from typing import Any

import cmarkgfm
import lxml.html
from cmarkgfm.cmark import Options

REFERENCE = re.compile(r'[~!%$&@#^][A-Za-z0-9_"]|\*iteration:|\[\w+:|\bGL-\d|://|\bwww\.\w', re.IGNORECASE)
"""https://docs.gitlab.com/user/markdown/#gitlab-specific-references, and addresses."""


def text_of(note: str) -> str:
    """The text outside of code and of our own links, once the Markdown is parsed and entities are decoded."""
    rendered = cmarkgfm.github_flavored_markdown_to_html(note, options=Options.CMARK_OPT_UNSAFE)
    page: Any = lxml.html.fromstring(f"<div>{rendered}</div>")
    for code in page.xpath("//code | //pre | //a"):
        code.drop_tree()
    return str(page.text_content())


def links_of(note: str) -> list[str]:
    """The addresses that the note links by itself."""
    rendered = cmarkgfm.github_flavored_markdown_to_html(note, options=Options.CMARK_OPT_UNSAFE)
    page: Any = lxml.html.fromstring(f"<div>{rendered}</div>")
    return [*page.xpath("//a/@href"), *page.xpath("//img/@src")]


def live(note: str) -> list[str]:
    """What would do something: references, links, and lines that GitLab executes."""
    orders = [line for line in note.split("\n") if line.lstrip().startswith("/")]
    return [*orders, *links_of(note), *(found[0] for found in REFERENCE.finditer(text_of(note)))]
