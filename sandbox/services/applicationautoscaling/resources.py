"""Application Auto Scaling: scalable targets and their policies. Tables here have no limit, so nothing is scaled."""

from typing import Any

from sandbox.clients import Clients
from sandbox.resource_inputs import Inputs, given


def _target(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    place = _place(args)
    arn = clients("application-autoscaling").register_scalable_target(
        **place,
        **given(
            MinCapacity=args.require("minCapacity"),
            MaxCapacity=args.require("maxCapacity"),
            RoleARN=args.take("roleArn"),
            **args.nested("suspendedState"),
            Tags=args.tags() or None,
        ),
    )["ScalableTargetARN"]
    return place["ResourceId"], {"arn": arn}


def _policy(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=256)
    arn = clients("application-autoscaling").put_scaling_policy(
        **_place(args),
        **given(
            PolicyName=name,
            PolicyType=args.take("policyType", "StepScaling"),
            **args.nested("targetTrackingScalingPolicyConfiguration", "stepScalingPolicyConfiguration"),
        ),
    )["PolicyARN"]
    return name, {"name": name, "arn": arn, "alarmArns": []}


def _place(args: Inputs) -> dict[str, str]:
    return {
        "ServiceNamespace": args.require("serviceNamespace"),
        "ResourceId": args.require("resourceId"),
        "ScalableDimension": args.require("scalableDimension"),
    }


TYPES = {
    "aws:appautoscaling/target:Target": _target,
    "aws:appautoscaling/policy:Policy": _policy,
}
