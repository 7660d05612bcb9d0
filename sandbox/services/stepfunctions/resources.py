"""Step Functions: state machines and their aliases."""

import json
from collections.abc import Iterator
from typing import Any

from sandbox.clients import Clients
from sandbox.resource_inputs import Inputs, given

MAX_STATE_MACHINE_NAME = 80


def _state_machine(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(prefix="namePrefix", limit=MAX_STATE_MACHINE_NAME)
    tags = args.tags()
    definition = args.require("definition")
    created = clients("stepfunctions").create_state_machine(
        **given(
            name=name,
            definition=definition,
            roleArn=args.require("roleArn"),
            type=args.take("type", "STANDARD"),
            loggingConfiguration=_logging(args.block("loggingConfiguration")),
            tracingConfiguration=args.take("tracingConfiguration"),
            encryptionConfiguration=args.take("encryptionConfiguration"),
            publish=args.take("publish"),
            tags=[{"key": key, "value": value} for key, value in tags.items()] or None,
        )
    )
    arn = created["stateMachineArn"]
    # Step Functions has accepted the definition, so it can be parsed.
    endless = list(_endless(json.loads(definition)))
    if endless:
        raise ValueError(
            f"{', '.join(endless)} of state machine '{name}' can hang: AWS waits for 99999999 seconds by default. "
            "Give each a TimeoutSeconds"
        )
    described = clients("stepfunctions").describe_state_machine(stateMachineArn=arn)
    return arn, {
        "name": name,
        "arn": arn,
        "creationDate": described["creationDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "revisionId": described.get("revisionId", ""),
        "status": described["status"],
        "type": described["type"],
        "stateMachineVersionArn": created.get("stateMachineVersionArn", ""),
    }


def _alias(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=MAX_STATE_MACHINE_NAME)
    created = clients("stepfunctions").create_state_machine_alias(
        **given(
            name=name,
            description=args.take("description"),
            routingConfiguration=args.require("routingConfigurations"),
        )
    )
    arn = created["stateMachineAliasArn"]
    return arn, {"name": name, "arn": arn, "creationDate": created["creationDate"].strftime("%Y-%m-%dT%H:%M:%SZ")}


def _endless(machine: dict[str, Any], *, inner: bool = False) -> Iterator[str]:
    """Return the parts of a definition without a timeout: the machine, and its tasks. AWS allows them, but our
    programs must not have any.

    https://docs.aws.amazon.com/step-functions/latest/dg/sfn-stuck-execution.html
    """
    if not inner and "TimeoutSeconds" not in machine:
        yield "the whole"
    for name, state in machine["States"].items():
        if state["Type"] == "Task" and not state.keys() & {"TimeoutSeconds", "TimeoutSecondsPath"}:
            yield f"task '{name}'"
        for part in (
            *state.get("Branches", []),
            *(state[key] for key in ("ItemProcessor", "Iterator") if key in state),
        ):
            yield from _endless(part, inner=True)


def _logging(block: Inputs | None) -> dict[str, Any] | None:
    if block is None:
        return None
    destination = block.take("logDestination")
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": destination}}] if destination else None
    return given(
        level=block.take("level"), includeExecutionData=block.take("includeExecutionData"), destinations=destinations
    )


TYPES = {"aws:sfn/alias:Alias": _alias, "aws:sfn/stateMachine:StateMachine": _state_machine}
