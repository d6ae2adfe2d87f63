"""Values that read like secrets and belong to nobody."""

from __future__ import annotations

import base64
import binascii

import draws

HEX = "9c4e71b8d20f35a6e88b1d47c6f0a932"
PASSWORD = "Vrond7qa" + "leph"


def key_of_an_object() -> str:
    """The `d` of a JSON Web Key of 32 bytes."""
    return base64.urlsafe_b64encode(draws.token_bytes(32)).decode().rstrip("=")


KINDS = {"user": 20, "account": 0, "operator": 14, "server": 13, "cluster": 2, "curve": 23}
"""Of NATS keys, with the letter that their public half begins with, as a number of base32."""


def nkey(kind: str = "user") -> str:
    """A seed, by the algorithm of https://github.com/nats-io/nkeys (strkey.go); `nk -gen` makes the same."""
    prefix = KINDS[kind] << 3
    payload = bytes([18 << 3 | prefix >> 5, (prefix & 31) << 3]) + draws.token_bytes(32)
    check = binascii.crc_hqx(payload, 0).to_bytes(2, "little")
    return base64.b32encode(payload + check).decode().rstrip("=")
