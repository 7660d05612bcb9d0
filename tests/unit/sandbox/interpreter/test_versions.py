"""Versions and aliases: what is published, what an alias starts, and what is listed for it."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.interpreter import versions
from tests.unit.sandbox.interpreter.conftest import Aws


def _definition(output: str) -> str:
    states = {"End": {"Type": "Pass", "Output": output, "End": True}}
    return json.dumps({"QueryLanguage": "JSONata", "StartAt": "End", "States": states})


def _machine(aws: Aws) -> str:
    """A state machine with version 1, whose output is `old`, and version 2, whose output is `new`."""
    machine = aws.machine({"End": {"Type": "Pass", "Output": "old", "End": True}})
    aws.states.publish_state_machine_version(stateMachineArn=machine)
    aws.states.update_state_machine(stateMachineArn=machine, definition=_definition("new"), publish=True)
    return machine


def _alias(aws: Aws, machine: str, weights: dict[int, int]) -> str:
    routes = [{"stateMachineVersionArn": f"{machine}:{number}", "weight": weight} for number, weight in weights.items()]
    alias = aws.states.create_state_machine_alias(name="live", routingConfiguration=routes)
    return str(alias["stateMachineAliasArn"])


def _listed(aws: Aws, arn: str) -> list[str]:
    return [each["executionArn"] for each in aws.states.list_executions(stateMachineArn=arn)["executions"]]


def _refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def test_revision_is_published_once_and_versions_are_listed_newest_first(aws: Aws) -> None:
    machine = _machine(aws)

    again = aws.states.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]

    listed = aws.states.list_state_machine_versions(stateMachineArn=machine)["stateMachineVersions"]
    assert again == f"{machine}:2"
    assert [each["stateMachineVersionArn"] for each in listed] == [f"{machine}:2", f"{machine}:1"]


def test_execution_runs_the_version_that_its_alias_routes_to(aws: Aws) -> None:
    machine = _machine(aws)
    alias = _alias(aws, machine, {1: 100})

    found = aws.ended(aws.start(alias))
    definition = aws.states.describe_state_machine_for_execution(executionArn=found["executionArn"])["definition"]

    assert found["output"] == '"old"'
    assert json.loads(definition)["States"]["End"]["Output"] == "old"
    assert found["stateMachineArn"] == machine
    assert (found["stateMachineVersionArn"], found["stateMachineAliasArn"]) == (f"{machine}:1", alias)
    assert found["executionArn"] == f"{machine.replace(':stateMachine:', ':execution:')}:{found['name']}"


def test_execution_by_a_version_has_no_alias(aws: Aws) -> None:
    machine = _machine(aws)

    found = aws.ended(aws.start(f"{machine}:1"))

    assert found["stateMachineVersionArn"] == f"{machine}:1"
    assert "stateMachineAliasArn" not in found


def test_execution_by_the_unqualified_arn_runs_the_latest_revision_and_has_no_version(aws: Aws) -> None:
    machine = _machine(aws)

    found = aws.ended(aws.start(machine))

    assert found["output"] == '"new"'
    assert "stateMachineVersionArn" not in found


def test_alias_splits_executions_by_its_weights() -> None:
    routes = [{"stateMachineVersionArn": "1", "weight": 90}, {"stateMachineVersionArn": "2", "weight": 10}]

    assert {versions.choose(routes) for _ in range(1000)} == {"1", "2"}
    assert {versions.choose([{**routes[0], "weight": 100}, {**routes[1], "weight": 0}]) for _ in range(100)} == {"1"}


def test_executions_are_listed_by_machine_alias_and_version(aws: Aws) -> None:
    machine = _machine(aws)
    alias = _alias(aws, machine, {1: 100})
    by_alias, by_version, plain = (aws.start(arn) for arn in (alias, f"{machine}:2", machine))

    assert set(_listed(aws, machine)) == {by_alias, by_version, plain}
    assert _listed(aws, alias) == [by_alias]
    assert _listed(aws, f"{machine}:1") == [by_alias]
    assert _listed(aws, f"{machine}:2") == [by_version]


def test_name_is_taken_in_all_versions(aws: Aws) -> None:
    machine = _machine(aws)
    aws.ended(aws.start(f"{machine}:1", name="once"))

    assert _refused(aws.states.start_execution, stateMachineArn=machine, name="once") == "ExecutionAlreadyExists"


def test_moved_alias_starts_the_other_version(aws: Aws) -> None:
    machine = _machine(aws)
    alias = _alias(aws, machine, {1: 100})

    aws.states.update_state_machine_alias(
        stateMachineAliasArn=alias, routingConfiguration=[{"stateMachineVersionArn": f"{machine}:2", "weight": 100}]
    )

    assert aws.ended(aws.start(alias))["output"] == '"new"'


def test_version_describes_itself(aws: Aws) -> None:
    machine = _machine(aws)

    found = aws.states.describe_state_machine(stateMachineArn=f"{machine}:1")

    assert (found["stateMachineArn"], found["definition"]) == (f"{machine}:1", found["definition"])
    assert json.loads(found["definition"])["States"]["End"]["Output"] == "old"


def test_version_in_use_is_not_deleted_and_an_unused_one_is(aws: Aws) -> None:
    machine = _machine(aws)
    _alias(aws, machine, {1: 100})
    delete = aws.states.delete_state_machine_version

    assert _refused(delete, stateMachineVersionArn=f"{machine}:1") == "ConflictException"
    delete(stateMachineVersionArn=f"{machine}:2")

    start = aws.states.start_execution
    assert _refused(start, stateMachineArn=f"{machine}:2", input="{}") == "StateMachineDoesNotExist"
    published = aws.states.publish_state_machine_version(stateMachineArn=machine)
    assert published["stateMachineVersionArn"] == f"{machine}:3"


def test_alias_does_not_route_to_a_missing_version_and_does_not_replace_another(aws: Aws) -> None:
    machine = _machine(aws)
    alias = _alias(aws, machine, {1: 100})
    missing, second = ([{"stateMachineVersionArn": f"{machine}:{number}", "weight": 100}] for number in (9, 2))

    assert (
        _refused(aws.states.update_state_machine_alias, stateMachineAliasArn=alias, routingConfiguration=missing)
        == "ResourceNotFound"
    )
    assert (
        _refused(aws.states.create_state_machine_alias, name="live", routingConfiguration=second) == "ConflictException"
    )
    assert _alias(aws, machine, {1: 100}) == alias
