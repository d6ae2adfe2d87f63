# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""
What a way of writing a credential down is, and the pieces that the patterns are made of.

A form has a prefilter for the engine's single pass over every byte (hyperscan syntax: no look-around, no
back-references) and the exact pattern that Python runs on the few lines around a hit. Every repetition of the exact
pattern is bounded, and no part of a name is tried for a name. So a hostile line costs no more than any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from seatrial.inspectors.secrets.file_kinds import FileKind

CASELESS = 1
"""`HS_FLAG_CASELESS`."""
MULTILINE = 4
"""`HS_FLAG_MULTILINE`: `^` and `$` match at line ends."""

EVERYWHERE = frozenset(FileKind)


@dataclass(frozen=True)
class Form:
    """One way to write a credential down."""

    name: str
    prefilter: str
    pattern: re.Pattern[str]
    """Groups: `name` (or `key` replaces it), one of `value*` for the credential, perhaps `user`."""
    gate: tuple[str, ...] = ()
    """Lower-case texts, one of which is near every match; checked before the pattern, because that is cheap."""
    rule: str = ""
    """Without the family; empty: by the kind of the name."""
    key: str = ""
    kinds: frozenset[FileKind] = EVERYWHERE
    comments: frozenset[FileKind] = frozenset()
    """Kinds of files in which it is in comments only."""
    embedded: bool = False
    """Whether it also occurs in strings of several lines in programs, which hold configuration."""
    bare: bool = False
    """Whether the value has no quotes, so that plain words are hardly values."""
    flags: int = CASELESS

    @cached_property
    def name_groups(self) -> tuple[str, ...]:
        """The groups of the pattern, one of which holds the name."""
        return tuple(group for group in self.pattern.groupindex if group.startswith("name"))

    @cached_property
    def value_groups(self) -> tuple[str, ...]:
        """The groups of the pattern, one of which holds the value."""
        return tuple(group for group in self.pattern.groupindex if group.startswith("value"))


PERSONAL = (
    r"(?:(?:pass(?:w(?:or[dt]|d)?|phrase|code)|p(?:s?w|ss?w)d|senha|de[_ ]?passe|kennwort|wachtwoord|contrase(?:n|\xc3\xb1)a)[\w.-]*"
    r"|(?:pass|[^a-z](?:pw|psw|mdp|psk|clave|haslo|parola|heslo))(?:[-_.0-9][\w.-]*)?)"
)
"""Names of passwords, roughly (`names.py` decides): any value may be one."""
MACHINE = (
    r"(?:(?:secret|token|(?:api|app|access|account|private|sign(?:ing)?|encrypt(?:ion|ed)?|decrypt(?:ion)?|enc|crypto?|master|auth|"
    r"session|cookie|storage|shared|license|consumer|subscription|aes|hmac|jwt|cipher|application|client)[-_. ]?key|credentials?)[\w.-]*"
    r"|(?:salt|[^a-z](?:auth|nonce|iv|key))(?:[-_.0-9][\w.-]*)?)"
)
"""Names of what machines make: only a value with a digit or a sign can be one."""
CORE = rf"(?:{PERSONAL}|{MACHINE})"
FOREIGN = (
    r"(?:\xd0[\xbf\x9f]\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c|\xe5\xaf\x86[\xe7\xe7][\xa0\xa2][\x81\xbc]|\xe5\x8f\xa3\xe4\xbb\xa4|"
    r"\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89|\xeb\xb9\x84\xeb\xb0\x80\xeb\xb2\x88\xed\x98\xb8|has\xc5\x82o)"
)
"""UTF-8 of the same in Russian, Chinese, Japanese, Korean and Polish."""
START = r"[^\s\"'`<>{}$%(\[*,;\\]"
DIGIT = "[0-9!@#^&*?~]"
QUOTED_PRE = (
    rf"(?:\"(?:{START}|\$[0-9]|\$\w+[$!@#%^&+=?~])[^\s\"<>]{{2,}}\"|'(?:{START}|\$[0-9]|\$\w+[$!@#%^&+=?~])[^\s'<>]{{2,}}'|`{START}[^\s`<>]{{2,}}`"
    rf"|\\\"{START}[^\s\"\\<>]{{2,}}\\\")"
)
DRAWN = r"(?:\"[\w-]{20,88}\"|'[\w-]{20,88}')"
"""Long enough for letters that a machine drew: three of a hundred such keys have no digit behind their first character."""
QUOTED_DIGIT = (
    rf"(?:\"(?:{START}|\$[0-9]|\$\w+[$!@#%^&+=?~])[^\s\"<>]*{DIGIT}[^\s\"<>]*\"|'(?:{START}|\$[0-9]|\$\w+[$!@#%^&+=?~])[^\s'<>]*{DIGIT}[^\s'<>]*'"
    rf"|`{START}[^\s`<>]*{DIGIT}[^\s`<>]*`|\\\"{START}[^\s\"\\<>]*{DIGIT}[^\s\"\\<>]*\\\"|{DRAWN})"
)
BARE_PRE = r"[^\s\"'`<>{}$%(),;\[\]\\*][^\s\"'`<>{}(),;]{2,}"
BARE_DIGIT = r"[^\s\"'`<>{}$%(),;\[\]\\*][^\s\"'`<>{}(),;]*[0-9!@#^&*?~][^\s\"'`<>{}(),;]*"
OP_PRE = (
    r"[\"'`\])\\ \t]{0,6}(?:\[\w{0,4}\]\s{0,4}|:\s{0,3}[\w&.\[\]<>?*| ]{1,30}|\s[\w ]{1,20})?(?:[?.+|&:]{0,2}=|\?:|:|=>|:=|->|<-|[\"'],|\|\||\?\?|\sor\s|\(|<<"
    r"|\.equals\()[ \t]{0,4}[=>(]{0,2}\s*(?:[\w.:<>\[\]& ]{1,40}\(\)?){0,3}(?:(?:default|value|initial|fallback)\s?=\s?)?[bBrRuUfFLN@$]{0,2}"
)

QUOTED = (
    r"(?:\"(?P<value>(?:[^\"\\\n]|\\.){1,300})\"|'(?P<value1>(?:[^'\\\n]|\\.){1,300})'"
    r"|`(?P<value2>[^`\\\n]{1,300})`|\\+[\"'](?P<value3>[^\"'\\\n]{1,300})\\+[\"'])"
)
WORDS = r"(?>\w{1,60}(?:[.\-]\w{1,60}){0,8})"
"""A dotted or hyphenated name; atomic, because a part of a name does not count."""
NAME = rf"(?<![\w\-])\.?(?P<name>{WORDS})"
_CONVERSION = (
    r"(?:(?:to|from|as)[a-z]{0,20}|of|into|new|field|make|create|build|parse|value|bytes?|str(?:ing)?|text|t|hex|base64|b64|un?hex\w*|hex2bin|(?:\w{1,10}_)?(?:en|de)code\w*|secret|quote"
    r"|escape|trim|strip|wrap|hash\w*|md5|sha\d*|b?crypt|generate_password_hash|make_password|password_hash|secure\w*|some|ok)"
)
WRAPPER = (
    rf"(?:(?:(?:new\s{{1,4}})?(?:\w{{1,30}}(?:\(\))?(?:\.|::|->)){{0,3}}(?:{_CONVERSION}(?:[_A-Z]\w{{0,30}})?|[A-Z]\w{{1,40}})(?:<\w{{1,20}}>)?"
    r"|\[\](?:byte|rune|u8)|&?str)\(\s{0,4}){0,2}(?:(?:default|value|initial|fallback)\s{0,3}=\s{0,3})?"
)
"""What may be around a literal without changing whose secret it is: a conversion, or the making of an object."""
KEYED = r"[\w.\-]{2,80}"
