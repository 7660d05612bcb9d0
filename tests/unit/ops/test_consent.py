"""A stack on AWS: no default acts on it, and commands that change it ask first."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ops.__main__ import app
from ops.aws import callback_api
from ops.aws.callback_api import Answer
from ops.aws.target import Target
from ops.commands import redrive, rotate, start, stop
from ops.history import executions

MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:holdpoint-prod-release"
PROD = Target(origin="the stack prod", outputs={"state_machine_arn": MACHINE})
SANDBOX = Target(
    origin="the sandbox",
    outputs={"state_machine_arn": MACHINE, "endpoint_url": "http://127.0.0.1:4566", "sandbox_pid": 1},
)


@dataclass
class Actions:
    """Records the actions of the commands."""

    done: list[str] = field(default_factory=list)

    def recorder(self, name: str, answer: Any = None) -> Any:
        def do(*_: Any, **__: Any) -> Any:
            self.done.append(name)
            if answer is None:
                raise SystemExit(0)
            return answer

        return do


@pytest.fixture
def actions(monkeypatch: pytest.MonkeyPatch) -> Actions:
    actions = Actions()
    found = executions.Execution(**{**dict.fromkeys(executions.Execution.__dataclass_fields__), "arn": f"{MACHINE}:x"})  # type: ignore[arg-type]  # its name is all that is read
    resumed = Answer(200, {"status": "resumed", "message": "x", "executions": [], "agrees": True})
    monkeypatch.setattr(executions, "find", lambda *_: found)
    monkeypatch.setattr(callback_api, "send", actions.recorder("callback", resumed))
    monkeypatch.setattr(stop, "stop_execution", actions.recorder("stop"))
    monkeypatch.setattr(redrive, "redrive_execution", actions.recorder("redrive"))
    monkeypatch.setattr(rotate, "rotate_tokens", actions.recorder("rotate"))
    monkeypatch.setattr(start, "read_document", actions.recorder("start"))
    monkeypatch.setattr("ops.commands.order.read_order", actions.recorder("order"))
    return actions


def _run(target: Target, monkeypatch: pytest.MonkeyPatch, *arguments: str, given: str | None = None) -> Result:
    monkeypatch.setattr("ops.aws.target.find", lambda *_: target)
    if given is not None:
        # The runner's own standard input is no terminal.
        monkeypatch.setattr("ops.consent.sys", type("Sys", (), {"stdin": type("In", (), {"isatty": lambda _: True})()}))
    return CliRunner().invoke(app, arguments, input=given)


COMMANDS = [
    ("callback", "PROJ-1"),
    ("decide", "PROJ-1", "approve"),
    ("stop", "PROJ-1"),
    ("redrive", "PROJ-1"),
    ("rotate", "callback"),
]

RECORDED_AS = {"decide": "callback"}
"""A decision is a callback."""


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_script_on_aws_needs_yes(actions: Actions, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    refused = _run(PROD, monkeypatch, *arguments)
    assert (refused.exit_code, actions.done) == (2, [])
    assert "Add --yes" in refused.stderr
    assert "the stack prod on AWS (account 123456789012, eu-west-1)" in refused.stderr
    assert _run(PROD, monkeypatch, *arguments, "--yes").exit_code == 0
    assert actions.done == [RECORDED_AS.get(arguments[0], arguments[0])]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_terminal_on_aws_asks_and_no_stops_the_command(
    actions: Actions, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    refused = _run(PROD, monkeypatch, *arguments, given="n\n")
    assert (refused.exit_code, actions.done) == (2, [])
    assert "Nothing was done" in refused.stderr
    assert _run(PROD, monkeypatch, *arguments, given="y\n").exit_code == 0
    assert actions.done == [RECORDED_AS.get(arguments[0], arguments[0])]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_sandbox_needs_no_confirmation(
    actions: Actions, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    assert _run(SANDBOX, monkeypatch, *arguments).exit_code == 0
    assert actions.done == [RECORDED_AS.get(arguments[0], arguments[0])]


@pytest.mark.parametrize(("name", "wanted"), [("start", "document"), ("order", "order"), ("callback", "story")])
def test_command_without_document_fails_on_aws(
    actions: Actions, monkeypatch: pytest.MonkeyPatch, name: str, wanted: str
) -> None:
    refused = _run(PROD, monkeypatch, name)
    assert (refused.exit_code, actions.done) == (2, [])
    assert f"No {wanted} is given, and the stack prod is on AWS" in refused.stderr


@pytest.mark.parametrize("name", ["start", "order"])
def test_command_without_document_uses_the_example_in_the_sandbox(
    actions: Actions, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _run(SANDBOX, monkeypatch, name)
    assert actions.done == [name]


@pytest.mark.parametrize(("agrees", "code"), [(True, 0), (False, 1)])
def test_callback_that_contradicts_an_earlier_one_exits_with_1(
    actions: Actions, monkeypatch: pytest.MonkeyPatch, agrees: bool, code: int
) -> None:
    body = {"status": "already-resumed", "message": "x", "executions": ["run-1"], "decision": "failure"}
    monkeypatch.setattr(callback_api, "send", actions.recorder("callback", Answer(200, {**body, "agrees": agrees})))
    done = _run(SANDBOX, monkeypatch, "callback", "PROJ-1")
    assert done.exit_code == code
    assert ("the decision failure holds" in done.stderr) == (not agrees)


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        (
            ("PROJ-1", "approve", "--comment", "Green", "--by", "Ann"),
            {"subject": "PROJ-1", "status": "success", "message": "Green", "decider": "Ann"},
        ),
        (
            ("expense-42", "reject", "--by", "Ann"),
            {"subject": "expense-42", "status": "failure", "message": "Rejected by Ann", "decider": "Ann"},
        ),
    ],
    ids=["approve", "reject"],
)
def test_decision_is_sent_with_decider_and_reason(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sent: dict[str, str]
) -> None:
    bodies = _sent(monkeypatch)
    assert _run(SANDBOX, monkeypatch, "decide", *arguments).exit_code == 0
    assert bodies == [sent]


def _sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Capture the bodies that are sent from now on."""
    bodies: list[Any] = []

    def send(_target: Target, body: Any) -> Answer:
        bodies.append(body)
        return Answer(200, {"status": "resumed", "message": "x", "executions": [], "agrees": True})

    monkeypatch.setattr(callback_api, "send", send)
    return bodies


def test_decision_without_by_names_the_user_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGNAME", "ann")
    bodies = _sent(monkeypatch)
    assert _run(SANDBOX, monkeypatch, "decide", "PROJ-1", "approve").exit_code == 0
    assert (bodies[0]["decider"], bodies[0]["message"]) == ("ann", "Approved by ann")
