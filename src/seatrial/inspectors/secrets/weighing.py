"""What the surroundings of a value say, form by form: whether it is a credential, of which rule, and how surely."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from seatrial.inspectors.secrets import command_weighing
from seatrial.inspectors.secrets.code_tables import is_country
from seatrial.inspectors.secrets.command_weighing import has_digit
from seatrial.inspectors.secrets.default_forms import PASSING_SCHEMES, READERS
from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.language_forms import LISPS
from seatrial.inspectors.secrets.names import NameKind, name_kind, split_name
from seatrial.inspectors.secrets.sighting import COMMENT, Sighting
from seatrial.inspectors.secrets.syntax_forms import CALLS
from seatrial.inspectors.secrets.template_bindings import MARKUP, is_binding
from seatrial.inspectors.secrets.values import ValueKind, is_mixed, judge
from seatrial.inspectors.secrets.words import wordset

_GETTERS = wordset("""
    get read load find fetch lookup by from is has remove delete on parse create generate make new encode hash decode
    ask prompt request require expect assert describe it test validate invalid missing render print log throw raise
    with warn error t translate label register bind watch ref observe inject select query dispatch emit resolve unset
""")
_ARGUMENT = re.compile(r"(?<!array)(?<!Array)(?<!list)(?<!tuple)(?<!isset)(?<!in)(?<!set)\(\s{0,4}[\"'#:]{1,3}\Z")
"""A function's first argument."""
_NEXT_ITEM = re.compile(r"[\"'`]?\s{0,20},\s{0,40}[\"'`]")
_QUOTES = "\"'`"
_FIELD = re.compile(
    r"(?:server|data source|host(?:name)?|user ?(?:id|name)?|uid|database|initial catalog|dbname|driver|endpoint"
    r"|account(?:name)?|port|provider|trusted_connection)\s?=|jdbc:|://",
    re.IGNORECASE,
)


def _assigned(sighting: Sighting) -> Sighting | None:
    """`name = "value"` and its many spellings."""
    match = sighting.match
    op, noise = match["op"], match["noise"]
    if op == "=" and is_binding(sighting):
        return None
    if is_country(sighting.name, sighting.value, match.string, match.start()):
        return None
    if sighting.value.endswith(":") and _GOES_ON.match(match.string, match.end()):
        return None
    if op == "(" and (noise or _is_query(sighting.name)):
        return None
    if op == ",":
        if not any(q in noise for q in _QUOTES) or not (_ARGUMENT.search(sighting.line) or sighting.mixed):
            return None
        if _NEXT_ITEM.match(match.string, match.end()):
            return None  # three strings in a row are a list, most often of names
        sighting = replace(sighting, certain=False)
    if sighting.line.rstrip(_QUOTES)[-1:] in tuple("?/"):
        return None
    if sighting.place.kind is FileKind.TEXT or (op in "(," and not sighting.mixed):
        sighting = replace(sighting, certain=False)
    if (COMMENT.search(sighting.line) and "*/" not in sighting.line) or _says_dummy(sighting.name):
        sighting = replace(sighting, certain=False)
    return sighting


_GOES_ON = re.compile(r"\s{0,4}(?:\+|\.{1,2}|<>|\|\||&)\s{0,8}[A-Za-z_$(]")
"""A variable after a literal that ends in a colon: the literal says what follows (`"ED25519-V3:" + key`)."""
_DUMMIES = wordset("dummy fake mock example sample zero bogus placeholder not conf attr")
"""In names of values that are none: `DUMMY_SECRET`, `NOT_SO_PRIVATE_KEY`; `CONF_PASSWORD` holds an option's name."""


def _says_dummy(name: str) -> bool:
    return not _DUMMIES.isdisjoint(split_name(name))


def _is_query(name: str) -> bool:
    """Whether a function's name asks for the secret or works on it: `getPassword`, `password.encode`."""
    function = name.rsplit(".", 1)[-1]
    return name_kind(function) is NameKind.NONE or split_name(function)[0] in _GETTERS


def _as_it_is(sighting: Sighting) -> Sighting | None:
    """The syntax says enough."""
    return sighting


def _element(sighting: Sighting) -> Sighting | None:
    """An element of XML; in a program it is a template, or an answer that a double gives."""
    code = sighting.place.kind is FileKind.CODE and not sighting.place.path.lower().endswith(MARKUP)
    return replace(sighting, certain=not code)


def _pair(sighting: Sighting) -> Sighting | None:
    """`name: X, value: Y`; what has no quotes in a program is an expression."""
    return None if sighting.place.kind is FileKind.CODE and sighting.match["value4"] else sighting


def _spaced(sighting: Sighting) -> Sighting | None:
    """`#define PASSWORD "x"`, `storePassword "x"`: a line of its own, unless it is prose."""
    if sighting.value.startswith("-") or _UPSTREAM.fullmatch(sighting.name):
        return None  # an option, in a text that tells to pass it
    if not _STATEMENT.search(sighting.line) or (sighting.place.kind is FileKind.TEXT and not sighting.mixed):
        return None
    return sighting


_UPSTREAM = re.compile(r"ProxyPass(?:Match|Reverse|Inherit|Interpolate)?\w{0,20}", re.IGNORECASE)
"""Directives of Apache that name an address: https://httpd.apache.org/docs/2.4/mod/mod_proxy.html"""
_STATEMENT = re.compile(
    r"(?:^[ \t]*|#[ \t]{0,4}define[ \t]{1,8}|\b(?:setx?|setenv|let)[ \t]{1,8}:?"
    r"|(?:cmp\w{0,6}|[eE]quals?|[cC]ompare\w{0,10})\([\w.*&>\-]{0,40})\Z"
)
"""What comes before a name whose value follows without a sign between."""


def _flow_in_code(sighting: Sighting) -> Sighting | None:
    """`{user: x, password: y}`: in code only within a string, where it is configuration; elsewhere `y` is a name."""
    before = sighting.match.string[: sighting.match.start()]
    inside = any(before.count(quote) % 2 for quote in ("`", '"""')) or any(
        sighting.line.count(quote) % 2 for quote in _QUOTES
    )
    return replace(sighting, certain=sighting.mixed) if inside and has_digit(sighting.value) | sighting.mixed else None


def _quoted_header(sighting: Sighting) -> Sighting | None:
    """A name and a value in one string: only what a machine made is not a label."""
    return sighting if sighting.mixed else None


_PLAIN_OBJECT = re.compile(r"[\w.\-]+[\"']?\s{0,4}:\s{0,4}\{")


def _json_text(sighting: Sighting) -> Sighting | None:
    """JSON within a string; the members of a plain object have names of their own, as `rev` has in a lock file."""
    return None if _PLAIN_OBJECT.match(sighting.match[0]) else _quoted_header(sighting)


def _typed(sighting: Sighting) -> Sighting | None:
    """A browser test types the password in: `find("password").send_keys("x")`."""
    return replace(sighting, certain=sighting.mixed)


def _sql(sighting: Sighting) -> Sighting | None:
    """`IDENTIFIED BY 'x'`; a bare `password 'x'` needs a statement around it."""
    if sighting.match["value4"] and sighting.value.lower() in _ANY_WORD:
        return None
    text = sighting.line + sighting.match[0]
    if re.search(r"\b(?:create|alter|grant|user|role|login)\b", text, re.IGNORECASE):
        return replace(sighting, rule="password-assignment")
    return None


_ANY_WORD = wordset("the their its values password externally globally using name means default both one this that")
_ANYBODY = wordset("user username usr foo bar me name login u uname userid someuser alice bob john test")
_NOWHERE = re.compile(
    r"(?:.*\.)?(?:example(?:\.\w+)?|invalid|test|host(?:name)?|server|domain(?:\.\w+)?)\d*\Z", re.IGNORECASE
)


def _url(sighting: Sighting) -> Sighting | None:
    """`scheme://user:password@host`; addresses that mean any address are examples."""
    user, host = sighting.match["user"].lower(), sighting.match["host"]
    if re.match(r"\d+\Z", sighting.value) or "//" in sighting.value:
        return None
    example = bool(_NOWHERE.match(host))
    if not sighting.mixed and (user in _ANYBODY or example or sighting.place.sample):
        return None
    return replace(sighting, certain=not example)


def _header(sighting: Sighting) -> Sighting | None:
    """`Basic` must decode to `user:password`; `Bearer` must be random."""
    if sighting.match["scheme"].lower() != "basic":
        return sighting if len(sighting.value) >= 16 else None
    password = _basic_password(sighting.value)
    if password is None:
        return None
    verdict = judge(password, key="password")
    if sighting.place.sample and not is_mixed(password):
        return None
    return replace(sighting, verdict=verdict if verdict is not ValueKind.NOISE else ValueKind.WEAK)


def _basic_password(token: str) -> str | None:
    """The password in the base64 of `user:password`, if that is what it is."""
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    user, colon, password = decoded.partition(":")
    return password if colon and user and password and decoded.isprintable() else None


def _call(sighting: Sighting) -> Sighting | None:
    """`login("user", "password")`: the second literal must be no name of something."""
    user = sighting.match["user"]
    if not CALLS.search(sighting.match["call"]):
        return None
    if user.lower() == sighting.value.lower() and sighting.place.kind is FileKind.CODE and sighting.place.sample:
        return None
    strict = sighting.match["call"].lower().rsplit(".", 1)[-1] in ("connect", "auth", "authenticate", "credentials")
    known = sighting.verdict is ValueKind.WEAK and user.lower() in _USERS
    if (
        name_kind(user) is not NameKind.NONE
        or (strict and not (sighting.mixed or known))
        or "@" in sighting.value[1:-4]
    ):
        return None
    return replace(sighting, certain=sighting.mixed and not strict)


_USERS = wordset("root admin administrator sa postgres mysql pi ubuntu vagrant oracle guest system jenkins deploy ftp")


_MEDIA = re.compile(r"[?&]alt=media&|\.(?:jpe?g|png|gif|webp|svg|mp[34]|mov|pdf)\?", re.IGNORECASE)
"""In the address of a picture or film, which every viewer also has."""


def _inline(sighting: Sighting) -> Sighting | None:
    """`password=x` inside a connection string, a URL's parameters or a command line."""
    before, after = sighting.match["before"], sighting.match["after"] or ""
    line = sighting.line
    code = sighting.place.kind is FileKind.CODE
    quoted = any(line.count(quote) % 2 for quote in _QUOTES)
    whole = line + sighting.match.string[sighting.match.start() : sighting.match.end() + 80].split("\n", 1)[0]
    fields = bool(_FIELD.search(whole.replace(sighting.match[0], "")))
    if (code and not quoted) or (before in tuple("?&") and _MEDIA.search(line + before)):
        return None
    string = "connection-string" if sighting.names is NameKind.PASSWORD else sighting.rule
    if (before in tuple(";?&") or (before and after in tuple(";&"))) and (fields or not code):
        return replace(sighting, rule=string, certain=fields)
    if before == "-" and not code:
        return replace(sighting, rule="command-line-password", certain=sighting.place.kind is FileKind.SHELL)
    if fields and quoted:
        return replace(sighting, rule=string, certain=sighting.mixed)
    variable = sighting.place.kind is FileKind.SHELL or re.search(r"[A-Za-z][_.][A-Za-z]", sighting.name)
    if code or not (variable or sighting.mixed):
        return None
    return replace(sighting, certain=sighting.mixed)


def _line(sighting: Sighting) -> Sighting | None:
    """A line `name = value` without quotes: a value in configuration, an expression in code."""
    match, kind = sighting.match, sighting.place.kind
    lead, op = match["lead"], match["op"]
    comment = bool(re.match(r"\s*(?:#|;|//|\*|REM|<!--)", lead))
    if kind is FileKind.CODE:
        told = comment and op == ":" and has_digit(sighting.value)
        return (
            replace(sighting, rule="password-in-text", certain=False) if told or (comment and sighting.mixed) else None
        )
    if kind is FileKind.SHELL and (op != "=" or match.string[match.end("op") : match.end("op") + 1] == " "):
        return None
    if kind is FileKind.TEXT:
        variable = op == "=" and match["name"].isupper()
        told = op in (":", "：") and has_digit(sighting.value)
        if not (sighting.mixed or variable or told):
            return None
        return replace(sighting, rule=sighting.rule if variable else "password-in-text", certain=False)
    if len(match["name"].split()) > 3:
        return None
    if sighting.place.embedded:
        told = has_digit(sighting.value) or sighting.mixed
        return replace(sighting, certain=sighting.mixed and not comment) if told else None
    return replace(sighting, certain=not comment)


def _directive(sighting: Sighting) -> Sighting | None:
    """`requirepass x`, `ENV PASSWORD x`: a line of name and value only."""
    instruction = re.match(r"\s*(?:ENV|ARG)\s", sighting.match[0]) is not None
    if sighting.place.kind is FileKind.SHELL and not instruction:
        return None
    return sighting if instruction or sighting.mixed or sighting.verdict is ValueKind.WEAK else None


def _prose(sighting: Sighting) -> Sighting | None:
    """`password: x` or `the password is x` in text, or in a comment."""
    if sighting.place.kind is not FileKind.TEXT and not COMMENT.search(sighting.line):
        return None
    match = sighting.match
    if sighting.name == "PASS":
        return None  # a verdict beside FAIL
    marked = bool(match["mark"].strip("|"))
    told = sighting.names is NameKind.PASSWORD and (
        marked or (has_digit(sighting.value) and match["sign"] in (":", "=", "|", "："))
    )
    glued = match["sign"] == ":" and match.string[match.end("sign") : match.end("sign") + 1] not in tuple(" \t`'\"*")
    if (glued and sighting.line.strip()) or sighting.value.startswith((":", "!", "//")):
        return None
    if not (sighting.mixed or told) or re.search(r"\\[nrtx0\[]|^&|\[.*\]", sighting.value):
        return None
    value = sighting.value.rstrip(".:!?") if not marked else sighting.value
    return replace(sighting, value=value, certain=False) if len(value) > 2 else None


def _told(sighting: Sighting) -> Sighting | None:
    """`login: bob / x`."""
    return replace(sighting, certain=False) if sighting.mixed and "=" not in sighting.value[:-2] else None


def _expansion(sighting: Sighting) -> Sighting | None:
    """A default inside a reference is used wherever the variable is forgotten."""
    return replace(sighting, certain=sighting.place.kind is not FileKind.CODE)


def _default(sighting: Sighting) -> Sighting | None:
    """A default of an option is one of a program in use; elsewhere it is the second argument of anything."""
    reads = READERS.search(sighting.match["call"]) is not None
    if not reads and (sighting.match["op"].strip() in (",", "{") or not sighting.mixed):
        return None
    if COMMENT.search(sighting.line) or _says_dummy(sighting.name):
        return replace(sighting, certain=False)
    return replace(sighting, certain=reads and sighting.mixed)


def _filter(sighting: Sighting) -> Sighting | None:
    """A default inside a template, or a value for one."""
    return replace(sighting, certain=sighting.mixed)


def _authorization(sighting: Sighting) -> Sighting | None:
    """A scheme and a credential that a machine made, unless another form knows the scheme."""
    at = sighting.match.start("scheme")
    passing = PASSING_SCHEMES.match(sighting.match.string, at)
    return sighting if sighting.verdict is ValueKind.SECRET and not passing else None


def _lisp(sighting: Sighting) -> Sighting | None:
    """A key and a value, or a name and its definition; two strings side by side may be anything's arguments."""
    if not sighting.place.path.lower().endswith(LISPS):
        return None
    if _FUNCTION.search(sighting.line):
        return None  # a documentation text
    strings = '"' in sighting.match["mark"] or ")" in sighting.match["between"]
    if strings and not sighting.mixed:
        return None
    doubtful = strings or COMMENT.search(sighting.line) or _says_dummy(sighting.name)
    return replace(sighting, certain=sighting.mixed or not doubtful) if doubtful else sighting


_FUNCTION = re.compile(
    r"\((?:defn-?|defmacro|defun|defmulti|defprotocol|defgeneric|deftest|testing|cl-defun|lambda|fn)\s{1,8}\Z"
)


WEIGH: Mapping[str, Callable[[Sighting], Sighting | None]] = {
    "default": _default,
    "filter": _filter,
    "joined": _as_it_is,
    "literal-block": _as_it_is,
    "authorization": _authorization,
    "chart-value": _filter,
    "choice": _filter,
    "tag": _filter,
    "template-default": _filter,
    "shell-set": _filter,
    "arguments": command_weighing.arguments,
    "assigned": _assigned,
    "pair": _pair,
    "spaced": _spaced,
    "typed": _typed,
    "flow": _as_it_is,
    "flow-in-code": _flow_in_code,
    "quoted-header": _quoted_header,
    "json-text": _json_text,
    "dsn": _as_it_is,
    "element": _element,
    "block": _as_it_is,
    "variable": _as_it_is,
    "expansion": _expansion,
    "sql": _sql,
    "url": _url,
    "header": _header,
    "call": _call,
    "command": command_weighing.command,
    "lisp": _lisp,
    "otherwise": _filter,
    "make": command_weighing.printed,
    "set-call": command_weighing.printed,
    "powershell": command_weighing.printed,
    "read": command_weighing.printed,
    "set-command": command_weighing.machine_made,
    "header-item": command_weighing.header_item,
    "standard-input": command_weighing.client_login,
    "client-login": command_weighing.client_login,
    "tool-option": command_weighing.tool_login,
    "tool-argument": command_weighing.tool_login,
    "tool-word": command_weighing.tool_login,
    "tool-target": command_weighing.tool_login,
    "store-entry": command_weighing.store_entry,
    "dialogue": command_weighing.dialogue,
    "inline": _inline,
    "line": _line,
    "directive": _directive,
    "told": _told,
    "prose": _prose,
}
"""By the name of a form: the sighting, changed by its surroundings; None if they speak against it."""
