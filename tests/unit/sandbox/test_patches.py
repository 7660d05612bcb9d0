"""Patches of moto: each is checked before it is applied, is undone at the end, and has a reason."""

import inspect
import re
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.__main__ import main
from sandbox.interpreter.aws_sdk_tasks import client_for
from sandbox.patches import Patch, PatchError, added, applied, decorated, replaced, table, wrapped
from sandbox.server import Server


class Parent:
    """A stand-in for a class of moto."""

    def inherited(self) -> str:
        """Give a text."""
        return "parent"


class Child(Parent):
    """Stands for another."""

    VALUE = 1

    def own(self) -> str:
        """Give a text."""
        return "own"

    @staticmethod
    def static(text: str) -> str:
        """Give the text."""
        return text


def louder(original: Any, *arguments: Any) -> str:
    """Give the text of the original in capitals."""
    return str(original(*arguments)).upper()


def test_patches_hold_in_the_context_and_leave_nothing_behind() -> None:
    before = dict(vars(Child))
    patches = [
        wrapped(Child, "inherited", louder, "says it quietly"),
        replaced(Child, "own", lambda _self: "new", "says something else"),
        wrapped(Child, "static", louder, "says it quietly"),
        decorated(Child, "VALUE", lambda value: value + 1, "counts wrong"),
        added(Child, "more", lambda _self: "more", "says nothing"),
    ]
    with applied(patches):
        child: Any = Child()
        assert (child.inherited(), child.own(), child.static("a"), child.more()) == ("PARENT", "new", "A", "more")
        assert child.VALUE == 2
    assert dict(vars(Child)) == before


def test_error_in_the_context_undoes_the_patches_too() -> None:
    before = dict(vars(Child))
    with pytest.raises(ZeroDivisionError), applied([replaced(Child, "own", None, "is there")]):
        _ = 1 / 0
    assert dict(vars(Child)) == before


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            [wrapped(Child, "gone", louder, "says it quietly")],
            r"no tests\.unit\.sandbox\.test_patches\.Child\.gone any more: .*says it quietly",
        ),
        ([added(Child, "inherited", None, "lacks it")], r"has .*\.Child\.inherited now: delete .*lacks it"),
        (
            [wrapped(Child, "own", louder, "one"), replaced(Child, "own", None, "two")],
            r"two patches change .*Child\.own",
        ),
    ],
    ids=["attribute is gone", "addition exists", "two patches of one attribute"],
)
def test_patches_that_do_not_fit_are_refused_before_any_is_applied(wrong: Sequence[Patch], message: str) -> None:
    before = dict(vars(Child))
    fitting = added(Child, "more", None, "lacks it")
    with pytest.raises(PatchError, match=message), applied([fitting, *wrong]):
        pytest.fail("was applied")
    assert dict(vars(Child)) == before


def _now(patches: Sequence[Patch]) -> list[Any]:
    return [inspect.getattr_static(patch.owner, patch.attribute, None) for patch in patches]


def test_server_patches_moto_while_it_runs_and_puts_everything_back() -> None:
    with Server() as server:
        patched = _now(server.patches)
        clients = {
            module.boto_client_for
            for name, module in sys.modules.items()
            if name.startswith("moto.stepfunctions.parser.asl.component.") and hasattr(module, "boto_client_for")
        }
    assert clients == {client_for}
    printed = table(server.patches)
    missing = [
        each for each in server.patches if not re.search(rf"  {each.attribute} .*{re.escape(each.reason)}", printed)
    ]
    assert missing == []
    left = [patch.target for patch, was in zip(server.patches, patched, strict=True) if _now([patch])[0] is was]
    assert left == []
    after = _now(server.patches)
    with Server() as again:
        assert len(again.patches) == len(patched)
    assert _now(server.patches) == after


def test_table_names_every_patch_with_its_issue_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    module = SimpleNamespace(__name__="some.module")
    issue = "https://github.com/getmoto/moto/issues/1"
    lines = table([wrapped(Child, "own", louder, "is quiet"), added(module, "it", 1, "lacks it", upstream=issue)])
    assert "some.module\n" in lines
    assert [line.split() for line in lines.splitlines() if line.startswith("  ")][1:] == [
        ["it", issue, "lacks", "it"],
        ["own", "none", "is", "quiet"],
    ]

    assert main(["patches"]) == 0
    printed = capsys.readouterr().out
    assert "moto.stepfunctions.responses.StepFunctionResponse\n" in printed
    assert "  redrive_execution" in printed
    assert "lacks RedriveExecution" in printed
