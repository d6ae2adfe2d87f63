"""
Files as clients, servers and frameworks write them: with a credential in them, or one that another key opens.

What a small tool can make is made at test time. The rest has the form that the tool itself writes: docker 29 and
npm 11 on `login`, pip 26, kubeadm 1.34, step 0.28, sops 3.11. tests/captured/ansible-vault holds what ansible-core's
`ansible-vault encrypt` and `encrypt_string` wrote, each with and without `--vault-id`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import draws
import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from makers import made, openssl
from searching import Repository
from secret_samples import KINDS, PASSWORD, nkey

from seatrial.domain import Finding, Severity
from seatrial.inspectors.secrets.inspector import Secrets

TEXT = "abcdefghijklmnopqrstuvwxyz0123456789"


def found(folder: Repository, path: str, text: str) -> list[Finding]:
    folder.write(path, text)
    return [f for answer in Secrets().inspect(folder.context()) for f in answer.findings]


def b64(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def url64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def drawn(count: int) -> str:
    return "".join(draws.choice(TEXT) for _ in range(count))


JWK: Mapping[str, Callable[[], Mapping[str, object]]] = {
    "RSA": lambda: RSAKey.generate_key(2048).as_dict(private=True),
    "EC": lambda: ECKey.generate_key("P-256").as_dict(private=True),
    "EC-521": lambda: ECKey.generate_key("P-521").as_dict(private=True),
    "Ed25519": lambda: OKPKey.generate_key("Ed25519").as_dict(private=True),
    "X25519": lambda: OKPKey.generate_key("X25519").as_dict(private=True),
    "oct": lambda: OctKey.generate_key(256).as_dict(private=True),
}


@pytest.mark.parametrize("order", ["as made", "sorted", "reversed"])
@pytest.mark.parametrize("kind", JWK)
def test_a_json_web_key_is_found_in_any_order(folder: Repository, kind: str, order: str) -> None:
    members = list(JWK[kind]().items())
    if order != "as made":
        members.sort(reverse=order == "reversed")
    every = found(folder, "keys/signing.json", json.dumps({"keys": [dict(members)]}, indent=2))
    assert any(f.rule.startswith("secrets/jwk-") and f.severity >= Severity.HIGH for f in every), every
    secret = dict(members)["k" if kind == "oct" else "d"]
    assert str(secret) not in repr(every)


@pytest.mark.parametrize("kind", ["RSA", "EC", "Ed25519"])
def test_a_public_json_web_key_is_no_finding(folder: Repository, kind: str) -> None:
    public = {name: value for name, value in JWK[kind]().items() if name not in ("d", "p", "q", "dp", "dq", "qi")}
    assert found(folder, "keys/jwks.json", json.dumps({"keys": [public]}, indent=2)) == []


@pytest.mark.parametrize("option", ["-B", "-s", "-m", "-2", "-5"])
def test_what_htpasswd_writes_is_found(folder: Repository, tmp_path: Path, option: str) -> None:
    line = made("htpasswd", "-nb", option, "bob", PASSWORD, where=tmp_path)
    assert [f.severity for f in found(folder, "nginx/.htpasswd", line)] == [Severity.MEDIUM]


@pytest.mark.parametrize("method", ["yescrypt", "bcrypt", "sha512crypt", "sha256crypt", "md5crypt"])
@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("play.yml", "- user:\n    name: bob\n    password: {}\n"),
        ("cloud-init.yml", "users:\n- name: bob\n  passwd: {}\n"),
        ("etc/shadow", "bob:{}:19000:0:99999:7:::\n"),
        ("create.sh", "useradd -m -p '{}' bob\n"),
    ],
)
def test_what_mkpasswd_writes_is_found(folder: Repository, tmp_path: Path, method: str, path: str, place: str) -> None:
    hashed = made("mkpasswd", "-m", method, PASSWORD, where=tmp_path).strip()
    assert found(folder, path, place.format(hashed))


@pytest.mark.parametrize("command", ["genkey", "genpsk"])
@pytest.mark.parametrize("path", ["privatekey", "wg/server.privatekey", "wg/wg0.key"])
def test_a_key_file_of_wireguard_is_found(folder: Repository, tmp_path: Path, command: str, path: str) -> None:
    every = found(folder, path, made("wg", command, where=tmp_path))
    assert [(f.rule, f.severity) for f in every] == [("secrets/wireguard-key-file", Severity.CRITICAL)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("publickey", "{}\n"),
        ("wg0.conf", "[Peer]\nPublicKey = {}\nAllowedIPs = 10.0.0.0/24\n"),
        ("deploy.yml", "wireguard_public_key: {}\n"),
    ],
)
def test_a_public_key_of_wireguard_is_no_finding(folder: Repository, path: str, text: str) -> None:
    assert found(folder, path, text.format(b64(draws.token_bytes(32)))) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["{}", 'var seed = []byte("{}")', "nkey: {}\n"])
def test_every_kind_of_seed_of_nats_is_found(folder: Repository, kind: str, text: str) -> None:
    assert [f.rule for f in found(folder, "nats.txt", text.format(nkey(kind)))] == ["secrets/nkey-seed"]


def kubeconfig(where: Path) -> str:
    key = openssl("genrsa", "-traditional", "2048")(where)
    return f"kind: Config\nusers:\n- name: admin\n  user:\n    client-key-data: {b64(key)}\n"


LOGINS = {"auths": {"registry.acme.net": {"auth": b64(f"bob:{PASSWORD}")}}}
WRITTEN: Mapping[str, tuple[str, Callable[[Path], str]]] = {
    "kubeconfig": ("admin.conf", kubeconfig),
    "kubeadm join": ("join.sh", lambda _: f"kubeadm join 10.0.0.1:6443 --token {drawn(6)}.{drawn(16)}\n"),
    "kubeadm config": ("kubeadm.yaml", lambda _: f"bootstrapTokens:\n- token: {drawn(6)}.{drawn(16)}\n"),
    "docker login": ("docker/config.json", lambda _: json.dumps(LOGINS, indent="\t")),
    "pull secret": (
        "pull.yaml",
        lambda _: f"kind: Secret\ndata:\n  .dockerconfigjson: {b64(json.dumps(LOGINS))}\n",
    ),
    "pull secret in JSON": (
        "pull.json",
        lambda _: json.dumps({"data": {".dockerconfigjson": b64(json.dumps(LOGINS))}}),
    ),
    "pull secret in HCL": ("pull.tf", lambda _: f'data = {{ x = "{b64(json.dumps(LOGINS, indent=2))}" }}\n'),
    "npm _auth": (".npmrc", lambda _: f"_auth={b64(f'bob:{PASSWORD}')}\n"),
    "npm scoped _auth": (".npmrc", lambda _: f"//npm.acme.net/:_auth={b64(f'bob:{PASSWORD}')}\n"),
    "npm _password": (".npmrc", lambda _: f"//npm.acme.net/:_password={b64(PASSWORD)}\n"),
    "npm _authToken": (".npmrc", lambda _: f"//npm.acme.net/:_authToken={draws.token_hex(20)}\n"),
    "pip": ("pip.conf", lambda _: f"[global]\nextra-index-url =\n    https://bob:{PASSWORD}@pypi.acme.net/simple\n"),
    "twine": (".pypirc", lambda _: f"[pypi]\nusername = bob\npassword = {PASSWORD}\n"),
    "git": (".git-credentials", lambda _: f"https://bob:{PASSWORD}@git.acme.net\n"),
    "netrc in lines": (".netrc", lambda _: f"machine git.acme.net\n  login bob\n  password {PASSWORD}\n"),
    "rails": ("config/credentials/production.key", lambda _: draws.token_hex(16)),
    "laravel": (".env", lambda _: f"APP_KEY=base64:{b64(draws.token_bytes(32))}\n"),
    "flask": ("app.py", lambda _: f'app.config["SECRET_KEY"] = "{draws.token_hex()}"\n'),
    "flask update": ("app.py", lambda _: f'app.config.update(SECRET_KEY="{draws.token_urlsafe(16)}")\n'),
    "tor": ("onion.py", lambda _: f'c.create("ED25519-V3:{b64(draws.token_bytes(64))}")\n'),
}


@pytest.mark.parametrize("writer", WRITTEN)
def test_what_clients_and_frameworks_write_is_no_guess(folder: Repository, tmp_path: Path, writer: str) -> None:
    path, write = WRITTEN[writer]
    every = found(folder, path, write(tmp_path))
    assert [f.confidence.value for f in every] == ["high"], every


@pytest.mark.parametrize("token", ["abwxef.qpzwkdmnvhgtysru", "a1wxef.qp2wkdmnvhgtysru"])
@pytest.mark.parametrize(
    "text",
    [
        '{{"kind": "InitConfiguration", "bootstrapTokens": [{{"token": "{}", "ttl": "24h"}}]}}',
        "bootstrapTokens:\n- groups:\n  - system:bootstrappers\n  token: {}\n  ttl: 24h\n",
        "discovery:\n  bootstrapToken:\n    apiServerEndpoint: a:6443\n    token: {}\n",
        "discovery:\n  tlsBootstrapToken: {}\n",
        "shell: kubeadm join {{{{ api }}}} --token={} --ignore-preflight-errors=all\n",
    ],
)
def test_a_bootstrap_token_of_kubeadm_needs_no_digit(folder: Repository, text: str, token: str) -> None:
    assert [f.rule for f in found(folder, "deploy/init.yaml", text.format(token))] == [
        "secrets/kubeadm-bootstrap-token"
    ]


@pytest.mark.parametrize("value", ["VIHnHzPgwQyGwYMRJqGZew", "2pJHnCptbEMyqPwnzliSsA", "KPSMVSElWYkmnBeuaAVBxw"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_drawn_key_without_a_digit_is_found_too(folder: Repository, value: str, quote: str) -> None:
    every = found(folder, "app.py", f"app.config.update(SECRET_KEY={quote}{value}{quote})\n")
    assert [f.confidence.value for f in every] == ["high"], every


@pytest.mark.parametrize(
    "value", ["sessionCookieSigningKeyName", "the_name_of_the_signing_key", "X-Application-Secret-Key"]
)
def test_a_long_name_without_a_digit_is_no_drawn_key(folder: Repository, value: str) -> None:
    assert found(folder, "app.py", f'app.config.update(SECRET_KEY="{value}")\n') == []


def sops(value: str) -> str:
    parts = (b64(value), b64(draws.token_bytes(32)), b64(draws.token_bytes(16)))
    return "ENC[AES256_GCM,data:{},iv:{},tag:{},type:str]".format(*parts)


CAPTURED = Path(__file__).parents[3] / "captured" / "ansible-vault"
PLACES = (
    "group_vars/all/vault.yml",
    "host_vars/db.yml",
    "vault.txt",
    "secrets",
    ".vault",
    "roles/a/vars/main.yml",
    "a.py",
)


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("name", sorted(file.name for file in CAPTURED.iterdir()))
def test_what_ansible_vault_wrote_is_no_finding(folder: Repository, name: str, path: str) -> None:
    text = (CAPTURED / name).read_text("utf-8")
    assert "$ANSIBLE_VAULT;1." in text
    assert found(folder, path, text) == []


@pytest.mark.parametrize("name", sorted(file.name for file in CAPTURED.iterdir() if "string" in file.name))
def test_a_password_beside_a_value_of_ansible_vault_is_found(folder: Repository, name: str) -> None:
    text = (CAPTURED / name).read_text("utf-8") + f"\nother_password: {PASSWORD}\n"
    [one] = found(folder, "group_vars/all.yml", text)
    assert one.location.line == text.count("\n")


def vault(indent: str = "") -> str:
    lines = "\n".join(indent + draws.token_hex(40) for _ in range(6))
    return f"{indent}$ANSIBLE_VAULT;1.1;AES256\n{lines}\n"


def step_ca(_: Path) -> str:
    header = {"alg": "PBES2-HS256+A128KW", "cty": "jwk+json", "enc": "A256GCM", "p2c": 600000, "p2s": "aUhQ"}
    parts = (json.dumps(header).encode(), *map(draws.token_bytes, (40, 12, 200, 16)))
    sealed = ".".join(map(url64, parts))
    public = {"kty": "EC", "crv": "P-256", "kid": url64(draws.token_bytes(32)), "x": url64(draws.token_bytes(32))}
    return json.dumps(
        {"authority": {"provisioners": [{"type": "JWK", "key": public, "encryptedKey": sealed}]}}, indent=1
    )


SEALED: Mapping[str, tuple[str, Callable[[Path], str]]] = {
    "ansible-vault file": ("group_vars/all/vault.yml", lambda _: vault()),
    "ansible-vault value": ("group_vars/all.yml", lambda _: f"db_password: !vault |\n{vault('          ')}other: 1\n"),
    "sops yaml": ("secrets.yaml", lambda _: f"db_password: {sops(PASSWORD)}\nsops:\n    mac: {sops(PASSWORD * 3)}\n"),
    "sops env": ("secrets.env", lambda _: f"DB_PASSWORD={sops(PASSWORD)}\nsops_mac={sops(PASSWORD * 3)}\n"),
    "sops json": ("secrets.json", lambda _: json.dumps({"db_password": sops(PASSWORD), "api_token": sops(PASSWORD)})),
    "zuul": ("zuul.yaml", lambda _: f"password: !encrypted/pkcs1-oaep\n  - {b64(draws.token_bytes(300))}\n"),
    "rails": ("config/credentials.yml.enc", lambda _: "--".join(b64(draws.token_bytes(n)) for n in (90, 12, 16))),
    "step": ("ca.json", step_ca),
    "kubeadm hash": (
        "join.sh",
        lambda _: f"kubeadm join a:6443 --discovery-token-ca-cert-hash sha256:{draws.token_hex(32)}\n",
    ),
}


@pytest.mark.parametrize("writer", SEALED)
def test_what_another_key_opens_is_no_finding(folder: Repository, tmp_path: Path, writer: str) -> None:
    path, write = SEALED[writer]
    assert found(folder, path, write(tmp_path)) == []
