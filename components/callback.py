"""The callback API: a decision on a Jira story resumes the release that waits for the story."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components import defaults
from components.function import Function, FunctionArgs, Runtime
from components.http_api import API_TIMEOUT_SECONDS, HttpApi, HttpApiArgs
from components.policies import allow, read_with_key, write_with_key
from components.workflow import execution_arns

PAGE_ROUTE = "ANY /callback/holds/{token}"
"""The approval page. One route for all methods: the page answers GET, HEAD and POST, and refuses the others itself."""


@dataclass(frozen=True, kw_only=True)
class CallbackArgs:
    """`done_statuses` and `failed_statuses` are names of Jira statuses; limits are requests a second and at once.

    `approval_links` adds the approval page, to which links lead; a link is valid for `approval_link_seconds`, 0 for
    as long as its hold waits.
    """

    runtime: Runtime
    timeout: int = API_TIMEOUT_SECONDS
    stories_table_name: pulumi.Input[str]
    stories_table_arn: pulumi.Input[str]
    secret_arn: pulumi.Input[str]
    state_machine_arns: Sequence[pulumi.Input[str]]
    kms_key_arn: pulumi.Input[str] | None = None
    done_statuses: Sequence[str] = defaults.JIRA_DONE_STATUSES
    failed_statuses: Sequence[str] = defaults.JIRA_FAILED_STATUSES
    cors_allowed_origins: Sequence[str] = ()
    throttle_rate_limit: pulumi.Input[int] = defaults.THROTTLE_RATE_LIMIT
    throttle_burst_limit: pulumi.Input[int] = defaults.THROTTLE_BURST_LIMIT
    approval_links: bool = False
    approval_link_seconds: pulumi.Input[int] = 0


class Callback(pulumi.ComponentResource):
    """`POST {endpoint}`, and the function behind it.

    Example:
        callback = Callback(
            "callback",
            CallbackArgs(
                runtime=runtime,
                stories_table_name=table.name,
                stories_table_arn=table.arn,
                secret_arn=tokens.secret_arn,
                state_machine_arns=[release.workflow.arn],
            ),
        )
        pulumi.export("callback_api_endpoint", callback.endpoint)
    """

    endpoint: pulumi.Output[str]
    function: Function
    api: HttpApi

    def __init__(self, name: str, args: CallbackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Callback", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.function = Function(
            name,
            FunctionArgs(
                runtime=args.runtime,
                kms_key_arn=args.kms_key_arn,
                handler="handlers.callback.receive.handler",
                timeout=args.timeout,
                timeout_range=(1, API_TIMEOUT_SECONDS),
                environment={
                    "STORIES_TABLE": args.stories_table_name,
                    "SECRET_ARN": args.secret_arn,
                    "JIRA_DONE_STATUSES": json.dumps(list(args.done_statuses)),
                    "JIRA_FAILED_STATUSES": json.dumps(list(args.failed_statuses)),
                    **(
                        {"APPROVAL_LINK_SECONDS": pulumi.Output.format("{}", args.approval_link_seconds)}
                        if args.approval_links
                        else {}
                    ),
                },
                statements=[
                    allow(["dynamodb:Query", "dynamodb:GetItem", "dynamodb:UpdateItem"], [args.stories_table_arn]),
                    allow(["secretsmanager:GetSecretValue"], [args.secret_arn]),
                    allow(["states:SendTaskSuccess", "states:SendTaskFailure"], args.state_machine_arns),
                    allow(["states:DescribeExecution"], [execution_arns(arn) for arn in args.state_machine_arns]),
                    *read_with_key(args.kms_key_arn, "dynamodb", "secretsmanager"),
                    *write_with_key(args.kms_key_arn, "states"),
                ],
            ),
            opts=child,
        )
        self.api = HttpApi(
            f"{name}-api",
            HttpApiArgs(
                prefix=args.runtime.prefix,
                description="Takes the callbacks of Jira stories",
                routes=dict.fromkeys(["POST /callback", *([PAGE_ROUTE] if args.approval_links else [])], self.function),
                throttle_rate_limit=args.throttle_rate_limit,
                throttle_burst_limit=args.throttle_burst_limit,
                log_retention_days=args.runtime.log_retention_days,
                kms_key_arn=args.kms_key_arn,
                cors_allowed_origins=args.cors_allowed_origins,
            ),
            opts=child,
        )
        self.endpoint = self.api.endpoint.apply(lambda endpoint: f"{endpoint}/callback")
        self.register_outputs({"endpoint": self.endpoint})
