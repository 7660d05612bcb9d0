"""Permissions on a customer's KMS key that users of the encrypted data need.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms,
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html,
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html,
https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html and
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
"""

from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.utilities.arns import parse_arn

from sandbox.calls.call import Call
from sandbox.iam.policies import Access
from sandbox.qualified_arns import split
from sandbox.token_store import tokens

_MESSAGE_KEY = "kms_master_key_id"
DECRYPT, GENERATE = "kms:Decrypt", "kms:GenerateDataKey"
# Step Functions' operations that may fail with KmsAccessDeniedException. AWS does not say which action each of them
# needs; here, operations that write data need both.
_EXECUTION_DATA = {
    **dict.fromkeys(("DescribeExecution", "DescribeStateMachine", "DescribeStateMachineForExecution"), (DECRYPT,)),
    "GetExecutionHistory": (DECRYPT,),
    **dict.fromkeys(("StartExecution", "StopExecution", "SendTaskSuccess", "SendTaskFailure"), (GENERATE, DECRYPT)),
}
_DYNAMODB_DATA = frozenset(
    {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "TransactWriteItems", "TransactGetItems"}
)


def key_accesses(call: Call) -> list[Access]:
    """Return the permissions on a customer's key that the caller needs for this call; none for AWS's own keys."""
    given = call.parameters
    if call.service == "s3" and call.operation in {"GetObject", "PutObject"}:
        return _at(_bucket_key(str(given["Bucket"])), GENERATE if call.operation == "PutObject" else DECRYPT, call)
    if call.service == "secretsmanager" and call.operation in {"GetSecretValue", "PutSecretValue"}:
        secret = secretsmanager_backends[DEFAULT_ACCOUNT_ID][call.credential.region].secrets.get(str(given["SecretId"]))
        actions = [DECRYPT, *([GENERATE] if call.operation == "PutSecretValue" else [])]
        key = getattr(secret, "kms_key_id", None)
        return [access for action in actions for access in _at(key, action, call)]
    if call.service == "dynamodb" and call.operation in _DYNAMODB_DATA:
        names = {write["TableName"] for item in given.get("TransactItems", []) for write in item.values()}
        tables = {given["TableName"]} if "TableName" in given else names
        return [access for name in sorted(tables) for access in _at(_table_key(name, call), DECRYPT, call)]
    if call.name == "sns.Publish" and "TopicArn" in given:
        return message_accesses(str(given["TopicArn"]))
    if call.name == "sqs.SendMessage":
        queue = str(given["QueueUrl"]).rpartition("/")[2]
        return message_accesses(f"arn:aws:sqs:{call.credential.region}:{DEFAULT_ACCOUNT_ID}:{queue}")
    if call.service == "stepfunctions" and call.operation in _EXECUTION_DATA:
        key = _machine_key(call)
        return [each for action in _EXECUTION_DATA[call.operation] for each in _at(key, action, call)]
    return []


def message_accesses(arn: str) -> list[Access]:
    """Return the permissions on a customer's key that a sender to the queue or a publisher to the topic needs."""
    target = parse_arn(arn)
    if target.service == "sqs":
        found: Any = sqs_backends[target.account][target.region].queues.get(target.resource_id)
    else:
        found = sns_backends[target.account][target.region].topics.get(arn)
    key = getattr(found, _MESSAGE_KEY, None)
    return [each for action in (GENERATE, DECRYPT) for each in _through(target.service, target.region, key, action)]


def _machine_key(call: Call) -> str | None:
    """Return the key of the named state machine, or of that of the named execution or task token."""
    given = call.parameters
    if "taskToken" in given:
        machine = tokens.state_machine_of(str(given["taskToken"]))
    else:
        # An execution's ARN is its state machine's, with another resource type and the execution's name at the end.
        arn = str(given.get("stateMachineArn") or given.get("executionArn"))
        machine = split(arn.replace(":execution:", ":stateMachine:", 1))[0]
    backend = stepfunctions_parser_backends[DEFAULT_ACCOUNT_ID][call.credential.region]
    found = next((each for each in backend.state_machines if each.arn == machine), None)
    return found.encryptionConfiguration.get("kmsKeyId") if found is not None else None


def _bucket_key(name: str) -> str | None:
    bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(name)
    rule = ((getattr(bucket, "encryption", None) or {}).get("Rule") or {}) if bucket is not None else {}
    default = (rule[0] if isinstance(rule, list) else rule).get("ApplyServerSideEncryptionByDefault") or {}
    return default.get("KMSMasterKeyID")


def _table_key(name: str, call: Call) -> str | None:
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][call.credential.region].tables.get(name.rpartition("/")[2])
    return (table.sse_specification or {}).get("KMSMasterKeyId") if table is not None else None


def _at(key: str | None, action: str, call: Call) -> list[Access]:
    service = "states" if call.service == "stepfunctions" else call.service
    return _through(service, call.credential.region, key, action)


def _through(service: str, region: str, key: str | None, action: str) -> list[Access]:
    # Keys of AWS itself (alias/aws/...) allow every principal that may use the service.
    if not key or "alias/aws/" in key:
        return []
    via = f"{service}.{region}.amazonaws.com"
    return [Access(action, key, {"kms:ViaService": via, "kms:CallerAccount": DEFAULT_ACCOUNT_ID})]
