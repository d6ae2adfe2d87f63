"""
Safety's own check of packages, in a process of its own: JSON on standard input, JSON on standard output.

Safety's command line asks its maker's server for leave before every command, local databases included; its function
`check` does not, so that is what is called here. It reads its database from a directory, or fetches it with an API
key. Address and header are its own client's. Nothing else is sent; telemetry is off.

    {"packages": [["jinja2", "3.1.2"], ...], "database": "DIR", "key": ""}
    {"found": [{"name": ..., "version": ..., "id": ..., "cve": ..., "score": ..., ...}, ...], "odd": [["a", "1"], ...]}
    {"failed": "unreachable" | "server" | "credential" | "busy" | "database", "detail": "NetworkConnectionError"}
"""

from __future__ import annotations

import contextlib
import json
import sys
from types import SimpleNamespace
from typing import Any


def main() -> None:
    """Answer one question."""
    asked = json.load(sys.stdin)
    out = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):  # Safety prints where it likes
        answer = _answer(asked)
    json.dump(answer, out)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    import httpx
    from safety import errors

    kinds = (
        (errors.InvalidCredentialError, "credential"),
        (errors.TooManyRequestsError, "busy"),
        (httpx.HTTPStatusError, "server"),
        ((errors.NetworkConnectionError, errors.RequestTimeoutError, httpx.TransportError), "unreachable"),
        ((errors.SafetyError, ValueError, KeyError, TypeError, AttributeError, OSError), "database"),
    )
    try:
        return _checked(asked)
    except Exception as error:
        for kind, name in kinds:
            if isinstance(error, kind):
                return {"failed": name, "detail": type(error).__name__}
        raise


def _checked(asked: dict[str, Any]) -> dict[str, Any]:
    from safety import safety
    from safety.errors import InvalidRequirementError
    from safety.models import Package, SafetyRequirement

    packages, odd = [], []
    for name, version in asked["packages"]:
        try:
            requirement = SafetyRequirement(f"{name}=={version}")
        except (InvalidRequirementError, ValueError):
            odd.append([name, version])
        else:
            packages.append(Package(name=name, version=version, requirements=[requirement]))
    found, _ = safety.check(
        auth=_auth(asked["key"]), packages=packages, db_mirror=asked["database"] or False, ignore_vulns={},
        include_ignored=True, is_env_scan=False, telemetry=False,
    )  # fmt: skip
    return {"found": [_told(one) for one in found], "odd": odd}


def _auth(key: str) -> Any:
    """What `check` wants to know of a login: who fetches, and with which credential."""
    import httpx
    from safety.platform.client import ApiKeyAuth
    from safety.utils.auth_session import AuthenticationType

    def refuse(response: httpx.Response) -> None:  # Safety itself stumbles over such an answer
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise httpx.HTTPStatusError("failed", request=response.request, response=response)

    client = httpx.Client(auth=ApiKeyAuth(key) if key else None, event_hooks={"response": [refuse]})
    platform = SimpleNamespace(
        api_key=key or None,
        http_client=client,
        get_authentication_type=lambda: AuthenticationType.api_key if key else AuthenticationType.none,
        is_using_auth_credentials=lambda: bool(key),
    )
    return SimpleNamespace(platform=platform)


def _told(one: Any) -> dict[str, Any]:
    base = (one.CVE.cvssv3 or one.CVE.cvssv2 or {}).get("base_score") if one.CVE else None
    return {
        "name": one.package_name,
        "version": one.analyzed_version,
        "id": one.vulnerability_id,
        "cve": one.CVE.name if one.CVE else "",
        "score": float(base) if base else None,
        "advisory": str(one.advisory or "")[:1000],
        "fixed": [str(version) for version in one.fixed_versions][:20],
        "url": str(one.more_info_url or ""),
    }


if __name__ == "__main__":
    main()
