"""Checks of a stack on AWS or in a sandbox: the caller's credentials, and the state of every resource."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from facts import STACK_TOKENS
from ops.aws import features, functions, state_machines, tokens
from ops.aws.state_machines import ARN_OUTPUT, Workflow
from ops.aws.target import SECRET, Target
from ops.doctor.findings import Finding, ok, warning, wrong
from ops.program import PROGRAM

OUTPUTS = (
    *("s3_bucket_name", "dynamodb_table_name", "secrets_manager_arn", "state_machine_name", "callback_api_endpoint"),
    *("mock_api_endpoint", "orders_event_bus_name", "orders_event_rule_name", "orders_dlq_url", "orders_table_name"),
    *("payments_table_name", "inventory_table_name", "reservations_table_name"),
    *ARN_OUTPUT.values(),
    *functions.OUTPUTS.values(),
)
"""Outputs of a stack with a release that the commands read."""

HOLD_OUTPUTS = ("callback_api_endpoint", "dynamodb_table_name", "secrets_manager_arn")
"""Outputs of another program with a hold that the commands read; `components.export_for_ops` exports them."""

TABLES = (
    *("dynamodb_table_name", "orders_table_name", "payments_table_name"),
    *("inventory_table_name", "reservations_table_name"),
)

DEPLOY = "Deploy the stack again: pulumi up"

EXPORT = "Export them by components.export_for_ops, and deploy the program: docs/library.md"


@dataclass(frozen=True)
class Stack:
    """The checks of one stack."""

    target: Target

    def outputs(self) -> Iterator[Finding]:
        """Check that the outputs are those of this program, and name the features that are switched off."""
        outputs = self.target.outputs
        has_release = state_machines.of_kind(self.target, Workflow.RELEASE) is not None
        names = OUTPUTS if has_release else HOLD_OUTPUTS if any(map(self._has, HOLD_OUTPUTS)) else ()
        expected = [name for name in names if not features.is_left_out(outputs, name)]
        missing = [name for name in expected if outputs.get(name) in (None, SECRET)]
        if missing:
            hint = "Deploy the program of this folder: pulumi up" if has_release else EXPORT
            yield wrong("outputs", f"{', '.join(missing)} missing or hidden", hint)
        else:
            yield ok("outputs", f"{len(outputs)} of {self.target.origin}")
        off = [switch for switch in features.ALWAYS if not features.has(outputs, switch)]
        if has_release and off:
            yield ok("features", f"switched off: {', '.join(off)}")

    def credentials(self) -> Iterator[Finding]:
        """Check that the caller is in the stack's account."""
        caller = self.target.client("sts").get_caller_identity()
        if caller["Account"] != self.target.account:
            yield wrong(
                "credentials",
                f"{caller['Arn']} is not of the stack's account {self.target.account}",
                "Set AWS_PROFILE to a profile of that account",
            )
        else:
            yield ok("credentials", caller["Arn"])

    def state_machines(self) -> Iterator[Finding]:
        """Check that the state machines are active, and the connections of their HTTP Tasks authorized."""
        for machine in state_machines.of(self.target):
            found = self.target.client("stepfunctions").describe_state_machine(stateMachineArn=machine.arn)
            what = f"state machine {machine.kind}"
            yield ok(what, "ACTIVE") if found["status"] == "ACTIVE" else wrong(what, found["status"], DEPLOY)
            for name in _connections(json.loads(found["definition"])):
                yield self._connection(name)

    def _connection(self, name: str) -> Finding:
        found = self.target.client("events").describe_connection(Name=name)
        state = found["ConnectionState"]
        if state == "AUTHORIZED":
            return ok(f"connection {name}", state)
        return wrong(
            f"connection {name}",
            f"{state}: {found.get('StateReason') or 'no reason given'}",
            "Every call of that API fails until its token is set again: docs/runbooks/release-failed.md",
        )

    def bucket(self) -> Iterator[Finding]:
        """Check that the bucket can be reached."""
        if not self._has("s3_bucket_name"):
            return
        self.target.client("s3").head_bucket(Bucket=self.target["s3_bucket_name"])
        yield ok("bucket", self.target["s3_bucket_name"])

    def tables(self) -> Iterator[Finding]:
        """Check that each table is active."""
        for output in filter(self._has, TABLES):
            found = self.target.client("dynamodb").describe_table(TableName=self.target[output])["Table"]
            what = f"table {found['TableName']}"
            yield ok(what, "ACTIVE") if found["TableStatus"] == "ACTIVE" else wrong(what, found["TableStatus"], DEPLOY)

    def secret(self) -> Iterator[Finding]:
        """Check that the secret holds every token: the stack's own, and one for each API that a release calls."""
        if not self._has("secrets_manager_arn"):
            return
        found = tokens.current(self.target)
        missing = [name for name in (*self._apis(), *STACK_TOKENS) if not found.get(name)]
        yield wrong("secret", f"has no {', '.join(missing)}", DEPLOY) if missing else ok("secret", "has every token")

    def _apis(self) -> list[str]:
        """Return the names of the APIs that a release calls."""
        release = state_machines.of_kind(self.target, Workflow.RELEASE)
        if release is None:
            return []
        found = self.target.client("stepfunctions").describe_state_machine(stateMachineArn=release.arn)
        return [name.removeprefix(f"{release.name}-") for name in _connections(json.loads(found["definition"]))]

    def functions(self) -> Iterator[Finding]:
        """Check that each function can be invoked."""
        for name in (name for name, output in functions.OUTPUTS.items() if self._has(output)):
            arn = functions.arn(self.target, name)
            found = self.target.client("lambda").get_function_configuration(FunctionName=arn)
            state, update = found.get("State", "Active"), found.get("LastUpdateStatus", "Successful")
            said = f"{found['Runtime']}, {found['MemorySize']} MB, {found['Timeout']} s"
            if (state, update) in (("Active", "Successful"), ("Inactive", "Successful")):
                yield ok(f"function {name}", said)
            else:
                reason = found.get("StateReason") or found.get("LastUpdateStatusReason") or "no reason given"
                yield wrong(f"function {name}", f"{state}, {update}: {reason}", DEPLOY)

    def events(self) -> Iterator[Finding]:
        """Check that the rule starts orders, and that the dead-letter queue is empty."""
        if not features.has(self.target.outputs, "orders"):
            return
        bus, name = self.target["orders_event_bus_name"], self.target["orders_event_rule_name"]
        rule = self.target.client("events").describe_rule(Name=name, EventBusName=bus)
        if rule["State"] == "ENABLED":
            yield ok(f"rule {name}", f"ENABLED on the bus {bus}")
        else:
            yield wrong(
                f"rule {name}", rule["State"], f"No event starts an order. aws events enable-rule --name {name}"
            )
        attributes = self.target.client("sqs").get_queue_attributes(
            QueueUrl=self.target["orders_dlq_url"], AttributeNames=["ApproximateNumberOfMessages"]
        )["Attributes"]
        count = int(attributes["ApproximateNumberOfMessages"])
        if count:
            hint = f"Look why ({PROGRAM} logs orders), then submit them again"
            yield warning("dead letters", f"{count} orders could not be started", hint)
        else:
            yield ok("dead letters", "none")

    def _has(self, output: str) -> bool:
        return output in self.target.outputs


def _connections(definition: object) -> list[str]:
    """Return the names of the connections that the HTTP Tasks of a definition use."""
    return sorted({arn.split("/")[1] for arn in _connection_arns(definition)})


def _connection_arns(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("ConnectionArn"), str):
            yield value["ConnectionArn"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _connection_arns(each)
