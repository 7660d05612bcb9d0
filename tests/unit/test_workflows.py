"""The GitHub workflows name every stack, and every action by its commit. `make check` runs zizmor over the rest."""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it comes with Pulumi, without type information

from tests.unit.recorded_program import ROOT, STACKS

FILES = sorted((ROOT / ".github").rglob("*.yml"))
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def _workflow(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))
    return content


def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it() -> None:
    lines = [
        line.strip().removeprefix("- ") for path in FILES for line in path.read_text(encoding="utf-8").splitlines()
    ]
    others = [line for line in lines if line.startswith("uses:") and not line.startswith("uses: ./")]
    assert len(others) > 10
    assert [line for line in others if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize(("name", "job"), [("preview.yml", "engine"), ("drift.yml", "detect")])
def test_every_stack_is_previewed(name: str, job: str) -> None:
    assert tuple(_workflow(name)["jobs"][job]["strategy"]["matrix"]["stack"]) == STACKS


def test_stacks_are_deployed_one_after_the_other_behind_the_gate() -> None:
    jobs = _workflow("deploy.yml")["jobs"]
    assert [(job.get("needs"), job.get("with", {}).get("stack")) for job in jobs.values()] == [
        (None, None),
        *zip(("gate", *STACKS), STACKS, strict=False),
    ]
