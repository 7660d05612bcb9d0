"""Rights of the roles of a hold under enforced IAM: they reach its own workflows and its own table only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.client import Client, Run, done, story
from tests.e2e.hold.expenses import waiting

DENIED = r"AccessDenied.* is not authorized to perform: "
FUNCTIONS = ("expenses-dev-hold-callback", "expenses-dev-hold-sweeper")
NO_DELETE = {"TableName": "{table}", "Key": {"jiraStoryId": {"S": "x"}, "executionName": {"S": "x"}}}
WITH_TOKEN = {"taskToken": "{token}", "output": "{{}}"}

Call = tuple[str, str, dict[str, Any]]

DENIED_TO_FUNCTIONS: tuple[Call, ...] = (
    ("dynamodb", "scan", {"TableName": "{table}"}),
    ("dynamodb", "delete_item", NO_DELETE),
    ("dynamodb", "put_item", {"TableName": "{table}", "Item": NO_DELETE["Key"]}),
    ("dynamodb", "get_item", {**NO_DELETE, "TableName": "another-table"}),
    ("secretsmanager", "get_secret_value", {"SecretId": "another-secret"}),
    ("secretsmanager", "put_secret_value", {"SecretId": "{secret}", "SecretString": "x"}),
    ("stepfunctions", "start_execution", {"stateMachineArn": "{machine}", "input": "{{}}"}),
    ("stepfunctions", "stop_execution", {"executionArn": "{execution}"}),
    ("stepfunctions", "describe_execution", {"executionArn": "{foreign}"}),
    ("stepfunctions", "send_task_success", WITH_TOKEN),
    ("stepfunctions", "send_task_failure", {"taskToken": "{token}"}),
)
DENIED_TO_WORKFLOW: tuple[Call, ...] = (
    *DENIED_TO_FUNCTIONS[:2],
    ("dynamodb", "get_item", NO_DELETE),
    ("dynamodb", "update_item", {**NO_DELETE, "TableName": "another-table"}),
    ("secretsmanager", "get_secret_value", {"SecretId": "{secret}"}),
    *DENIED_TO_FUNCTIONS[-2:],
)


@dataclass(frozen=True)
class Foreign:
    """An execution of a state machine that the hold does not serve, which waits with a token in the hold's table."""

    run: Run
    subject: str

    @property
    def token(self) -> str:
        """Return its task token."""
        return self.run.task_token(self.subject)


def _role(holding: Client, function: str) -> str:
    return str(holding.aws("lambda").get_function(FunctionName=function)["Configuration"]["Role"])


def _workflow_role(holding: Client) -> str:
    machine = holding.outputs["state_machine_arn"]
    return str(holding.stepfunctions.describe_state_machine(stateMachineArn=machine)["roleArn"])


@pytest.fixture(scope="module")
def foreign(holding: Client) -> Iterator[Foreign]:
    """Return an execution of another team, whose role may write to the table."""
    subject = story()
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
        "Arguments": {
            "TableName": holding.outputs["dynamodb_table_name"],
            "Key": {
                "jiraStoryId": {"S": subject},
                "executionName": {"S": "{% $states.context.Execution.Name %}"},
            },
            "UpdateExpression": "SET taskToken = :token, executionArn = :arn, waitingSince = :now, registeredAt = :now",
            "ExpressionAttributeValues": {
                ":token": {"S": "{% $states.context.Task.Token %}"},
                ":arn": {"S": "{% $states.context.Execution.Id %}"},
                ":now": {"S": "{% $now() %}"},
            },
        },
        "TimeoutSeconds": 3600,
        "End": True,
    }
    definition = {"QueryLanguage": "JSONata", "StartAt": "Wait", "States": {"Wait": wait}}
    machine = holding.stepfunctions.create_state_machine(
        name="foreign", definition=json.dumps(definition), roleArn=_workflow_role(holding)
    )["stateMachineArn"]
    run = Run(holding, holding.stepfunctions.start_execution(stateMachineArn=machine)["executionArn"])
    run.waiting(subject)
    yield Foreign(run, subject)
    holding.stepfunctions.delete_state_machine(stateMachineArn=machine)


def _filled(arguments: Any, values: dict[str, str]) -> Any:
    if isinstance(arguments, dict):
        return {name: _filled(value, values) for name, value in arguments.items()}
    return arguments.format(**values)


@pytest.mark.parametrize("who", [*FUNCTIONS, "workflow"])
def test_other_calls_are_denied(holding: Client, foreign: Foreign, who: str) -> None:
    role = _workflow_role(holding) if who == "workflow" else _role(holding, who)
    values = {
        "table": holding.outputs["dynamodb_table_name"],
        "secret": holding.outputs["secrets_manager_arn"],
        "machine": holding.outputs["state_machine_arn"],
        "execution": foreign.run.arn.replace(":foreign:", ":expenses-dev-expenses:"),
        "foreign": foreign.run.arn,
        "token": foreign.token,
    }
    acting = holding.acting_as(role)
    for service, method, arguments in DENIED_TO_WORKFLOW if who == "workflow" else DENIED_TO_FUNCTIONS:
        with pytest.raises(ClientError, match=DENIED):
            getattr(acting.aws(service), method)(**_filled(arguments, values))
    assert foreign.run.describe()["status"] == "RUNNING"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_send_decisions_to_the_workflows_of_the_hold(holding: Client, function: str) -> None:
    expense = waiting(holding)
    acting = holding.acting_as(_role(holding, function))
    assert acting.stepfunctions.describe_execution(executionArn=expense.run.arn)["status"] == "RUNNING"
    acting.stepfunctions.send_task_success(taskToken=expense.task_token, output='{"status": "success"}')
    assert expense.output()["status"] == "PAID"


def test_decision_does_not_reach_a_workflow_that_the_hold_does_not_serve(holding: Client, foreign: Foreign) -> None:
    answer = holding.call_back(done(foreign.subject))
    assert answer.code == 500
    assert foreign.token not in json.dumps(answer.body)
    assert foreign.run.describe()["status"] == "RUNNING"
