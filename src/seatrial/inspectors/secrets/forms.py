"""The ways in which code and text give a secret away, and what the engine searches for them."""

from __future__ import annotations

from seatrial.inspectors.secrets import default_forms, named_forms, syntax_forms
from seatrial.inspectors.secrets.form import Form
from seatrial.inspectors.secrets.language_forms import LANGUAGE_FORMS
from seatrial.inspectors.secrets.shell_forms import SHELL_FORMS
from seatrial.inspectors.secrets.tool_forms import TOOL_FORMS

FORMS: tuple[Form, ...] = (
    default_forms.DEFAULT,
    default_forms.FILTER,
    default_forms.JOINED,
    default_forms.LITERAL_BLOCK,
    default_forms.AUTHORIZATION,
    default_forms.CHART_VALUE,
    default_forms.CHOICE,
    default_forms.TAG,
    default_forms.TEMPLATE_DEFAULT,
    default_forms.SHELL_SET,
    named_forms.ASSIGNED,
    named_forms.SPACED,
    named_forms.TYPED,
    named_forms.FLOW,
    named_forms.FLOW_IN_CODE,
    named_forms.QUOTED_HEADER,
    default_forms.ARGUMENTS,
    syntax_forms.DSN,
    named_forms.PAIR,
    named_forms.ELEMENT,
    named_forms.BLOCK,
    named_forms.VARIABLE,
    named_forms.JSON_TEXT,
    named_forms.EXPANSION,
    syntax_forms.SQL,
    syntax_forms.URL,
    syntax_forms.HEADER,
    syntax_forms.CALL,
    syntax_forms.COMMAND,
    *LANGUAGE_FORMS,
    *SHELL_FORMS,
    *TOOL_FORMS,
    named_forms.INLINE,
    named_forms.LINE,
    named_forms.DIRECTIVE,
    syntax_forms.TOLD,
    syntax_forms.PROSE,
)
"""In the order in which they are tried: the first to explain a value names it."""

PREFILTERS: tuple[tuple[str, int], ...] = tuple((form.prefilter, form.flags) for form in FORMS)
"""For the engine: hyperscan expression and flags. Block mode, end offsets only."""
