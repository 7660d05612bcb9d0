"""A customer's KMS key: encrypts everything that supports it; roles use it through services only."""

import importlib
import inspect
import json
from collections.abc import Iterator

import pytest

from tests.unit.components.builders import KEY_ARN
from tests.unit.components.recording import Recording, Registered, key_uses
from tests.unit.recorded_program import ROOT, recorded

ENCRYPTED_BY_ANOTHER = {
    "aws:s3/bucket:Bucket": "its BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketObjectv2:BucketObjectv2": "the default of its bucket",
}
"""Types that can name a key, and what names it instead."""


@pytest.fixture(scope="module")
def program() -> Recording:
    """Return the program with a key, and with all optional resources."""
    return recorded(
        "dev",
        kmsKeyArn=KEY_ARN,
        ordersEventBusName="",
        alarmEmail="ops@example.com",
        backupSchedule="cron(0 3 * * ? *)",
    )


def _can_have_a_key(resource: Registered) -> bool:
    """Return whether the provider's class of a resource has an argument for a key or encryption."""
    _, module, name = resource.type.split(":")
    service = module.split("/")[0]
    package = importlib.import_module(f"pulumi_aws.{'lambda_' if service == 'lambda' else service}")
    return any(
        "kms" in each or "encrypt" in each
        for each in inspect.signature(getattr(package, name)._internal_init).parameters
    )


def test_everything_that_can_have_a_key_has_it(program: Recording) -> None:
    resources = [each for each in program.resources if each.type.startswith("aws:") and _can_have_a_key(each)]
    assert len({each.type for each in resources}) > len(ENCRYPTED_BY_ANOTHER)
    without = {(each.type, each.name) for each in resources if KEY_ARN not in json.dumps(each.inputs, default=str)}
    assert {kind for kind, _ in without} == ENCRYPTED_BY_ANOTHER.keys()


def test_without_a_key_state_machines_reset_their_encryption() -> None:
    program = recorded("dev")
    assert "kms:" not in json.dumps([each.inputs for each in program.resources], default=str)
    machines = program.all("sfn/stateMachine:StateMachine")
    # Without a value, the provider keeps the key of a state machine.
    assert all(each.inputs["encryptionConfiguration"] == {"type": "AWS_OWNED_KEY"} for each in machines)


def _uses_of_the_key(program: Recording) -> Iterator[tuple[str, dict[str, dict[str, object]]]]:
    for policy in program.all("iam/rolePolicy:RolePolicy"):
        for statement in json.loads(policy.inputs["policy"])["Statement"]:
            if KEY_ARN in statement["Resource"]:
                yield policy.name, statement.get("Condition", {})


def test_roles_that_use_executions_may_use_the_key(program: Recording) -> None:
    policies = {
        each.name: json.loads(each.inputs["policy"])["Statement"] for each in program.all("iam/rolePolicy:RolePolicy")
    }
    data = ("states:DescribeExecution", "states:GetExecutionHistory", "states:StartExecution", "states:SendTaskSuccess")
    callers = {
        name for name, own in policies.items() if any(action in data for each in own for action in each["Action"])
    }
    assert "orders-events-policy" in callers
    for name in callers:
        assert "Decrypt" in key_uses(policies[name], KEY_ARN)["states"], name


def test_the_documented_key_policy_lets_each_service_use_the_key_for_the_stack_only() -> None:
    text = (ROOT / "docs" / "key-policy.json").read_text(encoding="utf-8")
    statements = json.loads(text)["Statement"]
    services = {each["Principal"]["Service"] for each in statements if "Service" in each["Principal"]}
    assert services == {
        "cloudwatch.amazonaws.com",
        "delivery.logs.amazonaws.com",
        "events.amazonaws.com",
        "logs.REGION.amazonaws.com",
    }
    assert all("Condition" in each for each in statements if "Service" in each["Principal"])


def test_no_role_may_use_the_key_by_itself(program: Recording) -> None:
    uses = list(_uses_of_the_key(program))
    assert uses
    for policy, condition in uses:
        (keys,) = condition.values()
        (key,) = keys
        assert key == "kms:ViaService" or key.startswith("kms:EncryptionContext:"), policy
