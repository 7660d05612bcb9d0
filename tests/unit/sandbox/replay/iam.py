"""IAM as the provider reads and deletes it."""

import json
from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, tags


def _role(clients: Clients, resource: Resource) -> dict[str, Any]:
    iam, name = clients("iam"), resource.id
    role = iam.get_role(RoleName=name)["Role"]
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.get_role_policy(RoleName=name, PolicyName=policy)
    iam.list_attached_role_policies(RoleName=name)
    return {
        "name": role["RoleName"],
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
        "description": role.get("Description", ""),
        "maxSessionDuration": role["MaxSessionDuration"],
        "path": role["Path"],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "tags": tags(role.get("Tags", [])),
    }


def _delete_role(clients: Clients, resource: Resource) -> None:
    iam, name = clients("iam"), resource.id
    assert iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"] == []
    iam.delete_role(RoleName=name)
    assert absent("NoSuchEntity", call=iam.get_role, RoleName=name)


def _role_policy(clients: Clients, resource: Resource) -> dict[str, Any]:
    role, name = resource.id.split(":", 1)
    answer = clients("iam").get_role_policy(RoleName=role, PolicyName=name)
    return {"role": answer["RoleName"], "name": answer["PolicyName"], "policy": json.dumps(answer["PolicyDocument"])}


def _delete_role_policy(clients: Clients, resource: Resource) -> None:
    role, name = resource.id.split(":", 1)
    clients("iam").delete_role_policy(RoleName=role, PolicyName=name)
    assert absent("NoSuchEntity", call=clients("iam").get_role_policy, RoleName=role, PolicyName=name)


def _attachment(clients: Clients, resource: Resource) -> dict[str, Any]:
    role, arn = resource.inputs["role"], resource.inputs["policyArn"]
    attached = clients("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert arn in [policy["PolicyArn"] for policy in attached]
    return {"role": role, "policyArn": arn}


def _delete_attachment(clients: Clients, resource: Resource) -> None:
    clients("iam").detach_role_policy(RoleName=resource.inputs["role"], PolicyArn=resource.inputs["policyArn"])


def _policy(clients: Clients, resource: Resource) -> dict[str, Any]:
    iam, arn = clients("iam"), resource.id
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    return {
        "name": policy["PolicyName"],
        "policy": json.dumps(version["Document"]),
        "description": policy.get("Description", ""),
        "path": policy["Path"],
        "tags": tags(policy.get("Tags", [])),
    }


def _delete_policy(clients: Clients, resource: Resource) -> None:
    iam, arn = clients("iam"), resource.id
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        assert version["IsDefaultVersion"]
    iam.delete_policy(PolicyArn=arn)
    assert absent("NoSuchEntity", call=iam.get_policy, PolicyArn=arn)


READ = {
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _attachment,
    "aws:iam/policy:Policy": _policy,
}
DELETE = {
    "aws:iam/role:Role": _delete_role,
    "aws:iam/rolePolicy:RolePolicy": _delete_role_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _delete_attachment,
    "aws:iam/policy:Policy": _delete_policy,
}
DEFAULTS = {
    "aws:iam/role:Role": {"description": "", "maxSessionDuration": 3600, "path": "/", "permissionsBoundary": None},
    "aws:iam/policy:Policy": {"description": "", "path": "/"},
}
