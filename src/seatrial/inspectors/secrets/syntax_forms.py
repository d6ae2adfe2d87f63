# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Forms in which the syntax around gives the value away: URLs, headers, calls, commands, SQL, prose."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.form import BARE_PRE, CASELESS, CORE, FOREIGN, MULTILINE, QUOTED, Form

DSN = Form(
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
SQL = Form(
    "sql",
    r"(?:identified\s{1,4}(?:with\s{1,4}\S{1,40}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?|\bpassword\s{1,4})[\"'][^\s\"'<>{}$%][^\s\"'<>]+[\"']|identified\s{1,4}by\s{1,4}\w{3,30}\s{0,4}(?:;|$)",
    re.compile(
        rf"(?:\bidentified\s{{1,4}}(?:by|with\s{{1,4}}\S{{1,40}}\s{{1,4}}(?:by|as))\s{{1,4}}(?:password\s{{1,4}})?|\bpassword\s{{1,4}}){QUOTED}"
        r"|\bidentified\s{1,4}by\s{1,4}(?P<value4>\w{3,30})\s{0,4}(?:;|$)",
        re.IGNORECASE | re.MULTILINE,
    ),
    gate=("identified", "password '", 'password "', "password  "),
    key="password",
    flags=CASELESS | MULTILINE,
)
URL = Form(
    "url",
    r"[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'`<>{}$%|\\(]*:[^\s/@\"'`<>{}$*\\][^\s/@\"'`<>\\]{1,100}@[\w\[]",
    re.compile(
        r"(?<![\w+])[A-Za-z][A-Za-z0-9+.\-]{1,20}://(?P<user>[^\s/:@\"'`<>{}$|\\(]{0,60}):(?P<value>[^\s/@\"'`<>\\]{2,120})@(?P<host>[\w.\-\[]{1,100})"
    ),
    gate=("://",),
    rule="url-password",
    key="password",
)
HEADER = Form(
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
    r"(?:login|log_in|signin|sign_in|(?:basic|digest|form)?_?auth|authentication|authenticate|credentials?|connect|getconnection|mysql_connect"
    r"|mysqli_connect|mysqli|create_?super_?user|wifi\w*\.begin|pdo|usernamepassword\w{0,20}|userpassword|createuser|create_user)\Z",
    re.IGNORECASE,
)
"""How the names of functions that take a user and a password end."""
CALL = Form(
    "call",
    r"(?:login|log_in|signin|sign_in|auth\w{0,12}|credentials?|connect\w{0,12}|mysqli|pdo|usernamepassword\w*|userinfo|createuser|create_user|create_?superuser|wifi\w*\.begin|userpassword)"
    r"[ ]?[(=,][ (]{0,4}(?:[\w.:\"'@/${}=;?&-]{1,60},\s{0,4}){0,2}[\"'][\w.@+-]{1,40}[\"'],\s*[\"'][^\s\"'<>{}$%()\[\],;][^\s\"'<>]{2,}[\"']",
    re.compile(
        rf"""
        (?:(?<![\w.])|(?<=[)\s]\.))(?P<call>(?>\w[\w.]{{1,50}}))
        [ ]?[(=][ (]{{0,4}}(?:[\w.:"'@/${{}}=;?&-]{{1,60}},\s{{0,4}}){{0,2}}["'](?P<user>[\w.@+-]{{1,40}})["'],\s{{0,8}}{QUOTED}
        """,
        re.VERBOSE,
    ),
    gate=("log", "sign", "auth", "cred", "connect", "mysqli", "pdo", "user", "wifi"),
    rule="login-call",
    key="password",
)
COMMAND = Form(
    "command",
    r"(?:(?:^|[\s\"'\[])--?[\w-]*(?:pass(?:word|wd|phrase)?|pwd|token|secret|api-?key|asplaintext)[ \t]{1,4}[\"']?"
    + BARE_PRE
    + r"[\"'\s]"
    r"|(?:sshpass\s{1,4}-p|passin\s{1,4}pass:|passout\s{1,4}pass:|-storepass\s|-keypass\s)\s{0,4}[\"']?"
    + BARE_PRE
    + r"[\"'\s]"
    r"|(?:mysql\w*|mariadb\w*|mycli)\s[^\n|;]*-p[^\s$\"'{(-][^\s$\"'<>{}]{2,}[\s\"']"
    r"|(?:curl|wget|http|smbclient)\s[^\n|;]*-(?:u|-user|U)[ =]?[\"']?[\w.@\\-]+[:%][^\s:$\"'{}<>/][^\s$\"'{}<>/]{2,}[\"'\s]"
    r"|(?:redis-cli|ldap\w+|sqlcmd|osql|mongo\w*|docker\s{1,2}login|podman\s{1,2}login|az\s{1,2}login|bcp)\s[^\n|;]*\s-[apPw][ ]?[\"']?"
    + BARE_PRE
    + r"[\"'\s]"
    r"|echo\s{1,2}(?:-n\s|-e\s)?[\"']?[^\s\"'$<>{}()|]{3,}[\"']?\s{0,3}\|\s{0,3}(?:sudo|chpasswd|passwd|docker\s{1,2}login|su\s)"
    r"|chpasswd\s*<<<\s*[\"']?[\w.-]+:"
    + BARE_PRE
    + r"|mysqladmin\s[^\n]*\spassword\s[\"']?"
    + BARE_PRE
    + r"|net1?\s{1,2}use\s[^\n|;]*/user:\S+\s{1,2}"
    + BARE_PRE
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
PROSE = Form(
    "prose",
    rf"(?:{CORE}|{FOREIGN})[a-z]{{0,3}}[\"'*_`)]{{0,3}}[ \t]{{0,3}}(?:(?::|=|\xef\xbc\x9a)[ \t]{{0,4}}|(?:-|is|was|are|\||/|will be|set to)[ \t]{{1,4}})[\"'`*_|]{{0,3}}[ \t]?"
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
    comments=frozenset(FileKind) - {FileKind.TEXT},
)
TOLD = Form(
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
