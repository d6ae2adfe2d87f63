# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Texts in the place of a secret that will be: references to it, and placeholders for it."""

from __future__ import annotations

import base64
import json
import re

from seatrial.inspectors.secrets.wordlike import entropy, word_share, words_in
from seatrial.inspectors.secrets.words import COMMON_PASSWORDS, wordset

_REFERS = re.compile(
    r"""
      \$\{ | \#\{ | \{\{ | \}\} | <% | %> | \$\( | \$\[ | \{%                # ${X} #{X} {{ x }} <%= x %> $(x)
    | %\(\w+\)[sdr]                                                          # %(name)s
    | \{[a-z_]\w*(?:\.\w+|\[\w+\])*(?:![rsa])?\}                             # f"{password}"
    | (?<!\w)(?:self|cls)\.[A-Za-z_]\w*                                     # an attribute in an expression
    | \$ANSIBLE_VAULT
    """,
    re.VERBOSE,
)
"""Anywhere in a reference."""
_REFERENCE = re.compile(
    r"""
      \$\w+$ | &[\w-]+[:.] | &[A-Za-z][\w.-]{2,60};$ | \$env:\w+$ | %\w+%$ | @[\w.-]+@$ | @\w+$ | :\w+$ | \{[\w.:\-]*\}$ | \$\w+(?:->|\[|::|/|\.\w+$)
    | !(?:vault|encrypted(?:/[\w-]+)?|secret|Ref|Sub|GetAtt|Join|ImportValue|env|include)\b
    | (?:ENC|DEC|AES256|SOPS|KMS|crypt)[\[(] | ENC\[AES
    | (?:vault|ssm|secretsmanager|aws-sm|awssm|gcpsm|sm|op|env|file|keyring|keyvault|secretref|secret|akv|doppler|bws
         |azurekeyvault|keychain|lastpass|pass|bao|k8s|ref|credstash|parameterstore)(?:://?|[:+]/?)[\w./{]
    | (?:os\.environ|process\.env|environ|env)/[A-Za-z_]\w*$ | /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/?$ | arn:aws[\w-]*: | projects/[^/]+/secrets/ | @Microsoft\.KeyVault
    | (?:secrets|vars|env|inputs|github|var|local|data|module|params|values|Values|config|settings|self|this|cls|args
         |opts|options|request|req|ctx|context|process\.env|os\.environ|ENV|import\.meta|app\.config|System|props|state
         |conf|cfg|creds?|credentials?|user|form|event|body)\.[A-Za-z_][\w.\[\]'"-]*$
    | (?:os\.environ|process\.env|ENV|getenv|os\.getenv|\$_ENV|\$_SERVER|env|config|settings|Rails)\s*[\[(.]
    | [A-Za-z_$][\w.:>$?!-]*\([^()]*(?:\([^()]*\)[^()]*)*\)?[;,]?$          # a call
    | (?:await|new|function|lambda|return|typeof|not)\s
    """,
    re.VERBOSE,
)
"""From the beginning of a reference."""

_URL = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:|jdbc:)", re.IGNORECASE)
_PATH = re.compile(
    r"""
      (?:[\w.@-]+/)+$ | (?:\.{1,2}|~)/ | /?\.\.[/%] | \?\w+= | (?:~|\.{1,2}|\$HOME|%\w+%)?/(?:[\w.@ -]+/)+[\w.@ -]*$ | [A-Za-z]:\\ | \\\\[\w.]+\\
    | /(?:run|etc|var|usr|opt|home|tmp|dev|root|mnt|srv|secrets?|app|data|api|auth|v\d)\b
    | [\w./\\$%-]+\.(?:txt|pem|key|crt|cer|p12|pfx|jks|json|ya?ml|xml|html?|js|tsx?|py|rb|php|java|go|cs|sh|conf|cfg|ini
        |properties|env|png|jpe?g|gif|svg|css|scss|md|log|sql|db|gpg|asc|bin|dat|csv|tpl|j2|erb|vue|phtml|exe|dll|toml)$
    | (?:[a-z][\w.-]*/){1,6}[a-z][\w.-]*$
    """,
    re.VERBOSE,
)

_FILLER = re.compile(r"[\W_xX0]+$|<[^<>]*>$|\[[^\]]*\]$|__\w+__$|-+[\w ]+-+$")
_FILLING = re.compile(r"[xX]{4}|\*{3}|\.{3}|…|[•●]{2}|_{4}|#{4}")
_SAYS_SO = re.compile(
    r"""
      change[-_. ]it\b | change[-_. ]?(?:me|this|th[ae]t|now|please|before|in)\b | changeme
    | \b(?:your|ur|my[-_ ]?own)[-_. ]?[^\n]{0,60}?(?:pass|pwd|secret|token|key|api|auth|cred|app|client|user|account)
    | placeholder | redacted | dummy | \bfake | example | \bsample\b | \bfoo(?:bar)?\b
    | (?:replace|insert|enter|put|fill|paste|provide|specify|add|set|type|use|supply)[-_ ]*(?:me|this|in|with|your|a|an|the|here|it)(?:$|[-_ ])
    | goes[-_ ]?here | [-_ ]here$
    | \b(?:todo|fixme|tbd|n/a|lorem|ipsum|blah|whatever|undisclosed|omitted|removed|masked|censored|obfuscated|scrubbed)\b
    | (?:test|mock|stub|invalid|bad|wrong|incorrect|bogus|expired|random|valid|new|old|sample|demo|custom|default|plain|raw|unknown|another|other|first|second|correct|good)[-_. ]
      (?:[^\n]{0,60}?[-_. ])?(?:pass(?:word|wd|phrase)?|pwd|secret|token|key|auth|cred(?:ential)?s?|value|jwt|string)\d{0,2}$
    | \b(?:user|your)[-_ ]?input | deadbeef | cafebabe | c0ffee | (?:key|token|secret)[-_]?1234[0-9]{0,6}$
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Anywhere in a value."""
_LONG_WORD = re.compile(r"[A-Za-z]{4}")
"""Longer than what chance writes: one of ten thousand drawn keys has `tbd` as a word of its own."""
_SAYS_SO_FIRST = re.compile(
    r"""
      change[-_ ]?me | your[a-z]*(?:pass|pwd|secret|token|key|api|auth|cred) | your[-_ A-Z] | sample | foobar
    | (?:replace|insert|enter|paste|fill)[-_ ]
    | (?:some|any|the|an?)[-_ ](?:[^\n]{0,60}?[-_ ])?(?:pass\w*|pwd|secrets?|tokens?|keys?|value|string|thing)\d*$
    | some(?:pass|secret|token|key|value|string|random) | not?[-_ ]?(?:a[-_ ])?(?:real|set|needed|used|required|pass|secret|token|key|valid|provided|applicable)
    | (?:un(?:set|used|known|defined|specified)|empty|blank|missing|required|optional|generated|secure|encrypted|hidden|none)$
    | (?:pass(?:word|wd|phrase)?|pwd|secret|token|key|api[-_ ]?key)[-_ ](?:here|value|string|text|goes)$
    | <.*>$ | \{.*\}$ | \[.*\]$ | abc(?:def)?(?:123)?$ | (?:0x)?0+1?$
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""From the beginning of a value."""
_PASSWORD_STEMS = wordset(
    "passord passordet lösenord losenord adgangskode heslo hesla heslem hasło hasła haslo hasla jelsz salasan salasõna"
    " wachtwoord kennwort passwört contraseñ contrasen clave parol lozink geslo gesla şifre sifre sandi slaptažod"
    " lykilorð pasahitz cyfrinair парол лозинк κωδικ συνθηματικ mật 密码 密碼 口令 パスワード 비밀번호 암호 סיסמ رمز كلمة"
)
"""What the word for a password begins with, in languages other than English."""
_LABEL = re.compile(r"[^\W\d_]+(?:[\s,.:;!?'’()*-]{1,3}[^\W\d_]+){0,20}[\s.:!?*…]{0,3}")
_LABEL_WORDS = re.compile(
    rf"(?:^|[\s('’-])(?:{'|'.join(sorted(_PASSWORD_STEMS))}|mots? de passe|palavra-passe)[^\W\d_]{{0,6}}(?![\w])"
)
_MOCK_WORDS = wordset("test tests testing mock mocked stub fake dummy example sample invalid bogus unittest")


_DJANGO_KEY = re.compile(
    r"(?:django-insecure-)?(?=(?:[^0-9]*[0-9]){2})(?=(?:\w*[^\w]){3})(?P<drawn>[a-z0-9!@#$%^&*(\-_=+)]{50})\Z"
)


def is_django_key(value: str) -> bool:
    """
    Whether it is what `django.core.management.utils.get_random_secret_key` makes: 50 characters of its alphabet, drawn
    and not words. `$(x)`, `%x%`, `x(y)` and three stars in a row are chance there, in one of a thousand keys.
    """
    made = _DJANGO_KEY.match(value)
    return made is not None and entropy(made["drawn"]) > 4.2 and word_share(made["drawn"]) < 0.3


def is_reference(value: str) -> bool:
    """Whether the value names a place where the secret is kept, or is computed."""
    if is_django_key(value):
        return False
    return _REFERENCE.match(value) is not None or _REFERS.search(value) is not None


def is_place(value: str) -> bool:
    """Whether the value is a URL, a path or a file's name."""
    return _URL.match(value) is not None or _PATH.match(value) is not None


def is_placeholder(value: str) -> bool:
    """Whether the value says that it is to be replaced, or is nothing but filler."""
    if is_django_key(value):
        return any(_LONG_WORD.search(said[0]) for said in _SAYS_SO.finditer(value))
    if _FILLER.match(value) or _FILLING.search(value) or is_header_only(value):
        return True
    if re.search("[a-z]", value) and is_label(value):  # other scripts are judged as text by `values.py`
        return True
    return bool(_SAYS_SO_FIRST.match(value) or _SAYS_SO.search(value))


_HEADER_ONLY = re.compile(r"eyJ(?:0eXAi|hbGci|raWQi|lbmMi|jdHki)[0-9A-Za-z_-]*[.=]{0,2}\Z")
"""The base64 of `{"typ"`, `{"alg"`, `{"kid"`, `{"enc"` or `{"cty"` without a payload: https://www.rfc-editor.org/rfc/rfc7519#section-3"""


def is_header_only(value: str) -> bool:
    """Whether the value is the header of a JSON Web Token only, or an object of plain words: neither opens anything."""
    return _HEADER_ONLY.match(value) is not None or (value.startswith("eyJ") and _holds_words(value))


def _holds_words(value: str) -> bool:
    """Whether it is the Base64 of a flat JSON object in which every text is a word: `{"session_id": "default"}`."""
    try:
        decoded = json.loads(base64.urlsafe_b64decode(value[:400].rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)))
    except (ValueError, RecursionError):
        return False
    if not isinstance(decoded, dict) or not decoded:
        return False
    return all(
        isinstance(x, bool | None) or (isinstance(x, str) and len(x) < 20 and x.isalpha()) for x in decoded.values()
    )


def is_label(value: str) -> bool:
    """Whether the value asks people for a password in a language other than English: `Angi et passord.`, `Heslo`."""
    if len(value) > 200 or value.lower() in COMMON_PASSWORDS:
        return False
    return _LABEL.fullmatch(value) is not None and _LABEL_WORDS.search(value.lower()) is not None


def is_made_for_tests(value: str) -> bool:
    """Whether the value says of itself, by a word of its own, that it belongs to a test: `test-token-123`."""
    if is_django_key(value):  # in the middle chance writes `test`, too
        return re.match(rf"(?:django-insecure-)?(?:{'|'.join(sorted(_MOCK_WORDS))})(?![a-z])", value) is not None
    return any(word in _MOCK_WORDS for word in words_in(value.replace("_", " ")))
