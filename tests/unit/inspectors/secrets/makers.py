"""How the tests call the tools of the trade that make keys."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


def made(*command: str, where: Path, produces: str = "") -> str:
    """What a maker prints, or the file that it writes."""
    if shutil.which(command[0]) is None:
        message = f"{command[0]} is not installed"
        if os.environ.get("SEATRIAL_REQUIRE_DOCKER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return (where / produces).read_text("utf-8") if produces else done.stdout


def ssh(*options: str, passphrase: str = "") -> Callable[[Path], str]:
    return lambda where: made("ssh-keygen", "-q", "-N", passphrase, "-f", "key", *options, where=where, produces="key")


def openssl(*words: str) -> Callable[[Path], str]:
    return lambda where: made("openssl", *words, where=where)


def putty(kind: str, *options: str, passphrase: str = "") -> Callable[[Path], str]:
    def make(where: Path) -> str:
        (where / "empty").write_text(passphrase)
        words = ("-t", kind, "-q", "-o", "key.ppk", "--new-passphrase", "empty", "--random-device", "/dev/urandom")
        return made("puttygen", *words, *options, where=where, produces="key.ppk")

    return make


def age(where: Path) -> str:
    return made("age-keygen", where=where)


def gnupg(where: Path, algorithm: str = "ed25519", passphrase: str = "") -> str:
    home = where / "gnupg"
    home.mkdir(mode=0o700)
    batch = ("gpg", "--homedir", str(home), "--batch", "--pinentry-mode", "loopback", "--passphrase", passphrase)
    made(*batch, "--quick-generate-key", "a@b.example", algorithm, "sign", "never", where=where)
    return made(*batch, "--armor", "--export-secret-keys", where=where)
