"""Protocols of services: every one that an SDK may use is answered."""

from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

import boto3
import pytest
import yaml  # type: ignore[import-untyped]  # comes with Pulumi, without type information
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.serialize import create_serializer
from botocore.session import Session

from sandbox import ROOT
from tests.unit.sandbox.services.aws import Aws

CBOR = "smithy-rpc-v2-cbor"
_PROVIDER_NAMES = {"appautoscaling": "application-autoscaling", "sfn": "stepfunctions"}
# One call for each service that needs nothing and has an answer.
_CALLS = {
    "cloudwatch": "describe_alarms",
    "sqs": "list_queues",
}


def _client(aws: Aws, service: str, protocol: str) -> Any:
    """Return a client that knows no protocol of the service but one."""

    class OneProtocol(Loader):
        def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
            model = super().load_service_model(service_name, type_name, api_version)
            if type_name != "service-2":
                return model
            # A copy: the emulator in this process reads the same model.
            return {**model, "metadata": {**model["metadata"], "protocol": protocol, "protocols": [protocol]}}

    core = Session()
    core.register_component("data_loader", OneProtocol(core.get_config_variable("data_path")))
    return boto3.Session(botocore_session=core).client(
        service,  # type: ignore[call-overload]  # the service's name is a variable here
        endpoint_url=aws.server.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}),
    )


@pytest.fixture(scope="module")
def cloudwatch(aws: Aws) -> Any:
    return _client(aws, "cloudwatch", CBOR)


def _offered() -> list[tuple[str, str]]:
    """Return each protocol of each service to which the stack `local` leads the provider, where there is a choice."""
    stack = yaml.safe_load((ROOT / "Pulumi.local.yaml").read_text())
    (endpoints,) = stack["config"]["aws:endpoints"]
    found = []
    for name in endpoints:
        service = _PROVIDER_NAMES.get(name, name)
        metadata = Session().get_service_model(service).metadata
        protocols = metadata.get("protocols", [metadata["protocol"]])
        found += [(service, protocol) for protocol in protocols if len(protocols) > 1]
    # SDKs from before 2023 speak the query protocol to SQS.
    return [*found, ("sqs", "query")]


@pytest.mark.parametrize(("service", "protocol"), _offered())
def test_every_offered_protocol_is_answered(aws: Aws, service: str, protocol: str) -> None:
    answer = getattr(_client(aws, service, protocol), _CALLS[service])()
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_alarm_put_in_cbor_is_read_back_with_its_types(cloudwatch: Any) -> None:
    cloudwatch.put_metric_alarm(
        AlarmName="late",
        Namespace="Holdpoint",
        MetricName="OldestWait",
        Dimensions=[{"Name": "Stack", "Value": "dev"}],
        Statistic="Maximum",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=2,
        Period=300,
        Threshold=0.5,
        ActionsEnabled=False,
    )
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["late"])["MetricAlarms"]
    assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["ActionsEnabled"]) == (0.5, 2, False)
    assert alarm["Dimensions"] == [{"Name": "Stack", "Value": "dev"}]
    assert isinstance(alarm["AlarmConfigurationUpdatedTimestamp"], datetime)


def test_times_and_compressed_bodies_arrive(cloudwatch: Any) -> None:
    at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    # More than 10,240 bytes: the SDK compresses them.
    metrics = [{"MetricName": f"metric-{index}-{'x' * 200}", "Value": index, "Timestamp": at} for index in range(100)]
    cloudwatch.put_metric_data(Namespace="Compressed", MetricData=metrics)
    found = cloudwatch.get_metric_statistics(
        Namespace="Compressed",
        MetricName=metrics[7]["MetricName"],
        StartTime=datetime(2026, 1, 2, 3, 0, tzinfo=UTC),
        EndTime=datetime(2026, 1, 2, 4, 0, tzinfo=UTC),
        Period=60,
        Statistics=["Sum"],
    )
    (point,) = found["Datapoints"]
    assert (point["Sum"], point["Timestamp"]) == (7.0, at)


def test_error_carries_the_code_and_the_class_of_the_service(cloudwatch: Any) -> None:
    with pytest.raises(ClientError) as caught:
        cloudwatch.get_dashboard(DashboardName="unknown")
    error: Any = caught.value.response["Error"]
    # The code of the query protocol, and the name of the shape by which SDKs of CBOR choose a class.
    assert (error["Code"], error["QueryErrorCode"]) == ("ResourceNotFound", "DashboardNotFoundError")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def _post(aws: Aws, operation: str, body: bytes) -> Any:
    address = aws.server.endpoint_url.removeprefix("http://")
    connection = HTTPConnection(address, timeout=30)
    path = f"/service/GraniteServiceVersion20100801/operation/{operation}"
    scope = "Credential=test/20260101/us-east-1/monitoring/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0",
        "smithy-protocol": "rpc-v2-cbor",
        "Content-Type": "application/cbor",
    }
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


EMPTY_MAP = b"\xa0"


def _least(shape: Any) -> Any:
    """Return the smallest value of a shape."""
    if shape.type_name == "structure":
        return {name: _least(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "string":
        return (shape.enum or ["{}"])[0]
    kinds = {"list": [], "map": {}, "boolean": False, "blob": b"", "timestamp": datetime(2026, 1, 1, tzinfo=UTC)}
    return kinds.get(shape.type_name, 1)


def test_every_operation_of_cloudwatch_answers_in_its_protocol(aws: Aws) -> None:
    service = Session().get_service_model("cloudwatch")
    serializer: Any = create_serializer(CBOR, include_validation=False)
    answers = {}
    for name in service.operation_names:
        operation = service.operation_model(name)
        given = _least(operation.input_shape) if operation.input_shape else {}
        answers[name] = _post(aws, name, serializer.serialize_to_request(given, operation)["body"] or EMPTY_MAP)
    assert {name for name, answer in answers.items() if answer.getheader("smithy-protocol") != "rpc-v2-cbor"} == set()
    # No SDK repeats a call for any of these.
    failed = {name: answer.status for name, answer in answers.items() if answer.status in (500, 502, 503, 504)}
    assert failed == {}


@pytest.mark.parametrize(("operation", "body", "status"), [("Unknown", EMPTY_MAP, 404), ("ListMetrics", b"\xff", 400)])
def test_invalid_call_is_refused(aws: Aws, operation: str, body: bytes, status: int) -> None:
    assert _post(aws, operation, body).status == status


def test_operation_that_the_sandbox_lacks_fails_at_once_and_says_so(aws: Aws) -> None:
    for service, operation in (("cloudwatch", "get_metric_widget_image"), ("dynamodb", "list_contributor_insights")):
        client = boto3.client(
            service,  # type: ignore[call-overload]  # the service's name is a variable here
            endpoint_url=aws.server.endpoint_url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"mode": "standard", "total_max_attempts": 3}),
        )
        parameters = {"MetricWidget": "{}"} if service == "cloudwatch" else {}
        with pytest.raises(ClientError, match="the sandbox does not implement") as caught:
            getattr(client, operation)(**parameters)
        assert caught.value.response["Error"]["Code"] == "NotImplemented"
        assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0
