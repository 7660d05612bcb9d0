"""No environment variable of a function holds a secret: everyone with read access to the function sees its value."""

import re

from pulumi_policy import EnforcementLevel, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from rules.reading import known

_SECRET_NAME = re.compile(
    r"(?:^|_)(?:PASS(?:WORD|WD|PHRASE)?|SECRET|TOKEN|CREDENTIALS?|(?:API|PRIVATE|SIGNING|ACCESS)_?KEY)(?:_|$)"
)
"""Names whose value is a secret, unless it is a reference to one."""

_SECRET_VALUE = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # an access key of AWS
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\."  # a JSON Web Token
    r"|\b(?:ghp|gho|ghs|ghr|github_pat|xox[abprs])[_-]\w{10,}"  # GitHub, Slack
    r"|\b(?:Bearer|Basic) [\w.~+/=-]{8,}"
    r"|://[^/\s:@]*:[^/\s@]+@"  # a password in a URL
)
"""Values that are secrets, whatever their name."""

_REFERENCE = re.compile(r"arn:aws[\w-]*:|/|\{\{resolve:|(?:true|false|\d+(?:\.\d+)?)$", re.IGNORECASE)
"""Values that are references (an ARN, a parameter's name), numbers or switches."""

FIX = "Keep it in Secrets Manager, give the function the secret's ARN, and read it when the function starts."


def _check(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type != "aws:lambda/function:Function":
        return
    variables = (args.props.get("environment") or {}).get("variables") or {}
    for name in variables:
        # The update checks values that a preview does not know; the other values must not wait for it.
        value = known(variables, name)
        if isinstance(value, str) and value and _is_secret(name, value):
            report(f"The variable {name} of function '{args.name}' holds a secret in plain text. {FIX}", args.urn)


def _is_secret(name: str, value: str) -> bool:
    if _SECRET_VALUE.search(value):
        return True
    is_place = name.upper().endswith(("_ARN", "_ID", "_NAME", "_PARAMETER", "_PATH", "_URL"))
    return bool(_SECRET_NAME.search(name.upper())) and not is_place and not _REFERENCE.match(value)


NO_SECRETS_IN_ENVIRONMENT = ResourceValidationPolicy(
    name="no-secrets-in-environment",
    description="No environment variable of a function is a secret: everyone with read access to the function sees it, "
    "and the engine's state holds it.",
    enforcement_level=EnforcementLevel.MANDATORY,
    validate=_check,
    remediation_steps=FIX,
    url="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
)
