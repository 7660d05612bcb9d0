"""Application Auto Scaling: scalable targets and their policies. Nothing is scaled here: every table has room."""

from typing import Any

from sandbox.clients import Clients
from sandbox.resources.inputs import Inputs, aws_names, given


def _target(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    place = _place(args)
    tags = args.tags()
    suspended = args.take("suspendedState")
    arn = clients("application-autoscaling").register_scalable_target(
        **place,
        **given(
            MinCapacity=args.require("minCapacity"),
            MaxCapacity=args.require("maxCapacity"),
            RoleARN=args.take("roleArn"),
            SuspendedState=None if suspended is None else aws_names(suspended),
            Tags=tags or None,
        ),
    )["ScalableTargetARN"]
    return place["ResourceId"], {"arn": arn, "tagsAll": tags}


def _policy(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name, tracking = args.name(limit=256), args.take("targetTrackingScalingPolicyConfiguration")
    steps = args.take("stepScalingPolicyConfiguration")
    arn = clients("application-autoscaling").put_scaling_policy(
        **_place(args),
        **given(
            PolicyName=name,
            PolicyType=args.take("policyType", "StepScaling"),
            TargetTrackingScalingPolicyConfiguration=None if tracking is None else aws_names(tracking),
            StepScalingPolicyConfiguration=None if steps is None else aws_names(steps),
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
