"""Justifications of permissions that no test used, and of wildcard resources."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Unused:
    """A reason for permissions that no test uses. Role, action and resource are patterns, as of file names."""

    role: str
    action: str
    resource: str
    reason: str

    def speaks_of(self, role: str, action: str, resource: str) -> bool:
        """Return whether the reason is for this permission."""
        pairs = ((role, self.role), (action, self.action), (resource, self.resource))
        return all(fnmatchcase(text, pattern) for text, pattern in pairs)


_TRACES = "X-Ray's daemon sends traces outside the function's calls; the sandbox has no X-Ray"
_SAMPLING = "X-Ray's sampling rules are asked for by Step Functions itself; the sandbox has no X-Ray"
_REDRIVEN = "an error is removed where an execution was redriven with success; the sandbox redrives none"
_ENCRYPTING = "Step Functions encrypts executions and logs with the role; the sandbox encrypts nothing"
_LOG_GROUPS = "AWS documents a log group's ARN with and without `:*`; the sandbox asks for the one with it"

UNUSED = (
    Unused("*", "xray:PutTraceSegments", "*", _TRACES),
    Unused("*", "xray:PutTelemetryRecords", "*", _TRACES),
    Unused("*-workflow", "xray:GetSamplingRules", "*", _SAMPLING),
    Unused("*-workflow", "xray:GetSamplingTargets", "*", _SAMPLING),
    Unused("recorder*", "s3:DeleteObject", "*", _REDRIVEN),
    Unused("orders-workflow", "kms:GenerateDataKey", "*", _ENCRYPTING),
    Unused("operator", "logs:DescribeLogStreams", "*[!*]", _LOG_GROUPS),
    Unused("operator", "logs:FilterLogEvents", "*[!*]", _LOG_GROUPS),
)

_NO_RESOURCE = "the service authorization reference gives the action no resource"

ON_EVERY_RESOURCE = {
    "xray:PutTraceSegments": _NO_RESOURCE,
    "xray:PutTelemetryRecords": _NO_RESOURCE,
    "xray:GetSamplingRules": _NO_RESOURCE,
    "xray:GetSamplingTargets": _NO_RESOURCE,
    "logs:CreateLogDelivery": _NO_RESOURCE,
    "logs:GetLogDelivery": _NO_RESOURCE,
    "logs:UpdateLogDelivery": _NO_RESOURCE,
    "logs:DeleteLogDelivery": _NO_RESOURCE,
    "logs:ListLogDeliveries": _NO_RESOURCE,
    "logs:PutResourcePolicy": _NO_RESOURCE,
    "logs:DescribeResourcePolicies": _NO_RESOURCE,
    "logs:DescribeLogGroups": _NO_RESOURCE,
    "cloudwatch:ListMetrics": _NO_RESOURCE,
}
