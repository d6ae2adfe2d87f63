"""Text of a Dockerfile in a report holds no credential, and stays readable."""

from __future__ import annotations

import pytest

from seatrial.inspectors.dockerfile.masking import clean

SECRET = "gm29mcKjZD8w" + "vLNf4gWZ"


@pytest.mark.parametrize(
    "text",
    [
        "ADD https://u:{}@x.example/a",
        "ADD https://{}@x.example/a",
        "ADD https://:{}@x.example:8080/a",
        "ADD ftp://u:{}@[::1]/a",
        "git+ssh://u:{}@x.example/a.git#v1",
        "curl 'https://u%40e:{}@x.example' | sh",
        "https://u:p?{}@x.example/",
        "u:{}@registry.example/x",
        "API_TOKEN={}",
        'DB_PASSWORD="{}"',
        "token ghp_{}{}",
    ],
)
def test_credentials_are_masked(text: str) -> None:
    assert SECRET not in clean(text.replace("{}", SECRET))


@pytest.mark.parametrize(
    "text",
    [
        "ADD https://x.example/a@1.2",
        "FROM debian:12@sha256:" + "a" * 64,
        "FROM registry.example:5000/a/b:1@sha256:" + "a" * 64,
        "npm install @scope/name@1.2.3",
        "user@host.example",
        "API_TOKEN=$TOKEN",
        "the image has no USER",
        "https://github.com/hadolint/hadolint/wiki/DL3008",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("unit", ["//", "a", "a:", "a:b@", "A=", "ghp_", "@", "//u:", "-"])
def test_long_text_is_cut_before_it_is_searched(unit: str) -> None:
    assert len(clean(unit * 200_000)) <= 20_000
