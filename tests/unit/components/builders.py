"""Arguments for components in tests, as other components would give them."""

import pulumi

from components.function import Function, FunctionArgs, Runtime

ACCOUNT_ARN = "us-east-1:123456789012"
BUCKET_ARN = "arn:aws:s3:::files"
TABLE_ARN = f"arn:aws:dynamodb:{ACCOUNT_ARN}:table/stories"
SECRET_ARN = f"arn:aws:secretsmanager:{ACCOUNT_ARN}:secret:tokens"
MACHINE_ARN = f"arn:aws:states:{ACCOUNT_ARN}:stateMachine:release"
EXECUTIONS_ARN = f"arn:aws:states:{ACCOUNT_ARN}:execution:release:*"
KEY_ARN = f"arn:aws:kms:{ACCOUNT_ARN}:key/1"

EVERY_FUNCTION_MAY = {
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
}


def known(text: str) -> pulumi.Output[str]:
    """Return an Output with that value."""
    return pulumi.Output.from_input(text)


def echo(runtime: Runtime, name: str = "echo") -> Function:
    """Return the arguments of a function without permissions."""
    args = FunctionArgs(runtime=runtime, handler="handlers.echo.handler", timeout=5, environment={}, statements=[])
    return Function(name, args)
