"""Lambda: functions and their dependent resources."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pulumi

from sandbox.archives import announce
from sandbox.clients import REGION, Clients
from sandbox.qualified_arns import split
from sandbox.resource_inputs import InputError, Inputs, given

MAX_FUNCTION_NAME = 64
MAX_STATEMENT_ID = 100
# Files in an archive of a folder have the earliest time of the zip format, so that equal folders make equal archives.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def _function(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=MAX_FUNCTION_NAME)
    reserved = args.take("reservedConcurrentExecutions")
    for hint in ("sourceCodeHash", "codeSha256"):
        args.ignore(hint, "it only makes the provider notice changed code")
    for option in ("skipDestroy", "replaceSecurityGroupsOnDestroy", "replacementSecurityGroupIds"):
        args.ignore(option, "the provider reads it on delete only")
    environment, snap_start = args.block("environment"), args.take("snapStart")
    function = clients("lambda").create_function(
        **given(
            FunctionName=name,
            Code=_code(args),
            Role=args.require("role"),
            **args.parameters(
                "handler",
                "runtime",
                "architectures",
                "description",
                "memorySize",
                "timeout",
                "packageType",
                "publish",
                "layers",
            ),
            KMSKeyArn=args.take("kmsKeyArn"),
            Environment={"Variables": environment.take("variables") or {}} if environment else None,
            SnapStart=None if snap_start is None else {"ApplyOn": snap_start["applyOn"]},
            **args.nested("deadLetterConfig", "ephemeralStorage", "loggingConfig", "tracingConfig", "vpcConfig"),
            Tags=args.tags() or None,
        )
    )
    # -1 means "no reservation" in the provider.
    if reserved is not None and reserved >= 0:
        clients("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
    arn, version = split(function["FunctionArn"])[0], function["Version"]
    return name, {
        "name": name,
        "arn": arn,
        "qualifiedArn": f"{arn}:{version}",
        "invokeArn": _invoke_arn(arn),
        "qualifiedInvokeArn": _invoke_arn(f"{arn}:{version}"),
        "version": version,
        "lastModified": function["LastModified"],
        "codeSha256": function["CodeSha256"],
        "sourceCodeSize": function["CodeSize"],
    }


def _invoke_arn(arn: str) -> str:
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations"


def _code(args: Inputs) -> dict[str, Any]:
    code = args.take("code")
    if code is None:
        return given(
            S3Bucket=args.require("s3Bucket"),
            S3Key=args.require("s3Key"),
            S3ObjectVersion=args.take("s3ObjectVersion"),
        )
    if not isinstance(code, pulumi.FileArchive):
        raise InputError(f"'code' is a {type(code).__name__}: the sandbox takes a FileArchive (a zip file or a folder)")
    path = Path(code.path)
    if not path.exists():
        raise InputError(f"'code' names '{path}', which does not exist")
    return {"ZipFile": _zip(path) if path.is_dir() else announce(path)}


def _zip(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _ZIP_EPOCH)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _permission(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    statement = args.name("statementId", prefix="statementIdPrefix", limit=MAX_STATEMENT_ID)
    clients("lambda").add_permission(
        **given(
            FunctionName=args.require("function"),
            StatementId=statement,
            Action=args.require("action"),
            Principal=args.require("principal"),
            **args.parameters("sourceArn", "sourceAccount", "qualifier"),
            PrincipalOrgID=args.take("principalOrgId"),
        )
    )
    return statement, {"statementId": statement}


def _event_invoke_config(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    function, qualifier = args.require("functionName"), args.take("qualifier")
    clients("lambda").put_function_event_invoke_config(
        **given(
            FunctionName=function,
            Qualifier=qualifier,
            **args.parameters("maximumEventAgeInSeconds", "maximumRetryAttempts"),
            **args.nested("destinationConfig"),
        )
    )
    return f"{function}:{qualifier}" if qualifier else function, {}


def _alias(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=128)
    routing = args.block("routingConfig")
    alias = clients("lambda").create_alias(
        **given(
            Name=name,
            FunctionName=args.require("functionName"),
            FunctionVersion=args.require("functionVersion"),
            Description=args.take("description"),
            RoutingConfig={"AdditionalVersionWeights": routing.take("additionalVersionWeights")} if routing else None,
        )
    )
    return alias["AliasArn"], {"name": name, "arn": alias["AliasArn"], "invokeArn": _invoke_arn(alias["AliasArn"])}


def _invocation(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    function, qualifier, payload = (
        args.require("functionName"),
        args.take("qualifier", "$LATEST"),
        args.require("input"),
    )
    args.ignore("triggers", "they only make the provider invoke the function again")
    args.ignore("terraformKey", "the provider names it to the function with lifecycleScope CRUD only")
    if args.take("lifecycleScope", "CREATE_ONLY") != "CREATE_ONLY":
        raise InputError("'lifecycleScope' must be CREATE_ONLY: the sandbox creates resources only")
    answer = clients("lambda").invoke(FunctionName=function, Qualifier=qualifier, Payload=payload)
    result = answer["Payload"].read().decode()
    if "FunctionError" in answer:
        raise RuntimeError(f"invoking Lambda Function ({function}): {json.loads(result).get('errorMessage', result)}")
    # The provider's id ends in the hash of the input, in MD5.
    digest = hashlib.md5(payload.encode(), usedforsecurity=False).hexdigest()
    return f"{function},{qualifier},{digest}", {"result": result}


TYPES = {
    "aws:lambda/function:Function": _function,
    "aws:lambda/permission:Permission": _permission,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": _event_invoke_config,
    "aws:lambda/alias:Alias": _alias,
    "aws:lambda/invocation:Invocation": _invocation,
}
