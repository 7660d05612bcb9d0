"""Grants give a role of another team what it needs on a stack, and nothing besides."""

from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockResourceArgs

from components import grants
from components.grants import grant_callback, grant_start
from components.outputs import Outputs
from tests.unit.components.builders import BUCKET_ARN, KEY_ARN, MACHINE_ARN, SECRET_ARN
from tests.unit.components.recording import Monitor, Recording, actions, key_uses

ORDERS_ARN = MACHINE_ARN.replace("release", "orders")
OURS = {
    "workflows": [
        {"name": "release", "arn": MACHINE_ARN, "kind": "release"},
        {"name": "orders", "arn": ORDERS_ARN, "kind": "orders"},
    ],
    "s3_bucket_arn": BUCKET_ARN,
    "s3_input_prefix": "in/",
    "secrets_manager_arn": SECRET_ARN,
    "kms_key_arn": "",
}
ENCRYPTED = {**OURS, "kms_key_arn": KEY_ARN}


class _Referring(Recording):
    ours: dict[str, Any]

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ == "pulumi:pulumi:StackReference":
            return "ours", {"name": "ours", "outputs": self.ours, "secretOutputNames": []}
        return super().new_resource(args)


def _holdpoint(ours: dict[str, Any]) -> tuple[_Referring, Outputs]:
    seen = _Referring()
    seen.ours = ours
    pulumi.runtime.set_mocks(seen, project="theirs", stack="test", preview=False, monitor=Monitor(seen))
    return seen, Outputs(pulumi.StackReference("ours"))


@pytest.mark.parametrize(
    ("workflow", "ours", "expected", "keys"),
    [
        ("release", OURS, {"states:StartExecution": [MACHINE_ARN], "s3:PutObject": [f"{BUCKET_ARN}/in/*"]}, set()),
        ("orders", OURS, {"states:StartExecution": [ORDERS_ARN]}, set()),
        (
            "release",
            ENCRYPTED,
            {"states:StartExecution": [MACHINE_ARN], "s3:PutObject": [f"{BUCKET_ARN}/in/*"]},
            {"s3", "states"},
        ),
        ("orders", ENCRYPTED, {"states:StartExecution": [ORDERS_ARN]}, {"states"}),
    ],
    ids=["release", "orders", "encrypted-release", "encrypted-orders"],
)
@pulumi.runtime.test
def test_start_is_granted_on_the_one_workflow(
    workflow: str, ours: dict[str, Any], expected: dict[str, list[str]], keys: set[str]
) -> pulumi.Output[None]:
    seen, holdpoint = _holdpoint(ours)
    policy = grant_start("start", holdpoint, role_name="theirs", workflow=workflow)

    def check(seen: Recording) -> None:
        assert seen.one("iam/rolePolicy:RolePolicy")["role"] == "theirs"
        assert actions(seen.statements("start")) == expected
        (start,) = (each for each in seen.statements("start") if each["Action"] == ["states:StartExecution"])
        assert start["Condition"] == {"StringEquals": {"states:StateMachineQualifier": "live"}}
        uses = key_uses(seen.statements("start"), KEY_ARN)
        assert uses == {key: {"Decrypt", "GenerateDataKey"} for key in keys}

    return seen.settled(policy).apply(check)


@pytest.mark.parametrize(("ours", "keys"), [(OURS, {}), (ENCRYPTED, {"secretsmanager": {"Decrypt"}})])
@pulumi.runtime.test
def test_callback_is_granted_by_its_token(ours: dict[str, Any], keys: dict[str, set[str]]) -> pulumi.Output[None]:
    seen, holdpoint = _holdpoint(ours)
    policy = grant_callback("call-back", holdpoint, role_name="theirs")

    def check(seen: Recording) -> None:
        assert actions(seen.statements("call-back")) == {"secretsmanager:GetSecretValue": [SECRET_ARN]}
        assert key_uses(seen.statements("call-back"), KEY_ARN) == keys

    return seen.settled(policy).apply(check)


def test_unknown_workflow_fails_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no workflow 'refunds', but: orders, release"):
        grants._start("refunds", OURS)
