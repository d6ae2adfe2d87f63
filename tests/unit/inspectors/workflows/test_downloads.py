"""Downloads that run unseen, in every spelling, and those that do not."""

from __future__ import annotations

import pytest
from making import job, workflow

from seatrial.domain import Finding
from seatrial.inspectors.workflows.rules import pipe_to_shell, unsecure_commands


def script(text: str) -> str:
    return job("- run: |\n" + "".join(f"    {row}\n" for row in text.split("\n")), on="push")


def found(text: str) -> list[Finding]:
    return list(pipe_to_shell.RULE.find(workflow(script(text))))


RUN = [
    "curl x | bash", "curl -fsSL https://x | sudo -E bash -", "wget -qO- https://x | sh -s -- -y",
    'eval "$(curl -fsSL https://x)"', "eval $(wget -qO- x)", "bash <(curl -s https://x)",
    "source <(curl -s https://x)", ". <(curl -s x)", 'sh -c "$(curl -fsSL https://x)"',
    '/bin/bash -c "$(curl -fsSL https://x)"', "curl x \\\n  | bash", "curl x |\n bash",
    "curl -o i.sh https://x\nbash i.sh", "curl -O https://x/i.sh && chmod +x i.sh && ./i.sh",
    "wget https://x/i.sh\nsh i.sh", "iwr https://x | iex", "iex (irm https://x)",
    "iex ((New-Object System.Net.WebClient).DownloadString('https://x'))",
    "Invoke-Expression (Invoke-WebRequest https://x).Content", "irm get.scoop.sh | iex", "curl x | python3 -",
    "curl x | tee i.sh | bash", "curl x | gunzip | sh", "eval `curl x`", 'python -c "$(curl x)"',
    "curl -sSL x | env A=1 bash", "curl x > i.sh; sh ./i.sh", 'bash -c "`wget -qO- x`"',
    'curl "https://a?x=1&b=2" | bash', "curl x | POETRY_HOME=/x python3 -", 'S=$(curl x)\neval "$S"',
    "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y", "deno run -A https://x/y.ts",
    "curl x|bash", "curl x | php -- --install-dir=/x", "curl x | bash -s", "curl x | bash -ex",
    "curl x | bash 2>&1", "curl -Ls x -o /tmp/i.sh\nsudo bash /tmp/i.sh", 'powershell -c "irm x | iex"',
    "&([scriptblock]::Create((irm x)))",
]  # fmt: skip
DATA = [
    "curl x | tar xz", "curl x -o a.tgz; tar xf a.tgz", "# curl x | bash", "echo ok # curl x | bash",
    "curl x | jq .", "curl -o i.sh x; sha256sum -c s; bash i.sh", "curl x | tee out.txt", "curl x | grep bash",
    "curl x | bashful", "curl x || bash y.sh", "curl x && bash y.sh", "curl x; bash y.sh",
    "wget x\npython setup.py", "curl x | python -m json.tool", "curl x | sha256sum --check",
    "curl -s x | node_exporter", "curl x | shasum -c",
    "curl x | python3 -c 'import sys, json; print(json.load(sys.stdin))'", "curl x | python parse.py",
    "curl x | perl -pe s/a/b/", "curl x | node parse.js", "curl x | bash -c 'cat'",
    "wget https://x/a.tgz\ntar xf a.tgz", "curl -O https://x/i.sh\nsha256sum -c s\nsh i.sh", "V=$(curl x)\necho $V",
    'curl "x;y" ; echo a | bash',
]  # fmt: skip


@pytest.mark.parametrize("text", RUN)
def test_what_is_downloaded_runs(text: str) -> None:
    assert [f.rule for f in found(text)] == ["workflow/pipe-to-shell"]


@pytest.mark.parametrize("text", DATA)
def test_what_is_downloaded_is_data_or_checked(text: str) -> None:
    assert found(text) == []


NAME = "ACTIONS_ALLOW_UNSECURE_COMMANDS"


def switched(text: str) -> int:
    return len(list(unsecure_commands.RULE.find(workflow(text))))


@pytest.mark.parametrize(
    "command",
    [
        f'echo "{NAME}=true" >> "$GITHUB_ENV"', f"echo '{NAME}=true' >> $GITHUB_ENV",
        f"echo {NAME}=1 | tee -a $GITHUB_ENV",
        f'"{NAME}=true" >> $env:GITHUB_ENV', f'echo "{NAME}=true" >> ${{GITHUB_ENV}}',
        f"cat <<EOF >> $GITHUB_ENV\n{NAME}=true\nEOF", f'echo "{NAME}<<EOF" >> $GITHUB_ENV',
        f"echo {NAME}=true>>%GITHUB_ENV%", f"printf '{NAME}=true\\n' >> $GITHUB_ENV",
    ],
)  # fmt: skip
def test_old_commands_are_switched_on_by_a_script(command: str) -> None:
    assert switched(script(command)) == 1


@pytest.mark.parametrize(
    "command",
    [
        f'echo "{NAME}=false" >> $GITHUB_ENV', f"# echo {NAME}=true >> $GITHUB_ENV", f"echo {NAME}=true",
        f"echo no {NAME} >> $GITHUB_ENV", "echo A=true >> $GITHUB_ENV",
    ],
)  # fmt: skip
def test_old_commands_stay_off(command: str) -> None:
    assert switched(script(command)) == 0


def environment(value: str, level: str) -> str:
    env = f"env: {{{NAME}: '{value}'}}"
    head = {"job": env, "container": f"container: {{image: x, {env}}}"}.get(level, "")
    text = job(f"- run: make\n  {env}" if level == "step" else "- run: make", on="push", head=head)
    return f"{env}\n{text}" if level == "workflow" else text


@pytest.mark.parametrize("value", ["true", "1", "yes", "${{ inputs.x }}"])
@pytest.mark.parametrize("level", ["workflow", "job", "step", "container"])
def test_old_commands_are_switched_on_by_an_environment(value: str, level: str) -> None:
    assert switched(environment(value, level)) == 1
    assert switched(environment("false", level)) == 0
