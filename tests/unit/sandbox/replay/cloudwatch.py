"""CloudWatch as the provider reads and deletes it."""

from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from tests.unit.sandbox.replay.answers import absent, pulumi_names, tags


def _tags(clients: Clients, resource: Resource) -> dict[str, str]:
    return tags(clients("cloudwatch").list_tags_for_resource(ResourceARN=resource.outputs["arn"])["Tags"])


def _actions(alarm: dict[str, Any]) -> dict[str, Any]:
    return {
        "actionsEnabled": alarm["ActionsEnabled"],
        "alarmActions": alarm.get("AlarmActions", []),
        "alarmDescription": alarm.get("AlarmDescription", ""),
        "insufficientDataActions": alarm.get("InsufficientDataActions", []),
        "okActions": alarm.get("OKActions", []),
    }


def _metric_alarm(clients: Clients, resource: Resource) -> dict[str, Any]:
    answer = clients("cloudwatch").describe_alarms(AlarmNames=[resource.id], AlarmTypes=["MetricAlarm"])
    (alarm,) = answer["MetricAlarms"]
    assert alarm["AlarmArn"] == resource.outputs["arn"]
    return {
        **_actions(alarm),
        "name": alarm["AlarmName"],
        "comparisonOperator": alarm["ComparisonOperator"],
        "datapointsToAlarm": alarm.get("DatapointsToAlarm", 0),
        "dimensions": _dimensions(alarm),
        "evaluationPeriods": alarm["EvaluationPeriods"],
        "extendedStatistic": alarm.get("ExtendedStatistic", ""),
        "metricName": alarm.get("MetricName", ""),
        "metricQueries": [_query(query) for query in alarm.get("Metrics", [])],
        "namespace": alarm.get("Namespace", ""),
        "period": alarm.get("Period", 0),
        "statistic": alarm.get("Statistic", ""),
        "threshold": alarm.get("Threshold"),
        "treatMissingData": alarm.get("TreatMissingData", "missing"),
        "unit": alarm.get("Unit", ""),
        "warmUpConfiguration": pulumi_names(alarm.get("WarmUpConfiguration")),
        "tags": _tags(clients, resource),
    }


def _dimensions(holder: dict[str, Any]) -> dict[str, str]:
    return {item["Name"]: item["Value"] for item in holder.get("Dimensions", [])}


def _query(query: dict[str, Any]) -> dict[str, Any]:
    shape = {
        "id": query["Id"],
        "expression": query.get("Expression", ""),
        "label": query.get("Label", ""),
        "returnData": query.get("ReturnData", False),
    }
    statistic = query.get("MetricStat")
    if statistic:
        metric = statistic["Metric"]
        shape["metric"] = {
            "metricName": metric["MetricName"],
            "namespace": metric["Namespace"],
            "period": statistic["Period"],
            "stat": statistic["Stat"],
            "dimensions": _dimensions(metric),
        }
    return shape


def _composite_alarm(clients: Clients, resource: Resource) -> dict[str, Any]:
    answer = clients("cloudwatch").describe_alarms(AlarmNames=[resource.id], AlarmTypes=["CompositeAlarm"])
    (alarm,) = answer["CompositeAlarms"]
    assert alarm["AlarmArn"] == resource.outputs["arn"]
    suppressor = alarm.get("ActionsSuppressor")
    return {
        **_actions(alarm),
        "alarmName": alarm["AlarmName"],
        "alarmRule": alarm["AlarmRule"],
        "actionsSuppressor": {"alarm": suppressor} if suppressor else None,
        "tags": _tags(clients, resource),
    }


def _delete_alarm(clients: Clients, resource: Resource) -> None:
    clients("cloudwatch").delete_alarms(AlarmNames=[resource.id])
    kinds = ["MetricAlarm", "CompositeAlarm"]
    answer = clients("cloudwatch").describe_alarms(AlarmNames=[resource.id], AlarmTypes=kinds)
    assert not answer["MetricAlarms"]
    assert not answer.get("CompositeAlarms")


def _dashboard(clients: Clients, resource: Resource) -> dict[str, Any]:
    dashboard = clients("cloudwatch").get_dashboard(DashboardName=resource.id)
    assert dashboard["DashboardArn"] == resource.outputs["dashboardArn"]
    return {"dashboardName": dashboard["DashboardName"], "dashboardBody": dashboard["DashboardBody"]}


def _delete_dashboard(clients: Clients, resource: Resource) -> None:
    clients("cloudwatch").delete_dashboards(DashboardNames=[resource.id])
    call = clients("cloudwatch").get_dashboard
    assert absent("ResourceNotFound", "DashboardNotFoundError", call=call, DashboardName=resource.id)


READ = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": _metric_alarm,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _composite_alarm,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
}
DELETE = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": _delete_alarm,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _delete_alarm,
    "aws:cloudwatch/dashboard:Dashboard": _delete_dashboard,
}
_ACTIONS = {
    "actionsEnabled": True,
    "alarmActions": [],
    "alarmDescription": "",
    "insufficientDataActions": [],
    "okActions": [],
}
DEFAULTS = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        **_ACTIONS,
        "datapointsToAlarm": 0,
        "dimensions": {},
        "extendedStatistic": "",
        "metricName": "",
        "metricQueries": [],
        "namespace": "",
        "period": 0,
        "statistic": "",
        "treatMissingData": "missing",
        "unit": "",
        "warmUpConfiguration": None,
    },
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": {**_ACTIONS, "actionsSuppressor": None},
}
