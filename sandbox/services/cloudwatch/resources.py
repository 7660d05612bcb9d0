"""CloudWatch: alarms and dashboards."""

from typing import Any

from sandbox.clients import ACCOUNT_ID, REGION, Clients
from sandbox.resource_inputs import Inputs, given, tag_list


def _alarm_arn(name: str) -> str:
    return f"arn:aws:cloudwatch:{REGION}:{ACCOUNT_ID}:alarm:{name}"


def _actions(args: Inputs) -> dict[str, Any]:
    return given(
        ActionsEnabled=args.take("actionsEnabled", True),
        **args.parameters("alarmActions", "alarmDescription", "insufficientDataActions"),
        OKActions=args.take("okActions"),
    )


def _metric_alarm(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name(limit=255)
    clients("cloudwatch").put_metric_alarm(
        **_actions(args),
        **given(
            AlarmName=name,
            ComparisonOperator=args.require("comparisonOperator"),
            **args.parameters(
                "datapointsToAlarm",
                "evaluationPeriods",
                "extendedStatistic",
                "metricName",
                "namespace",
                "period",
                "statistic",
                "threshold",
                "thresholdMetricId",
                "unit",
            ),
            Dimensions=_dimensions(args.take("dimensions")),
            EvaluateLowSampleCountPercentile=args.take("evaluateLowSampleCountPercentiles"),
            Metrics=[_query(query) for query in args.blocks("metricQueries")] or None,
            TreatMissingData=args.take("treatMissingData", "missing"),
            **args.nested("warmUpConfiguration"),
            Tags=tag_list(args.tags()),
        ),
    )
    return name, {"name": name, "arn": _alarm_arn(name)}


def _dimensions(dimensions: dict[str, str] | None) -> list[dict[str, str]] | None:
    # The names of dimensions are data of the program, so they keep their case.
    return None if dimensions is None else [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _query(query: Inputs) -> dict[str, Any]:
    metric = query.block("metric")
    return given(
        Id=query.require("id"),
        **query.parameters("accountId", "expression", "label", "period", "returnData"),
        MetricStat=_statistic(metric) if metric else None,
    )


def _statistic(metric: Inputs) -> dict[str, Any]:
    return given(
        Metric=given(
            MetricName=metric.require("metricName"),
            Namespace=metric.take("namespace"),
            Dimensions=_dimensions(metric.take("dimensions")),
        ),
        Period=metric.require("period"),
        Stat=metric.require("stat"),
        Unit=metric.take("unit"),
    )


def _composite_alarm(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name("alarmName", limit=255)
    suppressor = args.block("actionsSuppressor")
    clients("cloudwatch").put_composite_alarm(
        **_actions(args),
        **given(
            AlarmName=name,
            AlarmRule=args.require("alarmRule"),
            ActionsSuppressor=suppressor.require("alarm") if suppressor else None,
            ActionsSuppressorExtensionPeriod=suppressor.require("extensionPeriod") if suppressor else None,
            ActionsSuppressorWaitPeriod=suppressor.require("waitPeriod") if suppressor else None,
            Tags=tag_list(args.tags()),
        ),
    )
    return name, {"alarmName": name, "arn": _alarm_arn(name)}


def _dashboard(clients: Clients, args: Inputs) -> tuple[str, dict[str, Any]]:
    name = args.name("dashboardName", limit=255)
    answer = clients("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=args.require("dashboardBody"))
    for message in answer.get("DashboardValidationMessages", []):
        raise RuntimeError(f"PutDashboard refused it: {message.get('DataPath')}: {message.get('Message')}")
    return name, {"dashboardName": name, "dashboardArn": f"arn:aws:cloudwatch::{ACCOUNT_ID}:dashboard/{name}"}


TYPES = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": _metric_alarm,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite_alarm,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
}
