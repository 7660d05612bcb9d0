"""Items and objects that are lost come back, and newer ones stay: the procedure of docs/recovery.md."""

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.s3.models import s3_backends

from tests.unit.components.recording import ACCOUNT
from tests.unit.recorded_program import ROOT
from tests.unit.test_runbooks import GLOBAL_OPTIONS, _parameters
from tools import restore

PAGE = ROOT / "docs" / "recovery.md"
TABLE, RESTORED, BUCKET = "stories", "stories-restored", "files"


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An emulated AWS in this process."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


def _item(key: str, state: str) -> dict[str, Any]:
    return {"id": {"S": key}, "run": {"S": "r"}, "state": {"S": state}}


def _table() -> Any:
    dynamodb = boto3.client("dynamodb")
    names = ("id", "run")
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[
            {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=True)
        ],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        BillingMode="PAY_PER_REQUEST",
    )
    return dynamodb


def test_lost_items_come_back_from_a_point_in_time_and_newer_ones_stay(capsys: pytest.CaptureFixture[str]) -> None:
    dynamodb = _table()
    for key in ("kept", "lost", "changed"):
        dynamodb.put_item(TableName=TABLE, Item=_item(key, "old"))
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=TABLE, TargetTableName=RESTORED, UseLatestRestorableTime=True
    )
    dynamodb.delete_item(TableName=TABLE, Key={"id": {"S": "lost"}, "run": {"S": "r"}})
    for key in ("changed", "new"):
        dynamodb.put_item(TableName=TABLE, Item=_item(key, "new"))

    restore.main(["items", RESTORED, TABLE])
    assert capsys.readouterr().out == "1 items copied to stories\n"
    found = {item["id"]["S"]: item["state"]["S"] for item in dynamodb.scan(TableName=TABLE)["Items"]}
    assert found == {"kept": "old", "lost": "old", "changed": "new", "new": "new"}


def test_items_are_copied_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    dynamodb = _table()
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=TABLE, TargetTableName=RESTORED, UseLatestRestorableTime=True
    )
    for number in range(restore.WORKERS):
        dynamodb.put_item(TableName=RESTORED, Item=_item(str(number), "old"))
    together = Barrier(restore.WORKERS, timeout=30)
    monkeypatch.setattr(dynamodb, "put_item", lambda **_: together.wait())
    assert restore.items(dynamodb, RESTORED, TABLE) == restore.WORKERS


def test_deleted_table_comes_back_from_its_backup_under_its_name() -> None:
    dynamodb = _table()
    dynamodb.put_item(TableName=TABLE, Item=_item("kept", "old"))
    backup = dynamodb.create_backup(TableName=TABLE, BackupName="last")["BackupDetails"]["BackupArn"]
    dynamodb.delete_table(TableName=TABLE)
    dynamodb.restore_table_from_backup(TargetTableName=TABLE, BackupArn=backup)
    assert dynamodb.scan(TableName=TABLE)["Items"] == [_item("kept", "old")]


def test_objects_are_as_they_were_and_younger_ones_stay(capsys: pytest.CaptureFixture[str]) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    def put(key: str, body: str) -> None:
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    for key in ("outputs/kept", "outputs/deleted", "outputs/changed", "logs/deleted"):
        put(key, "old")
    moment = datetime.now(UTC)
    # The times of versions have seconds: what there is becomes an hour older.
    keys = s3_backends[ACCOUNT]["aws"].buckets[BUCKET].keys
    for each in [version for key in keys for version in keys.getlist(key)]:
        each.last_modified -= timedelta(hours=1)
    for key in ("outputs/deleted", "logs/deleted"):
        s3.delete_object(Bucket=BUCKET, Key=key)
    put("outputs/changed", "wrong")
    put("outputs/new", "new")

    restore.main(["objects", BUCKET, "outputs/", (moment - timedelta(minutes=1)).isoformat()])
    assert capsys.readouterr().out == "2 objects of files brought back\n"
    found = {
        each["Key"]: s3.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read().decode()
        for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    }
    assert found == {
        "outputs/kept": "old",
        "outputs/deleted": "old",
        "outputs/changed": "old",
        "outputs/new": "new",
    }
    assert restore.objects(s3, BUCKET, "outputs/", moment - timedelta(days=1)) == 0


def test_moment_needs_a_time_zone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        restore.main(["objects", BUCKET, "outputs/", "2026-11-22T03:51:00"])
    assert "invalid _moment value" in capsys.readouterr().err


def test_commands_of_the_page_exist() -> None:
    text = PAGE.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    calls = [shlex.split(line, comments=True) for line in lines if line.startswith("aws ")]
    assert len(calls) > 5
    for _, service, command, *words in calls:
        if command == "wait":
            continue
        options = {word[2:] for word in words if re.fullmatch(r"--[a-z-]+", word)}
        assert options <= _parameters(service, command) | GLOBAL_OPTIONS | {"region"}, (service, command)
