# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Forms in which a value replaces a variable that is not set, or is spread over several lines or literals."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.form import (
    CASELESS,
    CORE,
    DIGIT,
    KEYED,
    MACHINE,
    MULTILINE,
    NAME,
    PERSONAL,
    QUOTED,
    QUOTED_PRE,
    START,
    WRAPPER,
    Form,
)

_ELSE = r"(?:unwrap_or|or|else|getOrElse|orElse|withDefault)\w{0,10}\(\s{0,4}(?:\|\w{0,10}\|\s{0,4}|\(?\w{0,10}\)?\s{0,2}[=-]>\s{0,4})?"
_DEFAULT_IS = r"(?:\w{0,20}(?:default|fallback|else|value|unset)\w{0,10}\s{0,3}[=:]\s{0,3})?"
DEFAULT = Form(
    "default",
    rf"[\"'][\w.-]{{0,40}}{CORE}[\"']\s?[\])]?\s?(?:,\s*(?:\w{{1,30}}\s?=\s?[^,()\"'\n]{{1,40}},\s*){{0,4}}(?:\w{{1,30}}\s?[=:]\s?)?|\.\w{{2,20}}\([^\"'\n]{{0,20}}|\{{\s?|\?:\s?)(?:[\w.:]{{1,30}}\()?{QUOTED_PRE}",
    re.compile(
        rf"(?<![\w.])(?P<call>(?>\$?[\w\]\[]{{1,60}}(?:(?:\.|::|->|\(\)\.)\w{{1,40}}){{0,4}}))[(\[]\s{{0,8}}(?:&[\w.]{{1,40}},\s{{0,4}})?[\"'](?P<name>{KEYED})[\"']\s{{0,4}}[\])]?\s{{0,4}}"
        rf"(?P<op>,\s{{0,40}}(?:\w{{1,30}}\s?=\s?[^,()\"'\n]{{1,40}},\s{{0,40}}){{0,4}}{_DEFAULT_IS}|\.{_ELSE}|\{{\s{{0,4}}|\?:\s{{0,4}}){WRAPPER}{QUOTED}"
    ),
)
"""`getenv("DB_PASSWORD", "…")`: the value is used wherever the variable is not set."""
READERS = re.compile(
    r"(?:(?:\A|[^a-z])env|environ(?:\.(?:get|setdefault|pop))?|get_?(?:os_?)?env(?:_?(?:var|or|default|string|str|value)\w*)?|env\w*\.\w+|fetch"
    r"|config(?:\.get)?|get_?config|settings?(?:\.get)?|get_?setting|get_?property|get_?or_?default|set_?property|env_?or_?default"
    r"|(?:set|put|get)_?env(?:ironment_?variable)?|set_?var|env::var(?:_os)?|lookup_?env|flags?(?:\(\))?\.string(?:var)?|viper\.setdefault|env_?var)\Z",
    re.IGNORECASE,
)
"""How the functions that read (or set) a variable of the environment or an option are called."""

FILTER = Form(
    "filter",
    rf"{CORE}\??[\"']?\s?\)?\s?\|\s?d(?:efault)?[ (]{{1,3}}{QUOTED_PRE}",
    re.compile(
        rf"(?<![\w.])\.?(?P<name>[\w.\-]{{2,100}})\??[\"']?\s{{0,2}}\)?\s{{0,4}}\|\s{{0,4}}d(?:efault)?\b[ (]{{1,4}}{QUOTED}"
    ),
    gate=("|",),
)
"""`{{ password | default("…") }}` of Jinja, `{{ .Values.password | default "…" }}` of Go's templates."""

JOINED = Form(
    "joined",
    rf"{CORE}[\"'\])]{{0,3}}\s?(?:=|:|:=|=>)\s?(?:[\"']{{2}}\.join\()?\[\s?[\"'][^\s\"'<>]{{2,}}[\"'],\s?[\"']",
    re.compile(
        rf"{NAME}[\"'\])]{{0,3}}\s{{0,8}}(?:=|:|:=|=>)\s{{0,8}}(?:[\"']{{2}}\.join\()?\[\s{{0,8}}(?P<value>[\"'`][^\[\]\n]{{8,600}}[\"'`])\s{{0,8}},?\s{{0,8}}\](?=\.(?:join|concat|reduce)\b|\)|\s{{0,2}}\*)"
    ),
    gate=("join", "concat"),
)
"""A value in pieces: `["…", "…"].join("")`."""

_OPENS = r"(?:<<[-~<]?[ ]?[\"']?(?P<tag>\w{1,30})[\"']?|[rRbBuU]{0,2}(?P<marks>\"\"\"|'''|''|`))"
LITERAL_BLOCK = Form(
    "literal-block",
    rf"(?:{PERSONAL}|{MACHINE})[\"'\])]{{0,3}}\s?(?:=|:|:=|=>)\s?(?:<<[-~<]?[ ]?[\"']?\w{{1,30}}[\"']?|[rbu]{{0,2}}(?:\"\"\"|'''|''|`))\\?\s{{0,60}}{START}[^\s\"'`]{{3,}}",
    re.compile(
        rf"{NAME}[\"'\])]{{0,3}}\s{{0,8}}(?:=|:|:=|=>)\s{{0,8}}{_OPENS}\\?(?:[ \t]{{0,8}}\r?\n[ \t]{{0,60}})?(?P<value>[^\s\"'`<>{{}}$][^\s\"'`<>{{}}]{{3,400}})\s{{0,60}}(?:(?P=marks)|(?P=tag)\b)"
    ),
    gate=("<<", '"""', "'''", "''", "`"),
)
"""A value in a string of several lines: HCL's here-documents, Java's text blocks, Nix's, Python's and JavaScript's strings."""

_SCHEME = r"[A-Za-z][\w-]{1,30}[ ]{1,2}(?:(?:token|key|apikey|api_key|id|secret)=)?\\?[\"']?"
AUTHORIZATION = Form(
    "authorization",
    rf"(?:authorization|x-[\w-]{{0,40}}(?:auth|token|key|secret)[\w-]{{0,20}})[\"'`\])]{{0,3}}\s?[:=,]\s?[\"'`]?[a-z][\w-]{{1,30}}[ ]{{1,2}}[^\s]{{0,10}}[a-z0-9+/_.~-]*{DIGIT}",
    re.compile(
        rf"(?i:authorization|x-[\w-]{{0,40}}(?:auth|token|key|secret)[\w-]{{0,20}})[\"'`\])]{{0,3}}\s{{0,4}}[:=,]\s{{0,4}}[\"'`]?(?P<scheme>(?=[\w-]+ )){_SCHEME}(?P<value>[A-Za-z0-9+/_.~-]{{16,1000}}={{0,2}})(?=[\s\"'`\\,;)]|\Z)"
    ),
    gate=("auth", "x-"),
    rule="basic-auth",
    key="token",
    kinds=frozenset(FileKind),
)
"""`Authorization: ApiKey …`: a scheme of the service's own (RFC 9110, section 11.4) before the credential."""
PASSING_SCHEMES = re.compile(
    r"(?:basic|bearer|digest|negotiate|ntlm|hawk|signature|hoba|mutual|vapid|scram\S*|aws4\S*|oauth|client-id)[ ]",
    re.IGNORECASE,
)
"""Schemes of other forms, those whose credential is good for one request only, and a client's public name."""

CHART_VALUE = Form(
    "chart-value",
    rf"--set[\w-]{{0,10}}[ =][\"']?[^\s\"']*{CORE}=[^\s\"'`<>{{}}$%(),;]{{3,}}[,\s\"']",
    re.compile(
        r"(?:--set[\w-]{0,10}[ =][\"']?|(?<=,))(?P<name>\w[\w.\-\[\]]{1,120})=(?P<value>[^\s\"'`<>{}$%(),;]{3,300})(?=[,\s\"'\\]|\Z)"
    ),
    gate=("--set",),
    kinds=frozenset({FileKind.SHELL, FileKind.CONFIG, FileKind.TEXT}),
    bare=True,
)
"""`helm upgrade --set a=1,auth.password=…`: https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set"""

_EMPTY = r"""(?:undefined|null|nil|None|""|'')"""
CHOICE = Form(
    "choice",
    rf"(?:{CORE}[\"'\])]{{0,3}}\s?(?:[!=]={{1,2}}\s?{_EMPTY}\s?|(?:=|:)\s?[^\n?:]{{1,80}})?\?\s{{0,8}}(?:[\w.$()]{{1,60}}\s?:\s{{0,8}})?{QUOTED_PRE}"
    rf"|[\"'][\w.]{{0,40}}{CORE}[\"']\sin\s[\w.]{{1,40}}\selse\s{QUOTED_PRE}"
    rf"|\$ENV\{{[\"']?[\w]{{0,40}}{CORE}[\"']?\}}\s?(?://|\|\|)=?\s?{QUOTED_PRE}"
    rf"|(?:try|coalesce|nvl|ifnull|default\w{{0,12}})\(\s?[\w.$]{{0,60}}{CORE},\s?{QUOTED_PRE})",
    re.compile(
        rf"(?:{NAME}[\"'\])]{{0,3}}\s{{0,4}}(?:[!=]={{1,2}}\s{{0,4}}{_EMPTY}\s{{0,4}}|(?:=|:)\s{{0,4}}[^\n?:]{{1,80}})?\?\s{{0,8}}(?:[\w.$()]{{1,60}}\s{{0,4}}:\s{{0,8}})?"
        rf"|[\"'](?P<name1>{KEYED})[\"']\sin\s[\w.]{{1,40}}\selse\s"
        rf"|\$ENV\{{[\"']?(?P<name2>\w{{2,80}})[\"']?\}}\s?(?://|\|\|)=?\s?"
        rf"|\b(?:try|coalesce|nvl|ifnull|default\w{{0,12}})\(\s?(?P<name3>[\w.$]{{2,100}}),\s?){QUOTED}",
        re.IGNORECASE,
    ),
    gate=("?", " else ", "//", "||", "try(", "coalesce(", "nvl(", "ifnull(", "default"),
)
"""`env.DB_PASSWORD === undefined ? "…" : …`, `… if "X" in environ else "…"`, `$ENV{X} // "…"`, `coalesce(var.password, "…")`."""

TAG = Form(
    "tag",
    rf":\"[\w.,-]{{0,40}}{CORE}[\w.,-]{{0,20}}\"[^`\n]{{0,120}}default:\"[^\s\"<>]{{3,}}\"",
    re.compile(
        r":\"(?P<name>[\w.\-]{2,80})[\w.,\-]{0,40}\"[^`\n]{0,120}?(?:envDefault|env-default|default):\"(?P<value>[^\"\s`]{3,200})\""
    ),
    gate=("default:",),
)
"""Go's tags of struct members: `env:"DB_PASSWORD" envDefault:"…"`."""

TEMPLATE_DEFAULT = Form(
    "template-default",
    rf"\bdefault\s{{1,4}}{QUOTED_PRE}\s{{1,4}}\(?[.$][\w.]{{0,80}}{CORE}",
    re.compile(rf"\bdefault\s{{1,4}}{QUOTED}\s{{1,4}}\(?[.$](?P<name>[\w.]{{2,100}})"),
    gate=("default",),
)
"""`{{ default "…" .Values.password }}` of Go's templates."""

SHELL_SET = Form(
    "shell-set",
    rf"^[ \t]*(?:setenv|set[ \t]{{1,4}}-\w{{1,8}})[ \t]{{1,4}}\w{{0,40}}{CORE}[ \t]{{1,4}}[\"']?[^\s\"'`<>{{}}$%()]{{3,}}",
    re.compile(
        r"^[ \t]{0,40}(?:setenv|set[ \t]{1,4}-\w{1,8})[ \t]{1,4}(?P<name>\w{2,80})[ \t]{1,4}[\"']?(?P<value>[^\s\"'`<>{}$%();|&]{3,200})[\"']?[ \t]{0,4}\r?$",
        re.MULTILINE,
    ),
    gate=("set",),
    kinds=frozenset({FileKind.SHELL, FileKind.TEXT, FileKind.CONFIG}),
    bare=True,
    flags=CASELESS | MULTILINE,
)
"""fish's `set -x NAME value`, the C shell's `setenv NAME value`."""

ARGUMENTS = Form(
    "arguments",
    rf"[\"'\[, ]--?[\w-]{{0,40}}{CORE}[\"']?,\s{{0,8}}(?:{QUOTED_PRE}|[^\s\"'`<>{{}}$%()\[\],-][^\s\"'`<>{{}}()\[\],]{{2,}}\s?[,\]])",
    re.compile(
        rf"[\"'\[, ]--?(?P<name>[A-Za-z][\w\-]{{1,60}})[\"']?,\s{{0,8}}(?:{QUOTED}|(?P<value4>[^\s\"'`<>{{}}$%()\[\],\-][^\s\"'`<>{{}}()\[\],]{{2,200}})(?=\s?[,\]]))"
    ),
    gate=("--", '"-', "'-"),
)
"""`args: [--password, …]`: an option and its value as items of a list."""
