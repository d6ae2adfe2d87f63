"""Secrets do not print themselves."""

from __future__ import annotations

import copy
import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.text.redact import (
    MASK,
    Secret,
    mask,
    masked,
    masked_line,
    masked_lines,
    masked_message,
    masked_values,
)

VALUE = "correct-horse-" + "battery"


def test_no_way_of_printing_shows_the_value(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(VALUE)
    logging.getLogger("t").warning("%s %r", secret, {"k": secret})
    shown = [str(secret), repr(secret), f"{secret}", f"{[secret]!r}", caplog.text, repr(vars(type(secret)))]
    assert not any("battery" in text for text in shown)


def test_a_secret_does_not_travel() -> None:
    with pytest.raises(TypeError, match=r"^a Secret is never pickled; mask it first$"):
        pickle.dumps(Secret(VALUE))
    with pytest.raises(TypeError):
        copy.deepcopy(Secret(VALUE))


def test_equal_values_are_equal_secrets() -> None:
    assert Secret(VALUE) == Secret(VALUE)
    assert hash(Secret(VALUE)) == hash(Secret(VALUE))
    assert Secret(VALUE) != Secret(VALUE + "x")
    assert Secret(VALUE) != VALUE
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert len({hash(Secret(str(number))) for number in range(50)}) > 40  # else a set of secrets is a slow list
    assert Secret("a").token != Secret("b").token
    assert len(Secret(VALUE)) == len(VALUE)
    assert Secret(VALUE).reveal() == VALUE


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("ghp_" + "a" * 36, "ghp_****"),
        ("sk_live_" + "a" * 24, "sk_live_****"),
        ("xoxb-" + "1" * 30, "xoxb-****"),
        ("AKIA" + "A" * 16, "AKIA****"),
        ("ghp_" + "a" * 12, "ghp_****"),
        ("ghp_" + "a" * 11, "****"),
        ("ghp_", "****"),
        ("hunter2", "****"),
        ("pass_word", "****"),
        ("correct-horse-" + "battery-staple", "****"),
        ("", "****"),
    ],
)
def test_the_mask_shows_a_public_prefix_at_most(value: str, shown: str) -> None:
    assert mask(value) == shown


@given(st.text())
def test_the_mask_never_shows_more_than_a_prefix(value: str) -> None:
    shown = mask(value)
    assert shown.endswith(MASK)
    assert len(value) - len(shown.removesuffix(MASK)) >= min(12, len(value))


def test_lines_lose_known_secrets_and_all_strings() -> None:
    assert masked_line("password = hunter2 # 'x'", ["hunter2"]) == "password = **** # '****'"
    assert masked_line('f("a\\"b", \'c\')') == "f(\"****\", '****')"
    assert masked_line("a=longer, b=long", ["long", "longer"]) == "a=****, b=****"
    assert masked_line("a=along, b=long", ["along", "long"]) == "a=****, b=****"
    assert masked_line("a=along, b=long", ["long", "", "along"]) == "a=****, b=****"


@pytest.mark.parametrize(
    "text",
    [
        'exec: "python": executable file not found in $PATH: unknown',
        'exec: "./run.sh": permission denied',
        'exec: "/app/start": stat /app/start: no such file or directory',
        'error mounting "/srv/nginx.conf" to rootfs at "/etc/nginx/nginx.conf": not a directory',
        'chdir to cwd ("/app") set in config.json failed',
        'Conflict. The container name "/shop-db-1" is already in use by container "9f3c"',
        'dependency failed to start: service "db" is unhealthy',
        'manifest for "registry.example:5000/shop/api:1.2@sha256:0a1b" not found',
        'FATAL:  role "shop" does not exist',
        "could not translate host name",
    ],
)
def test_names_in_what_a_program_said_are_shown(text: str) -> None:
    assert masked_message(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('password "hunter2" is wrong', 'password "****" is wrong'),
        ('user "app", key "s3cr3t"', 'user "app", key "****"'),
        ('database "postgres://app:hunter2@db/shop"', 'database "****"'),
        ('host "app:hunter2@db"', 'host "****"'),
        ('user "two words"', 'user "****"'),
        ('superuser"x"', 'superuser"****"'),
        ('{"user": "app"}', '{"****": "****"}'),
    ],
)
def test_what_is_quoted_and_no_name_is_masked(text: str, shown: str) -> None:
    assert masked_message(text) == shown


@pytest.mark.parametrize("order", [("long", "along", "", "b-longer"), ("b-longer", "", "along", "long")])
def test_a_text_loses_all_known_secrets_and_a_longer_one_whole(order: tuple[str, ...]) -> None:
    assert masked("along b-longer long", map(Secret, order)) == "**** **** ****"


def test_a_text_keeps_a_secrets_public_prefix_and_all_else() -> None:
    token = "ghp_" + "a" * 36
    assert masked(f"GET https://{token}@x twice: {token}", [Secret(token)]) == "GET https://ghp_****@x twice: ghp_****"
    assert masked("nothing known", []) == "nothing known"


@given(st.text(min_size=1), st.text(alphabet="abcXYZ019", min_size=6))
def test_a_known_secret_is_never_left_in_a_line(line: str, secret: str) -> None:
    assert secret not in masked_line(f"{line}{secret}{line}", [secret])


def test_masking_a_hostile_line_is_linear() -> None:
    masked_line("\"'" * 200_000)
    masked_line('"' + "\\" * 400_000)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("-      POSTGRES_PASSWORD: hunter2", "-      POSTGRES_PASSWORD: ****"),
        ("+ENV DB_PASS=hunter2 PORT=80", "+ENV DB_PASS=****"),
        ("+ENV API_TOKEN sesame", "+ENV API_TOKEN ****"),
        ('CMD ["serve", "--password=two words", "x"]', 'CMD ["serve", "--password=****'),
        ('CMD ["serve", "--password", "sesame"]', 'CMD ["serve", "--password", ****'),
        ("CMD serve --password sesame --port 80", "CMD serve --password ****"),
        ('{"apiKey": "two words", "port": 1}', '{"apiKey": ****'),
        ("db: {image: x, environment: {PASSWORD: hunter2}}", "db: {image: x, environment: {PASSWORD: ****"),
        ("- postgres://app:hunter2@db/app", "- postgres://app:****@db/app"),
        ("- redis://:hunter2@cache", "- redis://:****@cache"),
        ("PASSWORD: ${PASSWORD:-hunter2}", "PASSWORD: ****"),
        ("PASSWORD: pa}ss,wo;rd", "PASSWORD: ****"),
        ("PASSWORD: ${PASSWORD}", "PASSWORD: ${PASSWORD}"),
        ('token: "${{ secrets.TOKEN }}"', 'token: "${{ secrets.TOKEN }}"'),
        ('ports: ["127.0.0.1:8000:8000"]', 'ports: ["127.0.0.1:8000:8000"]'),
        ('test: ["CMD", "pg_isready", "-U", "app"]', 'test: ["CMD", "pg_isready", "-U", "app"]'),
        ("image: registry.example.com:5000/a@sha256:0a1b", "image: registry.example.com:5000/a@sha256:0a1b"),
        ("+++ b/secrets/compose.yaml", "+++ b/secrets/compose.yaml"),
        ("    secrets:", "    secrets:"),
    ],
)
def test_a_line_is_shown_without_values_of_secrets(line: str, shown: str) -> None:
    assert masked_values(line) == shown


@given(st.text())
def test_no_text_before_it_hides_a_secrets_name(line: str) -> None:
    assert "hunter2" not in masked_values(f"{line}PASSWORD=hunter2")


def test_a_file_is_shown_without_what_its_keys_give_away() -> None:
    text = (
        "environment:\n  POSTGRES_PASSWORD: tr0ub4d\r\n  NOTES: |\n    sesame\n"
        "  ADMIN_TOKEN: |-  # of the operator\n    s3same\n\n"
        "    open\n  URL: http://a:b@c/\n"
        "persist-credentials: false\nid-token: write # to sign\nDB_PASS: ${DB_PASS}\nsecrets:\n  db: {file: ./db.txt}\n"
    )
    assert "".join(masked_lines(text.splitlines(keepends=True))) == (
        "environment:\n  POSTGRES_PASSWORD: ****\r\n  NOTES: |\n    sesame\n  ADMIN_TOKEN: ****\n    ****\n\n"
        "    ****\n  URL: http://a:****@c/\n"
        "persist-credentials: false\nid-token: write # to sign\nDB_PASS: ${DB_PASS}\nsecrets:\n  db: {file: ./db.txt}\n"
    )
