"""A function with all that hangs on it, and an HTTP API in front of it."""

import pulumi
import pulumi_aws as aws

from tests.unit.sandbox.programs.every_type.policies import policy, trust


def function_with_logs(
    table: aws.dynamodb.Table, dead_letters: aws.sqs.Queue
) -> tuple[aws.lambda_.Function, aws.cloudwatch.LogGroup]:
    """Create a function that may read the table, with role, asynchronous settings and log group."""
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
        policy=table.arn.apply(
            lambda arn: policy({"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": arn})
        ),
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
    aws.lambda_.FunctionEventInvokeConfig(
        "async", function_name=function.name, maximum_retry_attempts=1, maximum_event_age_in_seconds=600
    )
    aws.lambda_.Invocation(
        "call", function_name=function.name, input='{"body": "hello"}', triggers={"version": function.version}
    )
    return function, logs


def http_api(function: aws.lambda_.Function) -> tuple[aws.apigatewayv2.Api, aws.apigatewayv2.Stage]:
    """Create an HTTP API that calls the function."""
    access = aws.cloudwatch.LogGroup("access", retention_in_days=14)
    api = aws.apigatewayv2.Api(
        "api",
        protocol_type="HTTP",
        description="an API",
        cors_configuration={"allow_origins": ["https://ops.example.com"], "allow_methods": ["POST"], "max_age": 600},
    )
    live = aws.lambda_.Alias("live", name="live", function_name=function.name, function_version=function.version)
    integration = aws.apigatewayv2.Integration(
        "integration",
        api_id=api.id,
        integration_type="AWS_PROXY",
        integration_uri=live.invoke_arn,
        payload_format_version="2.0",
        timeout_milliseconds=29000,
    )
    aws.apigatewayv2.Route(
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
        qualifier=live.name,
        principal="apigateway.amazonaws.com",
        source_arn=api.execution_arn.apply(lambda arn: f"{arn}/*/*"),
    )
    return api, stage
