"""A network of a stack's own: private, with a way to every AWS service that functions call, and to nothing else."""

import json

import pulumi
import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from components.network import GATEWAY_SERVICES, INTERFACE_SERVICES, Network, NetworkArgs
from tests.unit import handler_code
from tests.unit.components.recording import Recording, Registered
from tests.unit.recorded_program import recorded

CIDR = "10.42.0.0/24"
NEW = {"vpcCidr": CIDR}
GIVEN = {"subnetIds": ["subnet-0a", "subnet-0b"], "securityGroupIds": ["sg-0c"]}


def _network() -> Network:
    return Network("network", NetworkArgs(prefix="holdpoint-test", cidr=CIDR))


def _functions(recording: Recording) -> list[Registered]:
    return recording.all("lambda/function:Function")


def test_there_is_an_endpoint_for_every_service_that_functions_call() -> None:
    handlers = [each.inputs["handler"] for each in _functions(recorded("dev"))]
    called = {action.split(":")[0] for handler in handlers for action in handler_code.aws_actions(handler)}
    assert called == {*GATEWAY_SERVICES, *INTERFACE_SERVICES}


@pulumi.runtime.test
def test_subnets_are_private_and_in_two_zones(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        subnets = [each.inputs for each in seen.all("ec2/subnet:Subnet")]
        # Pulumi registers the two in any order.
        assert {(each["cidrBlock"], each["availabilityZone"]) for each in subnets} == {
            ("10.42.0.0/25", "us-east-1a"),
            ("10.42.0.128/25", "us-east-1b"),
        }
        assert len(seen.all("ec2/routeTableAssociation:RouteTableAssociation")) == 2
        # Neither a gateway to the internet nor a NAT, and no route but those of the endpoints.
        assert {each.type.split("/")[1] for each in seen.resources if each.is_custom} == {
            *("vpc:Vpc", "subnet:Subnet", "routeTable:RouteTable", "routeTableAssociation:RouteTableAssociation"),
            *("securityGroup:SecurityGroup", "vpcEndpoint:VpcEndpoint"),
        }
        assert "routes" not in seen.one("ec2/routeTable:RouteTable")

    return recording.settled(_network()).apply(check)


@pulumi.runtime.test
def test_endpoints_of_each_kind_are_reached_from_the_subnets(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        made = [each.inputs for each in seen.all("ec2/vpcEndpoint:VpcEndpoint")]
        endpoints = {each["serviceName"].rpartition(".")[2]: each for each in made}
        assert endpoints.keys() == {*GATEWAY_SERVICES, *INTERFACE_SERVICES}
        for service in GATEWAY_SERVICES:
            assert endpoints[service]["vpcEndpointType"] == "Gateway"
            assert endpoints[service]["routeTableIds"] == ["network-routes-id"]
        for service in INTERFACE_SERVICES:
            assert endpoints[service]["vpcEndpointType"] == "Interface"
            assert endpoints[service]["privateDnsEnabled"] is True
            assert endpoints[service]["subnetIds"] == ["network-private-0-id", "network-private-1-id"]
            assert endpoints[service]["securityGroupIds"] == ["network-endpoints-id"]

    return recording.settled(_network()).apply(check)


@pulumi.runtime.test
def test_security_groups_let_through_tls_to_endpoints_only(recording: Recording) -> pulumi.Output[None]:
    def check(seen: Recording) -> None:
        functions = seen.one("ec2/securityGroup:SecurityGroup", "functions")
        endpoints = seen.one("ec2/securityGroup:SecurityGroup", "endpoints")
        assert (functions["ingress"], endpoints["egress"]) == ([], [])
        rules = [*functions["egress"], *endpoints["ingress"]]
        assert {(rule["protocol"], rule["fromPort"], rule["toPort"]) for rule in rules} == {("tcp", 443, 443)}
        assert [rule.get("cidrBlocks") for rule in rules] == [[CIDR], None, [CIDR]]

    return recording.settled(_network()).apply(check)


@pytest.mark.parametrize("config", [NEW, GIVEN], ids=["new", "existing"])
def test_every_function_runs_in_the_network_and_may_be_attached_to_it(config: dict[str, object]) -> None:
    recording = recorded("dev", **config)  # type: ignore[arg-type]  # none of the keys is `preview`
    configured = [each.inputs["vpcConfig"] for each in _functions(recording)]
    expected = (
        {"subnetIds": GIVEN["subnetIds"], "securityGroupIds": GIVEN["securityGroupIds"]}
        if config is GIVEN
        else {
            "subnetIds": ["network-private-0-id", "network-private-1-id"],
            "securityGroupIds": ["network-functions-id"],
        }
    )
    assert configured == [expected] * len(configured)
    for function in _functions(recording):
        allowed = {action for each in recording.statements(f"{function.name}-policy") for action in each["Action"]}
        assert {action for action in allowed if action.startswith("ec2:")} == _actions_of_lambda_in_a_vpc()
    assert len(recording.all("ec2/vpc:Vpc")) == (1 if config is NEW else 0)


def _actions_of_lambda_in_a_vpc() -> set[str]:
    (statement,) = json.loads(aws_managed_policies_data)["AWSLambdaVPCAccessExecutionRole"]["Document"]["Statement"]
    return {action for action in statement["Action"] if action.startswith("ec2:")}


def test_without_a_network_functions_have_no_vpc() -> None:
    assert [each.name for each in _functions(recorded("dev")) if "vpcConfig" in each.inputs] == []


def test_private_api_is_called_through_its_resource_configuration() -> None:
    arn = "arn:aws:vpc-lattice:us-east-1:123456789012:resourceconfiguration/rcfg-0a1b2c3d4e5f67890"
    private = {"name": "security", "url": "https://security.internal.example.com", "resourceConfigurationArn": arn}
    recording = recorded("dev", apis=[{"name": "validation"}, private], apiTokens={"security": "s3cr3t"})
    connections = {
        each.inputs["name"].rpartition("-")[2]: each.inputs.get("invocationConnectivityParameters")
        for each in recording.all("cloudwatch/eventConnection:EventConnection")
    }
    through = {"resourceParameters": {"resourceConfigurationArn": arn}}
    assert connections == {"validation": None, "security": through}
