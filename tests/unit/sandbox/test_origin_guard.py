"""Requests of web pages: foreign origins are refused, programs pass."""

from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Response

from console import origin
from sandbox import origin_guard

HERE = "http://127.0.0.1:4566"


def _environ(host: str = "127.0.0.1:4566", **headers: str) -> dict[str, Any]:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return EnvironBuilder(headers=[*named, ("Host", host)]).get_environ()


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("127.0.0.1:4566", {}),
        ("bucket.localhost:4566", {}),
        ("anything.example", {}),
        ("127.0.0.1:4566", {"Origin": HERE}),
        ("localhost:4566", {"Origin": "http://localhost:4566", "Sec_Fetch_Site": "same-origin"}),
        ("[::1]:4566", {"Origin": "http://[::1]:4566"}),
        ("127.0.0.1:4566", {"Sec_Fetch_Site": "none"}),
        ("localhost:8080", {"Sec_Fetch_Site": "cross-site"}),
    ],
)
def test_programs_and_the_sandboxes_own_pages_are_let_through(host: str, headers: dict[str, str]) -> None:
    assert not origin_guard.is_foreign(_environ(host, **headers))


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("127.0.0.1:4566", {"Origin": "https://example.com"}),
        ("127.0.0.1:4566", {"Origin": "http://127.0.0.1:3000"}),
        ("127.0.0.1:4566", {"Origin": "http://localhost:4566"}),
        ("127.0.0.1:4566", {"Origin": "null"}),
        ("127.0.0.1:4566", {"Origin": ""}),
        # A name of somebody else that leads to this machine.
        ("rebound.example:4566", {"Origin": "http://rebound.example:4566"}),
        ("rebound.example:4566", {"Sec_Fetch_Site": "same-origin"}),
        ("127.0.0.1.example.com:4566", {"Sec_Fetch_Site": "none"}),
        ("notlocalhost", {"Origin": "http://notlocalhost"}),
    ],
)
def test_pages_of_others_are_foreign(host: str, headers: dict[str, str]) -> None:
    assert origin_guard.is_foreign(_environ(host, **headers))


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ({"Origin": HERE}, True),
        ({}, False),
        ({"Sec_Fetch_Site": "same-origin"}, False),
        ({"Origin": "http://127.0.0.1:3000"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_own_page_is_recognised_by_its_origin_only(headers: dict[str, str], is_own: bool) -> None:
    assert origin.is_own_page(_environ(**headers)) is is_own


def test_foreign_host_name_is_refused() -> None:
    assert not origin.is_own_page(_environ("rebound.example", Origin="http://rebound.example"))


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/", {"Origin": HERE}, 200),
        ("/", {"Origin": "https://example.com"}, 403),
        ("/_holdpoint/api/executions", {"Origin": "https://example.com"}, 403),
        # The stack's own APIs say by their CORS settings whom they answer.
        ("/_apis/abc/callback", {"Origin": "https://example.com"}, 200),
    ],
)
def test_the_emulator_answers_no_foreign_page(path: str, headers: dict[str, str], status: int) -> None:
    client = Client(origin_guard.middleware(Response("an answer")))
    answer = client.get(path, base_url=HERE, headers=headers)
    assert answer.status_code == status
    assert ("an answer" in answer.text) is (status == 200)
