"""Configuration keys of older versions, and their replacements."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_OLD = re.compile(r"(?P<api>[a-z]\w*)Api(?P<kind>Url|Token)")
"""`validationApiUrl`, `validationApiToken` and the like, before the APIs were a list."""


def moved(keys: Iterable[str], apis: Any, *, namespace: str) -> str | None:
    """Return the lines to write and the commands to run in place of retired keys; None if there are none.

    `apis` is the current list as it was read; its entries are kept.
    """
    found = [(key, match) for key in keys if (match := _OLD.fullmatch(key))]
    if not found:
        return None
    urls = {match["api"]: f"<what {key} was>" for key, match in found if match["kind"] == "Url"}
    listed = [api for api in apis if isinstance(api, dict) and "name" in api] if isinstance(apis, list) else []
    items = [{**api, "url": urls.get(api["name"], api.get("url"))} for api in listed]
    known = {item["name"] for item in items}
    items += [{"name": name, "url": url} for name, url in urls.items() if name not in known]
    tokens = dict.fromkeys(match["api"] for _, match in found)
    return "\n".join(
        [
            f"The keys of a stack's APIs have become the list {namespace}:apis; no longer known: "
            + ", ".join(f"{namespace}:{key}" for key, _ in found),
            "Write into Pulumi.<stack>.yaml:",
            *(f"  {line}" for line in _yaml(f"{namespace}:apis", items)),
            "and run:",
            *(f"  pulumi config set --secret --path 'apiTokens.{name}' <token>" for name in tokens),
            *(f"  pulumi config rm {key}" for key, _ in found),
        ]
    )


def _yaml(key: str, items: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    yield f"{key}:"
    for item in items:
        fields = [(name, value) for name, value in item.items() if value not in (None, "")]
        for first, (name, value) in zip("-" + " " * len(fields), fields, strict=False):
            yield f"  {first} {name}: {value if isinstance(value, str) else json.dumps(value)}"
