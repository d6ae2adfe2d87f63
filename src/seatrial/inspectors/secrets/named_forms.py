# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Forms in which a name gives the value away: assignments in the syntaxes of code, configuration and markup."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.form import (
    BARE_DIGIT,
    BARE_PRE,
    CASELESS,
    CORE,
    DIGIT,
    FOREIGN,
    KEYED,
    MACHINE,
    MULTILINE,
    NAME,
    OP_PRE,
    PERSONAL,
    QUOTED,
    QUOTED_DIGIT,
    QUOTED_PRE,
    START,
    WRAPPER,
    Form,
)

ASSIGNED = Form(
    "assigned",
    rf"(?:(?:{PERSONAL}|{FOREIGN}[\w.-]*){OP_PRE}{QUOTED_PRE}|{MACHINE}{OP_PRE}{QUOTED_DIGIT})",
    re.compile(
        rf"""
        {NAME}(?P<noise>["'`\])}}*\\]{{0,5}})\s{{0,20}}
        (?:\[\w{{0,8}}\]\s{{0,4}}|:\s{{0,4}}[A-Za-z&_][\w&.\[\]<>?*|' ]{{0,40}}?\s{{0,4}}(?==)|(?:string|String|str|as\s\w+)\s{{0,4}}(?==))?
        (?P<op>=>|:=|:|={{1,3}}|!==?|->|<-|,|\|\|=?|\?\?=?|\bor\b|\(|(?<=\s)\?:|[+.]=|&&=|<<|\.equals\(|\beq\b|\bis\b|\?=|%=)\s{{0,60}}
        \(?\s{{0,20}}{WRAPPER}(?:[bBrRuUfFLN@$]{{1,2}}(?=["'`]))?{QUOTED}
        """,
        re.VERBOSE,
    ),
)
SPACED = Form(
    "spaced",
    rf"(?:{CORE},?[ \t]{{1,20}}|(?:cmp|equals?|compare)\w*\([\w.*&>-]*{PERSONAL}\s*,\s*)[LNT@]?\(?{QUOTED_PRE}",
    re.compile(
        rf"(?<![\w\-])(?P<name>(?>\w{{2,60}}(?:-\w{{1,30}}){{0,4}}))(?:[ \t]{{1,20}}|,[ \t]{{0,20}})[LNT@]?\(?{QUOTED}",
    ),
)
FLOW = Form(
    "flow",
    rf"{CORE}[\"']?:[ ]+[^\s\"'`<>{{}}$%(),;\[\]*!|>&][^\s\"'`<>{{}}(),]*{DIGIT}[^\s\"'`<>{{}}(),]*[ ]*[,}}]",
    re.compile(
        r"[{,][ ]{0,8}[\"']?(?P<name>\w[\w.\-]{1,60})[\"']?:[ ]{1,8}(?P<value>[^\s\"'`<>{}$%(),;\[\]*!|>&][^\s\"'`<>{}(),]{2,100})(?=[ ]{0,8}[,}])"
    ),
    gate=("{",),
    kinds=frozenset({FileKind.CONFIG}),
    bare=True,
)
FLOW_IN_CODE = Form(
    "flow-in-code",
    rf"[{{,][ ]{{0,8}}\w{{0,40}}{CORE}:[ ]+[a-z][^\s\"'`<>{{}}(),]*{DIGIT}[^\s\"'`<>{{}}(),]*[ ]*[,}}]",
    re.compile(
        r"[{,][ ]{0,8}(?P<name>\w[\w.\-]{1,60}):[ ]{1,8}(?P<value>[A-Za-z][^\s\"'`<>{}(),]{2,100})(?=[ ]{0,8}[,}])"
    ),
    gate=("{",),
    kinds=frozenset({FileKind.CODE}),
    bare=True,
)
"""A flow mapping of YAML in a string of code. Keys without quotes: with them it is JSON, where values have quotes."""
QUOTED_HEADER = Form(
    "quoted-header",
    rf"[\"'`](?:[\w-]{{0,40}}(?:{PERSONAL}|{MACHINE})):[ ]{{0,2}}[^\s\"'`<>{{}}$%(),;\\]*{DIGIT}[^\s\"'`<>{{}}$(),;\\]*[\"'`]",
    re.compile(
        r"(?P<quote>[\"'`])(?P<name>[A-Za-z][\w\-]{2,60}):[ ]{0,2}(?P<value>[^\s\"'`<>{}$(),;\\]{8,300})(?P=quote)"
    ),
)
"""`-H 'X-Auth-Token: …'`: an HTTP header (RFC 9110, section 5) in one quoted string."""
JSON_TEXT = Form(
    "json-text",
    rf"{CORE}[\"']?\s{{0,4}}[:=]\s{{0,4}}[\"'`]?\{{\\?\"[^\n]{{1,200}}\\?\"[0-9a-z+/_=.-]{{20,300}}\\?\"",
    re.compile(
        r"(?P<name>\w[\w.\-]{1,60})[\"']?\s{0,4}[:=]\s{0,4}[\"'`]?\{[^\n]{1,200}?\\?\"(?P<value>[0-9A-Za-z+/_=.\-]{20,300})\\?\""
    ),
    gate=("{",),
)
"""JSON as the text of a value, escaped or not: what the name promises is one of its texts."""
TYPED = Form(
    "typed",
    rf"{PERSONAL}[\"'`\])]{{0,4}}(?:\.\w+\(\)|\)){{0,2}}[.,][ ]?(?:send_?keys|fill|type|set_?value|set_?text|val|with|input|set)\w{{0,8}}[(:]\s*{QUOTED_PRE}",
    re.compile(
        rf"(?i:pass(?:word|wd|code|phrase)?|pwd)\w{{0,20}}[\"'`\])]{{0,4}}(?:\.\w{{1,20}}\(\)|\)){{0,2}}[.,][ ]?"
        rf"(?:send_?[kK]eys|fill|type|set_?[vV]alue|set_?[tT]ext|val|with|input|set)\w{{0,8}}[(:]\s{{0,8}}{QUOTED}"
    ),
    key="password",
)
PAIR = Form(
    "pair",
    rf"{CORE}[\"']?[\s,]*[\"']?[a-z_]*val(?:ue)?[\"']?\s*[:=]\s*[\"']?{START}[^\s\"'`<>{{}}(),;][^\s\"'`<>{{}}(),;]",
    re.compile(
        rf"""
        (?:key|name|id|type|variable|var|field|option)["']?\s{{0,8}}[:=]\s{{0,8}}["']?(?P<name>{KEYED})["']?\s{{0,60}},?\s{{0,60}}
        ["']?[a-z_]{{0,20}}(?:value|val|content|default)["']?\s{{0,8}}[:=]\s{{0,8}}(?:{QUOTED}|(?P<value4>[^\s"',}}<>]{{3,200}}))
        """,
        re.VERBOSE | re.IGNORECASE,
    ),
    gate=("val", "content", "default"),
)
ELEMENT = Form(
    "element",
    rf"{CORE}(?:>|[\"'][ ]?>|</key>\s*<string>)\s*(?:<value>|<!\[CDATA\[)?"
    r"[^\s<>{}$%\[\]][^\s<>{}]{2,}\s*(?:\]\]>\s*)?</",
    re.compile(
        rf"""
        (?:<key>(?P<name1>{KEYED})</key>\s{{0,40}}<string>|<(?P<name>[\w:.\-]{{2,80}})(?:\s[^<>]{{0,120}})?>
          |(?:name|key|id)=["'](?P<name2>{KEYED})["']\s{{0,10}}>(?:\s{{0,20}}<value>)?)
        \s{{0,40}}(?:<!\[CDATA\[)?(?P<value>[^\s<>][^<>\n]{{0,200}}?)(?:\]\]>)?\s{{0,40}}</
        """,
        re.VERBOSE,
    ),
    gate=("</",),
)
BLOCK = Form(
    "block",
    rf"{CORE}[\"']?:[ \t]*[|>][-+0-9]*[ \t]*\r?\n[ \t]+[^\s{{$<-]\S\S\S",
    re.compile(
        rf"{NAME}[\"']?:[ \t]{{0,8}}[|>][-+0-9]{{0,2}}[ \t]{{0,4}}\r?\n[ \t]{{1,40}}(?P<value>\S{{3,200}})[ \t\r]{{0,4}}$",
        re.MULTILINE,
    ),
    gate=("|", ">"),
    kinds=frozenset({FileKind.CONFIG, FileKind.TEXT}),
    bare=True,
    flags=CASELESS | MULTILINE,
)
_LINE_OP = r"[\"'\]]{0,2}[ \t]*(?:=|:|[:?+.]=|::=|=>|\xef\xbc\x9a)[ \t]*"
_LINE_VALUE = rf"(?:{START}|\$[0-9]|\$\w+[$!@#%^&+=?~])[^\s\"'`<>()]*[^\s\"'`<>;,(){{}}\[\]:]"
LINE = Form(
    "line",
    rf"(?:(?:{PERSONAL}|{FOREIGN}[\w.-]*){_LINE_OP}{_LINE_VALUE}|{MACHINE}{_LINE_OP}{START}[^\s\"'`<>()]*[0-9!@#^&*?~][^\s\"'`<>()]*)"
    r"[ \t]*(?:\r?$|[ \t]#)",
    re.compile(
        r"""
        ^[ \t]{0,40}(?P<lead>@?(?:(?:export|set|setx|declare|local|readonly|ENV|ARG|env|var|REM|<!--|[-#;*>|?+]{1,3}|//|\d+[.)])[ \t]{1,8}|[-+#;]|//|-D){0,3})
        ["']?(?P<name>\w[\w.\-\[\]: ]{0,80}?)["'\]]{0,2}[ \t]{0,20}(?P<op>::=|[:?+.]=|=>|=|:|：)[ \t]{0,20}
        (?P<value>[^\s"'`][^\s]{2,200}?)[ \t]{0,8}(?:[ \t]\#[^\n]{0,200})?\r?$
        """,
        re.VERBOSE | re.MULTILINE,
    ),
    comments=frozenset({FileKind.CODE}),
    embedded=True,
    bare=True,
    flags=CASELESS | MULTILINE,
)
DIRECTIVE = Form(
    "directive",
    r"^[ \t]*(?:env|arg|user)?[ \t]{0,4}[\w.-]*(?:password|passwd|passwort|requirepass|masterauth|bindpw|rootpw|secret|"
    r"passphrase|auth-pass|wpa-psk|psk)[\w-]{0,12}[ \t]{1,8}(?:[0-9][ \t])?[^\s\"'`<>{}$%(),;:=#|][^\s<>(){}]{2,}[ \t]{0,4}\r?$",
    re.compile(
        r"""
        ^[ \t]{0,16}(?:(?:ENV|ARG|set|user[ \t]\S{1,30})[ \t]{1,4})?(?P<name>[\w.\-]{0,24}
        (?:password|passwd|passwort|requirepass|masterauth|bindpw|rootpw|secret|passphrase|auth-pass|wpa-psk|psk)[\w-]{0,12})
        [ \t]{1,8}(?:[0-9][ \t])?(?P<value>[^\s"'`<>{}$%(),;:=\#|][^\s<>(){}]{2,100})[ \t]{0,4}\r?$
        """,
        re.VERBOSE | re.MULTILINE | re.IGNORECASE,
    ),
    kinds=frozenset({FileKind.CONFIG, FileKind.SHELL}),
    bare=True,
    flags=CASELESS | MULTILINE,
)
INLINE = Form(
    "inline",
    rf"(?:{PERSONAL}[ ]?=[ ]?{BARE_PRE}|{MACHINE}[ ]?=[ ]?{BARE_DIGIT})[;&\"'`\s]",
    re.compile(
        r"(?P<before>(?m:^)|[?&;, \t\"'D=\-])(?P<name>\w[\w.\-]{1,60})[ ]?=[ ]?(?P<value>[^\s\"'`<>&;,(){}|\\]{3,120})(?=(?P<after>[;&\"'`\s\\]|\Z))"
    ),
    gate=("=",),
    bare=True,
)
EXPANSION = Form(
    "expansion",
    rf"{CORE}:?[-=:][\"']?[^\s{{}}$\"'?+]{{3,}}[\"']?\}}",
    re.compile(r"\$\{(?P<name>\w[\w.\-]{1,80}?):?[-=:][\"']?(?P<value>[^\s{}$\"'?+][^\s{}$\"']{2,100})[\"']?\}"),
    gate=("${",),
)
VARIABLE = Form(
    "variable",
    rf"{CORE}\"\s{{0,4}}\{{[^}}]*default\s*=\s{{0,4}}(?:\"[^\s\"$]{{3,}}\"|<<[-~]?\"?\w+\"?\s+[^\s\"$]{{3,}})",
    re.compile(
        r"variable\s{1,4}\"(?P<name>[\w-]{2,80})\"\s{0,4}\{[^}]{0,300}?default\s{0,20}=\s{0,4}(?:\"(?P<value>[^\s\"$]{3,200})\"|<<[-~]?\"?\w{1,30}\"?\s{1,60}(?P<value1>[^\s\"$]{3,200})\s)"
    ),
    gate=("variable",),
)
