"""Whether the addresses of containers can be reached from here; behind a virtual machine they cannot."""

from __future__ import annotations

import secrets
import socket
import time

from .engine import FAILURES, DockerEngine, LabError

_PORT = 9
_PATIENCE = 5.0  # seconds
_SERVER = (
    "import socket, sys\nserver = socket.create_server(('', int(sys.argv[1])))\n"
    "while True:\n  connection = server.accept()[0]\n  connection.sendall(sys.argv[2].encode())\n  connection.close()"
)


def check(engine: DockerEngine, image: str, network: str) -> None:
    """
    Have a sidecar in a network of the stack say a word that only it knows, and listen to it.

    An answer is not enough: where the engine is elsewhere, its containers' addresses can belong to others here.

    Args:
        engine: whose network it is.
        image: ours.
        network: its name.

    Raises:
        LabError: it is not to be heard.
    """
    word = secrets.token_hex(8)
    command = ["/opt/seatrial/bin/python", "-I", "-B", "-c", _SERVER, str(_PORT), word]
    container = engine.sidecar(image, command, network=network, capabilities=("NET_BIND_SERVICE",))
    try:
        container.reload()
        networks = container.attrs["NetworkSettings"]["Networks"]
        addresses = [str(n.get("IPAddress") or n.get("GlobalIPv6Address") or "") for n in networks.values()]
        heard = any(_hears(address, word) for address in addresses if address)
    except FAILURES:
        heard = False
    finally:
        engine.remove(container)
    if not heard:
        raise LabError(
            "the addresses of containers cannot be reached from here: the engine is rootless, in a virtual machine, or "
            "on another one; there Seatrial has to run in a container itself (docs/trial.md)"
        )


def _hears(address: str, word: str) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((address, _PORT), timeout=1) as connection:
                return connection.recv(len(word)) == word.encode()
        except OSError:  # it does not listen yet, or nobody is there
            time.sleep(0.1)
    return False
