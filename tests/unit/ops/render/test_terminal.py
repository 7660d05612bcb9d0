"""Output: JSON for programs, and no control sequences for terminals."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ops.errors import FailedError, TargetError, UsageError
from ops.render.terminal import Terminal, as_json, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines", "two\nlines"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("over\rwritten", "over\\rwritten"),
        ("\u202eright to left", "\\u202eright to left"),
        ("Überprüft ✓", "Überprüft ✓"),
        ("Bearer 0123456789ab", "Bearer [redacted]"),
    ],
)
def test_control_sequences_are_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_json_has_times_in_utc_and_amounts_as_numbers() -> None:
    at = datetime.fromisoformat("2026-01-02T03:04:05.678+02:00")
    assert json.loads(as_json({"at": at, "usd": Decimal("1.50")})) == {"at": "2026-01-02T01:04:05.678Z", "usd": 1.5}


def test_value_without_a_json_form_raises() -> None:
    with pytest.raises(TypeError, match="object cannot be written"):
        as_json(object())


def test_json_result_is_one_document_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(is_json=True)
    terminal.say("not for programs")
    terminal.show({"a": [1]}, lambda console: console.print("not for programs"))
    assert json.loads(capsys.readouterr().out) == {"a": [1]}


def test_text_result_without_json_option(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(is_json=False)
    terminal.line({"not": "for people"})
    terminal.say("Started")
    terminal.show({}, lambda console: console.print("[bold]as it is[/bold]"))
    assert capsys.readouterr().out == "Started\n[bold]as it is[/bold]\n"


@pytest.mark.parametrize(("kind", "code"), [(FailedError, 1), (UsageError, 2), (TargetError, 3)])
@pytest.mark.parametrize("is_json", [True, False])
def test_error_goes_to_stderr_with_a_fix(
    kind: type[FailedError | UsageError | TargetError], code: int, is_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    Terminal(is_json).error(kind("It is wrong", "Mend it"))
    printed = capsys.readouterr()
    assert printed.out == ""
    if is_json:
        assert json.loads(printed.err) == {"error": {"message": "It is wrong", "hint": "Mend it", "exitCode": code}}
    else:
        assert printed.err == "error: It is wrong\nMend it\n"


def test_now_has_a_timezone() -> None:
    assert as_json(datetime(2026, 1, 2, tzinfo=UTC)) == '"2026-01-02T00:00:00.000Z"'
