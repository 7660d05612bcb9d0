"""Permissions for roles of other teams on a Holdpoint stack of the same account, from the stack's outputs."""

from typing import Any

import pulumi
import pulumi_aws as aws

from asl.states import Statement, allow, read_with_key, write_with_key
from components.outputs import Outputs
from components.policies import document
from facts import LIVE_ALIAS

RELEASE = "release"


def grant_start(
    name: str,
    holdpoint: Outputs,
    *,
    role_name: pulumi.Input[str],
    workflow: str = RELEASE,
    opts: pulumi.ResourceOptions | None = None,
) -> aws.iam.RolePolicy:
    """Let a role start executions of one workflow through its alias, and upload the document of a release.

    `workflow` is a kind in the output `workflows`. The deployment fails with a ValueError if there is no such kind.

    Example:
        grant_start("start-releases", Outputs(stack), role_name=role.name)
    """
    known = pulumi.Output.all(
        workflows=holdpoint.workflows,
        kms_key_arn=holdpoint.kms_key_arn,
        inputs=pulumi.Output.concat(holdpoint.s3_bucket_arn, "/", holdpoint.s3_input_prefix, "*"),
    )
    return _grant(name, role_name, known.apply(lambda each: _start(workflow, each)), opts)


def grant_callback(
    name: str, holdpoint: Outputs, *, role_name: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None
) -> aws.iam.RolePolicy:
    """Let a role read the secret whose field `callback` is the bearer token of the callback API.

    AWS grants access to a secret as a whole: the role can read the tokens of the APIs as well.
    The API accepts calls from everywhere, so a caller needs no other permission.

    Example:
        grant_callback("call-back", Outputs(stack), role_name=role.name)
    """
    known = pulumi.Output.all(secret_arn=holdpoint.secrets_manager_arn, kms_key_arn=holdpoint.kms_key_arn)
    return _grant(name, role_name, known.apply(_read_secret), opts)


def _start(workflow: str, known: dict[str, Any]) -> list[Statement]:
    arns = {each["kind"]: each["arn"] for each in known["workflows"]}
    if workflow not in arns:
        raise ValueError(f"grant_start: the stack has no workflow '{workflow}', but: {', '.join(sorted(arns))}")
    takes_document = workflow == RELEASE
    services = ("s3", "states") if takes_document else ("states",)
    return [
        # AWS checks the state machine's own ARN, and has the alias as a condition key.
        # https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
        allow(
            ["states:StartExecution"],
            [arns[workflow]],
            condition={"StringEquals": {"states:StateMachineQualifier": LIVE_ALIAS}},
        ),
        *([allow(["s3:PutObject"], [known["inputs"]])] if takes_document else []),
        *write_with_key(known["kms_key_arn"] or None, *services),
    ]


def _read_secret(known: dict[str, Any]) -> list[Statement]:
    return [
        allow(["secretsmanager:GetSecretValue"], [known["secret_arn"]]),
        *read_with_key(known["kms_key_arn"] or None, "secretsmanager"),
    ]


def _grant(
    name: str,
    role_name: pulumi.Input[str],
    statements: pulumi.Output[list[Statement]],
    opts: pulumi.ResourceOptions | None,
) -> aws.iam.RolePolicy:
    return aws.iam.RolePolicy(name, name=name, role=role_name, policy=document(statements), opts=opts)
