"""Parts that components are given in tests, as another component would give them."""

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
    """An Output, as an attribute of another component is one."""
    return pulumi.Output.from_input(text)


def echo(runtime: Runtime, name: str = "echo") -> Function:
    """A function that needs nothing."""
    args = FunctionArgs(runtime=runtime, handler="handlers.echo.handler", timeout=5, environment={}, statements=[])
    return Function(name, args)
