"""Private subnets for the functions of a stack, with the endpoints of every AWS service that they call and no NAT."""

# Annotations as text: `aws.ec2` takes most of a second of CPU to import, and only a stack with a network uses it.
from __future__ import annotations

import ipaddress
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.function import FunctionNetwork

ZONES = 2
"""Availability zones: the number that AWS's own services use at least."""

HTTPS = 443

GATEWAY_SERVICES = ("dynamodb", "s3")
"""Services with free endpoints. https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"""

INTERFACE_SERVICES = ("secretsmanager", "sns", "states")
"""The other services that functions call. Lambda itself writes their logs, traces and dead letters."""


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """`cidr` is the range of the VPC, such as `10.42.0.0/24`."""

    prefix: str
    cidr: str


class Network(pulumi.ComponentResource):
    """A VPC without a route to the internet: functions reach the endpoints, and nothing reaches the functions.

    Example:
        network = Network("network", NetworkArgs(prefix="shop-prod", cidr="10.42.0.0/24"))
        runtime = Runtime(prefix="shop-prod", bundle=bundle, network=network.functions)
    """

    functions: FunctionNetwork

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Network", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._invoke = pulumi.InvokeOutputOptions(parent=self)
        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            # Without them, the names of services would not resolve to the endpoints.
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags={"Name": f"{args.prefix}-{name}"},
            opts=self._child,
        )
        table = aws.ec2.RouteTable(f"{name}-routes", vpc_id=vpc.id, opts=self._child)
        subnets = self._subnets(name, args, vpc, table)
        gateways = {
            service: aws.ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=vpc.id,
                service_name=self._service(service),
                vpc_endpoint_type="Gateway",
                route_table_ids=[table.id],
                opts=self._child,
            )
            for service in GATEWAY_SERVICES
        }
        functions, endpoints = self._security_groups(name, args, vpc, gateways)
        interfaces = [
            aws.ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=vpc.id,
                service_name=self._service(service),
                vpc_endpoint_type="Interface",
                private_dns_enabled=True,
                subnet_ids=[subnet.id for subnet in subnets],
                security_group_ids=[endpoints.id],
                opts=self._child,
            )
            for service in INTERFACE_SERVICES
        ]
        # A function that is called before its endpoints exist would wait until it times out.
        ready = [endpoint.id for endpoint in (*gateways.values(), *interfaces)]
        self.functions = FunctionNetwork(
            subnet_ids=pulumi.Output.all([subnet.id for subnet in subnets], *ready).apply(lambda known: list(known[0])),
            security_group_ids=[functions.id],
        )
        self.register_outputs({"vpc_id": vpc.id})

    def _service(self, service: str) -> pulumi.Output[str]:
        region = aws.get_region_output(opts=self._invoke).region
        return pulumi.Output.concat("com.amazonaws.", region, ".", service)

    def _subnets(
        self, name: str, args: NetworkArgs, vpc: aws.ec2.Vpc, table: aws.ec2.RouteTable
    ) -> list[aws.ec2.Subnet]:
        zones = aws.get_availability_zones_output(state="available", opts=self._invoke).names
        ranges = ipaddress.ip_network(args.cidr).subnets(new_prefix=ipaddress.ip_network(args.cidr).prefixlen + 1)
        subnets = []
        for index, block in enumerate(ranges):
            subnet = aws.ec2.Subnet(
                f"{name}-private-{index}",
                vpc_id=vpc.id,
                cidr_block=str(block),
                availability_zone=zones[index],
                tags={"Name": f"{args.prefix}-{name}-private-{index}"},
                opts=self._child,
            )
            aws.ec2.RouteTableAssociation(
                f"{name}-private-{index}-routes", subnet_id=subnet.id, route_table_id=table.id, opts=self._child
            )
            subnets.append(subnet)
        return subnets

    def _security_groups(
        self, name: str, args: NetworkArgs, vpc: aws.ec2.Vpc, gateways: dict[str, aws.ec2.VpcEndpoint]
    ) -> tuple[aws.ec2.SecurityGroup, aws.ec2.SecurityGroup]:
        """Create the security groups of functions and of interface endpoints: TLS from the first to the second only."""
        lists = [gateway.prefix_list_id for gateway in gateways.values()]
        functions = aws.ec2.SecurityGroup(
            f"{name}-functions",
            name=f"{args.prefix}-{name}-functions",
            description="Functions call endpoints of AWS services",
            vpc_id=vpc.id,
            ingress=[],
            egress=[
                {
                    "protocol": "tcp",
                    "from_port": HTTPS,
                    "to_port": HTTPS,
                    "cidr_blocks": [args.cidr],
                    "description": "Interface endpoints",
                },
                {
                    "protocol": "tcp",
                    "from_port": HTTPS,
                    "to_port": HTTPS,
                    "prefix_list_ids": lists,
                    "description": "DynamoDB and S3",
                },
            ],
            opts=self._child,
        )
        endpoints = aws.ec2.SecurityGroup(
            f"{name}-endpoints",
            name=f"{args.prefix}-{name}-endpoints",
            description="Endpoints answer functions",
            vpc_id=vpc.id,
            ingress=[
                {
                    "protocol": "tcp",
                    "from_port": HTTPS,
                    "to_port": HTTPS,
                    "cidr_blocks": [args.cidr],
                    "description": "Functions",
                }
            ],
            egress=[],
            opts=self._child,
        )
        return functions, endpoints
