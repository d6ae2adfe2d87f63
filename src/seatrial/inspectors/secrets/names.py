"""
Which names promise a secret: `DB_PASSWORD` does, `password_file`, `max_tokens` and `primary_key` do not.

A name is cut into words (snake, camel, kebab, dotted, SCREAMING, and glued: `mysqlpassword`). The last word that can
mean a secret decides. A later word can say that the name is *about* the secret (its file, its length). An earlier
word can give it another sense (`primary key`, `next page token`).
"""

from __future__ import annotations

import enum
import functools
import re

from seatrial.inspectors.secrets.words import wordset


class NameKind(enum.Enum):
    """What a name promises; it decides how the value is judged."""

    PASSWORD = "password"  # noqa: S105 - a kind of name
    """Chosen by a person: any text may be one."""
    SECRET = "secret"  # noqa: S105
    """Chosen by a person or a machine: `SECRET_KEY`, `client_secret`, a salt."""
    TOKEN = "token"  # noqa: S105
    """Made by a machine: it must look random."""
    KEY = "key"
    """Key material: `encryption_key`, `private_key`."""
    HASH = "hash"
    """The hash of a password."""
    HINT = "hint"
    """`auth`, `credentials`, a bare `key`: only a value that is random beyond doubt counts."""
    NONE = "none"
    """No secret."""


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")

_PASSWORD_WORDS = wordset("""
    password passwords passwd passwds passwort passphrase passcode pwd pwds pass psw pswd pw paswd passw pword psswd
    contrasena contraseña clave senha mdp motdepasse kennwort wachtwoord haslo hasło parola heslo jelszo lozinka
    losenord lösenord salasana adgangskode passord sifre şifre geslo salasõna
    пароль пароля 密码 密碼 口令 パスワード 비밀번호 암호 كلمةالمرور סיסמה รหัสผ่าน
    """)
_SECRET_WORDS = wordset("secret secrets salt pepper")
_TOKEN_WORDS = wordset("token tokens apikey apikeys authtoken accesstoken pat jwt")
_HINT_WORDS = wordset("auth authorization cred creds credential credentials bearer")
_GLUED = tuple(
    sorted(
        wordset("""
    password passwd passwort passphrase passcode pswd pwd secret token apikey accesskey secretkey privatekey authkey
    kennwort wachtwoord contrasena senha
    """),
        key=lambda word: (-len(word), word),
    )
)
"""Endings that count inside one glued lower-case word: `dbpassword`, `authtoken`."""
_PASS_GLUED = re.compile(
    r"(?:require|db|my|user|usr|root|admin|adm|mysql|sql|pg|postgres|mongo|redis|ftp|sftp|smtp|mail|email|ldap|bind|ssh|sudo|imap"
    r"|pop|proxy|login|key|store|keystore|truststore|cert|ssl|http|mq|rabbit|amqp|remote|server|default|test|wifi|wpa"
    r"|ap|sta|wlan|net|oracle|ora|sa|aws|git|vpn|rpc|web|app|api|repl|master|auth|basic|old|new|cur|plain|demo)_?"
    r"(?:pass|pw|psw)\Z"
)
"""`pass` is too common an ending (`bypass`, `compass`) to count behind any letters."""
_GLUED_NOT = wordset("bypass compass encompass surpass trespass overpass underpass tokenizer tokenpass")

_KEY_BEFORE = {
    **dict.fromkeys(
        wordset("api app application access account consumer subscription functions function"), NameKind.TOKEN
    ),
    **dict.fromkeys(wordset("license licence activation integration developer dev write ingest admin"), NameKind.TOKEN),
    **dict.fromkeys(wordset("secret client shared session cookie jwt auth hash hashing"), NameKind.SECRET),
    **dict.fromkeys(wordset("private priv signing sign signature encryption encrypt decryption decrypt"), NameKind.KEY),
    **dict.fromkeys(
        wordset("enc master root crypto crypt cipher aes des rsa hmac storage data kek dek ssh deploy"), NameKind.KEY
    ),
    **dict.fromkeys(wordset("symmetric webhook wep wpa psk preshared server security"), NameKind.KEY),
}
"""What a `key` is by the word before it; others (`primary`, `sort`, `cache`, `foreign`, `public`) are no secrets."""

_ABOUT = wordset("""
    file files filename path paths dir directory folder field fields url urls uri href link endpoint host type types
    kind name names length len size min max minimum maximum count counter limit limits expiry expires expire expired
    expiration expiresin ttl timeout lifetime age days duration time date at label labels placeholder hint hints
    reset policy policies rule rules regex regexp pattern patterns validator validators validation valid invalid
    format prompt message messages msg error errors err id ids ref refs reference selector input inputs form class
    title description desc help header headers param params parameter parameters arg args argument option options
    strength strong weak score changed change changer updated created required enabled enable disabled allowed
    visible visibility show hide hidden mask masked toggle icon button btn text textbox box view widget dialog page
    screen component template email mail subject provider providers manager service services factory store storage
    source sources location index idx position pos offset line column col attribute attr property prop encoder
    encoding encoded decoder hasher hashers hashing algorithm algo alg method methods mode status state scheme
    stream parser lexer list set map dict array table interface model schema serializer resolver generator
    getter setter callback handler listener event action fn func function cmd command script env variable var
    vars prefix suffix separator sep delimiter usage scope scopes audience issuer grant check checks checker
    verification verify confirmation confirm confirmed match mismatch matches required recovery forgot resource
    module arn version versions bits bytes rotation rotate backend context request response endpoint cookie
    locator xpath css placement lookup finder
    spec specs mgr username usernames userid properties mechanism txt json yml yaml pem html js py php java cs crt
    startswith endswith contains icontains iexact isnull
    exact in encode decode split strip trim
    exists missing incorrect wrong failed failure empty blank correct same equal equals used uses
    """)
"""Words after the secret that turn the name into a fact about it."""

_OTHER_SENSE = {
    "token": wordset("""
        next page paging pagination continuation continue sync start end stop bos eos pad unk sep cls mask cancel
        cancellation max min num total input output prompt completion special first last prev previous current
        string identifier keyword operator comment whitespace newline eof punctuation literal indent dedent number
        name delimiter separator request action idempotency term css csrf xsrf syntax parse unexpected expected
        design skip resume marker lex type
        """),
    "tokens": wordset("max min num total input output prompt completion special count n css design"),
    "pass": wordset(
        "fastcgi uwsgi scgi grpc memcached with by via using first second render two one multi single next last test"
        " tests must low high band sub"
    ),
    "pw": frozenset(["2"]),
    "salt": frozenset(["2"]),  # `Argon2-Salt` of PuTTY's keys, which is no secret
    "clave": frozenset(["palabra"]),
    "secret": frozenset(["no", "is", "has", "top"]),
}
"""Words before the secret word that give it another sense."""

_SWITCH = wordset("""
    no is has have use uses should show hide reset forgot forget change changed validate invalid wrong bad missing
    check verify confirm confirmed confirmation enable disable require required allow max min ask prompt generate
    hash hashed encode empty blank lost recover update without toggle mask repeat retype require bypass
    """)
"""Leading words that make a question, a command or a message of the name."""

_PUBLIC = frozenset(("public", "encrypted", "wrapped", "enciphered"))
"""Before a key that opens nothing by itself: `encrypted_key` of https://www.rfc-editor.org/rfc/rfc7516#section-7.2.1"""
_PUBLISHED_BEFORE = frozenset(("verification", "challenge", "verify"))
"""Before a token that is often meant to be published, in DNS for instance."""
_HASHES = wordset("hash hashed hashes digest md md5 sha sha1 sha256 sha512 bcrypt crypt encrypted scrypt")


def split_name(name: str) -> list[str]:
    """The words of a name, lower-case: `dbPassWord_2` gives `db`, `pass`, `word`, `2`."""
    return [word.lower() for word in _WORD.findall(_HUMP.sub(" ", name))]


def is_secret_name(name: str) -> bool:
    """Whether a value with this name is meant to be secret (a password's hash included)."""
    return name_kind(name) is not NameKind.NONE


_MAYBE = re.compile(
    r"pas|pwd|psw|pwr|pw|phrase|secret|token|key|auth|cred|salt|pepper|psk|jwt|pat|bearer|connection|webhook"
    r"|contras|clave|senha|mdp|kennwort|wachtwoord|haslo|parola|heslo|jelszo|lozinka|losenord|salas|adgang|sifre|geslo"
    r"|[^\x00-\x7f]",
    re.IGNORECASE,
)
"""What every secret-like name has in it: a quick no for the others."""


@functools.lru_cache(maxsize=8192)
def name_kind(name: str) -> NameKind:
    """What kind of secret the name promises."""
    if not name or len(name) > 120 or not _MAYBE.search(name):
        return NameKind.NONE
    words = _joined(split_name(name))
    for at in range(len(words) - 1, -1, -1):
        kind = _word_kind(words, at)
        if kind is not NameKind.NONE:
            return _in_context(words, at, kind)
    return NameKind.NONE


def _joined(words: list[str]) -> list[str]:
    """Words that belong together although the spelling parts them: `pass_word`, `mot de passe`, `api key`."""
    text = " ".join(words)
    for apart, joined in _PAIRS:
        if apart in text:
            text = f" {text} ".replace(f" {apart} ", f" {joined} ").strip()
    return text.split(" ") if text else []


_PAIRS = (
    ("pass word", "password"),
    ("pass wd", "passwd"),
    ("pass phrase", "passphrase"),
    ("pass code", "passcode"),
    ("mot de passe", "motdepasse"),
    ("mot passe", "motdepasse"),
    ("palabra clave", "keyword"),
    ("pre shared", "preshared"),
    ("connection string", "connectionstring"),
    ("rediscli auth", "password"),
)


def _word_kind(words: list[str], at: int) -> NameKind:
    """The kind that the word at this place has by itself and by its predecessor."""
    word = words[at]
    before = words[at - 1] if at else ""
    if word in _PASSWORD_WORDS:
        return NameKind.PASSWORD
    if word in _SECRET_WORDS:
        return NameKind.SECRET
    if word == "token" and "".join(words[:at]).endswith(_CHOSEN):
        return NameKind.SECRET
    if word in _TOKEN_WORDS:
        return NameKind.HINT if before in _PUBLISHED_BEFORE else NameKind.TOKEN
    if word in ("key", "keys"):
        return _KEY_BEFORE.get(before, NameKind.NONE) if before else NameKind.HINT
    if word == "connectionstring" or (word in ("psk", "webhook") and not words[at + 1 :]):
        return NameKind.KEY if word == "psk" else NameKind.HINT
    if word in _HINT_WORDS:
        return NameKind.HINT
    return _glued_kind(word)


_CHOSEN = ("k3s", "rke2")
"""Before a token that an operator thinks up: https://docs.k3s.io/cli/token"""


def _glued_kind(word: str) -> NameKind:
    """The kind of a word with the secret at its end, or (for the foreign scripts) anywhere."""
    if word in _GLUED_NOT:
        return NameKind.NONE
    if not word.isascii():
        return NameKind.PASSWORD if any(p in word for p in _PASSWORD_WORDS if not p.isascii()) else NameKind.NONE
    if _PASS_GLUED.match(word):
        return NameKind.PASSWORD
    ending = next((g for g in _GLUED if len(word) > len(g) and word.endswith(g)), "")
    if not ending:
        return NameKind.SECRET if word in ("secretkey", "clientsecret") else _GLUED_KEYS.get(word, NameKind.NONE)
    if ending == "secret":
        return NameKind.SECRET
    return _GLUED_KEYS.get(ending, NameKind.PASSWORD)


_GLUED_KEYS = {
    "token": NameKind.TOKEN,
    "apikey": NameKind.TOKEN,
    "accesskey": NameKind.TOKEN,
    "secretkey": NameKind.SECRET,
    "privatekey": NameKind.KEY,
    "authkey": NameKind.KEY,
    "accountkey": NameKind.KEY,
    "encryptionkey": NameKind.KEY,
    "masterkey": NameKind.KEY,
}


def _in_context(words: list[str], at: int, kind: NameKind) -> NameKind:
    """The kind after the words around have had their say."""
    before, after = words[:at], words[at + 1 :]
    if after and after[0] in _HASHES and kind is NameKind.PASSWORD:
        return NameKind.HASH if all(word.isdigit() for word in after[1:]) else NameKind.NONE
    if kind is NameKind.TOKEN and after[-1:] == ["hash"]:  # `discovery-token-ca-cert-hash` of kubeadm
        return NameKind.NONE
    if any(word in _ABOUT for word in after) or (after and after[-1] in ("key", "keys")):
        return NameKind.NONE
    if any(word in _OTHER_SENSE.get(words[at], ()) for word in before[-1:]):
        return NameKind.NONE
    if words[at] in ("key", "keys", "token") and not _PUBLIC.isdisjoint(before):
        return NameKind.NONE
    if before and kind is NameKind.PASSWORD and before[-1] in _HASHES:
        return NameKind.HASH
    if before and before[0] in _SWITCH and before[0] != "confirm":
        return NameKind.NONE
    if words[at] in ("auth", "authorization", "bearer", "cred") and after:
        return NameKind.NONE
    return kind
