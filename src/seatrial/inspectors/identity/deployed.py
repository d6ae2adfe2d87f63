"""What is deployed: Compose projects, images, Kubernetes' manifests, files of platforms, and the code of servers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.inspectors.whole import Whole, section, suffix
from seatrial.text.wording import counted

from .packages import Packages

_IMAGE_FILE = re.compile(
    r"(?:^|/)(?:Dockerfile|Containerfile)(?:[._-][^/]*)?$|\.(?:Dockerfile|Containerfile)$", re.IGNORECASE
)
_TOOLING = re.compile(r"(?:^|/)\.?(?:ci|github|gitlab|circleci|buildkite|build|packaging)/")
_EXPOSED = re.compile(r"^[ \t]*(?:EXPOSE|HEALTHCHECK)\s", re.MULTILINE | re.IGNORECASE)
_SERVED = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "CronJob"})
_PLATFORMS: Mapping[str, str] = {
    r"(?:^|/)Procfile$": "Procfile",
    r"(?:^|/)fly(?:\.[\w-]+)?\.toml$": "Fly.io",
    r"(?:^|/)render\.yaml$": "Render",
    r"(?:^|/)(?:railway\.(?:json|toml)|nixpacks\.toml)$": "Railway",
    r"(?:^|/)vercel\.json$": "Vercel",
    r"(?:^|/)netlify\.toml$": "Netlify",
    r"(?:^|/)wrangler\.(?:toml|jsonc?)$": "Cloudflare Workers",
    r"(?:^|/)serverless\.ya?ml$": "Serverless",
    r"(?:^|/)app\.ya?ml$": "App Engine",
    r"(?:^|/)(?:template|samconfig)\.(?:ya?ml|toml)$": "AWS SAM",
    r"(?:^|/)[\w@.-]+\.service$": "a systemd unit",
    r"(?:^|/)(?:kamal|deploy)\.yml$": "Kamal",
    r"(?:^|/)captain-definition$": "CapRover",
}
_SAYS: Mapping[str, str] = {
    "App Engine": r"^(?:runtime|env)\s*:",
    "AWS SAM": r"AWS::Serverless|^\[.*deploy",
    "a systemd unit": r"^ExecStart\s*=",
    "Kamal": r"^service\s*:.*\n[\s\S]*^servers\s*:",
}
"""What a file has to hold besides its name, where others have the name too."""
_SERVERS: Mapping[str, str] = {
    "py": r"\buvicorn\.run\(|\bweb\.run_app\(|\bapp\.run\(|\bserve_forever\(|\brun_polling\(|\binfinity_polling\("
    r"|\bstart_polling\("
    r"|\b(?:bot|client)\.run\(|execute_from_command_line\(|\bget_[aw]sgi_application\(|\bimport streamlit"
    r"|\bBlockingScheduler\(|\bgradio\.\w+\(",
    "js": r"\.listen\(|\bcreateServer\(|\bclient\.login\(|\bbot\.(?:launch|start)\(|Deno\.serve\(|Bun\.serve\(",
    "go": r"\bListenAndServe|\bgrpc\.NewServer\(|\bgin\.(?:Default|New)\(|\bfiber\.New\(|\becho\.New\(",
    "java": r"@SpringBootApplication|SpringApplication\.run|@QuarkusMain|Micronaut\.run|\bembeddedServer\(|@WebServlet",
    "rs": r"\baxum::serve|\bHttpServer::new|\brocket::build|#\[launch\]|\bwarp::serve|transport::Server|\baxum::Server",
    "cs": r"\bWebApplication\.Create|\bHost\.CreateDefaultBuilder|\bHost\.CreateApplicationBuilder",
    "php": r"\bIlluminate\\Foundation\\Application|\bSymfony\\Component\\HttpKernel|\bnew\s+Slim\\App",
    "rb": r"\bRails\.application|\bSinatra::|^run\s+\w",
    "ex": r"\bPhoenix\.Endpoint|\bPlug\.Cowboy",
}
_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("js", "mjs", "cjs", "ts", "tsx", "jsx"), "js"),
    **dict.fromkeys(("java", "kt", "scala"), "java"),
    **dict.fromkeys(("rb", "ru"), "rb"),
    **{name: name for name in ("py", "go", "rs", "cs", "php", "ex")},
}
_WEB_APPS = (
    "next",
    "nuxt",
    "vite",
    "react-scripts",
    "@angular/core",
    "@sveltejs/kit",
    "astro",
    "gatsby",
    "@remix-run/node",
)


def find(whole: Whole, packed: Packages, *, is_action: bool) -> list[tuple[str, str]]:
    """
    What shows that the repository is a service: paths, and what to say of each.

    Args:
        whole: the files.
        packed: its packages. What is published runs on its user's machine, unless something deploys it.
        is_action: an action's image is run by GitHub.
    """
    published = any(one.published for one in (*packed.libraries, *packed.tools))
    found = [
        *_compose(whole),
        *_images(whole, only_servers=published or is_action),
        *_manifests(whole),
        *_platforms(whole),
    ]
    if not found and not published and not is_action:
        found = [*_servers(whole), *_web_apps(whole)]
    return found


def _compose(whole: Whole) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for project in whole.projects:
        path = project.files[0]
        programs = [s for s in project.services if not s.datastore]
        if path not in seen and any(s.complete for s in programs):
            seen.add(path)
            yield path, f"{path} with {counted(len(project.services), 'service')}"
    for problem in whole.compose.problems:
        if problem.at.path not in seen:
            seen.add(problem.at.path)
            yield problem.at.path, f"{problem.at.path}, which cannot be read"


def _images(whole: Whole, *, only_servers: bool) -> Iterator[tuple[str, str]]:
    for path in whole.own:
        text = whole.text(path) if _IMAGE_FILE.search(path) and not _TOOLING.search(path) else ""
        if text.strip() and (not only_servers or _EXPOSED.search(text)):
            yield path, path


def _manifests(whole: Whole) -> Iterator[tuple[str, str]]:
    own = set(whole.own)
    for one in whole.manifests.workloads:
        if one.kind in _SERVED and one.pod.path in own:
            yield one.pod.path, f"{one.pod.path} with the {one.kind} {one.name or 'without a name'}"
    for path in whole.named(r"(?:^|/)Chart\.ya?ml$"):
        if not re.search(r"^type:\s*library", whole.text(path), re.MULTILINE):
            yield path, path


def _platforms(whole: Whole) -> Iterator[tuple[str, str]]:
    for pattern, name in _PLATFORMS.items():
        for path in whole.named(pattern):
            if name not in _SAYS or re.search(_SAYS[name], whole.text(path), re.MULTILINE):
                yield path, f"{path} ({name})" if name != path else path


def _servers(whole: Whole) -> Iterator[tuple[str, str]]:
    for path in whole.own:
        language = _LANGUAGES.get(suffix(path))
        if language and re.search(_SERVERS[language], whole.text(path), re.MULTILINE):
            yield path, f"{path}, which runs a server"
            return


def _web_apps(whole: Whole) -> Iterator[tuple[str, str]]:
    for path in whole.named(r"(?:^|/)package\.json$"):
        data = whole.json(path)
        known = {**section(data, "dependencies"), **section(data, "devDependencies")}
        name = next((one for one in _WEB_APPS if one in known), "")
        if name and section(data, "scripts").get("build"):
            yield path, f"{path}, a web application ({name})"
            return
