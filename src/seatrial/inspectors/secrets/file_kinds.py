# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""What a path says about a file: whether bare words in it are values, and whether it is a sample."""

from __future__ import annotations

import enum
import functools
import re

from seatrial.inspectors.secrets.words import wordset


class FileKind(enum.Enum):
    """How values are written in a file."""

    CODE = "code"
    """Only quoted literals are values; a bare right-hand side is an expression."""
    CONFIG = "config"
    """Bare text after `=` or `:` is a value."""
    SHELL = "shell"
    """Bare text directly after `=` is a value; command lines are common."""
    TEXT = "text"
    """Prose, logs, notes: bare text is a value if it looks like one."""


_CODE = wordset("""
    py pyi pyx js jsx ts tsx mjs cjs java kt kts scala groovy gradle go rs c h cc cpp cxx hpp hh m mm cs vb fs php php3
    php4 php5 phtml inc rb erb pl pm t lua swift dart r jl ex exs erl hs clj cljs cljc edn nse sql ddl tf tfvars hcl vue svelte html
    htm xhtml jsp asp aspx ascx cshtml ejs hbs mustache twig jinja jinja2 css scss sass less json json5 jsonc ipynb sol
    bb hy el lisp lsp cl asd scm ss rkt fnl janet cr
    nim zig v pas d ml mli elm coffee tcl asm cob cbl bas vbs pug haml graphql proto toml bicep csproj lock map feature
    ahk au3 applescript
""")
_CONFIG = wordset("""
    env ini cfg cnf conf config properties props yaml yml xml plist service netrc npmrc pypirc yarnrc pgpass my htaccess
    htpasswd template tpl j2 dist default sample local settings params parameters reg rdp ovpn wsdl xsd xsl resx strings
    override secret secrets prod production dev development staging
""")
_SHELL = wordset("sh bash zsh fish ksh csh bat cmd ps1 psm1 psd1 dockerfile containerfile jenkinsfile expect exp")
_SHELL_NAMES = re.compile(
    r"(?:docker|container|jenkins|vagrant|proc|just)file(?:\..*)?\Z|\.(?:bash|zsh|profile)", re.IGNORECASE
)
_SAMPLE = re.compile(
    r"""
      (?:^|/)(?:(?:\w{1,40}[-_])?examples?(?:[-_][\w-]{1,40})?|tests?|testing|testdata|test[-_]\w+|\w*[-_]tests?|specs?|__tests__|__mocks__|mocks?|(?:\w{1,40}[-_])?fixtures?|e2e|molecule|testsuites?|devstack|docs?|docs?[-_]\w+|t|unit
        |documentation|examples?|samples?|demos?|tutorials?|locales?|i18n|l10n|lang|langs|languages|translations|stubs?
        |zuul\.d|benchmarks?|snippets|cookbook|playground|cypress|storybook|unittests?|integration[-_]?tests?|acceptance)/
    | (?:^|/)(?:(?:test|demo|example)_[^/]*|conftest\.py|[^/]*[-_.](?:tests?|spec|e2e|mock|stories|fixture|examples?|samples?|template|dist)\.[^/]*
        |[^/]*_test\.\w+|(?:[^/]*[-_.])?(?:placeholders?|dummy|dummies|fakes?|mocks?|sample[-_]?data|demo[-_]?data)\.\w+|[^/]*(?-i:Tests?|Spec|IT|TestCase|Mock|Fixture)\.\w+|[^/]*\.(?:md|mdx|markdown|rst|adoc|feature
        |example|sample|template|dist|tmpl|po|pot|xliff|arb|xlf|strings|snap)
        |\.?zuul\.ya?ml|[^/]*\.conf\.tests?|[^/]*[-_]testing\.\w+|readme[^/]*|changelog[^/]*|changes[^/]*|history[^/]*|tests?\.\w+)\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LANGUAGE = (
    "(?:a[fmrsz]|b[egns]|c[asyz]|d[aek]|e[elnostu]|f[ailry]|g[aldu]|h[eirtuy]|i[dst]|j[ap]|k[akmnor]|l[abotv]|m[klnrsty]"
    "|n[belno]|p[alst]|r[mou]|s[ikloqrvw]|t[aehlr]|u[krz]|vi|zh)(?:[_-](?:[a-z]{2,4}|[0-9]{3}))?"
)
"""Codes of ISO 639-1, less those that mean something else in names of files (`db`, `qa`, `ci`, `st`)."""
_LABELS = re.compile(
    r"(?:^|/)(?:locales?|i18n|l10n|langs?|languages?|translations?|messages|_locales|lproj|nls|intl|strings|\w+\.lproj"
    r"|values-[a-z]{2}(?:-r[a-z]{2})?)(?:[/._-]|\Z)"
    rf"|(?:^|[._/-]){_LANGUAGE}\.(?:json5?|ya?ml|properties|php|ts|js|po|xml|toml|ini)\Z"
    r"|\.(?:po|pot|arb|xlf|xliff|resx|strings|stringsdict|xcstrings|ftl)\Z"
    r"|(?:^|/)(?:messages|strings|labels|translation)\w*\.\w+\Z|(?:^|/)i18n\.(?:properties|json|ya?ml|xml)\Z"
    r"|(?:^|/)(?:messages?|strings?|labels?|language|translations?|i18n|bundle|resources?|validationmessages|locale)"
    rf"[_.-]{_LANGUAGE}\.\w+\Z",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=1024)
def file_kind(path: str, first: str = "") -> FileKind:
    """How values are written in this file, judged by its name and, without an extension, its first line."""
    name = path.rsplit("/", 1)[-1].lower()
    if _SHELL_NAMES.match(name):
        return FileKind.SHELL
    if name in ("makefile", "gnumakefile") or name.endswith(".mk"):
        return FileKind.CONFIG
    if ".env" in name or name.startswith("env."):
        return FileKind.CONFIG
    extension = name.rsplit(".", 1)[-1] if "." in name else ""
    for kind, extensions in ((FileKind.CODE, _CODE), (FileKind.SHELL, _SHELL), (FileKind.CONFIG, _CONFIG)):
        if extension in extensions:
            return kind
    if first.startswith("#!"):
        return FileKind.SHELL if re.search(r"\b(?:ba|z|k|da|a)?sh\b", first) else FileKind.CODE
    return FileKind.TEXT


@functools.lru_cache(maxsize=1024)
def is_sample(path: str) -> bool:
    """Whether the path is of tests, documentation, examples or translations: findings there are less sure."""
    return _SAMPLE.search(path) is not None


@functools.lru_cache(maxsize=1024)
def holds_labels(path: str) -> bool:
    """Whether the file holds texts for people by key (translations): words in it are never passwords."""
    return _LABELS.search(path) is not None
