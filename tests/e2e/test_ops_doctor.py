"""Findings of the doctor in a healthy and in a broken stack."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import Client, document, story
from tests.e2e.operator import Operator
from tests.stacks import sandbox

FUNCTIONS = 13


def _result(found: dict[str, Any], check: str) -> dict[str, Any]:
    return next(each for each in found["checks"] if each["check"].startswith(check))


def _spoil_the_token(client: Client, api: str) -> None:
    """Let a release present a token that its API does not know."""
    key = {"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer of-somebody-else"}
    client.aws("events").update_connection(
        Name=f"holdpoint-broken-release-{api}",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": key},
    )
    assert client.start(document(story())).ended()["error"] == "States.Http.StatusCode.401"


def test_healthy_stack_has_no_findings(operator: Operator) -> None:
    found = operator.ok("doctor", "--json").json
    assert found["ok"] is True
    assert {each["result"] for each in found["checks"]} <= {"ok", "warning"}
    for check in ("python", "outputs", "credentials", "bucket", "secret", "callback API", "mock APIs"):
        assert _result(found, check)["result"] == "ok"
    assert sum(each["check"].startswith("connection ") for each in found["checks"]) == 3
    assert sum(each["check"].startswith("function ") for each in found["checks"]) == FUNCTIONS
    assert "+ callback API: " in operator.ok("doctor").out


@pytest.mark.soak
def test_broken_parts_are_found_and_the_rest_is_checked(tmp_path: Path) -> None:
    with sandbox({"environment": "broken"}) as client:
        operator = Operator.of(client, tmp_path)
        client.aws("events").disable_rule(
            Name=client.outputs["orders_event_rule_name"], EventBusName=client.outputs["orders_event_bus_name"]
        )
        _spoil_the_token(client, "validation")
        client.aws("sqs").send_message(QueueUrl=client.outputs["orders_dlq_url"], MessageBody="{}")
        client.aws("lambda").delete_function(FunctionName=client.outputs["sweeper_lambda_arn"])
        client.aws("dynamodb").delete_table(TableName=client.outputs["payments_table_name"])
        tokens = client.tokens
        client.aws("secretsmanager").put_secret_value(
            SecretId=client.outputs["secrets_manager_arn"],
            SecretString=json.dumps({**tokens, "callbackSigningKey": ""}),
        )
        secrets = list(tokens.values())
        broken = operator.run("doctor", "--json", secrets=secrets)
        found = json.loads(broken.out)
        assert broken.code == 1
        assert found["ok"] is False
        assert "DISABLED" in _result(found, "rule ")["message"]
        assert _result(found, "dead letters")["result"] == "warning"
        assert "callbackSigningKey" in _result(found, "secret")["message"]
        assert _result(found, "connection holdpoint-broken-release-validation")["message"].startswith("DEAUTHORIZED: ")
        assert "release-failed.md" in _result(found, "connection holdpoint-broken-release-validation")["hint"]
        assert _result(found, "connection holdpoint-broken-release-deployment")["result"] == "ok"
        for check in ("functions", "tables"):
            assert _result(found, check)["result"] == "wrong"
            assert _result(found, check)["hint"]
        assert _result(found, "callback API")["result"] == "ok"
        shown = operator.run("doctor", secrets=secrets)
        assert shown.code == 1
        assert "x secret: has no callbackSigningKey" in shown.out

        unsigned = operator.run("callback", "NO-1", "--signed", secrets=secrets)
        assert unsigned.code == 3
        assert "The secret has no callbackSigningKey" in unsigned.err
