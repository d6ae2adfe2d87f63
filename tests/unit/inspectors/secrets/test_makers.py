"""
Keys as the tools of the trade write them, made at test time, in the places where people paste them.

A maker that is not installed skips its tests; under SEATRIAL_REQUIRE_DOCKER=1, as in CI, it fails them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import draws
import pytest
from _pytest.mark import ParameterSet
from makers import age, gnupg, made, openssl, putty, ssh
from searching import Repository

from seatrial.domain import Finding
from seatrial.inspectors.secrets.inspector import Secrets
from seatrial.inspectors.secrets.values import ValueKind, judge

ARMOURED: Mapping[str, Callable[[Path], str]] = {
    "ssh-rsa": ssh("-t", "rsa", "-b", "2048"),
    "ssh-rsa-4096": ssh("-t", "rsa", "-b", "4096"),
    "ssh-ed25519": ssh("-t", "ed25519"),
    "ssh-ecdsa": ssh("-t", "ecdsa", "-b", "256"),
    "ssh-ecdsa-521": ssh("-t", "ecdsa", "-b", "521"),
    "ssh-pem": ssh("-t", "rsa", "-b", "2048", "-m", "PEM"),
    "ssh-pkcs8": ssh("-t", "rsa", "-b", "2048", "-m", "PKCS8"),
    "ssh-locked": ssh("-t", "ed25519", passphrase="correct horse"),
    "rsa": openssl("genrsa", "2048"),
    "rsa-traditional": openssl("genrsa", "-traditional", "2048"),
    "ec": openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"),
    "ed25519": openssl("genpkey", "-algorithm", "ed25519"),
    "x25519": openssl("genpkey", "-algorithm", "x25519"),
    "ed448": openssl("genpkey", "-algorithm", "ed448"),
    "gnupg": gnupg,
}
"""Private keys between BEGIN and END lines."""


def escaped(key: str) -> str:
    return key.rstrip("\n").replace("\n", "\\n")


def indented(key: str, by: str = "    ") -> str:
    return "".join(f"{by}{line}\n" if line else "\n" for line in key.splitlines())


PLACES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "file": (".ssh/deploy", lambda key: key),
    "windows": ("deploy.pem", lambda key: key.replace("\n", "\r\n")),
    "yaml": ("deploy.yaml", lambda key: "deploy:\n  key: |\n" + indented(key)),
    "json": ("config.json", lambda key: json.dumps({"private_key": key})),
    "env": (".env", lambda key: f'DEPLOY_KEY="{escaped(key)}"\n'),
    "shell": ("deploy.sh", lambda key: f"cat > key <<'EOF'\n{key}EOF\n"),
    "python": ("deploy.py", lambda key: f'KEY = """\\\n{key}"""\n'),
    "go": ("deploy.go", lambda key: f"package main\n\nconst key = `{key}`\n"),
    "terraform": ("main.tf", lambda key: f'resource "x" "y" {{\n  key = <<-EOT\n{indented(key)}  EOT\n}}\n'),
    "joined": ("deploy.js", lambda key: "const key = [\n" + "".join(f"  '{x}',\n" for x in key.splitlines()) + "];\n"),
}


def found(folder: Repository, path: str, text: str) -> list[Finding]:
    folder.write(path, text)
    return [f for answer in Secrets().inspect(folder.context()) for f in answer.findings]


def pairs() -> Iterator[ParameterSet]:
    """Every maker as a file and in YAML, one maker in every place; the other pairs are for the night."""
    for maker in ARMOURED:
        for place in PLACES:
            daily = maker == "ssh-ed25519" or place in ("file", "yaml")
            yield pytest.param(maker, place, marks=[] if daily else pytest.mark.nightly)


@pytest.mark.parametrize(("maker", "place"), tuple(pairs()))
def test_a_private_key_is_found_where_people_put_it(
    folder: Repository, tmp_path_factory: pytest.TempPathFactory, maker: str, place: str
) -> None:
    key = ARMOURED[maker](tmp_path_factory.mktemp("maker"))
    path, put = PLACES[place]
    every = found(folder, path, put(key))
    assert any("key" in f.rule for f in every), every
    body = key.splitlines()[len(key.splitlines()) // 2]
    assert body not in repr(every)


@pytest.mark.parametrize(
    ("maker", "path"),
    [
        (putty("rsa"), "key.ppk"),
        (putty("ed25519"), "key.ppk"),
        (age, "key.txt"),
        (age, "keys/age.agekey"),
    ],
)
def test_a_key_in_a_format_of_its_own_is_found(
    folder: Repository, tmp_path_factory: pytest.TempPathFactory, maker: Callable[[Path], str], path: str
) -> None:
    assert found(folder, path, maker(tmp_path_factory.mktemp("maker")))


@pytest.mark.parametrize(
    "maker",
    [
        lambda where: (ssh("-t", "ed25519")(where), (where / "key.pub").read_text())[1],
        lambda where: made("openssl", "dhparam", "-dsaparam", "512", where=where),
    ],
)
def test_public_material_is_no_finding(
    folder: Repository, tmp_path_factory: pytest.TempPathFactory, maker: Callable[[Path], str]
) -> None:
    assert found(folder, "key.pub", maker(tmp_path_factory.mktemp("maker"))) == []


def django_key() -> str:
    """As `django.core.management.utils.get_random_secret_key` makes it."""
    return "".join(draws.choice("abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)") for _ in range(50))


@pytest.mark.parametrize("prefix", ["", "django-insecure-"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_every_key_of_django_is_found(folder: Repository, prefix: str, quote: str) -> None:
    for number in range(40):
        folder.write(f"site{number}/settings.py", f"SECRET_KEY = {quote}{prefix}{django_key()}{quote}\n")
    places = {f.location.path for a in Secrets().inspect(folder.context()) for f in a.findings}
    assert places == {f"site{number}/settings.py" for number in range(40)}


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("j6gua(zg^@ion*zqdyxo5z780_1vn2yq7ic=5azw67ekna_ay3", id="reads like a call"),
        pytest.param("o)(&+2gvl)$j$(p=s^og!=$wi^!#@kez2q$spa_=$em+!!#%se", id="reads like a command"),
        pytest.param("!237tec3ip)p)bm*6gsjm7s%7!9d48=i253d#$&#3y***c4o%b", id="three stars"),
        pytest.param("s6xbt9*3&h*)2ursk%3on-w3!fvokb%)q____n#8!5_pvz3opy", id="four lines"),
        pytest.param("e*ff$p-k@&=ksjzspb=2zg_hinag%hbtz*r@k$#i-tbd==1_d0", id="a short word"),
        pytest.param("mxa%9ehd1orm69sf#_qzuz3b15ak+-!#8test!jeawui&*17j*", id="a word of tests"),
    ],
)
def test_chance_makes_no_reference_and_no_placeholder_of_a_key_of_django(folder: Repository, key: str) -> None:
    assert found(folder, "site/settings.py", f"SECRET_KEY = '{key}'\n")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("get_key_1(region_of_the_service)-or-default_key_22", id="a call"),
        pytest.param("j6gua(zg^@ion*zqdyxo5z780_1vn2yq7ic-changeme_ay3)$", id="says that it is to be changed"),
        pytest.param("django-insecure-test-zg^@ion*zqdyxo5z780_1vn2yq7ic=5azw67ekna_ay3", id="made for tests"),
    ],
)
def test_words_in_a_key_of_django_s_length_are_no_chance(value: str) -> None:
    assert judge(value, key="SECRET_KEY") not in (ValueKind.SECRET, ValueKind.WEAK)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (".env", "APP_KEY=base64:{laravel}"),
        ("app.py", "app.secret_key = '{hex}'"),
        ("config/master.key", "{rails}"),
        ("config/secrets.yml", "production:\n  secret_key_base: {rails128}"),
        ("wg0.conf", "[Interface]\nPrivateKey = {b64}\nAddress = 10.0.0.1/24"),
        (".npmrc", "//registry.npmjs.org/:_authToken=npm_{token}"),
        (".netrc", "machine example.org login me password {password}"),
        (".git-credentials", "https://me:{password}@git.example.org"),
        ("pip.conf", "[global]\nindex-url = https://me:{password}@pypi.example.org/simple"),
    ],
)
def test_what_frameworks_and_clients_write_is_found(folder: Repository, path: str, line: str) -> None:
    import base64

    values = {
        "laravel": base64.b64encode(draws.token_bytes(32)).decode(),
        "b64": base64.b64encode(draws.token_bytes(32)).decode(),
        "hex": draws.token_hex(32),
        "rails": draws.token_hex(16),
        "rails128": draws.token_hex(64),
        "token": "".join(draws.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(36)),
        "password": "kX83" + draws.token_hex(5) + "qLw",
    }
    assert found(folder, path, line.format(**values) + "\n"), values
