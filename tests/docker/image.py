"""
The image under test: built from this checkout, or the one that SEATRIAL_IMAGE names.

Building again costs a second where nothing changed. How this machine reaches packages (a mirror, a proxy's own
certificate) is taken from pip's own answer and from the environment, and goes into the build as secrets and predefined
arguments: neither leaves a trace in the image. Run as a program it prints the image's name.
"""

from __future__ import annotations

import ast
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
TAG = "seatrial:under-test"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")


def under_test() -> str:
    """The image's name, after building it if need be."""
    given = os.environ.get("SEATRIAL_IMAGE", "")
    if not given:
        _build()
    return given or TAG


def _build() -> None:
    with package_access() as access:
        command = ["docker", "buildx", "build", "--quiet", "--network", "host", "--tag", TAG, *access]
        done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False, timeout=840)
    if done.returncode:
        raise RuntimeError(f"the image can not be built:\n{done.stderr[-4000:]}")


@contextlib.contextmanager
def package_access() -> Iterator[Sequence[str]]:
    """Options of a build with which it reaches packages as this machine does; what they name is there until the end."""
    with tempfile.TemporaryDirectory() as folder:
        proxies = [word for name in PROXIES if name in os.environ for word in ("--build-arg", name)]
        yield [*proxies, *_package_secrets(Path(folder))]


def _package_secrets(folder: Path) -> list[str]:
    """pip's settings on this machine as build secrets; what names a place on this machine's disk has no use there."""
    options = _pip_options()
    certificates = options.pop("cert", "")
    lines = [f"{name} = {value}" for name, value in options.items()]
    words = []
    if certificates:
        words += ["--secret", f"id=ca,src={certificates}"]
        lines.append("cert = /run/secrets/ca")
    (folder / "pip.conf").write_text("\n".join(["[global]", *lines, ""]), "utf-8")
    return [*words, "--secret", f"id=pip,src={folder / 'pip.conf'}"]


def _pip_options() -> dict[str, str]:
    """How pip reaches an index from here, from `pip config list`, whose lines read `section.name='value'`."""
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False, timeout=60
    ).stdout
    wanted = {"cert", "index-url", "proxy", "trusted-host"}
    pairs = (line.partition("=") for line in listing.splitlines())
    found = {name.rpartition(".")[2]: str(ast.literal_eval(value)) for name, _, value in pairs}
    return {name: value for name, value in found.items() if name in wanted and "file:" not in value}


if __name__ == "__main__":
    sys.stdout.write(f"{under_test()}\n")
