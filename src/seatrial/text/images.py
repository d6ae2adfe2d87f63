"""What names tell: the image `ghcr.io/acme/postgres-exporter:0.17@sha256:…` is the program `postgres-exporter`."""

from __future__ import annotations

import re
from collections.abc import Container

_WORD = re.compile(r"[a-z0-9]+")
_COMPANION = re.compile(
    r"admin|agent|backups?|box|browser|cli|client|commander|connect|console|dashboards?|dump|exporter|express|gateway"
    r"|gui|head|init|insight|loader|manager|meta|metrics|migrat(?:e|ions?|or)|monitor|operator|proxy|rest|restore"
    r"|router|seed|seeder|sentinel|sync|template|toolbox|tools|ui|viewer|web|webui"
)
"""Words of programs that work with a datastore and are not one: `mongo-express`, `redis-exporter`, `kafka-ui`."""


_TASK = re.compile(
    r"migrat|seed|(?<![a-z])init(?![a-z])|initiali[sz]|setup|bootstrap|fixture|(?<![a-z])import(?![a-z])|create|provision"
    r"|(?<![a-z])(?:task|job)(?![a-z])",
    re.IGNORECASE,
)


def sounds_like_a_task(service: str) -> bool:
    """Whether a service is called like something that ends: `db-migrate`, `minio-create-buckets`, `init`."""
    return _TASK.search(service) is not None


def program(image: str) -> str:
    """The name of an image without registry, tag and digest, in lower case."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()


def known(name: str, stores: Container[str]) -> str:
    """
    The first word of a program's name that is one of these datastores; empty: it is not one, or only works with one.

    A word may be followed by a number: `postgres17`.
    """
    words = [found[0] for found in _WORD.finditer(name)]
    if any(_COMPANION.fullmatch(word) for word in words):
        return ""
    bare = (word.rstrip("0123456789") for word in words)
    return next((one for pair in zip(words, bare, strict=True) for one in pair if one in stores), "")
