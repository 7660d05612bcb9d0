"""The life of a stack under the real engine; the tests run in order, each on the state that the previous one left."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest
from pulumi import automation

import sandbox
from sandbox.clients import Clients
from sandbox.server import Server
from tests.e2e.client import Client, document, done, story
from tests.e2e.operator import Operator
from tests.e2e.shop import Shop, new_order_id, order_detail
from tests.engine.conftest import Create
from tests.engine.project import Steps, configure, steps
from tests.unit.sandbox.replay.left import left

pytestmark = pytest.mark.engine

CONSUMER = sandbox.ROOT / "examples" / "consumer"
TOKEN = "token-of-the-validation-api"
FUNCTION = "lambda/function:Function"
KMS_KEY = "the ARN of a key that the test makes"
MEMORY_MB = 256
VERSION = {FUNCTION, "lambda/alias:Alias", "sfn/alias:Alias", "sfn/stateMachine:StateMachine"}
"""The updates that a change of functions causes: new versions, the aliases, the machine that names the versions."""

RENAMED = {
    *("apigatewayv2/api:Api", "apigatewayv2/integration:Integration", "apigatewayv2/stage:Stage"),
    "cloudwatch/queryDefinition:QueryDefinition",
}
"""The types whose resources get another name in place, and those that name a resource that is replaced."""

CHANGES: dict[str, tuple[Mapping[str, Any], Steps]] = {
    "memory": ({"lambdaMemorySize": 512}, {"update": VERSION}),
    "retries": (
        {"orderServices.payment.maxAttempts": 1},
        {"update": {"sfn/alias:Alias", "sfn/stateMachine:StateMachine"}},
    ),
    "throttling": (
        {"throttleRateLimit": 40, "throttleBurstLimit": 20},
        {"update": {"apigatewayv2/stage:Stage"}},
    ),
    "retention": ({"logRetentionDays": 30}, {"update": {"cloudwatch/logGroup:LogGroup"}}),
    "tokens": (
        {"tokenGeneration": 2},
        {
            "replace": {"index/randomPassword:RandomPassword", "secretsmanager/secretVersion:SecretVersion"},
            "update": {"cloudwatch/eventConnection:EventConnection"},
        },
    ),
    "key": (
        {"kmsKeyArn": KMS_KEY},
        {
            "update": {
                "cloudwatch/eventArchive:EventArchive",
                "cloudwatch/eventBus:EventBus",
                "cloudwatch/eventConnection:EventConnection",
                "cloudwatch/logGroup:LogGroup",
                "dynamodb/table:Table",
                "iam/rolePolicy:RolePolicy",
                "lambda/alias:Alias",
                FUNCTION,
                "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
                "secretsmanager/secret:Secret",
                "sfn/alias:Alias",
                "sfn/stateMachine:StateMachine",
                "sns/topic:Topic",
                "sqs/queue:Queue",
            }
        },
    ),
}
"""Changes of the configuration, and what the engine does for each and for nothing else."""


@pytest.fixture(scope="module")
def stack(create: Create) -> automation.Stack:
    """Return a stack with protected data and with a token of its own."""
    stack = create(sandbox.ROOT, "local")
    configure(stack, {"protectData": "true"})
    stack.set_config("apiTokens.validation", automation.ConfigValue(TOKEN, secret=True), path=True)
    return stack


@pytest.fixture
def pack(tmp_path: Path) -> str:
    """Return the policy pack as a program, for which the engine needs no language host."""
    path = tmp_path / "pack"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pulumi.policy "$1" "{sandbox.ROOT / "policy"}"\n')
    path.chmod(0o755)
    return str(path)


def test_preview_complies_with_the_policies_and_creates_nothing(
    stack: automation.Stack, clients: Clients, pack: str
) -> None:
    assert set(steps(stack.preview, policy_packs=[pack])) == {"create"}
    assert left(clients) == {}


def test_preview_refuses_what_a_policy_forbids(stack: automation.Stack, pack: str) -> None:
    def program() -> None:
        aws.sqs.Queue("open", sqs_managed_sse_enabled=False)

    with pytest.raises(automation.CommandError, match="queues-encrypted"):
        stack.preview(program=program, policy_packs=[pack])


def test_up_creates_everything(stack: automation.Stack, clients: Clients) -> None:
    assert set(steps(stack.up)) == {"create"}
    machine = stack.outputs()["state_machine_arn"].value
    assert clients("stepfunctions").describe_state_machine(stateMachineArn=machine)["status"] == "ACTIVE"


def test_tokens_are_encrypted_in_the_state_and_in_the_stacks_file(
    stack: automation.Stack, clients: Clients, state: Path
) -> None:
    secret = stack.outputs()["secrets_manager_arn"].value
    tokens = json.loads(clients("secretsmanager").get_secret_value(SecretId=secret)["SecretString"])
    assert tokens["validation"] == TOKEN
    files = [*state.rglob("*.json"), *Path(stack.workspace.work_dir).glob("Pulumi.*.yaml")]
    texts = [path.read_text(encoding="utf-8") for path in files]
    assert any(secret in text for text in texts)
    assert [name for name, token in tokens.items() if any(token in text for text in texts)] == []


def test_second_up_changes_nothing(stack: automation.Stack) -> None:
    stack.up(expect_no_changes=True)


def test_refresh_finds_nothing_changed(stack: automation.Stack) -> None:
    stack.refresh(expect_no_changes=True)


def test_refresh_finds_a_manual_change_and_up_reverts_it(stack: automation.Stack, clients: Clients) -> None:
    name = clients("lambda").list_functions()["Functions"][0]["FunctionName"]
    clients("lambda").update_function_configuration(FunctionName=name, MemorySize=2 * MEMORY_MB)
    changes = stack.refresh().summary.resource_changes or {}
    assert [count for operation, count in changes.items() if operation == "update"] == [1]
    assert steps(stack.up) == {"update": {FUNCTION}}
    assert clients("lambda").get_function_configuration(FunctionName=name)["MemorySize"] == MEMORY_MB


@pytest.mark.parametrize("change", CHANGES)
def test_change_of_the_configuration_changes_nothing_else(
    stack: automation.Stack, clients: Clients, change: str
) -> None:
    values, expected = CHANGES[change]
    if KMS_KEY in values.values():
        values = {"kmsKeyArn": clients("kms").create_key()["KeyMetadata"]["Arn"]}
    configure(stack, values, path=True)
    assert steps(stack.up) == expected


def test_refresh_after_all_changes_finds_nothing_changed(stack: automation.Stack) -> None:
    stack.refresh(expect_no_changes=True)


def _run_both_workflows(stack: automation.Stack, server: Server) -> None:
    """Run a release, with its callback, and an order by event."""
    outputs = {name: output.value for name, output in stack.outputs().items()}
    client = Client({**outputs, "endpoint_url": server.endpoint_url})
    key = story()
    run = client.start(document(key))
    run.waiting(key)
    assert client.call_back(done(key)).status == "resumed"
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.result()["jiraStoryId"] == key
    shop, order_id = Shop(client), new_order_id()
    shop.submit(order_detail("USER001", "PROD001", orderId=order_id))
    assert shop.finished(order_id)["status"]["S"] == "CONFIRMED"


def test_release_and_order_run_on_the_deployed_stack(stack: automation.Stack, server: Server) -> None:
    _run_both_workflows(stack, server)


def test_stack_deploys_after_a_rotation_by_ops_and_a_refresh(
    stack: automation.Stack, clients: Clients, tmp_path: Path
) -> None:
    outputs = {name: output.value for name, output in stack.outputs().items()}
    operator = Operator.of(Client({**outputs, "endpoint_url": clients.endpoint_url}), tmp_path)
    operator.on_aws(tmp_path, AWS_ENDPOINT_URL=clients.endpoint_url).ok("rotate", "callback", "--yes")
    # The state now knows of the label that the next version moves.
    stack.refresh()
    for generation in (11, 12):
        configure(stack, {"tokenGeneration": generation})
        assert "secretsmanager/secretVersion:SecretVersion" in steps(stack.up)["replace"]
    stack.refresh(expect_no_changes=True)


def test_other_stack_reads_our_outputs(create: Create, stack: automation.Stack) -> None:
    consumer = create(CONSUMER, "dev")
    configure(consumer, {"holdpointStack": f"organization/holdpoint/{stack.name}"})
    consumer.up()
    ours, theirs = stack.outputs()["callback_api_endpoint"], consumer.outputs()["callback_api_endpoint"]
    assert theirs.value == ours.value
    consumer.destroy()


def test_destroy_refuses_protected_data_before_it_deletes_anything(stack: automation.Stack) -> None:
    # `pulumi destroy` begins with this preview.
    with pytest.raises(automation.CommandError, match="protected"):
        stack.preview_destroy()


def test_up_recovers_from_a_destroy_without_preview(stack: automation.Stack, server: Server) -> None:
    # The Automation API destroys with --skip-preview: the engine deletes what it can before it comes to protected data.
    with pytest.raises(automation.CommandError, match="protected"):
        stack.destroy()
    assert "sfn/stateMachine:StateMachine" in steps(stack.up)["create"]
    stack.refresh(expect_no_changes=True)
    _run_both_workflows(stack, server)


def test_other_names_change_everything_once_data_is_not_protected(stack: automation.Stack, clients: Clients) -> None:
    configure(stack, {"protectData": "false"})
    stack.up()
    configure(stack, {"environment": "other"})
    found = steps(stack.up)
    assert found.keys() == {"replace", "update"}
    assert found["update"] >= RENAMED
    assert "holdpoint-local" not in str(left(clients))
    stack.refresh(expect_no_changes=True)


def test_destroy_leaves_nothing(stack: automation.Stack, clients: Clients) -> None:
    stack.destroy()
    assert left(clients) == {}
    assert not (stack.export_stack().deployment or {}).get("resources")
