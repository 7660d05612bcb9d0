"""docs/policy.md: every rule and every setting."""

import json
import re

from pulumi_policy import Policy

from rules.pack import POLICIES
from tests.unit.recorded_program import ROOT

DOCS = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])


def _rule(policy: Policy) -> list[str]:
    assert policy.enforcement_level is not None
    level = policy.enforcement_level.value
    return [f"[{policy.name}]({policy.url})", policy.description, level, str(policy.remediation_steps)]


def _between(name: str) -> str:
    found = re.search(f"<!-- {name} -->\n(.*?)\n?<!-- end of {name} -->", DOCS, re.DOTALL)
    assert found, f"docs/policy.md has no place for {name}"
    return found[1]


def test_table_of_rules_is_that_of_the_pack() -> None:
    assert _between("rules") == _table(["rule", "why", "level", "how to fix it"], [_rule(each) for each in POLICIES])


def test_table_of_settings_is_that_of_the_pack() -> None:
    rows = [
        [policy.name, f"`{setting}`", f"`{json.dumps(schema['default'])}`", schema["description"]]
        for policy in POLICIES
        if policy.config_schema
        for setting, schema in policy.config_schema.properties.items()
    ]
    assert _between("settings") == _table(["rule", "setting", "default", "meaning"], rows)


def test_example_uses_existing_settings() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL)
    policies = {policy.name: policy for policy in POLICIES}
    for rule, value in json.loads(example).items():
        schema = policies[rule].config_schema
        if isinstance(value, str):
            assert value in {"mandatory", "advisory", "disabled"}
        else:
            assert schema is not None
            assert value.keys() <= schema.properties.keys()
