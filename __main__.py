"""The whole deployment, from settings to outputs."""

import pulumi

from components import bundle
from components.backup import Backup, BackupArgs
from components.function import Runtime
from components.hold import Hold, HoldArgs
from components.http_api import API_TIMEOUT_SECONDS
from components.mock_apis import MockApis, MockApisArgs
from components.monitoring import Monitoring, MonitoringArgs
from components.network import Network, NetworkArgs
from components.operable import export_for_ops
from components.operator import Operator, OperatorArgs
from components.orders_parts import OrdersParts
from components.recorder import Recorder, RecorderArgs
from components.release import ApiArgs, Release, ReleaseArgs
from components.rollout import Rollout
from components.settings import Settings
from components.storage import Storage, StorageArgs
from components.tokens import Tokens, TokensArgs

settings = Settings.load()
kms_key_arn = settings.kms_key_arn or None
rollout = Rollout(strategy=settings.rollout, pause_minutes=settings.rollout_pause_minutes)

network = Network("network", NetworkArgs(prefix=settings.prefix, cidr=settings.vpc_cidr)) if settings.vpc_cidr else None

runtime = Runtime(
    prefix=settings.prefix,
    bundle=bundle.build(settings.lambda_runtime, settings.lambda_architecture),
    identifier=settings.lambda_runtime,
    architecture=settings.lambda_architecture,
    memory_size=settings.lambda_memory_size,
    log_retention_days=settings.log_retention_days,
    log_level=settings.log_level,
    overrides={name: each.override for name, each in settings.functions.items()},
    network=network.functions if network else settings.network,
)

storage = Storage(
    "storage",
    StorageArgs(
        prefix=settings.prefix,
        input_prefix=settings.input_prefix,
        result_prefixes=[settings.output_prefix, settings.log_prefix],
        result_retention_days=settings.result_retention_days,
        old_version_days=settings.old_version_days,
        kms_key_arn=kms_key_arn,
        protect=settings.protect_data,
    ),
)

tokens = Tokens(
    "tokens",
    TokensArgs(
        prefix=settings.prefix,
        generation=settings.token_generation,
        kms_key_arn=kms_key_arn,
        protect=settings.protect_data,
        given={api.name: settings.api_tokens.get(api.name, "") for api in settings.apis},
        links=settings.approval_links,
    ),
)

mock_apis = (
    MockApis(
        "mock",
        MockApisArgs(
            runtime=runtime,
            timeout=min(settings.lambda_timeout, API_TIMEOUT_SECONDS),
            delay_seconds=settings.mock_delay_seconds,
            demo_failures=settings.demo_failures,
            secret_arn=tokens.secret_arn,
            kms_key_arn=kms_key_arn,
            throttle_rate_limit=settings.throttle_rate_limit,
            throttle_burst_limit=settings.throttle_burst_limit,
        ),
    )
    if settings.mock_apis
    else None
)
mocks = {mock: mock_apis.url(mock) for mock in mock_apis.functions} if mock_apis else {}

hold = Hold(
    "hold",
    HoldArgs(
        runtime=runtime,
        workflows=["release", "orders"] if settings.orders and settings.orders_approval_above else ["release"],
        timeout_seconds=settings.callback_timeout_seconds,
        function_timeout=settings.lambda_timeout,
        secret_arn=tokens.secret_arn,
        reminder_after_seconds=settings.reminder_after_seconds,
        reminders=settings.reminders_sent,
        reminder_email=settings.reminder_email or None,
        kms_key_arn=kms_key_arn,
        protect=settings.protect_data,
        recovery_days=settings.point_in_time_recovery_days,
        capacity=settings.capacity,
        retention_days=settings.story_retention_days,
        done_statuses=settings.jira_done_statuses,
        failed_statuses=settings.jira_failed_statuses,
        cors_allowed_origins=settings.cors_allowed_origins,
        approval_links=settings.approval_links,
        approval_link_seconds=settings.approval_link_seconds,
        approvers=sorted({each for policy in settings.policies.values() for each in policy.approvers}),
        throttle_rate_limit=settings.throttle_rate_limit,
        throttle_burst_limit=settings.throttle_burst_limit,
    ),
)

release = Release(
    "release",
    ReleaseArgs(
        prefix=settings.prefix,
        bucket_name=storage.bucket_name,
        bucket_arn=storage.bucket_arn,
        stories_table_name=hold.table_name,
        stories_table_arn=hold.table_arn,
        apis={
            api.name: ApiArgs(
                url=api.url or mocks[api.name],
                token=tokens.apis[api.name],
                resource_configuration_arn=api.resource_configuration_arn or None,
                **api.calling,
            )
            for api in settings.apis
        },
        timeout_seconds=settings.state_machine_timeout_seconds,
        callback_timeout_seconds=settings.callback_timeout_seconds,
        log_retention_days=settings.log_retention_days,
        log_execution_data=settings.log_execution_data,
        token_generation=settings.token_generation,
        input_prefix=settings.input_prefix,
        output_prefix=settings.output_prefix,
        log_prefix=settings.log_prefix,
        story_retention_days=settings.story_retention_days,
        input_buckets=settings.input_buckets,
        kms_key_arn=kms_key_arn,
        policy=settings.policies["release"],
        rollout=rollout,
    ),
)

orders = OrdersParts.make(settings, runtime, rollout, hold.table) if settings.orders else None

if settings.backup_schedule:
    Backup(
        "backups",
        BackupArgs(
            prefix=settings.prefix,
            resource_arns=[storage.bucket_arn, hold.table_arn, *(orders.storage.table_arns if orders else ())],
            schedule=settings.backup_schedule,
            keep_days=settings.backup_keep_days,
            copy_vault_arn=settings.backup_copy_vault_arn or None,
            kms_key_arn=kms_key_arn,
            protect=settings.protect_data,
        ),
    )

recorder = Recorder(
    "recorder",
    RecorderArgs(
        runtime=runtime,
        timeout=settings.lambda_timeout,
        state_machines=[release.recorded, *(orders.recorded if orders else [])],
        bucket_name=storage.bucket_name,
        bucket_arn=storage.bucket_arn,
        stories_table_name=hold.table_name,
        stories_table_arn=hold.table_arn,
        log_prefix=settings.log_prefix,
        kms_key_arn=kms_key_arn,
    ),
)

machines = {"release": release.workflow, **({"orders": orders.machine.workflow} if orders else {})}
workflows = [release.workflow, *(orders.workflows if orders else [])]
apis = [hold.callback.api, *([mock_apis.api] if mock_apis else [])]
functions = [
    *(part.function for part in (hold.callback, hold.sweeper, recorder)),
    *(recorder.catch_up, *(mock_apis.functions.values() if mock_apis else ())),
    *((orders.machine.finisher.function, *orders.services.functions) if orders else ()),
]

monitoring = (
    Monitoring(
        "monitoring",
        MonitoringArgs(
            prefix=settings.prefix,
            alarm_email=settings.alarm_email or None,
            runbook_base_url=settings.runbook_base_url,
            kms_key_arn=kms_key_arn,
            release=release.workflow,
            orders=orders.machine.workflow if orders else None,
            functions=functions,
            services=orders.services.answering if orders else (),
            apis=apis,
            callback=hold.callback,
            sweeper=hold.sweeper.function,
            orders_dead_letters=orders.events.dead_letters if orders else None,
            callback_timeout_seconds=settings.callback_timeout_seconds,
            service_error_threshold=settings.service_error_threshold,
        ),
    )
    if settings.monitoring
    else None
)

operator = Operator(
    "operator",
    OperatorArgs(
        prefix=settings.prefix,
        workflows=workflows,
        bucket_arn=storage.bucket_arn,
        input_prefix=settings.input_prefix,
        log_group_arns=[
            *(workflow.log_group_arn for workflow in workflows),
            *(api.log_group_arn for api in apis),
            *(function.log_group_arn for function in functions),
        ],
        kms_key_arn=kms_key_arn,
    ),
)

pulumi.export("s3_bucket_name", storage.bucket_name)
pulumi.export("s3_bucket_arn", storage.bucket_arn)
pulumi.export("s3_input_prefix", settings.input_prefix)
pulumi.export("s3_output_prefix", settings.output_prefix)
pulumi.export("s3_log_prefix", settings.log_prefix)
pulumi.export("kms_key_arn", settings.kms_key_arn)
pulumi.export("state_machine_arn", release.workflow.arn)
pulumi.export("state_machine_alias_arn", release.workflow.alias_arn)
pulumi.export("state_machine_name", release.workflow.name)
export_for_ops(machines, hold)
pulumi.export("rollout", {"strategy": rollout.strategy, "pause_minutes": rollout.pause_minutes})
pulumi.export("stepfunctions_execution_role_arn", release.workflow.role_arn)
pulumi.export("stepfunctions_user_role_arn", operator.role_arn)
pulumi.export("callback_lambda_arn", hold.callback.function.arn)
pulumi.export("sweeper_lambda_arn", hold.sweeper.function.arn)
pulumi.export("recorder_lambda_arn", recorder.function.arn)
pulumi.export("catch_up_lambda_arn", recorder.catch_up.arn)
pulumi.export("example_execution_command", release.example_command)
pulumi.export("reminder_topic_arn", hold.sweeper.reminder_topic_arn)
optional: tuple[MockApis | OrdersParts | Monitoring | None, ...] = (mock_apis, orders, monitoring)
for part in filter(None, optional):
    for name, value in part.outputs().items():
        pulumi.export(name, value)
