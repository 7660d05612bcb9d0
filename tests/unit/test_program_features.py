"""A stack without a feature has none of its resources and outputs, and the rest does not speak of them."""

import json

import pytest

from components.outputs import Outputs, StackOutput
from ops.aws import features, state_machines
from ops.aws.target import Target
from ops.errors import TargetError
from tests.unit.recorded_program import FEATURES, ROOT, outputs, recorded, without

SWITCHED = {
    name: each.feature for name, each in vars(Outputs).items() if isinstance(each, StackOutput) and each.feature
}
"""Outputs that depend on a feature."""

SERVICES = ("user", "payment", "inventory", "notification")
"""Those that can be made to fail."""

PARTS = {"orders": ("orders", "services"), "monitoring": ("monitoring",), "mockApis": ("mock",), "demoFailures": ()}
"""Prefixes of the logical names of a feature's resources."""


def _target(feature: str) -> Target:
    return Target(origin="the stack dev", outputs=without(feature)[1])


@pytest.mark.parametrize("feature", FEATURES)
def test_stack_without_a_feature_has_none_of_its_resources_and_all_others(feature: str) -> None:
    whole = {each.name for each in recorded("dev", **FEATURES[feature]).resources}
    rest = {each.name for each in without(feature)[0].resources}
    starts = tuple(f"{alarms}{part}" for part in PARTS[feature] for alarms in ("", "monitoring-"))
    others = {name for name in whole if not name.startswith(starts)} if starts else whole
    # What an operator asks about the services' logs goes with them.
    assert rest == others - ({"monitoring-query-refused-orders"} if feature == "orders" else set())


@pytest.mark.parametrize("feature", FEATURES)
def test_other_parts_do_not_name_a_disabled_feature(feature: str) -> None:
    names = [f"holdpoint-dev-{part}" for part in PARTS[feature]]
    texts = [json.dumps(each.inputs, default=str) for each in without(feature)[0].resources]
    assert [text for text in texts if any(name in text for name in names)] == []


@pytest.mark.parametrize("feature", FEATURES)
def test_outputs_of_a_feature_go_with_it(feature: str) -> None:
    left_out = {name for name, of in SWITCHED.items() if of == feature}
    exported = without(feature)[1]
    assert exported.keys() == outputs("dev").keys() - left_out
    assert [each["kind"] for each in exported["workflows"]] == ["release", "orders"][: 1 if feature == "orders" else 2]


def test_failures_on_demand_are_switched_in_every_function_that_has_them() -> None:
    switched = {
        True: recorded("dev").all("lambda/function:Function"),
        False: without("demoFailures")[0].all("lambda/function:Function"),
    }
    for is_on, functions in switched.items():
        settings = {each.name: each.inputs["environment"]["variables"].get("DEMO_FAILURES") for each in functions}
        having = {"mock-validation", "mock-deployment"} | {f"services-{each}" for each in SERVICES}
        assert settings == {name: json.dumps(is_on) if name in having else None for name in settings}
    readers = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "handlers").rglob("*.py") if _reads(path.read_text())
    }
    assert readers == {
        "handlers/mock_apis/deployment.py",
        "handlers/mock_apis/validation.py",
        "handlers/orders/faults.py",
        "handlers/orders/user.py",
    }


def _reads(source: str) -> bool:
    return "import demo_failures" in source


def test_operators_commands_know_the_feature_of_each_output() -> None:
    assert {name: features.feature(name) for name in vars(Outputs) if name in outputs("dev")} == {
        name: SWITCHED.get(name) for name in outputs("dev")
    }


@pytest.mark.parametrize(("name", "feature"), SWITCHED.items())
def test_command_that_needs_a_feature_says_how_to_switch_it_on(name: str, feature: str) -> None:
    with pytest.raises(TargetError, match=f"the stack dev was deployed without {feature}") as caught:
        _target(feature)[name]
    assert f"pulumi config set {feature} true" in caught.value.hint


def test_commands_for_all_workflows_pass_over_orders_that_a_stack_does_not_take() -> None:
    assert [each.kind for each in state_machines.of(_target("orders"))] == ["release"]
