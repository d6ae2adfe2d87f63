# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Forms of single families of languages: Lisps, functional languages, make, CMake, PowerShell, Tcl."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.form import CASELESS, CORE, KEYED, MULTILINE, QUOTED, QUOTED_PRE, Form

LISPS = (
    *(".clj", ".cljs", ".cljc", ".edn", ".bb", ".hy", ".el", ".lisp", ".lsp", ".cl", ".asd", ".scm", ".ss", ".rkt"),
    *(".fnl", ".janet"),
)
"""How the names of files with parentheses for a syntax end."""
LISP = Form(
    "lisp",
    rf"(?:[:*+\"]{{1,2}}|[\s(\[{{]|#env\s)[\w./-]{{0,60}}{CORE}(?:/[\w./-]{{1,40}})?[*+?!]?\"?[)\]]{{0,3}}\s{{1,40}}(?:[\w-]{{1,12}}\s|\(or\s|#[\w/]{{1,20}}\s(?:\{{:\w{{1,20}}\s)?){{0,2}}\s{{0,8}}\"[^\s\"]{{3,}}\"",
    re.compile(
        r"(?<![\w./*+(\-])(?P<mark>[:*+\"]{0,2})(?P<name>(?>[A-Za-z][\w./\-]{1,80}))[*+?!]?\"?(?P<between>[)\]]{0,3}\s{1,40}"
        r"(?:[A-Za-z_][\w\-]{0,12}\s{1,8}(?=\")|\(or\s{1,8}|#[\w/]{1,20}\s{1,8}(?:\{:\w{1,20}\s{1,8})?)?)\"(?P<value>[^\s\"\\]{3,300})\""
    ),
    kinds=frozenset({FileKind.CODE}),
)
"""`:password "…"`, `(def password "…")`, `(env :password "…")`, `(or (System/getenv "PASSWORD") "…")`, `#env PASSWORD "…"`."""

_READ = r"(?:get_?env(?:ironment_?variable|_opt)?|lookup_?env|ENVIRON|\bENV)\W{1,4}"
_OTHERWISE = (
    r"(?:with\s{1,4}(?:null|_|Not_found)\s{0,4}->|orelse|or\s{0,2}\{|\|\|=?|~default:|\|>\s{0,4}(?:Option\.(?:value\s{1,4}~default:|defaultValue)"
    r"|Option\.\w{1,20}|defaultArg))"
)
OTHERWISE = Form(
    "otherwise",
    rf"(?:get_?env|lookup_?env|environ|environmentvariable|env)[\w]{{0,24}}[^\w\n]{{1,4}}[\"'][\w.-]{{0,40}}{CORE}[\"'][^\"'\n]{{1,60}}{QUOTED_PRE}"
    rf"|(?:frommaybe|maybe)\s{{1,4}}\"[^\s\"]{{3,}}\"[^\"\n]{{1,60}}env\w{{0,20}}\s{{1,4}}\"[\w.-]{{0,40}}{CORE}\""
    rf"|get_env\(:?\w{{1,30}},\s{{0,4}}:?[\w]{{0,40}}{CORE},\s{{0,4}}(?:<<)?{QUOTED_PRE}",
    re.compile(
        rf"(?:{_READ}[\"'](?P<name>{KEYED})[\"'][^\"'\n]{{0,30}}?{_OTHERWISE}\s{{0,8}}"
        rf"|\bget_env\(:?\w{{1,30}},\s{{0,4}}:?(?P<name1>\w{{2,80}}),\s{{0,4}}(?:<<)?){QUOTED}"
        rf"|\b(?:fromMaybe|maybe)\s{{1,4}}\"(?P<value4>[^\s\"\\]{{3,200}})\"[^\"\n]{{1,40}}?\b(?:lookup|get)Env\w{{0,20}}\s{{1,4}}\"(?P<name2>{KEYED})\"",
        re.IGNORECASE,
    ),
    gate=("env",),
)
"""`Sys.getenv_opt "X" |> Option.value ~default:"…"`, `getenv("X") orelse "…"`, `fromMaybe "…" <$> lookupEnv "X"`."""

_OUTSIDE_CODE = frozenset(FileKind) - {FileKind.CODE}
MAKE = Form(
    "make",
    rf"{CORE}[)}}]?\s?[^\n]{{0,80}}\$[({{](?:or|if)[ \t]|\$[({{](?:or|if)[ \t][^\n]{{0,80}}{CORE}[)}}][^\n]{{0,80}},\s{{0,4}}[^\s$(),]{{3,}}[)}}]"
    rf"|\bdefine[ \t]{{1,4}}[\w.-]{{0,40}}{CORE}[ \t]{{0,4}}[:?+]?=?[ \t]{{0,4}}\r?\n",
    re.compile(
        r"(?:^[ \t]{0,40}(?:(?:export|override)[ \t]{1,4}){0,2}(?P<name>[\w.\-]{2,80})[ \t]{0,4}[:?+]{0,3}=[ \t]{0,4}\$[({](?:or|if)[ \t]"
        r"|\$[({](?:or|if)[ \t]{1,4}\$[({](?P<name1>[\w.\-]{2,80})[)}])[^\n]{0,120}?,[ \t]{0,4}(?P<value>[^\s$(){},;\"'`<>]{3,200})[ \t]{0,4}[)}]"
        r"|^define[ \t]{1,4}(?P<name2>[\w.\-]{2,80})[ \t]{0,4}[:?+]?=?[ \t]{0,4}\r?\n[ \t]{0,8}(?P<value1>[^\s$(){},;\"'`<>]{3,200})[ \t]{0,4}\r?$",
        re.MULTILINE,
    ),
    gate=("$(or", "${or", "$(if", "${if", "define"),
    kinds=_OUTSIDE_CODE,
    bare=True,
    flags=CASELESS | MULTILINE,
)
"""`$(or $(PASSWORD),…)`, `$(if $(PASSWORD),$(PASSWORD),…)` and `define`: https://www.gnu.org/software/make/manual/html_node/Conditional-Functions.html"""

SET_CALL = Form(
    "set-call",
    rf"\bset\([ \t]{{0,4}}(?:env\{{)?[\w.-]{{0,40}}{CORE}\}}?\s{{1,8}}\"[^\s\"$]{{3,}}\"|\bset\s{{1,4}}(?:::)?\w{{1,20}}\([\w.-]{{0,40}}{CORE}\)\s{{1,4}}{QUOTED_PRE}"
    rf"|\boption\(\s{{0,4}}'[\w.-]{{0,40}}{CORE}'[^)\n]{{0,120}}\bvalue\s{{0,4}}:\s{{0,4}}'[^\s']{{3,}}'",
    re.compile(
        r"\b(?i:set)\([ \t]{0,4}(?:ENV\{)?(?P<name>[\w.\-]{2,80})\}?\s{1,8}\"(?P<value4>[^\s\"$\\]{3,200})\""
        rf"|\bset\s{{1,4}}(?:::)?\w{{1,20}}\((?P<name1>[\w.\-]{{2,80}})\)\s{{1,4}}{QUOTED}"
        r"|\boption\(\s{0,4}'(?P<name2>[\w.\-]{2,80})'[^)\n]{0,120}?\bvalue\s{0,4}:\s{0,4}'(?P<value5>[^\s'\\]{3,200})'"
    ),
    gate=("set", "option("),
)
"""CMake's `set(NAME "…")`, Tcl's `set ::env(NAME) "…"`, Meson's `option('name', value: '…')`."""

POWERSHELL = Form(
    "powershell",
    rf"(?:set-item|new-item|(?:set|new)-variable)\s[^\n]{{0,60}}{CORE}[\"']?\s{{1,4}}(?:-value\s{{1,4}})?[\"']?[^\s\"'$()]{{3,}}",
    re.compile(
        r"\b(?:(?:set|new)-item\s{1,4}(?:-path\s{1,4})?[\"']?env:\\?|(?:set|new)-variable\s{1,4}(?:-name\s{1,4})?[\"']?)(?P<name>\w{2,80})[\"']?"
        r"\s{1,4}(?:-value\s{1,4})?(?P<quote>[\"']?)(?P<value>[^\s\"'`$(){};|]{3,200})(?P=quote)(?=[\s;|]|\Z)",
        re.IGNORECASE,
    ),
    gate=("-item", "-variable"),
    kinds=frozenset({FileKind.SHELL, FileKind.CONFIG, FileKind.TEXT}),
    bare=True,
)
"""`Set-Item Env:PASSWORD …` and `Set-Variable`, in scripts and pipelines."""

LANGUAGE_FORMS = (LISP, OTHERWISE, MAKE, SET_CALL, POWERSHELL)
"""In the order in which they are tried."""
