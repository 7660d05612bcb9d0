"""Rules: every resource names its owner."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

REQUIRED = ("Project", "Environment", "ManagedBy")

TAGS = "tagsAll"
"""The resource's own tags and the provider's default ones, together. The AWS provider adds it, empty perhaps, to the
inputs of a resource that takes tags, and of no other, before a policy sees them.
https://github.com/pulumi/pulumi-aws/blob/master/provider/tags.go"""


def _check(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if not args.resource_type.startswith("aws:") or TAGS not in args.props:
        return
    tags = args.props[TAGS] or {}
    missing = [tag for tag in args.get_config().get("required", REQUIRED) if not tags.get(tag)]
    if missing:
        report(
            f"'{args.name}' lacks the tag{'s' if len(missing) > 1 else ''} {', '.join(missing)}. "
            "Add what is missing to aws:defaultTags in the stack's file, or to the resource's own tags.",
            args.urn,
        )


TAGS_REQUIRED = ResourceValidationPolicy(
    name="tags-required",
    description="Every resource names its owner by tags, for costs and questions.",
    enforcement_level=EnforcementLevel.MANDATORY,
    config_schema=PolicyConfigSchema(
        properties={
            "required": {
                "type": "array",
                "items": {"type": "string"},
                "default": list(REQUIRED),
                "description": "Tags that every resource must have; those that the provider adds by default count.",
            }
        }
    ),
    validate=_check,
    remediation_steps="Add the tag to `aws:defaultTags` in the stack's file.",
    url="https://www.pulumi.com/registry/packages/aws/api-docs/provider/#default_tags_python",
)
