"""The AWS of this sandbox, and the outputs of the deployed stack, if known."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ops.aws import state_machines
from ops.aws.target import Target
from ops.errors import TargetError

Client = Callable[[str], Any]
"""Returns the boto3 client of a service, by boto3's name. It is safe to call from any thread."""


@dataclass(frozen=True, kw_only=True)
class Here(Target):
    """The stack of this sandbox, as a `Target` for functions of the command line."""

    make: Client

    def client(self, service: str) -> Any:
        """Return a boto3 client that any thread may use."""
        return self.make(service)


class Stack:
    """The sandbox at `endpoint_url`; `outputs` returns those of its stack, or None if unknown."""

    def __init__(self, endpoint_url: str, client: Client, outputs: Callable[[], Mapping[str, Any] | None]) -> None:
        self.client = client
        self._endpoint_url = endpoint_url
        self._outputs = outputs

    @property
    def is_known(self) -> bool:
        """Return whether the outputs of a deployed stack are known."""
        return self._outputs() is not None

    @property
    def target(self) -> Here:
        """Return the stack.

        Raises:
            TargetError: the outputs of the stack are unknown.
        """
        outputs = self._outputs()
        if outputs is None:
            raise TargetError("This sandbox knows of no stack: it was started with `serve`, or is not ready yet")
        known = {**outputs, "endpoint_url": self._endpoint_url, "sandbox_pid": os.getpid()}
        return Here(origin=f"the sandbox at {self._endpoint_url}", outputs=known, make=self.client)

    def workflows(self) -> dict[str, str]:
        """Return the label of every state machine whose executions can be listed, by its ARN.

        Express workflows keep no executions.
        https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
        """
        labels = self._kinds()
        pages = self.client("stepfunctions").get_paginator("list_state_machines").paginate()
        machines = [machine for page in pages for machine in page["stateMachines"] if machine["type"] == "STANDARD"]
        return {each["stateMachineArn"]: labels.get(each["stateMachineArn"], each["name"]) for each in machines}

    def _kinds(self) -> dict[str, str]:
        """Return the labels of the state machines that the stack's outputs name, by ARN."""
        if not self.is_known:
            return {}
        try:
            return {machine.arn: machine.kind for machine in state_machines.of(self.target)}
        except TargetError:
            return {}  # A program that exports no workflows may still have executions to show.
