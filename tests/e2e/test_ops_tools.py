"""Logs, functions, Jira and tokens at the command line."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import DEADLINE_SECONDS, Client, Run, document, eventually, story
from tests.e2e.conftest import ROOT, sandbox
from tests.e2e.operator import Operator

FUNCTIONS = (
    *("callback", "recorder", "sweeper", "mock-validation", "mock-deployment", "mock-notification"),
    *("user", "order", "payment", "inventory", "notification"),
)


def _ended_release(client: Client, named: str) -> Run:
    run = client.start(document(named))
    run.waiting(named)
    assert client.call_back({"jiraStoryId": named, "message": "go"}).status == "resumed"
    assert run.ended()["status"] == "SUCCEEDED"
    run.log()
    return run


def test_logs_of_one_execution(operator: Operator) -> None:
    named = story()
    run = _ended_release(operator.client, named)
    _ended_release(operator.client, f"{named}0")  # whose name begins with the other's

    def sources() -> set[str] | None:
        lines = operator.ok("logs", "--execution", named, "--json").lines
        assert all(named in json.dumps(line) or run.name in json.dumps(line) for line in lines)
        assert f"{named}0" not in json.dumps(lines)
        found = {line["source"] for line in lines}
        return found if {"release", "mock-validation", "callback", "recorder"} <= found else None

    eventually(sources, "the logs of all who took part")
    shown = operator.ok("logs", "callback", "--execution", run.name).out
    assert f"Callback taken  jiraStoryId={named}  outcome=resumed" in shown
    assert "platform.start" not in shown
    states = operator.ok("logs", "release", "--execution", run.name).out
    assert [f"  name={state}  " in states for state in run.states()] == [True] * 10


def test_logs_with_all_their_noise(operator: Operator) -> None:
    operator.ok("invoke", "user")
    few = operator.ok("logs", "user", "--json").lines
    everything = operator.ok("logs", "user", "--all", "--json").lines
    assert len(everything) > len(few) > 0
    assert any(line["event"].get("type") == "platform.report" for line in everything)
    assert [line["at"] for line in everything] == sorted(line["at"] for line in everything)
    assert operator.ok("logs", "user", "--since", "0s", "--json").lines == []


def test_logs_are_followed_until_somebody_ends_it(operator: Operator) -> None:
    command = [
        sys.executable,
        "-m",
        "ops",
        "logs",
        "notification",
        "-f",
        "--since",
        "0s",
        "--outputs",
        str(operator.outputs),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    done = threading.Event()

    def invoke() -> None:
        # Again and again, because nobody knows when the following has begun.
        while not done.wait(0.5):
            operator.client.aws("lambda").invoke(
                FunctionName=operator.client.outputs["notification_service_lambda_arn"],
                Payload=json.dumps({"orderId": "followed", "status": "CONFIRMED"}).encode(),
            )

    thread = threading.Thread(target=invoke)
    thread.start()
    try:
        line = process.stdout.readline()
    finally:
        done.set()
        thread.join()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert "notification       Answered  orderId=followed" in line
    assert process.returncode == 130
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nothing"], "Nothing called nothing has a log"),
        (["--since", "yesterday"], "10m"),
        (["--execution", "nobody"], "There is no execution nobody"),
    ],
)
def test_logs_of_what_is_not_there(operator: Operator, arguments: list[str], word: str) -> None:
    refused = operator.run("logs", *arguments)
    assert refused.code == 2
    assert word in refused.err


@pytest.mark.parametrize("source", ["release", "orders", "callback-api", "mock-apis"])
def test_every_source_can_be_read(operator: Operator, source: str) -> None:
    assert operator.ok("logs", source, "--json").err == ""


def test_functions_are_named(operator: Operator) -> None:
    assert tuple(operator.ok("invoke").out.split()) == FUNCTIONS
    assert tuple(operator.ok("invoke", "--list", "--json").json) == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_answers_its_example(operator: Operator, name: str) -> None:
    answer = operator.ok("invoke", name, "--json").json
    assert answer["error"] is None
    if name.startswith("mock-"):
        assert answer["payload"]["statusCode"] == 200
    elif name == "callback":
        assert json.loads(answer["payload"]["body"])["status"] == "not-found"
    assert answer["log"]


def test_a_function_that_fails_is_told(operator: Operator, tmp_path: Path) -> None:
    payload = tmp_path / "payload.json"
    payload.write_text('{"userId": "unknown-7"}')
    failed = operator.run("invoke", "user", "--payload", str(payload))
    assert failed.code == 1
    assert "UserNotFoundError" in failed.err
    assert "python -m ops logs user" in failed.err
    shown = operator.ok("invoke", "user", "--log", "--payload", "-", given='{"userId": "ann"}').out
    assert "Answered" in shown
    assert '"userId": "ann"' in shown


@pytest.mark.parametrize(
    ("arguments", "given", "word"),
    [
        (["nothing"], None, "There is no function nothing"),
        (["user", "--payload", "nowhere.json"], None, "nowhere.json cannot be read"),
        (["user", "--payload", "-"], "{", "is not JSON"),
    ],
)
def test_wrong_ways_to_invoke(operator: Operator, arguments: list[str], given: str | None, word: str) -> None:
    refused = operator.run("invoke", *arguments, given=given)
    assert refused.code == 2
    assert word in refused.err


def test_what_to_enter_in_jira(operator: Operator) -> None:
    shown = operator.ok("jira").out
    assert operator.client.outputs["callback_api_endpoint"] in shown
    assert "Bearer <the token>" in shown
    assert "Done, Closed, Resolved, Approved" in shown
    told = operator.ok("jira", "--json").json
    assert told["url"] == operator.client.outputs["callback_api_endpoint"]
    assert told["headers"]["Authorization"] == "Bearer <the token>"


def test_secrets_are_shown_to_who_asks_for_them(operator: Operator) -> None:
    tokens = operator.client.tokens
    others = [tokens[name] for name in ("validation", "deployment", "notification")]
    told = operator.run("jira", "--show-secrets", "--json", secrets=others).json
    assert told["headers"]["Authorization"] == f"Bearer {tokens['callback']}"
    assert told["webhook"]["secret"] == tokens["callbackSigningKey"]
    shown = operator.run("jira", "--show-secrets", secrets=others).out
    assert f"Authorization: Bearer {tokens['callback']}" in shown


def test_the_body_of_the_rule_resumes_a_release(operator: Operator) -> None:
    named = story()
    run = operator.client.start(document(named))
    run.waiting(named)
    rule = operator.ok("jira", "--rule", "--cloud-id", "c1", "--project-id", "10001").json
    (action,) = rule["rules"][0]["components"]
    body: str = action["value"]["customBody"]
    for smart_value, value in (("issue.key", named), ("issue.status.name", "Approved"), ("issue.summary", 'A "b"')):
        body = body.replace(f"{{{{{smart_value}.asJsonString}}}}", json.dumps(value))
    answer = operator.client.call_back(body.encode())
    assert (answer.code, answer.status) == (200, "resumed")
    assert run.ended()["status"] == "SUCCEEDED"


def test_the_connection_is_tried(operator: Operator) -> None:
    assert "address, token and format are right" in operator.ok("jira", "--test").out
    assert operator.ok("jira", "--test", "--json").json["status"] == "ignored"


def test_a_rotation_drops_no_call(tmp_path: Path) -> None:
    with sandbox({"environment": "rotated"}) as client:
        operator = Operator.of(client, tmp_path)
        before = client.tokens
        assert operator.ok("rotate", "callback", "--json").json["rotated"] == ["callback"]
        after = client.tokens
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"callback"}
        assert len(after["callback"]) == 48
        for token in (before["callback"], after["callback"]):
            assert client.call_back({"jiraStoryId": "NO-1", "message": "x"}, token=token).status == "not-found"
        assert operator.ok("jira", "--test").code == 0

        refused = operator.run("rotate", "signing-key")
        assert refused.code == 2
        assert "The callback from before the last rotation would stop working" in refused.err
        assert client.tokens == after

        assert "signing-key" in operator.ok("rotate", "signing-key", "callback", "--yes").out
        assert client.tokens["callbackSigningKey"] != after["callbackSigningKey"]

        def is_dead() -> bool | None:
            # The callback function remembers what it read for a few seconds.
            answer = client.call_back({"jiraStoryId": "NO-1", "message": "x"}, token=before["callback"])
            return answer.code == 401 or None

        eventually(is_dead, "the end of the first token")
        assert operator.run("callback", "NO-1", "--signed").code == 1  # not found, and so authenticated


@pytest.mark.parametrize(
    ("names", "word"),
    [(["validation"], "tokenGeneration"), (["callback", "deployment"], "deploymentApiToken"), (["other"], "callback")],
)
def test_what_is_not_rotated_here(operator: Operator, names: list[str], word: str) -> None:
    before = operator.client.tokens
    refused = operator.run("rotate", *names)
    assert refused.code == 2
    assert word in refused.err
    assert operator.client.tokens == before


def _result(found: dict[str, Any], check: str) -> dict[str, Any]:
    return next(each for each in found["checks"] if each["check"].startswith(check))


def test_a_healthy_stack_is_healthy(operator: Operator) -> None:
    found = operator.ok("doctor", "--json").json
    assert found["ok"] is True
    assert {each["result"] for each in found["checks"]} <= {"ok", "warning"}
    for check in ("python", "outputs", "credentials", "bucket", "secret", "callback API", "mock APIs"):
        assert _result(found, check)["result"] == "ok"
    assert sum(each["check"].startswith("connection ") for each in found["checks"]) == 3
    assert sum(each["check"].startswith("function ") for each in found["checks"]) == len(FUNCTIONS)
    assert "+ callback API: " in operator.ok("doctor").out


def test_what_is_broken_is_found_and_the_rest_is_still_looked_at(tmp_path: Path) -> None:
    with sandbox({"environment": "broken"}) as client:
        operator = Operator.of(client, tmp_path)
        client.aws("events").disable_rule(
            Name=client.outputs["orders_event_rule_name"], EventBusName=client.outputs["orders_event_bus_name"]
        )
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
