"""The service of a request is looked up once."""

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from sandbox.calls import lookups
from sandbox.patches import applied

HOSTS = {"s3": "s3", "stepfunctions": "stepfunctions", "dynamodb.us-east-1.amazonaws.com": "dynamodb"}


def test_services_are_listed_once_for_each_host(monkeypatch: pytest.MonkeyPatch) -> None:
    with applied(lookups.PATCHES):
        application = DomainDispatcherApplication(create_backend_app)
        assert {host: application.get_backend_for_host(host) for host in HOSTS} == HOSTS
        monkeypatch.setattr("os.listdir", lambda _path: pytest.fail("looked again"))
        assert {host: application.get_backend_for_host(host) for host in HOSTS} == HOSTS
