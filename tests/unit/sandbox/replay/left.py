"""Resources that exist in a sandbox, to check that a destroyed stack leaves none."""

from typing import Any

from sandbox.clients import Clients


def left(clients: Clients) -> dict[str, Any]:
    """Return what still exists, by kind; keys are left for the days that AWS keeps them."""
    listed = {
        "buckets": clients("s3").list_buckets()["Buckets"],
        "tables": clients("dynamodb").list_tables()["TableNames"],
        "scalable targets": clients("application-autoscaling").describe_scalable_targets(ServiceNamespace="dynamodb")[
            "ScalableTargets"
        ],
        "backup vaults": clients("backup").list_backup_vaults()["BackupVaultList"],
        "backup plans": clients("backup").list_backup_plans()["BackupPlansList"],
        "networks": [each for each in clients("ec2").describe_vpcs()["Vpcs"] if not each["IsDefault"]],
        "roles": clients("iam").list_roles()["Roles"],
        "policies": clients("iam").list_policies(Scope="Local")["Policies"],
        "functions": clients("lambda").list_functions()["Functions"],
        "log groups": clients("logs").describe_log_groups()["logGroups"],
        "log policies": clients("logs").describe_resource_policies()["resourcePolicies"],
        "queries": clients("logs").describe_query_definitions()["queryDefinitions"],
        "APIs": clients("apigatewayv2").get_apis()["Items"],
        "secrets": clients("secretsmanager").list_secrets()["SecretList"],
        "state machines": clients("stepfunctions").list_state_machines()["stateMachines"],
        "queues": clients("sqs").list_queues().get("QueueUrls", []),
        "topics": clients("sns").list_topics()["Topics"],
        "subscriptions": clients("sns").list_subscriptions()["Subscriptions"],
        "alarms": clients("cloudwatch").describe_alarms()["MetricAlarms"],
        "dashboards": clients("cloudwatch").list_dashboards()["DashboardEntries"],
        "rules": clients("events").list_rules()["Rules"],
        "connections": clients("events").list_connections()["Connections"],
        "archives": clients("events").list_archives()["Archives"],
        "buses": [bus for bus in clients("events").list_event_buses()["EventBuses"] if bus["Name"] != "default"],
        "schedules": clients("scheduler").list_schedules()["Schedules"],
        "key aliases": [a for a in clients("kms").list_aliases()["Aliases"] if "/aws/" not in a["AliasName"]],
    }
    return {kind: things for kind, things in listed.items() if things}
