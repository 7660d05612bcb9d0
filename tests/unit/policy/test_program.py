"""The program of every stack complies with every rule."""

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2

from tests.unit.components.builders import KEY_ARN
from tests.unit.policy.pack import Diagnostic, Pack
from tests.unit.policy.registrations import registrations
from tests.unit.recorded_program import REAL_APIS
from tools.registrations import Registrations

STACKS = ("dev", "staging", "prod", "local")
AT_LENGTH = ("staging", "local")
"""Stacks that `make soak` looks at; between the others, `make test` sees each difference."""
TEN = [f"api-{number}" for number in range(10)]
LEVELS = analyzer_pb2.EnforcementLevel


def _asked(pack: Pack, stack: Registrations) -> list[Diagnostic]:
    """Return all that the engine would ask in the course of an update."""
    before = [diagnostic for request in stack.inputs for diagnostic in pack.analyze(request)]
    return before + pack.analyze_stack(stack.outputs)


def _told(diagnostics: list[Diagnostic]) -> list[str]:
    return [f"{diagnostic.policyName}: {diagnostic.message}" for diagnostic in diagnostics]


def _stacks() -> Iterator[Any]:
    for stack in STACKS:
        yield pytest.param(stack, marks=pytest.mark.soak) if stack in AT_LENGTH else stack


@pytest.mark.parametrize("stack", [*_stacks()])
def test_no_rule_is_violated(pack: Pack, stack: str) -> None:
    registered = registrations(stack)
    assert len(registered.inputs) > 100
    assert _told(_asked(pack, registered)) == []


@pytest.mark.parametrize("stack", [*_stacks()])
def test_a_first_preview_reports_no_violation(pack: Pack, stack: str) -> None:
    diagnostics = _asked(pack, registrations(stack, preview=True))
    assert _told([each for each in diagnostics if "can't run policy" not in each.message]) == []
    assert {each.enforcementLevel for each in diagnostics} <= {LEVELS.ADVISORY}


@pytest.mark.parametrize(
    "config",
    [
        {"ordersEventBusName": ""},
        {"orders": False, "monitoring": False, "mockApis": False, "demoFailures": False, **REAL_APIS},
        {
            "lambdaTimeout": 900,
            "alarmEmail": "ops@example.com",
            "corsAllowedOrigins": ["https://ops.example.com"],
            "inputBuckets": ["theirs"],
            "resultRetentionDays": 30,
            "tableCapacity": "provisioned",
            "backupSchedule": "cron(0 3 * * ? *)",
            "vpcCidr": "10.42.0.0/24",
            "functions": {"hold-callback": {"reservedConcurrency": 10}},
            "apis": [{"name": name, "url": f"https://{name}.example.com"} for name in TEN],
            "apiTokens": dict.fromkeys(TEN, "token"),
        },
    ],
    ids=["a bus of its own", "no feature", "everything that adds resources"],
)
def test_no_rule_is_violated_with_other_settings(pack: Pack, config: dict[str, Any]) -> None:
    assert _told(_asked(pack, registrations("dev", **config))) == []


def test_settings_that_a_rule_forbids_are_reported(pack: Pack) -> None:
    asked = _asked(pack, registrations("dev", logExecutionData=True, logRetentionDays=3653))
    assert {each.policyName for each in asked} == {"state-machine-log", "log-retention"}


def test_customer_keys_are_required_and_present(pack: Pack) -> None:
    pack.configure({"own-keys": analyzer_pb2.PolicyConfig(enforcementLevel=LEVELS.MANDATORY)})
    assert {each.policyName for each in _asked(pack, registrations("prod"))} == {"own-keys"}
    assert _told(_asked(pack, registrations("prod", kmsKeyArn=KEY_ARN))) == []
