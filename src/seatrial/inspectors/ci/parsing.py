"""YAML files of pipelines, as views with places."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.inspectors.whole import Whole
from seatrial.inspectors.yaml_view import YamlView
from seatrial.text.yaml_tree import YamlError, load_all


def load(whole: Whole, path: str) -> tuple[YamlView, ...]:
    """The documents of a file; none if it is not there, or no YAML."""
    try:
        return documents(path, whole.text(path))
    except YamlError:
        return ()


def documents(path: str, text: str) -> tuple[YamlView, ...]:
    """
    The documents of a text that are mappings or lists.

    Raises:
        YamlError: it is not YAML.
    """
    views = (YamlView(path, node) for node in load_all(text))
    return tuple(view for view in views if view.is_map or view.is_list)


def lines(view: YamlView) -> str:
    """A command, or a list of commands, as one script."""
    return "\n".join(one.text for one in flat(view))


def flat(view: YamlView) -> Iterator[YamlView]:
    """The single values of a value or a nested list."""
    for item in view.items:
        if item.is_list:
            yield from flat(item)
        elif item.text:
            yield item


def mappings(view: YamlView) -> Iterator[YamlView]:
    """Every mapping below, itself included."""
    if view.is_map:
        yield view
        for _, value in view.entries.values():
            yield from mappings(value)
    elif view.is_list:
        for item in view.items:
            yield from mappings(item)
