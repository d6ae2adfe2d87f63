# ruff: noqa: E501 - a table of names is harder to read in pieces
"""What is no credential, or only an example of one, and looks like a credential."""

from __future__ import annotations

import pytest
from searching import Find
from test_formats import found

from seatrial.domain import Confidence
from seatrial.inspectors.secrets.engine import PatternEngine
from seatrial.inspectors.secrets.file_kinds import holds_labels
from seatrial.inspectors.secrets.formats import FORMATS
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.placeholders import is_header_only, is_label
from seatrial.inspectors.secrets.samples import expand

ASSIGNED = [row for row in FORMATS if row.context and row.example[0].isupper() and " = " in row.example]


@pytest.mark.parametrize("row", ASSIGNED, ids=lambda row: row.id)
@pytest.mark.parametrize("before", ["QX", "TORQ", "qx"])
def test_a_longer_name_around_a_provider_is_another_provider(row: Format, before: str) -> None:
    name, value = expand(row.example).split(" = ", 1)
    inner = [other for other in name.split("_")[1:] if other]
    glued = f"{before}{name if before.isupper() else name.lower()}"
    if any(row.id in _ids(f"{part} = {value}") for part in ("_".join(inner), *inner)):
        pytest.skip("the rest of the name speaks for the provider by itself")
    assert row.id not in _ids(f"{glued} = {value}")


@pytest.mark.parametrize("row", ASSIGNED, ids=lambda row: row.id)
def test_a_provider_is_found_behind_other_words(row: Format) -> None:
    text = expand(row.example)
    assert found(row, text)
    assert found(row, f"MY_{text}")
    assert found(row, f"prod.{text}")
    assert found(row, f"next-public-{text}")


def _ids(text: str) -> list[str]:
    return [row.id for row in FORMATS if row.context and found(row, text)]


@pytest.mark.parametrize(
    "name",
    [
        "TELCO_API_KEY",
        "TORNADO_TOKEN",
        "ADD_API_KEY",
        "ODD_APP_KEY",
        "GEARBOX_SECRET",
        "RIVERLINE_SECRET",
        "lineage_token",
        "sparkle_token",
    ],
)
@pytest.mark.parametrize("shape", ["{hex:32}", "{hex:40}", "{hex:64}", "{base62:32}", "{base62:40}"])
def test_no_provider_claims_these_names(name: str, shape: str) -> None:
    assert not _ids(f'{name} = "{expand(shape)}"')


@pytest.mark.parametrize("name", ["myBoxSecret", "boxClientSecret", "AWSBoxSecret", "MY_BOX_SECRET", "box-secret"])
def test_every_spelling_of_a_provider_is_found(name: str) -> None:
    box = next(row for row in FORMATS if row.id == "datadog-api-key")
    assert found(
        box,
        f'{name.replace("Box", "Datadog").replace("box", "datadog").replace("BOX", "DATADOG")}Key = "{expand("{hex:32}")}"',
    )


@pytest.mark.parametrize(
    "line",
    [
        "uses: acme/create-github-app-token@{hex:40}",
        "github-token#{hex:40}",
        "x: github/some-github-token@{hex:40} # v1",
    ],
)
def test_a_commit_is_no_token(line: str) -> None:
    assert not _ids(expand(line))


@pytest.mark.parametrize(
    "path",
    [
        "strings/en.json",
        "locale/de/x.json",
        "app/i18n/x.yml",
        "messages_de.properties",
        "res/values-de/strings.xml",
        "pt-BR.json",
        "a/b.po",
        "a.arb",
        "a.resx",
        "a.ftl",
        "zh_Hans.yml",
        "lang/fr.php",
        "en.lproj/Localizable.strings",
        "translations/x.toml",
        "src/locales/x.ts",
    ],
)
def test_files_of_labels(path: str) -> None:
    assert holds_labels(path)


@pytest.mark.parametrize(
    "path",
    [
        "config.json",
        "config/db.json",
        "app.qa.yml",
        "ci.yml",
        "bundle.js",
        "settings.py",
        "app/main.ts",
        "values.yaml",
        "deploy/prod.yml",
    ],
)
def test_other_files(path: str) -> None:
    assert not holds_labels(path)


@pytest.mark.parametrize(
    "value",
    ["Passord", "Angi et passord.", "Heslo", "Ange lösenordet", "Введите пароль", "Hasło:", "Mot de passe oublié ?"],
)
def test_labels_in_other_languages(value: str) -> None:
    assert is_label(value)


@pytest.mark.parametrize("value", ["Heslo123!", "passord-7Kq", "kX9w", "senha", "correct horse battery"])
def test_passwords_are_no_labels(value: str) -> None:
    assert not is_label(value)


VALUE = "kT9#vLq2" + "!xZ7"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", '"""\nUse::\n\n    connect(password="{}")\n"""\n'),
        ("a.py", 'def f():\n    """Do.\n\n    >>> connect(password="{}")\n    """\n'),
        ("a.py", "EXAMPLES = r'''\n- x:\n    password=\"{}\"\n'''\n"),
        ("a.java", '/**\n  {{@code password = "{}"}}\n */\nclass A {{}}\n'),
        ("a.js", '/*\nconst password = "{}"\n*/\n'),
        ("a.sh", 'cat <<EOF\nusage: tool --password="{0}" DB_PASSWORD="{0}"\nEOF\n'),
        ("a.conf", "#password = {}\n"),
    ],
)
def test_an_example_in_a_text_is_a_guess(engine: PatternEngine, path: str, text: str) -> None:
    _, searched = engine.search(path, text.format(VALUE).encode())
    assert {f.credential.confidence for f in searched.found} <= {Confidence.LOW}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", '"""Connect."""\npassword = "{}"\n'),
        ("a.py", "x = \"it's\"\npassword = '{}'\n"),
        ("a.js", '/* connect */ const password = "{}"\n'),
        ("a.js", 'const glob = "src/*";\nconst password = "{}";\nconst other = "*/x";\n'),
        ("a.sh", 'cat > x <<EOF\nEOF\nDB_PASSWORD="{}"\n'),
    ],
)
def test_code_beside_a_text_stays_confident(engine: PatternEngine, path: str, text: str) -> None:
    _, searched = engine.search(path, text.format(VALUE).encode())
    assert Confidence.HIGH in {f.credential.confidence for f in searched.found}


@pytest.mark.parametrize("key", ["encrypted_key", "iv", "tag", "ciphertext", "protected", "nonce", "wrapped_key"])
def test_the_parts_of_an_encrypted_message_are_public(find: Find, key: str) -> None:
    assert find("a.json", f'{{"{key}": "{expand("{base64url:40}")}"}}') == []


@pytest.mark.parametrize("directive", ["proxy_pass", "fastcgi_pass", "uwsgi_pass", "grpc_pass"])
def test_an_upstream_is_no_password(find: Find, directive: str) -> None:
    assert find("nginx.conf", f"location / {{\n  {directive} http://backend_pool2;\n}}\n") == []


@pytest.mark.parametrize(
    "tag",
    [
        '<p-input formControlName="password" [error]="error?.password"></p-input>',
        '<p-input [password]="form.value.password1"></p-input>',
        '<p-input :password="user.password1"></p-input>',
        '<p-input (password)="onPassword($event)"></p-input>',
        '<p-input v-model:password="login.password"></p-input>',
        '<p-input formControlName="current-password"></p-input>',
    ],
)
@pytest.mark.parametrize("path", ["a.component.html", "A.vue"])
def test_bindings_of_templates_are_expressions(find: Find, path: str, tag: str) -> None:
    assert find(path, tag) == []


def test_a_verdict_is_no_password(find: Find) -> None:
    assert find("READINESS.md", "- **PASS**: ~240 routes\n- **PASS**: 12routes2025 checked\n") == []


def test_the_header_of_a_web_token_opens_nothing(find: Find) -> None:
    header = "eyJhbGciOiJIUzI1NiIs" + "InR5cCI6IkpXVCJ9"
    assert is_header_only(header)
    assert find("a.py", f'log("Authorization: Bearer {header}")\n') == []
