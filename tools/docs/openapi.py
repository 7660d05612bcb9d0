"""docs/openapi.json: the callback API and the mock APIs, as OpenAPI 3.1.

https://spec.openapis.org/oas/v3.1.0
"""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from handlers.answers import Answer
from handlers.callback import answers, formats
from handlers.callback.authenticate import SIGNATURE_HEADER
from handlers.callback.receive import CALLBACK_ID, CALLBACK_ID_HEADER
from handlers.mock_apis.answering import ERRORS, Api, Release
from tools.docs import api_examples, api_schemas
from tools.docs.api_examples import Request
from tools.docs.api_schemas import any_of, reference

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"

GATEWAY = {
    413: ("Request Entity Too Large", "The request, as an event for Lambda, is larger than 6 MB."),
    429: ("Too Many Requests", "More requests than `throttleRateLimit` and `throttleBurstLimit` allow."),
    500: ("Internal Server Error", "The function could not be called, or ended before it answered."),
    503: ("Service Unavailable", "The function did not answer within 30 seconds."),
}
"""API Gateway's own answers, with their causes.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html"""

GATEWAY_SCHEMA = "FromApiGateway"

_HEADERS = {
    "retry-after": {"description": "After how many seconds to call again.", "schema": {"type": "string"}},
    "www-authenticate": {"description": "How to prove who calls.", "schema": {"type": "string"}},
}


def text() -> str:
    """Return the text of the file."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> dict[str, Any]:
    """Return the document."""
    project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
    kinds = {type(answer) for api in get_args(Api) for answer in api_examples.answers_of_mock(api)}
    known = api_schemas.schemas(
        [*get_args(formats.Body), Release], sorted({*answers.EVERY_ANSWER, *kinds}, key=lambda kind: kind.__name__)
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Holdpoint",
            "version": project["version"],
            "description": "The API that finishes the wait of a release, and the mocks of the APIs that a release"
            " calls. Made by `make docs` from the handlers' own models.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {"/callback": _callback(), **{f"/{api}": _mock(api) for api in get_args(Api)}},
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The API's token, from the secret `secrets_manager_arn`: its current value, or the"
                    " one from before the last rotation.",
                },
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": SIGNATURE_HEADER,
                    "description": "`sha256=` and the HMAC-SHA256 of the body as it is sent, in hexadecimal digits,"
                    " under the key `callbackSigningKey` of the secret. Jira signs its webhooks so.",
                },
            },
            "schemas": {**known, GATEWAY_SCHEMA: _gateway_schema()},
        },
    }


def _callback() -> dict[str, Any]:
    return {
        "servers": [_server("callback_api_endpoint", "/callback")],
        "post": {
            "operationId": "callback",
            "summary": "Say how a Jira story ended",
            "description": "Finishes the wait of every release that waits for the story. A body with `transition` is"
            " read as that of a workflow's post function, one with `webhookEvent` as a webhook, one with `issue` as"
            " Automation's Jira format, one with `key` or `fields` as its Automation format, any other as our own. A"
            " body that names two stories or two statuses is refused. Its Content-Type does not matter.",
            "security": [{"bearer": []}, {"signature": []}],
            "parameters": [
                {
                    "name": CALLBACK_ID_HEADER,
                    "in": "header",
                    "description": "Marks the callback in the table; Jira repeats it on every retry. One that does not"
                    f" match `{CALLBACK_ID.pattern}` gives way to the SHA-256 of the body.",
                    "schema": {"type": "string"},
                }
            ],
            "requestBody": _request(api_examples.callbacks()),
            "responses": _responses(answers.EVERY_ANSWER, api_examples.answers_to_callbacks()),
        },
    }


def _mock(api: Api) -> dict[str, Any]:
    examples = api_examples.answers_of_mock(api)
    decision = type(examples[0])
    return {
        "servers": [_server("mock_api_endpoint", "")],
        "post": {
            "operationId": api,
            "summary": f"Ask the mock of the {api} API about a release",
            "description": f"The mock for stacks whose `holdpoint:apis` gives {api} no `url`; a real API gets the same"
            " request, and should answer alike.",
            "security": [{"bearer": []}],
            "requestBody": _request([api_examples.release()]),
            "responses": _responses((decision, *ERRORS), examples),
        },
    }


def _server(output: str, path: str) -> dict[str, Any]:
    return {
        "url": "https://{api}.execute-api.{region}.amazonaws.com",
        "description": f"The stack output `{output}`" + (f" is this with `{path}`." if path else "."),
        "variables": {"api": {"default": "abcdef1234"}, "region": {"default": "us-east-1"}},
    }


def _request(examples: Sequence[Request]) -> dict[str, Any]:
    shown = {
        example.model.__name__: {
            "value": example.value,
            **({"x-file": example.file.as_posix()} if example.file else {}),
        }
        for example in examples
    }
    schema = any_of(example.model for example in examples)
    return {"required": True, "content": {"application/json": {"schema": schema, "examples": shown}}}


def _responses(kinds: Sequence[type[Answer]], examples: Sequence[Answer]) -> dict[str, Any]:
    codes = sorted({kind.code for kind in kinds} | GATEWAY.keys())
    return {str(code): _response(code, [kind for kind in kinds if kind.code == code], examples) for code in codes}


def _response(code: int, kinds: Sequence[type[Answer]], examples: Sequence[Answer]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for example in examples:
        if type(example) in kinds:
            name = type(example).__name__
            # A class may have several examples, which differ in status or message.
            names = (name, f"{name} {example.status}", f"{name} contradicted")
            shown[next(each for each in names if each not in shown)] = {"value": example.as_json()}
    references = [reference(kind) for kind in kinds]
    if code in GATEWAY:
        references.append({"$ref": f"#/components/schemas/{GATEWAY_SCHEMA}"})
        message, when = GATEWAY[code]
        shown[GATEWAY_SCHEMA] = {"summary": when, "value": {"message": message}}
    headers = {name: _HEADERS[name] for kind in kinds for name in kind.headers}
    return {
        "description": " ".join(dict.fromkeys((kind.__doc__ or "").split("\n")[0] for kind in kinds))
        or GATEWAY[code][1],
        **({"headers": headers} if headers else {}),
        "content": {
            "application/json": {
                "schema": references[0] if len(references) == 1 else {"anyOf": references},
                "examples": shown,
            }
        },
    }


def _gateway_schema() -> dict[str, Any]:
    return {
        "description": "API Gateway answers by itself.",
        "type": "object",
        "properties": {"message": {"type": "string"}},
        "required": ["message"],
        "additionalProperties": False,
    }
