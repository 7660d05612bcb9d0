"""Two components of each kind in one stack."""

from collections import Counter
from pathlib import Path

import pytest

import sandbox

TWO_OF_EACH = Path(__file__).parent / "programs" / "two_of_each"


@pytest.mark.soak
def test_two_of_each_component_deploy_side_by_side() -> None:
    with sandbox.running(root=TWO_OF_EACH) as aws:
        counts = Counter((resource.type, resource.name) for resource in aws.resources)
        machines = [aws.outputs[f"{name}_state_machine_arn"] for name in ("one", "two")]
        found = [aws.client("stepfunctions").describe_state_machine(stateMachineArn=arn) for arn in machines]
    # A component's children share the types of their parents: the engine tells them apart by their names alone.
    assert [urn for urn, count in counts.items() if count > 1] == []
    assert [machine["name"] for machine in found] == ["pair-one-release", "pair-two-release"]
    assert [machine["encryptionConfiguration"]["type"] for machine in found] == [
        "AWS_OWNED_KEY",
        "CUSTOMER_MANAGED_KMS_KEY",
    ]
