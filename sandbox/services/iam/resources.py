"""IAM: roles and policies."""

from typing import Any

from sandbox.clients import Clients
from sandbox.resource_inputs import Inputs, given, tag_list

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_ROLE_NAME = 64
MAX_POLICY_NAME = 128


def _role(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(prefix="namePrefix", limit=MAX_ROLE_NAME)
    args.ignore("forceDetachPolicies", "the provider reads it on delete only")
    role = clients("iam").create_role(
        **given(
            RoleName=name,
            AssumeRolePolicyDocument=args.require("assumeRolePolicy"),
            **args.parameters("description", "maxSessionDuration", "path", "permissionsBoundary"),
            Tags=tag_list(args.tags()),
        )
    )["Role"]
    for policy in args.blocks("inlinePolicies"):
        clients("iam").put_role_policy(
            RoleName=name, PolicyName=policy.require("name"), PolicyDocument=policy.require("policy")
        )
    for arn in args.take("managedPolicyArns") or []:
        clients("iam").attach_role_policy(RoleName=name, PolicyArn=arn)
    return name, {
        "name": name,
        "arn": role["Arn"],
        "createDate": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "uniqueId": role["RoleId"],
        "path": role["Path"],
    }


def _role_policy(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(prefix="namePrefix", limit=MAX_POLICY_NAME)
    role = args.require("role")
    clients("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=args.require("policy"))
    return f"{role}:{name}", {"name": name}


def _role_policy_attachment(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    role, arn = args.require("role"), args.require("policyArn")
    clients("iam").attach_role_policy(RoleName=role, PolicyArn=arn)
    return f"{role}/{arn}", {}


def _policy(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(prefix="namePrefix", limit=MAX_POLICY_NAME)
    args.ignore("delayAfterPolicyCreationInMs", "the sandbox is consistent at once")
    policy = clients("iam").create_policy(
        **given(
            PolicyName=name,
            PolicyDocument=args.require("policy"),
            **args.parameters("description", "path"),
            Tags=tag_list(args.tags()),
        )
    )["Policy"]
    return policy["Arn"], {
        "name": name,
        "arn": policy["Arn"],
        "policyId": policy["PolicyId"],
        "path": policy["Path"],
        "attachmentCount": 0,
    }


TYPES = {
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _role_policy_attachment,
    "aws:iam/policy:Policy": _policy,
}
