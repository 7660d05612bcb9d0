"""A change of properties of each resource type that the provider updates in place, and the calls that it makes for it.

`PUTS` are the types whose Update is their Create. A change of any other type is a replacement.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay import event_updates, updates

Update = Callable[[Clients, Resource, Mapping[str, Any]], None]
DENIED = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]})
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_TRUST = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
_MACHINE = {"QueryLanguage": "JSONata", "StartAt": "New", "States": {"New": {"Type": "Succeed"}}, "TimeoutSeconds": 9}
_GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/everything:*"

CHANGES: dict[str, tuple[Update, dict[str, Any]]] = {
    "aws:appautoscaling/target:Target": (updates.scaling_target, {"minCapacity": 2, "maxCapacity": 20}),
    "aws:appautoscaling/policy:Policy": (
        updates.scaling_policy,
        {
            "targetTrackingScalingPolicyConfiguration": {
                "targetValue": 50,
                "predefinedMetricSpecification": {"predefinedMetricType": "DynamoDBReadCapacityUtilization"},
            }
        },
    ),
    "aws:backup/plan:Plan": (
        updates.plan,
        {
            "rules": [
                {
                    "ruleName": "daily",
                    "targetVaultName": "everything",
                    "schedule": "cron(0 5 * * ? *)",
                    "startWindow": 60,
                    "completionWindow": 180,
                    "lifecycle": {"deleteAfter": 14},
                }
            ]
        },
    ),
    "aws:sqs/queue:Queue": (
        updates.queue,
        {"kmsMasterKeyId": KEY, "messageRetentionSeconds": 86400, "visibilityTimeoutSeconds": 60},
    ),
    "aws:sns/topic:Topic": (updates.topic, {"displayName": "other", "kmsMasterKeyId": KEY}),
    "aws:sns/topicSubscription:TopicSubscription": (updates.subscription, {"rawMessageDelivery": True}),
    "aws:apigatewayv2/api:Api": (
        updates.api,
        {"name": "renamed", "description": "new", "corsConfiguration": {"allowOrigins": ["https://b.example.com"]}},
    ),
    "aws:apigatewayv2/stage:Stage": (
        updates.stage,
        {
            "accessLogSettings": {"destinationArn": _GROUP.removesuffix(":*"), "format": "$context.status"},
            "defaultRouteSettings": {"throttlingBurstLimit": 7, "throttlingRateLimit": 3.5},
        },
    ),
    "aws:apigatewayv2/integration:Integration": (updates.integration, {"timeoutMilliseconds": 12000}),
    "aws:apigatewayv2/route:Route": (updates.route, {"routeKey": "POST /renamed"}),
    "aws:lambda/alias:Alias": (updates.function_alias, {"description": "new"}),
    "aws:lambda/function:Function": (
        updates.function,
        {
            "description": "new",
            "ephemeralStorage": {"size": 1024},
            "environment": {"variables": {"NEW": "1"}},
            "handler": "hello.other",
            "kmsKeyArn": KEY,
            "loggingConfig": {"logFormat": "Text", "logGroup": "/aws/lambda/everything"},
            "memorySize": 512,
            "runtime": "python3.12",
            "timeout": 20,
            "tracingConfig": {"mode": "PassThrough"},
        },
    ),
    "aws:cloudwatch/logGroup:LogGroup": (updates.log_group, {"retentionInDays": 30, "kmsKeyId": KEY}),
    "aws:cloudwatch/queryDefinition:QueryDefinition": (
        updates.query,
        {"name": "renamed", "queryString": "fields @timestamp"},
    ),
    "aws:dynamodb/table:Table": (
        updates.table,
        {
            "billingMode": "PROVISIONED",
            "readCapacity": 2,
            "writeCapacity": 3,
            "deletionProtectionEnabled": False,
            "pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 7},
            "serverSideEncryption": {"enabled": True, "kmsKeyArn": KEY},
        },
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (
        updates.alarm,
        {"threshold": 7, "evaluationPeriods": 3, "alarmDescription": "new", "treatMissingData": "breaching"},
    ),
    "aws:cloudwatch/dashboard:Dashboard": (updates.dashboard, {"dashboardBody": '{"widgets": [], "start": "-PT6H"}'}),
    "aws:sfn/stateMachine:StateMachine": (
        updates.state_machine,
        {
            "definition": json.dumps(_MACHINE),
            "loggingConfiguration": {"level": "ERROR", "includeExecutionData": False, "logDestination": _GROUP},
            "tracingConfiguration": {"enabled": False},
            "encryptionConfiguration": {
                "type": "CUSTOMER_MANAGED_KMS_KEY",
                "kmsKeyId": KEY,
                "kmsDataKeyReusePeriodSeconds": 300,
            },
        },
    ),
    "aws:sfn/alias:Alias": (updates.state_machine_alias, {"description": "new"}),
    "aws:cloudwatch/eventBus:EventBus": (event_updates.bus, {"description": "new", "kmsKeyIdentifier": KEY}),
    "aws:cloudwatch/eventRule:EventRule": (event_updates.rule, {"description": "new", "state": "DISABLED"}),
    "aws:cloudwatch/eventTarget:EventTarget": (
        event_updates.target,
        {"retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 1}},
    ),
    "aws:cloudwatch/eventArchive:EventArchive": (
        event_updates.archive,
        {"description": "new", "kmsKeyIdentifier": KEY, "retentionDays": 7},
    ),
    "aws:cloudwatch/eventConnection:EventConnection": (
        event_updates.connection,
        {"authParameters": {"apiKey": {"key": "Authorization", "value": "Bearer new"}}, "kmsKeyIdentifier": KEY},
    ),
    "aws:iam/role:Role": (
        updates.role,
        {
            "assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": [_TRUST]}),
            "description": "new",
            "maxSessionDuration": 7200,
        },
    ),
    "aws:iam/rolePolicy:RolePolicy": (updates.role_policy, {"policy": DENIED}),
    "aws:secretsmanager/secret:Secret": (updates.secret, {"description": "new", "kmsKeyId": KEY}),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        updates.lifecycle,
        {
            "rules": [
                {
                    "id": "forget",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "noncurrentVersionExpiration": {"noncurrentDays": 7},
                }
            ]
        },
    ),
}

PUTS = frozenset(
    {
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "aws:s3/bucketNotification:BucketNotification",
        "aws:s3/bucketObjectv2:BucketObjectv2",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sqs/queuePolicy:QueuePolicy",
    }
)
"""The types whose Update is their Create: one call that puts the whole."""

FIXED = {
    **dict.fromkeys(
        (
            "aws:backup/selection:Selection",
            "aws:dynamodb/tableItem:TableItem",
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:lambda/invocation:Invocation",
            "aws:lambda/permission:Permission",
            "aws:secretsmanager/secretVersion:SecretVersion",
        ),
        "a change makes another one",
    ),
    **dict.fromkeys(
        (
            "aws:backup/vault:Vault",
            "aws:ec2/routeTable:RouteTable",
            "aws:ec2/securityGroup:SecurityGroup",
            "aws:ec2/subnet:Subnet",
            "aws:ec2/vpc:Vpc",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            "aws:s3/bucket:Bucket",
        ),
        "this program changes the tags only",
    ),
    **dict.fromkeys(
        (
            "aws:iam/policy:Policy",
            "aws:kms/alias:Alias",
            "aws:kms/key:Key",
            "aws:s3/bucketObject:BucketObject",
            "aws:scheduler/schedule:Schedule",
        ),
        "this program has none",
    ),
}
"""The types without a change here, each with the reason."""
