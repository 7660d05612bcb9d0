"""Two of every component in one stack, by the arguments that have no default, and with a key of the same program."""

from pathlib import Path

import pulumi
import pulumi_aws as aws

from components import (
    ApiArgs,
    Hold,
    HoldArgs,
    MockApis,
    MockApisArgs,
    Monitoring,
    MonitoringArgs,
    Operator,
    OperatorArgs,
    Orders,
    OrdersArgs,
    OrdersEvents,
    OrdersEventsArgs,
    OrdersStorage,
    OrdersStorageArgs,
    Recorder,
    RecorderArgs,
    Release,
    ReleaseArgs,
    Runtime,
    Services,
    ServicesArgs,
    Storage,
    StorageArgs,
    Tokens,
    TokensArgs,
)
from components.mock_apis import MOCKS

PREFIX = "pair"
runtime = Runtime(prefix=PREFIX, bundle=Path(__file__).parent / "code")
key = aws.kms.Key("key", description="Encrypts one of each two")

for name, kms_key_arn in {"one": None, "two": key.arn}.items():
    tokens = Tokens(
        f"{name}-tokens", TokensArgs(prefix=PREFIX, given=dict.fromkeys(MOCKS, ""), kms_key_arn=kms_key_arn)
    )
    storage = Storage(f"{name}-storage", StorageArgs(prefix=PREFIX, kms_key_arn=kms_key_arn))
    mocks = MockApis(
        f"{name}-mock", MockApisArgs(runtime=runtime, secret_arn=tokens.secret_arn, kms_key_arn=kms_key_arn)
    )
    hold = Hold(
        f"{name}-hold",
        HoldArgs(runtime=runtime, workflows=[f"{name}-release"], kms_key_arn=kms_key_arn),
    )
    release = Release(
        f"{name}-release",
        ReleaseArgs(
            prefix=PREFIX,
            bucket_name=storage.bucket_name,
            bucket_arn=storage.bucket_arn,
            stories_table_name=hold.table_name,
            stories_table_arn=hold.table_arn,
            apis={mock: ApiArgs(url=mocks.url(mock), token=tokens.apis[mock]) for mock in MOCKS},
            kms_key_arn=kms_key_arn,
        ),
    )
    orders_storage = OrdersStorage(f"{name}-shop", OrdersStorageArgs(prefix=PREFIX, kms_key_arn=kms_key_arn))
    services = Services(
        f"{name}-services", ServicesArgs(runtime=runtime, storage=orders_storage, kms_key_arn=kms_key_arn)
    )
    orders = Orders(
        f"{name}-orders",
        OrdersArgs(runtime=runtime, services=services, storage=orders_storage, kms_key_arn=kms_key_arn),
    )
    events = OrdersEvents(
        f"{name}-orders-events",
        OrdersEventsArgs(prefix=PREFIX, state_machine_arn=orders.workflow.arn, kms_key_arn=kms_key_arn),
    )
    recorder = Recorder(
        f"{name}-recorder",
        RecorderArgs(
            runtime=runtime,
            state_machines=[release.recorded, orders.recorded],
            bucket_name=storage.bucket_name,
            bucket_arn=storage.bucket_arn,
            stories_table_name=hold.table_name,
            stories_table_arn=hold.table_arn,
            kms_key_arn=kms_key_arn,
        ),
    )
    functions = [hold.callback.function, hold.sweeper.function, recorder.function, *services.functions]
    Monitoring(
        f"{name}-monitoring",
        MonitoringArgs(
            prefix=PREFIX,
            release=release.workflow,
            orders=orders.workflow,
            functions=functions,
            services=services.answering,
            apis=[hold.callback.api, mocks.api],
            callback=hold.callback,
            sweeper=hold.sweeper.function,
            orders_dead_letters=events.dead_letters,
            kms_key_arn=kms_key_arn,
        ),
    )
    Operator(
        f"{name}-operator",
        OperatorArgs(
            prefix=PREFIX,
            workflows=[release.workflow, orders.workflow],
            bucket_arn=storage.bucket_arn,
            log_group_arns=[function.log_group_arn for function in functions],
            kms_key_arn=kms_key_arn,
        ),
    )
    pulumi.export(f"{name}_state_machine_arn", release.workflow.arn)
    pulumi.export(f"{name}_callback_api_endpoint", hold.callback.endpoint)
