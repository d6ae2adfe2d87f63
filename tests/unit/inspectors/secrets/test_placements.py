"""The same literal in the ways of writing that languages have: around it, before it and behind it."""

from __future__ import annotations

import base64

import draws
import pytest
from searching import Repository
from secret_samples import HEX, PASSWORD, key_of_an_object, nkey

from seatrial.domain import Finding
from seatrial.inspectors.secrets.inspector import Secrets


def found(folder: Repository, path: str, text: str) -> list[Finding]:
    folder.write(path, text)
    return [f for answer in Secrets().inspect(folder.context()) for f in answer.findings]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        # a variable of one command, and what ends an assignment in a shell
        ("a.sh", "ACME_API_TOKEN={hex} acmectl run"),
        ("a.sh", "ACME_API_TOKEN={hex} \\\n  acmectl run"),
        ("a.sh", "ACME_API_TOKEN={hex}; acmectl run"),
        ("a.sh", "ACME_API_TOKEN={hex} && acmectl run"),
        ("a.sh", "ACME_API_TOKEN={hex} | acmectl"),
        ("a.sh", "export ACME_API_TOKEN={hex} OTHER=1"),
        ("a.sh", "env ACME_API_TOKEN={hex} acmectl run"),
        ("a.sh", "docker run -e ACME_API_TOKEN={hex} acme"),
        ("a.sh", "if true; then ACME_API_TOKEN={hex}; fi"),
        ("a.sh", "ACME_PASSWORD={password} acmectl run"),
        # headers in one string
        ("a.sh", "curl -H 'X-Auth-Token: {hex}' https://x.acme.net"),
        ("a.sh", 'curl -H "PRIVATE-TOKEN: k8Qm2vX7pLz4RtY9wBn3" https://git.acme.net'),
        ("a.sh", "curl --header='X-Vault-Token: {hex}' https://x.acme.net"),
        ("a.py", 'h = "X-Auth-Token: {hex}"'),
        ("a.js", "const h = `X-Api-Secret: {hex}`;"),
        ("a.yml", 'args: ["-H", "X-Auth-Token: {hex}"]'),
        # conversions and constructors
        ("a.go", 'var jwtSecret = []byte("{hex}")'),
        ("a.go", 'jwtSecret := []byte("{hex}")'),
        ("a.java", 'c.setCipherKey(Base64.decode("{b64}"));'),
        ("A.java", 'Credential password = new PlainCredential("{password}");'),
        ("a.py", 'SECRET_KEY = bytes.fromhex("{hex}")'),
        ("a.py", 'SECRET_KEY = SecretStr("{hex}")'),
        ("a.py", 'SECRET_KEY = "{hex}".encode()'),
        ("a.kt", 'val apiSecret = "{hex}".toByteArray()'),
        ("a.rs", 'let api_secret = String::from("{hex}");'),
        ("a.rs", 'let api_secret = SecretString::new("{hex}".into());'),
        ("a.cs", 'var apiSecret = Encoding.UTF8.GetBytes("{hex}");'),
        ("a.js", 'const apiSecret = Buffer.from("{hex}", "hex");'),
        ("a.ts", 'const apiSecret = new TextEncoder().encode("{hex}");'),
        ("a.rb", 'api_secret = Base64.strict_decode64("{b64}")'),
        ("a.php", '$apiSecret = hex2bin("{hex}");'),
        # conditional and appending assignments
        ("Makefile", "ACME_TOKEN ?= {hex}"),
        ("Makefile", 'ACME_SECRET ?= "{hex}"'),
        ("Makefile", "ACME_TOKEN := {hex}"),
        ("Makefile", "ACME_TOKEN ::= {hex}"),
        ("Makefile", "ACME_TOKEN += {hex}"),
        ("a.php", '<?php\n$acmeToken .= "{hex}";'),
        ("a.js", 'acmeToken ??= "{hex}";'),
        ("a.js", 'acmeToken ||= "{hex}";'),
        ("a.rb", 'acme_token ||= "{hex}"'),
        ("a.py", 'acme_token += "{hex}"'),
        # keys in literals that are not JSON
        ("a.js", "const key = {{\n  kty: 'EC',\n  crv: 'P-256',\n  d: '{d}',\n}}"),
        ("a.py", "key = dict(kty='EC', crv='P-256', d='{d}')"),
        ("a.go", 'var seed = []byte("{nkey}")'),
        ("user.creds", "-----BEGIN USER NKEY SEED-----\n{nkey}\n------END USER NKEY SEED------"),
        # a value that is JSON text
        ("a.py", 'HEADERS = {{"X-Api-Token": "{{\\"name\\":\\"root\\",\\"sig\\":\\"{hex}\\"}}"}}'),
        ("a.js", 'const token = \'{{"name":"root","sig":"{hex}"}}\';'),
        # configuration in a string of code
        ("a.go", "const conf = `\nusers: [{{user: gw, password: {password}}}]\n`"),
        ("a.py", 'CONF = """\nusers: [{{user: gw, password: {password}}}]\n"""'),
        ("a.js", "const conf = 'users: [{{user: gw, password: {password}}}]';"),
    ],
)
def test_a_literal_is_found_however_the_language_writes_it(folder: Repository, path: str, line: str) -> None:
    every = found(folder, path, line.format(hex=HEX, password=PASSWORD, **values()) + "\n")
    assert every
    assert HEX not in repr(every)
    assert PASSWORD not in repr(every)


def values() -> dict[str, str]:
    return {
        "b64": base64.b64encode(draws.token_bytes(24)).decode(),
        "d": key_of_an_object(),
        "nkey": nkey(),
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.go", 'token := []byte("application/json")'),
        ("a.py", 'password = getenv("DB_PASSWORD")'),
        ("a.py", 'password = str("password")'),
        ("a.py", 'label = "Password: required"'),
        ("a.js", "const user = {name: userName, password: userPassword};"),
        ("a.js", "const {user, password: pw} = config;"),
        ("a.sh", "TOKEN=$(cat token) acmectl run"),
        ("a.sh", "ACME_TOKEN=$TOKEN acmectl run"),
        ("a.sh", "curl -H 'X-Auth-Token: $TOKEN' https://x.acme.net"),
        ("a.js", "h = `Token: ${token}`"),
        ("Makefile", "TOKEN ?= $(shell cat token)"),
        ("a.go", 'var seed = "SUAEK7DWT445QZCBTHAOLPN47PEFWN6OSHF54H6BWDVGWRHRGBBW3V7AAA"'),
    ],
)
def test_what_only_looks_alike_is_no_finding(folder: Repository, path: str, line: str) -> None:
    assert found(folder, path, line + "\n") == []
