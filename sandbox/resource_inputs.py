"""The inputs of one resource, with a record of those that were read, so that none is dropped silently."""

import itertools
import secrets
import time
from collections.abc import Mapping
from typing import Any

# The engine's automatic names end in this many random hexadecimal digits.
# https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
AUTO_NAME_DIGITS = 7

_prefixed = itertools.count(1)


class InputError(ValueError):
    """An input that AWS or the sandbox does not accept."""


class Inputs:
    """The inputs of one resource (or of one block inside it) under Pulumi's camelCase names.

    `unused()` reports every input that is neither taken nor ignored, which fails the deployment.
    """

    def __init__(
        self,
        logical_name: str,
        values: Mapping[str, Any],
        default_tags: Mapping[str, str] | None = None,
        path: str = "",
    ) -> None:
        self.logical_name = logical_name
        self.values = {key: value for key, value in values.items() if value is not None}
        self.takes_tags = False
        """Whether the create function of the type asked for tags."""
        self._default_tags = dict(default_tags or {})
        self._path = path
        self._used: set[str] = set()
        self._blocks: list[Inputs] = []

    def take(self, key: str, default: Any = None) -> Any:
        """Return the value of `key`, or `default` if the program gave none."""
        self._used.add(key)
        return self.values.get(key, default)

    def require(self, key: str) -> Any:
        """Return the value of `key`. Raises InputError if the program gave none."""
        value = self.take(key)
        if value is None:
            raise InputError(f"'{self._path}{key}' is required, and the program gives none")
        return value

    def parameters(self, *keys: str) -> dict[str, Any]:
        """Return these inputs, if set, as parameters of an AWS call with the same names: `path` -> `Path`."""
        return {key[:1].upper() + key[1:]: value for key in keys if (value := self.take(key)) is not None}

    def nested(self, *keys: str) -> dict[str, Any]:
        """Return `parameters` of blocks, with their inner names in AWS's spelling."""
        return aws_names(self.parameters(*keys))  # type: ignore[no-any-return]  # a dictionary stays one

    def ignore(self, key: str, reason: str) -> None:
        """Leave `key` out on purpose; `reason` says why that changes nothing in the sandbox."""
        if not reason:
            raise ValueError(f"'{key}' is ignored without a reason")
        self._used.add(key)

    def block(self, key: str) -> "Inputs | None":
        """Return the nested block `key`, tracked like the resource itself; None if the program gave none."""
        value = self.take(key)
        return None if value is None else self._block(value, f"{self._path}{key}.")

    def blocks(self, key: str) -> "list[Inputs]":
        """Return the nested blocks of the list `key`, each tracked like the resource itself."""
        return [self._block(value, f"{self._path}{key}[{index}].") for index, value in enumerate(self.take(key) or [])]

    def name(self, key: str = "name", *, prefix: str | None = None, limit: int | None = None, suffix: str = "") -> str:
        """Return the physical name: the given one, or one generated as by the engine and the provider.

        prefix: the input with a name prefix, if the type has one. limit: AWS's maximum length of the name.
        Raises InputError if a generated name would be longer than `limit` characters.
        """
        given = self.take(key)
        if given is not None:
            return str(given)
        start = self.take(prefix) if prefix else None
        if start is not None:
            # Terraform's unique suffix: ordered in time, then counted, so that two made at once still differ.
            moment = time.strftime("%Y%m%d%H%M%S", time.gmtime()) + f"{time.time_ns() // 100_000 % 10_000:04d}"
            made = f"{start}{moment}{next(_prefixed):08x}{suffix}"
        else:
            made = f"{self.logical_name}-{secrets.token_hex(4)[:AUTO_NAME_DIGITS]}{suffix}"
        if limit is not None and len(made) > limit:
            raise InputError(
                f"'{key}' would be '{made}', {len(made)} characters where AWS allows {limit}: "
                f"give a shorter {prefix if start is not None else 'logical name'}, or set '{key}'"
            )
        return made

    def tags(self) -> dict[str, str]:
        """Return the provider's default tags with the resource's own over them."""
        self.takes_tags = True
        own: dict[str, str] = self.take("tags") or {}
        return self._default_tags | own

    def unused(self) -> list[str]:
        """Return the paths of all given inputs that were not read and not ignored."""
        own = [f"{self._path}{key}" for key in self.values if key not in self._used]
        return own + [path for block in self._blocks for path in block.unused()]

    def _block(self, value: Any, path: str) -> "Inputs":
        if not isinstance(value, Mapping):
            raise InputError(f"'{path.rstrip('.')}' must be an object, not {type(value).__name__}")
        block = Inputs(self.logical_name, value, path=path)
        self._blocks.append(block)
        return block


def given(**parameters: Any) -> dict[str, Any]:
    """Return the parameters of an AWS call without those that are None, which boto3 does not accept."""
    return {key: value for key, value in parameters.items() if value is not None}


def aws_names(value: Any) -> Any:
    """Return a nested value with its keys in AWS's spelling, at every depth: `sseAlgorithm` -> `SseAlgorithm`.

    Use it only for blocks whose keys are property names. boto3 refuses unknown names, so no property can get
    lost.
    """
    if isinstance(value, Mapping):
        return {key[:1].upper() + key[1:]: aws_names(item) for key, item in value.items()}
    if isinstance(value, list):
        return [aws_names(item) for item in value]
    return value


def texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Return attributes in the form of SNS and SQS: every value is a text, booleans in lower case."""
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in attributes.items()}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]] | None:
    """Return tags in the shape of most APIs: a list of Key and Value, None without tags."""
    return [{"Key": key, "Value": value} for key, value in tags.items()] or None
