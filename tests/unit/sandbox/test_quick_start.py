"""Savings at the start: shared descriptions, no unnecessary imports."""

import subprocess
import sys
from pathlib import Path

import pytest
from botocore.loaders import Loader
from moto.core.routing import SmithyRule
from werkzeug.routing import Map

from sandbox import quick_start

ROOT = Path(__file__).parents[3]


def test_two_loaders_share_one_description() -> None:
    quick_start.install()
    first, second = (Loader().load_service_model("secretsmanager", "service-2") for _ in range(2))
    assert first["operations"] is second["operations"]


def test_descriptions_that_moto_changes_are_not_shared() -> None:
    quick_start.install()
    first, second = (Loader().load_service_model("sqs", "service-2") for _ in range(2))
    assert first["operations"] is not second["operations"]


def test_services_are_listed_once_for_all_loaders(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_start.install()
    listed = Loader().list_available_services("service-2")
    monkeypatch.setattr("os.listdir", lambda _path: pytest.fail("looked again"))
    assert Loader().list_available_services("service-2") == listed
    assert "stepfunctions" in listed


@pytest.mark.soak
def test_ec2_is_imported_on_its_first_use() -> None:
    program = "import sys, sandbox.server; assert 'moto.ec2' not in sys.modules; import moto.batch.models"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_openapi_validator_is_imported_on_its_first_use() -> None:
    program = """
import sys, sandbox.server
from moto.apigateway.models import OpenAPIValidationError, validate
assert "openapi_spec_validator" not in sys.modules
validate({"openapi": "3.0.0", "info": {"title": "a", "version": "1"}, "paths": {}})
try:
    validate({"openapi": "3.0.0"})
except OpenAPIValidationError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert "info" in done.stdout


def test_routes_match_and_make_no_urls() -> None:
    quick_start.install()
    routes = Map([SmithyRule("/functions/<name>", [], ["GET"], endpoint="function")]).bind("localhost")
    assert routes.match("/functions/echo", "GET") == ("function", {"name": "echo"})
    with pytest.raises(NotImplementedError):
        routes.build("function", {"name": "echo"})
