"""Environment files, shell start-up files, scripts and histories."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.inspectors.secrets.files import command_lines, scans, sql_statements
from seatrial.inspectors.secrets.files.base import Entry, Parser


def _history(_path: str, text: str) -> Iterator[Entry]:
    yield from command_lines.entries(text)
    yield from sql_statements.entries(text)


def _script(_path: str, text: str) -> Iterator[Entry]:
    yield from command_lines.entries(text, variables=False)


def _profile(_path: str, text: str) -> Iterator[Entry]:
    yield from command_lines.entries(text, variables=True)


PARSERS = (
    Parser(
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
        scan=scans.all_of(scans.key_values(multiline=True)),
    ),
    Parser(
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
    Parser(
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
    Parser(
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
)
