"""Stack outputs from which the command line and the console learn the workflows and the hold of a program."""

from collections.abc import Mapping

import pulumi

from components.hold import Hold
from components.workflow import Workflow


def export_for_ops(workflows: Mapping[str, Workflow], hold: Hold | None = None) -> None:
    """Export the outputs that `python -m ops` and the console of the sandbox read.

    Args:
        workflows: each under the name that operators use for it, as in `--workflow expenses`.
        hold: the hold of these workflows; None if none of them waits for a decision.
    """
    pulumi.export("workflows", [workflow.described(name) for name, workflow in workflows.items()])
    if hold is not None:
        pulumi.export("callback_api_endpoint", hold.callback.endpoint)
        pulumi.export("dynamodb_table_name", hold.table_name)
        pulumi.export("secrets_manager_arn", hold.secret_arn)
