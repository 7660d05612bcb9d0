"""No bucket, resource policy or function is open to the public."""

from pulumi_policy import EnforcementLevel, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from rules.documents import Statement, allowing, conditions, is_for_everyone, principals
from rules.reading import given, listed

_BLOCKS = (
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
)
_SWITCHES = {
    "blockPublicAcls": "block_public_acls",
    "blockPublicPolicy": "block_public_policy",
    "ignorePublicAcls": "ignore_public_acls",
    "restrictPublicBuckets": "restrict_public_buckets",
}
"""The switches by their names in the engine and in the program."""

_WITH_ACL = {
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:s3/bucketAcl:BucketAcl",
    "aws:s3/bucketAclV2:BucketAclV2",
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
}
_PUBLIC_ACLS = {"public-read", "public-read-write", "authenticated-read"}
_PUBLIC_GROUPS = ("/global/AllUsers", "/global/AuthenticatedUsers")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"""

_POLICY_OF = {
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:kms/key:Key": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:sns/topic:Topic": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sqs/queue:Queue": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
}
"""Type -> the property with its resource policy."""

_NEED_SOURCE = {type_ for type_ in _POLICY_OF if type_.startswith(("aws:s3", "aws:sns", "aws:sqs"))}
"""Types for which an allowed service would act for any account, unless the policy names one.
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"""

_SOURCE_KEYS = {"aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths"}
_NARROWING_KEYS = _SOURCE_KEYS | {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "kms:calleraccount",
}
"""Conditions under which a policy for everyone is not public.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""

FIX = "Name the accounts, roles or services that may, and for a service the ARN or the account that it acts for."


def _check_block(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type in _BLOCKS:
        missing = [name for switch, name in _SWITCHES.items() if args.props.get(switch) is not True]
        if missing:
            report(f"Public access block '{args.name}' leaves {', '.join(missing)} off. Set all to True.", args.urn)


def _check_acl(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type not in _WITH_ACL:
        return
    acl = args.props.get("acl")
    control = args.props.get("accessControlPolicy") or {}
    grants = [*listed(args.props.get("grants")), *listed(control.get("grants"))]
    uris = [str((grant.get("grantee") or grant).get("uri")) for grant in grants]
    if acl in _PUBLIC_ACLS or any(uri.endswith(_PUBLIC_GROUPS) for uri in uris):
        report(
            f"'{args.name}' is open to everyone by its ACL. Remove the ACL; name the readers in a bucket policy.",
            args.urn,
        )


def _check_policy(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type not in _POLICY_OF:
        return
    for statement in allowing(args.props.get(_POLICY_OF[args.resource_type])):
        if is_for_everyone(statement) and not _has_condition(statement, _NARROWING_KEYS):
            report(f"The policy of '{args.name}' allows everyone. {FIX}", args.urn)
        elif args.resource_type in _NEED_SOURCE and not _has_condition(statement, _SOURCE_KEYS):
            for service in (who for kind, who in principals(statement) if kind == "Service"):
                report(f"The policy of '{args.name}' lets {service} in on anybody's behalf. {FIX}", args.urn)


def _check_function(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == "aws:lambda/functionUrl:FunctionUrl" and args.props.get("authorizationType") == "NONE":
        report(f"Function URL '{args.name}' answers everyone. Set authorization_type to AWS_IAM.", args.urn)
    if args.resource_type == "aws:lambda/permission:Permission":
        principal = str(args.props.get("principal"))
        narrowed = any(given(args.props, name) for name in ("sourceArn", "sourceAccount", "principalOrgId"))
        if (principal == "*" or principal.endswith(".amazonaws.com")) and not narrowed:
            report(f"Permission '{args.name}' lets {principal} call on anybody's behalf. Set source_arn.", args.urn)


def _has_condition(statement: Statement, keys: set[str]) -> bool:
    return any(key in keys and _narrows(operator, values) for operator, key, values in conditions(statement))


def _narrows(operator: str, values: list[str]) -> bool:
    """Return whether a condition limits access to named values."""
    return "Not" not in operator and not operator.endswith("IfExists") and "*" not in values


PUBLIC_ACCESS_BLOCKED = ResourceValidationPolicy(
    name="public-access-blocked",
    description="A public access block blocks all four ways in which a bucket becomes public.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_block,
    remediation_steps="Set all four of its switches to True.",
    url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
)

NO_PUBLIC_ACL = ResourceValidationPolicy(
    name="no-public-acl",
    description="No ACL makes a bucket or an object public.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check_acl,
    remediation_steps="Remove the ACL; name the readers in a bucket policy.",
    url="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
)

NO_PUBLIC_POLICY = ResourceValidationPolicy(
    name="no-public-policy",
    description="No resource policy allows everyone, or a service on behalf of any account.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=[_check_policy, _check_function],
    remediation_steps=FIX,
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
)
