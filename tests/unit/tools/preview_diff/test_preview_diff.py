"""Each kind of change of a stack is in the report, and nothing else is."""

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pulumi.runtime.mocks import MockResourceArgs

from tests.unit.recorded_program import ROOT
from tools.made_up import MadeUp
from tools.preview_diff import __main__ as command
from tools.preview_diff import costs, evaluate
from tools.preview_diff.report import CUT, report, shorten

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"

Stack = dict[str, Any]
Edit = Callable[[Stack], None]


@cache
def _evaluated() -> str:
    with patch.object(evaluate, "_stacks", return_value=["dev"]):
        return json.dumps(evaluate.evaluate(ROOT))


@pytest.fixture
def stack() -> Stack:
    """The stack dev as evaluated from this tree; a copy to change."""
    found: Stack = json.loads(_evaluated())["stacks"]["dev"]
    return found


def _text(old: Stack | None, new: Stack | None, old_counts: costs.Counts | None = None) -> str:
    counts = costs.counts(ROOT)
    before, after = ({"stacks": {"dev": side} if side else {}} for side in (old, new))
    return "\n".join(report("abc", before, after, counts if old_counts is None else old_counts, counts))


def _key(stack: Stack, kind: str, name: str) -> str:
    (key,) = [key for key, each in stack["resources"].items() if (each["type"], each["name"]) == (kind, name)]
    return str(key)


def test_evaluated_stack_violates_no_policy_and_shows_no_secret(stack: Stack) -> None:
    assert stack["violations"] == []
    assert len(stack["resources"]) > 150
    (version,) = [each for each in stack["resources"].values() if each["type"].endswith(":SecretVersion")]
    assert version["inputs"]["secretString"] == evaluate.SECRET


def test_same_stack_reports_no_change(stack: Stack) -> None:
    text = _text(stack, stack)
    assert f"**Resources**: none of {len(stack['resources'])} changes." in text
    assert "**Permissions**: unchanged." in text
    assert "**Policies**: no rule is violated." in text
    assert "**Cost**: unchanged" in text
    assert "mermaid" not in text


def test_stacks_that_change_alike_share_a_section(stack: Stack) -> None:
    prod = json.loads(json.dumps(stack).replace("-dev-", "-prod-").replace('-dev"', '-prod"'))
    counts = costs.counts(ROOT)
    parts = report("abc", {"stacks": {}}, {"stacks": {"dev": stack, "prod": prod}}, counts, counts)
    assert "## dev, prod\n" in parts


def test_added_and_removed_resources_are_named(stack: Stack) -> None:
    changed = copy.deepcopy(stack)
    del changed["resources"][_key(stack, ROLE_POLICY, "release-policy")]
    assert f"| removed | `{ROLE_POLICY}` | `release-policy` |  |" in _text(stack, changed)
    assert f"| added | `{ROLE_POLICY}` | `release-policy` |  |" in _text(changed, stack)


def test_permissions_are_compared_by_action_resource_and_condition(stack: Stack) -> None:
    changed = copy.deepcopy(stack)
    policy = changed["resources"][_key(stack, ROLE_POLICY, "release-policy")]["inputs"]
    document = json.loads(policy["policy"])
    document["Statement"].append({"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::x|y/*"]})
    policy["policy"] = json.dumps(document)
    text = _text(stack, changed)
    assert "**Permissions**: 1 added, 0 removed." in text
    assert "| added | `release-policy` | `s3:GetObject` | `arn:aws:s3:::x\\|y/*` |  |" in text
    assert "**Permissions**: 0 added, 1 removed." in _text(changed, stack)


def test_violations_are_listed_and_new_ones_marked(stack: Stack) -> None:
    old, new = {**stack, "violations": ["known"]}, {**stack, "violations": ["another", "known"]}
    text = _text(old, new)
    assert "**Policies**: 2 violations, 1 of them new.\n\n- **new** another\n- known" in text


def test_cost_difference_follows_counts_alarms_and_memory(stack: Stack) -> None:
    counts = json.loads(json.dumps(costs.counts(ROOT)))
    counts["release"]["transitions"] += 4
    lines = {
        line.label: line for line in costs.compare(stack["resources"], stack["resources"], counts, costs.counts(ROOT))
    }
    # Four transitions at 0.025 dollars for 1,000: https://aws.amazon.com/step-functions/pricing/
    assert lines["1,000 runs of release"].old - lines["1,000 runs of release"].new == pytest.approx(0.1)
    changed = copy.deepcopy(stack["resources"])
    for each in changed.values():
        if each["type"] == "aws:lambda/function:Function":
            each["inputs"]["memorySize"] *= 2
    alarm = next(key for key, each in changed.items() if each["type"] == "aws:cloudwatch/metricAlarm:MetricAlarm")
    del changed[alarm]
    lines = {
        line.label: line for line in costs.compare(stack["resources"], changed, costs.counts(ROOT), costs.counts(ROOT))
    }
    assert lines["1,000 runs of orders"].new > lines["1,000 runs of orders"].old
    # https://aws.amazon.com/cloudwatch/pricing/
    month = lines["a month without runs"]
    assert month.old - month.new == pytest.approx(0.1)


def test_missing_counts_leave_the_cost_unknown(stack: Stack) -> None:
    assert "**Cost**: unknown" in _text(stack, stack, old_counts={})


def test_base_that_cannot_be_evaluated_is_named(stack: Stack) -> None:
    text = _text({"error": "ImportError: no module"}, stack)
    assert "The program of the base cannot be evaluated here" in text
    assert "ImportError: no module" in text


def test_program_without_its_packages_is_an_error_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: other\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text("raise ValueError('broken')\n")
    with patch("sys.path", []):
        assert evaluate.evaluate(tmp_path)["stacks"]["dev"] == {"error": "ValueError: broken (__main__.py, line 1)"}


def test_connection_has_an_arn_from_which_programs_read_its_name() -> None:
    kind = "aws:cloudwatch/eventConnection:EventConnection"
    _, made_up = MadeUp().new_resource(MockResourceArgs(typ=kind, name="release-validation", inputs={}))
    assert made_up["arn"].split(":")[5].split("/")[1] == "release-validation"


def test_stack_is_new_or_gone(stack: Stack) -> None:
    assert "The stack is new." in _text(None, stack)
    assert "The stack is gone." in _text(stack, None)


def test_report_is_cut_between_its_parts() -> None:
    parts = ["a" * 50, "b" * 50, "c" * 500]
    text = shorten(parts, 300)
    assert text == "\n".join([*parts[:2], CUT])
    assert shorten(parts, 5000) == "\n".join(parts)


def test_unknown_base_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["no-such-revision"]) == 2
    assert "no-such-revision is no revision of this repository" in capsys.readouterr().err
