"""A stack as it was before workflows had versions: its release workflow, and the code of the functions around it.

`release.json` holds the definition, the role's name and its policy, as the program registered them for the stack `dev`
at 4404c30; `handlers.zip` holds handlers/ at that commit, without those of orders and of the mock APIs.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.before import code
from tests.e2e.client import Client

FOLDER = Path(__file__).parent
FUNCTIONS = ("holdpoint-dev-hold-callback", "holdpoint-dev-hold-sweeper")
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}


@contextmanager
def stack_of_before(client: Client) -> Iterator["Before"]:
    """Give a stack its old release workflow and old code. At the end it has its present ones, whatever happened."""
    before = Before(client)
    before.restore()
    try:
        yield before
    finally:
        before.update()
        before.delete_role()


class Before:
    """The old parts of a stack, and its update to the present ones."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._machine = client.outputs["state_machine_arn"]
        present = client.stepfunctions.describe_state_machine(stateMachineArn=self._machine)
        self._present = {"definition": present["definition"], "roleArn": present["roleArn"]}
        self._old: dict[str, Any] = json.loads(self._placed((FOLDER / "release.json").read_text(encoding="utf-8")))

    @property
    def definition(self) -> dict[str, Any]:
        """The old definition."""
        old: dict[str, Any] = self._old["definition"]
        return old

    def restore(self) -> None:
        """Put the old definition, role and code in place. The state machine is updated without a version."""
        arn = self.create_role()
        self._client.stepfunctions.update_state_machine(
            stateMachineArn=self._machine, definition=json.dumps(self.definition), roleArn=arn
        )
        with zipfile.ZipFile(FOLDER / "handlers.zip") as archive:
            self._deploy({name: archive.read(name) for name in archive.namelist()})

    def update(self) -> None:
        """Do what `pulumi up` does: new code, and a new version of the state machine behind its alias."""
        self._deploy(code.present())
        version = self._client.stepfunctions.update_state_machine(
            stateMachineArn=self._machine, publish=True, **self._present
        )["stateMachineVersionArn"]
        self._client.stepfunctions.update_state_machine_alias(
            stateMachineAliasArn=self._client.outputs["state_machine_alias_arn"],
            routingConfiguration=[{"stateMachineVersionArn": version, "weight": 100}],
        )

    def create_role(self) -> str:
        """Create the old role, whose name has no region; give its ARN."""
        iam, name = self._client.aws("iam"), self._old["role"]
        trust = {"Version": "2012-10-17", "Statement": [TRUST]}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        policy = json.dumps(self._old["policy"])
        iam.put_role_policy(RoleName=name, PolicyName="permissions", PolicyDocument=policy)
        return str(arn)

    def delete_role(self) -> None:
        """Delete the old role, as an update that replaces it does at its end."""
        iam, name = self._client.aws("iam"), self._old["role"]
        iam.delete_role_policy(RoleName=name, PolicyName="permissions")
        iam.delete_role(RoleName=name)

    def _deploy(self, files: Mapping[str, bytes]) -> None:
        archive = code.archive(files)
        for function in FUNCTIONS:
            code.publish(self._client, function, archive)

    def _placed(self, text: str) -> str:
        """Put the names and ARNs of this stack in the place of those that the recording made up."""
        outputs = self._client.outputs
        connections = self._client.aws("events").list_connections()["Connections"]
        made_up = "arn:aws:{}:us-east-1:123456789012:{}"
        places = {
            made_up.format("s3", "storage-bucket"): outputs["s3_bucket_arn"],
            "storage-bucket-bucket-name": outputs["s3_bucket_name"],
            made_up.format("dynamodb", "hold-stories"): made_up.format(
                "dynamodb", f"table/{outputs['dynamodb_table_name']}"
            ),
            "https://mock-apis.example.com": outputs["mock_api_endpoint"],
            **{made_up.format("events", f"connection/{each['Name']}/1"): each["ConnectionArn"] for each in connections},
        }
        for old, new in places.items():
            text = text.replace(old, new)
        return text
