"""
What sops, cosign, step and `docker login` wrote, as tests/captured holds it: what another key opens, and what is open.

sops encrypted the same values for an age key and a PGP key; cosign and step made keys with a password; step also set
up an authority. A guillemet stands where a file held something open, and each test draws its own value for it. Bodies
of keys are kept without their first and last line, so that no other scanner takes the captures for keys.
"""

from __future__ import annotations

import base64
from pathlib import Path

import draws
import pytest
from makers import openssl
from searching import Repository
from secret_samples import PASSWORD, key_of_an_object

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.secrets.inspector import Secrets

CAPTURED = Path(__file__).parents[3] / "captured"
SOPS = sorted((CAPTURED / "sops").iterdir())
KEY = " PRIVATE KEY-----"


def found(folder: Repository, path: str, text: str) -> list[Finding]:
    folder.write(path, text)
    return [f for answer in Secrets().inspect(folder.context()) for f in answer.findings]


def captured(pattern: str) -> str:
    """The one capture of this name, whatever version wrote it."""
    (file,) = CAPTURED.glob(pattern)
    return file.read_text("utf-8")


@pytest.mark.parametrize(
    "place", ["secrets{}", "deploy/prod.enc{}", ".secrets{}", "group_vars/all/vault{}", "credentials{}"]
)
@pytest.mark.parametrize("file", [file for file in SOPS if "open" not in file.name], ids=lambda file: file.name)
def test_what_sops_encrypted_is_no_finding(folder: Repository, file: Path, place: str) -> None:
    text = file.read_text("utf-8")
    assert "ENC[AES256_GCM,data:" in text
    assert found(folder, place.format(file.suffix), text) == []


@pytest.mark.parametrize("file", [file for file in SOPS if "open" in file.name], ids=lambda file: file.name)
def test_what_sops_was_told_to_leave_open_is_found(folder: Repository, file: Path) -> None:
    """By `--encrypted-regex '^data$'`, and by the suffix `_unencrypted` of a key."""
    text = file.read_text("utf-8").replace("«password»", PASSWORD)
    [one] = found(folder, "deploy/secrets.yaml", text)
    assert one.location.line == text[: text.index(PASSWORD)].count("\n") + 1
    assert one.confidence is Confidence.HIGH


@pytest.mark.parametrize("label", ["ENCRYPTED SIGSTORE", "ENCRYPTED COSIGN"])
def test_a_key_that_cosign_made_is_a_low_finding(folder: Repository, label: str) -> None:
    key = f"-----BEGIN {label}{KEY}\n{captured('cosign/*-key.body')}-----END {label}{KEY}\n"
    every = found(folder, "cosign.key", key)
    assert [(f.severity, f.location.line) for f in every] == [(Severity.LOW, 2)], every


@pytest.mark.parametrize("label", ["ENCRYPTED SIGSTORE", "ENCRYPTED COSIGN"])
@pytest.mark.parametrize(("file", "severity"), [("empty-password", Severity.CRITICAL), ("password", Severity.LOW)])
def test_an_empty_password_guards_no_key(folder: Repository, label: str, file: str, severity: Severity) -> None:
    """Made by the library that cosign makes its keys with: `encrypted.Encrypt(key, []byte(""))`."""
    key = f"-----BEGIN {label}{KEY}\n{captured(f'securesystemslib/0.11.1-{file}.body')}-----END {label}{KEY}\n"
    every = found(folder, "cosign.key", key)
    assert [(f.severity, f.location.line) for f in every] == [(severity, 2)], every


def test_a_key_that_step_encrypted_is_a_low_finding(folder: Repository) -> None:
    key = f"-----BEGIN EC{KEY}\n{captured('step/*-key-encrypted.body')}-----END EC{KEY}\n"
    every = found(folder, "secrets/intermediate_ca_key", key)
    assert [f.severity for f in every] == [Severity.LOW], every


def test_a_key_that_step_left_open_is_critical(folder: Repository, tmp_path: Path) -> None:
    """`step crypto keypair --no-password --insecure` writes what `openssl ecparam -genkey -noout` writes."""
    key = openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout")(tmp_path)
    assert key.startswith(f"-----BEGIN EC{KEY}\n")
    every = found(folder, "secrets/intermediate_ca_key", key)
    assert [f.severity for f in every] == [Severity.CRITICAL], every


@pytest.mark.parametrize("path", ["signing.json", "keys/priv.json", "config/key.jwk"])
def test_an_open_json_web_key_of_step_is_found(folder: Repository, path: str) -> None:
    secret = key_of_an_object()
    every = found(folder, path, captured("step/*-jwk-open.json").replace("«d»", secret))
    assert any(f.rule.startswith("secrets/jwk-") and f.severity >= Severity.HIGH for f in every), every
    assert secret not in repr(every)


@pytest.mark.parametrize("name", ["jwk-encrypted.json", "jwk-public.json", "ca.json", "key.pub"])
@pytest.mark.parametrize("place", ["{}", "config/{}", "secrets/{}"])
def test_public_and_encrypted_files_of_step_are_no_finding(folder: Repository, name: str, place: str) -> None:
    assert found(folder, place.format(name), captured(f"step/*-{name}")) == []


def test_a_public_key_of_cosign_is_no_finding(folder: Repository) -> None:
    assert found(folder, "cosign.pub", captured("cosign/*-key.pub")) == []


@pytest.mark.parametrize("path", [".docker/config.json", "config.json", "ci/docker/config.json", ".dockerconfigjson"])
def test_what_docker_login_wrote_is_found(folder: Repository, path: str) -> None:
    auth = base64.b64encode(f"bob:{draws.token_hex(10)}Kx".encode()).decode()
    every = found(folder, path, captured("docker/*-config.json").replace("«auth»", auth))
    assert [f.rule for f in every] == ["secrets/docker-config"], every
    assert every[0].severity >= Severity.HIGH
    assert auth not in repr(every)


def test_a_login_that_a_helper_keeps_is_no_finding(folder: Repository) -> None:
    text = (
        captured("docker/*-config.json").replace('"auth": "«auth»"', "").replace("\n}", ',\n\t"credsStore": "pass"\n}')
    )
    assert found(folder, ".docker/config.json", text) == []
