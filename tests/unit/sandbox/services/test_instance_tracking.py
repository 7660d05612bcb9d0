"""Release of deleted objects."""

import gc
import weakref
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from tests.unit.sandbox.services.aws import Aws


def test_deleted_item_is_released(aws: Aws) -> None:
    dynamodb = aws.table("small")
    key = {"id": {"S": "1"}}
    dynamodb.put_item(TableName="small", Item=key)
    items: Any = dynamodb_backends["123456789012"]["us-east-1"].get_table("small").items
    item = weakref.ref(items[DynamoType(key["id"])])
    assert item() is not None
    dynamodb.delete_item(TableName="small", Key=key)
    gc.collect()
    assert item() is None


def test_put_object_is_kept(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="k", Body=b"body")
    assert s3.get_object(Bucket="kept", Key="k")["Body"].read() == b"body"
