"""Execution names in paths and headers: encoded for characters that these do not allow."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.recorder.files import Files
from sandbox.interpreter import jsonata
from tests.unit.asl.graph import tasks
from tests.unit.asl.release.test_workflow import MACHINE

FOLDERS = {
    "run-1": "run-1",
    ".": "%2E",
    "..": "%2E%2E",
    "...": "...",
    ".a": ".a",
    "релиз": "релиз",
    "a\u202eb": "a\u202eb",
}


def _evaluated(expression: str, name: str) -> Any:
    inside = expression.removeprefix("{%").removesuffix("%}")
    return jsonata.evaluate(inside, {"states": {"context": {"Execution": {"Name": name}}}})


@pytest.mark.parametrize(("name", "folder"), FOLDERS.items())
def test_every_file_is_in_the_folder_of_the_execution(name: str, folder: str) -> None:
    puts = [state["Arguments"] for state in tasks(MACHINE).values() if state["Resource"].endswith(":putObject")]
    assert {_evaluated(put["Key"], name) for put in puts} == {
        f"outputs/{folder}/result.json",
        f"logs/{folder}/execution.log",
        f"logs/{folder}/error.json",
    }


@pytest.mark.parametrize(("name", "folder"), FOLDERS.items())
def test_recorder_writes_to_the_same_folder(name: str, folder: str) -> None:
    keys: list[str] = []

    class Bucket:
        def put_object(self, *, Key: str, **_: Any) -> None:  # noqa: N803 - boto3's name
            keys.append(Key)

    files = Files(Bucket(), "bucket", "logs/")
    files.write_log(name, "")
    files.write_error(name, {}, since=datetime.now(UTC))
    assert keys == [f"logs/{folder}/execution.log", f"logs/{folder}/error.json"]


@pytest.mark.parametrize("name", FOLDERS)
def test_header_with_the_execution_name_is_ascii(name: str) -> None:
    calls = [state["Arguments"] for state in tasks(MACHINE).values() if state["Resource"].endswith("http:invoke")]
    keys = [_evaluated(call["Headers"]["Idempotency-Key"], name) for call in calls]
    assert len({*keys}) == len(calls)
    assert all(key.isascii() and key.isprintable() for key in keys)
