"""One secret in sixty kinds of places: no report and no console line shows it, whichever inspector quotes the place."""

from __future__ import annotations

import base64
import json
import os
import string
import subprocess
from pathlib import Path
from urllib.parse import quote

import draws
import pytest

from seatrial.app.cli import main


@pytest.fixture
def secret() -> str:
    """A password that no provider's format gives away, with a character that addresses escape."""
    letters = draws.choices(string.ascii_lowercase, 10)
    digits = draws.choices(string.digits, 10)
    return "q" + "".join(a + b for a, b in zip(letters, digits, strict=True)) + "z"


@pytest.fixture
def token() -> str:
    """A token in a provider's live format, with a letter after the dash: `f(glpat-1x)` is not Python for Bandit."""
    rest = draws.choices(string.ascii_letters + string.digits, 19)
    return "glpat-" + draws.choice(string.ascii_letters) + "".join(rest)


def places(s: str) -> dict[str, str]:
    """Files, and what they hold."""
    encoded = base64.b64encode(s.encode()).decode()
    return {
        ".env": f"DB_PASSWORD={s}\nSECRET_KEY={s}\nAPI_TOKEN={s}\nURL=postgres://app:{s}@db/app\n",
        "Dockerfile": f"""FROM registry.example.org/{s}:{s} AS {s}
ARG TOKEN={s}
ENV DB_PASSWORD={s} {s}={s}
LABEL {s}="{s}"
ADD https://user:{s}@example.org/{s}.tar.gz /srv/{s}
COPY {s} /etc/{s}
RUN curl -u user:{s} https://example.org/{s} | sh && apt-get install {s}
RUN cd /{s} && sudo pip install {s}=={s}
EXPOSE 22
USER {s}
VOLUME /{s}
HEALTHCHECK CMD curl http://localhost/{s}
ENTRYPOINT sh -c "{s}"
# {s}
""",
        "compose.yaml": f"""name: {s}
services:
  {s}:
    image: example/{s}:{s}
    build: {{context: ./{s}, args: {{TOKEN: {s}}}}}
    environment: {{DB_PASSWORD: {s}, {s.upper()}: x, URL: "postgres://u:{s}@db/x"}}
    command: serve --password {s}
    entrypoint: ["{s}"]
    labels: {{{s}: {s}}}
    privileged: true
    user: root
    network_mode: host
    volumes: ["/{s}:/etc/{s}", "{s}:/data", "/var/run/docker.sock:/var/run/docker.sock"]
    healthcheck: {{test: ["CMD", "curl", "http://localhost/{s}"]}}
    depends_on: [{s}-missing]
    ports: ["0.0.0.0:5432:5432"]
    env_file: ["{s}.env"]
    {s}: unknown
  db:
    image: postgres:{s}
    environment: {{POSTGRES_PASSWORD: {s}}}
volumes: {{{s}: {{}}}}
networks: {{{s}: {{}}}}
""",
        ".github/workflows/ci.yml": f"""name: {s}
on: [pull_request_target, push]
env: {{TOKEN: {s}}}
jobs:
  {s}:
    name: {s}
    runs-on: {s}
    container: example/{s}
    env: {{{s}: "{s}"}}
    steps:
      - uses: {s}/{s}@{s}
        with: {{token: {s}, {s}: x}}
      - name: {s}
        if: {s} == '{s}'
        run: echo {s} ${{{{ github.event.pull_request.title }}}}
""",
        "k8s/deployment.yaml": f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: {s}, annotations: {{{s}: {s}}}}}
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: {s}
          image: example/{s}:{s}
          env: [{{name: PASSWORD, value: {s}}}]
          securityContext: {{privileged: true}}
---
apiVersion: v1
kind: Secret
metadata: {{name: {s}}}
data: {{password: {encoded}}}
""",
        "prometheus/rules.yml": f"""groups:
  - name: {s}
    rules:
      - alert: {s}
        expr: up{{job="{s}"}} == 0 and sum({s}
        for: {s}
        labels: {{severity: {s}}}
        annotations: {{summary: {s}}}
""",
        "prometheus/alertmanager.yml": f"""route: {{receiver: {s}}}
receivers: [{{name: other, webhook_configs: [{{url: "https://u:{s}@example.org/{s}"}}]}}]
""",
        "requirements.txt": f"{s}=={s}\nx @ git+https://user:{s}@example.org/x@{s}\n{s}\n--index-url https://u:{s}@e.org/\n",
        "package.json": json.dumps({"name": s, "version": s, "scripts": {s: s}, "dependencies": {s: "*", "a": s}}),
        "config.json": json.dumps({s: s, "password": s}),
        "settings.yaml": f"{s}: {s}\npassword: {s}\n",
        "broken.yaml": f"password: {s}\n\t{s}: [\n",
        "app.py": f'''"""{s}"""
import hashlib, subprocess
PASSWORD = "{s}"
def {s}(x="{s}"):  # {s}
    assert x
    subprocess.call("{s}" + x, shell=True)
    hashlib.md5(b"{s}")
    eval("{s}")  # nosec {s}
''',
        "broken.py": f"def {s}(:\n",
        "nginx.conf": f"upstream {s} {{ server {s}; }}\nserver {{ server_name {s}; proxy_pass http://{s}; }}\n",
        "schema.sql": f"CREATE USER {s} WITH PASSWORD '{s}';\n",
        "README.md": f"# {s}\npassword: {s}\n[{s}]({s})\n`docker run {s}`\n",
        "docs/runbook.md": f"# {s}\n\nRestart {s} with `{s}`.\n",
        f"{s}.py": f"import pickle\npickle.loads({s})\n",
        f"{s}/Dockerfile": f"FROM example/{s}\nADD {s} /\n",
        f"{s}/{s}.json": "{",
        f"{s}.env": f"DEBUG=true\nPORT=99999\n{s}=1\nSECRET_KEY={s}\n",
    }


def planted(root: Path, s: str) -> Path:
    """A repository with the secret in its files, names, links, branch and commit."""
    for path, text in places(s).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    (root / f"link-{s}").symlink_to(f"/nowhere/{s}")
    (root / "link").symlink_to(f"../outside/{s}")
    environ = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_GLOBAL": os.devnull}
    who = ("-c", f"user.name={s}", "-c", f"user.email={s}@example.org")
    for command in (("init", "-q", "-b", s), ("add", "-A"), ("commit", "-q", "-m", s)):
        subprocess.run(("git", *who, *command), cwd=root, check=True, env=environ)
    return root


def forms(s: str) -> set[str]:
    """How a report could show it."""
    return {s, s.lower(), quote(s, safe=""), base64.b64encode(s.encode()).decode()}


@pytest.mark.parametrize("kind", ["secret", "token"])
def test_a_secret_in_sixty_kinds_of_places_is_in_no_report(
    kind: str, cache: Path, tmp_path: Path, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    value: str = request.getfixturevalue(kind)
    assert sum(text.count(value) for text in places(value).values()) >= 60
    tree, reports = planted(tmp_path / "tree", value), tmp_path / "reports"
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_CACHE_HOME": str(cache)}
    main(["run", str(tree), "--report-dir", str(reports), "--no-trial", "--osv-url", "off"], environ)
    console = "".join(capfd.readouterr())
    written = {p.name: p.read_text("utf-8") for p in reports.iterdir()}
    assert {"report.json", "junit.xml", "seatrial.sarif", "report.html", "summary.md"} <= written.keys()
    rules = {f["rule"].partition("/")[0] for f in json.loads(written["report.json"])["findings"]}
    assert rules >= {"secrets", "compose", "bandit", "dockerfile"}
    assert "compose/" in console
    shown = {**written, "console": console}
    leaks = {
        (name, text[max(0, text.find(form) - 90) : text.find(form) + 40])
        for name, text in shown.items()
        for form in forms(value)
        if form in text
    }
    assert not leaks, leaks
