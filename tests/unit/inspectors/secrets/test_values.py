"""The judgement of values, in tables: what people and programs really write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.inspectors.secrets import values
from seatrial.inspectors.secrets.values import ValueKind, is_password_hash, judge
from seatrial.inspectors.secrets.wordlike import MAX_LENGTH, entropy, parts_of, surprise, walk_share, word_share

PASSWORDS = {
    ValueKind.SECRET: """
        S3cr3t!pass myappdbpass Tr0ub4dor&3 companyname2019 wachtwoord2019 zxc!23X 8dj2k JohnSmith p@ss/word1 h4rb0ur
        Sommer2019! d0ck-yard qu4rtz-7 3ntr0py kX9#mm2!vq $2b$12$abcdefghijklmnopqrstuv Str0ngB0x
    """,
    ValueKind.WEAK: """
        root admin123 toor Passw0rd! qwerty123 letmein hunter2 password dbpassword rootpassword sunshine Welcome2020
        p4ssw0rd s3cret secret123 12345678 changeit postgres minioadmin test qwertyuiop abcd1234 P@ssw0rd1
    """,
    ValueKind.PLACEHOLDER: """
        changeme change_me xxxx <password> your-password-here example ******** TODO dummy YOUR_PASSWORD yourpassword
        REPLACE_ME placeholder [password] old-password __PASSWORD__ new_password some-password redacted •••••••• ...
        foobar insert-password-here test_password <your-password>
    """,
    ValueKind.REFERENCE: """
        ${X} ${X:-} $X {{x}} %(x)s %X% process.env.X os.environ['X'] secrets.X vault:secret/db getPassword()
        @password@ /run/secrets/db ./password.txt ENC[AES256,data] !vault op://vault/item #{password} <%=x%> $(cat)
        self.password $dir/ca.key C:\\keys\\db.key config.get('x') https://login.internal/reset {password}
        text/plain {0} arn:aws:secretsmanager:eu-west-1:x {{vault}}
    """,
    ValueKind.NOISE: """
        passwordField #password label.password true 20 string user_password required null None 1.2.3 txtPassword
        input[type=password] PASSWORD_RESET auth.password.label current-password %s en.password.title
        2019-01-01 utf8 pbkdf2 wgDBpassword (\\d+) Пароль パスワード password-input userPassword
    """,
}
TOKENS = {
    ValueKind.SECRET: """
        0f3c1a9b7d5e2846 3f2504e0-4f89-11d3-9a0c-0305e82c3301 sdlkfjSDFlk3240sdf Zk39xQpLw82mVbTr
        kJ8s7Dm2Qp0Zx4Lw9Vb3Nt6R b6d767d2f8ed5d21a44b0e5886680cb9 qL7/8zX2+vB9nM4kR8yU1cP6w=
    """,
    ValueKind.PLACEHOLDER: """
        abc123def456 test-token-123 1234567890abcdef your-token-here xxxxxxxxxxxxxxxx insert_token 000000000000
    """,
    ValueKind.REFERENCE: "${TOKEN} secrets.TOKEN https://login.internal/oauth/token /var/run/token text/html",
    ValueKind.NOISE: """
        getToken access_token Bearer mytoken some.token.name identifier NextToken WPA2_PSK start_of_line
        us_east_1_endpoint
    """,
}


def table(rows: dict[ValueKind, str]) -> list[tuple[str, ValueKind]]:
    return [(value, verdict) for verdict, text in rows.items() for value in text.split()]


@pytest.mark.parametrize(("value", "verdict"), table(PASSWORDS))
def test_values_of_passwords(value: str, verdict: ValueKind) -> None:
    assert judge(value, key="password") is verdict


@pytest.mark.parametrize(("value", "verdict"), table(TOKENS))
def test_values_of_tokens(value: str, verdict: ValueKind) -> None:
    assert judge(value, key="api_token") is verdict


@pytest.mark.parametrize(
    "value",
    ["Enter password", "Invalid password", "The two passwords don't match.", "Mot de passe oublié", "", " ", "a"],
)
def test_sentences_are_no_passwords(value: str) -> None:
    assert judge(value, key="password") in (ValueKind.NOISE, ValueKind.PLACEHOLDER)


def test_a_passphrase_of_words_is_one_only_under_its_name() -> None:
    assert judge("correct horse battery staple", key="passphrase") is ValueKind.SECRET
    assert judge("correct horse battery staple", key="password") is ValueKind.NOISE


@pytest.mark.parametrize(
    ("value", "key", "verdict"),
    [
        ("my-super-secret-key", "secret_key", ValueKind.WEAK),
        ("keyboard cat", "secret", ValueKind.WEAK),
        ("mY-jwt-53cret", "jwt_secret", ValueKind.SECRET),
        ("client_secret", "secret", ValueKind.NOISE),
        ("a8f5f167f44f4964e6c998dee827110c", "password_hash", ValueKind.SECRET),
        ("$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2", "password", ValueKind.SECRET),
        ("bcrypt", "password_hash", ValueKind.NOISE),
        ("postgres://app:h4rb0ur@db/app", "api_token", ValueKind.SECRET),
        ("postgres://app:${PW}@db/app", "api_token", ValueKind.REFERENCE),
        ("hunter2", "auth", ValueKind.NOISE),
        ("kJ8s7Dm2Qp0Zx4Lw9Vb3Nt6R", "auth", ValueKind.SECRET),
        ("kJ8s7Dm2Qp0Zx4Lw9Vb3Nt6R", "", ValueKind.SECRET),
        ("MysqlRootPassword", "AttributeMysqlRootPassword", ValueKind.NOISE),
    ],
)
def test_the_name_decides_how_a_value_is_judged(value: str, key: str, verdict: ValueKind) -> None:
    assert judge(value, key=key) is verdict


@given(
    st.text(max_size=300), st.sampled_from(["", "password", "api_key", "secret", "salt", "auth", "password_hash", "x"])
)
def test_never_raises_and_always_answers_the_same(value: str, key: str) -> None:
    assert judge(value, key=key) is judge(value, key=key)


PREFIXES = ["", "my", "your_", "test_", "some_", "change", "$", "/", "{", "a@", "${", "not_", "super", "<", "a://"]
UNITS = [
    "a",
    "a_",
    "a-",
    "a.",
    "a ",
    "_",
    "A_",
    "1a",
    "aB1!",
    "(",
    "a(",
    ")a(",
    "%41",
    ".a",
    "/a",
    "\\",
    "${",
    "x",
    "[a",
    "<a",
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_value_is_hard_to_judge(prefix: str) -> None:
    """The longest that is looked at, with each end: what tries every way does not end in time."""
    for unit in UNITS:
        for end in ("", "\n", "#", "{"):
            for key in ("password", "api_key", "secret"):
                judge((prefix + unit * MAX_LENGTH)[: MAX_LENGTH - len(end)] + end, key=key)


def test_no_more_than_the_beginning_of_a_value_is_looked_at() -> None:
    """What is worse than linear is bounded by that."""
    value = "kJ8s7Dm2Qp0Zx4Lw" * MAX_LENGTH
    assert judge(value + "{{ x }}", key="api_key") is judge(value[:MAX_LENGTH], key="api_key")
    values._judged.cache_clear()
    judge(value, key="api_key")
    judge(value + "other", key="api_key")
    assert values._judged.cache_info().misses == 1


def test_hashes_are_told_by_their_form() -> None:
    assert is_password_hash("$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy")
    assert is_password_hash("{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr")
    assert not is_password_hash("hunter2")
    assert not is_password_hash("0" * 32)


def test_words_surprise_less_than_random_letters() -> None:
    assert surprise("configuration") < 4.2 < surprise("qtxjleqvwdin")
    assert word_share("getUserPassword") == 1
    assert word_share("u67S9LFEwUuFF8J64rt2KOzI") < 0.2
    assert parts_of("rootpassword") == ("root", "password")
    assert parts_of("qtxjleqvwdin") == ()
    assert walk_share("qwertyuiop") == 1
    assert entropy("") == 0
    assert entropy("abcd") == 2
