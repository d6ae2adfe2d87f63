"""
Which texts people without rights choose: fields of events, results of actions and commands.

Sources: https://docs.github.com/en/actions/concepts/security/script-injections and
https://securitylab.github.com/resources/github-actions-untrusted-input/
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_COMMIT = r"(?:message|(?:author|committer)\.(?:email|name))"
_FILES = r"(?:added|modified|removed)(?:\.\*)?"
_HEAD = r"head\.(?:ref|label|repo\.(?:default_branch|description|homepage))"
_TEXT = re.compile(
    r"^github\.(?:head_ref$|event\.(?:"
    r"(?:issue|pull_request|discussion)\.(?:title|body)$"
    r"|(?:comment|review|review_comment)\.(?:body|path|diff_hunk)$"
    rf"|pull_request\.{_HEAD}$"
    r"|changes\.(?:title|body)\.from$"
    rf"|(?:head_commit|commits\.\*|merge_group\.head_commit)\.(?:{_COMMIT}|{_FILES})$"
    r"|pages\.\*\.(?:page_name|title)$"
    rf"|workflow_run\.(?:head_branch|display_title|head_commit\.{_COMMIT}|head_repository\.description"
    r"|pull_requests\.\*\.head\.ref)$"
    r"|check_(?:suite|run\.check_suite)\.(?:head_branch|pull_requests\.\*\.head\.ref)$"
    r"|forkee\.(?:description|homepage)$))"
)
_OBJECT = re.compile(
    r"^github(?:\.event(?:\.(?:pull_request|issue|comment|review|discussion|head_commit|commits|pages|changes"
    r"|workflow_run|merge_group|forkee)(?:\.\*|\.head|\.head\.repo|\.head_commit)?)?)?$"
)
_SAFE = re.compile(
    r"^(?:vars|runner|secrets|strategy|job|inputs)\b"
    r"|^github\.(?:actor|actor_id|triggering_actor|ref|ref_name|ref_type|base_ref|workflow|workflow_ref|repository\w*"
    r"|run_\w+|sha|event_name|job|workspace|token|server_url|api_url|action\w*)$"
    r"|^github\.event\.(?:inputs|client_payload)\.|^github\.event\.(?:release|label|milestone|repository|sender|schedule"
    r"|action|number|deployment|installation|organization|enterprise)\b"
    r"|^github\.event\.pull_request\.base\.|^github\.event\.(?:pull_request|issue)\.(?:labels|milestone|assignees?)\b"
    r"|\.(?:login|full_name|id|node_id|number|sha|before|after|fork|draft|merged|state|type|name_with_owner|private"
    r"|author_association|conclusion|status|workflow_run\.event|\w+_(?:at|url|id|sha|count)|url)$|^github\.event\.(?:before|after|ref)$"
)
_PAYLOAD = re.compile(
    r"\bcontext\.payload\??\.(?:(?:pull_request|issue|discussion|comment|review|head_commit|workflow_run|changes)\b[!?]*"
    r"(?:\.(?:title|body|message|display_title|head_branch|head\??\.(?:ref|label)|\w+\.from)\b|\s*[;,})]|\s*$)"
    r"|head_ref\b|commits\b)|\bcontext\.payload\s*[;,})]"
)
_ASKS = re.compile(
    r"\bgh\s+(?:pr|issue)\s+(?:view|list|diff)\b[^\n]{0,300}(?:title|body|headRef|--name-only)"
    r"|\bgh\s+api\b[^\n]{0,300}(?:/pulls/|/issues/)[^\n]{0,300}(?:title|body|\.head\.ref|filename)"
    r"|\bgit\s+(?:diff|log|show)\b[^\n]{0,300}(?:--name-only|--name-status|--(?:pretty|format)=\S*%(?:s|B|b|an|ae|cn|ce))"
)
_OUTPUTS: Mapping[str, re.Pattern[str]] = {
    "tj-actions/changed-files": re.compile(r"files$|^\*$"),
    "tj-actions/branch-names": re.compile(r"branch$|^tag$|^\*$"),
    "dorny/paths-filter": re.compile(r"_files$|^\*$"),
    "jitterbit/get-changed-files": re.compile(""),
    "trilom/file-changes-action": re.compile(""),
    "xt0rted/pull-request-comment-branch": re.compile(r"_ref$|^\*$"),
    "eficode/resolve-pr-refs": re.compile(r"_ref$|^\*$"),
    "alessbell/pull-request-comment-branch": re.compile(r"_ref$|^\*$"),
    "peter-murray/issue-body-parser-action": re.compile(""),
    "stefanbuck/github-issue-parser": re.compile(""),
    "potiuk/get-workflow-origin": re.compile(r"[Bb]ranch$|^\*$", re.IGNORECASE),
}
"""By action: which of its outputs are names of files and branches, or other untrusted text."""


def chosen_by_outsiders(path: str, *, whole: bool) -> bool:
    """
    Whether a reference is untrusted text.

    Args:
        path: of the context, in lower case: `github.event.issue.title`.
        whole: whether an object arrives with all that it holds.
    """
    return bool(_TEXT.match(path)) or (whole and bool(_OBJECT.match(path)))


def chosen_by_maintainers(path: str) -> bool:
    """Whether a reference is known to be no free untrusted text: set by people with rights, a number, a name."""
    return bool(_SAFE.search(path))


def told_by(action: str, output: str) -> bool:
    """Whether an output of an action is untrusted text."""
    pattern = _OUTPUTS.get(action)
    return pattern is not None and bool(pattern.search(output))


def asks(command: str) -> bool:
    """Whether a command prints untrusted text."""
    return bool(_ASKS.search(command))


def in_payload(code: str) -> bool:
    """Whether JavaScript takes such text from the event."""
    return bool(_PAYLOAD.search(code))
