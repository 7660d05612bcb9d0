"""Types of setting values: what each accepts, and how it is read."""

import ipaddress
import json
import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field


def as_scalar(value: Any) -> Any:
    """Read `"10"`, `"1.5"` and `"true"` inside an object as the engine reads them at the top level.

    `pulumi config set --path` stores a fractional number as text.
    """
    is_quoted = isinstance(value, str) and re.fullmatch(r"true|false|(0|[1-9][0-9]*)(\.[0-9]+)?", value)
    return json.loads(value) if is_quoted else value


def names_only(what: str, known: Collection[str]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Return a validator for an object whose keys must be known names, such as those of functions."""

    def check(given: Mapping[str, Any]) -> Mapping[str, Any]:
        for name in given:
            if name not in known:
                close = get_close_matches(name, known, n=1)
                meant = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
                raise ValueError(f"names no {what} {name!r}: {meant}")
        return given

    return check


def _is_no_directory(prefix: str) -> str:
    if {".", ".."} & set(prefix.split("/")):
        raise ValueError("must not have . or .. between slashes: clients take them for directories")
    return prefix


def _is_vpc_range(cidr: str) -> str:
    """Check a CIDR range: AWS accepts /16 to /28 for a VPC and for each of its subnets, of which a VPC here has two.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    """
    if cidr:
        block = ipaddress.IPv4Network(cidr)
        if not (block.is_private and 16 <= block.prefixlen <= 27):
            raise ValueError("must be a private range of /16 to /27, such as 10.42.0.0/24")
    return cidr


Integer = Annotated[int, BeforeValidator(as_scalar)]
VpcRange = Annotated[str, AfterValidator(_is_vpc_range)]
Email = Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$", max_length=320)]
FailureRate = Annotated[str, Field(pattern=r"^(0(\.[0-9]+)?|1(\.0+)?)$")]
"""From 0 to 1. Pulumi has no type for fractional numbers, so the value is text."""
Prefix = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/$", max_length=256),
    AfterValidator(_is_no_directory),
]
Statuses = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]
