"""Proxies: logins at a parent and of their own users."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialFile

_PEER = re.compile(
    r"^[ \t]*cache_peer[ \t][^\r\n#]{0,300}?\blogin=(?P<user>[^\s:*]{1,80}):(?P<value>[^\s]{3,100})", re.MULTILINE
)
_MANAGER = re.compile(r"^[ \t]*cachemgr_passwd[ \t]+(?!(?:none|disable)\b)(?P<value>\S{3,100})[ \t]", re.MULTILINE)
_HELPER = re.compile(
    r"^[ \t]*(?:auth_param|external_acl_type)[ \t][^\r\n#]{0,400}?[ \t]-w[ \t]{1,8}\"?(?P<value>[^\s\"/]{3,100})",
    re.MULTILINE,
)
_BASIC = re.compile(r"^[ \t]*BasicAuth[ \t]+(?P<user>[^\s:]{1,80})[ \t]+(?P<value>\S{3,100})[ \t]*\r?$", re.MULTILINE)
_UPSTREAM = re.compile(
    r"^[ \t]*(?:Upstream|parent)[ \t]+\w{1,10}[ \t]+(?P<user>[^\s:@]{1,80}):(?P<value>[^\s:@]{3,100})@", re.MULTILINE
)
_LIST = re.compile(r"^[ \t]*users[ \t]+(?P<body>[^\r\n]{1,2000})", re.MULTILINE)
_USER = re.compile(r"(?P<user>[^\s:\"$]{1,80}):(?:CL|CR|NT):(?P<value>[^\s:\"]{3,200})")
_LOGIN_OF_PARENT = re.compile(
    r"^[ \t]*parent[ \t]+\d{1,5}[ \t]+\w{1,12}[ \t]+\S{1,100}[ \t]+\d{1,5}[ \t]+(?P<user>\S{1,80})"
    r"[ \t]+(?P<value>\S{3,100})",
    re.MULTILINE,
)

PARSERS = (
    CredentialFile(
        id="squid-conf",
        certain=True,
        title="password of a proxy",
        documentation="http://www.squid-cache.org/Doc/config/cache_peer/",
        names=("squid.conf", "squid*", "squid/*.conf", "squid3/*.conf"),
        scan=scans.matched(_PEER, _MANAGER, _HELPER),
    ),
    CredentialFile(
        id="small-proxy",
        certain=True,
        title="password of a proxy",
        documentation="https://tinyproxy.github.io/",
        names=("tinyproxy.conf", "tinyproxy*", "tinyproxy/*.conf", "3proxy.cfg", "3proxy*", "3proxy/*"),
        scan=scans.all_of(
            scans.matched(_BASIC, _UPSTREAM, _LOGIN_OF_PARENT),
            lambda _path, text: (
                entry
                for users in _LIST.finditer(text)
                for user in _USER.finditer(users["body"])
                for entry in scans.of_match(user, at=users.start("body"))
            ),
        ),
    ),
)
