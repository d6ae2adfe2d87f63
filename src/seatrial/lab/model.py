"""
The stack as Docker Compose understands it: the answer of `docker compose config --format json`, read once into values.

Pure: what is read here is all that discovery, plan and judge know of the user's file. Source: the Compose
specification.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from seatrial.text import images
from seatrial.text.durations import seconds
from seatrial.text.numerals import whole

STORES: Mapping[str, int] = {
    "redis": 6379,
    "valkey": 6379,
    "keydb": 6379,
    "postgres": 5432,
    "postgis": 5432,
    "timescale": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "mongo": 27017,
    "rabbitmq": 5672,
    "memcached": 11211,
    "elasticsearch": 9200,
    "opensearch": 9200,
    "clickhouse": 8123,
    "minio": 9000,
    "etcd": 2379,
    "nats": 4222,
    "kafka": 9092,
}
"""Words in an image's name that tell a datastore, and the port on which it answers."""

_ALIASES = {"postgresql": "postgres", "pgvector": "postgres", "timescaledb": "timescale", "mongodb": "mongo"}

COMPLETED = "service_completed_successfully"
_GRACE = 10.0  # seconds; what Compose takes if the file does not say
_NO_SNAPSHOTS = re.compile(r"--save\s+(?:\"\"|''|no\b|--|$)|--save\s*$|--save\s+(?=--)")
_LOG = re.compile(r"--appendonly\s+[\"']?yes")
_EVICTS = re.compile(r"--maxmemory-policy\s+[\"']?allkeys-")
_FLAGS = re.compile(r"(?:REDIS|VALKEY|KEYDB)\w*_(?:ARGS|FLAGS)$")
"""Variables by which images of Redis and its kin take further arguments."""
_BEGINS = (
    r"(?:^|[;&|({\n]\s*|\b(?:exec|do|then|else|until|while|if|(?:gosu|su-exec)\s+\S+)\s+|!\s+|\s-[a-z]*c\s+[\"']?\s*)"
    r"(?:[\w./-]*/)?"
)
"""Where a program's name is one, in a command line or in a script of the shell."""
_CLIENT = re.compile(
    _BEGINS
    + r"(?:psql|pg_(?:isready|dump(?:all)?|restore|basebackup)|createdb|mysql(?:admin|dump)?|mariadb(?:-admin|-dump)?"
    r"|mongo(?:sh|dump|restore|import|export)?|(?:redis|valkey|keydb)-cli|mc|rabbitmqadmin|etcdctl|kafka-topics(?:\.sh)?)"
    r"(?=[\s;&|'\"]|$)"
)
_SERVER = re.compile(
    _BEGINS + r"(?:docker-entrypoint\S*|postgres|mysqld\S*|mariadbd\S*|mongo[ds]|(?:redis|valkey|keydb)-server"
    r"|rabbitmq-server|etcd|minio|kafka-server-start\S*)(?=[\s;&|'\"]|$)"
)
_HOLDS_HOST = re.compile(
    r"HOST|SERVER|ADDR|URL|URI|ENDPOINT|DSN|BROKER|UPSTREAM|PROXY|TARGET|PEER|SEED|NODE|MASTER|PRIMARY|LEADER|REPLICA_OF"
    r"|BOOTSTRAP|SENTINEL|GATEWAY|BACKEND_SERVICE|CONNECT|DEPENDENC|WAIT|LINK|(?:^|_)(?:SERVICE|DEPENDS_ON)$",
    re.IGNORECASE,
)
"""Names of variables whose bare value is a host: `DB_HOST: db`. Of others it may be anything: `POSTGRES_DB: shop`."""
_NO_HOST = re.compile(
    r"(?:USER|USERNAME|PASSWORD|PASS|(?<!HOST)(?<!HOST_)NAME|MODE|TYPE|PROFILES?|TEXT|TITLE|LABEL)$", re.IGNORECASE
)
"""Names of variables whose bare value is not a host: `SERVER_NAME: shop`, `DB_CONNECTION_TYPE`."""


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount of a service."""

    kind: str
    """`bind`, `volume` or `tmpfs`."""
    source: str
    target: str
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the stack."""

    name: str
    image: str = ""
    builds: bool = False
    context: str = ""
    """The directory of its build, as Compose says it; empty if it is not built."""
    ports: tuple[int, ...] = ()
    """TCP ports in the container, published ones first, then exposed ones."""
    published: bool = False
    tcp_published: tuple[int, ...] = ()
    """TCP ports of the container that the host gives to others."""
    restart: str = "no"
    health: tuple[str, ...] = ()
    """The healthcheck's command; empty if there is none or it is disabled."""
    command: str = ""
    """What it is started with, in one line; empty if the image decides."""
    depends: Mapping[str, str] = field(default_factory=dict)
    """By service: the condition that has to hold before this one starts."""
    environment: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    network_mode: str = ""
    privileged: bool = False
    pid: str = ""
    read_only: bool = False
    user: str = ""
    cap_add: tuple[str, ...] = ()
    memory: int = 0
    """Bytes; 0: no limit."""
    pids: int = 0
    files: frozenset[str] = frozenset()
    """Where its configs and secrets are mounted."""
    devices: tuple[str, ...] = ()
    """Paths in the container."""
    cap_drop: tuple[str, ...] = ()
    grace: float = _GRACE
    """Seconds between SIGTERM and SIGKILL."""
    replicas: int = 1

    @property
    def store(self) -> str:
        """The kind of datastore; empty if it is none."""
        if self._is_client:
            return ""
        by_image = images.known(images.program(self.image), STORES.keys() | _ALIASES.keys())
        return _ALIASES.get(by_image, by_image) or self._by_health()

    @property
    def _is_client(self) -> bool:
        """Whether it runs a client from the store's image: a task that fills it, a script that dumps it each night."""
        return bool(_CLIENT.search(self.command)) and not _SERVER.search(self.command)

    def _by_health(self) -> str:
        """An image of one's own tells by its healthcheck."""
        command = " ".join(self.health)
        clients = {
            "redis": r"\b(?:redis|valkey|keydb)-cli\b",
            "postgres": r"\bpg_isready\b|\bpsql\b",
            "mysql": r"\b(?:mysqladmin|mariadb-admin|healthcheck\.sh --connect)\b",
            "mongo": r"\bmongo(?:sh)?\b",
            "rabbitmq": r"\brabbitmq(?:ctl|-diagnostics)\b",
        }
        return next((kind for kind, pattern in clients.items() if re.search(pattern, command)), "")

    @property
    def is_cache(self) -> bool:
        """
        Whether its own arguments say that it may forget: eviction of any key, or no snapshots, no log and no volume.

        A volume for its data means that the data has to be kept.
        """
        if self.store not in ("redis", "valkey", "keydb"):
            return False
        flags = " ".join(v for k, v in self.environment.items() if _FLAGS.search(k))
        said = f"{self.command} {flags}".strip()
        kept = any(mount.kind in ("volume", "bind") and not mount.read_only for mount in self.mounts)
        return not _LOG.search(said) and bool(_EVICTS.search(said) or (_NO_SNAPSHOTS.search(said) and not kept))

    @property
    def store_port(self) -> int:
        """Where the datastore answers; 0 if it is none."""
        return STORES.get(self.store, 0)

    @property
    def restarts(self) -> bool:
        """Whether Docker starts it again after a crash."""
        return self.restart not in ("", "no")

    @property
    def ends(self) -> bool:
        """Whether it stays away once it has ended well."""
        return self.restart not in ("always", "unless-stopped", "any")

    @property
    def own_network(self) -> bool:
        """Whether it has a network namespace of its own."""
        return not self.network_mode.startswith(("host", "service:", "container:", "none"))


_NAMED = (
    r"(?:://|//|@|\btcp\(|\bhost(?:addr|name)?=|\bserver=|\baddr(?:ess)?=|(?<![\w./@:=-])(?={0}:\d\d)|(?<==)(?={0}:\d\d)"
    r"|://[^\s/]+,){0}(?![\w.-])(?![^\s/,@]*@)"
)
"""A host within a value, by what is around it: `http://api/`, `user@db`, `host=db`, `tcp(db:3306)`, `db:5432`. Not
a part of a longer name, nor of a path (`db/shop`), nor a user (`shop:secret@db`)."""
_TAGGED = re.compile(r"(?:IMAGE|VERSION|TAG)$", re.IGNORECASE)
"""Names of variables whose value looks like a host and a port, and is an image: `postgres:16`."""
_LIST = re.compile(r"[\s,;]+")


def names_host(value: str, name: str) -> bool:
    """Whether a value names a host by its form alone, in any variable."""
    return name in value and re.search(_NAMED.format(re.escape(name)), value) is not None


def _is_host(variable: str, value: str, name: str) -> bool:
    if _TAGGED.search(variable):
        return False
    if names_host(value, name):
        return True
    bare = name in _LIST.split(value.strip())
    by_name = _HOLDS_HOST.search(variable) and not _NO_HOST.search(variable)
    # `REDIS: redis` says by its own name what it is; in a sentence a name is a word like any other.
    return bare and (bool(by_name) or (variable.casefold() == name.casefold() and value.strip() == name))


@dataclass(frozen=True, slots=True)
class Stack:
    """The services, and what of the stack is not the project's alone."""

    services: Mapping[str, Service]
    one_shots: frozenset[str] = frozenset()
    """Services that are tasks: others wait for them to have completed, or they did. They are not to be tried."""
    coded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By service: others that its code names as hosts."""
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By service: others to which it has connected while nothing was broken."""
    caches: frozenset[str] = frozenset()
    """Services that may forget by their own word."""
    _known: dict[str, frozenset[str]] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What each service needs, once it was asked for: plans and judgements ask many thousand times."""

    @property
    def lasting(self) -> tuple[Service, ...]:
        """The services that are meant to stay, by name."""
        return tuple(s for _, s in sorted(self.services.items()) if s.name not in self.one_shots and s.replicas)

    def needs(self, name: str) -> frozenset[str]:
        """What a service needs, directly: by `depends_on`, hosts in its settings and its code, and its connections."""
        if name not in self._known:
            self._known[name] = self._needs(name)
        return self._known[name]

    def _needs(self, name: str) -> frozenset[str]:
        service = self.services[name]
        named = {
            other for other in self.services
            if names_host(service.command, other)
            or any(_is_host(variable, value, other) for variable, value in service.environment.items())
        }  # fmt: skip
        found = {*service.depends, *named, *self.coded.get(name, ()), *self.seen.get(name, ())}
        return frozenset((found & set(self.services)) - {name})

    def may_forget(self, name: str) -> bool:
        """Whether what a service has acknowledged may be lost: it is a cache, and no volume is to keep its data."""
        service = self.services.get(name)
        if service is None:
            return False
        kept = any(mount.kind == "volume" and mount.source for mount in service.mounts)
        return service.is_cache or (name in self.caches and not kept)

    def neighbours(self, name: str) -> tuple[str, ...]:
        """The lasting services that need it directly."""
        return tuple(s.name for s in self.lasting if s.name != name and name in self.needs(s.name))

    def dependents(self, name: str) -> frozenset[str]:
        """Every lasting service that needs it, directly or through others."""
        found: set[str] = set()
        pending = [name]
        while pending:
            one = pending.pop()
            more = {s.name for s in self.lasting if one in self.needs(s.name)} - found - {name}
            found |= more
            pending += more
        return frozenset(found)

    @property
    def entries(self) -> tuple[str, ...]:
        """Where users come in: services with published ports that are not stores; else those without dependents."""
        published = [s.name for s in self.lasting if s.published and not s.store]
        return tuple(published or [s.name for s in self.lasting if not self.dependents(s.name) and not s.store])


def read(document: Mapping[str, Any]) -> Stack:
    """The stack of a Compose model in its canonical form."""
    services = {name: _service(name, body or {}) for name, body in (document.get("services") or {}).items()}
    waited = {n for s in services.values() for n, condition in s.depends.items() if condition == COMPLETED}
    return Stack(services, frozenset(waited))


def _service(name: str, body: Mapping[str, Any]) -> Service:
    deploy = body.get("deploy") or {}
    limits = (deploy.get("resources") or {}).get("limits") or {}
    ports = [int(p["target"]) for p in body.get("ports") or () if p.get("protocol", "tcp") == "tcp"]
    told = (str(p).partition("/") for p in body.get("expose") or ())
    exposed = [n for port, _, protocol in told if protocol in ("", "tcp") and (n := whole(port)) is not None]
    return Service(
        name=name,
        image=str(body.get("image") or ""),
        builds=bool(body.get("build")),
        context=str((body.get("build") or {}).get("context") or ""),
        ports=tuple(dict.fromkeys([*ports, *exposed])),
        published=any(p.get("published") for p in body.get("ports") or ()),
        tcp_published=tuple(_published(body)),
        restart=_restart(body, deploy),
        health=_health(body.get("healthcheck") or {}),
        command=_line(body.get("entrypoint")) + _line(body.get("command")),
        depends={
            n: str((d or {}).get("condition", "service_started")) for n, d in (body.get("depends_on") or {}).items()
        },
        environment={k: "" if v is None else str(v) for k, v in (body.get("environment") or {}).items()},
        mounts=tuple(_mounts(body)),
        network_mode=str(body.get("network_mode") or ""),
        privileged=body.get("privileged") is True,
        pid=str(body.get("pid") or ""),
        read_only=body.get("read_only") is True,
        user=str(body.get("user") or ""),
        cap_add=tuple(map(str, body.get("cap_add") or ())),
        memory=int(body.get("mem_limit") or limits.get("memory") or 0),
        pids=int(body.get("pids_limit") or limits.get("pids") or 0),
        files=frozenset(_files(body)),
        devices=tuple(_device(d) for d in body.get("devices") or ()),
        cap_drop=tuple(map(str, body.get("cap_drop") or ())),
        grace=seconds(body.get("stop_grace_period"), _GRACE),
        replicas=int(deploy.get("replicas", body.get("scale", 1)) or 0),
    )


def _published(body: Mapping[str, Any]) -> Iterator[int]:
    for port in body.get("ports") or ():
        if port.get("published") and port.get("protocol", "tcp") == "tcp":
            yield int(port["target"])


def _files(body: Mapping[str, Any]) -> Iterator[str]:
    for kind, folder in (("secrets", "/run/secrets/"), ("configs", "/")):
        for entry in body.get(kind) or ():
            target = str(entry.get("target") or entry.get("source") or "")
            yield target if target.startswith("/") else folder + target


def _device(entry: Any) -> str:
    """Compose writes `{source, target}` or `SOURCE:TARGET:PERMISSIONS`."""
    if isinstance(entry, Mapping):
        return str(entry.get("target") or entry.get("source") or "")
    parts = str(entry).split(":")
    return parts[1] if len(parts) > 1 else parts[0]


def _restart(body: Mapping[str, Any], deploy: Mapping[str, Any]) -> str:
    condition = (deploy.get("restart_policy") or {}).get("condition")
    by_deploy = {"any": "always", "on-failure": "on-failure", "none": "no"}.get(str(condition), "")
    return by_deploy or str(body.get("restart") or "no")


def _health(check: Mapping[str, Any]) -> tuple[str, ...]:
    test = check.get("test") or ()
    words = (test,) if isinstance(test, str) else tuple(map(str, test))
    return () if check.get("disable") or words[:1] == ("NONE",) else words


def _line(words: object) -> str:
    """A command in one line, quoted as a shell would need it."""
    if isinstance(words, list | tuple):
        return shlex.join(map(str, words)) + " "
    return f"{words} " if words else ""


def _mounts(body: Mapping[str, Any]) -> Iterator[Mount]:
    for mount in body.get("volumes") or ():
        kind = str(mount.get("type", ""))
        yield Mount(
            kind, str(mount.get("source") or ""), str(mount.get("target") or ""), mount.get("read_only") is True
        )
