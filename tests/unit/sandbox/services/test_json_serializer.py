"""Serialization of dictionaries, equal to moto's own."""

from datetime import UTC, datetime
from typing import Any

import pytest
from moto.core.serialize import JSONSerializer, XFormedAttributePicker
from moto.core.utils import get_service_model

from sandbox.patches import applied
from sandbox.services import json_serializer

EVENT = {
    "id": 1,
    "previousEventId": 0,
    "timestamp": datetime(2026, 1, 2, 3, 4, 5, 678000, UTC),
    "type": "TaskStateExited",
    "stateExitedEventDetails": {"name": "Wait", "output": "{}", "outputDetails": {"truncated": False}},
    "taskFailedEventDetails": None,
    "unknown": "left out",
}


class Secret:
    """An object as moto's models have them, with its attributes in snake case."""

    def __init__(self) -> None:
        self.name, self.arn = "one", "arn"


@pytest.mark.parametrize(
    ("service", "operation", "result"),
    [
        pytest.param("stepfunctions", "GetExecutionHistory", {"events": [EVENT, {"id": 2}]}, id="a history"),
        pytest.param("stepfunctions", "DescribeExecution", {"execution_arn": "arn", "Status": "x"}, id="snake case"),
        pytest.param(
            "stepfunctions", "DescribeExecution", {"status": "a", "Status": "b"}, id="two names of one member"
        ),
        pytest.param("secretsmanager", "ListSecrets", {"SecretList": [Secret(), {"Name": "two"}]}, id="objects"),
        pytest.param("logs", "DescribeLogGroups", {}, id="nothing"),
        pytest.param("sqs", "ListQueues", None, id="no result"),
    ],
)
def test_a_dictionary_is_written_as_moto_writes_it(service: str, operation: str, result: Any) -> None:
    model = get_service_model(service).operation_model(operation)

    def written() -> Any:
        return JSONSerializer(model, value_picker=XFormedAttributePicker()).serialize(result)

    expected = written()
    with applied(json_serializer.PATCHES):
        assert written() == expected


def test_transformations_of_moto_are_kept() -> None:
    model = get_service_model("stepfunctions").operation_model("DescribeExecution")
    picker = XFormedAttributePicker(response_transformers={".name": lambda _: "other"})
    with applied(json_serializer.PATCHES):
        body = JSONSerializer(model, value_picker=picker).serialize({"name": "own"})["body"]
    assert body == '{"name": "other"}'
