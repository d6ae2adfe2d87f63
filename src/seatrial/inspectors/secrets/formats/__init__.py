"""
The table of token formats: every kind of token that is known by its shape, one row each.

Each row links to the provider's page about the credential. Where a provider documents no shape, tokens in use give
it. The provider's name must then be before them. `build.py` says how a row is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from seatrial.inspectors.secrets.formats import (
    ai_models,
    ai_tools,
    chat,
    ci,
    cloud_major,
    clouds,
    connections,
    data,
    forges,
    identity,
    keys,
    locked_keys,
    mail,
    messaging,
    monitoring,
    operations,
    payment,
    platforms,
    private_keys,
    public_apis,
    registries,
    saas,
    social,
    wallets,
    web_keys,
)
from seatrial.inspectors.secrets.model import Format

FORMATS: tuple[Format, ...] = tuple(
    sorted(
        (
            *ai_models.FORMATS,
            *ai_tools.FORMATS,
            *chat.FORMATS,
            *ci.FORMATS,
            *cloud_major.FORMATS,
            *clouds.FORMATS,
            *connections.FORMATS,
            *data.FORMATS,
            *forges.FORMATS,
            *identity.FORMATS,
            *keys.FORMATS,
            *locked_keys.FORMATS,
            *mail.FORMATS,
            *messaging.FORMATS,
            *monitoring.FORMATS,
            *operations.FORMATS,
            *payment.FORMATS,
            *platforms.FORMATS,
            *private_keys.FORMATS,
            *public_apis.FORMATS,
            *registries.FORMATS,
            *saas.FORMATS,
            *social.FORMATS,
            *wallets.FORMATS,
            *web_keys.FORMATS,
        ),
        key=lambda row: row.id,
    )
)
"""All rows, by id."""

BY_RULE: Mapping[str, Format] = MappingProxyType({row.rule: row for row in FORMATS})
"""The rows by the rule that their findings carry: `secrets/<id>`."""
