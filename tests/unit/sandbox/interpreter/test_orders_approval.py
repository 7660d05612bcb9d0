"""The approval of a large order, run with the code that decides; the states around it only tell where it led."""

import json
from typing import Any

import pytest

from asl import orders
from asl.orders import approval
from handlers.decisions.resume import Outcome
from tests.unit.asl.test_hold import TABLE
from tests.unit.sandbox.interpreter.conftest import ROLE, Aws
from tests.unit.sandbox.interpreter.test_hold import People, people

__all__ = ["people"]


def _machine(timeout_seconds: int) -> dict[str, Any]:
    wanted = orders.Approval(table=TABLE, above=500, timeout_seconds=timeout_seconds)
    order = {"status": "PENDING", "total": 700, "items": [{"quantity": 1, "productId": "PROD001"}]}
    return {
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": 600,
        "StartAt": "Create order",
        "States": {
            "Create order": {
                "Type": "Pass",
                "Assign": {"orderId": "{% $states.input %}", "userId": "user-1", "order": order, "outcome": None},
                "Next": "Still open?",
            },
            "Still open?": {"Type": "Choice", "Choices": [approval.needed(wanted)], "Default": "Paid"},
            **approval.states(wanted, next_state="Paid", refused_state="Cancelled"),
            "Paid": {"Type": "Pass", "Output": "{% {'outcome': 'PAID', 'by': $approval.decider} %}", "End": True},
            "Cancelled": {"Type": "Pass", "Output": "{% {'outcome': $outcome} %}", "End": True},
        },
    }


def _started(aws: Aws, order_id: str, timeout_seconds: int = 300) -> str:
    machine = json.dumps(_machine(timeout_seconds))
    created = aws.states.create_state_machine(name=aws.name(), definition=machine, roleArn=ROLE)
    return aws.start(created["stateMachineArn"], order_id)


@pytest.mark.parametrize(
    ("status", "output"),
    [
        ("success", {"outcome": "PAID", "by": "Ann"}),
        ("failure", {"outcome": {"status": "REJECTED", "reason": "The order was rejected by Ann: my failure"}}),
    ],
)
def test_every_execution_of_an_order_gets_the_decision(
    aws: Aws, people: People, status: Any, output: dict[str, Any]
) -> None:
    order_id = f"ord-{status}"
    executions = [_started(aws, order_id) for _ in range(2)]
    aws.wait(lambda: [bool(each.task_token) for each in people.stories.of(order_id)] == [True, True])
    assert people.decide(order_id, status) is Outcome.RESUMED
    assert [json.loads(aws.ended(each)["output"]) for each in executions] == [output, output]


def test_an_order_that_nobody_approves_in_time_is_cancelled(aws: Aws, people: People) -> None:
    ended = aws.ended(_started(aws, "ord-late", timeout_seconds=1))
    assert json.loads(ended["output"]) == {
        "outcome": {
            "status": "REJECTED",
            "reason": "The order was not approved: No callback for ord-late came within 1 seconds",
        }
    }
    assert people.decide("ord-late", "success") is Outcome.GONE
