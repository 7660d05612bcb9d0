"""The Condition element of a policy statement.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import functools
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

Context: TypeAlias = Mapping[str, str | Sequence[str]]
"""The facts of a request, by condition key: one value, or several for a multivalued key."""

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
# ${*}, ${?} and ${$} represent the characters themselves; private-use characters replace them until the match.
_LITERALS = {"*": "\ue000", "?": "\ue001", "$": "$"}
_MEANT = str.maketrans({"\ue000": "*", "\ue001": "?"})
_ESCAPED = str.maketrans({"\ue000": r"\*", "\ue001": r"\?"})
_ARN_PARTS = 6


class UnsupportedConditionError(ValueError):
    """IAM has no such operator."""


def hold(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Return whether every operator and key of a Condition element holds for the request.

    Raises UnsupportedConditionError for an operator that IAM does not know.
    """
    facts = {key.lower(): [value] if isinstance(value, str) else list(value) for key, value in context.items()}
    return all(
        _holds(operator, listed(wanted), facts.get(key.lower()), facts)
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def listed(value: Any) -> list[str]:
    """Return a policy element, which may be one value or a list, as a list of texts."""
    values = value if isinstance(value, list) else [value]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in values]


def substitute(pattern: str, facts: Mapping[str, list[str]]) -> str | None:
    """Replace policy variables (`${aws:username}`) by the request's values.

    None if a variable has no single value: such an element matches nothing.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    unknown = False

    def value(found: re.Match[str]) -> str:
        nonlocal unknown
        if found[1] in _LITERALS:
            return _LITERALS[found[1]]
        name, _, default = found[1].partition(",")
        values = facts.get(name.strip().lower())
        if values is not None and len(values) == 1:
            return values[0]
        if default:
            return default.strip().strip("'")
        unknown = True
        return ""

    result = _VARIABLE.sub(value, pattern)
    return None if unknown else result


def matches(pattern: str, text: str) -> bool:
    """Return whether the text matches a pattern, in which `*` matches any number of characters and `?` one."""
    return expression(pattern, any_run=".*", any_one=".").fullmatch(text) is not None


@functools.lru_cache(maxsize=4096)
def expression(pattern: str, *, any_run: str, any_one: str) -> "re.Pattern[str]":
    """Convert a pattern to a regular expression, with these expressions for its wildcards."""
    text = re.escape(pattern).replace(r"\*", any_run).replace(r"\?", any_one)
    return re.compile(text.translate(_ESCAPED), re.DOTALL)


def _holds(operator: str, wanted: list[str], actual: list[str] | None, facts: Mapping[str, list[str]]) -> bool:
    quantifier, _, name = operator.rpartition(":")
    name, if_exists = name.removesuffix("IfExists"), name.endswith("IfExists")
    if name == "Null":
        return (actual is None) == (wanted[0] == "true")
    positive, negated = (name.replace("Not", "", 1), True) if "Not" in name else (name, False)
    compare = _OPERATORS.get(positive)
    if compare is None or (negated and positive in _NEVER_NEGATED):
        raise UnsupportedConditionError(f"IAM knows no condition operator {operator}")
    patterns = [each for each in (substitute(pattern, facts) for pattern in wanted) if each is not None]
    if positive not in _WITH_WILDCARDS:
        patterns = [each.translate(_MEANT) for each in patterns]

    def one(value: str) -> bool:
        return any(compare(pattern, value) for pattern in patterns) != negated

    if quantifier.lower() == "forallvalues":
        return actual is None or all(map(one, actual))
    if actual is None:
        # A negated operator holds for a missing key; ForAnyValue always needs a value.
        return not quantifier and (if_exists or negated)
    if negated and len(patterns) < len(wanted):
        # "Not equal" does not hold for an unknown value.
        return False
    return any(map(one, actual))


def _arn_like(pattern: str, value: str) -> bool:
    # "Each of the six colon-delimited components of the ARN is checked separately and each can include ... wildcards."
    wanted, actual = pattern.split(":", _ARN_PARTS - 1), value.split(":", _ARN_PARTS - 1)
    return len(wanted) == len(actual) and all(map(matches, wanted, actual))


def _ip_address(pattern: str, value: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(pattern, strict=False)


def _moment(text: str) -> datetime:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": lambda pattern, value: pattern.lower() == value.lower(),
    "StringLike": matches,
    "NumericEquals": lambda pattern, value: float(value) == float(pattern),
    "NumericLessThan": lambda pattern, value: float(value) < float(pattern),
    "NumericLessThanEquals": lambda pattern, value: float(value) <= float(pattern),
    "NumericGreaterThan": lambda pattern, value: float(value) > float(pattern),
    "NumericGreaterThanEquals": lambda pattern, value: float(value) >= float(pattern),
    "DateEquals": lambda pattern, value: _moment(value) == _moment(pattern),
    "DateLessThan": lambda pattern, value: _moment(value) < _moment(pattern),
    "DateLessThanEquals": lambda pattern, value: _moment(value) <= _moment(pattern),
    "DateGreaterThan": lambda pattern, value: _moment(value) > _moment(pattern),
    "DateGreaterThanEquals": lambda pattern, value: _moment(value) >= _moment(pattern),
    "Bool": lambda pattern, value: pattern.lower() == value.lower(),
    "BinaryEquals": str.__eq__,
    "IpAddress": _ip_address,
    # "ArnEquals and ArnLike behave identically."
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
}
_WITH_WILDCARDS = frozenset({"StringLike", "ArnEquals", "ArnLike"})
_NEVER_NEGATED = frozenset({"Bool", "BinaryEquals"}) | {name for name in _OPERATORS if "Than" in name}
