"""docs/api.md: docs/openapi.json as a person reads it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tools.docs import api_schemas, openapi

MAX_WIDTH = 100
"""Letters; JSON that is longer stands on several lines."""

_INTRODUCTION = """\
# The APIs

Made by `make docs` from [openapi.json](openapi.json), which is made from the handlers' own models; `make check` fails
where one of the two is older than they are. Postman, Insomnia and code generators read openapi.json.

The commands below run in the folder of this project, with [jq](https://jqlang.org/download/), after these lines. For a
sandbox, `pulumi stack output NAME` is `jq -r .NAME /tmp/outputs.json`, and `aws` needs the variables that
[the sandbox](sandbox.md#with-the-aws-cli) wants.

```bash
CALLBACK=$(pulumi stack output callback_api_endpoint)
MOCKS=$(pulumi stack output mock_api_endpoint)
SECRET=$(aws secretsmanager get-secret-value --secret-id "$(pulumi stack output secrets_manager_arn)" \\
    --query SecretString --output text)
token() { echo "$SECRET" | jq -r ".$1"; }
```
"""

_SIGNED = """\
As a signed webhook, with the same body:

```bash
SIGNATURE=$(openssl dgst -sha256 -hmac "$(token callbackSigningKey)" -hex {file} | sed 's/.* //')
curl -sS -X POST "$CALLBACK" -H "{header}: sha256=$SIGNATURE" --data-binary @{file}
```
"""


def page() -> str:
    """Return the whole page."""
    document = openapi.document()
    lines = [_INTRODUCTION]
    shown: dict[str, Any] = {}
    for path, each in document["paths"].items():
        lines += _operation(path, each, document, shown)
        shown |= each["post"]["responses"]
    return "\n".join(lines)


def _operation(path: str, item: Any, document: Any, earlier: Mapping[str, Any]) -> Iterator[str]:
    """Return the section of a path; what it answers as the paths of `earlier` do is not shown again."""
    operation, (server,) = item["post"], item["servers"]
    known = document["components"]["schemas"]
    yield from (f"## POST {path}", "", f"**{operation['summary']}.** {operation['description']}", "")
    yield from (f"Where: {server['description']}", "")
    schemes = document["components"]["securitySchemes"]
    yield from ("### Who may call", "", "| header | what is in it |", "| --- | --- |")
    for name in (each for wanted in operation["security"] for each in wanted):
        scheme = schemes[name]
        header = f"`{scheme['name']}`" if "name" in scheme else "`Authorization: Bearer …`"
        yield f"| {header} | {_cell(scheme['description'])} |"
    if len(operation["security"]) > 1:
        yield from ("", "Either is enough.")
    for parameter in operation.get("parameters", []):
        yield from ("", f"`{parameter['name']}` may come with it. {parameter['description']}")
    yield from ("", "### What to send", "")
    content = operation["requestBody"]["content"]["application/json"]
    for name, example in content["examples"].items():
        yield from _request(path, name, example, known, schemes)
    yield from ("### What comes back", "", "| code | `status` | when |", "| --- | --- | --- |")
    for code, response in operation["responses"].items():
        for kind in _kinds(response):
            words = ", ".join(f"`{word}`" for word in api_schemas.words(known[kind]))
            when = _examples(response).get(kind, {}).get("summary", known[kind]["description"])
            yield f"| {code} | {words or '(none)'} | {_cell(when)} |"
    yield ""
    as_there = [code for code, response in operation["responses"].items() if response == earlier.get(code)]
    for code, response in operation["responses"].items():
        if code not in as_there:
            yield from _answers(code, response)
    if as_there:
        yield from (f"{', '.join(as_there)}: the same as above.", "")


def _request(
    path: str, name: str, example: Mapping[str, Any], known: Mapping[str, Any], schemes: Mapping[str, Any]
) -> Iterator[str]:
    yield from (f"**`{name}`**: {known[name]['description']}", "")
    yield from ("| field | | |", "| --- | --- | --- |", *_rows(known[name], known), "")
    is_callback = path == "/callback"
    url = '"$CALLBACK"' if is_callback else f'"$MOCKS{path}"'
    bearer = "callback" if is_callback else path.removeprefix("/")
    file = example.get("x-file")
    body = f"--data-binary @{file}" if file else f"-d '{json.dumps(example['value'])}'"
    command = f'curl -sS -X POST {url} -H "Authorization: Bearer $(token {bearer})" \\\n    {body}'
    yield from ("```bash", command, "```", "")
    if file:
        yield from (f"[{file}](../{file}) is what Jira sends. This much of it decides:", "", *_json(example["value"]))
    if name == "Webhook":
        yield _SIGNED.format(file=file, header=schemes["signature"]["name"])


def _rows(schema: Mapping[str, Any], known: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """Return the fields of a schema, those inside of others too."""
    for name, field in schema["properties"].items():
        (kind,) = [each for each in field.get("anyOf", [field]) if each.get("type") != "null"]
        needed = "required" if name in schema.get("required", []) else "optional"
        if "$ref" in kind:
            inner = known[kind["$ref"].rpartition("/")[2]]
            yield f"| `{within}{name}` | {needed} | object |"
            yield from _rows(inner, known, f"{within}{name}.")
        else:
            yield f"| `{within}{name}` | {needed} | {_cell(_limits(kind))} |"


def _limits(kind: Mapping[str, Any]) -> str:
    if kind["type"] == "array":
        least = f"at least {kind['minItems']}: " if "minItems" in kind else ""
        return f"list of {least}{_limits(kind['items'])}"
    said = [kind["type"]]
    if "minLength" in kind:
        said.append(f"at least {kind['minLength']:,} character")
    if "maxLength" in kind:
        said.append(f"at most {kind['maxLength']:,} characters")
    if "pattern" in kind:
        said.append(f"matches `{kind['pattern']}`")
    return ", ".join(said)


def _answers(code: str, response: Mapping[str, Any]) -> Iterator[str]:
    for name, example in _examples(response).items():
        headers = response.get("headers", {}) if name != openapi.GATEWAY_SCHEMA else {}
        also = f", with the header {' and '.join(f'`{header}`' for header in headers)}" if headers else ""
        yield from (f"{code} `{name.split()[0]}`{also}:", "", *_json(example["value"]))


def _kinds(response: Mapping[str, Any]) -> list[str]:
    schema = response["content"]["application/json"]["schema"]
    return [each["$ref"].rpartition("/")[2] for each in schema.get("anyOf", [schema])]


def _examples(response: Mapping[str, Any]) -> Mapping[str, Any]:
    examples: Mapping[str, Any] = response["content"]["application/json"]["examples"]
    return examples


def _json(value: Any) -> list[str]:
    flat = json.dumps(value, ensure_ascii=False)
    text = flat if len(flat) <= MAX_WIDTH else json.dumps(value, indent=2, ensure_ascii=False)
    return ["```json", text, "```", ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
