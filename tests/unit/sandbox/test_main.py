"""`python -m sandbox`: options, errors and outputs."""

import contextlib
import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import __main__ as program
from sandbox.__main__ import _asked_to_end, _end, _EndedError, _ready, _written, main
from sandbox.atomic_json import write_whole


@pytest.fixture(autouse=True)
def _signal_handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "required: command"),
        (["serve", "--port", "70000"], "a port is a number from 0 to 65535"),
        (["serve", "--port", "http"], "a port is a number from 0 to 65535, not 'http'"),
        (["serve", "--stack", "dev"], "unrecognized arguments: --stack dev"),
        (["up", "--config", "colour"], "'colour' must have the form KEY=VALUE"),
        (["up", "--config", "=red"], "'=red' must have the form KEY=VALUE"),
    ],
)
def test_wrong_use_is_explained(arguments: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert text in capsys.readouterr().err


def test_serve_on_a_busy_port_fails_with_a_fix() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"error: port {port} on 127.0.0.1 is in use .* --port N"):
            main(["serve", "--port", str(port)])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--stack", "nowhere"], ["there is no stack 'nowhere'", "dev", "prod"]),
        (["--config", "callbackTimeoutSeconds=0"], ["callbackTimeoutSeconds", "0", "greater than or equal to 1"]),
        (["--config", "noSuchKey=1"], ["noSuchKey"]),
        (["--config", "lambdaArchitecture=sparc"], ["lambdaArchitecture", "sparc", "arm64", "x86_64"]),
    ],
    ids=" ".join,
)
def test_user_error_is_explained(arguments: list[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["up", "--port", "0", *arguments])
    told = str(ended.value.code)
    assert told.startswith("error: ")
    assert [word for word in words if word not in told] == []


def test_signal_with_a_dropped_exception_still_ends_the_sandbox() -> None:
    with pytest.raises(_EndedError):
        _end(signal.SIGTERM, None)
    with pytest.raises(_EndedError):
        _ready("http://127.0.0.1:1")
    _asked_to_end.clear()


def test_outputs_replace_an_older_file_and_leave_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "new" / "outputs.json"
    write_whole(file, {"a": "old"})
    write_whole(file, {"a": 1})
    assert json.loads(file.read_text()) == {"a": 1}
    assert [path.name for path in file.parent.iterdir()] == ["outputs.json"]
    assert file.stat().st_mode & 0o777 == 0o644


def test_default_outputs_file_exists_while_the_sandbox_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "OUTPUTS", tmp_path / "new")
    outputs = {"endpoint_url": "http://127.0.0.1:4567", "sandbox_pid": 1}
    seen = []
    with contextlib.suppress(_EndedError), _written(None, outputs):
        seen.append(json.loads((tmp_path / "new" / "4567.json").read_text()))
        raise _EndedError
    assert seen == [outputs]
    assert list((tmp_path / "new").iterdir()) == []


def test_named_outputs_file_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "OUTPUTS", tmp_path / "own")
    with _written(tmp_path / "outputs.json", {"endpoint_url": "http://127.0.0.1:4567"}):
        assert (tmp_path / "own" / "4567.json").read_text() == (tmp_path / "outputs.json").read_text()
    assert [path.name for path in tmp_path.rglob("*.json")] == ["outputs.json"]


def test_a_folder_without_a_project_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["up", "--program", str(tmp_path)])
    assert "it has no Pulumi.yaml" in capsys.readouterr().err
