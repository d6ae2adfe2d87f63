"""The way of a stranger's text into a script: which values carry it, and which do not."""

from __future__ import annotations

import pytest
from making import action, job, workflow

from seatrial.domain import Finding
from seatrial.inspectors.workflows.model import WorkflowFiles
from seatrial.inspectors.workflows.rules import injection

TITLE = "${{ github.event.pull_request.title }}"
ENV = f"env: {{Y: '{TITLE}'}}"


def found(steps: str, *, head: str = "") -> list[Finding]:
    return list(injection.RULE.find(workflow(job(steps, head=head))))


def expanded(value: str) -> list[str]:
    return [f.message.rpartition(": ")[2] for f in found(f'- run: |\n    echo "${{{{ {value} }}}}"')]


CHOSEN = [
    "github.head_ref", "github.event.pull_request.title", "github.event.pull_request.body",
    "github.event.pull_request.head.ref", "github.event.pull_request.head.label",
    "github.event.pull_request.head.repo.default_branch", "github.event.issue.title", "github.event.issue.body",
    "github.event.comment.body", "github.event.review.body", "github.event.review_comment.body",
    "github.event.discussion.title", "github.event.discussion.body", "github.event.head_commit.message",
    "github.event.head_commit.author.email", "github.event.head_commit.author.name",
    "github.event.head_commit.committer.name", "github.event.commits.*.message", "github.event.commits.*.author.email",
    "github.event.pages.*.page_name", "github.event.workflow_run.head_branch",
    "github.event.workflow_run.display_title", "github.event.workflow_run.head_commit.message",
    "github.event.workflow_run.head_commit.author.name", "github.event.workflow_run.pull_requests.*.head.ref",
    "github.event.changes.title.from", "github.event.merge_group.head_commit.message",
]  # fmt: skip


@pytest.mark.parametrize("reference", CHOSEN)
def test_texts_that_strangers_choose(reference: str) -> None:
    assert expanded(reference) == [reference]
    assert expanded(f"{reference} == 'x'") == []


@pytest.mark.parametrize(
    "value",
    [
        "github['event']['pull_request']['title']", "GitHub.Event.Pull_Request.Title",
        "inputs.x || github.event.pull_request.title", "true && github.event.pull_request.title",
        "format('}}{0}', github.event.pull_request.title)", "toJSON(github.event.pull_request)", "toJSON(github.event)",
        "toJSON(github)", "join(github.event.commits.*.message)", "github.event.commits[0].message",
        "fromJSON(github.event.comment.body).x", "case(true, github.head_ref, 'x')", "(github.head_ref)",
    ],
)  # fmt: skip
def test_what_passes_the_text_on(value: str) -> None:
    assert len(expanded(value)) == 1


@pytest.mark.parametrize(
    "value",
    [
        "github.event.pull_request.title == 'x'", "!github.event.pull_request.title", "contains(github.head_ref, 'x')",
        "startsWith(github.head_ref, 'x')", "endsWith(github.head_ref, 'x')", "hashFiles(github.head_ref)",
        "github.event.pull_request.title && 'a' || 'b'", "case(github.head_ref == 'a', 'x', 'y')",
        "github.head_ref < 'x'", "github.event.pull_request", "github.event.number",
        "github.event.pull_request.head.sha", "github.actor", "github.ref", "github.sha",
        "github.event.pull_request.user.login",
    ],
)  # fmt: skip
def test_what_holds_no_free_text(value: str) -> None:
    assert expanded(value) == []


OUTPUTS = {
    "echo": 'echo "t=$Y" >> "$GITHUB_OUTPUT"',
    "braces": 'echo "t=${Y}" >> ${GITHUB_OUTPUT}',
    "no quotes": "echo t=$Y >> $GITHUB_OUTPUT",
    "printf": "printf 't=%s\\n' \"$Y\" >> $GITHUB_OUTPUT",
    "tee": 'echo "t=$Y" | tee -a "$GITHUB_OUTPUT"',
    "a variable": 'A="$Y"\nB=${A,,}\necho "t=$B" >> $GITHUB_OUTPUT',
    "read": 'read -r A <<< "$Y"\necho "t=$A" >> $GITHUB_OUTPUT',
    "a group": '{\n  echo \'t<<EOF\'\n  echo "$Y"\n  echo EOF\n} >> "$GITHUB_OUTPUT"',
    "many lines": 'echo "t<<EOF" >> $GITHUB_OUTPUT\necho "$Y" >> $GITHUB_OUTPUT\necho EOF >> $GITHUB_OUTPUT',
    "here document": "cat <<EOF >> $GITHUB_OUTPUT\nt=$Y\nEOF",
    "old command": 'echo "::set-output name=t::$Y"',
    "PowerShell": '"t=$env:Y" >> $env:GITHUB_OUTPUT',
    "Out-File": '"t=$env:Y" | Out-File -FilePath $env:GITHUB_OUTPUT -Append',
    "Python": "import os\nopen(os.environ['GITHUB_OUTPUT'], 'a').write('t=' + os.environ['Y'])",
    "gh": 'echo "t=$(gh pr view 1 --json title --jq .title)" >> $GITHUB_OUTPUT',
    "git": 'echo "t=$(git diff --name-only HEAD~1)" >> $GITHUB_OUTPUT',
    "continued": 'echo "t=$Y" \\\n  >> $GITHUB_OUTPUT',
}


def through_output(script: str) -> list[int]:
    rows = "".join(f"    {row}\n" for row in script.split("\n"))
    return [
        f.location.line for f in found(f"- id: s\n  {ENV}\n  run: |\n{rows}- run: echo ${{{{ steps.s.outputs.t }}}}")
    ]


@pytest.mark.parametrize("script", OUTPUTS)
def test_an_output_carries_the_text(script: str) -> None:
    assert len(through_output(OUTPUTS[script])) == 1


@pytest.mark.parametrize(
    "script",
    [
        'echo "t=3" >> $GITHUB_OUTPUT', 'echo "title=$Y" >> $GITHUB_OUTPUT\necho "t=3" >> $GITHUB_OUTPUT', 'echo "$Y"',
        'if [[ "$Y" == x* ]]; then echo "t=true" >> $GITHUB_OUTPUT; fi',
        'echo "t=$(echo "$Y" | grep -q x && echo 1 || echo 0)" >> $GITHUB_OUTPUT',
        "S=$(echo \"$Y\" | tr -cd 'a-z0-9-')\necho \"t=$S\" >> $GITHUB_OUTPUT", 'echo "t=${#Y}" >> $GITHUB_OUTPUT',
        'echo "t=$(echo "$Y" | sha256sum)" >> $GITHUB_OUTPUT',
    ],
)  # fmt: skip
def test_an_output_without_the_text(script: str) -> None:
    assert through_output(script) == []


@pytest.mark.parametrize(
    ("script", "output", "expected"),
    [
        ("core.setOutput('t', context.payload.pull_request.title)", "t", 1),
        ("const { title } = context.payload.pull_request;\n    core.setOutput('t', title)", "t", 1),
        ("return context.payload.issue.body", "result", 1),
        ("core.setOutput('t', process.env.Y)", "t", 1),
        ("core.setOutput('t', context.payload.pull_request.number)", "t", 0),
        ("return context.payload.pull_request.title.startsWith('x')", "result", 0),
        ("core.setOutput('t', context.payload.pull_request.title === 'x')", "t", 0),
    ],
)
def test_outputs_of_github_script(script: str, output: str, expected: int) -> None:
    step = f"- id: s\n  uses: actions/github-script@v8\n  {ENV}\n  with:\n    script: |\n"
    rows = "".join(f"      {row.strip()}\n" for row in script.split("\n"))
    assert len(found(f"{step}{rows}- run: echo ${{{{ steps.s.outputs.{output} }}}}")) == expected


@pytest.mark.parametrize(
    ("uses", "output", "expected"),
    [
        ("tj-actions/changed-files@v46", "all_changed_files", 1), ("tj-actions/changed-files@v46", "any_changed", 0),
        ("tj-actions/changed-files@v46", "all_changed_files_count", 0), ("dorny/paths-filter@v3", "docs", 0),
        ("dorny/paths-filter@v3", "docs_files", 1), ("dorny/paths-filter@v3", "changes", 0),
        ("tj-actions/branch-names@v8", "current_branch", 1), ("actions/cache@v4", "cache-hit", 0),
    ],
)  # fmt: skip
def test_outputs_of_actions_that_name_files_and_branches(uses: str, output: str, expected: int) -> None:
    assert len(found(f"- {{id: s, uses: {uses}}}\n- run: echo ${{{{ steps.s.outputs.{output} }}}}")) == expected


@pytest.mark.parametrize(
    ("steps", "head", "expected"),
    [
        (f"- run: echo ${{{{ env.Y }}}}\n  {ENV}", "", 1),
        ("- run: echo ${{ env.Y }}", ENV, 1),
        (f'- run: echo "$Y"\n  {ENV}', "", 0),
        (f'- run: eval "$Y"\n  {ENV}', "", 1),
        (f'- run: bash -c "echo $Y"\n  {ENV}', "", 1),
        (f'- run: bash -c "echo hi"\n  {ENV}', "", 0),
        (f'- run: echo "X=$Y" >> $GITHUB_ENV\n  {ENV}\n- run: echo ${{{{ env.X }}}}', "", 1),
        (f'- run: echo "X=ok" >> $GITHUB_ENV\n  {ENV}\n- run: echo ${{{{ env.X }}}}', "", 0),
        ("- run: lint ${{ matrix.f }}", "strategy: {matrix: {f: ['${{ github.head_ref }}']}}", 1),
        ("- run: lint ${{ matrix.f }}", "strategy: {matrix: {include: [{f: '${{ github.head_ref }}'}]}}", 1),
        ("- run: lint ${{ matrix.f }}", "strategy: {matrix: '${{ fromJSON(github.event.issue.body) }}'}", 1),
        ("- run: lint ${{ matrix.f }}", "strategy: {matrix: {f: [1], g: ['${{ github.head_ref }}']}}", 0),
        ("- parallel:\n    - run: echo ${{ github.head_ref }}\n    - run: make", "", 1),
        ("- uses: azure/cli@v2\n  with: {inlineScript: 'echo ${{ github.head_ref }}'}", "", 1),
        ("- uses: some/action@v2\n  with: {title: '${{ github.head_ref }}'}", "", 0),
    ],
)
def test_other_ways(steps: str, head: str, expected: int) -> None:
    assert len(found(steps, head=head)) == expected


def test_outputs_of_jobs_in_any_order() -> None:
    text = (
        "on: issues\njobs:\n  use:\n    needs: ask\n    runs-on: x\n    steps:\n"
        "      - run: echo ${{ needs.ask.outputs.t }}\n"
        "  ask:\n    runs-on: x\n    outputs: {t: '${{ github.event.issue.title }}'}\n    steps: []\n"
    )
    assert [f.location.line for f in injection.RULE.find(workflow(text))] == [7]


def test_a_called_workflow_takes_and_returns_the_text() -> None:
    project = WorkflowFiles()
    called = (
        "on:\n  workflow_call:\n    inputs: {t: {type: string}}\n    outputs: {o: {value: '${{ jobs.j.outputs.o }}'}}\n"
    )
    called += "jobs:\n  j:\n    runs-on: x\n    outputs: {o: '${{ inputs.t }}'}\n    steps:\n"
    called += "      - run: echo ${{ inputs.t }}\n"
    workflow(called, ".github/workflows/called.yml", project)
    caller = (
        "on: issues\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n"
        "    with: {t: '${{ github.event.issue.title }}'}\n"
        "  b:\n    needs: a\n    runs-on: x\n    steps:\n      - run: echo ${{ needs.a.outputs.o }}\n"
    )
    places = {(f.location.path, f.location.line) for f in injection.RULE.find(workflow(caller, project=project))}
    assert places == {(".github/workflows/called.yml", 10), (".github/workflows/ci.yml", 10)}
    safe = caller.replace("github.event.issue.title", "github.event.issue.number")
    assert list(injection.RULE.find(workflow(safe, project=project))) == []


def test_a_composite_action_takes_and_returns_the_text() -> None:
    project = WorkflowFiles()
    made = action(
        "name: x\ninputs: {t: {}}\noutputs: {o: {value: '${{ steps.q.outputs.v }}'}}\n"
        "runs:\n  using: composite\n  steps:\n"
        '    - id: q\n      shell: bash\n      run: echo "v=${{ inputs.t }}" >> $GITHUB_OUTPUT\n',
        ".github/actions/x/action.yml",
        project,
    )
    assert list(injection.check_action(made)) == []
    steps = "- {id: z, uses: ./.github/actions/x, with: {t: '${{ github.head_ref }}'}}\n"
    steps += "- run: echo ${{ steps.z.outputs.o }}"
    places = {(f.location.path, f.location.line) for f in injection.RULE.find(workflow(job(steps), project=project))}
    assert places == {(made.path, 9), (".github/workflows/ci.yml", 7)}
    steps = steps.replace("github.head_ref", "github.sha")
    assert list(injection.RULE.find(workflow(job(steps), project=project))) == []


def test_an_action_by_itself() -> None:
    text = "name: x\nruns:\n  using: composite\n  steps:\n    - {shell: bash, run: 'echo ${{ github.head_ref }}'}\n"
    assert len(list(injection.check_action(action(text, "action.yml", WorkflowFiles())))) == 1


def test_actions_that_use_each_other_end() -> None:
    project = WorkflowFiles()
    for name, other in (("a", "b"), ("b", "a")):
        step = f"{{uses: ./{other}, with: {{t: '${{{{ github.head_ref }}}}'}}}}"
        text = f"name: x\nruns:\n  using: composite\n  steps:\n    - {step}\n"
        action(text, f"{name}/action.yml", project)
    assert list(injection.RULE.find(workflow(job("- uses: ./a"), project=project))) == []


def test_columns_count_characters_within_blocks() -> None:
    [one] = found('- run: |\n    echo "é" &&\n      echo "é ${{ github.head_ref }}"')
    assert (one.location.line, one.location.column) == (8, 21)
    [one] = found('- run: >\n    echo "é" &&\n    echo ${{ github.head_ref }}')
    assert (one.location.line, one.location.column) == (8, 16)
