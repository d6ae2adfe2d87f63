"""Attributes of templates that are bound to an expression: what looks like their value is code."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.sighting import Sighting

MARKUP = (".html", ".htm", ".vue", ".svelte", ".jsx", ".tsx", ".xhtml", ".cshtml", ".erb", ".ejs", ".hbs", ".twig")
_BINDING = re.compile(
    r"(?:[\[(*#@:]|\b(?:v|x|ng|hx|on|bind|data-ng|svelte|wire|use|aria|i18n)[-:])[\w.:\-\[\](]{0,60}\Z"
)
_EXPRESSION = re.compile(r"[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*|\[[^\]]*\]|\([^()]*\)){1,8}!?\Z")
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z]*(?:[-_.][A-Za-z]+)*\Z")


def is_binding(sighting: Sighting) -> bool:
    """
    Whether an attribute of a template is bound to an expression or names a field.

    Angular, Vue, Svelte, Alpine and htmx mark the attribute (`[error]`, `:value`, `@click`, `v-model`, `hx-vals`).
    """
    if not sighting.place.path.lower().endswith(MARKUP):
        return False
    if _BINDING.search(sighting.line) or _EXPRESSION.match(sighting.value):
        return True
    return "<" in sighting.line and _FIELD_NAME.match(sighting.value) is not None and not sighting.mixed
