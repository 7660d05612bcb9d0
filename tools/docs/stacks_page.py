"""docs/stacks.md: how the stacks differ, from their files and the defaults."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pulumi

from components.settings import Settings
from sandbox.stack import Stack, load
from tools.docs.templates import render

ROOT = Path(__file__).parents[2]

STACKS = ("dev", "staging", "prod", "local")

Row = Callable[[Settings], str]


def page() -> str:
    """Return the whole page."""
    stacks = [load(ROOT, name, encrypted="encrypted") for name in STACKS]
    settings = [_settings(stack) for stack in stacks]
    rows = [(title, key, [render_cell(each) for each in settings]) for (title, key), render_cell in ROWS.items()]
    tags = ["<br>".join(f"`{key}={value}`" for key, value in stack.default_tags.items()) for stack in stacks]
    return render("stacks.md.j2", stacks=STACKS, rows=[*rows, ("tags of every resource", "aws:defaultTags", tags)])


def _settings(stack: Stack) -> Settings:
    pulumi.runtime.settings.configure(pulumi.runtime.settings.Settings(project=stack.project, stack=stack.name))
    pulumi.runtime.set_all_config(dict(stack.config))
    return Settings.load()


def _switch(is_on: bool) -> str:
    return "on" if is_on else "off"


def _capacity(settings: Settings) -> str:
    limits = f" ({settings.table_capacity_min} to {settings.table_capacity_max} units)"
    return settings.table_capacity + (limits if settings.capacity else "")


def _reserved(settings: Settings) -> str:
    reserved = {name: each.reserved_concurrency for name, each in settings.functions.items()}
    return ", ".join(f"{name}: {units}" for name, units in reserved.items() if units) or "none"


def _alarms(settings: Settings) -> str:
    return f"on, mail to {settings.alarm_email}" if settings.alarm_email else _switch(settings.monitoring)


ROWS: Mapping[tuple[str, str], Row] = {
    ("orders", "orders"): lambda stack: _switch(stack.orders),
    ("mocks of the APIs", "mockApis"): lambda stack: _switch(stack.mock_apis),
    ("failures on demand", "demoFailures"): lambda stack: _switch(stack.demo_failures),
    ("alarms and dashboard", "monitoring"): _alarms,
    ("retention of logs", "logRetentionDays"): lambda stack: f"{stack.log_retention_days} days",
    ("log level", "logLevel"): lambda stack: stack.log_level,
    ("memory of a function", "lambdaMemorySize"): lambda stack: f"{stack.lambda_memory_size} MB",
    ("reserved concurrency", "functions"): _reserved,
    ("capacity of the tables", "tableCapacity"): _capacity,
    ("network of the functions", "vpcCidr"): lambda stack: stack.vpc_cidr or ", ".join(stack.subnet_ids) or "no VPC",
    ("deletion protection", "protectData"): lambda stack: _switch(stack.protect_data),
    ("point-in-time recovery", "pointInTimeRecoveryDays"): lambda stack: f"{stack.point_in_time_recovery_days} days",
    ("backups", "backupSchedule"): lambda stack: (
        f"`{stack.backup_schedule}`, {stack.backup_keep_days} days" if stack.backup_schedule else "off"
    ),
    ("old versions of objects", "oldVersionDays"): lambda stack: f"{stack.old_version_days} days",
    ("results and logs in the bucket", "resultRetentionDays"): lambda stack: (
        f"{stack.result_retention_days} days" if stack.result_retention_days else "forever"
    ),
    ("KMS key", "kmsKeyArn"): lambda stack: f"`{stack.kms_key_arn}`" if stack.kms_key_arn else "AWS's own",
    ("order events", "ordersEventBusName"): lambda stack: (
        f"the bus `{stack.orders_event_bus_name}`" if stack.orders_event_bus_name else "a separate bus"
    ),
}
"""Label of each row, and the key that it shows."""
