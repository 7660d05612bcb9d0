"""A stack without a feature runs a release from document to result, and the operator's commands say what is missing."""

import json
from pathlib import Path

import pytest

from ops.aws import features
from tests.e2e.client import document, story
from tests.e2e.operator import Operator
from tests.e2e.stub_apis import StubApis
from tests.stacks import sandbox
from tests.unit.recorded_program import FEATURES

pytestmark = pytest.mark.soak

WITHOUT = [pytest.param([each], id=each) for each in FEATURES] + [pytest.param([*FEATURES], id="any")]


@pytest.mark.parametrize("left_out", WITHOUT)
def test_release_runs_without_a_feature(left_out: list[str], apis: StubApis, tmp_path: Path) -> None:
    config = dict.fromkeys(left_out, "false")
    if "mockApis" in left_out:
        config["apis"] = json.dumps([{"name": "security", "url": f"{apis.url}/security"}])
        config["apiTokens"] = json.dumps({"security": "token-of-security"})
    with sandbox(config) as client:
        operator, waited = Operator.of(client, tmp_path), story()
        file = tmp_path / "release.json"
        # With failures on demand, validation would fail.
        package = "web-10" if "demoFailures" in left_out else "web-11"
        file.write_text(json.dumps(document(waited, packageIds=[package])))

        operator.ok("start", str(file), "--until-waiting")
        operator.ok("callback", waited)
        operator.ok("watch", waited)
        assert json.loads(operator.ok("results", waited, "--file", "result").out)["jiraStoryId"] == waited
        assert [each["workflow"] for each in operator.ok("list", "--json").json["executions"]] == ["release"]
        operator.ok("logs", "--since", "1h")

        found = operator.ok("doctor", "--json").json["checks"]
        said = [each["message"] for each in found if each["check"] == "features"]
        switches = [each for each in features.ALWAYS if each in left_out]
        assert said == ([f"switched off: {', '.join(switches)}"] if switches else [])
        order = operator.run("order", "--detach")
        assert order.code == (3 if "orders" in left_out else 0), order
        assert ("was deployed without orders" in order.err) == ("orders" in left_out)
