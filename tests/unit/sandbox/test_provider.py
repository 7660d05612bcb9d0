"""The calls of the AWS provider that moto lacks, each alone."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models import dynamodb_backends

from sandbox.clients import ACCOUNT_ID, REGION, Clients
from sandbox.server import Server

BUCKET = "a-bucket"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def clients(server: Server) -> Clients:
    return Clients(server.endpoint_url)


@pytest.fixture
def bucket(clients: Clients) -> Iterator[str]:
    tags = [{"Key": "Project", "Value": "holdpoint"}, {"Key": "Empty", "Value": ""}]
    clients("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"Tags": tags})
    yield BUCKET
    clients("s3").delete_bucket(Bucket=BUCKET)


def test_bucket_keeps_the_tags_it_is_made_with(clients: Clients, bucket: str) -> None:
    tags = clients("s3").get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"Project": "holdpoint", "Empty": ""}


def test_owner_pays_for_requests(clients: Clients, bucket: str) -> None:
    assert clients("s3").get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"


def test_request_payment_of_an_unknown_bucket_is_an_error(clients: Clients) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        clients("s3").get_bucket_request_payment(Bucket="unknown")


def test_bucket_is_encrypted_by_default_and_again_after_a_deletion(clients: Clients, bucket: str) -> None:
    def algorithm() -> str:
        configuration = clients("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
        return str(configuration["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"])

    assert algorithm() == "AES256"
    by_kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    clients("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=by_kms)
    assert algorithm() == "aws:kms"
    clients("s3").delete_bucket_encryption(Bucket=bucket)
    assert algorithm() == "AES256"


@pytest.mark.parametrize("types", [["SSE-C"], ["NONE", "SSE-C"]])
def test_bucket_tells_the_encryption_that_it_blocks(clients: Clients, bucket: str, types: list[str]) -> None:
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BucketKeyEnabled": True,
        "BlockedEncryptionTypes": {"EncryptionType": types},
    }
    clients("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    found = clients("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    assert found == {"Rules": [rule]}


@pytest.mark.parametrize("others", [{}, {"QueueConfigurations": "a queue"}])
def test_notification_to_event_bridge_is_shown(clients: Clients, bucket: str, others: dict[str, object]) -> None:
    configuration: dict[str, object] = {"EventBridgeConfiguration": {}}
    if others:
        url = clients("sqs").create_queue(QueueName="q")["QueueUrl"]
        attributes = clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        queue = {"QueueArn": attributes["QueueArn"], "Events": ["s3:ObjectCreated:*"]}
        configuration["QueueConfigurations"] = [queue]
    s3 = clients("s3")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)
    found = s3.get_bucket_notification_configuration(Bucket=bucket)
    assert found["EventBridgeConfiguration"] == {}
    assert len(found.get("QueueConfigurations", [])) == len(others)

    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket=bucket)


def test_stage_can_be_tagged(clients: Clients) -> None:
    client = clients("apigatewayv2")
    api = client.create_api(Name="a", ProtocolType="HTTP", Tags={"Of": "api"})["ApiId"]
    client.create_stage(ApiId=api, StageName="$default", Tags={"Of": "stage"})
    arn = f"arn:aws:apigateway:us-east-1::/apis/{api}/stages/$default"
    assert client.get_tags(ResourceArn=arn)["Tags"] == {"Of": "stage"}

    client.tag_resource(ResourceArn=arn, Tags={"More": "yes"})
    client.untag_resource(ResourceArn=arn, TagKeys=["Of"])
    assert client.get_stage(ApiId=api, StageName="$default")["Tags"] == {"More": "yes"}
    assert client.get_tags(ResourceArn=f"arn:aws:apigateway:us-east-1::/apis/{api}")["Tags"] == {"Of": "api"}


def test_tags_of_an_unknown_stage_are_an_error(clients: Clients) -> None:
    api = clients("apigatewayv2").create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    with pytest.raises(ClientError, match="NotFoundException"):
        clients("apigatewayv2").get_tags(ResourceArn=f"arn:aws:apigateway:us-east-1::/apis/{api}/stages/none")


def test_changed_stage_keeps_its_other_settings(clients: Clients) -> None:
    client = clients("apigatewayv2")
    api = client.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    where = {"ApiId": api, "StageName": "$default"}
    logs = {"DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:g", "Format": "$context.requestId"}
    limits = {"ThrottlingRateLimit": 50.0, "ThrottlingBurstLimit": 100}
    client.create_stage(
        **where, AutoDeploy=True, AccessLogSettings=logs, DefaultRouteSettings=limits, StageVariables={"a": "1"}
    )
    changed = client.update_stage(**where, DefaultRouteSettings={**limits, "ThrottlingBurstLimit": 7})
    assert changed["DefaultRouteSettings"] == {**limits, "ThrottlingBurstLimit": 7}
    client.update_stage(**where, Description="new", StageVariables={"a": "", "b": "2"})
    found = client.get_stage(**where)
    assert (found["Description"], found["StageVariables"]) == ("new", {"b": "2"})
    assert (found["AutoDeploy"], found["AccessLogSettings"]) == (True, logs)

    client.delete_access_log_settings(**where)
    assert "AccessLogSettings" not in client.get_stage(**where)


def test_change_of_an_unknown_stage_is_an_error(clients: Clients) -> None:
    api = clients("apigatewayv2").create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    with pytest.raises(ClientError, match="NotFoundException"):
        clients("apigatewayv2").update_stage(ApiId=api, StageName="none", Description="new")


OF_A_CUSTOMER = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "arn:aws:kms:us-east-1:123456789012:key/a"}


def _table(clients: Clients, name: str, **encryption: object) -> None:
    clients("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **encryption,
    )


def test_table_with_encryption_switched_off_has_no_key_and_can_be_used(clients: Clients) -> None:
    _table(clients, "switched-off", SSESpecification={"Enabled": False})
    assert "SSEDescription" not in clients("dynamodb").describe_table(TableName="switched-off")["Table"]
    # What the check of rights to keys reads.
    table = dynamodb_backends[ACCOUNT_ID][REGION].tables["switched-off"]
    assert table.sse_specification is None


def test_encryption_of_a_table_can_be_changed(clients: Clients) -> None:
    _table(clients, "changed", SSESpecification={"Enabled": False})

    def after(specification: dict[str, object]) -> object:
        clients("dynamodb").update_table(TableName="changed", SSESpecification=specification)
        return clients("dynamodb").describe_table(TableName="changed")["Table"].get("SSEDescription")

    key = OF_A_CUSTOMER["KMSMasterKeyId"]
    assert after(OF_A_CUSTOMER) == {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
    assert after({"Enabled": False}) is None
    # AWS's own key for DynamoDB, where none is named.
    assert "arn:aws:kms:us-east-1:" in str(after({"Enabled": True, "SSEType": "KMS"}))


@pytest.mark.parametrize("given", [None, "INFREQUENT_ACCESS"])
def test_log_group_shows_its_class(clients: Clients, given: str | None) -> None:
    name = f"/group/{given}"
    clients("logs").create_log_group(logGroupName=name, **({"logGroupClass": given} if given else {}))
    (group,) = clients("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert group["logGroupClass"] == (given or "STANDARD")


def test_saved_query_can_be_put_changed_found_and_deleted(clients: Clients) -> None:
    logs = clients("logs")
    identifier = logs.put_query_definition(name="errors/all", queryString="fields @message")["queryDefinitionId"]
    logs.put_query_definition(queryDefinitionId=identifier, name="errors/all", queryString="fields @timestamp")
    (found,) = logs.describe_query_definitions(queryDefinitionNamePrefix="errors")["queryDefinitions"]
    assert found["queryString"] == "fields @timestamp"
    assert logs.describe_query_definitions(queryDefinitionNamePrefix="other")["queryDefinitions"] == []

    assert logs.delete_query_definition(queryDefinitionId=identifier)["success"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.delete_query_definition(queryDefinitionId=identifier)


def test_composite_alarm_can_be_put_and_is_not_a_metric_alarm(clients: Clients) -> None:
    cloudwatch = clients("cloudwatch")
    rule = 'ALARM("a") OR ALARM("b")'
    cloudwatch.put_composite_alarm(
        AlarmName="any", AlarmRule=rule, AlarmDescription="either", AlarmActions=["arn:aws:sns:us-east-1:1:t"]
    )
    answer = cloudwatch.describe_alarms(AlarmNames=["any"], AlarmTypes=["CompositeAlarm"])
    (alarm,) = answer["CompositeAlarms"]
    assert (alarm["AlarmRule"], alarm["AlarmDescription"], alarm["ActionsEnabled"]) == (rule, "either", True)
    assert answer["MetricAlarms"] == []


def test_deployment_after_a_rotation_needs_no_label_of_the_version_before(clients: Clients) -> None:
    """Replay `up`, `ops rotate`, `up --refresh`, and `up` with a raised tokenGeneration, as the provider calls."""
    client = clients("secretsmanager")
    secret = client.create_secret(Name="rotated")["ARN"]

    def put(text: str) -> str:
        return str(client.put_secret_value(SecretId=secret, SecretString=text)["VersionId"])

    def stages() -> dict[str, list[str]]:
        versions = client.list_secret_version_ids(SecretId=secret, IncludeDeprecated=True)["Versions"]
        return {each["VersionId"]: each.get("VersionStages", []) for each in versions}

    deployed = put("deployed")
    rotated = put("rotated")
    known_to_the_state = stages()[deployed]
    assert known_to_the_state == ["AWSPREVIOUS"]
    raised = put("raised")
    # The provider's Delete takes each label away that the state knows, and fails: the label has moved. So the program
    # keeps the version, and nothing is called.
    with pytest.raises(ClientError):
        client.update_secret_version_stage(
            SecretId=secret, VersionStage=known_to_the_state[0], RemoveFromVersionId=deployed
        )
    assert (stages()[rotated], stages()[raised]) == (["AWSPREVIOUS"], ["AWSCURRENT"])
    assert client.get_secret_value(SecretId=secret)["SecretString"] == "raised"
    assert client.get_secret_value(SecretId=secret, VersionStage="AWSPREVIOUS")["SecretString"] == "rotated"
