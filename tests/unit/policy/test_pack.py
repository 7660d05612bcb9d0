"""The pack, started like the Pulumi CLI does, over the engine's own protocol."""

import importlib
import importlib.metadata
import json

import pytest
import yaml  # type: ignore[import-untyped]  # comes with Pulumi; its type information would be one more package to pin
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import Policy

from rules.pack import POLICIES
from tests.unit.policy.asking import UNKNOWN
from tests.unit.policy.pack import Pack
from tests.unit.recorded_program import ROOT

LEVELS = analyzer_pb2.EnforcementLevel
TABLE, LOG_GROUP = "aws:dynamodb/table:Table", "aws:cloudwatch/logGroup:LogGroup"


def _request(type_: str, properties: dict[str, object]) -> analyzer_pb2.AnalyzeRequest:
    return analyzer_pb2.AnalyzeRequest(type=type_, name="thing", urn=f"urn:{type_}", properties=properties)


def test_pack_lists_its_rules(pack: Pack) -> None:
    info = pack.info()
    assert info.name == "holdpoint"
    assert info.supportsConfig
    assert [policy.name for policy in info.policies] == [policy.name for policy in POLICIES]
    assert len({policy.name for policy in POLICIES}) == len(POLICIES)


def test_pack_has_every_rule() -> None:
    written = [
        value
        for path in (ROOT / "policy" / "rules").glob("*.py")
        for value in vars(importlib.import_module(f"rules.{path.stem}")).values()
        if isinstance(value, Policy)
    ]
    assert {policy.name for policy in written} == {policy.name for policy in POLICIES}


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_every_rule_has_reason_level_and_fix(policy: Policy) -> None:
    assert policy.description.endswith(".")
    assert policy.enforcement_level is not None
    assert policy.remediation_steps is not None
    assert policy.remediation_steps.endswith(".")
    assert str(policy.url).startswith(("https://docs.aws.amazon.com/", "https://www.pulumi.com/"))
    for schema in policy.config_schema.properties.values() if policy.config_schema else ():
        assert schema.keys() >= {"type", "default", "description"}


def test_a_good_resource_passes_and_a_bad_one_is_reported(pack: Pack) -> None:
    assert pack.analyze(_request(TABLE, {"pointInTimeRecovery": {"enabled": True}})) == []
    (diagnostic,) = pack.analyze(_request(TABLE, {"pointInTimeRecovery": {"enabled": False}}))
    assert diagnostic.policyName == "table-recovery"
    assert diagnostic.policyPackName == "holdpoint"
    assert diagnostic.enforcementLevel == LEVELS.MANDATORY
    assert "Table 'thing' cannot be brought back" in diagnostic.message


def test_a_good_stack_passes_and_a_bad_one_is_reported(pack: Pack) -> None:
    function = analyzer_pb2.AnalyzerResource(
        type="aws:lambda/function:Function",
        name="function",
        urn="urn:function",
        properties={"timeout": 29, "loggingConfig": {"logGroup": "/aws/lambda/f"}},
    )
    group = analyzer_pb2.AnalyzerResource(
        type="aws:cloudwatch/logGroup:LogGroup", name="group", urn="urn:group", properties={"name": "/aws/lambda/f"}
    )
    integration = analyzer_pb2.AnalyzerResource(
        type="aws:apigatewayv2/integration:Integration",
        name="integration",
        urn="urn:integration",
        propertyDependencies={"integrationUri": analyzer_pb2.AnalyzerPropertyDependencies(urns=["urn:function"])},
    )
    assert pack.analyze_stack([function, group, integration]) == []
    function.properties.update({"timeout": 30})
    (diagnostic,) = pack.analyze_stack([function, group, integration])
    assert (diagnostic.policyName, diagnostic.urn) == ("api-timeout", "urn:function")


def test_unknown_values_of_a_preview_are_reported_and_pass(pack: Pack) -> None:
    (diagnostic,) = pack.analyze(_request("aws:iam/rolePolicy:RolePolicy", {"policy": UNKNOWN}))
    assert "can't run policy 'no-wildcards'" in diagnostic.message
    assert diagnostic.enforcementLevel == LEVELS.ADVISORY


def test_a_level_can_be_set(pack: Pack) -> None:
    request = _request(TABLE, {})
    pack.configure({"table-recovery": analyzer_pb2.PolicyConfig(enforcementLevel=LEVELS.ADVISORY)})
    assert [diagnostic.enforcementLevel for diagnostic in pack.analyze(request)] == [LEVELS.ADVISORY]
    pack.configure({"table-recovery": analyzer_pb2.PolicyConfig(enforcementLevel=LEVELS.DISABLED)})
    assert pack.analyze(request) == []


@pytest.mark.parametrize(
    ("rule", "setting", "request_"),
    [
        (
            "log-retention",
            {"maximumDays": 3653},
            _request("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 3653}),
        ),
        ("tags-required", {"required": ["Team"]}, _request("aws:sqs/queue:Queue", {"tagsAll": {"Team": "release"}})),
        (
            "state-machine-log",
            {"allowExecutionData": True},
            _request(
                "aws:sfn/stateMachine:StateMachine",
                {"loggingConfiguration": {"level": "ALL", "includeExecutionData": True}},
            ),
        ),
        (
            "no-wildcards",
            {"reasons": {"ec2:DescribeInstances": "knows no resources"}},
            _request(
                "aws:iam/rolePolicy:RolePolicy",
                {
                    "policy": json.dumps(
                        {"Statement": {"Effect": "Allow", "Action": "ec2:DescribeInstances", "Resource": "*"}}
                    )
                },
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_setting_can_be_set(
    pack: Pack, rule: str, setting: dict[str, object], request_: analyzer_pb2.AnalyzeRequest
) -> None:
    assert rule in {diagnostic.policyName for diagnostic in pack.analyze(request_)}
    pack.configure({rule: analyzer_pb2.PolicyConfig(enforcementLevel=LEVELS.MANDATORY, properties=setting)})
    assert rule not in {diagnostic.policyName for diagnostic in pack.analyze(request_)}


def test_cli_finds_the_pack_and_its_environment() -> None:
    project = yaml.safe_load((ROOT / "policy" / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert project["runtime"] == {"name": "python", "options": {"virtualenv": ".venv"}}


def test_versions_of_the_pack_are_those_of_the_tests() -> None:
    lines = (ROOT / "policy" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert pinned == {package: importlib.metadata.version(package) for package in ("pulumi", "pulumi-policy")}
