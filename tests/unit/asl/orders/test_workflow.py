"""The orders definition: the sequence of services, compensation and exact permissions."""

import json
from fnmatch import fnmatchcase

import pytest

from asl import orders
from asl.orders import services as orders_services
from asl.orders.targets import Targets
from tests.unit.asl.graph import states, tasks, texts

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"


def _function(name: str) -> str:
    return f"arn:aws:lambda:us-east-1:123456789012:function:{name}:3"


TARGETS = Targets(
    functions={service: _function(service) for service in orders.ServiceCalls().by_name},
    orders_table_name="orders",
    orders_table_arn=TABLE,
)
MACHINE = orders.definition(TARGETS)


def test_success_path_calls_the_services_in_order() -> None:
    path, name = [], MACHINE["StartAt"]
    while True:
        state = MACHINE["States"][name]
        path.append(name)
        if state.get("End"):
            break
        name = "Pay and reserve" if name == "Still open?" else state.get("Next") or state["Default"]
    assert path == [
        "Get user",
        "Create order",
        "Still open?",
        "Pay and reserve",
        "All well?",
        "Commit stock",
        "Confirm order",
        "Notify customer",
    ]


def test_payment_and_stock_are_reserved_and_undone_in_parallel() -> None:
    for parallel, names in (
        ("Pay and reserve", ["Take payment", "Reserve stock"]),
        ("Undo", ["Refund payment", "Release stock"]),
    ):
        branches = MACHINE["States"][parallel]["Branches"]
        assert [branch["StartAt"] for branch in branches] == names


def test_failed_branch_does_not_end_the_other_branch() -> None:
    for branch in MACHINE["States"]["Pay and reserve"]["Branches"]:
        task = branch["States"][branch["StartAt"]]
        assert [catcher["Output"]["status"] for catcher in task["Catch"]] == ["REJECTED", "FAILED"]
        assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


@pytest.mark.parametrize(
    "name", [name for name, state in tasks(MACHINE).items() if "lambda:invoke" in state["Resource"]]
)
def test_business_errors_are_not_retried(name: str) -> None:
    retried = {error for retrier in states(MACHINE)[name]["Retry"] for error in retrier["ErrorEquals"]}
    assert not retried & {*orders_services.REJECTIONS, "OrderConflictError", "States.ALL", "States.TaskFailed"}
    assert "ServiceUnavailableError" in retried


def test_compensation_has_more_retries_than_its_action() -> None:
    attempts = {
        name: max(retrier["MaxAttempts"] for retrier in states(MACHINE)[name]["Retry"])
        for name in ("Take payment", "Reserve stock", "Refund payment", "Release stock")
    }
    assert attempts["Refund payment"] > attempts["Take payment"]
    assert attempts["Release stock"] > attempts["Reserve stock"]


def test_every_status_write_is_conditional() -> None:
    for name, state in tasks(MACHINE).items():
        if state["Resource"].endswith("updateItem"):
            assert state["Arguments"]["ConditionExpression"], name


def test_update_expressions_and_placeholders_match() -> None:
    for name, state in tasks(MACHINE).items():
        if not state["Resource"].endswith("updateItem"):
            continue
        arguments = state["Arguments"]
        text = f"{arguments['UpdateExpression']} {arguments['ConditionExpression']}"
        words = set(text.replace(",", " ").replace("(", " ").replace(")", " ").split())
        given = {*arguments["ExpressionAttributeNames"], *arguments["ExpressionAttributeValues"]}
        assert {word for word in words if word[0] in "#:"} == given, name


def test_order_id_of_another_order_is_refused() -> None:
    first = MACHINE["States"]["Create order"]["Catch"][0]
    assert (first["ErrorEquals"], first["Next"]) == (["OrderConflictError"], "Order refused")
    assert MACHINE["States"]["Order refused"]["Type"] == "Succeed"


def test_execution_that_ends_an_order_notifies_even_if_the_answer_was_lost() -> None:
    for write, by, told in (
        ("Confirm order", "confirmedBy", "Notify customer"),
        ("Cancel order", "cancelledBy", "Notify cancellation"),
    ):
        assert f"{by} = :execution" in MACHINE["States"][write]["Arguments"]["UpdateExpression"]
        choices = MACHINE["States"]["What became of it?"]["Choices"]
        (own,) = [choice for choice in choices if f"$stored.{by} = $states.context" in choice["Condition"]]
        assert own["Next"] == told


def test_order_stays_open_until_confirmed_or_cancelled() -> None:
    for write in ("Confirm order", "Cancel order"):
        assert "REMOVE #open" in MACHINE["States"][write]["Arguments"]["UpdateExpression"]
    assert "#open = :open" in MACHINE["States"]["Close order"]["Arguments"]["UpdateExpression"]


def test_execution_times_out_before_its_reservation_expires() -> None:
    assert orders.TIMEOUT_SECONDS < 30 * 60


def test_permissions_match_the_calls_exactly() -> None:
    needed = set()
    for state in tasks(MACHINE).values():
        if state["Resource"] == "arn:aws:states:::lambda:invoke":
            function = state["Arguments"]["FunctionName"].removesuffix(":3")
            # Earlier definitions, which run or are rolled back to, call earlier versions, or the function as it is.
            needed |= {("lambda:InvokeFunction", f"{function}{version}") for version in ("", ":*")}
        else:
            operation = state["Resource"].rsplit(":", 1)[1]
            needed.add((f"dynamodb:{operation[0].upper()}{operation[1:]}", TABLE))
    granted = {
        (action, resource)
        for statement in orders.permissions(TARGETS)
        for action in statement["Action"]
        for resource in statement["Resource"]
    }
    assert granted == needed
    assert not [resource for _, resource in granted if fnmatchcase("*", resource)]


def test_permissions_include_the_kms_key_of_an_encrypted_table() -> None:
    with_key = orders.permissions(Targets(**{**TARGETS.__dict__, "kms_key_arn": KEY}))
    assert with_key[-1]["Resource"] == [KEY]
    assert "kms" not in json.dumps(orders.permissions(TARGETS))


def test_compensation_requests_name_only_the_order() -> None:
    for name in ("Refund payment", "Release stock"):
        assert set(states(MACHINE)[name]["Arguments"]["Payload"]) == {"action", "orderId"}
    assert not [text for text in texts(MACHINE) if "price" in text]
