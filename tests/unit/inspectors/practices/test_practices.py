"""What a kind must have: absence is an answer, words are no evidence, and what cannot be read is not measured."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from seatrial.domain import Answer, Status
from seatrial.domain.kinds import RepositoryKind
from seatrial.inspectors.base import Context
from seatrial.inspectors.practices.inspector import Practices
from seatrial.inspectors.practices.rules import PRACTICES
from seatrial.settings import Settings
from seatrial.system.source import open_tree
from seatrial.verdict import catalogue

APP = {"app.py": "import os\nx = 1\n"}
SERVICE = {"compose.yaml": "services:\n  api: {build: .}\n", **APP}
STORE = "services:\n  api: {build: .}\n  db:\n    image: postgres:17\n    volumes: ['pg:/var/lib/postgresql/data']\n"
STORE += "volumes: {pg: {}}\n"
WITH_STORE = {"compose.yaml": STORE, **APP}
CI = ".github/workflows/ci.yml"


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def answers(root: Path, files: dict[str, str], settings: Settings | None = None) -> dict[str, Answer]:
    chosen = settings or Settings()
    tree = open_tree(written(root, files), paths=chosen.paths)
    context = Context(tree, chosen, root / ".cache")
    return {one.check.removeprefix("practices/"): one for one in Practices().inspect(context)}


def status(root: Path, files: dict[str, str], check: str) -> Status:
    return answers(root, files)[check].status


def test_every_practice_has_a_check_and_a_page() -> None:
    ids = {practice.id for practice in PRACTICES}
    assert ids == {check.id for check in catalogue.load().checks if check.id.startswith("practices/")}
    assert set(Practices().rules) == ids


def test_a_service_with_nothing_of_it_fails_and_is_measured(tmp_path: Path) -> None:
    found = answers(tmp_path, WITH_STORE)
    lacking = {name for name, one in found.items() if one.status is Status.FAIL}
    assert lacking == {
        "tests", "ci-tests", "pull-requests", "scan", "updates", "contact", "deployment", "rollback", "health",
        "metrics", "alerts", "backup",
    }  # fmt: skip
    assert all(found[name].value == 0 for name in lacking)


def test_a_library_is_not_asked_what_only_a_service_needs(tmp_path: Path) -> None:
    files = {"pyproject.toml": "[build-system]\n[project]\nname = 'x'\nclassifiers = ['a']\n", "x.py": "x = 1\n"}
    found = answers(tmp_path, files)
    for name in ("metrics", "alerts", "logs", "health", "backup", "deployment", "rollback"):
        assert found[name].status is Status.NA
        assert found[name].reason == "not asked of a library"
    assert found["licence"].status is Status.FAIL


def test_a_repository_without_content_is_not_measured(tmp_path: Path) -> None:
    found = answers(tmp_path, {"README.md": "# x\n"})
    assert {one.status for one in found.values()} == {Status.BLOCKED}


EVIDENCE: dict[str, dict[str, dict[str, str]]] = {
    "tests": {
        "pytest": {"tests/test_a.py": "def test_a(): assert True\n"},
        "unittest": {"test/a_test.py": "class ATest(unittest.TestCase):\n    pass\n"},
        "javascript": {"src/a.test.ts": "test('a', () => {})\n"},
        "go": {"a_test.go": "package a\nfunc TestA(t *testing.T) {}\n"},
        "java": {"src/test/java/example/ATest.java": "class ATest { @Test void a() {} }\n"},
        "rust": {"src/lib.rs": "#[cfg(test)]\nmod tests { #[test] fn a() {} }\n"},
        "ruby": {"spec/a_spec.rb": "describe 'a' do\nend\n"},
        "shell": {"tests/run.bats": "@test 'a' { true; }\n"},
    },
    "updates": {
        "dependabot": {".github/dependabot.yml": "version: 2\nupdates:\n  - package-ecosystem: pip\n"},
        "renovate": {"renovate.json5": "{extends: []}\n"},
        "gitlab": {".gitlab-ci.yml": "renovate:\n  script: [renovate]\n"},
    },
    "metrics": {
        "code": {"m.py": "from prometheus_client import Counter\n"},
        "node": {"m.js": "const client = require('prom-client')\n"},
        "errors": {"m.py": "sentry_sdk.init(dsn)\n"},
        "scraping": {"ops/prometheus.yml": "scrape_configs:\n  - job_name: a\n"},
        "container": {"docker-compose.yml": "services: {m: {image: 'netdata/netdata:v2'}, api: {build: .}}\n"},
        "kubernetes": {"k8s/m.yaml": "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\n"},
        "cloud": {"infra/a.tf": 'resource "aws_cloudwatch_dashboard" "a" {}\n'},
    },
    "alerts": {
        "rules": {"ops/rules.yml": "groups:\n  - name: a\n    rules:\n      - {alert: A, expr: up == 0}\n"},
        "grafana": {"grafana/provisioning/alerting/a.yaml": "apiVersion: 1\ngroups: [{name: a}]\n"},
        "cloud": {"infra/a.tf": 'resource "aws_cloudwatch_metric_alarm" "a" {}\n'},
        "errors": {"m.js": "Sentry.init({dsn})\n"},
        "ping": {"cron.sh": "#!/bin/sh\ncurl https://hc-ping.com/x\n"},
        "container": {"docker-compose.yml": "services: {m: {image: 'prom/alertmanager:v1'}, api: {build: .}}\n"},
    },
    "health": {
        "route": {"r.py": "@app.get('/healthz')\ndef h(): ...\n"},
        "go": {"r.go": 'mux.HandleFunc("GET /readyz", h)\n'},
        "django": {"r.py": "path('health/', view)\n"},
        "image": {"Dockerfile": "FROM x\nHEALTHCHECK CMD true\n"},
        "container": {"docker-compose.yml": "services: {api: {build: ., healthcheck: {test: [CMD, 'true']}}}\n"},
    },
    "deployment": {
        "job": {CI: "on: push\njobs: {d: {steps: [{run: kubectl apply -f k}]}}\n"},
        "script": {"ops/deploy.sh": "#!/bin/sh\nssh host docker compose up -d\n"},
        "platform": {"fly.toml": "app = 'x'\n"},
        "document": {"docs/runbook.md": "# Deploy\n\n1. `docker compose pull`\n2. `docker compose up -d`\n"},
    },
    "rollback": {
        "job": {CI: "on: push\njobs: {rollback: {steps: [{run: x}]}}\n"},
        "atomic": {"deploy.sh": "#!/bin/sh\nhelm upgrade --atomic a .\n"},
        "document": {"docs/runbook.md": "## Rollback\n\nSet the tag before and run `docker compose up -d`.\n"},
        "sentence": {"README.md": "To go back: revert the commit and apply again.\n"},
    },
    "contact": {
        "policy": {".github/SECURITY.md": "Write to security@x.example\n"},
        "runbook": {"docs/runbook.md": "On call: ops@x.example\n"},
    },
    "scan": {
        "action": {CI: "on: push\njobs: {s: {steps: [{uses: github/codeql-action/analyze@v3}]}}\n"},
        "template": {".gitlab-ci.yml": "include: [{template: Jobs/SAST.gitlab-ci.yml}]\n"},
        "hooks": {
            CI: "on: push\njobs: {s: {steps: [{run: pre-commit run -a}]}}\n",
            ".pre-commit-config.yaml": "repos:\n  - hooks: [{id: gitleaks}]\n",
        },
    },
}  # fmt: skip


@pytest.mark.parametrize(("check", "case"), [(check, case) for check, cases in EVIDENCE.items() for case in cases])
def test_what_does_something_is_evidence(check: str, case: str, tmp_path: Path) -> None:
    files = {**SERVICE, **EVIDENCE[check][case]}
    if "docker-compose.yml" in files:
        files.pop("compose.yaml")
    found = answers(tmp_path, files)[check]
    assert found.status is Status.PASS, found
    assert found.evidence


CLAIMS = """# Production readiness: 95 %

- [x] Unit tests cover 97 % of the code (`pytest`), and run in GitHub Actions on every pull request.
- [x] Prometheus scrapes `/metrics`; Alertmanager pages the person on call.
- [x] `pg_dump` dumps the database every hour; backups are restored every week.
- [x] Health checks at `/healthz`.
- [x] Deployments are blue-green. A rollback takes one command.

## Rollback

100 % tested, production-ready.

## Deployment

Production-ready: 98 %.
"""
WORDS: dict[str, dict[str, str]] = {
    "a report": {"PRODUCTION_READINESS.md": CLAIMS},
    "a document": {"docs/operations.md": CLAIMS},
    "comments": {
        "tools/notes.py": "# sentry_sdk.init(dsn)\n# import prometheus_client\n# pg_dump\n# '/healthz'\nx = 1\n",
        "ops/backup.sh": "#!/bin/sh\n# TODO pg_dump db\n# curl https://hc-ping.com/x\nexit 0\n",
    },
    "empty files": {
        "tests/__init__.py": "",
        "tests/test_a.py": "",
        ".github/dependabot.yml": "version: 2\nupdates: []\n",
    },
    "samples": {"examples/prometheus.yml": "scrape_configs:\n  - job_name: a\n", "docs/alerts.yml": "groups: []\n"},
}


@pytest.mark.parametrize("case", WORDS)
def test_words_are_no_evidence(case: str, tmp_path: Path) -> None:
    bare = answers(tmp_path / "bare", WITH_STORE)
    claimed = answers(tmp_path / "claimed", {**WITH_STORE, **WORDS[case]})
    assert {n: a.status for n, a in claimed.items()} == {n: a.status for n, a in bare.items()}


BACKUPS: dict[str, dict[str, str]] = {
    "script": {"ops/dump.sh": "#!/bin/sh\ndocker compose exec db pg_dump -U x > a.sql\n"},
    "program": {"tools/dump.py": "subprocess.run(['pg_dump', '-h', 'db'])\n"},
    "volume": {"Makefile": "backup:\n\tdocker run -v shop_pg:/d -v /b:/b alpine tar czf /b/a.tgz /d\n"},
    "workflow": {CI: "on: {schedule: [{cron: '0 3 * * *'}]}\njobs: {b: {steps: [{run: pg_dump x}]}}\n"},
    "restic of all volumes": {"b.sh": "#!/bin/sh\nrestic backup /var/lib/docker/volumes\n"},
    "timetable": {"crontab": "0 3 * * * pg_dump -h db x\n"},
}
CONTAINERS = {
    "image": "  dumper: {image: 'prodrigestivill/postgres-backup-local:17', environment: {POSTGRES_HOST: db}}\n",
    "volume": "  keep: {image: 'offen/docker-volume-backup:v2', volumes: ['pg:/backup/pg:ro']}\n",
    "command": "  night: {image: 'postgres:17', command: [sh, -c, 'while true; do pg_dump -h db; done']}\n",
}


@pytest.mark.parametrize("case", BACKUPS)
def test_a_backup_is_seen(case: str, tmp_path: Path) -> None:
    assert status(tmp_path, {**WITH_STORE, **BACKUPS[case]}, "backup") is Status.PASS


@pytest.mark.parametrize("case", ["image", "volume"])
def test_a_container_that_backs_up_is_seen(case: str, tmp_path: Path) -> None:
    text = STORE.replace("volumes: {pg: {}}\n", f"{CONTAINERS[case]}volumes: {{pg: {{}}}}\n")
    assert status(tmp_path, {"compose.yaml": text, **APP}, "backup") is Status.PASS


def test_the_store_without_a_backup_is_named_and_counted(tmp_path: Path) -> None:
    more = STORE.replace(
        "  db:\n", "  cache: {image: 'redis:7'}\n  events: {image: 'mongo:8', volumes: ['ev:/data/db']}\n  db:\n"
    )
    files = {"compose.yaml": more.replace("pg: {}", "pg: {}, ev: {}"), **APP, "b.sh": "#!/bin/sh\npg_dump -h db x\n"}
    found = answers(tmp_path, files)["backup"]
    assert [one.message for one in found.findings] == ["nothing backs up `events` (MongoDB, volume `ev`)"]
    assert found.value is not None
    assert float(found.value) == 0.5
    assert found.tally == "1 of 2 stores"


def test_of_two_stores_of_a_kind_the_dump_has_to_name_one(tmp_path: Path) -> None:
    text = STORE.replace("  db:\n", "  other: {image: 'postgres:17', volumes: ['o:/var/lib/postgresql/data']}\n  db:\n")
    files = {"compose.yaml": text.replace("pg: {}", "pg: {}, o: {}"), **APP, "b.sh": "#!/bin/sh\npg_dump -h db x\n"}
    found = answers(tmp_path, files)["backup"]
    assert [one.subject for one in found.findings] == ["other"]


def test_an_operator_backs_up_its_cluster(tmp_path: Path) -> None:
    cluster = "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: pg}\nspec: {instances: 1}\n"
    schedule = "---\napiVersion: postgresql.cnpg.io/v1\nkind: ScheduledBackup\n"
    schedule += "metadata: {name: n}\nspec: {cluster: {name: pg}}\n"
    files = {"chart/Chart.yaml": "name: x\n", **APP}
    assert status(tmp_path / "a", {**files, "k8s/pg.yaml": cluster}, "backup") is Status.FAIL
    assert status(tmp_path / "b", {**files, "k8s/pg.yaml": cluster + schedule}, "backup") is Status.PASS


def test_what_keeps_nothing_needs_no_backup(tmp_path: Path) -> None:
    found = answers(tmp_path, SERVICE)["backup"]
    assert found.status is Status.NA
    assert "keeps no data" in found.reason


def test_sqlite_is_a_store(tmp_path: Path) -> None:
    found = answers(tmp_path, {**SERVICE, "db.py": "c = sqlite3.connect('x.db')\n"})["backup"]
    assert [one.location.path for one in found.findings] == ["db.py"]


def test_what_cannot_be_read_is_not_measured(tmp_path: Path) -> None:
    """A link out of the tree could be the pipeline, the policy, the backup."""
    written(tmp_path, WITH_STORE)
    (tmp_path / CI).parent.mkdir(parents=True)
    (tmp_path / CI).symlink_to("/elsewhere")
    (tmp_path / "backup.sh").symlink_to("/elsewhere")
    found = answers(tmp_path, {})
    assert found["ci-tests"].status is Status.ERROR
    assert found["backup"].status is Status.ERROR
    assert "backup.sh" in found["backup"].reason
    assert found["licence"].status is Status.NA


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"


@pytest.mark.parametrize(
    ("path", "text", "check"),
    [
        ("deploy/stack.yml", POINTER, "backup"),
        ("deploy/compose.yaml", 'services: {db: {image: "postgres:17}}\n', "backup"),
        ("monitoring/prometheus/rules.yml", POINTER, "alerts"),
        ("monitoring/prometheus/rules.yml", "groups:\n  - rules:\n      - alert: Down\n        expr: 'up\n", "alerts"),
        ("tests/test_app.py", POINTER, "tests"),
        ("docs/runbook.md", POINTER, "rollback"),
    ],
)
def test_a_file_that_does_not_show_what_it_holds_is_named(tmp_path: Path, path: str, text: str, check: str) -> None:
    found = answers(tmp_path, {**SERVICE, path: text})[check]
    assert (found.status, path in found.reason) == (Status.ERROR, True)


@pytest.mark.parametrize(
    ("path", "check", "said"),
    [
        ("docs/grafana.png", "alerts", Status.FAIL),
        ("tests/data/broken.yml", "backup", Status.NA),
        ("examples/compose.yaml", "backup", Status.NA),
        ("assets/monitoring.svg", "metrics", Status.FAIL),
    ],
)
def test_pictures_samples_and_data_of_tests_hide_nothing(tmp_path: Path, path: str, check: str, said: Status) -> None:
    assert status(tmp_path / "pointer", {**SERVICE, path: POINTER}, check) is said
    (tmp_path / "link" / path).parent.mkdir(parents=True)
    (tmp_path / "link" / path).symlink_to("/elsewhere")
    assert status(tmp_path / "link", SERVICE, check) is said


def test_a_broken_pipeline_says_nothing_about_tests(tmp_path: Path) -> None:
    assert status(tmp_path, {**SERVICE, CI: "on: ["}, "ci-tests") is Status.ERROR


def test_a_workflow_of_another_repository_says_nothing_about_tests(tmp_path: Path) -> None:
    workflow = "on: pull_request\njobs: {t: {uses: org/ci/.github/workflows/all.yml@v1}}\n"
    found = answers(tmp_path, {**SERVICE, CI: workflow})
    assert found["ci-tests"].status is Status.ERROR
    assert "org/ci" in found["ci-tests"].reason


def test_a_part_of_a_repository_lacks_nothing(tmp_path: Path) -> None:
    found = answers(tmp_path, WITH_STORE, Settings(paths=("compose.yaml", "app.py")))
    assert {found[name].status for name in ("tests", "backup", "contact")} == {Status.SKIP}


def test_what_may_lie_above_a_folder_is_not_missing_in_it(tmp_path: Path) -> None:
    folder = written(tmp_path / "top" / "api", WITH_STORE)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "top")], env=environment, check=True)
    found = answers(folder, {})
    assert found["ci-tests"].status is Status.SKIP
    assert found["backup"].status is Status.FAIL


def test_a_comment_allows_what_is_missing(tmp_path: Path) -> None:
    text = STORE.replace(
        "  db:\n", "  db: # seatrial: allow practices/backup because the data is made anew each night\n"
    )
    assert status(tmp_path, {"compose.yaml": text, **APP}, "backup") is Status.PASS


def test_every_kind_is_asked_something(tmp_path: Path) -> None:
    asked = {kind for practice in PRACTICES for kind in practice.kinds}
    assert asked >= set(RepositoryKind) - {RepositoryKind.EMPTY}


WATCHED_BY_CODE = ("metrics", "alerts", "health")


@pytest.mark.parametrize("check", WATCHED_BY_CODE)
@pytest.mark.parametrize("hides", ["link", "pointer"])
def test_an_unread_program_could_watch_the_service(tmp_path: Path, hides: str, check: str) -> None:
    path = tmp_path / "src" / "watch.py"
    path.parent.mkdir()
    if hides == "link":
        path.symlink_to("/elsewhere/watch.py")
    else:
        path.write_text(POINTER, "utf-8")
    found = answers(tmp_path, SERVICE)[check]
    assert (found.status, "src/watch.py" in found.reason) == (Status.ERROR, True)
    assert "`exclude`" in found.reason, "the way out is named"


@pytest.mark.parametrize("check", WATCHED_BY_CODE)
def test_an_unread_test_could_not(tmp_path: Path, check: str) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_watch.py").symlink_to("/elsewhere/test_watch.py")
    assert status(tmp_path, SERVICE, check) is Status.FAIL


def with_submodule(root: Path, path: str, files: dict[str, str]) -> Path:
    """A repository with an empty submodule, as a checkout without `submodules` leaves it."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}
    written(root, files)
    (root / path).mkdir(parents=True)
    entry = f"160000,{'1' * 40},{path}"
    for words in (("init", "--quiet"), ("add", "--all"), ("update-index", "--add", "--cacheinfo", entry)):
        subprocess.run(["git", *words], cwd=root, env=environment, check=True)
    return root


BUILT = {"compose.yaml": "services:\n  api: {build: ./api}\n", "tool.py": "x = 1\n"}
BUILT_LONG = {"compose.yaml": "services:\n  api: {build: {context: api/server}}\n", "tool.py": "x = 1\n"}
PIPELINE_IN = {**SERVICE, CI: "on: push\njobs: {b: {steps: [{run: docker build -t a ./api}]}}\n"}


@pytest.mark.parametrize("files", [BUILT, BUILT_LONG, PIPELINE_IN], ids=["context", "below", "pipeline"])
def test_a_submodule_that_is_built_could_follow_a_practice(tmp_path: Path, files: dict[str, str]) -> None:
    found = answers(with_submodule(tmp_path, "api", files), {})
    for check in (*WATCHED_BY_CODE, "backup", "tests"):
        assert found[check].status is Status.ERROR, check
        assert "api: another repository" in found[check].reason
        assert "`exclude`" in found[check].reason
    assert found["contact"].status is Status.FAIL, "a contact is looked for in the repository itself"


def test_without_the_submodule_the_repository_is_judged_by_itself(tmp_path: Path) -> None:
    """The way out that the reason names leads out."""
    root = with_submodule(tmp_path, "api", BUILT)
    context = Context(open_tree(root, exclude=("api",)), Settings(), tmp_path / ".cache")
    found = {one.check.removeprefix("practices/"): one for one in Practices().inspect(context)}
    assert found["metrics"].status is Status.FAIL
    assert found["backup"].status is Status.NA


@pytest.mark.parametrize(
    ("path", "check", "said"),
    [
        ("themes/paper", "metrics", Status.FAIL),
        ("themes/paper", "backup", Status.NA),
        ("vendor/parser", "alerts", Status.FAIL),
        ("ops/monitoring", "metrics", Status.ERROR),
        ("ops/alerts", "alerts", Status.ERROR),
    ],
)
def test_other_submodules_show_what_their_names_say(tmp_path: Path, path: str, check: str, said: Status) -> None:
    assert answers(with_submodule(tmp_path, path, SERVICE), {})[check].status is said


PUBLISHING: dict[str, dict[str, str]] = {
    "docker push": {CI: "on: push\njobs: {p: {steps: [{run: docker push a/b:1}]}}\n"},
    "buildx": {CI: "on: push\njobs: {p: {steps: [{run: docker buildx build -t a/b --push .}]}}\n"},
    "action": {CI: "on: push\njobs: {p: {steps: [{uses: docker/build-push-action@v6, with: {\n  push: true}}]}}\n"},
    "kaniko": {".gitlab-ci.yml": 'push:\n  script: [/kaniko/executor --destination "$CI_REGISTRY_IMAGE:1"]\n'},
    "release": {CI: "on: push\njobs: {p: {steps: [{run: gh release create v1 a.tgz}]}}\n"},
    "twine": {"Jenkinsfile": "pipeline { stages { stage('P') { steps { sh 'twine upload dist/*' } } } }\n"},
}


@pytest.mark.parametrize("case", PUBLISHING)
def test_what_a_pipeline_publishes_unsigned_is_found_at_its_job(tmp_path: Path, case: str) -> None:
    found = answers(tmp_path, {**SERVICE, **PUBLISHING[case]})["provenance"]
    assert found.status is Status.FAIL, found
    assert found.findings[0].location.path in PUBLISHING[case]


@pytest.mark.parametrize("command", ["cosign sign --yes a/b@1", "gpg --batch --detach-sign a.tgz", "notation sign a/b"])
def test_a_signature_is_seen(tmp_path: Path, command: str) -> None:
    text = f"on: push\njobs: {{p: {{steps: [{{run: docker push a/b:1}}, {{run: '{command}'}}]}}}}\n"
    assert status(tmp_path, {**SERVICE, CI: text}, "provenance") is Status.PASS


ATTESTED: dict[str, tuple[str, Status]] = {
    "attest action": ("{run: docker push a/b:1}, {uses: actions/attest-build-provenance@v3}", Status.PASS),
    "PyPI by trust": ("{uses: pypa/gh-action-pypi-publish@v1}", Status.PASS),
    "PyPI by password": ("{uses: pypa/gh-action-pypi-publish@v1, with: {\n  password: x}}", Status.FAIL),
    "cosign is only installed": ("{run: docker push a/b:1}, {uses: sigstore/cosign-installer@v3}", Status.FAIL),
    "checksum": ("{run: docker push a/b:1}, {run: sha256sum a.tgz > SHA256SUMS}", Status.FAIL),
    "npm without": ("{run: npm publish --provenance=false}", Status.FAIL),
    "nothing": ("{run: docker build -t a .}", Status.NA),
    "not pushed": ("{uses: docker/build-push-action@v6, with: {\n  push: false}}", Status.NA),
    "kaniko keeps it": ("{run: /kaniko/executor --no-push --destination x}", Status.NA),
}


@pytest.mark.parametrize("case", ATTESTED)
def test_who_attests_what_is_published(tmp_path: Path, case: str) -> None:
    steps, said = ATTESTED[case]
    found = answers(tmp_path, {**SERVICE, CI: f"on: push\njobs: {{p: {{steps: [{steps}]}}}}\n"})["provenance"]
    assert found.status is said, found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".goreleaser.yaml", "version: 2\nsigns:\n  - artifacts: checksum\n"),
        ("package.json", '{"name": "a", "publishConfig": {"provenance": true}}\n'),
        ("pom.xml", "<project><build><plugin>maven-gpg-plugin</plugin></build></project>\n"),
    ],
)
def test_settings_that_sign_are_seen(tmp_path: Path, path: str, text: str) -> None:
    files = {**SERVICE, **PUBLISHING["release"]}
    assert status(tmp_path / "without", files, "provenance") is Status.FAIL
    assert status(tmp_path / "with", {**files, path: text}, "provenance") is Status.PASS
