"""Permissions that a call requires: its actions, each with its resource.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from collections.abc import Callable, Iterator
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.secretsmanager.models import secretsmanager_backends

from sandbox import qualified_arns
from sandbox.calls.call import Call
from sandbox.iam.policies import Access
from sandbox.token_store import tokens

# IAM's prefixes of services that have another name in boto3.
_PREFIXES = {"stepfunctions": "states", "sesv2": "ses"}
# The action accepts no resource: only a statement on every resource allows it.
ANY = "*"


def accesses(call: Call) -> list[Access]:
    """Return all permissions that the call requires.

    For a service without rules here, a call requires the action with the operation's name on `*`. A policy that
    allows it only on named resources does not match: the call is denied rather than allowed unchecked.
    """
    known = _SERVICES.get(call.service)
    found = known(call) if known else [(_action(call), ANY)]
    context = _context(call)
    return [Access(action, resource, context) for action, resource in found]


def _action(call: Call, operation: str = "") -> str:
    return f"{_PREFIXES.get(call.service, call.service)}:{operation or call.operation}"


def _arn(call: Call, service: str, resource: str) -> str:
    return f"arn:aws:{service}:{call.credential.region}:{DEFAULT_ACCOUNT_ID}:{resource}"


def _context(call: Call) -> dict[str, str]:
    # The global keys that a request of a role's session always has; the sandbox's transport counts as TLS.
    facts = {
        "aws:RequestedRegion": call.credential.region,
        "aws:SecureTransport": "true",
        "aws:SourceIp": "127.0.0.1",
        "aws:PrincipalAccount": DEFAULT_ACCOUNT_ID,
        "aws:PrincipalType": "AssumedRole",
    }
    if call.service == "stepfunctions":
        qualifier = qualified_arns.split(_state_machine_arn(call))[1]
        facts |= {"states:StateMachineQualifier": qualifier} if qualifier else {}
    for parameter, key in _CONDITION_KEYS.get(call.service, {}).items():
        if parameter in call.parameters:
            facts[key] = str(call.parameters[parameter])
    return facts


_CONDITION_KEYS = {
    "s3": {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter", "MaxKeys": "s3:max-keys"},
    "cloudwatch": {"Namespace": "cloudwatch:namespace"},
    "secretsmanager": {"VersionStage": "secretsmanager:VersionStage", "SecretId": "secretsmanager:SecretId"},
}

_Pairs = Iterator[tuple[str, str]]


def _dynamodb(call: Call) -> _Pairs:
    given = call.parameters
    if call.operation == "TransactWriteItems":
        for item in given["TransactItems"]:
            for kind, write in item.items():
                action = "ConditionCheckItem" if kind == "ConditionCheck" else f"{kind}Item"
                yield _action(call, action), _table(call, write["TableName"])
    elif call.operation == "TransactGetItems":
        for item in given["TransactItems"]:
            yield _action(call, "GetItem"), _table(call, item["Get"]["TableName"])
    elif call.operation in {"BatchGetItem", "BatchWriteItem"}:
        for name in given["RequestItems"]:
            yield _action(call), _table(call, name)
    elif "TableName" in given:
        index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
        yield _action(call), _table(call, given["TableName"]) + index
    else:
        yield _action(call), ANY


def _table(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else _arn(call, "dynamodb", f"table/{name}")


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
_S3_ACTIONS = {
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "DeleteObjects": "DeleteObject",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts",
    "ListBuckets": "ListAllMyBuckets",
}


def _s3(call: Call) -> _Pairs:
    given = call.parameters
    action = f"s3:{_S3_ACTIONS.get(call.operation, call.operation)}"
    bucket = f"arn:aws:s3:::{given['Bucket']}" if "Bucket" in given else ANY
    if call.operation == "DeleteObjects":
        for entry in given["Delete"]["Objects"]:
            yield action, f"{bucket}/{entry['Key']}"
        return
    if call.operation == "CopyObject":
        yield "s3:GetObject", f"arn:aws:s3:::{str(given['CopySource']).lstrip('/')}"
    if action in {"s3:GetObject", "s3:DeleteObject"} and given.get("VersionId"):
        action += "Version"
    yield action, f"{bucket}/{given['Key']}" if "Key" in given else bucket


def _states(call: Call) -> _Pairs:
    given = call.parameters
    if "taskToken" in given:
        # AWS's own refusals name the token's state machine. The API itself refuses an invalid token.
        machine = tokens.state_machine_of(str(given["taskToken"]))
        if machine is not None:
            yield _action(call), machine
        return
    machine_arn = _state_machine_arn(call)
    if machine_arn:
        # https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
        yield _action(call), qualified_arns.split(machine_arn)[0]
        return
    for name in ("executionArn", "mapRunArn", "activityArn", "resourceArn"):
        if name in given:
            yield _action(call), str(given[name])
            return
    yield _action(call), ANY


def _state_machine_arn(call: Call) -> str:
    names = ("stateMachineArn", "stateMachineAliasArn", "stateMachineVersionArn")
    return next((str(call.parameters[name]) for name in names if name in call.parameters), "")


def _lambda(call: Call) -> _Pairs:
    action = "lambda:InvokeFunction" if call.operation in {"Invoke", "InvokeAsync"} else _action(call)
    name = str(call.parameters.get("FunctionName", ""))
    qualifier = f":{call.parameters['Qualifier']}" if "Qualifier" in call.parameters else ""
    if not name:
        yield action, ANY
    else:
        yield action, (name if name.startswith("arn:") else _arn(call, "lambda", f"function:{name}")) + qualifier


def _logs(call: Call) -> _Pairs:
    given = call.parameters
    named = given.get("logGroupName") or given.get("logGroupIdentifier")
    if not named or call.operation == "DescribeLogGroups":
        yield _action(call), ANY
        return
    group = str(named) if str(named).startswith("arn:") else _arn(call, "logs", f"log-group:{named}")
    stream = given.get("logStreamName")
    on_stream = call.operation in {"PutLogEvents", "GetLogEvents", "CreateLogStream", "DeleteLogStream"}
    yield _action(call), f"{group}:log-stream:{stream}" if on_stream else f"{group.removesuffix(':*')}:*"


def _secretsmanager(call: Call) -> _Pairs:
    name = str(call.parameters.get("SecretId", ""))
    secret = secretsmanager_backends[DEFAULT_ACCOUNT_ID][call.credential.region].secrets.get(name)
    yield _action(call), name if name.startswith("arn:") else str(secret.arn) if secret else ANY


def _sqs(call: Call) -> _Pairs:
    url = str(call.parameters.get("QueueUrl", ""))
    operation = call.operation.removesuffix("Batch")
    yield _action(call, operation), _arn(call, "sqs", url.rpartition("/")[2]) if url else ANY


def _by_arn(*names: str) -> Callable[[Call], _Pairs]:
    """Return a rule for services whose operations name their resource by ARN in one of these parameters."""

    def pairs(call: Call) -> _Pairs:
        for name in names:
            if str(call.parameters.get(name, "")).startswith("arn:"):
                yield _action(call), str(call.parameters[name])
                return
        yield _action(call), ANY

    return pairs


def _sts(call: Call) -> _Pairs:
    # "No permissions are required to perform this operation", which not even a denial forbids.
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    if call.operation != "GetCallerIdentity":
        yield from _by_arn("RoleArn")(call)


def _cloudwatch(call: Call) -> _Pairs:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    if call.operation != "DescribeAlarms":
        yield _action(call), ANY
        return
    for name in call.parameters.get("AlarmNames") or ["*"]:
        yield _action(call), _arn(call, "cloudwatch", f"alarm:{name}")


def _events(call: Call) -> _Pairs:
    if call.operation == "PutEvents":
        for entry in call.parameters["Entries"]:
            bus = str(entry.get("EventBusName", "default"))
            yield _action(call), bus if bus.startswith("arn:") else _arn(call, "events", f"event-bus/{bus}")
    else:
        yield from _by_arn("Arn", "EventSourceArn", "ConnectionArn")(call)


_SERVICES: dict[str, Callable[[Call], Any]] = {
    "cloudwatch": _cloudwatch,
    "dynamodb": _dynamodb,
    "events": _events,
    "kms": _by_arn("KeyId"),
    "lambda": _lambda,
    "logs": _logs,
    "s3": _s3,
    "secretsmanager": _secretsmanager,
    "sns": _by_arn("TopicArn", "TargetArn"),
    "sqs": _sqs,
    "stepfunctions": _states,
    "sts": _sts,
}
