"""Roles of functions, state machines and rules: refused at deployment if the service cannot assume them."""

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.sandbox.iam.conftest import Account

DEFINITION = json.dumps({"QueryLanguage": "JSONata", "StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
LOG_RIGHTS = {"Action": "logs:*", "Resource": "*"}


def refused(call: Any, **arguments: Any) -> str:
    """Return the error of AWS."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value)


def code() -> bytes:
    """Return a function's archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("main.py", "def handler(event, context): return event")
    return archive.getvalue()


def test_lambda_must_be_able_to_assume_a_functions_role(account: Account) -> None:
    function = {"FunctionName": "f", "Runtime": "python3.12", "Handler": "main.handler", "Code": {"ZipFile": code()}}
    create = account.clients("lambda").create_function
    expected = "The role defined for the function cannot be assumed by Lambda."
    assert expected in refused(create, Role=account.role(service="states.amazonaws.com"), **function)
    assert expected in refused(create, Role="arn:aws:iam::123456789012:role/nobody", **function)
    create(Role=account.role(), **function)


def test_step_functions_must_be_able_to_assume_a_state_machines_role(account: Account) -> None:
    create = account.clients("stepfunctions").create_state_machine
    answer = refused(create, name="m", definition=DEFINITION, roleArn=account.role(service="lambda.amazonaws.com"))
    assert "AccessDeniedException" in answer
    assert "Neither the global service principal states.amazonaws.com" in answer
    create(name="m", definition=DEFINITION, roleArn=account.role(service="states.amazonaws.com"))


def role_for(account: Account, service: str, source: str, owner: str = "123456789012") -> str:
    """Return a role that the service may assume on behalf of that source only."""
    condition = {"ArnLike": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": owner}}
    principal = {"Service": service}
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}
    return account.role(AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))


def test_a_trust_policy_may_ask_for_the_state_machine(account: Account) -> None:
    def role(name: str, **owner: str) -> str:
        source = f"arn:aws:states:us-east-1:123456789012:stateMachine:{name}"
        return role_for(account, "states.amazonaws.com", source, **owner)

    create = account.clients("stepfunctions").create_state_machine
    refused(create, name="mine", definition=DEFINITION, roleArn=role("other"))
    refused(create, name="mine", definition=DEFINITION, roleArn=role("mine", owner="999999999999"))
    create(name="mine", definition=DEFINITION, roleArn=role("mine"))
    create(name="mine-too", definition=DEFINITION, roleArn=role("*"))


@pytest.mark.parametrize("bus", ["default", "of-our-own"])
def test_a_trust_policy_may_ask_for_the_rule(account: Account, bus: str) -> None:
    events = account.clients("events")
    if bus != "default":
        events.create_event_bus(Name=bus)
    rule = events.put_rule(Name="for-it", EventBusName=bus, EventPattern=json.dumps({"source": ["x"]}))["RuleArn"]

    def target(source: str, **owner: str) -> list[dict[str, str]]:
        role = role_for(account, "events.amazonaws.com", source, **owner)
        return [{"Id": "1", "Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:any", "RoleArn": role}]

    put = events.put_targets
    refused(put, Rule="for-it", EventBusName=bus, Targets=target(f"{rule}-not"))
    refused(put, Rule="for-it", EventBusName=bus, Targets=target(rule, owner="999999999999"))
    put(Rule="for-it", EventBusName=bus, Targets=target(rule))


def test_a_state_machine_with_a_log_needs_the_rights_of_log_delivery(account: Account) -> None:
    account.clients("logs").create_log_group(logGroupName="/states/logged")
    destination = {
        "cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/states/logged:*"}
    }
    logged = {"level": "ALL", "destinations": [destination]}
    create = account.clients("stepfunctions").create_state_machine
    role = account.role(service="states.amazonaws.com")
    machine = {"name": "logged", "definition": DEFINITION, "roleArn": role, "loggingConfiguration": logged}
    assert "is not authorized to access the Log Destination" in refused(create, **machine)
    account.allow(role.rpartition("/")[2], LOG_RIGHTS)
    create(**machine)


def test_eventbridge_must_be_able_to_assume_a_targets_role(account: Account) -> None:
    events = account.clients("events")
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["x"]}))
    target = {"Id": "1", "Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:any"}
    wrong = account.role(service="states.amazonaws.com")
    answer = refused(events.put_targets, Rule="r", Targets=[{**target, "RoleArn": wrong}])
    assert f"Provided role '{wrong}' cannot be assumed by principal 'events.amazonaws.com'." in answer
    events.put_targets(Rule="r", Targets=[{**target, "RoleArn": account.role(service="events.amazonaws.com")}])
