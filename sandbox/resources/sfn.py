"""Step Functions: state machines."""

from typing import Any

from sandbox.clients import Clients
from sandbox.resources.inputs import Inputs, given

MAX_STATE_MACHINE_NAME = 80


def _state_machine(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(prefix="namePrefix", limit=MAX_STATE_MACHINE_NAME)
    tags = args.tags()
    arn = clients("stepfunctions").create_state_machine(
        **given(
            name=name,
            definition=args.require("definition"),
            roleArn=args.require("roleArn"),
            type=args.take("type", "STANDARD"),
            loggingConfiguration=_logging(args.block("loggingConfiguration")),
            tracingConfiguration=args.take("tracingConfiguration"),
            encryptionConfiguration=args.take("encryptionConfiguration"),
            publish=args.take("publish"),
            tags=[{"key": key, "value": value} for key, value in tags.items()] or None,
        )
    )["stateMachineArn"]
    described = clients("stepfunctions").describe_state_machine(stateMachineArn=arn)
    return arn, {
        "name": name,
        "arn": arn,
        "creationDate": described["creationDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "revisionId": described.get("revisionId", ""),
        "status": described["status"],
        "type": described["type"],
        "tagsAll": tags,
    }


def _logging(block: Inputs | None) -> dict[str, Any] | None:
    if block is None:
        return None
    destination = block.take("logDestination")
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": destination}}] if destination else None
    return given(
        level=block.take("level"), includeExecutionData=block.take("includeExecutionData"), destinations=destinations
    )


TYPES = {"aws:sfn/stateMachine:StateMachine": _state_machine}
