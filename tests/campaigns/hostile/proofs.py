"""Good and forged proofs of a caller: bearer tokens, signatures, and their headers."""

import base64
import hashlib
import hmac
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.campaigns.hostile.texts import text

Header = tuple[str, str]

ALGORITHMS = ("none", "sha-256", "SHA-256", "hmac-sha256", "sha3-256", "\u017fha256", "sha256:", "sha256 ", "")
NO_DIGITS = "gz \u00e9\u0663\uff41"
"""Of no hexadecimal number, though two of them are a digit and a letter a elsewhere."""


@dataclass(frozen=True)
class Proof:
    """Headers in their order, and whether they are a good proof."""

    headers: tuple[Header, ...]
    is_right: bool


def right(rng: random.Random, secrets: Mapping[str, str], body: bytes) -> Proof:
    """Return a good proof."""
    bearer = (_cased(rng, "Authorization"), f"{_cased(rng, 'Bearer')} {secrets['callback']}")
    return Proof((bearer if rng.random() < 0.6 else _signed(rng, secrets, body),), True)


def forged_token(rng: random.Random, secrets: Mapping[str, str], _body: bytes) -> Proof:
    """Another token than the right one, or the right one in the wrong form."""
    token = secrets["callback"]
    place = rng.randrange(len(token))
    near = [
        token[:-1],
        token[1:],
        token[:place],
        token + rng.choice("x0=/"),
        token[:place] + chr(ord(token[place]) ^ 1) + token[place + 1 :],
        token[:place] + chr(ord(token[place]) + 0xFEE0) + token[place + 1 :],
        token[:place] + "\u200b" + token[place:],
        token[:place] + " " + token[place:] if place else token + " x",
        token.swapcase(),
        token[::-1],
        token * 2,
        f"{token}\x00",
        f'"{token}"',
        f"{token},{token}",
        f"{token}, Bearer {token}",
        f"{token};",
        base64.b64encode(token.encode()).decode(),
        token.encode().hex(),
        *(value for name, value in secrets.items() if name != "callback"),
    ]
    guessed = ["", "null", "undefined", "true", "*", "0", "Bearer", "a" * 8_000, text(rng), text(rng), text(rng)]
    candidate = rng.choice(near if rng.random() < 0.7 else guessed)
    values = [f"{_cased(rng, 'Bearer')} {candidate}"]
    if rng.random() < 0.25:
        scheme = rng.choice(("Basic", "Token", "", "Bearer:", "Bearer,", "BearerX", "Digest", text(rng)))
        values = [f"{scheme}{rng.choice(('', ' '))}{token}" if scheme else token]
    elif rng.random() < 0.2:
        # Two headers of one name reach the function as one, with a comma between them.
        values = [f"Bearer {token}", rng.choice((f"Bearer {token}", *values))]
        rng.shuffle(values)
    name = (
        "Authorization"
        if rng.random() < 0.9
        else rng.choice(("Proxy-Authorization", "X-Authorization", "Authorisation"))
    )
    if name != "Authorization":
        values = [f"Bearer {token}"]
    return Proof(tuple((_cased(rng, name), each) for each in values), False)


def forged_signature(rng: random.Random, secrets: Mapping[str, str], body: bytes) -> Proof:
    """Return a signature by another algorithm, key or body, or the right one in part or in the wrong form or place."""
    key = secrets["callbackSigningKey"].encode()
    good = _hmac(key, body)
    place = rng.randrange(64)
    keys = (b"", b"secret", secrets["callback"].encode(), secrets["validation"].encode(), key + b"x", key[::-1])
    others = (
        b"",
        body + b" ",
        b" " + body,
        base64.b64encode(body),
        body[::-1],
        body.hex().encode(),
        hashlib.sha256(body).digest(),
    )
    forged = [
        f"sha1={hmac.new(key, body, hashlib.sha1).hexdigest()}",
        f"sha512={hmac.new(key, body, hashlib.sha512).hexdigest()}",
        f"md5={hmac.new(key, body, hashlib.md5).hexdigest()}",
        f"{rng.choice(ALGORITHMS)}={good}",
        good,
        f"sha256:{good}",
        "sha256=",
        f"sha256={good[:place]}",
        f"sha256={good}{good[:place] or '0'}",
        f"sha256={good[:place]}{(int(good[place], 16) ^ (1 + rng.randrange(15))):x}{good[place + 1 :]}",
        f"sha256={good[:place]}{rng.choice(NO_DIGITS)}{good[place + 1 :]}",
        f"sha256= {good}",
        f"sha256=0x{good}",
        f'sha256="{good}"',
        f"sha256={good},sha256={good}",
        f"sha256={base64.b64encode(bytes.fromhex(good)).decode()}",
        f"sha256={rng.choice('0f') * 64}",
        f"sha256={_hmac(rng.choice(keys), body)}",
        f"sha256={_hmac(key, rng.choice(others))}",
        f"sha256={hashlib.sha256(body).hexdigest()}",
        f"sha256={hashlib.sha256(key + body).hexdigest()}",
        f"sha256={text(rng)}",
        text(rng),
    ]
    if rng.random() < 0.15:
        name = rng.choice(("X-Hub-Signature-256", "X-Signature", "Signature", "X_Hub_Signature"))
        return Proof(((name, f"sha256={good}"),), False)
    if rng.random() < 0.1:
        return Proof(((_cased(rng, "Authorization"), f"{rng.choice(('', 'Bearer '))}sha256={good}"),), False)
    return Proof(((_cased(rng, "X-Hub-Signature"), rng.choice(forged)),), False)


def several(rng: random.Random, secrets: Mapping[str, str], body: bytes) -> Proof:
    """Both kinds at once: one good proof is enough, two forged ones are not."""
    forged = [forged_token(rng, secrets, body), forged_signature(rng, secrets, body)]
    tokens = [header for header in forged[0].headers if header[0].lower() == "authorization"]
    signatures = [header for header in forged[1].headers if header[0].lower() == "x-hub-signature"]
    bearer = ("Authorization", f"Bearer {secrets['callback']}")
    match rng.randrange(4):
        case 0:
            return Proof((*signatures, bearer), True)
        case 1:
            return Proof((_signed(rng, secrets, body), *tokens), True)
        case 2:
            return Proof((_signed(rng, secrets, body), bearer), True)
        case _:
            return Proof((*tokens, *signatures), False)


def joined(headers: Iterable[Header]) -> dict[str, str]:
    """Headers as API Gateway gives them to a function: names in lower case, and the values of one name in one text."""
    found: dict[str, str] = {}
    for name, value in headers:
        known = found.get(name.lower())
        found[name.lower()] = value if known is None else f"{known},{value}"
    return found


def _signed(rng: random.Random, secrets: Mapping[str, str], body: bytes) -> Header:
    good = _hmac(secrets["callbackSigningKey"].encode(), body)
    value = rng.choice((f"sha256={good}", f"sha256={good.upper()}", f"SHA256={good}", f"  sha256={good} "))
    return (_cased(rng, "X-Hub-Signature"), value)


def _hmac(key: bytes, body: bytes) -> str:
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def _cased(rng: random.Random, name: str) -> str:
    return rng.choice((name, name, name.lower(), name.upper(), name.swapcase()))
