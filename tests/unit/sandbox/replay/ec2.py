"""EC2 as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import tags

EVERYWHERE = "0.0.0.0/0"


def _vpc(clients: Clients, resource: Resource) -> dict[str, Any]:
    ec2 = clients("ec2")
    (vpc,) = ec2.describe_vpcs(VpcIds=[resource.id])["Vpcs"]

    def attribute(name: str) -> bool:
        answer = ec2.describe_vpc_attribute(VpcId=resource.id, Attribute=name[0].lower() + name[1:])
        return bool(answer[name]["Value"])

    return {
        "cidrBlock": vpc["CidrBlock"],
        "enableDnsHostnames": attribute("EnableDnsHostnames"),
        "enableDnsSupport": attribute("EnableDnsSupport"),
        "tags": tags(vpc["Tags"]),
    }


def _delete_vpc(clients: Clients, resource: Resource) -> None:
    clients("ec2").delete_vpc(VpcId=resource.id)


def _subnet(clients: Clients, resource: Resource) -> dict[str, Any]:
    (subnet,) = clients("ec2").describe_subnets(SubnetIds=[resource.id])["Subnets"]
    return {
        "vpcId": subnet["VpcId"],
        "cidrBlock": subnet["CidrBlock"],
        "availabilityZone": subnet["AvailabilityZone"],
        "tags": tags(subnet["Tags"]),
    }


def _delete_subnet(clients: Clients, resource: Resource) -> None:
    clients("ec2").delete_subnet(SubnetId=resource.id)


def _route_table(clients: Clients, resource: Resource) -> dict[str, Any]:
    (table,) = clients("ec2").describe_route_tables(RouteTableIds=[resource.id])["RouteTables"]
    return {"vpcId": table["VpcId"], "tags": tags(table["Tags"])}


def _delete_route_table(clients: Clients, resource: Resource) -> None:
    clients("ec2").delete_route_table(RouteTableId=resource.id)


def _association(clients: Clients, resource: Resource) -> dict[str, Any]:
    (table,) = clients("ec2").describe_route_tables(RouteTableIds=[resource.inputs["routeTableId"]])["RouteTables"]
    (found,) = [each for each in table["Associations"] if each["RouteTableAssociationId"] == resource.id]
    return {"routeTableId": found["RouteTableId"], "subnetId": found["SubnetId"]}


def _delete_association(clients: Clients, resource: Resource) -> None:
    clients("ec2").disassociate_route_table(AssociationId=resource.id)


def _group(clients: Clients, resource: Resource) -> dict[str, Any]:
    (group,) = clients("ec2").describe_security_groups(GroupIds=[resource.id])["SecurityGroups"]
    rules = (*group["IpPermissions"], *group["IpPermissionsEgress"])
    assert EVERYWHERE not in [block["CidrIp"] for rule in rules for block in rule["IpRanges"]]
    shown = {"ingress": len(group["IpPermissions"]), "egress": len(group["IpPermissionsEgress"])}
    # Rules are a set in the provider, which merges those of one port: their number says whether one was lost.
    assert all((shown[key] > 0) == bool(resource.inputs.get(key)) for key in shown)
    return {
        "name": group["GroupName"],
        "description": group["Description"],
        "vpcId": group["VpcId"],
        "ingress": resource.inputs.get("ingress", []),
        "egress": resource.inputs.get("egress", []),
        "tags": tags(group["Tags"]),
    }


def _delete_group(clients: Clients, resource: Resource) -> None:
    clients("ec2").delete_security_group(GroupId=resource.id)


def _endpoint(clients: Clients, resource: Resource) -> dict[str, Any]:
    (endpoint,) = clients("ec2").describe_vpc_endpoints(VpcEndpointIds=[resource.id])["VpcEndpoints"]
    return {
        "vpcId": endpoint["VpcId"],
        "serviceName": endpoint["ServiceName"],
        "vpcEndpointType": endpoint["VpcEndpointType"],
        "privateDnsEnabled": endpoint.get("PrivateDnsEnabled", False),
        "routeTableIds": endpoint.get("RouteTableIds", []),
        "subnetIds": endpoint.get("SubnetIds", []),
        "securityGroupIds": [each["GroupId"] for each in endpoint.get("Groups", [])],
        "tags": tags(endpoint["Tags"]),
    }


def _delete_endpoint(clients: Clients, resource: Resource) -> None:
    clients("ec2").delete_vpc_endpoints(VpcEndpointIds=[resource.id])


READ = {
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:ec2/routeTable:RouteTable": _route_table,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _association,
    "aws:ec2/securityGroup:SecurityGroup": _group,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
}
DELETE = {
    "aws:ec2/vpc:Vpc": _delete_vpc,
    "aws:ec2/subnet:Subnet": _delete_subnet,
    "aws:ec2/routeTable:RouteTable": _delete_route_table,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _delete_association,
    "aws:ec2/securityGroup:SecurityGroup": _delete_group,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _delete_endpoint,
}
DEFAULTS: dict[str, dict[str, Any]] = {}
