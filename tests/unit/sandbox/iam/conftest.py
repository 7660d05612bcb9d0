"""A server with IAM enforced."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from sandbox.clients import REGION, Clients
from sandbox.server import Server


class Account:
    """An account with IAM enforced: `clients` are the administrator's."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.clients = Clients(server.endpoint_url)
        self._made = 0

    def role(self, *statements: dict[str, Any], service: str = "lambda.amazonaws.com", **options: Any) -> str:
        """Return the ARN of a new role that may do what the statements say."""
        self._made += 1
        name = f"role-{self._made}"
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        options.setdefault("AssumeRolePolicyDocument", json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
        made = self.clients("iam").create_role(RoleName=name, **options)
        if statements:
            self.allow(name, *statements)
        return str(made["Role"]["Arn"])

    def allow(self, role_name: str, *statements: dict[str, Any]) -> None:
        """Give the role these statements, in the place of those that it had."""
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
        self.clients("iam").put_role_policy(RoleName=role_name, PolicyName="own", PolicyDocument=json.dumps(policy))

    def client(self, role_arn: str, service: str) -> Any:
        """Return a client that acts as the role."""
        assumed = self.clients("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")["Credentials"]
        create: Any = boto3.client
        return create(
            service,
            endpoint_url=self.server.endpoint_url,
            region_name=REGION,
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
            config=self.clients("s3").meta.config,
        )


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """Return an account of the module's own."""
    with Server() as server:
        yield Account(server)
