"""Mocks of the three APIs that a release calls, behind one HTTP API."""

import json
from dataclasses import dataclass

import pulumi

from components import defaults
from components.function import Function, FunctionArgs, Runtime
from components.http_api import API_TIMEOUT_SECONDS, HttpApi, HttpApiArgs
from components.policies import allow, read_with_key

MOCKS = ("validation", "deployment", "notification")

FAILING_MOCKS = ("validation", "deployment")
"""The mocks that do not always answer SUCCESS with `demo_failures`."""

ANSWER_SECONDS = 4
"""Time that a mock needs besides its delay: a cold start, and reading its token."""


@dataclass(frozen=True, kw_only=True)
class MockApisArgs:
    """`delay_seconds` is the time before each answer; `demo_failures` lets ids request failures."""

    runtime: Runtime
    timeout: int = API_TIMEOUT_SECONDS
    delay_seconds: int = 0
    demo_failures: bool = False
    secret_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str] | None = None
    throttle_rate_limit: pulumi.Input[int] = defaults.THROTTLE_RATE_LIMIT
    throttle_burst_limit: pulumi.Input[int] = defaults.THROTTLE_BURST_LIMIT


class MockApis(pulumi.ComponentResource):
    """`POST {endpoint}/validation`, `/deployment` and `/notification`, each with its own token.

    Example:
        MockApis("mock", MockApisArgs(runtime=runtime, secret_arn=tokens.secret_arn)).url("validation")
    """

    endpoint: pulumi.Output[str]
    functions: dict[str, Function]
    api: HttpApi

    def __init__(self, name: str, args: MockApisArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:MockApis", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        read_tokens = allow(["secretsmanager:GetSecretValue"], [args.secret_arn])
        self.functions = {
            mock: Function(
                f"{name}-{mock}",
                FunctionArgs(
                    runtime=args.runtime,
                    kms_key_arn=args.kms_key_arn,
                    handler=f"handlers.mock_apis.{mock}.handler",
                    timeout_range=(args.delay_seconds + ANSWER_SECONDS, API_TIMEOUT_SECONDS),
                    timeout=min(max(args.timeout, args.delay_seconds + ANSWER_SECONDS), API_TIMEOUT_SECONDS),
                    environment={
                        "SECRET_ARN": args.secret_arn,
                        "MOCK_DELAY_SECONDS": str(args.delay_seconds),
                        **({"DEMO_FAILURES": json.dumps(args.demo_failures)} if mock in FAILING_MOCKS else {}),
                    },
                    statements=[read_tokens, *read_with_key(args.kms_key_arn, "secretsmanager")],
                ),
                opts=child,
            )
            for mock in MOCKS
        }
        self.api = HttpApi(
            f"{name}-apis",
            HttpApiArgs(
                prefix=args.runtime.prefix,
                description="Mocks of the APIs that a release calls",
                routes={f"POST /{mock}": function for mock, function in self.functions.items()},
                throttle_rate_limit=args.throttle_rate_limit,
                throttle_burst_limit=args.throttle_burst_limit,
                log_retention_days=args.runtime.log_retention_days,
                kms_key_arn=args.kms_key_arn,
            ),
            opts=child,
        )
        self.endpoint = self.api.endpoint
        self.register_outputs({"endpoint": self.endpoint})

    def url(self, mock: str) -> pulumi.Output[str]:
        """Return the full URL of one of the mocks."""
        return self.endpoint.apply(lambda endpoint: f"{endpoint}/{mock}")

    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """Return the stack outputs of the mocks; a stack without mocks has none of them."""
        arns = {f"mock_{mock}_lambda_arn": function.arn for mock, function in self.functions.items()}
        return {"mock_api_endpoint": self.endpoint, **arns}
