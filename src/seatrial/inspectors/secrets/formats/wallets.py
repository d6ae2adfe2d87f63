"""Crypto currencies: keys, exchanges, nodes."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import assigned, token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import (
    is_base58check,
    is_base64_secret,
    is_bech32,
    is_mixed,
    is_stellar_seed,
)

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
_STRIPE = "https://docs.stripe.com/keys"
_SQUARE = "https://developer.squareup.com/docs/build-basics/access-tokens"
_SHOPIFY = "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens"

FORMATS: tuple[Format, ...] = (
    token(
        "bitcoin-private-key",
        "Bitcoin private key (wallet import format)",
        "https://en.bitcoin.it/wiki/Wallet_import_format",
        CRITICAL,
        "{base58check:wif}",
        pattern="(?P<secret>(?:5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL][1-9A-HJ-NP-Za-km-z]{51}))",
        keywords=("5h", "5j", "5k", "k", "l"),
        counter_example="K{base58:51}",
        min_entropy=4.0,
        verify=is_base58check,
    ),
    token(
        "bip32-extended-private-key",
        "BIP-32 extended private key",
        "https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki",
        CRITICAL,
        "{base58check:xprv}",
        pattern="(?P<secret>[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107})",
        keywords=("xprv", "yprv", "zprv", "tprv"),
        counter_example="xprv{base58:107}",
        min_entropy=4.0,
        verify=is_base58check,
    ),
    token(
        "stellar-secret-seed",
        "Stellar secret seed",
        "https://github.com/stellar/stellar-protocol/blob/master/ecosystem/sep-0023.md",
        CRITICAL,
        "{stellar}",
        keywords=("s",),
        counter_example="S{base32:55}",
        min_entropy=3.5,
        verify=is_stellar_seed,
    ),
    token(
        "nostr-secret-key",
        "Nostr secret key",
        "https://github.com/nostr-protocol/nips/blob/master/19.md",
        HIGH,
        "{bechkey:nsec}",
        pattern="(?P<secret>nsec1[02-9ac-hj-np-z]{58})",
        keywords=("nsec1",),
        counter_example="nsec1{lower36:58}",
        min_entropy=3.5,
        verify=is_bech32,
    ),
    token(
        "ethereum-private-key",
        "Ethereum private key",
        "https://ethereum.org/en/developers/docs/accounts/",
        CRITICAL,
        "DEPLOYER_PRIVATE_KEY=0x<<{hex:64}>>",
        pattern=(
            r"(?i:private_?key|priv_?key|deployer|wallet_?key|signer|mnemonic|_pk|owner_?key|account_?key)"
            r"[0-9A-Za-z_]{0,16}[^\n0-9A-Za-z]{1,8}(?:0x)?(?P<secret>[0-9a-fA-F]{64})"
        ),
        keywords=("priv", "deployer", "wallet", "signer", "mnemonic", "_pk", "owner", "account"),
        verify=is_mixed,
        left="",
    ),
    assigned(
        "binance-api-secret",
        "Binance API key or secret",
        "https://developers.binance.com/docs/binance-spot-api-docs/rest-api",
        CRITICAL,
        "binance",
        "{base62:64}",
        name="BINANCE_API_SECRET",
        verify=is_mixed,
    ),
    assigned(
        "kraken-private-key",
        "Kraken private key",
        "https://docs.kraken.com/api/docs/guides/spot-rest-auth",
        CRITICAL,
        "kraken",
        "{base64:86}==",
        name="KRAKEN_PRIVATE_KEY",
        verify=is_base64_secret,
    ),
    assigned(
        "bitfinex-api-secret",
        "Bitfinex API key or secret",
        "https://docs.bitfinex.com/docs/rest-auth",
        CRITICAL,
        "bitfinex|bfx",
        "{base62:43}",
        name="BITFINEX_API_SECRET",
        verify=is_mixed,
    ),
    assigned(
        "etherscan-api-key",
        "Etherscan API key",
        "https://docs.etherscan.io/getting-started/viewing-api-usage-statistics",
        MEDIUM,
        "etherscan|bscscan|polygonscan|arbiscan|snowtrace|ftmscan|basescan",
        "{upper36:34}",
        name="ETHERSCAN_API_KEY",
        words="key|token|api",
        verify=is_mixed,
    ),
    assigned(
        "infura-project-secret",
        "Infura key or secret",
        "https://docs.metamask.io/services/get-started/infura/",
        MEDIUM,
        "infura",
        "{hex:32}",
        name="INFURA_API_KEY",
        words="key|secret|_id|token|v3",
    ),
    token(
        "infura-url",
        "Infura key in a URL",
        "https://docs.metamask.io/services/get-started/endpoints/",
        MEDIUM,
        "https://mainnet.infura.io/v3/<<{hex:32}>>",
        pattern=r"\.infura\.io/(?:ws/)?v3/(?P<secret>[0-9a-f]{32})",
        keywords=(".infura.io/",),
        left="",
    ),
    token(
        "alchemy-url",
        "Alchemy key in a URL",
        "https://www.alchemy.com/docs/create-an-api-key",
        MEDIUM,
        "https://eth-mainnet.g.alchemy.com/v2/<<{base64url:32}>>",
        pattern=r"\.alchemy(?:api)?\.(?:com|io)/v2/(?P<secret>[0-9A-Za-z_-]{21,32})",
        keywords=(".alchemy",),
        verify=is_mixed,
        left="",
    ),
    assigned(
        "alchemy-api-key",
        "Alchemy API key",
        "https://www.alchemy.com/docs/create-an-api-key",
        MEDIUM,
        "alchemy",
        "{base64url:32}",
        name="ALCHEMY_API_KEY",
        verify=is_mixed,
    ),
)
