"""Application Auto Scaling as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import pulumi_names


def _place(resource: Resource) -> dict[str, str]:
    return {
        "ServiceNamespace": resource.inputs["serviceNamespace"],
        "ResourceId": resource.inputs["resourceId"],
        "ScalableDimension": resource.inputs["scalableDimension"],
    }


def _target(clients: Clients, resource: Resource) -> dict[str, Any]:
    asked: dict[str, Any] = _place(resource)
    asked["ResourceIds"] = [asked.pop("ResourceId")]
    scaling = clients("application-autoscaling")
    (target,) = scaling.describe_scalable_targets(**asked)["ScalableTargets"]
    tags = scaling.list_tags_for_resource(ResourceARN=target["ScalableTargetARN"])["Tags"]
    return {**pulumi_names(target), "tags": tags}


def _policy(clients: Clients, resource: Resource) -> dict[str, Any]:
    names = [resource.inputs["name"]]
    asked = {**_place(resource), "PolicyNames": names}
    (policy,) = clients("application-autoscaling").describe_scaling_policies(**asked)["ScalingPolicies"]
    return {**pulumi_names(policy), "name": policy["PolicyName"]}


def _delete_target(clients: Clients, resource: Resource) -> None:
    clients("application-autoscaling").deregister_scalable_target(**_place(resource))


def _delete_policy(clients: Clients, resource: Resource) -> None:
    clients("application-autoscaling").delete_scaling_policy(**_place(resource), PolicyName=resource.inputs["name"])


READ = {"aws:appautoscaling/target:Target": _target, "aws:appautoscaling/policy:Policy": _policy}
DELETE = {"aws:appautoscaling/target:Target": _delete_target, "aws:appautoscaling/policy:Policy": _delete_policy}
DEFAULTS: dict[str, dict[str, Any]] = {}
