"""The table of token formats, row by row."""

from __future__ import annotations

import re
from functools import cache

import hyperscan
import pytest

from seatrial.inspectors.secrets.formats import BY_RULE, FORMATS
from seatrial.inspectors.secrets.formats.build import assigned, least_entropy, shortened, token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.samples import expand
from seatrial.inspectors.secrets.structure import shannon

CHANCE = 20
"""Samples of each format; a few may look like stand-ins by chance."""
MISSED = 0.15

every_format = pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.id)


@cache
def bounded(row: Format) -> re.Pattern[str]:
    """The pattern between its boundaries, as the engine reads it."""
    return re.compile(row.exact, re.ASCII | (re.IGNORECASE if row.ignore_case else 0))


def found(row: Format, text: str) -> list[str]:
    """The secrets of this format in the text."""
    return [
        match["secret"]
        for match in bounded(row).finditer(text)
        if shannon(match["secret"]) >= row.min_entropy and (row.verify is None or row.verify(match["secret"]))
    ]


def anything(text: str) -> list[str]:
    """The formats that find something in the text."""
    return [row.id for row in FORMATS if found(row, text)]


def scanner(rows: tuple[Format, ...]) -> hyperscan.Database:
    """A block-mode database without start offsets."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[row.pattern.encode("ascii") for row in rows],
        ids=list(range(len(rows))),
        elements=len(rows),
        flags=[hyperscan.HS_FLAG_CASELESS if row.ignore_case else 0 for row in rows],
    )
    return database


@pytest.fixture(scope="module")
def all_patterns() -> hyperscan.Database:
    return scanner(FORMATS)


def test_the_table_is_large_and_its_ids_are_unique() -> None:
    assert len(FORMATS) >= 250
    assert len({row.id for row in FORMATS}) == len(FORMATS)
    assert [row.id for row in FORMATS] == sorted(row.id for row in FORMATS)


def test_rules_lead_to_their_formats() -> None:
    assert BY_RULE["secrets/github-pat"].title == "GitHub personal access token (classic)"
    assert len(BY_RULE) == len(FORMATS)


@every_format
def test_a_row_is_well_formed(row: Format) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", row.id)
    assert re.fullmatch(r"https://[a-z0-9.~-]+\.[a-z]{2,}(?:/\S*)?", row.documentation)
    assert row.title
    assert list(bounded(row).groupindex) == ["secret"]
    assert bounded(row).groups == 1
    assert not re.search(r"\(\?[=!<](?!P<)|\\[1-9bwdB]", row.pattern), "look-around, back-reference or a Unicode class"
    assert all(keyword == keyword.lower() for keyword in row.keywords)


@every_format
def test_the_example_matches(row: Format) -> None:
    text = expand(row.example)
    assert found(row, f'token = "{text}"')
    assert found(row, f"see {text} for more")
    assert any(keyword in text.lower() for keyword in row.keywords)


@every_format
def test_nearly_every_value_of_the_format_matches(row: Format) -> None:
    values = [expand(row.example, str(salt)) for salt in range(CHANCE)]
    assert sum(not found(row, f'token = "{value}"') for value in values) <= CHANCE * MISSED


@every_format
def test_the_counter_example_does_not_match(row: Format) -> None:
    text = expand(row.counter_example)
    assert not found(row, f'token = "{text}"')
    assert not found(row, f"see {text} for more")


@every_format
def test_a_row_of_one_character_is_no_secret(row: Format) -> None:
    match = bounded(row).search(f'token = "{expand(row.example)}"')
    assert match is not None
    secret = match["secret"]
    for filler in "xX0aA1":
        stand_in = secret[:4] + filler * max(len(secret) - 4, 8)
        assert not found(row, match.string.replace(secret, stand_in))


def test_hyperscan_finds_what_the_patterns_find(all_patterns: hyperscan.Database) -> None:
    for number, row in enumerate(FORMATS):
        ends: dict[int, set[int]] = {}
        text = f'token = "{expand(row.example)}" # done'
        all_patterns.scan(
            text.encode("ascii"),
            match_event_handler=lambda rule, _start, end, *_, ends=ends: ends.setdefault(rule, set()).add(end),
        )
        match = bounded(row).search(text)
        assert match is not None
        assert match.end() in ends.get(number, set()), row.id


@pytest.mark.parametrize(
    "text",
    [
        "aws_access_key_id = AKIA" + "IOSFODNN7EXAMPLE",
        'aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/' + 'bPxRfiCYEXAMPLEKEY"',
        "GITHUB_TOKEN=ghp_" + "x" * 36,
        "GITHUB_TOKEN=ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "token: ghp_" + "a1b2c3d4e5f6g7h8i9j0" + "k1l2m3n4o5p6q7r8",
        "STRIPE=sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc",
        "STRIPE=sk_live_" + "your_key_here_xxxxxxxxxxxx",
        "OPENAI_API_KEY=sk-" + "your-openai-api-key-goes-here-please",
        "OPENAI_API_KEY=sk-" + "x" * 48,
        "ANTHROPIC_API_KEY=sk-ant-" + "api03-your-key",
        "SLACK_TOKEN=xoxb-" + "123456789012-123456789012-abcdefghijklmnopqrstuvwx",
        "https://hooks.slack.com/services/" + "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "SENDGRID_API_KEY=SG." + "x" * 22 + "." + "x" * 43,
        "key=AIza" + "SyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
        "DATABASE_URL=postgres://user:password@localhost:5432/db",
        "DATABASE_URL=postgres://user:${DB_PASS}@localhost:5432/db",
        "DATABASE_URL=postgres://{user}:{password}@{host}/db",
        "DATABASE_URL=postgresql://postgres:postgres@localhost/test",
        'url = "mysql://%s:%s@%s/%s" % (user, password, host, name)',
        "mongodb+srv://<username>:<password>@cluster0.mongodb.net/test",
        "redis://:$REDIS_PASSWORD@redis:6379/0",
        "amqp://guest:guest@rabbitmq:5672//",
        "https://user:pass@example.com/",
        "https://x-access-token:${{ secrets.GITHUB_TOKEN }}@github.com/o/r",
        "https://oauth2:$TOKEN@gitlab.com/o/r",
        "Server=localhost;Database=db;User Id=sa;Password=<your password>;",
        "Server=localhost;Database=db;User Id=sa;Password={0};",
        "curl -u user:password https://example.com",
        "Authorization: Bearer YOUR_ACCESS_TOKEN_GOES_HERE_PLEASE",
        "Authorization: Bearer $TOKEN",
        "Authorization: Basic dXNlcjpwYXNzd29yZA==",
        "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
        'if "-----BEGIN RSA PRIVATE KEY-----" in text: raise ValueError("a private key")',
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC...\n-----END PRIVATE KEY-----",
        (
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey="
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
        ),
        (
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
            "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
        ),
        "npm_config_registry=https://registry.example.org/",
        "//registry.example.org/:_authToken=${NPM_TOKEN}",
        "TWILIO_AUTH_TOKEN=" + "your_auth_token_here",
        "HEROKU_API_KEY=" + "00000000-0000-0000-0000-000000000000",
        "DD_API_KEY=" + "0123456789abcdef" * 2,
    ],
)
def test_stand_ins_of_documentation_are_silent(text: str) -> None:
    assert anything(text) == []


@pytest.mark.parametrize(
    "template",
    [
        "commit {hex:40}",
        "sha256:{hex:64}",
        '"integrity": "sha512-{base64:86}=="',
        "id: {uuid}",
        "etag = {hex:32}",
        "GIT_COMMIT={hex:40}",
        "checksum = {hex:64}",
        "image: nginx@sha256:{hex:64}",
        "https://github.com/actions/checkout/commit/{hex:40}",
        "uses: actions/checkout@{hex:40} # v4",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ{base64:200}== ada@host",
        "https://res.cloudinary.com/demo/image/upload/v1312461204/{lower36:20}.jpg",
        "heroku/builder@sha256:{hex:64}",
        "github.com/o/r@v0.0.0-20190101000000-{hex:12}",
        'src="data:image/png;base64,iVBORw0KGgo{base64:300}"',
    ],
)
def test_ordinary_hex_and_base64_is_silent(template: str) -> None:
    for salt in range(CHANCE):
        assert anything(expand(template, str(salt))) == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("postgres-url-password", "DATABASE_URL=postgres://app:{printable:12}@10.0.0.5:5432/shop"),
        ("mongodb-url-password", "mongodb+srv://app:{base62:16}@cluster0.abcde.mongodb.net/shop"),
        ("redis-url-password", "redis://:{base62:20}@cache.corp.io:6379/0"),
        ("aws-secret-access-key", "AWS_SECRET_ACCESS_KEY={base64:40}"),
        ("aws-secret-access-key", '  "secretAccessKey": "{base64:40}",'),
        ("aws-secret-access-key", "aws_secret_access_key: {base64:40}"),
        ("aws-secret-access-key", "AWS.config.update({ secretAccessKey: '{base64:40}' })"),
        ("datadog-api-key", "datadog.api_key = '{hex:32}'"),
        ("datadog-api-key", 'env.get("DATADOG_API_KEY", "{hex:32}")'),
        ("datadog-api-key", "export DD_API_KEY={hex:32}"),
        ("datadog-api-key", '<add key="DatadogApiKey" value="{hex:32}" />'),
        ("heroku-api-key-legacy", "HEROKU_API_KEY={uuid}"),
        ("django-secret-key", "SECRET_KEY = '{printable:50}'"),
        ("ethereum-private-key", "PRIVATE_KEY=0x{hex:64}"),
        ("ethereum-private-key", 'privateKey: "{hex:64}",'),
        ("twitter-api-secret", "consumer_secret = '{base62:50}'"),
        ("twitter-access-token", "access_token = '{digit:18}-{base62:40}'"),
        ("line-channel-secret", "channel_secret: {hex:32}"),
        ("telegram-api-hash", "api_hash = '{hex:32}'"),
        ("twilio-auth-token", 'client = Client(account_sid, auth_token="{hex:32}")'),
        ("http-url-password", "git clone https://deploy:{base62:14}@git.corp.io/o/r.git"),
        ("bearer-authorization", "curl -H 'Authorization: Bearer {base62:40}' https://corp.io"),
        (
            "connection-string-password",
            "Data Source=tcp:db.corp.io,1433;Initial Catalog=s;User ID=sa;Password={printable:12}",
        ),
    ],
)
def test_tokens_are_found_as_people_write_them(rule: str, text: str) -> None:
    assert found(BY_RULE[f"secrets/{rule}"], expand(text))


@pytest.mark.parametrize("joint", ["\n", "\\n", '\\n" +\n    "', '",\n  "', "\n    ", "\r\n", "\n# "])
def test_private_keys_are_found_however_their_lines_are_joined(joint: str) -> None:
    key = expand("{pem:RSA}").replace("\n", joint)
    secret = found(BY_RULE["secrets/rsa-private-key"], f'key = "{key}"\n')
    assert len(secret) == 1
    assert "END" not in secret[0]


def test_an_encrypted_pem_key_with_headers_is_found_as_such() -> None:
    head, _, rest = expand("{pem:RSA}").partition("\n")
    text = f"{head}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,8F1A2B\n\n{rest}"
    assert found(BY_RULE["secrets/encrypted-openssl-key"], text)
    assert not found(BY_RULE["secrets/rsa-private-key"], text)


def test_the_lengths_of_a_template_become_those_of_the_pattern() -> None:
    row = token("t", "t", "https://t.io", FORMATS[0].severity, "tok_{hex:4-6}-{base62:10+}", min_entropy=0.0)
    assert row.pattern == "(?P<secret>tok_[0-9a-f]{4,6}-[0-9A-Za-z]{10,})"
    assert row.keywords == ("tok_",)
    assert shortened("tok_{hex:4}") == "tok_{hex:3}"


def test_an_assignment_needs_provider_and_word() -> None:
    row = assigned("t", "t", "https://t.io", FORMATS[0].severity, "acme", "{hex:32}", name="ACME_TOKEN")
    value = expand("{hex:32}")
    assert found(row, f"ACME_TOKEN={value}")
    assert found(row, f"acme: {{ token: '{value}' }}")
    assert not found(row, f"ACME_ID={value}")
    assert not found(row, f"TOKEN={value}")
    assert not found(row, f"acme token\n\n= {value}")


def test_the_least_entropy_grows_with_alphabet_and_length() -> None:
    assert least_entropy("{hex:32}") < least_entropy("{base62:32}") < least_entropy("{base62:64}")
