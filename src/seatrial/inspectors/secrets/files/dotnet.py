"""ASP.NET and other .NET settings."""

from __future__ import annotations

from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialFile

PARSERS = (
    CredentialFile(
        id="dotnet-json",
        title="value in .NET settings",
        documentation="https://learn.microsoft.com/en-us/aspnet/core/security/app-secrets",
        names=(
            "appsettings.json",
            "appsettings*",
            "secrets.json",
            "local.settings.json",
            "connectionstrings.json",
            "launchsettings.json",
        ),
        scan=scans.json_members(),
        sniff=lambda text: "{" in text,
    ),
    CredentialFile(
        id="dotnet-config",
        guesses=True,
        title="value in a .NET configuration",
        documentation="https://learn.microsoft.com/en-us/dotnet/framework/configure-apps/file-schema/",
        names=(
            "web.config",
            "app.config",
            "web*",
            "app*",
            "*.config",
            "*.exe.config",
            "*.dll.config",
            "*.settings",
            "*.csproj",
            "*.user",
        ),
        scan=scans.xml_values(),
        sniff=lambda text: (
            "<" in text[:2000]
            and ("onfiguration" in text or "connectionString" in text or "appSettings" in text or "<Project" in text)
        ),
    ),
)
