"""Environment files, shell start-up files, scripts and histories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from seatrial.inspectors.secrets.files import command_lines, key_value, scans, sql_statements
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile
from seatrial.inspectors.secrets.files.names import is_secret


def _history(_path: str, text: str) -> Iterator[CredentialEntry]:
    yield from command_lines.entries(text)
    yield from sql_statements.entries(text)


def _script(_path: str, text: str) -> Iterator[CredentialEntry]:
    yield from command_lines.entries(text, variables=False)


def _dotenv(path: str, text: str) -> Iterator[CredentialEntry]:
    for entry in scans.key_values(multiline=True)(path, text):
        if entry.span.value.startswith("base64:"):  # Laravel's APP_KEY
            yield replace(entry, judged=entry.span.value[7:])
        else:
            yield entry


_ENV = re.compile(r"^[ \t]*(?:ENV|ARG)[ \t]+(?P<key>[A-Za-z_]\w{1,100})[ \t]+(?P<value>[^\r\n]+)", re.MULTILINE)


def _dockerfile(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`ENV name=value ...` and the older `ENV name value`."""
    yield from command_lines.entries(text)
    for match in _ENV.finditer(text):
        if is_secret(match["key"]):
            yield CredentialEntry(match["key"], key_value.value_at(text, match.start("value"), match.end("value")))


def _profile(_path: str, text: str) -> Iterator[CredentialEntry]:
    yield from command_lines.entries(text, variables=True)


PARSERS = (
    CredentialFile(
        id="dotenv",
        title="value in an environment file",
        documentation="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax",
        names=(
            ".env",
            ".env*",
            "*.env",
            "env.sh",
            ".envrc",
            ".flaskenv",
            ".env.vault",
            "*.envrc",
            "env.list",
            ".dev.vars",
            ".secrets",
        ),
        scan=_dotenv,
    ),
    CredentialFile(
        id="shell-profile",
        title="value in a shell start-up file",
        documentation="https://www.gnu.org/software/bash/manual/html_node/Bash-Startup-Files.html",
        names=(
            *(
                ".bashrc",
                ".bash_profile",
                ".bash_login",
                ".bash_aliases",
                ".profile",
                ".bash_env",
                ".bash_exports",
                ".bash_private",
            ),
            *(".zshrc", ".zshenv", ".zprofile", ".zlogin", ".kshrc", ".cshrc", ".tcshrc", ".login", "config.fish"),
            *(
                ".exports",
                ".extra",
                ".aliases",
                ".secret",
                ".localrc",
                ".functions",
                "bashrc",
                "bash_profile",
                "zshrc",
                "profile",
            ),
            *("etc/environment", "etc/profile"),
        ),
        scan=_profile,
    ),
    CredentialFile(
        id="shell-history",
        title="password in a history file",
        documentation="https://www.gnu.org/software/bash/manual/html_node/Bash-History-Facilities.html",
        names=(
            *(
                ".bash_history",
                ".zsh_history",
                ".sh_history",
                ".history",
                ".zhistory",
                ".ash_history",
                ".ksh_history",
                "fish_history",
            ),
            *(".mysql_history", ".psql_history", ".sqlite_history", ".python_history", ".irb_history", ".pry_history"),
            *(
                ".rediscli_history",
                ".dbshell",
                ".mongorc.js",
                ".node_repl_history",
                ".php_history",
                "bash_history",
                "zsh_history",
            ),
            *("consolehost_history.txt", ".lesshst", ".viminfo", "*.history"),
        ),
        scan=_history,
    ),
    CredentialFile(
        id="dockerfile",
        title="value in a Dockerfile",
        documentation="https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
        names=("dockerfile", "dockerfile*", "*.dockerfile", "containerfile", "containerfile*"),
        scan=scans.all_of(_dockerfile),
    ),
    CredentialFile(
        id="command-line",
        title="password on a command line",
        documentation="https://cwe.mitre.org/data/definitions/214.html",
        names=(
            *(
                "*.sh",
                "*.bash",
                "*.zsh",
                "*.fish",
                "*.ksh",
                "*.bat",
                "*.cmd",
                "*.ps1",
                "makefile",
                "gnumakefile",
                "*.mk",
                "justfile",
            ),
            *(
                "dockerfile",
                "dockerfile*",
                "*.dockerfile",
                "containerfile",
                "jenkinsfile",
                "procfile",
                "vagrantfile",
                "crontab",
            ),
        ),
        scan=_script,
    ),
    CredentialFile(
        id="package-scripts",
        title="password in a package's script",
        documentation="https://docs.npmjs.com/cli/using-npm/scripts",
        names=("package.json", "composer.json", "deno.json", "nodemon.json", "lerna.json"),
        scan=_history,
    ),
)
