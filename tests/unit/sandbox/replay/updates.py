"""The provider's Update of each resource type that the program has, as boto3 calls: what is new of its properties."""

from collections.abc import Mapping
from typing import Any

from sandbox.clients import Clients
from sandbox.program import Resource
from sandbox.resource_inputs import aws_names
from sandbox.services.sqs.resources import QUEUE_ATTRIBUTES


def queue(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    attributes = {QUEUE_ATTRIBUTES[key]: str(value).lower() for key, value in new.items()}
    clients("sqs").set_queue_attributes(QueueUrl=resource.id, Attributes=attributes)


def topic(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    for key, value in new.items():
        name = key[:1].upper() + key[1:]
        clients("sns").set_topic_attributes(TopicArn=resource.id, AttributeName=name, AttributeValue=value)


def api(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    clients("apigatewayv2").update_api(ApiId=resource.id, **aws_names(dict(new)))


def stage(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    clients("apigatewayv2").update_stage(ApiId=resource.inputs["apiId"], StageName=resource.id, **aws_names(dict(new)))


def integration(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    timeout = {"TimeoutInMillis": new["timeoutMilliseconds"]} if "timeoutMilliseconds" in new else {}
    uri = {"IntegrationUri": new["integrationUri"]} if "integrationUri" in new else {}
    # The provider names the type in every change.
    clients("apigatewayv2").update_integration(
        ApiId=resource.inputs["apiId"],
        IntegrationId=resource.id,
        IntegrationType=resource.inputs["integrationType"],
        **timeout,
        **uri,
    )


def route(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    clients("apigatewayv2").update_route(ApiId=resource.inputs["apiId"], RouteId=resource.id, RouteKey=new["routeKey"])


def function(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    # A variable's name is not AWS's, and neither does AWS write KMS as its other names.
    changed = aws_names({key: value for key, value in new.items() if key not in {"environment", "kmsKeyArn"}})
    if "environment" in new:
        changed["Environment"] = {"Variables": new["environment"]["variables"]}
    if "kmsKeyArn" in new:
        changed["KMSKeyArn"] = new["kmsKeyArn"]
    client = clients("lambda")
    client.update_function_configuration(FunctionName=resource.id, **changed)
    client.get_waiter("function_updated").wait(FunctionName=resource.id, WaiterConfig={"Delay": 1})
    if resource.inputs.get("publish"):
        published = client.publish_version(FunctionName=resource.id)
        versions = client.list_versions_by_function(FunctionName=resource.id)["Versions"]
        # The provider reads the last one's as the function's `qualified_arn`.
        assert versions[-1]["FunctionArn"] == published["FunctionArn"]


def function_alias(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    both = {**resource.inputs, **new}
    clients("lambda").update_alias(
        FunctionName=both["functionName"],
        Name=both["name"],
        Description=both.get("description", ""),
        FunctionVersion=both["functionVersion"],
        RoutingConfig={},
    )


def log_group(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    logs, name = clients("logs"), resource.id
    if "retentionInDays" in new:
        logs.put_retention_policy(logGroupName=name, retentionInDays=new["retentionInDays"])
    if "kmsKeyId" in new:
        # The provider takes a key away by another call than it gives one.
        logs.disassociate_kms_key(logGroupName=name)
        logs.associate_kms_key(logGroupName=name, kmsKeyId=new["kmsKeyId"])


def query(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    clients("logs").put_query_definition(queryDefinitionId=resource.id, **{**resource.inputs, **new})


def table(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    client, name = clients("dynamodb"), resource.id
    if "deletionProtectionEnabled" in new:
        client.update_table(TableName=name, DeletionProtectionEnabled=new["deletionProtectionEnabled"])
    if "serverSideEncryption" in new:
        key = new["serverSideEncryption"]["kmsKeyArn"]
        client.update_table(TableName=name, SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key})
    if "billingMode" in new:
        client.update_table(TableName=name, BillingMode=new["billingMode"], **_throughput(resource, new))
    if "pointInTimeRecovery" in new:
        recovery = {
            "PointInTimeRecoveryEnabled": new["pointInTimeRecovery"]["enabled"],
            "RecoveryPeriodInDays": new["pointInTimeRecovery"]["recoveryPeriodInDays"],
        }
        client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)


def _throughput(resource: Resource, new: Mapping[str, Any]) -> dict[str, Any]:
    if new["billingMode"] != "PROVISIONED":
        return {}
    # The provider gives one unit where the program has none, or ignores changes of them for autoscaling.
    units = {"ReadCapacityUnits": new.get("readCapacity", 1), "WriteCapacityUnits": new.get("writeCapacity", 1)}
    indexes = [
        {"Update": {"IndexName": each["name"], "ProvisionedThroughput": units}}
        for each in resource.inputs.get("globalSecondaryIndexes", [])
    ]
    return {"ProvisionedThroughput": units, "GlobalSecondaryIndexUpdates": indexes}


def alarm(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    # PutMetricAlarm replaces the whole alarm.
    both = {**resource.inputs, **new}
    dimensions = [{"Name": name, "Value": value} for name, value in both.pop("dimensions", {}).items()]
    queries = both.pop("metricQueries", None)
    assert queries is None
    both.pop("tags", None)
    actions = {"OKActions": both.pop("okActions", [])}
    clients("cloudwatch").put_metric_alarm(
        AlarmName=both.pop("name"), **aws_names(both), **actions, Dimensions=dimensions
    )


def dashboard(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    clients("cloudwatch").put_dashboard(DashboardName=resource.id, DashboardBody=new["dashboardBody"])


def state_machine(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    # The provider names all of it in every change.
    both = {**resource.inputs, **new}
    logs = both["loggingConfiguration"]
    destination = {"cloudWatchLogsLogGroup": {"logGroupArn": logs["logDestination"]}}
    encryption = (
        {"encryptionConfiguration": both["encryptionConfiguration"]} if "encryptionConfiguration" in both else {}
    )
    clients("stepfunctions").update_state_machine(
        stateMachineArn=resource.id,
        definition=both["definition"],
        loggingConfiguration={
            "level": logs["level"],
            "includeExecutionData": logs["includeExecutionData"],
            "destinations": [destination],
        },
        tracingConfiguration=both["tracingConfiguration"],
        publish=both.get("publish", False),
        **encryption,
    )


def state_machine_alias(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    both = {**resource.inputs, **new}
    clients("stepfunctions").update_state_machine_alias(
        stateMachineAliasArn=resource.id,
        description=both["description"],
        routingConfiguration=both["routingConfigurations"],
    )


def plan(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    rules = [
        {
            "RuleName": rule["ruleName"],
            "TargetBackupVaultName": rule["targetVaultName"],
            "ScheduleExpression": rule["schedule"],
            "StartWindowMinutes": rule["startWindow"],
            "CompletionWindowMinutes": rule["completionWindow"],
            "Lifecycle": {"DeleteAfterDays": rule["lifecycle"]["deleteAfter"]},
        }
        for rule in new["rules"]
    ]
    document = {"BackupPlanName": resource.inputs["name"], "Rules": rules}
    clients("backup").update_backup_plan(BackupPlanId=resource.id, BackupPlan=document)


def scaling_target(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    # Registering again is the update.
    both = {key: value for key, value in {**resource.inputs, **new}.items() if key != "tags"}
    clients("application-autoscaling").register_scalable_target(**aws_names(both))


def scaling_policy(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    both = {**resource.inputs, **new}
    clients("application-autoscaling").put_scaling_policy(PolicyName=both.pop("name"), **aws_names(both))


def role(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    iam = clients("iam")
    if "assumeRolePolicy" in new:
        iam.update_assume_role_policy(RoleName=resource.id, PolicyDocument=new["assumeRolePolicy"])
    if "maxSessionDuration" in new:
        iam.update_role(RoleName=resource.id, MaxSessionDuration=new["maxSessionDuration"])
    if "description" in new:
        iam.update_role_description(RoleName=resource.id, Description=new["description"])


def role_policy(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    role, name = resource.id.split(":", 1)
    clients("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=new["policy"])


def secret(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    clients("secretsmanager").update_secret(SecretId=resource.id, **aws_names(dict(new)))


def subscription(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    for key, value in new.items():
        name = key[:1].upper() + key[1:]
        text = str(value).lower() if isinstance(value, bool) else value
        clients("sns").set_subscription_attributes(SubscriptionArn=resource.id, AttributeName=name, AttributeValue=text)


def lifecycle(clients: Clients, resource: Resource, new: Mapping[str, Any]) -> None:
    (rule,) = new["rules"]
    clients("s3").put_bucket_lifecycle_configuration(
        Bucket=resource.id,
        LifecycleConfiguration={
            "Rules": [{"ID": rule["id"], **aws_names({k: v for k, v in rule.items() if k != "id"})}]
        },
    )
