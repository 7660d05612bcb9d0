"""EC2: the parts of a VPC. The sandbox only stores them: its functions run in no network."""

from typing import Any

from sandbox.clients import ACCOUNT_ID, REGION, Clients
from sandbox.resource_inputs import Inputs, given, tag_list


def _tagged(kind: str, args: Inputs) -> list[dict[str, Any]] | None:
    tags = tag_list(args.tags())
    return [{"ResourceType": kind, "Tags": tags}] if tags else None


def _arn(kind: str, identifier: str) -> str:
    return f"arn:aws:ec2:{REGION}:{ACCOUNT_ID}:{kind}/{identifier}"


def _vpc(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    vpc = clients("ec2").create_vpc(
        **given(CidrBlock=args.require("cidrBlock"), TagSpecifications=_tagged("vpc", args))
    )["Vpc"]["VpcId"]
    for name, attribute in (("enableDnsSupport", "EnableDnsSupport"), ("enableDnsHostnames", "EnableDnsHostnames")):
        value = args.take(name)
        if value is not None:
            clients("ec2").modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": value}})
    return vpc, {"arn": _arn("vpc", vpc)}


def _subnet(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    subnet = clients("ec2").create_subnet(
        **given(
            VpcId=args.require("vpcId"),
            CidrBlock=args.require("cidrBlock"),
            AvailabilityZone=args.take("availabilityZone"),
            TagSpecifications=_tagged("subnet", args),
        )
    )["Subnet"]["SubnetId"]
    return subnet, {"arn": _arn("subnet", subnet)}


def _route_table(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    table = clients("ec2").create_route_table(
        **given(VpcId=args.require("vpcId"), TagSpecifications=_tagged("route-table", args))
    )["RouteTable"]["RouteTableId"]
    return table, {"arn": _arn("route-table", table)}


def _association(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    association = clients("ec2").associate_route_table(
        RouteTableId=args.require("routeTableId"), SubnetId=args.require("subnetId")
    )["AssociationId"]
    return association, {}


def _security_group(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    ec2 = clients("ec2")
    name = args.name(limit=255)
    group = ec2.create_security_group(
        **given(
            GroupName=name,
            Description=args.take("description", "Managed by Pulumi"),
            VpcId=args.take("vpcId"),
            TagSpecifications=_tagged("security-group", args),
        )
    )["GroupId"]
    # The provider removes AWS's default rule, which allows all outgoing traffic.
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
    for key, authorize in (
        ("ingress", ec2.authorize_security_group_ingress),
        ("egress", ec2.authorize_security_group_egress),
    ):
        rules = [_rule(rule) for rule in args.blocks(key)]
        if rules:
            authorize(GroupId=group, IpPermissions=rules)
    return group, {"name": name, "arn": _arn("security-group", group)}


def _rule(rule: Inputs) -> dict[str, Any]:
    description = rule.take("description")
    return given(
        IpProtocol=rule.require("protocol"),
        FromPort=rule.require("fromPort"),
        ToPort=rule.require("toPort"),
        IpRanges=[given(CidrIp=each, Description=description) for each in rule.take("cidrBlocks") or []] or None,
        PrefixListIds=[given(PrefixListId=each, Description=description) for each in rule.take("prefixListIds") or []]
        or None,
    )


def _endpoint(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    service = args.require("serviceName")
    endpoint = clients("ec2").create_vpc_endpoint(
        **given(
            VpcId=args.require("vpcId"),
            ServiceName=service,
            VpcEndpointType=args.take("vpcEndpointType"),
            PrivateDnsEnabled=args.take("privateDnsEnabled"),
            RouteTableIds=args.take("routeTableIds"),
            SubnetIds=args.take("subnetIds"),
            SecurityGroupIds=args.take("securityGroupIds"),
            PolicyDocument=args.take("policy"),
            TagSpecifications=_tagged("vpc-endpoint", args),
        )
    )["VpcEndpoint"]["VpcEndpointId"]
    known = clients("ec2").describe_managed_prefix_lists()["PrefixLists"]
    lists = {each["PrefixListName"]: each["PrefixListId"] for each in known}
    return endpoint, {"arn": _arn("vpc-endpoint", endpoint), "prefixListId": lists.get(service, "")}


TYPES = {
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:ec2/routeTable:RouteTable": _route_table,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _association,
    "aws:ec2/securityGroup:SecurityGroup": _security_group,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
}
