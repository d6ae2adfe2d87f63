"""The rules about dependencies: their pages. `inspector.py` and `advisories.py` find them."""

from __future__ import annotations

from dataclasses import replace

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule

VULNERABLE, PINNED, KEPT, LICENCES = (
    "dependencies/vulnerabilities", "dependencies/pinned", "dependencies/maintained", "dependencies/licences",
)  # fmt: skip

_ADVISORY = Rule[object].of(
    """
A dependency has a flaw that is known.

## What it does

Looks up every package that a manifest or a lock names at one version: in OSV (osv.dev), or with `--vuln-db` in its
database on disk; Python packages are also looked up in Safety's database, where `SAFETY_API_KEY` or `--safety-db` gives
access. Its findings are named `safety/ID` if OSV does not know them. Advisories that are aliases of each other are one
finding. The severity follows the CVSS base score: critical from 9.0, high from 7.0, medium from 4.0; medium without
one. A malicious package is critical.

Everything that the tree declares counts: groups, extras, inline script metadata, aliases, catalogs, workspaces. A lock
speaks for a manifest beside it and for declared members of its workspace. A manifest that cannot be read, or whose
format Seatrial does not read, is named and lowers the coverage.

Only what was looked up counts as clean: ranges, addresses without a version and ecosystems without data are not
measured. A database older than 30 days or a service that does not answer lowers the coverage too.

## Why it matters

Flaws that are published are tried on everybody, by machines, within hours.

## How to fix

Upgrade to the version that the remedy names; for a dependency of a dependency upgrade what asks for it. Where the
flaw cannot be reached, waive it with the reason and a date.

Source: https://ossf.github.io/osv-schema/
""",
    id="osv/*",
    check=VULNERABLE,
    severity=Severity.HIGH,
    unsampled="any advisory",
)

RULES: tuple[Rule[object], ...] = (
    replace(_ADVISORY, address=lambda name: f"https://osv.dev/vulnerability/{name}"),
    replace(_ADVISORY, id="safety/*"),
    Rule[object].of(
        """
Every dependency has a version that can be known.

## What it does

Reports, once for a file, dependencies with a range or without any version that no lock names: neither one beside the
manifest, nor that of a workspace that declares it as a member.

## Why it matters

Two installations of one commit run different code. Vulnerabilities of an unknown version cannot be looked up.

## How to fix

A lock file (`uv lock`, `npm install`), or `==` for every line, dependencies of dependencies included.

Source: https://pip.pypa.io/en/stable/topics/repeatable-installs/
""",
        id="dependencies/unpinned",
        check=PINNED,
        severity=Severity.LOW,
    ),
    Rule[object].of(
        """
Every requirement has a hash, where some have one.

## What it does

Reports pinned lines without `--hash` in requirements files in which other lines have one.

## Why it matters

pip then refuses the whole file. Without `--require-hashes` it installs these lines unverified.

## How to fix

`uv pip compile --generate-hashes`, or `pip-compile --generate-hashes`.

Source: https://pip.pypa.io/en/stable/topics/secure-installs/
""",
        id="dependencies/unhashed",
        check=PINNED,
        severity=Severity.MEDIUM,
    ),
    Rule[object].of(
        """
No dependency is abandoned.

## What it does

Reports packages that their lock says are deprecated (npm, pnpm) or abandoned (Composer). The check does not apply to
other locks: they do not say it.

## Why it matters

Flaws that are found in it are not fixed any more.

## How to fix

Move to what its makers name instead.

Source: https://docs.npmjs.com/deprecating-and-undeprecating-packages-or-package-versions
""",
        id="dependencies/abandoned",
        check=KEPT,
        severity=Severity.LOW,
    ),
    Rule[object].of(
        """
No dependency is under a licence that is denied.

## What it does

Reports packages all of whose licences are in `licenses.deny` of `.seatrial.yml`. Locks of npm and Composer tell
licences; of others nothing is known, and nothing is measured.

## Why it matters

If you ship the program, you have to fulfil its licences.

## How to fix

Replace the package, or take the licence off the list.

Source: https://spdx.org/licenses/
""",
        id="dependencies/licence",
        check=LICENCES,
        severity=Severity.MEDIUM,
    ),
)
