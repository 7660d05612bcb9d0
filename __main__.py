"""The whole deployment, from settings to outputs."""

import pulumi

from components import bundle
from components.function import Runtime
from components.hold import Hold, HoldArgs
from components.http_api import API_TIMEOUT_SECONDS
from components.mock_apis import MockApis, MockApisArgs
from components.monitoring import Monitoring, MonitoringArgs
from components.operator import Operator, OperatorArgs
from components.orders import Orders, OrdersArgs
from components.orders_events import OrdersEvents, OrdersEventsArgs
from components.orders_storage import OrdersStorage, OrdersStorageArgs
from components.recorder import Recorder, RecorderArgs
from components.release import ApiArgs, Release, ReleaseArgs
from components.services import Services, ServicesArgs
from components.settings import Settings
from components.storage import Storage, StorageArgs
from components.tokens import Tokens, TokensArgs

settings = Settings.load()
kms_key_arn = settings.kms_key_arn or None

runtime = Runtime(
    prefix=settings.prefix,
    bundle=bundle.build(settings.lambda_runtime, settings.lambda_architecture),
    identifier=settings.lambda_runtime,
    architecture=settings.lambda_architecture,
    memory_size=settings.lambda_memory_size,
    log_retention_days=settings.log_retention_days,
)

storage = Storage(
    "storage",
    StorageArgs(
        prefix=settings.prefix,
        input_prefix=settings.input_prefix,
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

mock_apis = MockApis(
    "mock",
    MockApisArgs(
        runtime=runtime,
        timeout=min(settings.lambda_timeout, API_TIMEOUT_SECONDS),
        delay_seconds=settings.mock_delay_seconds,
        secret_arn=tokens.secret_arn,
        kms_key_arn=kms_key_arn,
        throttle_rate_limit=settings.throttle_rate_limit,
        throttle_burst_limit=settings.throttle_burst_limit,
    ),
)

hold = Hold(
    "hold",
    HoldArgs(
        runtime=runtime,
        workflows=["release"],
        timeout_seconds=settings.callback_timeout_seconds,
        function_timeout=settings.lambda_timeout,
        secret_arn=tokens.secret_arn,
        reminder_after_seconds=settings.reminder_after_seconds,
        reminder_email=settings.reminder_email or None,
        kms_key_arn=kms_key_arn,
        protect=settings.protect_data,
        done_statuses=settings.jira_done_statuses,
        failed_statuses=settings.jira_failed_statuses,
        cors_allowed_origins=settings.cors_allowed_origins,
        approval_links=settings.approval_links,
        approval_link_seconds=settings.approval_link_seconds,
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
            api.name: ApiArgs(url=api.url or mock_apis.url(api.name), token=tokens.apis[api.name], **api.calling)
            for api in settings.apis
        },
        timeout_seconds=settings.state_machine_timeout_seconds,
        callback_timeout_seconds=settings.callback_timeout_seconds,
        log_retention_days=settings.log_retention_days,
        log_execution_data=settings.log_execution_data,
        token_generation=settings.token_generation,
        input_prefix=settings.input_prefix,
        input_buckets=settings.input_buckets,
        kms_key_arn=kms_key_arn,
    ),
)

orders_storage = OrdersStorage(
    "orders-storage",
    OrdersStorageArgs(prefix=settings.prefix, kms_key_arn=kms_key_arn, protect=settings.protect_data),
)

services = Services(
    "services",
    ServicesArgs(
        runtime=runtime,
        timeout=settings.lambda_timeout,
        storage=orders_storage,
        kms_key_arn=kms_key_arn,
        payment_failure_rate=settings.payment_failure_rate,
        inventory_failure_rate=settings.inventory_failure_rate,
    ),
)

orders = Orders(
    "orders",
    OrdersArgs(
        runtime=runtime,
        timeout=settings.lambda_timeout,
        services=services,
        storage=orders_storage,
        log_retention_days=settings.log_retention_days,
        log_execution_data=settings.log_execution_data,
        kms_key_arn=kms_key_arn,
    ),
)

orders_events = OrdersEvents(
    "orders-events",
    OrdersEventsArgs(
        prefix=settings.prefix,
        bus_name=settings.orders_event_bus_name,
        state_machine_arn=orders.workflow.arn,
        kms_key_arn=kms_key_arn,
    ),
)

recorder = Recorder(
    "recorder",
    RecorderArgs(
        runtime=runtime,
        timeout=settings.lambda_timeout,
        state_machines=[release.recorded, orders.recorded],
        bucket_name=storage.bucket_name,
        bucket_arn=storage.bucket_arn,
        stories_table_name=hold.table_name,
        stories_table_arn=hold.table_arn,
        kms_key_arn=kms_key_arn,
    ),
)

functions = [
    *(part.function for part in (hold.callback, hold.sweeper, recorder, orders.finisher)),
    *(recorder.catch_up, *mock_apis.functions.values(), *services.functions),
]

monitoring = Monitoring(
    "monitoring",
    MonitoringArgs(
        prefix=settings.prefix,
        alarm_email=settings.alarm_email or None,
        runbook_base_url=settings.runbook_base_url,
        kms_key_arn=kms_key_arn,
        release=release.workflow,
        orders=orders.workflow,
        functions=functions,
        services=services.answering,
        apis=[hold.callback.api, mock_apis.api],
        callback=hold.callback,
        sweeper=hold.sweeper.function,
        orders_dead_letters=orders_events.dead_letters,
        callback_timeout_seconds=settings.callback_timeout_seconds,
        service_error_threshold=settings.service_error_threshold,
    ),
)

operator = Operator(
    "operator",
    OperatorArgs(
        prefix=settings.prefix,
        workflows=[release.workflow, orders.workflow],
        bucket_arn=storage.bucket_arn,
        input_prefix=settings.input_prefix,
        log_group_arns=[
            *(workflow.log_group_arn for workflow in (release.workflow, orders.workflow)),
            *(api.log_group_arn for api in (hold.callback.api, mock_apis.api)),
            *(function.log_group_arn for function in functions),
        ],
        kms_key_arn=kms_key_arn,
    ),
)

pulumi.export("s3_bucket_name", storage.bucket_name)
pulumi.export("s3_bucket_arn", storage.bucket_arn)
pulumi.export("s3_input_prefix", settings.input_prefix)
pulumi.export("kms_key_arn", settings.kms_key_arn)
pulumi.export("dynamodb_table_name", hold.table_name)
pulumi.export("secrets_manager_arn", tokens.secret_arn)
for kind, workflow in {"": release.workflow, "orders_": orders.workflow}.items():
    pulumi.export(f"{kind}state_machine_arn", workflow.arn)
    pulumi.export(f"{kind}state_machine_name", workflow.name)
machines = {"release": release.workflow, "orders": orders.workflow}
pulumi.export("workflows", [{"name": each.name, "arn": each.arn, "kind": kind} for kind, each in machines.items()])
pulumi.export("stepfunctions_execution_role_arn", release.workflow.role_arn)
pulumi.export("stepfunctions_user_role_arn", operator.role_arn)
pulumi.export("callback_api_endpoint", hold.callback.endpoint)
pulumi.export("callback_lambda_arn", hold.callback.function.arn)
pulumi.export("mock_api_endpoint", mock_apis.endpoint)
for mock, function in mock_apis.functions.items():
    pulumi.export(f"mock_{mock}_lambda_arn", function.arn)
pulumi.export("sweeper_lambda_arn", hold.sweeper.function.arn)
pulumi.export("recorder_lambda_arn", recorder.function.arn)
pulumi.export("catch_up_lambda_arn", recorder.catch_up.arn)
pulumi.export("example_execution_command", release.example_command)
pulumi.export("orders_event_bus_name", orders_events.bus_name)
pulumi.export("orders_event_rule_name", orders_events.rule_name)
pulumi.export("orders_finisher_lambda_arn", orders.finisher.function.arn)
pulumi.export("orders_dlq_url", orders_events.dead_letters.url)
for table, name in orders_storage.table_names.items():
    pulumi.export(f"{table}_table_name", name)
for service, function in services.by_name.items():
    pulumi.export(f"{service}_service_lambda_arn", function.arn)
pulumi.export("dashboard_name", monitoring.dashboard_name)
pulumi.export("alarm_topic_arn", monitoring.topic_arn)
pulumi.export("reminder_topic_arn", hold.sweeper.reminder_topic_arn)
