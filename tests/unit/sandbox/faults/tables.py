"""A DynamoDB table, as a caller of the sandbox sees it."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from sandbox.server import Server
from tests.unit.sandbox.services.aws import Aws


@dataclass(frozen=True)
class Table:
    """A table with the key `id`."""

    server: Server
    name: str

    @classmethod
    def create(cls, aws: Aws, name: str) -> "Table":
        """Make it."""
        aws.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        return cls(aws.server, name)

    def client(self, *, attempts: int = 1, read_timeout: float = 60) -> Any:
        """Return a client with this number of attempts and this timeout in seconds."""
        return client(self.server, "dynamodb", attempts=attempts, read_timeout=read_timeout)

    def put(self, key: str, *, attempts: int = 1, read_timeout: float = 60, **options: Any) -> Any:
        """Put an item; gives boto3's answer."""
        item = {"id": {"S": key}}
        return self.client(attempts=attempts, read_timeout=read_timeout).put_item(
            TableName=self.name, Item=item, **options
        )

    def keys(self) -> set[str]:
        """Return the keys of all items."""
        return {item["id"]["S"] for item in self.client().scan(TableName=self.name)["Items"]}


def client(server: Server, service: str, *, attempts: int = 1, read_timeout: float = 60, **credentials: str) -> Any:
    """Return a boto3 client with the SDK's standard way to try again."""
    given = {"aws_access_key_id": "test", "aws_secret_access_key": "test", **credentials}
    return boto3.client(
        service,  # type: ignore[call-overload]  # the service's name is a variable here
        endpoint_url=server.endpoint_url,
        region_name="us-east-1",
        config=Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            read_timeout=read_timeout,
            s3={"addressing_style": "path"},
        ),
        **given,
    )
