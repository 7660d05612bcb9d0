"""The provider's call that gives a resource a new tag, for each service; Pulumi's default tags reach every resource."""

from collections.abc import Callable, Mapping

from sandbox.clients import ACCOUNT_ID, Clients
from sandbox.program import Resource
from sandbox.resource_inputs import tag_list

Tags = Mapping[str, str]
Tag = Callable[[Clients, Resource, Tags], object]


def _by_arn(service: str, parameter: str) -> Tag:
    """Return a call of TagResource that names the ARN, and the tags as a list of pairs."""

    def tag(clients: Clients, resource: Resource, new: Tags) -> object:
        return clients(service).tag_resource(**{parameter: resource.outputs["arn"]}, Tags=tag_list(dict(new)))

    return tag


def _bucket(clients: Clients, resource: Resource, new: Tags) -> None:
    # The client of `READ`, which finds this machine.
    clients("s3control").tag_resource(
        AccountId=ACCOUNT_ID, ResourceArn=f"arn:aws:s3:::{resource.id}", Tags=tag_list(dict(new))
    )


def _object(clients: Clients, resource: Resource, new: Tags) -> None:
    both = {**resource.outputs["tagsAll"], **new}
    bucket, key = resource.inputs["bucket"], resource.inputs["key"]
    clients("s3").put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": tag_list(both)})


def _key(clients: Clients, resource: Resource, new: Tags) -> None:
    tags = [{"TagKey": name, "TagValue": value} for name, value in new.items()]
    clients("kms").tag_resource(KeyId=resource.id, Tags=tags)


def _in_lower_case(clients: Clients, resource: Resource, new: Tags) -> None:
    tags = [{"key": name, "value": value} for name, value in new.items()]
    clients("stepfunctions").tag_resource(resourceArn=resource.outputs["arn"], tags=tags)


TAG: dict[str, Tag] = {
    "apigatewayv2": lambda clients, resource, new: clients("apigatewayv2").tag_resource(
        ResourceArn=resource.outputs["arn"], Tags=dict(new)
    ),
    "appautoscaling": lambda clients, resource, new: clients("application-autoscaling").tag_resource(
        ResourceARN=resource.outputs["arn"], Tags=dict(new)
    ),
    "backup": lambda clients, resource, new: clients("backup").tag_resource(
        ResourceArn=resource.outputs["arn"], Tags=dict(new)
    ),
    "cloudwatch/event": _by_arn("events", "ResourceARN"),
    "cloudwatch/log": lambda clients, resource, new: clients("logs").tag_resource(
        resourceArn=resource.outputs["arn"], tags=dict(new)
    ),
    "cloudwatch": _by_arn("cloudwatch", "ResourceARN"),
    "dynamodb": _by_arn("dynamodb", "ResourceArn"),
    "ec2": lambda clients, resource, new: clients("ec2").create_tags(Resources=[resource.id], Tags=tag_list(dict(new))),
    "iam/policy": lambda clients, resource, new: clients("iam").tag_policy(
        PolicyArn=resource.id, Tags=tag_list(dict(new))
    ),
    "iam/role": lambda clients, resource, new: clients("iam").tag_role(RoleName=resource.id, Tags=tag_list(dict(new))),
    "kms": _key,
    "lambda": lambda clients, resource, new: clients("lambda").tag_resource(
        Resource=resource.outputs["arn"], Tags=dict(new)
    ),
    "s3/bucket:": _bucket,
    "s3/bucketObject": _object,
    "secretsmanager": lambda clients, resource, new: clients("secretsmanager").tag_resource(
        SecretId=resource.id, Tags=tag_list(dict(new))
    ),
    "sfn": _in_lower_case,
    "sns": _by_arn("sns", "ResourceArn"),
    "sqs": lambda clients, resource, new: clients("sqs").tag_queue(QueueUrl=resource.id, Tags=dict(new)),
}
"""By the begin of the type, without `aws:`; the first that fits."""


def tag(clients: Clients, resource: Resource, new: Tags) -> None:
    """Give a resource new tags, as an update of the provider does."""
    kind = resource.type.removeprefix("aws:")
    next(call for begin, call in TAG.items() if kind.startswith(begin))(clients, resource, new)
