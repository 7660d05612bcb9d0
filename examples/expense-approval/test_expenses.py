"""Unit tests of the program under Pulumi's mocks, which replace AWS, so that nothing is deployed."""

import json
import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest

# The data sources that the components call.
CALLS = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "123456789012"},
    "aws:index/getPartition:getPartition": {"partition": "aws"},
    "aws:index/getRegion:getRegion": {"region": "us-east-1"},
}


class Recorder(pulumi.runtime.Mocks):
    """Records the inputs of every resource, by its name."""

    def __init__(self) -> None:
        self.made: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Answer with the inputs and an ARN."""
        self.made[args.name] = args.inputs
        return args.name, {"arn": f"arn:aws:mock:us-east-1:123456789012:{args.name}", **args.inputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Answer a data source, without failures."""
        return dict(CALLS[args.token]), []


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, Any]]:
    """Run the program, and return the inputs of its resources."""
    recorder = Recorder()
    pulumi.runtime.set_mocks(recorder, project="expenses", stack="dev")
    config = {"approvalAbove": "500", "approvalSeconds": "3600", "approvers": '["ann@example.com"]'}
    pulumi.runtime.set_all_config({f"expenses:{key}": value for key, value in config.items()})

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # Pulumi gives it no type
    def run() -> None:
        runpy.run_path(str(Path(__file__).with_name("__main__.py")))

    run()
    return recorder.made


def test_an_expense_above_the_limit_waits_for_an_approver(made: dict[str, dict[str, Any]]) -> None:
    states = json.loads(made["expenses"]["definition"])["States"]
    assert states["Small?"]["Choices"][0]["Condition"] == "{% $expense.amount <= 500 %}"
    assert states["Small?"]["Default"] == "Register approval"
    assert states["Await approval"]["TimeoutSeconds"] == 3600


def test_the_workflow_may_use_the_table_of_its_hold_and_no_other(made: dict[str, dict[str, Any]]) -> None:
    statements = json.loads(made["expenses-policy"]["policy"])["Statement"]
    tables = {arn for each in statements if "dynamodb:PutItem" in each["Action"] for arn in each["Resource"]}
    assert tables == {"arn:aws:mock:us-east-1:123456789012:hold-stories"}
