"""Components for AWS Step Functions workflows that wait for people and call services.

`__main__.py` puts them together; another Pulumi program can take any of them. Rules that hold for all:

- A component takes its name, its arguments (`<Component>Args`) and `pulumi.ResourceOptions`.
- The names of its resources derive from the component's name and from `prefix`, so that two can live in one stack.
- Values may be Outputs, except those that decide which resources exist or how they are named: these are plain.
- An absent value is None; a value with a sensible default has it in `components/defaults.py`.

    storage = Storage("storage", StorageArgs(prefix="shop-dev"))
    workflow = Workflow("approval", WorkflowArgs(prefix="shop-dev", definition=text, statements=permissions))
"""

from components.approvers import Approvers, ApproversArgs
from components.backup import Backup, BackupArgs
from components.callback import Callback, CallbackArgs
from components.function import Function, FunctionArgs, FunctionNetwork, FunctionOverride, Runtime
from components.grants import grant_callback, grant_start
from components.hold import Hold, HoldArgs
from components.http_api import HttpApi, HttpApiArgs
from components.mock_apis import MockApis, MockApisArgs
from components.monitoring import Monitoring, MonitoringArgs
from components.network import Network, NetworkArgs
from components.operable import export_for_ops
from components.operator import Operator, OperatorArgs
from components.orders import Orders, OrdersArgs
from components.orders_events import OrdersEvents, OrdersEventsArgs
from components.orders_finisher import OrdersFinisher, OrdersFinisherArgs
from components.orders_storage import OrdersStorage, OrdersStorageArgs
from components.outputs import Outputs, StateMachineOutput
from components.recorder import Recorder, RecorderArgs
from components.release import ApiArgs, Release, ReleaseArgs
from components.reminders import Reminder
from components.rollout import Rollout
from components.services import Services, ServicesArgs
from components.storage import Storage, StorageArgs
from components.sweeper import ApprovalLinks, Sweeper, SweeperArgs
from components.table import ProvisionedCapacity
from components.tokens import Tokens, TokensArgs
from components.topic import Topic, TopicArgs
from components.workflow import RecordedStateMachine, Workflow, WorkflowArgs

__all__ = [
    "ApiArgs",
    "ApprovalLinks",
    "Approvers",
    "ApproversArgs",
    "Backup",
    "BackupArgs",
    "Callback",
    "CallbackArgs",
    "Function",
    "FunctionArgs",
    "FunctionNetwork",
    "FunctionOverride",
    "Hold",
    "HoldArgs",
    "HttpApi",
    "HttpApiArgs",
    "MockApis",
    "MockApisArgs",
    "Monitoring",
    "MonitoringArgs",
    "Network",
    "NetworkArgs",
    "Operator",
    "OperatorArgs",
    "Orders",
    "OrdersArgs",
    "OrdersEvents",
    "OrdersEventsArgs",
    "OrdersFinisher",
    "OrdersFinisherArgs",
    "OrdersStorage",
    "OrdersStorageArgs",
    "Outputs",
    "ProvisionedCapacity",
    "RecordedStateMachine",
    "Recorder",
    "RecorderArgs",
    "Release",
    "ReleaseArgs",
    "Reminder",
    "Rollout",
    "Runtime",
    "Services",
    "ServicesArgs",
    "StateMachineOutput",
    "Storage",
    "StorageArgs",
    "Sweeper",
    "SweeperArgs",
    "Tokens",
    "TokensArgs",
    "Topic",
    "TopicArgs",
    "Workflow",
    "WorkflowArgs",
    "export_for_ops",
    "grant_callback",
    "grant_start",
]
