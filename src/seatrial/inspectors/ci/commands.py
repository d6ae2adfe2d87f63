"""
What commands do, with what they call: scripts of the repository, targets of a Makefile, scripts of package.json.

A shallow reading: the first word of each command decides. What is called is followed a few levels deep.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from seatrial.inspectors.whole import LIMIT, Whole, section
from seatrial.inspectors.workflows import shell

_DEPTH = 4
_MANIFESTS = 100  # package.json files that one command looks at
_TOTAL = 256 * 1024  # characters of one job with everything that it calls
_SPLIT = re.compile(r"[\n;&|]+|\bthen\b|\bdo\b|\belse\b")
_WORD = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|([^\s\"']+)")
_BEFORE = frozenset({
    "sudo", "exec", "time", "env", "command", "nohup", "nice", "xvfb-run", "if", "!", "poetry", "uv", "pdm", "hatch",
    "pipenv", "pipx", "rye", "run", "cross-env", "dotenv", "bundle", "(", "{", "@",
})  # fmt: skip
"""Words before the command itself."""
_INTERPRETERS = re.compile(
    r"^(?:bash|sh|zsh|dash|ksh|source|\.|python[\d.]*|node|ruby|perl|php|pwsh|powershell|deno|bun|tsx)$"
)
_INSTALLS = frozenset({"ci", "install", "i", "add"})
_NODE = frozenset({"npm", "pnpm", "yarn", "bun"})
_ALL = re.compile(r"^(?:--workspaces?(?:=.*)?|-w|-ws|-r|--recursive|--filter(?:=.*)?|-F|workspaces?)$")


def expanded(whole: Whole, text: str, folder: str = "") -> str:
    """
    Commands, followed by the texts of what they call.

    Args:
        whole: the repository.
        text: a script.
        folder: where it runs, from the top of the repository.
    """
    known: dict[str, None] = {}
    _follow(whole, shell.code(text), folder, known, _DEPTH)
    return "\n".join(known)[:_TOTAL]


def _follow(whole: Whole, text: str, folder: str, known: dict[str, None], depth: int) -> None:
    if text in known or sum(map(len, known)) > _TOTAL:
        return
    known[text] = None
    if depth:
        for command in _SPLIT.split(text):
            words = [next(filter(None, found.groups()), "") for found in _WORD.finditer(command)]
            for called in _called(whole, _bare(words), folder):
                _follow(whole, shell.code(called), folder, known, depth - 1)


def _bare(words: list[str]) -> list[str]:
    """A command without what comes before its name: assignments, `sudo`, `poetry run`."""
    at = 0
    while at < len(words) and (words[at].lstrip("@-") in _BEFORE or re.match(r"^\w+=", words[at])):
        at += 1
    if at < len(words) and words[at] == "timeout":
        at += 2
    return words[at:]


def _called(whole: Whole, words: list[str], folder: str) -> Iterator[str]:
    """The texts that a command runs."""
    if not words:
        return
    name, arguments = posixpath.basename(words[0]), words[1:]
    plain = [one for one in arguments if not one.startswith("-")]
    if name in ("make", "gmake"):
        yield from _make(whole, [one for one in plain if "=" not in one], _folder(arguments, "-C", folder))
    elif name in _NODE:
        yield from _node(whole, name, arguments, folder)
    elif name in ("just", "task", "poe", "composer", "invoke", "inv"):
        yield from _recipes(whole, name, plain, folder)
    elif name == "pre-commit":
        yield whole.text(".pre-commit-config.yaml")
    elif name in ("docker", "docker-compose", "podman", "podman-compose"):
        yield from _container(whole, arguments, folder)
    elif _INTERPRETERS.match(name):
        yield _script(whole, plain[0], folder) if plain else ""
    elif text := _script(whole, words[0], folder):
        yield text
    else:
        yield from _tasks(whole, words[0])


def _folder(arguments: list[str], option: str, folder: str) -> str:
    for index, one in enumerate(arguments[:-1]):
        if one == option:
            return posixpath.normpath(posixpath.join(folder, arguments[index + 1]))
    return folder


def _script(whole: Whole, word: str, folder: str) -> str:
    """The text of a script of the repository; empty if the word names none."""
    path = re.sub(r"^\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|WORKSPACE|PWD|GITHUB_ACTION_PATH)\}?/", "", word)
    path = re.sub(r"^\$\{\{[^}]*\}\}/", "", path)
    for place in (posixpath.normpath(posixpath.join(folder, path)), posixpath.normpath(path)):
        if place in whole.tree.paths and not place.startswith(".."):
            return whole.text(place)
    return ""


_RULE = re.compile(
    r"^(?P<names>[\w./%-]+(?:[ \t]+[\w./%-]+){0,20})[ \t]*:(?![:=])(?P<needs>[^\n#]*)\n?"
    r"(?P<body>(?:[ \t][^\n]*\n?|\n)*)",
    re.MULTILINE,
)
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile")


def _make(whole: Whole, targets: list[str], folder: str) -> Iterator[str]:
    path = next(
        (p for n in ("Makefile", "makefile", "GNUmakefile") if (p := posixpath.join(folder, n)) in whole.tree.paths), ""
    )
    rules = {name: match for match in _RULE.finditer(whole.text(path)) for name in match["names"].split()}
    pending = targets or [next((name for name in rules if not name.startswith(".")), "")]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in rules and name not in seen:
            seen.add(name)
            yield re.sub(r"^[ \t]+[@-]*", "", rules[name]["body"], flags=re.MULTILINE)
            pending += rules[name]["needs"].split()


def _node(whole: Whole, program: str, arguments: list[str], folder: str) -> Iterator[str]:
    said = {"run", "run-script", "exec"} & set(arguments)
    names = [one for one in arguments if not one.startswith("-") and one not in ("run", "run-script", "exec")]
    if not said:  # `npm ci` installs; only a few scripts need no `run`
        short = ("test", "t", "tst", "start", "stop", "restart")
        names = [one for one in names if one in short or (program != "npm" and one not in _INSTALLS)]
    manifest = posixpath.join(folder, "package.json")
    everywhere = any(_ALL.match(one) for one in arguments) or manifest not in whole.tree.paths
    paths = whole.node_manifests[:_MANIFESTS] if everywhere else (manifest,)
    for path in paths:
        scripts = section(whole.json(path), "scripts")
        for name in names:
            for one in (f"pre{name}", name, f"post{name}"):
                if isinstance(scripts.get(one), str):
                    yield str(scripts[one])


def _recipes(whole: Whole, program: str, names: list[str], folder: str) -> Iterator[str]:
    """Recipes of other runners of tasks."""
    if program == "composer":
        scripts = section(whole.json(posixpath.join(folder, "composer.json")), "scripts")
        yield from ("\n".join(_texts(scripts.get(name))) for name in names)
    elif program == "just":
        path = next((p for p in ("justfile", "Justfile", ".justfile") if p in whole.tree.paths), "")
        rules = {match["names"].split()[0]: match["body"] for match in _RULE.finditer(whole.text(path))}
        yield from (rules[name] for name in names or list(rules)[:1] if name in rules)
    elif program == "task":
        path = next((p for p in ("Taskfile.yml", "Taskfile.yaml") if p in whole.tree.paths), "")
        for name in names or ["default"]:
            found = re.search(rf"^  {re.escape(name)}:[^\n]*\n((?:    [^\n]*\n?|\n)*)", whole.text(path), re.MULTILINE)
            body = re.sub(r"^[ \t]*-\s*(?:cmd:\s*)?", "", found[1], flags=re.MULTILINE) if found else ""
            yield re.sub(r"^task:[ \t]*", "task ", body, flags=re.MULTILINE)
    elif program == "poe":
        yield from (text for name in names for text in _tasks(whole, name))
    else:
        yield whole.text("tasks.py")


def _tasks(whole: Whole, name: str) -> Iterator[str]:
    """Tasks in pyproject.toml: Poe, PDM, Hatch, Pixi, Rye."""
    if "pyproject.toml" not in whole.tree.paths or not re.fullmatch(r"[\w:.-]{1,60}", name):
        return
    tool = section(whole.toml("pyproject.toml"), "tool")
    tables = [
        section(tool, *keys) for keys in (("poe", "tasks"), ("pdm", "scripts"), ("rye", "scripts"), ("pixi", "tasks"))
    ]
    tables += [section(env, "scripts") for env in section(tool, "hatch", "envs").values() if isinstance(env, dict)]
    wanted = name.rpartition(":")[2]
    for table in tables:
        yield from _texts(table.get(wanted))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [one for key in ("cmd", "shell", "script") for one in _texts(value.get(key))]
    return [one for item in value for one in _texts(item)] if isinstance(value, list) else []


_RUN = re.compile(r"^[ \t]*RUN\s+(.*)$", re.MULTILINE | re.IGNORECASE)
_COMMAND = re.compile(r"^[ \t]*(?:command|entrypoint)\s*:\s*(.*(?:\n\s+-\s.*)*)", re.MULTILINE)


def _container(whole: Whole, arguments: list[str], folder: str) -> Iterator[str]:
    """What a build or a Compose file runs, where the command names the file."""
    for index, one in enumerate(arguments):
        if one in ("-f", "--file") or one.startswith("--file="):
            word = one.partition("=")[2] or (arguments[index + 1] if index + 1 < len(arguments) else "")
            text = _script(whole, word, folder)[:LIMIT]
            yield "\n".join((*_RUN.findall(text), *_COMMAND.findall(text)))
    if "build" in arguments and any("test" in one for one in arguments):
        yield "\n".join(_RUN.findall(_script(whole, "Dockerfile", folder)))
