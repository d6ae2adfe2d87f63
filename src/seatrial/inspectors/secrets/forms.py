# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""
The ways in which code and text give a name a value.

Each form has a prefilter for the engine's single pass over every byte (hyperscan syntax: no look-around, no
back-references) and the exact pattern that Python runs on the few lines around a hit. Every repetition is bounded,
so a hostile line costs no more than any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from seatrial.inspectors.secrets.file_kinds import FileKind

CASELESS = 1
"""`HS_FLAG_CASELESS`."""
MULTILINE = 4
"""`HS_FLAG_MULTILINE`: `^` and `$` match at line ends."""

EVERYWHERE = frozenset(FileKind)
BARE = frozenset({FileKind.CONFIG, FileKind.SHELL, FileKind.TEXT})


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a credential down."""

    name: str
    prefilter: str
    pattern: re.Pattern[str]
    """Groups: `name` (or `key` stands for it), one of `value*` for the credential, perhaps `user`."""
    gate: tuple[str, ...] = ()
    """Lower-case texts, one of which is near every match; checked before the pattern, because that is cheap."""
    rule: str = ""
    """Without the family; empty: by the kind of the name."""
    key: str = ""
    kinds: frozenset[FileKind] = EVERYWHERE
    comments: bool = False
    """Whether it is prose: outside of text files it stands in comments only."""
    bare: bool = False
    """Whether the value stands without quotes, so that plain words are hardly values."""
    flags: int = CASELESS

    def group(self, match: re.Match[str], kind: str) -> str:
        """The name of the first group of this kind (`name`, `value`) that took part; empty: none did."""
        return next((g for g in self.pattern.groupindex if g.startswith(kind) and match[g]), "")


_PERSONAL = (
    r"(?:(?:pass(?:w(?:or[dt]|d)?|phrase|code)|p(?:s?w|ss?w)d|senha|kennwort|wachtwoord|contrase(?:n|\xc3\xb1)a)[\w.-]*"
    r"|(?:pass|[^a-z](?:pw|psw|mdp|psk|clave|haslo|parola|heslo))(?:[-_.0-9][\w.-]*)?)"
)
"""Names of passwords, roughly (`names.py` decides): any value may be one."""
_MACHINE = (
    r"(?:(?:secret|token|(?:api|app|access|account|private|sign(?:ing)?|encrypt(?:ion|ed)?|decrypt(?:ion)?|enc|crypto?|master|auth|"
    r"session|cookie|storage|shared|license|consumer|subscription|aes|hmac|jwt|cipher|application|client)[-_. ]?key|credentials?)[\w.-]*"
    r"|(?:salt|[^a-z](?:auth|nonce|iv|key))(?:[-_.0-9][\w.-]*)?)"
)
"""Names of what machines make: only a value with a digit or a sign can be one."""
_CORE = rf"(?:{_PERSONAL}|{_MACHINE})"
_FOREIGN = (
    r"(?:\xd0[\xbf\x9f]\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c|\xe5\xaf\x86[\xe7\xe7][\xa0\xa2][\x81\xbc]|\xe5\x8f\xa3\xe4\xbb\xa4|"
    r"\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89|\xeb\xb9\x84\xeb\xb0\x80\xeb\xb2\x88\xed\x98\xb8|has\xc5\x82o)"
)
"""UTF-8 of the same in Russian, Chinese, Japanese, Korean and Polish."""
_START = r"[^\s\"'`<>{}$%(\[*,;\\]"
_DIGIT = "[0-9!@#^&*?~]"
_QUOTED_PRE = (
    rf"(?:\"(?:{_START}|\$[0-9])[^\s\"<>]{{2,}}\"|'(?:{_START}|\$[0-9])[^\s'<>]{{2,}}'|`{_START}[^\s`<>]{{2,}}`"
    rf"|\\\"{_START}[^\s\"\\<>]{{2,}}\\\")"
)
_QUOTED_DIGIT = (
    rf"(?:\"(?:{_START}|\$[0-9])[^\s\"<>]*{_DIGIT}[^\s\"<>]*\"|'(?:{_START}|\$[0-9])[^\s'<>]*{_DIGIT}[^\s'<>]*'"
    rf"|`{_START}[^\s`<>]*{_DIGIT}[^\s`<>]*`|\\\"{_START}[^\s\"\\<>]*{_DIGIT}[^\s\"\\<>]*\\\")"
)
_BARE_PRE = r"[^\s\"'`<>{}$%(),;\[\]\\*][^\s\"'`<>{}(),;]{2,}"
_BARE_DIGIT = r"[^\s\"'`<>{}$%(),;\[\]\\*][^\s\"'`<>{}(),;]*[0-9!@#^&*?~][^\s\"'`<>{}(),;]*"
_OP_PRE = (
    r"[\"'`\])\\ \t]{0,6}(?:\[\w{0,4}\]\s{0,4}|:\s{0,3}[\w&.\[\]<>?*| ]{1,30}|\s[\w ]{1,20})?(?:=|:|=>|:=|->|<-|[\"'],|\|\||\?\?|\sor\s|\(|<<"
    r"|\.equals\()[ \t]{0,4}[=>(]{0,2}\s*(?:[\w.: ]{1,24}\()?[bBrRuUfFLN@$]{0,2}"
)

_QUOTED = (
    r"(?:\"(?P<value>(?:[^\"\\\n]|\\.){1,300})\"|'(?P<value1>(?:[^'\\\n]|\\.){1,300})'"
    r"|`(?P<value2>[^`\\\n]{1,300})`|\\+[\"'](?P<value3>[^\"'\\\n]{1,300})\\+[\"'])"
)
_WORDS = r"(?>\w{1,60}(?:[.\-]\w{1,60}){0,8})"
"""A dotted or hyphenated name; atomic, because a part of a name is no name."""
_NAME = rf"(?<![\w\-])\.?(?P<name>{_WORDS})"
_WRAPPER = (
    r"(?:(?:new\s+)?(?:String|SecureString|Some|quote|Buffer\.from|bytes|b64decode|SecretStr|Secret|std::string"
    r"|String::from|String\.valueOf|TEXT|_T|T|Ok|str|base64\.b64decode|Password|CharArray|Password\.of|md5|sha1|sha256|bcrypt|crypt|password_hash|Hash::make|generate_password_hash|make_password|hash|hashSync|bcrypt\.hash\w*|(?:\w{1,20}\.)?encode)\(\s{0,4})?"
)
_KEYED = r"[\w.\-]{2,80}"

_ASSIGNED = Form(
    "assigned",
    rf"(?:(?:{_PERSONAL}|{_FOREIGN}[\w.-]*){_OP_PRE}{_QUOTED_PRE}|{_MACHINE}{_OP_PRE}{_QUOTED_DIGIT})",
    re.compile(
        rf"""
        {_NAME}(?P<noise>["'`\])}}*\\]{{0,5}})\s{{0,20}}
        (?:\[\w{{0,8}}\]\s{{0,4}}|:\s{{0,4}}[A-Za-z&_][\w&.\[\]<>?*|' ]{{0,40}}?\s{{0,4}}(?==)|(?:string|String|str|as\s\w+)\s{{0,4}}(?==))?
        (?P<op>=>|:=|:|={{1,3}}|!==?|->|<-|,|\|\|=?|\?\?=?|\bor\b|\(|\+=|<<|\.equals\(|\beq\b|\bis\b|\?=|%=)\s{{0,60}}
        \(?\s{{0,20}}{_WRAPPER}(?:[bBrRuUfFLN@$]{{1,2}}(?=["'`]))?{_QUOTED}
        """,
        re.VERBOSE,
    ),
)
_SPACED = Form(
    "spaced",
    rf"(?:{_CORE},?[ \t]{{1,20}}|(?:cmp|equals?|compare)\w*\([\w.*&>-]*{_PERSONAL}\s*,\s*)[LNT@]?\(?{_QUOTED_PRE}",
    re.compile(
        rf"(?<![\w\-])(?P<name>(?>\w{{2,60}}(?:-\w{{1,30}}){{0,4}}))(?:[ \t]{{1,20}}|,[ \t]{{0,20}})[LNT@]?\(?{_QUOTED}",
    ),
)
_FLOW = Form(
    "flow",
    rf"{_CORE}[\"']?:[ ]+[^\s\"'`<>{{}}$%(),;\[\]*!|>&][^\s\"'`<>{{}}(),]*{_DIGIT}[^\s\"'`<>{{}}(),]*[ ]*[,}}]",
    re.compile(
        r"[{,][ ]{0,8}[\"']?(?P<name>\w[\w.\-]{1,60})[\"']?:[ ]{1,8}(?P<value>[^\s\"'`<>{}$%(),;\[\]*!|>&][^\s\"'`<>{}(),]{2,100})(?=[ ]{0,8}[,}])"
    ),
    gate=("{",),
    kinds=frozenset({FileKind.CONFIG}),
    bare=True,
)
_DSN = Form(
    "dsn",
    r"[\w.-]:[^\s:@\"'`/<>{}$%()]{3,}@(?:tcp|unix|udp)\(|(?:connect\([\"']|sqlplus[^\n]*\s)\w+/[^\s/@\"'`<>{}$%]{3,}@\w",
    re.compile(
        r"(?<![\w.\-])(?P<user>[\w.\-]{1,60}):(?P<value>[^\s:@\"'`/<>{}$%()]{3,100})@(?:tcp|unix|udp)\("
        r"|(?:connect\([\"']|\bsqlplus\b[^\n]{0,60}?\s)(?P<user1>\w{1,30})/(?P<value1>[^\s/@\"'`<>{}$%]{3,60})@\w"
    ),
    gate=("@tcp(", "@unix(", "@udp(", "connect(", "sqlplus"),
    rule="connection-string",
    key="password",
)
_TYPED = Form(
    "typed",
    rf"{_PERSONAL}[\"'`\])]{{0,4}}(?:\.\w+\(\)|\)){{0,2}}[.,][ ]?(?:send_?keys|fill|type|set_?value|set_?text|val|with|input|set)\w{{0,8}}[(:]\s*{_QUOTED_PRE}",
    re.compile(
        rf"(?i:pass(?:word|wd|code|phrase)?|pwd)\w{{0,20}}[\"'`\])]{{0,4}}(?:\.\w{{1,20}}\(\)|\)){{0,2}}[.,][ ]?"
        rf"(?:send_?[kK]eys|fill|type|set_?[vV]alue|set_?[tT]ext|val|with|input|set)\w{{0,8}}[(:]\s{{0,8}}{_QUOTED}"
    ),
    key="password",
)
_PAIR = Form(
    "pair",
    rf"{_CORE}[\"']?[\s,]*[\"']?[a-z_]*val(?:ue)?[\"']?\s*[:=]\s*[\"']?{_START}[^\s\"'`<>{{}}(),;][^\s\"'`<>{{}}(),;]",
    re.compile(
        rf"""
        (?:key|name|id|type|variable|var|field|option)["']?\s{{0,8}}[:=]\s{{0,8}}["']?(?P<name>{_KEYED})["']?\s{{0,60}},?\s{{0,60}}
        ["']?[a-z_]{{0,20}}(?:value|val|content|default)["']?\s{{0,8}}[:=]\s{{0,8}}(?:{_QUOTED}|(?P<value4>[^\s"',}}<>]{{3,200}}))
        """,
        re.VERBOSE | re.IGNORECASE,
    ),
    gate=("val", "content", "default"),
)
_ELEMENT = Form(
    "element",
    rf"{_CORE}(?:>|[\"'][ ]?>|</key>\s*<string>)\s*(?:<value>|<!\[CDATA\[)?"
    r"[^\s<>{}$%\[\]][^\s<>{}]{2,}\s*(?:\]\]>\s*)?</",
    re.compile(
        rf"""
        (?:<key>(?P<name1>{_KEYED})</key>\s{{0,40}}<string>|<(?P<name>[\w:.\-]{{2,80}})(?:\s[^<>]{{0,120}})?>
          |(?:name|key|id)=["'](?P<name2>{_KEYED})["']\s{{0,10}}>(?:\s{{0,20}}<value>)?)
        \s{{0,40}}(?:<!\[CDATA\[)?(?P<value>[^\s<>][^<>\n]{{0,200}}?)(?:\]\]>)?\s{{0,40}}</
        """,
        re.VERBOSE,
    ),
    gate=("</",),
)
_BLOCK = Form(
    "block",
    rf"{_CORE}[\"']?:[ \t]*[|>][-+0-9]*[ \t]*\r?\n[ \t]+[^\s{{$<-]\S\S\S",
    re.compile(
        rf"{_NAME}[\"']?:[ \t]{{0,8}}[|>][-+0-9]{{0,2}}[ \t]{{0,4}}\r?\n[ \t]{{1,40}}(?P<value>\S{{3,200}})[ \t\r]{{0,4}}$",
        re.MULTILINE,
    ),
    gate=("|", ">"),
    kinds=frozenset({FileKind.CONFIG, FileKind.TEXT}),
    bare=True,
    flags=CASELESS | MULTILINE,
)
_LINE_OP = r"[\"'\]]{0,2}[ \t]*(?:=|:|:=|=>|\xef\xbc\x9a)[ \t]*"
_LINE_VALUE = rf"(?:{_START}|\$[0-9])[^\s\"'`<>()]*[^\s\"'`<>;,(){{}}\[\]:]"
_LINE = Form(
    "line",
    rf"(?:(?:{_PERSONAL}|{_FOREIGN}[\w.-]*){_LINE_OP}{_LINE_VALUE}|{_MACHINE}{_LINE_OP}{_START}[^\s\"'`<>()]*[0-9!@#^&*?~][^\s\"'`<>()]*)"
    r"[ \t]*(?:\r?$|[ \t]#)",
    re.compile(
        r"""
        ^[ \t]{0,40}(?P<lead>(?:(?:export|set|setx|declare|local|readonly|ENV|ARG|env|var|REM|<!--|[-#;*>|?+]{1,3}|//|\d+[.)])[ \t]{1,8}|[-+#;]|//|-D){0,3})
        ["']?(?P<name>\w[\w.\-\[\]: ]{0,80}?)["'\]]{0,2}[ \t]{0,20}(?P<op>:=|=>|\?=|=|:|：)[ \t]{0,20}
        (?P<value>[^\s"'`][^\s]{2,200}?)[ \t]{0,8}(?:[ \t]\#[^\n]{0,200})?\r?$
        """,
        re.VERBOSE | re.MULTILINE,
    ),
    bare=True,
    flags=CASELESS | MULTILINE,
)
_DIRECTIVE = Form(
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
_INLINE = Form(
    "inline",
    rf"(?:{_PERSONAL}[ ]?=[ ]?{_BARE_PRE}|{_MACHINE}[ ]?=[ ]?{_BARE_DIGIT})[;&\"'`\s]",
    re.compile(
        r"(?P<before>[?&;, \t\"'D=\-])(?P<name>\w[\w.\-]{1,60})[ ]?=[ ]?(?P<value>[^\s\"'`<>&;,(){}|\\]{3,120})(?=(?P<after>[;&\"'`\s\\]|\Z))"
    ),
    gate=("=",),
    bare=True,
)
_EXPANSION = Form(
    "expansion",
    rf"{_CORE}:?[-=:][^\s{{}}$\"'?+]{{3,}}\}}",
    re.compile(r"\$\{(?P<name>\w[\w.\-]{1,80}?):?[-=:](?P<value>[^\s{}$\"'?+][^\s{}$\"']{2,100})\}"),
    gate=("${",),
)
_VARIABLE = Form(
    "variable",
    rf"{_CORE}\"\s{{0,4}}\{{[^}}]*default\s*=\s{{0,4}}\"[^\s\"$]{{3,}}\"",
    re.compile(
        r"variable\s{1,4}\"(?P<name>[\w-]{2,80})\"\s{0,4}\{[^}]{0,300}?default\s{0,20}=\s{0,4}\"(?P<value>[^\s\"$]{3,200})\""
    ),
    gate=("variable",),
)
_SQL = Form(
    "sql",
    r"(?:identified\s{1,4}(?:with\s{1,4}\S{1,40}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?|\bpassword\s{1,4})[\"'][^\s\"'<>{}$%][^\s\"'<>]+[\"']|identified\s{1,4}by\s{1,4}\w{3,30}\s{0,4}(?:;|$)",
    re.compile(
        rf"(?:\bidentified\s{{1,4}}(?:by|with\s{{1,4}}\S{{1,40}}\s{{1,4}}(?:by|as))\s{{1,4}}(?:password\s{{1,4}})?|\bpassword\s{{1,4}}){_QUOTED}"
        r"|\bidentified\s{1,4}by\s{1,4}(?P<value4>\w{3,30})\s{0,4}(?:;|$)",
        re.IGNORECASE | re.MULTILINE,
    ),
    gate=("identified", "password '", 'password "', "password  "),
    key="password",
    flags=CASELESS | MULTILINE,
)
_URL = Form(
    "url",
    r"[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'`<>{}$%|\\(]*:[^\s/@\"'`<>{}$*\\][^\s/@\"'`<>\\]{1,100}@[\w\[]",
    re.compile(
        r"(?<![\w+])[A-Za-z][A-Za-z0-9+.\-]{1,20}://(?P<user>[^\s/:@\"'`<>{}$|\\(]{0,60}):(?P<value>[^\s/@\"'`<>\\]{2,120})@(?P<host>[\w.\-\[]{1,100})"
    ),
    gate=("://",),
    rule="url-password",
    key="password",
)
_HEADER = Form(
    "header",
    r"\b(?:basic|bearer|token)[ ]{1,2}[a-z0-9+/_.~-]{12,400}={0,2}[\"'`\\\s]",
    re.compile(
        r"(?<![\w-])(?P<scheme>Basic|Bearer|basic|bearer|token|Token) {1,2}(?P<value>[A-Za-z0-9+/_.~\-]{12,1000}={0,2})(?![\w])"
    ),
    gate=("basic ", "bearer ", "token "),
    rule="basic-auth",
    key="token",
)
CALLS = re.compile(
    r"(?:login|log_in|signin|sign_in|auth|authentication|authenticate|credentials?|connect|getconnection|mysql_connect"
    r"|mysqli_connect|mysqli|create_?super_?user|wifi\w*\.begin|pdo|usernamepassword\w{0,20}|userpassword|createuser|create_user)\Z",
    re.IGNORECASE,
)
"""How the names of functions that take a user and a password end."""
_CALL = Form(
    "call",
    r"(?:login|log_in|signin|sign_in|auth\w{0,12}|credentials?|connect\w{0,12}|mysqli|pdo|usernamepassword\w*|userinfo|createuser|create_user|create_?superuser|wifi\w*\.begin|userpassword)"
    r"[ ]?[(=,][ (]{0,4}(?:[\w.:\"'@/${}=;?&-]{1,60},\s{0,4}){0,2}[\"'][\w.@+-]{1,40}[\"'],\s*[\"'][^\s\"'<>{}$%()\[\],;][^\s\"'<>]{2,}[\"']",
    re.compile(
        rf"""
        (?<![\w.])(?P<call>(?>\w[\w.]{{1,50}}))
        [ ]?[(=][ (]{{0,4}}(?:[\w.:"'@/${{}}=;?&-]{{1,60}},\s{{0,4}}){{0,2}}["'](?P<user>[\w.@+-]{{1,40}})["'],\s{{0,8}}{_QUOTED}
        """,
        re.VERBOSE,
    ),
    gate=("log", "sign", "auth", "cred", "connect", "mysqli", "pdo", "user", "wifi"),
    rule="login-call",
    key="password",
)
_COMMAND = Form(
    "command",
    r"(?:(?:^|[\s\"'\[])--?[\w-]*(?:pass(?:word|wd|phrase)?|pwd|token|secret|api-?key|asplaintext)[ \t]{1,4}[\"']?"
    + _BARE_PRE
    + r"[\"'\s]"
    r"|(?:sshpass\s{1,4}-p|passin\s{1,4}pass:|passout\s{1,4}pass:|-storepass\s|-keypass\s)\s{0,4}[\"']?"
    + _BARE_PRE
    + r"[\"'\s]"
    r"|(?:mysql\w*|mariadb\w*|mycli)\s[^\n|;]*-p[^\s$\"'{(-][^\s$\"'<>{}]{2,}[\s\"']"
    r"|(?:curl|wget|http|smbclient)\s[^\n|;]*-(?:u|-user|U)[ =]?[\"']?[\w.@\\-]+[:%][^\s:$\"'{}<>/][^\s$\"'{}<>/]{2,}[\"'\s]"
    r"|(?:redis-cli|ldap\w+|sqlcmd|osql|mongo\w*|docker\s{1,2}login|podman\s{1,2}login|az\s{1,2}login|bcp)\s[^\n|;]*\s-[apPw][ ]?[\"']?"
    + _BARE_PRE
    + r"[\"'\s]"
    r"|echo\s{1,2}(?:-n\s|-e\s)?[\"']?[^\s\"'$<>{}()|]{3,}[\"']?\s{0,3}\|\s{0,3}(?:sudo|chpasswd|passwd|docker\s{1,2}login|su\s)"
    r"|chpasswd\s*<<<\s*[\"']?[\w.-]+:"
    + _BARE_PRE
    + r"|mysqladmin\s[^\n]*\spassword\s[\"']?"
    + _BARE_PRE
    + r"|net1?\s{1,2}use\s[^\n|;]*/user:\S+\s{1,2}"
    + _BARE_PRE
    + r"\s"
    r"|convertto-securestring\s{1,3}(?:-string\s{1,3})?[\"'][^\s\"'$]{3,}[\"'])",
    re.compile(
        r"""
        (?:(?:^|(?<=[\s"'\[]))--?(?P<name>[\w-]{0,24}(?:pass(?:word|wd|phrase)?|pwd|token|secret|api-?key))[ \t]{1,4}["']?(?P<value>[^\s"'`<>{}$(),;|\\]{3,120})
        |\b(?:sshpass\s{1,4}-p|passin\s{1,4}pass:|passout\s{1,4}pass:|-storepass\s|-keypass\s)\s{0,4}["']?(?P<value1>[^\s"'`<>{}$(),;|\\]{3,120})
        |\b(?:mysql\w{0,8}|mariadb\w{0,8}|mycli)\b[^\n|;]{0,100}?\s["']?-p(?P<value2>[^\s$"'{(\-=`][^\s$"'<>{}|;]{2,80})
        |\b(?:curl|wget|https?|smbclient)\b[^\n|;]{0,200}?\s-(?:u|-user|U)[ =]?["']?(?P<user>[\w.@\\-]{1,40})[:%](?P<value3>[^\s:$"'{}<>/][^\s$"'{}<>/|;]{2,100})
        |\b(?:redis-cli|ldap\w{3,10}|sqlcmd|osql|mongo\w{0,8}|docker\s{1,2}login|podman\s{1,2}login|az\s{1,2}login|bcp)\b[^\n|;]{0,160}?\s-[apPw][ ]?["']?(?P<value4>[^\s"'`<>{}$(),;|\\]{3,120})
        |\becho\s{1,2}(?:-n\s|-e\s)?["']?(?:[\w.-]{1,30}:)?(?P<value5>[^\s"'$<>{}()|:]{3,80})["']?\s{0,3}\|\s{0,3}(?:sudo\s{1,2}(?:-\w\s)?(?:-S|chpasswd|passwd)|chpasswd|passwd|docker\s{1,2}login|su\s)
        |\bchpasswd\s{0,4}<<<\s{0,4}["']?[\w.-]{1,30}:(?P<value8>[^\s"'`<>{}$(),;|\\]{3,80})
        |\bmysqladmin\s[^\n]{0,80}?\spassword\s["']?(?P<value9>[^\s"'`<>{}$(),;|\\]{3,80})
        |\bnet1?\s{1,2}use\s[^\n|;]{0,160}?/user:\S{1,60}\s{1,2}(?P<value7>[^\s"'`<>{}$(),;|\\/%*]{3,80})
        |convertto-securestring\s{1,3}(?:-string\s{1,3})?["'](?P<value6>[^\s"'$]{3,80})["'])
        """,
        re.VERBOSE | re.IGNORECASE | re.MULTILINE,
    ),
    gate=(
        "-p",
        "-u",
        "--",
        "-a ",
        "-w ",
        "-w",
        "echo",
        "securestring",
        "-storepass",
        "-keypass",
        "passin",
        "/user:",
        "chpasswd",
        "mysqladmin",
        "-t",
    ),
    rule="command-line-password",
    key="password",
    bare=True,
)
_PROSE = Form(
    "prose",
    rf"(?:{_CORE}|{_FOREIGN})[a-z]{{0,3}}[\"'*_`)]{{0,3}}[ \t]{{0,3}}(?:(?::|=|\xef\xbc\x9a)[ \t]{{0,4}}|(?:-|is|was|are|\||/|will be|set to)[ \t]{{1,4}})[\"'`*_|]{{0,3}}[ \t]?"
    r"(?:[^\s\"'`*|<>{}$%(),;]*[0-9!@#$%^&+~?][^\s\"'`*|<>{}(),]{2,40}|[^\s\"'`*|<>{}$%(),;]{2,40}[0-9!@#$%^&+~])[\"'`*_|\s.,;)]",
    re.compile(
        r"""
        (?<![\w.\-])(?P<name>(?>\w{1,40}(?:[.\-]\w{1,40}){0,4})(?:[ ](?:key|password|token|secret|pass|code|phrase|passwort))?)["'*_`)]{0,3}[ \t]{0,3}
        (?P<sign>:(?!/)|=|：|(?:-|\bis\b|\bwas\b|\bare\b|\||will\ be|set\ to)(?=[ \t]))[ \t]{0,4}(?P<mark>["'`*_|]{0,3})[ \t]?
        (?P<value>[^\s"'`*|<>(),][^\s"'`*|<>(),]{2,100})(?=[\s"'`*_|<>(),]|\Z)
        """,
        re.VERBOSE,
    ),
    rule="password-in-text",
    bare=True,
    comments=True,
)
_TOLD = Form(
    "told",
    r"(?:login|log in|credentials?|creds|account|user(?:name)?)[^\n]{0,30}[:=(][ \t\"'`*]{1,4}[\w.@-]{2,40}[\"'`*]{0,2}[ ]{0,2}(?:/|:|,|and|&|\|)[ ]{0,2}"
    r"(?:pass(?:word|wd)?\s?[:=]?\s?)?[\"'`*]{0,2}[^\s\"'`,;()<>{}$/]{0,30}[0-9!@#$%^&+~][^\s\"'`,;()<>{}/]{0,30}[\"'`*\s.,;)]",
    re.compile(
        r"""
        (?:\blog[ ]?in|\bcredentials?|\bcreds|\baccount|\buser(?:name)?(?:[ ]?[/:,&][ ]?pass(?:word|wd)?)?)(?:[ ](?:with|as|is|are|info|details|data|for[ ]\w{1,20}))?[ ]?
        [:=(][ \t"'`*]{1,4}(?P<user>[\w.@-]{2,40})["'`*]{0,2}[ ]{0,2}(?:/|:|,|\band\b|&|\|)[ ]{0,2}
        (?:pass(?:word|wd)?\s?[:=]?\s?)?["'`*]{0,2}(?P<value>[^\s"'`,;()<>{}$/][^\s"'`,;()<>{}/]{2,60})
        """,
        re.VERBOSE | re.IGNORECASE,
    ),
    gate=("log", "cred", "account", "user"),
    rule="password-in-text",
    key="password",
    kinds=frozenset({FileKind.TEXT, FileKind.CONFIG}),
    bare=True,
)

FORMS: tuple[Form, ...] = (
    _ASSIGNED, _SPACED, _TYPED, _FLOW, _DSN, _PAIR, _ELEMENT, _BLOCK, _VARIABLE, _EXPANSION, _SQL, _URL, _HEADER, _CALL, _COMMAND, _INLINE, _LINE,
    _DIRECTIVE, _TOLD, _PROSE,
)  # fmt: skip
"""In the order in which they are tried: the first to explain a value names it."""

PREFILTERS: tuple[tuple[str, int], ...] = tuple((form.prefilter, form.flags) for form in FORMS)
"""For the engine: hyperscan expression and flags. Block mode, end offsets only."""
