"""`python -m tools.restore`: restores lost items of a table and objects of a bucket. See docs/recovery.md."""

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import boto3
from botocore.exceptions import ClientError

WORKERS = 10
"""Concurrent calls: as many as the connections that a client of boto3 keeps open."""


def items(dynamodb: Any, source: str, target: str) -> int:
    """Copy the items of a restored table that its original lacks. Existing items stay unchanged.

    Returns:
        The number of items that were copied.
    """
    key = dynamodb.describe_table(TableName=target)["Table"]["KeySchema"][0]["AttributeName"]

    def copy(item: Any) -> bool:
        try:
            dynamodb.put_item(
                TableName=target,
                Item=item,
                ConditionExpression="attribute_not_exists(#key)",
                ExpressionAttributeNames={"#key": key},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    with ThreadPoolExecutor(WORKERS) as pool:
        pages = dynamodb.get_paginator("scan").paginate(TableName=source, ConsistentRead=True)
        return sum(sum(pool.map(copy, page["Items"])) for page in pages)


def objects(s3: Any, bucket: str, prefix: str, at: datetime) -> int:
    """Restore objects to their state at a time, each as a new version. Newer objects stay.

    Returns:
        The number of restored objects.
    """

    def restore(found: tuple[str, list[dict[str, Any]]]) -> bool:
        key, versions = found
        then = next((each for each in versions if each["LastModified"] <= at), None)
        # A delete marker has no size.
        if then is None or "Size" not in then or then["IsLatest"]:
            return False
        source = {"Bucket": bucket, "Key": key, "VersionId": then["VersionId"]}
        s3.copy_object(Bucket=bucket, Key=key, CopySource=source)
        return True

    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(pool.map(restore, _by_key(s3, bucket, prefix)))


def _by_key(s3: Any, bucket: str, prefix: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield each key with its versions and delete markers, newest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for each in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            found.setdefault(each["Key"], []).append(each)
    for key, versions in found.items():
        # S3 marks the latest of versions with the same second.
        yield key, sorted(versions, key=lambda each: (each["LastModified"], each["IsLatest"]), reverse=True)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the two commands with the environment's credentials and region."""
    parser = argparse.ArgumentParser(prog="python -m tools.restore", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    of_items = commands.add_parser("items", help="copy the items of a restored table that its original lacks")
    of_items.add_argument("source", help="the restored table")
    of_items.add_argument("target", help="the table of the stack")
    of_objects = commands.add_parser("objects", help="bring objects back to their state at a moment")
    of_objects.add_argument("bucket")
    of_objects.add_argument("prefix", help="such as outputs/")
    of_objects.add_argument("at", type=_moment, help="such as 2026-11-22T03:51:00+00:00")
    asked = parser.parse_args(arguments)
    if asked.command == "items":
        print(f"{items(boto3.client('dynamodb'), asked.source, asked.target)} items copied to {asked.target}")
    else:
        count = objects(boto3.client("s3"), asked.bucket, asked.prefix, asked.at)
        print(f"{count} objects of {asked.bucket} brought back")


if __name__ == "__main__":
    main()
