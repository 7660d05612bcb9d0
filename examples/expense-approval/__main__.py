"""An expense workflow: it pays small expenses at once, and larger ones wait for an approver."""

import json
import sys
from pathlib import Path
from typing import Any

import pulumi

# A program in its own repository installs the library (docs/library.md), and does not need this.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from asl import hold
from asl.states import jsonata
from components import Hold, HoldArgs, Runtime, Workflow, WorkflowArgs, bundle, export_for_ops

config = pulumi.Config()
limit = config.require_int("approvalAbove")
approval_seconds = config.require_int("approvalSeconds")
approvers = hold.addresses(config.require_object("approvers"), groups={})

CHECKED = """(
    $type($states.input.expense) = 'string' and $type($states.input.amount) = 'number'
    ? $states.input : $error('the input must be {"expense": "expense-42", "amount": 700}')
)"""


def definition(table: hold.Table) -> dict[str, Any]:
    """Build the state machine. Its input is `{"expense": "expense-42", "amount": 700}`."""
    approval = hold.Hold(
        table=table,
        subject="$expense.expense",
        timeout_seconds=approval_seconds,
        names=hold.Names.of("approval"),
        title="'Pay ' & $string($expense.amount) & ' for ' & $expense.expense",
        policy=hold.Policy(approvers=approvers, requester="($exists($expense.requester) ? $expense.requester : '')"),
        rejection="go-on",
    )
    return {
        "Comment": "Pays an expense, if need be after an approval",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": approval_seconds + 600,
        "StartAt": "Read expense",
        "States": {
            "Read expense": {"Type": "Pass", "Assign": {"expense": jsonata(CHECKED)}, "Next": "Small?"},
            "Small?": {
                "Type": "Choice",
                "Choices": [{"Condition": jsonata(f"$expense.amount <= {limit}"), "Next": "Pay"}],
                "Default": "Register approval",
            },
            **hold.states(approval, next_state="Approved?", failed_state="Not decided"),
            "Approved?": {
                "Type": "Choice",
                "Choices": [{"Condition": jsonata("$decision.status = 'success'"), "Next": "Pay"}],
                "Default": "Reject",
            },
            # Here a real workflow calls the service that pays.
            "Pay": _end("PAID"),
            "Reject": _end("REJECTED"),
            "Not decided": {
                "Type": "Fail",
                "Error": jsonata("$failure.error"),
                "Cause": jsonata("$failure.cause"),
            },
        },
    }


def _end(status: str) -> dict[str, Any]:
    decided = jsonata("$exists($decision) ? $decision : null")
    output = {"expense": jsonata("$expense.expense"), "status": status, "decision": decided}
    return {"Type": "Pass", "Output": output, "End": True}


runtime = Runtime(prefix=f"{pulumi.get_project()}-{pulumi.get_stack()}", bundle=bundle.build())
holds = Hold(
    "hold",
    HoldArgs(
        runtime=runtime,
        workflows=["expenses"],
        timeout_seconds=approval_seconds,
        approval_links=True,
        approvers=approvers,
    ),
)
expenses = Workflow(
    "expenses",
    WorkflowArgs(
        prefix=runtime.prefix,
        definition=holds.table.apply(lambda table: json.dumps(definition(table))),
        statements=lambda _arn: holds.table.apply(hold.permissions),
    ),
)

export_for_ops({"expenses": expenses}, holds)
# For programs that start executions.
pulumi.export("state_machine_arn", expenses.arn)
