"""
The capabilities that well-known images need at entry, as the only ones that are given back after `cap_drop: [ALL]`.

Their entry points start as root and give the data directory to the server's user. They become that user with gosu,
su-exec or setpriv. `CHOWN` and `FOWNER` are for the first, `SETUID` and `SETGID` for the second. `DAC_OVERRIDE` lets
root look into the directory at the next start, when it belongs to the server alone: without it the second start
fails.

Source: the `docker-entrypoint.sh` of each image, https://github.com/docker-library/postgres,
https://github.com/docker-library/mysql, https://github.com/MariaDB/mariadb-docker,
https://github.com/docker-library/mongo, https://github.com/docker-library/redis,
https://github.com/valkey-io/valkey-container, https://github.com/docker-library/rabbitmq
"""

from __future__ import annotations

from collections.abc import Sequence

from seatrial.inspectors.compose.service import DATASTORES, ServiceConfig
from seatrial.text import images

AT_ENTRY = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID")
"""Of Docker's default set, what such an entry point cannot do without."""
_BECOME_A_USER = frozenset({
    "postgres", "postgis", "pgvector", "timescaledb", "mysql", "mariadb", "mongo", "redis", "valkey", "rabbitmq",
})  # fmt: skip
"""Official images, and those that are built on them and keep their entry point, by the program's name."""
_MAKERS = frozenset({
    "", "library", "postgis", "pgvector", "timescale", "valkey",
})  # fmt: skip
"""Whose images of these names have these entry points; `bitnami/postgresql` has another one."""
_REGISTRIES = frozenset({"docker.io", "index.docker.io", "public.ecr.aws/docker", "mirror.gcr.io"})


def needed(service: ServiceConfig) -> Sequence[str] | None:
    """
    What a service needs back after it has lost all capabilities; None if that is not known.

    A service that starts as a user other than root needs nothing: its entry point leaves out what only root can do.
    A store that is not in the table keeps all: one that cannot start is worse than one with too much.
    Any other program is assumed to need nothing, which is why the fix is unsafe.
    """
    user = (service.text("user") or "").partition(":")[0]
    if user and user not in ("0", "root"):
        return ()
    if not service.datastore:
        return ()
    image = service.text("image") or ""
    known = images.known(service.program, DATASTORES)
    return AT_ENTRY if known in _BECOME_A_USER and _maker(image) in _MAKERS else None


def _maker(image: str) -> str:
    """The owner of an image on Docker Hub; empty for official ones, and the whole path elsewhere."""
    path = image.partition("@")[0].rpartition("/")[0]
    for registry in _REGISTRIES:
        path = path.removeprefix(registry).removeprefix("/")
    return path
