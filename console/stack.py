"""The AWS of this sandbox, and the outputs of the deployed stack if they are known."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ops.aws import state_machines
from ops.aws.target import Target
from ops.errors import TargetError

Client = Callable[[str], Any]
"""Gives the boto3 client of a service, by boto3's name for it. Any thread may call it."""


@dataclass(frozen=True, kw_only=True)
class Here(Target):
    """The stack of this very sandbox, for the functions that the command line has too."""

    make: Client

    def client(self, service: str) -> Any:
        """Return a boto3 client that any thread may use."""
        return self.make(service)


class Stack:
    """The sandbox at `endpoint_url`; `outputs` gives those of its stack, or None where none is known."""

    def __init__(self, endpoint_url: str, client: Client, outputs: Callable[[], Mapping[str, Any] | None]) -> None:
        self.client = client
        self._endpoint_url = endpoint_url
        self._outputs = outputs

    @property
    def is_known(self) -> bool:
        """Return whether a stack is deployed whose outputs are known."""
        return self._outputs() is not None

    @property
    def target(self) -> Here:
        """The stack.

        Raises:
            TargetError: none is known.
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
        """Return what people call the state machines that the stack names, by their ARNs."""
        if not self.is_known:
            return {}
        try:
            return {machine.arn: machine.kind for machine in state_machines.of(self.target)}
        except TargetError:
            return {}  # A program that exports no workflows has executions to show all the same.
