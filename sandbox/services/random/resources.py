"""The random provider: values that are drawn once, at deployment."""

import base64
import secrets
import string
import uuid
from typing import Any

from sandbox.clients import Clients
from sandbox.resource_inputs import InputError, Inputs

# https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password#special
SPECIAL = "!@#$%&*()-_=+[]{}<>:?"


def _characters(_clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    args.ignore("keepers", "every start of the sandbox draws a new value")
    length = int(args.require("length"))
    special = args.take("overrideSpecial", SPECIAL)
    numeric = args.take("numeric", args.take("number", True))
    kinds = [
        (string.ascii_lowercase, args.take("lower", True), args.take("minLower", 0)),
        (string.ascii_uppercase, args.take("upper", True), args.take("minUpper", 0)),
        (string.digits, numeric, args.take("minNumeric", 0)),
        (special, args.take("special", True), args.take("minSpecial", 0)),
    ]
    alphabet = "".join(characters for characters, wanted, _ in kinds if wanted)
    drawn = [secrets.choice(characters) for characters, _, minimum in kinds for _ in range(int(minimum))]
    if len(drawn) > length or not alphabet:
        raise InputError(f"'length' is {length}: too short for the minimums, or no kind of character is allowed")
    drawn += [secrets.choice(alphabet) for _ in range(length - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn), {"result": "".join(drawn)}


def _password(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    # Without `bcryptHash`: the standard library has no bcrypt, and no hash is better than a fake one.
    _, outputs = _characters(clients, args)
    # The value is a secret, so it cannot serve as the id.
    return "none", outputs


def _identifier(_clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    args.ignore("keepers", "every start of the sandbox draws a new value")
    prefix, drawn = args.take("prefix", ""), secrets.token_bytes(int(args.require("byteLength")))
    url = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    return url, {
        "hex": prefix + drawn.hex(),
        "dec": f"{prefix}{int.from_bytes(drawn, 'big')}",
        "b64Url": prefix + url,
        "b64Std": prefix + base64.b64encode(drawn).decode(),
    }


def _uuid(_clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    args.ignore("keepers", "every start of the sandbox draws a new value")
    drawn = str(uuid.uuid4())
    return drawn, {"result": drawn}


TYPES = {
    "random:index/randomPassword:RandomPassword": _password,
    "random:index/randomString:RandomString": _characters,
    "random:index/randomId:RandomId": _identifier,
    "random:index/randomUuid:RandomUuid": _uuid,
}
