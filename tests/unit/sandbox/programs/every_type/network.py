"""A VPC with a subnet, its routes, a security group and an endpoint of each kind."""

import pulumi_aws as aws


def network() -> None:
    """Make every part of a VPC that the sandbox knows."""
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.42.0.0/24", enable_dns_hostnames=True, enable_dns_support=True)
    zone = aws.get_availability_zones_output(state="available").names[0]
    subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.42.0.0/25", availability_zone=zone)
    table = aws.ec2.RouteTable("routes", vpc_id=vpc.id)
    aws.ec2.RouteTableAssociation("subnet-routes", subnet_id=subnet.id, route_table_id=table.id)
    gateway = aws.ec2.VpcEndpoint(
        "s3",
        vpc_id=vpc.id,
        service_name="com.amazonaws.us-east-1.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=[table.id],
    )
    group = aws.ec2.SecurityGroup(
        "group",
        name="everything",
        description="TLS within",
        vpc_id=vpc.id,
        ingress=[{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.42.0.0/24"]}],
        egress=[
            {
                "protocol": "tcp",
                "from_port": 443,
                "to_port": 443,
                "prefix_list_ids": [gateway.prefix_list_id],
                "description": "S3",
            }
        ],
    )
    aws.ec2.VpcEndpoint(
        "states",
        vpc_id=vpc.id,
        service_name="com.amazonaws.us-east-1.states",
        vpc_endpoint_type="Interface",
        private_dns_enabled=True,
        subnet_ids=[subnet.id],
        security_group_ids=[group.id],
    )
