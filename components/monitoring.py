"""Monitoring of a stack: alarms, a dashboard and saved log queries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import alarms, dashboard, defaults, log_queries
from components.alarms import Alarm
from components.callback import Callback
from components.dashboard import Shown
from components.function import Function
from components.http_api import HttpApi
from components.log_queries import Logs
from components.topic import Topic, TopicArgs
from components.workflow import Workflow


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """The monitored parts of a stack, and the alarm mail's address. `runbook_base_url` is empty without published
    pages.

    A stack without orders has no `orders`, `services` or `orders_dead_letters`.
    The `services` are among the functions; `service_error_threshold` errors of one within five minutes set off its
    alarm.
    """

    prefix: str
    alarm_email: pulumi.Input[str] | None = None
    runbook_base_url: str = ""
    kms_key_arn: pulumi.Input[str] | None = None
    release: Workflow
    orders: Workflow | None = None
    functions: Sequence[Function]
    services: Sequence[Function] = ()
    apis: Sequence[HttpApi]
    callback: Callback
    sweeper: Function
    orders_dead_letters: aws.sqs.Queue | None = None
    callback_timeout_seconds: int = defaults.CALLBACK_TIMEOUT_SECONDS
    service_error_threshold: int = defaults.SERVICE_ERROR_THRESHOLD

    @property
    def workflows(self) -> Sequence[Workflow]:
        """Return the release workflow, and the orders workflow if there is one."""
        return [self.release] if self.orders is None else [self.release, self.orders]

    @property
    def dead_letters(self) -> Sequence[aws.sqs.Queue]:
        """Return every dead-letter queue."""
        own = (function.dead_letters for function in self.functions)
        return [queue for queue in (self.orders_dead_letters, *own) if queue is not None]


class Monitoring(pulumi.ComponentResource):
    """The alarms and their topic, the dashboard, and the saved queries.

    Example:
        Monitoring(
            "monitoring",
            MonitoringArgs(
                prefix="shop-dev",
                release=release.workflow,
                orders=orders.workflow,
                functions=[hold.callback.function, hold.sweeper.function, *services.functions],
                services=services.answering,
                apis=[hold.callback.api],
                callback=hold.callback,
                sweeper=hold.sweeper.function,
                orders_dead_letters=orders_events.dead_letters,
                alarm_email="ops@example.com",
            ),
        )
    """

    topic_arn: pulumi.Output[str]
    dashboard_name: pulumi.Output[str]

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("holdpoint:index:Monitoring", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Without the stack's own key, KMS does not encrypt the topic: CloudWatch may not use AWS's key, and a message
        # contains only an alarm's name and a number.
        topic = Topic(
            f"{name}-alarms",
            TopicArgs(prefix=args.prefix, kms_key=args.kms_key_arn, email=args.alarm_email, open_to_alarms=True),
            opts=child,
        )
        self.topic_arn = topic.arn
        logs = _logs(args)
        shown = Shown(
            alarm_arns=[self._alarm(name, args, alarm) for alarm in _alarms(args)],
            release=args.release,
            orders=args.orders,
            functions=args.functions,
            apis=args.apis,
            dead_letters=args.dead_letters,
            callback=args.callback.function,
            sweeper=args.sweeper,
            last_errors=log_queries.last_errors(logs),
        )
        region = aws.get_region_output(opts=pulumi.InvokeOutputOptions(parent=self)).region
        page = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=f"{args.prefix}-{name}",
            dashboard_body=dashboard.body(shown, region),
            opts=child,
        )
        for query in log_queries.queries(logs):
            aws.cloudwatch.QueryDefinition(
                f"{name}-query-{query.key}",
                # The console makes folders of it.
                name=f"{args.prefix}/{query.name}",
                log_group_names=list(query.log_groups),
                query_string=query.text,
                opts=child,
            )
        self.dashboard_name = page.dashboard_name
        self.register_outputs({"dashboard_name": self.dashboard_name})

    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """Return the stack outputs of monitoring; a stack without monitoring has none of them."""
        return {"dashboard_name": self.dashboard_name, "alarm_topic_arn": self.topic_arn}

    def _alarm(self, name: str, args: MonitoringArgs, alarm: Alarm) -> pulumi.Output[str]:
        return aws.cloudwatch.MetricAlarm(
            f"{name}-{alarm.name}",
            name=f"{args.prefix}-{alarm.name}",
            alarm_description=alarm.description(args.runbook_base_url or alarms.RUNBOOKS),
            namespace=alarm.metric.namespace,
            metric_name=alarm.metric.name,
            dimensions=dict(alarm.metric.dimensions),
            statistic=alarm.metric.statistic,
            period=alarms.PERIOD_SECONDS,
            evaluation_periods=alarm.periods,
            comparison_operator="LessThanThreshold" if alarm.is_below else "GreaterThanOrEqualToThreshold",
            threshold=alarm.threshold,
            treat_missing_data=alarm.missing,
            warm_up_configuration={"warm_up_period_duration_in_minutes": alarm.warm_up_minutes}
            if alarm.warm_up_minutes
            else None,
            alarm_actions=[self.topic_arn],
            ok_actions=[self.topic_arn] if alarm.notifies_ok else None,
            opts=pulumi.ResourceOptions(parent=self),
        ).arn


def _alarms(args: MonitoringArgs) -> Iterator[Alarm]:
    for workflow in args.workflows:
        yield from alarms.of_workflow(workflow)
    for function in args.functions:
        if function in args.services:
            yield from alarms.of_service(function, args.service_error_threshold)
        else:
            yield from alarms.of_function(function)
    for api in args.apis:
        yield alarms.of_api(api)
    for queue in args.dead_letters:
        yield alarms.of_dead_letters(queue)
    yield from alarms.of_stories(args.sweeper, args.callback_timeout_seconds)


def _logs(args: MonitoringArgs) -> Logs:
    return Logs(
        workflows=[workflow.log_group_name for workflow in args.workflows],
        functions=[function.log_group_name for function in args.functions],
        services=[service.log_group_name for service in args.services],
        callback=[args.callback.function.log_group_name],
        callback_api=[args.callback.api.log_group_name],
        sweeper=[args.sweeper.log_group_name],
    )
