"""What a sandbox no longer needs, it does not keep."""

import gc
import weakref
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from tests.unit.sandbox.services.aws import Aws


def test_a_deleted_item_is_let_go(aws: Aws) -> None:
    dynamodb = aws.table("small")
    key = {"id": {"S": "1"}}
    dynamodb.put_item(TableName="small", Item=key)
    items: Any = dynamodb_backends["123456789012"]["us-east-1"].get_table("small").items
    item = weakref.ref(items[DynamoType(key["id"])])
    assert item() is not None
    dynamodb.delete_item(TableName="small", Key=key)
    gc.collect()
    assert item() is None


def test_an_object_that_was_put_is_there_still(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="k", Body=b"body")
    assert s3.get_object(Bucket="kept", Key="k")["Body"].read() == b"body"
