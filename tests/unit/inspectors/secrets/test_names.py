"""Which names promise a secret, in tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.inspectors.secrets.names import NameKind, is_secret_name, name_kind, split_name

SECRET_NAMES = {
    NameKind.PASSWORD: """
        password passwd DB_PASSWORD db-pass dbPassword mysqlpassword userpass pwd sa_pwd PGPASSWORD MYSQL_ROOT_PASSWORD
        spring.datasource.password password1 PASSWORD_PROD passphrase keyPassphrase rootpw sshpass bindpw pass_word
        contraseña contrasena senha motDePasse mot_de_passe mdp passwort KENNWORT wachtwoord hasło haslo parola пароль
        密码 登录密码 パスワード 비밀번호 setPassword this.state.password keyStorePassword requirepass wifi_pass
    """,
    NameKind.TOKEN: """
        token api_key apikey apiKey API-KEY X-Api-Key access_key secretAccessKey aws_secret_access_key _authToken
        GITHUB_TOKEN accountKey access_token refreshToken botToken authtoken license_key
    """,
    NameKind.SECRET: """
        secret client_secret SECRET_KEY_BASE JWT_SECRET clientSecret app.secret salt sharedSecret session_key
    """,
    NameKind.KEY: """
        private_key privateKey signing_key encryption_key ENCRYPTION-KEY master_key aes_key hmacKey wpa_psk
    """,
    NameKind.HASH: "password_hash passwordHash hashed_password PASSWORD_MD5 pwd_hash",
    NameKind.HINT: "auth credentials creds key connection_string",
}
OTHER_NAMES = """
    password_file passwordField token_url token_type secret_name key_name keyboard monkey tokenizer max_tokens
    password_length reset_password_path csrf_token_name public_key primary_key foreign_key sort_key cache_key key_id
    aws_access_key_id bypass compass encompass trespass hide_password no_password secretKeyRef next_page_token
    nextPageToken token_endpoint password_policy passwordRegex forgot_password username user host accountId
    password_reset_url passwordPlaceholder pad_token cancellationToken clientRequestToken idempotency_token
    password_min_length secret_arn passwords_match is_password has_token useToken encryption_key_version
    publicKeyToken partition_key key_prefix encrypted_key wrapped_key
    iv nonce tokenCount author authorize passenger passive passport_number
"""


@pytest.mark.parametrize(("name", "kind"), [(n, kind) for kind, text in SECRET_NAMES.items() for n in text.split()])
def test_names_of_secrets(name: str, kind: NameKind) -> None:
    assert name_kind(name) is kind
    assert is_secret_name(name)


@pytest.mark.parametrize("name", OTHER_NAMES.split())
def test_names_of_other_things(name: str) -> None:
    assert not is_secret_name(name)


def test_a_name_is_cut_at_signs_humps_and_digits() -> None:
    assert split_name("myHTTPPassword_2.db-key") == ["my", "http", "password", "2", "db", "key"]
    assert split_name("contraseñaNueva") == ["contraseña", "nueva"]


@given(st.text(max_size=150))
def test_any_text_gets_an_answer(name: str) -> None:
    assert is_secret_name(name) is (name_kind(name) is not NameKind.NONE)


def test_a_name_too_long_to_be_one_is_none() -> None:
    assert not is_secret_name("password" * 100_000)
