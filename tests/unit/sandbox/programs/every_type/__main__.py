"""A program with every resource type that the sandbox knows."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_random as random

config = pulumi.Config()
account = aws.get_caller_identity().account_id
region = aws.get_region().region


def policy(*statements: dict[str, object]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str) -> str:
    """Who may take a role."""
    return policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


# Keys, secrets, random values
key = aws.kms.Key("key", description="a key", enable_key_rotation=True, deletion_window_in_days=7)
aws.kms.Alias("key-alias", name="alias/everything", target_key_id=key.key_id)
password = random.RandomPassword("password", length=32, special=False, min_upper=2)
word = random.RandomString("word", length=8, upper=False)
random.RandomId("id", byte_length=4)
random.RandomUuid("uuid")
secret = aws.secretsmanager.Secret("secret", name_prefix="everything-", recovery_window_in_days=0)
version = aws.secretsmanager.SecretVersion(
    "secret-version", secret_id=secret.id, secret_string=pulumi.Output.json_dumps({"token": password.result})
)

# Storage
bucket = aws.s3.Bucket("bucket", bucket_prefix="everything-", force_destroy=True, tags={"Own": "yes"})
versioning = aws.s3.BucketVersioning("versioning", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})
aws.s3.BucketServerSideEncryptionConfiguration(
    "encryption",
    bucket=bucket.bucket,
    rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}, "bucket_key_enabled": False}],
)
private = aws.s3.BucketPublicAccessBlock(
    "private",
    bucket=bucket.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
aws.s3.BucketOwnershipControls("owner", bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"})
aws.s3.BucketPolicy(
    "tls-only",
    bucket=bucket.bucket,
    policy=bucket.arn.apply(
        lambda arn: policy(
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        )
    ),
    opts=pulumi.ResourceOptions(depends_on=[private]),
)
aws.s3.BucketLifecycleConfiguration(
    "lifecycle",
    bucket=bucket.bucket,
    rules=[
        {
            "id": "old-versions",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "noncurrent_version_expiration": {"noncurrent_days": 90},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
        }
    ],
    opts=pulumi.ResourceOptions(depends_on=[versioning]),
)
aws.s3.BucketNotification("notification", bucket=bucket.bucket, eventbridge=True)
store = aws.s3.Bucket("store")
aws.s3.BucketObjectv2("object", bucket=store.bucket, key="inputs/a.json", content="{}", content_type="application/json")
aws.s3.BucketObject("object-from-asset", bucket=store.bucket, key="b.txt", source=pulumi.StringAsset("hello"))
table = aws.dynamodb.Table(
    "table",
    billing_mode="PAY_PER_REQUEST",
    hash_key="pk",
    range_key="sk",
    attributes=[{"name": "pk", "type": "S"}, {"name": "sk", "type": "S"}, {"name": "waiting", "type": "S"}],
    global_secondary_indexes=[
        {
            "name": "waiting",
            "hash_key": "waiting",
            "range_key": "sk",
            "projection_type": "INCLUDE",
            "non_key_attributes": ["a", "b"],
        }
    ],
    ttl={"attribute_name": "expiresAt", "enabled": True},
    point_in_time_recovery={"enabled": True},
    server_side_encryption={"enabled": True},
    deletion_protection_enabled=False,
)
aws.dynamodb.TableItem(
    "item",
    table_name=table.name,
    hash_key="pk",
    range_key="sk",
    item=json.dumps({"pk": {"S": "a"}, "sk": {"S": "b"}, "available": {"N": "50"}}),
)

# Queues and topics
dead_letters = aws.sqs.Queue("dead-letters", message_retention_seconds=1209600, sqs_managed_sse_enabled=True)
aws.sqs.QueuePolicy(
    "dead-letters-policy",
    queue_url=dead_letters.url,
    policy=dead_letters.arn.apply(
        lambda arn: policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
            }
        )
    ),
)
topic = aws.sns.Topic("alarms", display_name="alarms")
aws.sns.TopicPolicy(
    "alarms-policy",
    arn=topic.arn,
    policy=topic.arn.apply(
        lambda arn: policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": arn,
            }
        )
    ),
)
aws.sns.TopicSubscription("alarms-queue", topic=topic.arn, protocol="sqs", endpoint=dead_letters.arn)

# A function with its role and log group
logs = aws.cloudwatch.LogGroup("logs", name="/aws/lambda/everything", retention_in_days=14)
role = aws.iam.Role("role", assume_role_policy=trust("lambda.amazonaws.com"), description="what it may do")
write_logs = aws.iam.Policy(
    "write-logs",
    policy=logs.arn.apply(
        lambda arn: policy({"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": f"{arn}:*"})
    ),
)
aws.iam.RolePolicyAttachment("role-write-logs", role=role.name, policy_arn=write_logs.arn)
inline = aws.iam.RolePolicy(
    "role-read",
    role=role.name,
    policy=table.arn.apply(lambda arn: policy({"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": arn})),
)
function = aws.lambda_.Function(
    "function",
    name="everything",
    role=role.arn,
    code=pulumi.FileArchive("code"),
    handler="hello.handler",
    runtime="python3.13",
    architectures=["arm64"],
    memory_size=256,
    timeout=30,
    environment={"variables": {"tableName": table.name}},
    tracing_config={"mode": "Active"},
    logging_config={"log_format": "JSON", "log_group": logs.name},
    dead_letter_config={"target_arn": dead_letters.arn},
    publish=True,
    opts=pulumi.ResourceOptions(depends_on=[inline, logs]),
)
aws.lambda_.Alias("live", name="live", function_name=function.name, function_version=function.version)
aws.lambda_.FunctionEventInvokeConfig(
    "async", function_name=function.name, maximum_retry_attempts=1, maximum_event_age_in_seconds=600
)

# An HTTP API
access = aws.cloudwatch.LogGroup("access", retention_in_days=14)
api = aws.apigatewayv2.Api(
    "api",
    protocol_type="HTTP",
    description="an API",
    cors_configuration={"allow_origins": ["https://ops.example.com"], "allow_methods": ["POST"], "max_age": 600},
)
integration = aws.apigatewayv2.Integration(
    "integration",
    api_id=api.id,
    integration_type="AWS_PROXY",
    integration_uri=function.invoke_arn,
    payload_format_version="2.0",
    timeout_milliseconds=29000,
)
route = aws.apigatewayv2.Route(
    "route", api_id=api.id, route_key="POST /hello", target=integration.id.apply(lambda i: f"integrations/{i}")
)
stage = aws.apigatewayv2.Stage(
    "stage",
    api_id=api.id,
    name="$default",
    auto_deploy=True,
    access_log_settings={"destination_arn": access.arn, "format": "$context.requestId"},
    default_route_settings={"throttling_burst_limit": 100, "throttling_rate_limit": 50.5},
)
aws.lambda_.Permission(
    "api-may-call",
    action="lambda:InvokeFunction",
    function=function.name,
    principal="apigateway.amazonaws.com",
    source_arn=api.execution_arn.apply(lambda arn: f"{arn}/*/*"),
)

# A state machine, started by a rule
machine_role = aws.iam.Role("machine-role", name="everything-machine", assume_role_policy=trust("states.amazonaws.com"))
machine_logs = aws.cloudwatch.LogGroup("machine-logs", name="/aws/vendedlogs/states/everything", retention_in_days=14)
machine = aws.sfn.StateMachine(
    "machine",
    role_arn=machine_role.arn,
    definition=json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
    logging_configuration={
        "level": "ALL",
        "include_execution_data": False,
        "log_destination": machine_logs.arn.apply(lambda arn: f"{arn}:*"),
    },
    tracing_configuration={"enabled": True},
)
aws.cloudwatch.LogResourcePolicy(
    "log-delivery",
    policy_name="everything",
    policy_document=policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": "logs:PutLogEvents",
            "Resource": "*",
        }
    ),
)
connection = aws.cloudwatch.EventConnection(
    "connection",
    authorization_type="API_KEY",
    auth_parameters={
        "api_key": {
            "key": "Authorization",
            "value": password.result.apply(lambda token: f"Bearer {token}"),
        }
    },
)
bus = aws.cloudwatch.EventBus("bus", name="everything")
rule = aws.cloudwatch.EventRule(
    "rule", event_bus_name=bus.name, event_pattern=json.dumps({"source": ["everything"]}), description="a rule"
)
aws.cloudwatch.EventTarget(
    "rule-target",
    rule=rule.name,
    event_bus_name=bus.name,
    arn=machine.arn,
    role_arn=machine_role.arn,
    input_path="$.detail",
    dead_letter_config={"arn": dead_letters.arn},
    retry_policy={"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 3},
)
every_five = aws.cloudwatch.EventRule("every-five", schedule_expression="rate(5 minutes)")
aws.cloudwatch.EventTarget("every-five-target", rule=every_five.name, target_id="function", arn=function.arn)
aws.cloudwatch.EventArchive("archive", name="everything", event_source_arn=bus.arn, retention_days=30)
aws.scheduler.Schedule(
    "schedule",
    schedule_expression="rate(1 hour)",
    flexible_time_window={"mode": "OFF"},
    target={"arn": function.arn, "role_arn": machine_role.arn},
)

# Monitoring
failed = aws.cloudwatch.MetricAlarm(
    "failed",
    name="everything-failed",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    metric_name="ExecutionsFailed",
    namespace="AWS/States",
    period=300,
    statistic="Sum",
    threshold=0.5,
    dimensions={"StateMachineArn": machine.arn},
    alarm_actions=[topic.arn],
    treat_missing_data="notBreaching",
)
rate = aws.cloudwatch.MetricAlarm(
    "rate",
    name="everything-rate",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    threshold=5,
    metric_queries=[
        {"id": "rate", "expression": "100 * failed", "label": "Failed", "return_data": True},
        {
            "id": "failed",
            "metric": {
                "metric_name": "ExecutionsFailed",
                "namespace": "AWS/States",
                "period": 300,
                "stat": "Sum",
                "dimensions": {"StateMachineArn": machine.arn},
            },
        },
    ],
)
aws.cloudwatch.CompositeAlarm(
    "any",
    alarm_name="everything-any",
    alarm_rule=pulumi.Output.concat("ALARM(", failed.name, ") OR ALARM(", rate.name, ")"),
    alarm_actions=[topic.arn],
)
aws.cloudwatch.Dashboard("dashboard", dashboard_name="everything", dashboard_body=json.dumps({"widgets": []}))
aws.cloudwatch.QueryDefinition("query", name="errors", query_string="fields @message", log_group_names=[logs.name])

pulumi.export("account", account)
pulumi.export("region", region)
pulumi.export("bucket_name", bucket.bucket)
pulumi.export("bucket_tags", bucket.tags_all)
pulumi.export("state_machine_arn", machine.arn)
pulumi.export("api_endpoint", api.api_endpoint)
pulumi.export("hello_url", stage.invoke_url.apply(lambda url: f"{url}hello"))
pulumi.export("secret_arn", secret.arn)
pulumi.export("password", password.result)
pulumi.export("delay_seconds", config.require_int("delaySeconds"))
pulumi.export("statuses", config.require_object("statuses"))
pulumi.export("verbose", config.require_bool("verbose"))
pulumi.export("title", config.require("title"))
