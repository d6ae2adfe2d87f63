"""
What the tools of the trade write, found by the whole program, and what only looks like it.

The inputs are written here and not kept in tests/corpus, so that no key enters the repository.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from surveying import Survey

from seatrial.settings import FailOn

ONLY = ("secrets/tokens", "secrets/credential-files", "secrets/passwords")
HEX = "9c4e71b8d20f35a6e88b1d47c6f0a932"
LONG = "b2a81f7cce19d04f6e3377a05d18c9e4" + "470be612"
MIXED = "k8Qm2vX7pLz4RtY9wBn3" + "cJf6Hd5sGq1aUe0oVi8T"
PASSWORD = "vrOnd7qa" + "leph"
MEMBER = "hRVo5TGEd4tQC1KEQIlC" + "do9rteZmLSmaMPpFOjeDIk0"
SEED = "SUAEK7DWT445QZCBTHAOLPN47PEFWN6O" + "SHF54H6BWDVGWRHRGBBW3V7D4E"


def found(survey: Survey, where: Path, files: Mapping[str, str]) -> list[dict[str, Any]]:
    """The findings about secrets in these files."""
    for path, text in files.items():
        (where / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (where / "tree" / path).write_text(text)
    return survey(where / "tree", only=ONLY, fail_on=FailOn.NEVER).findings


def lines(findings: list[dict[str, Any]]) -> set[tuple[str, int]]:
    """Where they are."""
    return {(f["location"]["path"], f["location"]["line"]) for f in findings}


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_open_keys_of_openssh_are_critical_and_a_locked_one_is_low(survey: Survey, tmp_path: Path) -> None:
    (tmp_path / "tree" / ".ssh").mkdir(parents=True)
    for kind in ("rsa", "ed25519", "ecdsa"):
        _keygen(tmp_path / "tree" / ".ssh" / f"id_{kind}", kind, "")
    _keygen(tmp_path / "tree" / "locked", "ed25519", "correct horse")
    key = (tmp_path / "tree" / ".ssh" / "id_ed25519").read_text().replace("\n", "\n    ")
    every = found(survey, tmp_path, {"deploy.yaml": f"deploy:\n  key: |\n    {key}\n"})
    severities = {f["location"]["path"]: (f["rule"], f["severity"]) for f in every}
    critical = ("secrets/openssh-private-key", "critical")
    assert severities == {
        ".ssh/id_rsa": critical,
        ".ssh/id_ed25519": critical,
        ".ssh/id_ecdsa": critical,
        "deploy.yaml": critical,
        "locked": ("secrets/encrypted-openssh-key", "low"),
    }


def _keygen(path: Path, kind: str, passphrase: str) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", path], check=True, stdin=subprocess.DEVNULL)


def test_every_key_that_django_makes_is_found(survey: Survey, tmp_path: Path) -> None:
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)"  # of its get_random_secret_key
    draw = random.Random("keys").choices
    files = {f"s{n}/settings.py": f"SECRET_KEY = '{''.join(draw(alphabet, k=50))}'\n" for n in range(20)}
    every = found(survey, tmp_path, files)
    assert {f["location"]["path"] for f in every} == set(files)
    assert {(f["rule"], f["severity"]) for f in every} == {("secrets/django-settings", "high")}


@pytest.mark.parametrize(
    "files",
    [
        {
            "a.sh": f"ACME_API_TOKEN={LONG} acmectl run\n",
            "b.sh": f"ACME_API_TOKEN={LONG} \\\n  acmectl run\n",
            "c.sh": f"ACME_API_TOKEN={LONG}; acmectl run\n",
            "d.sh": f"ACME_PASSWORD={PASSWORD} acmectl run\n",
            "e.sh": f"ACME_API_TOKEN={LONG}\n",
        },
        {
            "call.sh": f"curl -H 'X-Auth-Token: {LONG}' https://x.acme.net\n",
            "git.sh": f"curl -H 'PRIVATE-TOKEN: {MIXED[:20]}' https://git.acme.net\n",
            "h.py": f'h = "X-Auth-Token: {LONG}"\n',
        },
        {
            "a.go": f'var jwtSecret = []byte("{HEX}")\n',
            "A.java": 'class C { void a(M m) { m.setCipherKey(Base64.decode("4rT9kQzXw1LmB7uN' + 'cV2sEg==")); } }\n',
            "B.java": f'class C {{ Credential password = new PlainCredential("{PASSWORD}"); }}\n',
            "c.py": f'SECRET_KEY = bytes.fromhex("{HEX}")\n',
        },
        {
            "Makefile": f"ACME_TOKEN ?= {HEX}\n",
            "b/Makefile": f'ACME_SECRET ?= "{HEX}"\n',
            "a.php": f'<?php $acmeToken = "{HEX}";\n',
            "b.php": f'<?php $acmeToken .= "{HEX}";\n',
        },
        {
            "keys.js": f"const key = {{ kty: 'EC', crv: 'P-256', d: '{MEMBER}' }}\n",
            "client.go": f'var seed = []byte("{SEED}")\n',
            "user.creds": f"-----BEGIN USER NKEY SEED----- {SEED} ------END USER NKEY SEED------\n",
        },
        {"app.py": f'HEADERS = {{"X-Api-Token": "{{\\"name\\":\\"root\\",\\"sig\\":\\"{HEX}\\"}}"}}\n'},
        {
            "srv.conf": f"users: [{{user: gw, password: {PASSWORD}}}]\n",
            "srv.go": f"const conf = `users: [{{user: gw, password: {PASSWORD}}}]`\n",
        },
    ],
    ids=["shell", "headers", "conversions", "operators", "objects", "json-in-text", "flow-mapping"],
)
def test_each_file_has_one_finding(survey: Survey, tmp_path: Path, files: dict[str, str]) -> None:
    assert sorted(lines(found(survey, tmp_path, files))) == sorted((path, 1) for path in files)


def test_a_word_inside_a_longer_name_names_no_provider(survey: Survey, tmp_path: Path) -> None:
    names = {
        "TELCO_API_KEY": MIXED,
        "TORNADO_TOKEN": LONG + LONG[:24],
        "ADD_API_KEY": HEX,
        "GEARBOX_SECRET": MIXED[:32],
    }
    names |= {"RIVERLINE_SECRET": HEX, "ODD_APP_KEY": LONG}
    header = f"fetch(u, {{ headers: {{ 'X-Api-Key': '{LONG}' }} }})\n"
    text = "".join(f"{name}={value}\n" for name, value in names.items())
    every = found(survey, tmp_path, {"v.env": text, "h.js": header})
    assert len(every) == len(names) + 1
    assert {f["rule"] for f in every} <= {"secrets/token-assignment", "secrets/dotenv"}


def test_a_label_in_any_language_is_no_password(survey: Survey, tmp_path: Path) -> None:
    labels = {
        "strings/en.json": '{"LABEL_PASSWORD": "Passord"}\n',
        "strings/norsk.json": '{"LABEL_PASSWORD": "Passord", "MANDATORY_PASSWORD": "Angi et passord."}\n',
        "texts/tekster-cz.json": '{"LABEL_PASSWORD": "Heslo", "ENTER_PASSWORD": "Zadejte heslo"}\n',
        "ui/fi.json": '{"password": "Salasana"}\n',
    }
    assert found(survey, tmp_path, labels) == []


def test_an_example_in_a_docstring_is_a_guess(survey: Survey, tmp_path: Path) -> None:
    hashed = "$5$2fWwO2vK$" + "s7.Hr3YltMNHuhywQQ3nfOd.gAPHgs3SOBYYdGT3E5A"
    shown = f'    tool --db="mysql://appuser:apppasswd@dbhost/appdb"\n    set(password="{hashed}")\n'
    text = f'"""\nUse it so::\n\n{shown}"""\n'
    assert {f["confidence"] for f in found(survey, tmp_path, {"mod.py": text})} == {"low"}


def test_the_public_parts_of_an_encrypted_message_are_no_secret(survey: Survey, tmp_path: Path) -> None:
    parts = {"encrypted_key": "lJf3HbOApxMEBkCMOoTnnABx" + "s_CvTWUmZQ2ElLvY", "iv": "8Fy7A_IuoX5VXG9s"}
    assert found(survey, tmp_path, {"a.json": json.dumps({"recipients": [parts]})}) == []
