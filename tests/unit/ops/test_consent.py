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
class Deeds:
    """What the commands did."""

    done: list[str] = field(default_factory=list)

    def does(self, name: str, answer: Any = None) -> Any:
        def do(*_: Any, **__: Any) -> Any:
            self.done.append(name)
            if answer is None:
                raise SystemExit(0)
            return answer

        return do


@pytest.fixture
def deeds(monkeypatch: pytest.MonkeyPatch) -> Deeds:
    deeds = Deeds()
    found = executions.Execution(**{**dict.fromkeys(executions.Execution.__dataclass_fields__), "arn": f"{MACHINE}:x"})  # type: ignore[arg-type]  # its name is all that is read
    resumed = Answer(200, {"status": "resumed", "message": "x", "executions": [], "agrees": True})
    monkeypatch.setattr(executions, "find", lambda *_: found)
    monkeypatch.setattr(callback_api, "send", deeds.does("callback", resumed))
    monkeypatch.setattr(stop, "stop_execution", deeds.does("stop"))
    monkeypatch.setattr(redrive, "redrive_execution", deeds.does("redrive"))
    monkeypatch.setattr(rotate, "rotate_tokens", deeds.does("rotate"))
    monkeypatch.setattr(start, "read_document", deeds.does("start"))
    monkeypatch.setattr("ops.commands.order.read_order", deeds.does("order"))
    return deeds


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

DOES = {"decide": "callback"}
"""A decision is a callback."""


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_a_script_has_to_say_yes_on_aws(
    deeds: Deeds, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    refused = _run(PROD, monkeypatch, *arguments)
    assert (refused.exit_code, deeds.done) == (2, [])
    assert "Add --yes" in refused.stderr
    assert "the stack prod on AWS (account 123456789012, eu-west-1)" in refused.stderr
    assert _run(PROD, monkeypatch, *arguments, "--yes").exit_code == 0
    assert deeds.done == [DOES.get(arguments[0], arguments[0])]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_a_person_is_asked_on_aws_and_no_is_an_answer(
    deeds: Deeds, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    refused = _run(PROD, monkeypatch, *arguments, given="n\n")
    assert (refused.exit_code, deeds.done) == (2, [])
    assert "Nothing was done" in refused.stderr
    assert _run(PROD, monkeypatch, *arguments, given="y\n").exit_code == 0
    assert deeds.done == [DOES.get(arguments[0], arguments[0])]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_the_sandbox_is_never_asked_about(
    deeds: Deeds, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    assert _run(SANDBOX, monkeypatch, *arguments).exit_code == 0
    assert deeds.done == [DOES.get(arguments[0], arguments[0])]


@pytest.mark.parametrize(("name", "wanted"), [("start", "document"), ("order", "order"), ("callback", "story")])
def test_no_default_acts_on_aws(deeds: Deeds, monkeypatch: pytest.MonkeyPatch, name: str, wanted: str) -> None:
    refused = _run(PROD, monkeypatch, name)
    assert (refused.exit_code, deeds.done) == (2, [])
    assert f"No {wanted} is given, and the stack prod is on AWS" in refused.stderr


@pytest.mark.parametrize("name", ["start", "order"])
def test_the_examples_are_one_word_away_in_the_sandbox(
    deeds: Deeds, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _run(SANDBOX, monkeypatch, name)
    assert deeds.done == [name]


@pytest.mark.parametrize(("agrees", "code"), [(True, 0), (False, 1)])
def test_a_callback_that_contradicts_an_earlier_one_ends_with_code_1(
    deeds: Deeds, monkeypatch: pytest.MonkeyPatch, agrees: bool, code: int
) -> None:
    body = {"status": "already-resumed", "message": "x", "executions": ["run-1"], "decision": "failure"}
    monkeypatch.setattr(callback_api, "send", deeds.does("callback", Answer(200, {**body, "agrees": agrees})))
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
def test_a_decision_is_sent_with_who_decided_and_why(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sent: dict[str, str]
) -> None:
    bodies = _sent(monkeypatch)
    assert _run(SANDBOX, monkeypatch, "decide", *arguments).exit_code == 0
    assert bodies == [sent]


def _sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The bodies that are sent from now on."""
    bodies: list[Any] = []

    def send(_target: Target, body: Any) -> Answer:
        bodies.append(body)
        return Answer(200, {"status": "resumed", "message": "x", "executions": [], "agrees": True})

    monkeypatch.setattr(callback_api, "send", send)
    return bodies


def test_a_decision_is_made_by_the_user_of_the_machine_where_nobody_else_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGNAME", "ann")
    bodies = _sent(monkeypatch)
    assert _run(SANDBOX, monkeypatch, "decide", "PROJ-1", "approve").exit_code == 0
    assert (bodies[0]["decider"], bodies[0]["message"]) == ("ann", "Approved by ann")
