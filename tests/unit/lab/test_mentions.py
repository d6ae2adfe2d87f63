"""Hosts that stand in code and configuration only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seatrial.lab.mentions import with_mentions
from seatrial.lab.model import read


def needed(root: Path, name: str, text: str, *, mounted: bool = False) -> frozenset[str]:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")
    web: dict[str, Any] = {"build": {"context": str(root)}}
    if mounted:
        web = {"image": "nginx", "volumes": [{"type": "bind", "source": str(root / name), "target": "/etc/x"}]}
    document = {"services": {"web": web, "redis": {"image": "redis:7"}, "db": {"image": "postgres:16"}}}
    return with_mentions(read(document), document).needs("web")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("server.js", "const redis = require('redis');\nredis.createClient({ host: 'redis', port: 6379 });\n"),
        ("app.py", 'cache = Redis(host="redis")\n'),
        ("main.go", 'redis.NewClient(&redis.Options{Addr: "redis:6379"})\n'),
        ("app.rb", "Redis.new(url: 'redis://redis/0')\n"),
        ("src/main/resources/application.properties", "spring.redis.url=redis://user:pw@redis:6379\n"),
    ],
)
def test_a_host_in_code_is_needed(tmp_path: Path, name: str, text: str) -> None:
    assert needed(tmp_path, name, text) == {"redis"}


def test_a_host_in_a_mounted_file_is_needed(tmp_path: Path) -> None:
    assert needed(tmp_path, "site.conf", "location / { proxy_pass http://db; }\n", mounted=True) == {"db"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("server.js", "const redis = require('redis');\n"),
        ("server.ts", 'import x from "redis";\n'),
        ("app.py", "import redis\nredis.connect('elsewhere')\n"),
        ("README.md", 'host "redis"\n'),
        ("node_modules/a/index.js", "host: 'redis'\n"),
        ("app.py", 'path = "db/migrations"\n'),
    ],
)
def test_the_name_of_a_library_is_not(tmp_path: Path, name: str, text: str) -> None:
    assert "redis" not in needed(tmp_path, name, text)
