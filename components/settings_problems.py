"""Problems of settings in combination: each line begins with a key, and names the command that corrects it."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from components import api_settings, approval_settings
from components.order_service_settings import service_calls
from components.reminders import Reminder

if TYPE_CHECKING:
    from components.settings import Settings

_PRODUCTION = re.compile(r"prod|live")
"""Prefixes of the environment of a stack that serves customers."""


def problems(settings: "Settings") -> Iterator[str]:
    """Yield every contradiction between keys."""
    yield from api_settings.problems(settings.apis, settings.api_tokens, has_mocks=settings.mock_apis)
    yield from approval_settings.problems(
        settings.approval_policies,
        settings.approval_groups,
        has_links=settings.approval_links,
        orders_wait=bool(settings.orders and settings.orders_approval_above),
    )
    yield from _of_features(settings)
    yield from _of_prefixes(settings)
    yield from _of_network(settings)
    try:
        service_calls(settings.order_services)
    except ValueError as error:
        yield f"orderServices: {error}; by pulumi config set --path 'orderServices.<service>.maxAttempts' <retries>"
    if settings.backup_copy_vault_arn and not settings.backup_schedule:
        yield (
            f"backupCopyVaultArn is {settings.backup_copy_vault_arn}: there is nothing to copy without backupSchedule; "
            "set that, or by pulumi config rm backupCopyVaultArn"
        )
    if settings.table_capacity_min > settings.table_capacity_max:
        yield (
            f"tableCapacityMin is {settings.table_capacity_min}: must not be more than tableCapacityMax, so at most "
            f"{settings.table_capacity_max}; by pulumi config set tableCapacityMin <units>"
        )
    if settings.reminder_after_seconds >= settings.callback_timeout_seconds:
        yield (
            f"reminderAfterSeconds is {settings.reminder_after_seconds}: must be less than callbackTimeoutSeconds, so "
            f"less than {settings.callback_timeout_seconds}; 0 means a sixth of it"
        )
    if settings.reminders and settings.reminder_after_seconds:
        yield (
            f"reminderAfterSeconds is {settings.reminder_after_seconds}: reminders takes its place; give one of them, "
            f"such as reminders: [after {settings.reminder_after_seconds}]"
        )
    longest = settings.callback_timeout_seconds
    for index, text in enumerate(settings.reminders):
        if not 0 < Reminder.parse(text).seconds_of(longest) < longest:
            yield f"reminders[{index}] is {text!r}: must be within callbackTimeoutSeconds, so less than {longest}"
    both = set(map(_folded, settings.jira_done_statuses)) & set(map(_folded, settings.jira_failed_statuses))
    if both:
        yield f"jiraDoneStatuses and jiraFailedStatuses share {', '.join(sorted(both))}"


def _of_features(settings: "Settings") -> Iterator[str]:
    if settings.demo_failures and _PRODUCTION.match(settings.environment):
        yield (
            f"demoFailures is true: must be false in the environment {settings.environment}, because with it an order "
            "or a package fails by its name; by pulumi config set demoFailures false"
        )
    rates = {
        "paymentFailureRate": settings.payment_failure_rate,
        "inventoryFailureRate": settings.inventory_failure_rate,
    }
    for key, rate in rates.items():
        if float(rate) and not settings.demo_failures:
            yield f"{key} is {rate}: works with demoFailures only; set that to true, or by pulumi config rm {key}"
    if settings.orders_approval_above and not settings.orders:
        yield (
            f"ordersApprovalAbove is {settings.orders_approval_above}: there are no orders without orders; set that to "
            "true, or by pulumi config rm ordersApprovalAbove"
        )
    if settings.alarm_email and not settings.monitoring:
        yield (
            f"alarmEmail is {settings.alarm_email}: there are no alarms without monitoring; set that to true, or "
            "by pulumi config rm alarmEmail"
        )


def _of_network(settings: "Settings") -> Iterator[str]:
    if bool(settings.subnet_ids) != bool(settings.security_group_ids):
        given, missing = ("subnetIds", "securityGroupIds") if settings.subnet_ids else ("securityGroupIds", "subnetIds")
        yield f"{missing} is missing: must be given with {given}; by pulumi config set --path '{missing}[0]' <id>"
    if settings.vpc_cidr and settings.subnet_ids:
        yield (
            f"vpcCidr is {settings.vpc_cidr}: must be empty with subnetIds, which name a network that exists; by "
            "pulumi config rm vpcCidr"
        )


def _of_prefixes(settings: "Settings") -> Iterator[str]:
    """Yield overlapping prefixes: results must not be read as documents, nor documents deleted as results."""
    prefixes = {
        "inputPrefix": settings.input_prefix,
        "outputPrefix": settings.output_prefix,
        "logPrefix": settings.log_prefix,
    }
    for (key, prefix), (other, its) in itertools.permutations(prefixes.items(), 2):
        if prefix.startswith(its) and (prefix != its or key < other):
            yield (
                f"{key} is {prefix}: must not begin with {its}, which is {other}; by pulumi config set {key} <prefix>/"
            )


def _folded(name: str) -> str:
    """Normalize a status name as the callback function does for comparison (`handlers/callback`)."""
    text = unicodedata.normalize("NFD", name)
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
    return text.strip()
