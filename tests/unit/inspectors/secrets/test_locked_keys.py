"""Whether a passphrase guards a key decides how bad its finding is: keys of the real makers, with and without one."""

from __future__ import annotations

import base64
import json
import shutil
import textwrap
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import draws
import pytest
from makers import age, gnupg, made, openssl, putty, ssh
from searching import Repository

from seatrial.domain import Finding, Severity
from seatrial.inspectors.secrets.inspector import Secrets

PASSPHRASE = "correct horse"
Maker = Callable[[Path], str]


def in_format(name: str, *options: str, passphrase: str = "") -> Maker:
    """A key of ssh-keygen rewritten in another of its formats."""

    def make(where: Path) -> str:
        ssh(*options)(where)
        change = ("ssh-keygen", "-q", "-p", "-P", "", "-N", passphrase, "-m", name, "-f", "key")
        made(*change, where=where)
        return (where / "key").read_text("utf-8")

    return make


def dsa(where: Path) -> str:
    made("openssl", "dsaparam", "-out", "parameters", "1024", where=where)
    return made("openssl", "gendsa", "parameters", where=where)


def traditional(*cipher: str) -> Maker:
    """A key in OpenSSL's own format, whose headers say that it is encrypted."""
    return lambda where: made(
        "openssl", "genrsa", "-traditional", *cipher, "-passout", f"pass:{PASSPHRASE}", "2048", where=where
    )


def minisign(where: Path) -> str:
    """Only without a password: it asks for one on a terminal."""
    (where / "home").mkdir()
    return made("minisign", "-G", "-f", "-W", "-p", "key.pub", "-s", "key", where=where, produces="key")


def signify(where: Path) -> str:
    program = "signify-openbsd" if shutil.which("signify-openbsd") else "signify"
    return made(program, "-G", "-n", "-p", "key.pub", "-s", "key.sec", where=where, produces="key.sec")


OPEN: Mapping[str, Maker] = {
    "ssh RFC4716": in_format("RFC4716", "-t", "rsa", "-b", "2048"),
    "ssh RFC4716 ed25519": in_format("RFC4716", "-t", "ed25519"),
    "ssh PEM rsa": in_format("PEM", "-t", "rsa", "-b", "2048"),
    "ssh PEM ecdsa": in_format("PEM", "-t", "ecdsa", "-b", "384"),
    "ssh PKCS8 rsa": in_format("PKCS8", "-t", "rsa", "-b", "2048"),
    "ssh PKCS8 ecdsa": in_format("PKCS8", "-t", "ecdsa", "-b", "521"),
    "dsa": dsa,
    "ec P-384": openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout"),
    "ec with its curve": openssl("ecparam", "-name", "prime256v1", "-genkey"),
    "x448": openssl("genpkey", "-algorithm", "x448"),
    "rsa-pss": openssl("genpkey", "-algorithm", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"),
    "gnupg rsa": partial(gnupg, algorithm="rsa2048"),
    "gnupg nistp256": partial(gnupg, algorithm="nistp256"),
    "putty 2": putty("rsa", "--ppk-param", "version=2"),
    "putty 3": putty("ecdsa", "--ppk-param", "version=3"),
    "age": age,
    "minisign": minisign,
    "signify": signify,
}
LOCKED: Mapping[str, Maker] = {
    "ssh": ssh("-t", "ed25519", passphrase=PASSPHRASE),
    "ssh rsa": ssh("-t", "rsa", "-b", "2048", passphrase=PASSPHRASE),
    "ssh PEM": in_format("PEM", "-t", "rsa", "-b", "2048", passphrase=PASSPHRASE),
    "ssh PKCS8": in_format("PKCS8", "-t", "rsa", "-b", "2048", passphrase=PASSPHRASE),
    "traditional": traditional("-aes256"),
    "pkcs8": openssl("genpkey", "-algorithm", "ed25519", "-aes-256-cbc", "-pass", f"pass:{PASSPHRASE}"),
    "gnupg": partial(gnupg, passphrase=PASSPHRASE),
    "gnupg rsa": partial(gnupg, algorithm="rsa2048", passphrase=PASSPHRASE),
    "putty 2": putty("rsa", "--ppk-param", "version=2", passphrase=PASSPHRASE),
    "putty 3": putty("ed25519", "--ppk-param", "version=3", passphrase=PASSPHRASE),
}


def found(folder: Repository, path: str, text: str | bytes) -> list[Finding]:
    folder.write(path, text)
    return [f for answer in Secrets().inspect(folder.context()) for f in answer.findings]


@pytest.mark.parametrize("maker", OPEN)
def test_a_key_without_a_passphrase_is_critical(folder: Repository, tmp_path: Path, maker: str) -> None:
    every = found(folder, "deploy/key", OPEN[maker](tmp_path))
    assert [f.severity for f in every] == [Severity.CRITICAL], every


@pytest.mark.parametrize("maker", LOCKED)
def test_a_key_with_a_passphrase_is_a_low_finding(folder: Repository, tmp_path: Path, maker: str) -> None:
    every = found(folder, "deploy/key", LOCKED[maker](tmp_path))
    assert [f.severity for f in every] == [Severity.LOW], every
    assert "encrypted" in every[0].rule


@pytest.mark.parametrize("label", ["SIGSTORE", "COSIGN"])
def test_a_key_of_cosign_is_always_locked(folder: Repository, label: str, tmp_path: Path) -> None:
    """JSON with salt and ciphertext, in base64: https://github.com/secure-systems-lab/go-securesystemslib"""

    def text(size: int) -> str:
        return base64.b64encode(draws.token_bytes(size)).decode()

    sealed = {
        "kdf": {"name": "scrypt", "params": {"N": 65536, "r": 8, "p": 1}, "salt": text(32)},
        "cipher": {"name": "nacl/secretbox", "nonce": text(24)},
        "ciphertext": text(200),
    }
    body = "\n".join(textwrap.wrap(base64.b64encode(json.dumps(sealed).encode()).decode(), 64))
    name = f"ENCRYPTED {label} PRIVATE KEY"
    every = found(folder, "cosign.key", f"-----BEGIN {name}-----\n{body}\n-----END {name}-----\n")
    assert [f.severity for f in every] == [Severity.LOW]


def test_a_kubeconfig_with_a_locked_key_is_low(folder: Repository, tmp_path: Path) -> None:
    key = base64.b64encode(LOCKED["pkcs8"](tmp_path).encode()).decode()
    every = found(folder, "deploy/admin.conf", f"users:\n- name: admin\n  user:\n    client-key-data: {key}\n")
    assert [f.severity for f in every] == [Severity.LOW], every


@pytest.mark.parametrize("password", ["", PASSPHRASE])
def test_a_pkcs12_store_is_found_by_its_name(folder: Repository, tmp_path: Path, password: str) -> None:
    words = ("-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "cert", "-subj", "/CN=x", "-days", "1")
    made("openssl", "req", "-x509", *words, where=tmp_path)
    export = ("-export", "-inkey", "key", "-in", "cert", "-out", "store.p12", "-passout", f"pass:{password}")
    made("openssl", "pkcs12", *export, where=tmp_path)
    every = found(folder, "deploy/store.p12", (tmp_path / "store.p12").read_bytes())
    assert [f.rule for f in every] == ["secrets/key-store"]


def test_a_key_of_an_onion_service_is_found_by_its_name(folder: Repository) -> None:
    """Tor's `hs_ed25519_secret_key`: 32 bytes of text, then 64 of the key (spec.torproject.org/rend-spec)."""
    key = b"== ed25519v1-secret: type0 ==\0\0\0" + bytes(range(64))
    assert [f.rule for f in found(folder, "tor/hs_ed25519_secret_key", key)] == ["secrets/key-store"]


@pytest.mark.parametrize(
    "command",
    [
        ("ssh-keygen", "-q", "-e", "-f", "key.pub"),
        ("ssh-keygen", "-q", "-e", "-m", "PEM", "-f", "key.pub"),
        ("ssh-keygen", "-q", "-e", "-m", "PKCS8", "-f", "key.pub"),
        ("openssl", "dhparam", "-dsaparam", "512"),
        ("openssl", "ecparam", "-name", "prime256v1"),
    ],
)
def test_public_halves_and_parameters_are_no_finding(
    folder: Repository, tmp_path: Path, command: tuple[str, ...]
) -> None:
    ssh("-t", "rsa", "-b", "2048")(tmp_path)
    assert found(folder, "deploy/public", made(*command, where=tmp_path)) == []


@pytest.mark.parametrize("maker", [minisign, signify])
def test_the_public_key_of_a_signer_is_no_finding(folder: Repository, tmp_path: Path, maker: Maker) -> None:
    maker(tmp_path)
    assert found(folder, "release.pub", (tmp_path / "key.pub").read_text()) == []
