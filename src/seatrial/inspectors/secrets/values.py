"""
Whether the value of a secret-like name is a secret.

The question is asked of literals only, after the syntax around them is gone. People's passwords need no entropy
(`hunter2`, `myappdbpass`), so for them the answer is *yes, unless it reads like something else*; tokens are made by
machines, so for them it is *no, unless it looks random*.

The budget of false findings is that of `assignments.py`.
"""

from __future__ import annotations

import enum
import functools
import re
from itertools import pairwise

from seatrial.inspectors.secrets.code_tables import is_checksum_of_file
from seatrial.inspectors.secrets.names import NameKind, name_kind, split_name
from seatrial.inspectors.secrets.placeholders import is_made_for_tests, is_place, is_placeholder, is_reference
from seatrial.inspectors.secrets.structure import is_published, is_sample
from seatrial.inspectors.secrets.wordlike import (
    MAX_LENGTH,
    entropy,
    is_word,
    parts_of,
    surprise,
    switches,
    walk_share,
    word_share,
    words_in,
)
from seatrial.inspectors.secrets.words import COMMON_PASSWORDS, wordset


class ValueKind(enum.Enum):
    """What a value is."""

    SECRET = "secret"  # noqa: S105 - a verdict
    WEAK = "weak"
    """A real password that everybody guesses: `root`, `admin123`, `Passw0rd!`."""
    PLACEHOLDER = "placeholder"
    """A placeholder for the secret: `changeme`, `<password>`, `xxxx`."""
    REFERENCE = "reference"
    """Says where the secret is: `${X}`, `os.environ["X"]`, a path, a URL without credentials."""
    NOISE = "noise"
    """Something else: a label, an identifier, a type, a number, a flag."""


_CONSTANT = re.compile(
    r"(?:true|false|yes|no|on|off|null|nil|none|undefined|nan|void|auto|inherit|enabled?|disabled?|optional|required|"
    r"string|str|int|integer|bool|boolean|float|double|char|bytes?|byte\[\]|object|any|text|varchar|number|date|uuid|"
    r"prompt|ask|manual|default|anonymous|utf[-_]?(?:8|16|32)(?:[-_]?(?:le|be|sig))?|latin-?1|ascii|cp\d{3,4}|(?:iso|windows)-\d{4}(?:-\d{1,2})?|base64|hex|binary|urllib2?|pbkdf2|bcrypt|scrypt|argon2i?d?|scram(?:-sha-?\d{1,3})?(?:-plus)?|sha-?\d{1,3}|md5|md5sum|blowfish|aes(?:-?\d+)?|basic|bearer|digest|oauth2?|saml|ldap|kerberos|ntlm|jwt|hmac|plain|cram-md5)\Z",
    re.IGNORECASE,
)
_SHAPES = re.compile(
    r"""
      [-+]?\d+(?:\.\d+)*(?:px|em|rem|%|ms|s|m|h|d|kb|mb|gb|k|M|G)?\Z     # number, version, measure
    | [\^~]?[<>=]{0,2}v?\d+\.\d+[\w.+-]*\Z                              # and a range of versions
    | [a-z_]\w*(?:\.\w+)+:[A-Za-z_][\w.]*\Z                              # an object in a module: an entry point
    | \.{1,2}[a-z_]\w*(?:\.[a-z_]\w*)*\Z                                 # a relative module
    | \d{4}-\d\d-\d\d(?:[T ][\d:.Z+-]+)?\Z | \d\d:\d\d(?::\d\d)?\Z       # date, time
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,10}\Z                     # e-mail
    | [a-z]+/[a-z0-9.+*-]+\Z                                             # MIME type, scope
    | (?:[.#][a-zA-Z][\w-]*|\[[\w-]+[~|^$*]?=?[^\]]*\])(?:[ >+~,]+[.#\w\[\]="'-]+)*\Z   # CSS selector
    | (?:input|button|label|form|div|span|a)[.#\[:][^\s].*\Z
    | [a-z]+(?:[.:][a-z][\w-]*){2,}\Z | [a-z][a-zA-Z0-9]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+\Z  # dotted identifier, i18n key
    | (?:[\w-]+\.)+(?:com|org|net|io|local|internal|svc|gov|edu|dev|cloud)(?::\d+)?\Z    # host
    | \d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\d+)?\Z                        # address
    | (?:%[-0-9.]*[sdifuxrqvcT@])+\Z | .*%[sdrvq](?![0-9A-Za-z]).*\Z | \{\d*\}\Z          # format string
    | (?:\\[nrt0"'\\])+\Z | 0x[0-9a-fA-F]{1,8}\Z | [<>=!&|+*/;:,.?()\[\]{}'"`~-]+\Z
    | </?[A-Za-z][^>]*>? .* \Z                                            # markup
    | .*(?:\\[dwsbDWSB](?:[+*?)\]{]|\Z)|\(\.[*+]|\[\^|\(\?[:=!i]|\[:|\.\*|\]\+).*\Z # regex, usage
    | .*\(\Z | [+,)].*[+(,:=]\Z | [\w.]+@\Z | (?:\$\d\W*)+\Z | \w+(?:\\+\w+){2,}\Z   # between two literals
    | (?:%[0-9A-Fa-f]{2}|[!-/:-@\[-`{-~])+\Z                              # percent-encoded or nothing but signs
    | (?:list|dict|set|tuple|map|array|optional|union|sequence)[\[(<][\w.,| \[\]()<>]{1,100}[\])>]\Z   # a type
    | --[a-z][a-z0-9]*(?:-[a-z0-9]+)*=?\Z                                # an option
    | [a-z]{2,20}(?:,[a-z]{2,20})+\Z                                      # a list
    | (?:un)?(?:signed|const|static|final|public|private|protected|readonly)\ .*\Z
    """,
    re.VERBOSE,
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_]*(?:[.:\-/][A-Za-z_]+)*\Z")
_HEX = re.compile(r"(?:0x)?(?:[0-9a-f]{16,}|[0-9A-F]{16,})\Z")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_HASH = re.compile(
    r"\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|argon2\w*|pbkdf2[\w-]*|scrypt|P|H|S)\$\S{8,}|\{(?:S?SHA\d*|MD5|SMD5|CRYPT)\}\S{8,}"
    r"|(?:pbkdf2|bcrypt|argon2|scrypt|sha\d+|md5)[\w:]*\$\S{12,}|\*[0-9A-F]{40}\Z|(?:md5)?[0-9a-fA-F]{32}\Z|[0-9a-fA-F]{40}\Z"
    r"|[0-9a-fA-F]{56}\Z|[0-9a-fA-F]{64}\Z|[0-9a-fA-F]{96}\Z|[0-9a-fA-F]{128}\Z|[A-Za-z0-9+/]{27}=\Z|[A-Za-z0-9+/]{43}=\Z"
)
_CONSTANT_NAME = re.compile(r"(?:[A-Z][A-Z0-9]*_)+[A-Z0-9]+\Z|[a-z0-9]+(?:_[a-z0-9]+){3,}\Z")
_VARIABLE_NAME = re.compile(r"(?:[A-Z]+_)+(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|KEY)(?:_?V?\d{1,2})?\Z")
"""`DB_PASSWORD_2`: a table says which variable holds the password."""
_BOAST = re.compile(
    r"(?:my|super|very|top|this[-_ ]?is|our|the|its|jwt|app|session|node|express|flask|django)[-_ ]?[\w -]{0,40}?"
    r"(?:secret|salt|token|key|jwt|password|pass)(?:[-_ ]?(?:key|token|string|value|code|jwt|phrase))?\d{0,4}[!.]?\Z"
    r"|(?:super|my|jwt|app)?secret(?:key|code|phrase|token)?\d{0,4}\Z",
    re.IGNORECASE,
)
"""`my-super-secret-key`: used as it is more often than one would think."""
_USERINFO = re.compile(r"[A-Za-z][\w+.-]*://[^/\s:@]*:(?P<password>[^\s@/]+)@")
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_ABOUT_PASSWORDS = wordset("""
    password passwords passwd pwd pass passphrase secret secrets token tokens key keys username user login email auth
    credential credentials field input label form hidden required confirm current new old invalid reset forgot type name
    id value text string placeholder hint error message page button icon title plain hash hashed encoded encrypted
    authentication authorization bearer api access refresh client session csrf header
    """)
_TOKEN_CHARACTERS = re.compile(r"[A-Za-z0-9+/=_.~:|!@#$%^&*()-]+\Z")
"""Parentheses are among those of Django's `get_random_secret_key`."""


def judge(value: str, *, key: str = "") -> ValueKind:
    """
    What the literal `value`, assigned to the name `key`, is.

    Without a key the value is judged as a token. Never raises.
    """
    return _judged(value[:MAX_LENGTH].strip(), key)


@functools.lru_cache(maxsize=2048)
def _judged(value: str, key: str) -> ValueKind:
    """The same, remembered: four of five values in a tree have been seen before, most of them samples."""
    if is_reference(value):
        return ValueKind.REFERENCE
    if len(value) < 3 or _CONSTANT.match(value):
        return ValueKind.NOISE
    if _is_typed(value):
        return ValueKind.PLACEHOLDER
    if is_public_key(value) or is_checksum_of_file(key, value):
        return ValueKind.NOISE
    kind = name_kind(key)
    if kind is NameKind.HASH or (kind is NameKind.PASSWORD and is_password_hash(value)):
        return ValueKind.SECRET if is_password_hash(value) else ValueKind.NOISE
    if inner := _USERINFO.match(value):
        return _judged(inner["password"], "password")
    if is_placeholder(value) or is_published(value):
        return ValueKind.PLACEHOLDER
    if kind is NameKind.PASSWORD:
        return _password(value, key)
    return _machine_made(value, key, kind)


def _is_typed(value: str) -> bool:
    """Whether a person typed the digits of a UUID or a hash in their order: `1a2b3c4d-5e6f-7a8b-…`."""
    return (_UUID.match(value) or _HEX.match(value)) is not None and is_sample(value.replace("-", ""))


_SAYS_UNSAFE = re.compile(r"(?<!django-)(?:in|un)secure|not[-_]secure|unsafe", re.IGNORECASE)


def says_unsafe(value: str) -> bool:
    """Whether the value says of itself that it protects nothing: `not-secure-passphrase`."""
    return _SAYS_UNSAFE.search(value) is not None


_PUBLIC_KEY = re.compile(r"AAAA(?:B3NzaC1|C3NzaC1lZDI1NTE5|E2VjZHNhLXNoYTI|GnNrLX|InNrLW)[0-9A-Za-z+/]{20}")


def is_public_key(value: str) -> bool:
    """Whether it is the body of a public key of SSH: a length and the name of its algorithm, in Base64."""
    return _PUBLIC_KEY.match(value) is not None


_NAMED = re.compile(r"[a-z]+(?:[-_](?:[a-z]+[0-9]{0,3}|[0-9]+)){2,}(?:[-_][0-9a-f]{1,6})?\Z")


def reads_like_a_name(value: str) -> bool:
    """Whether it is put together from words and numbers, as names of objects are: `swift-dockerhub-2026`."""
    return _NAMED.match(value) is not None


_OF_A_FIELD = re.compile(r"[a-z]{1,20}(?:_[a-z]{1,20}){0,3}_(?:password|passwd|passphrase|pwd|pass|secret|token|key)\Z")
_GLUED = re.compile(r"(?!my|super|secret|admin|root|db|database|postgres|mysql)[a-z]{1,12}(?:password|passwd|pwd)\Z")


def names_a_field(value: str) -> bool:
    """Whether it is how programs call an option or a column that holds a secret: `san_password`."""
    return _OF_A_FIELD.match(value) is not None


def says_password(value: str) -> bool:
    """Whether it is a word and `password` after it, as samples have it: `setuppwd`, `ftp_password`."""
    return names_a_field(value) or _GLUED.match(value) is not None


def is_password_hash(value: str) -> bool:
    """Whether the value has the form of a password's hash (crypt, LDAP, Django, MySQL, or bare hex)."""
    return _HASH.match(value) is not None and entropy(value) > 2.5


def _is_part_of(value: str, key: str) -> bool:
    """Whether the value has parts, and each of them is one of the name's: `ED25519_KEY_PASSPHRASE = "ed25519-key"`."""
    parts, names = (set(re.split(r"[-_.]", text.lower())) for text in (value, key))
    return len(parts) > 1 and parts <= names


def _squeezed(text: str) -> str:
    """The letters and digits alone: `bind-pw` and `bindpw` are one word."""
    return re.sub(r"[\W_]", "", text).lower()


def _password(value: str, key: str) -> ValueKind:
    """A password: yes, unless it reads like something else."""
    if is_weak(value):
        return ValueKind.NOISE if value.endswith("@") else ValueKind.WEAK
    if is_place(value) and (word_share(value) > 0.6 or not is_mixed(value.replace("/", ""))):
        return ValueKind.REFERENCE
    if _SHAPES.match(value):
        return ValueKind.WEAK if value.isdigit() and 6 <= len(value) <= 10 else ValueKind.NOISE
    if len(value) > 128 or _is_prose(value, key) or _is_foreign(value):
        return ValueKind.NOISE
    if is_made_for_tests(value) and not is_mixed(value):
        return ValueKind.PLACEHOLDER
    if (len(split_name(value)) > 1 and _same_words(value, key)) or _is_part_of(value, key):
        return ValueKind.NOISE
    if _squeezed(value) == _squeezed(key):
        return ValueKind.WEAK if value.isalnum() else ValueKind.NOISE
    if _is_identifier(value, key) or _VARIABLE_NAME.match(value):
        return ValueKind.NOISE
    return ValueKind.SECRET


def is_weak(value: str) -> bool:
    """Whether the password is in every guessing list, as it is or in leet speech, or walks the keyboard."""
    if value.isalpha() and re.match(r"[a-z]+[A-Z]", value):
        return False
    low = value.lower()
    plain = low.rstrip("!@#$%^&*.?0123456789")
    if low in COMMON_PASSWORDS or low.rstrip("!@#$*.?") in COMMON_PASSWORDS:
        return True
    if low.translate(_LEET) in COMMON_PASSWORDS and len(plain) > 3:
        return True
    if len(value) - len(plain) <= 6 and len(plain) > 3 and plain.translate(_LEET) in COMMON_PASSWORDS:
        return True
    return len(value) <= 24 and walk_share(value) >= 0.85


def _is_prose(value: str, key: str) -> bool:
    """Whether it is a sentence, a label or a list; a passphrase of plain words is not, if the name asks for one."""
    if "\n" in value:
        return True
    if not re.search(r"\s", value):
        return False
    parts = value.split()
    words = [w for w in words_in(value) if len(w) > 1]
    if "phrase" in key.lower() and len(parts) >= 3 and value.islower() and not _ABOUT_PASSWORDS & set(words):
        return False
    known = sum(is_word(w) or not w.isascii() for w in words)
    return not words or len(parts) > 3 or known >= len(words) / 2 or any(w in _ABOUT_PASSWORDS for w in words)


def _is_foreign(value: str) -> bool:
    """Whether it is text in another script: people's passwords are typed on a keyboard that logs in."""
    letters = [c for c in value if c.isalpha()]
    return (
        sum(not c.isascii() for c in letters) > len(letters) / 2
        and len(letters) > 3
        and not any(c.isdigit() for c in value)
    )


def is_mixed(value: str) -> bool:
    """Whether there are digits or signs among the letters, as in passwords and not in identifiers."""
    return switches(value) >= 2 or (any(c.isdigit() for c in value) and bool(re.search(r"[!@#$%^&*?~+=]", value)))


def _is_identifier(value: str, key: str) -> bool:
    """Whether a value of letters reads as a name or a plain word: `passwordField`, `user_password`, `required`."""
    bare = value.strip("_-.:*?!()[] ")
    if not _IDENTIFIER.match(bare):
        return _is_numbered_name(bare)
    words = words_in(bare.replace("_", " "))
    if len(words) == 1:
        return _is_plain_word(words[0])
    if re.search(r"[a-z][A-Z]", bare) and re.search(r"password|passwd", bare, re.IGNORECASE):
        return not re.match(r"(?:[Mm]y|[Ss]uper|[Ss]ecret|[Tt]op|[Ss]trong)[A-Z]", bare)
    if bare.isupper() or "_" in bare or "." in bare or "/" in bare or re.match(r"[a-z]+(?:[A-Z][a-z]+)+\Z", bare):
        return sum(is_word(w) or len(w) < 3 or bool(parts_of(w)) for w in words) >= len(words) * 0.6
    if any(w in _ABOUT_PASSWORDS for w in words):
        return True
    return _same_words(bare, key) or all(is_word(w) for w in words)


def _is_plain_word(word: str) -> bool:
    """Whether one run of letters is a word of the dictionary, or is glued of words about passwords."""
    if is_word(word):
        return True
    parts = parts_of(word)
    return bool(parts) and any(part in _ABOUT_PASSWORDS for part in parts) and parts[-1] not in ("pass", "pwd")


def _is_numbered_name(value: str) -> bool:
    """Whether it is a name with a number: `password1`, `token_2`, `user.password.v2`."""
    match = re.match(r"([A-Za-z_.-]+?)[_.-]?\d{1,2}([A-Za-z_.-]*)\Z", value)
    if not match:
        return False
    words = words_in(f"{match[1]} {match[2]}".replace("_", " "))
    return bool(words) and all(is_word(w) for w in words) and any(w in _ABOUT_PASSWORDS for w in words)


def _same_words(value: str, key: str) -> bool:
    """Whether value and name are the same words: `password_field = "passwordField"`."""
    names = _without_counter(key)
    tail = _NAMESPACE.sub("", value)
    return _are_the_words(value, names) or (len(split_name(tail)) > 1 and _are_the_words(tail, names))


_NAMESPACE = re.compile(r"@?[a-z][\w./@-]*[:#/]")
"""Before the name of a feature or a parameter: `@aws-cdk/cognito:logUserPoolClientSecretValue`."""


def _are_the_words(value: str, names: list[str]) -> bool:
    words = _without_counter(value)
    return bool(words) and (words == names or (len(words) > 1 and words == names[-len(words) :]))


def _without_counter(name: str) -> list[str]:
    """The words of a name without a single digit at its end: `password2`."""
    words = split_name(name)
    return words[:-1] if words and len(words[-1]) == 1 and words[-1].isdigit() else words


def _machine_made(value: str, key: str, kind: NameKind) -> ValueKind:
    """A token, a key or a secret: no, unless it looks random; a secret's name also admits what people think up."""
    chosen = kind in (NameKind.SECRET, NameKind.KEY)
    if re.search(r"\s", value) or (is_place(value) and not _looks_random(value)):
        if chosen and value.lower() == "keyboard cat":
            return ValueKind.WEAK
        return ValueKind.REFERENCE if is_place(value) else ValueKind.NOISE
    if _SHAPES.match(value) and not _looks_random(value):
        return ValueKind.NOISE
    if not _TOKEN_CHARACTERS.match(value) or _same_words(value, key):
        return ValueKind.NOISE
    if _ADDRESS.match(value) and kind not in (NameKind.SECRET, NameKind.KEY):
        return ValueKind.NOISE
    if _counts_bytes(value):
        return ValueKind.PLACEHOLDER
    if is_made_for_tests(value) or (len(value) > 7 and walk_share(value) > 0.6):
        return ValueKind.PLACEHOLDER
    if _looks_random(value) and (kind is not NameKind.HINT or len(value) >= 16):
        return ValueKind.SECRET
    if _CONSTANT_NAME.match(value):
        return ValueKind.NOISE
    if chosen and _BOAST.match(value):
        return ValueKind.WEAK
    if chosen and _is_chosen(value, key):
        return ValueKind.SECRET
    return ValueKind.WEAK if chosen and is_weak(value) else ValueKind.NOISE


_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}\Z")
"""An account or a contract of Ethereum, which everybody may know: https://eips.ethereum.org/EIPS/eip-55"""


def _counts_bytes(value: str) -> bool:
    """Whether it is hexadecimal of bytes that count up or down: `000102030405060708090a`, as standards have vectors."""
    if not _HEX.match(value) or len(value) % 2:
        return False
    octets = bytes.fromhex(value.removeprefix("0x"))
    return len({(b - a) % 256 for a, b in pairwise(octets)}) == 1


def _is_chosen(value: str, key: str) -> bool:
    """Whether it could be a secret that a person thought up: 8 or more, with letters and something else."""
    letters, digits = any(c.isalpha() for c in value), any(c.isdigit() for c in value)
    signs = re.search(r"[!@#$%^&*?~+=]", value) is not None
    return (
        len(value) >= 8 and letters and (digits or signs) and not _is_identifier(value, key) and word_share(value) < 0.8
    )


def _looks_random(value: str) -> bool:
    """Whether a machine drew the characters: by shape (hex, UUID), or by entropy and letter pairs."""
    value = value[:MAX_LENGTH]
    if _HEX.match(value) or _UUID.match(value):
        return entropy(value) > 2.6
    if len(value) < 12 or entropy(value) < min(3.0, 0.75 * _most_bits(len(value))):
        return False
    if word_share(value) > 0.5:
        return False
    digits = sum(c.isdigit() for c in value)
    if digits and any(c.isalpha() for c in value):
        return switches(value) >= 3 or surprise(value) > 4.8
    return surprise(value) > (4.9 if len(value) >= 20 else 5.3) and _has_humps(value)


def _most_bits(length: int) -> float:
    """The entropy of so many different characters."""
    return float(length.bit_length() - 1)


def _has_humps(value: str) -> bool:
    """Whether upper and lower case are mixed more than in camel case."""
    changes = sum(a.islower() and b.isupper() for a, b in pairwise(value))
    return changes >= len(value) / 8
