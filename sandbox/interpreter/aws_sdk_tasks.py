"""`aws-sdk:` tasks: S3 bodies, the Java SDK's names of errors and attributes, one client per service and region.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

import importlib
import threading
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
from moto.settings import moto_server_port
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from sandbox import direct
from sandbox.iam import roles
from sandbox.iam.roles import STEP_FUNCTIONS
from sandbox.interpreter import sdk_metadata, sdk_names
from sandbox.patches import replaced, wrapped

# The modules that make clients; each has imported the function by name.
CALLING = (
    *(
        f"component.state.exec.state_task.service.state_task_service_{name}"
        for name in ("aws_sdk", "batch", "dynamodb", "ecs", "events", "glue", "sfn", "sns", "sqs", "unsupported")
    ),
    "component.state.exec.state_map.item_reader.eval.resource_eval_s3",
    "component.state.exec.state_map.result_writer.resource_eval.resource_eval_s3",
    "component.state.exec.state_task.lambda_eval_utils",
)
_UNREACHABLE = (HTTPClientError, ConnectionError)

_clients: dict[tuple[str, str, str, str], Any] = {}
_creating = threading.Lock()


def error_name(service: str, error: Any) -> str:
    """Return the error name of a failed call: the exception that the service models, else the service's general one.

    For example `S3.NoSuchKeyException` and `DynamoDb.ThrottlingException`; S3 errors without a model
    (AccessDenied, InvalidRange) are `S3.S3Exception`.
    """
    modeled = type(error).__name__
    code = str(error.response["Error"].get("Code", ""))
    # boto3 models it for S3; Step Functions' SDK does not, and has S3Exception.
    if modeled == "ClientError" or (service, modeled) == ("S3", "AccessDenied"):
        # The query and JSON protocols send the exception's name as the code; the codes of S3 are not exceptions.
        modeled = code if code.endswith("Exception") and code.isidentifier() else service
    return f"{service}.{modeled.removesuffix('Exception').removesuffix('Fault')}Exception"


def client_for(region: str, service: str, state_credentials: Any) -> Any:
    """Return the cached client of a service and region with a role. Clients are safe to share between threads."""
    session = roles.session(state_credentials.role_arn, STEP_FUNCTIONS, region)
    key = (moto_server_port(), region, service, session.access_key)
    with _creating:
        if key not in _clients:
            made = boto3.session.Session().client(
                service,  # type: ignore[call-overload]  # any service that a definition names
                region_name=region,
                endpoint_url=f"http://127.0.0.1:{moto_server_port()}",
                aws_access_key_id=session.access_key,
                aws_secret_access_key=session.secret_key,
                aws_session_token=session.token,
                config=Config(
                    parameter_validation=False,
                    retries={"total_max_attempts": 1},
                    s3={"addressing_style": "path"},
                ),
            )
            made.meta.events.register("after-call", sdk_metadata.remember)
            _clients[key] = direct.connect(made, session.access_key)
        return _clients[key]


def call(self: Any, env: Any, resource_runtime_part: Any, normalised_parameters: Any, state_credentials: Any) -> None:
    """Make the call of an `aws-sdk:` task, and push its response onto the stack."""
    client = client_for(resource_runtime_part.region, sdk_names.boto_service(self.resource.api_name), state_credentials)
    action = sdk_names.operation(client.meta.service_model, self.resource.api_action)
    if action is None:
        raise ValueError(f"The resource {self.resource.resource_arn} is not an action of an AWS service")
    model = client.meta.service_model.operation_model(action)
    arguments = sdk_names.to_api(normalised_parameters, model.input_shape)
    blob = model.get_streaming_input()
    if blob is not None and blob.name == "Body" and "Body" in arguments:
        arguments["Body"] = to_json_str(arguments["Body"]).encode()
    try:
        response = getattr(client, xform_name(action))(**arguments)
    except BotoCoreError as error:
        if isinstance(error, _UNREACHABLE):
            raise
        raise ValueError(f"{self.resource.resource_arn}: {error}") from error
    response.pop("ResponseMetadata", None)
    env.stack.append(_json_value(sdk_names.from_api(response, model.output_shape)))


def _json_value(value: Any) -> Any:
    """Return a response as JSON: streams and blobs as text, times as ISO 8601."""
    if isinstance(value, dict):
        return {key: _json_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    if hasattr(value, "read"):
        value = value.read()
    if isinstance(value, bytes | bytearray):
        # As Java's String(bytes, UTF_8): invalid UTF-8 becomes U+FFFD without an error.
        return bytes(value).decode("utf-8", errors="replace")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


def _explained(original: Any, self: Any, env: Any, ex: Exception) -> Any:
    if isinstance(ex, _UNREACHABLE):
        # Without an answer there is no service error: the name is the SDK's own exception.
        name = f"{sdk_names.java_service(self.resource.api_name)}.SdkClientException"
        return self._get_task_failure_event(env=env, error=name, cause=f"Unable to execute HTTP request: {ex}")
    if isinstance(ex, ClientError):
        # Some of moto's S3 answers have no request id, which the cause contains.
        ex.response["ResponseMetadata"].setdefault("RequestId", "null")
    return original(self, env, ex)


PATCHES = (
    *(
        replaced(
            importlib.import_module(f"moto.stepfunctions.parser.asl.{name}"),
            "boto_client_for",
            client_for,
            "makes a client for every call, without the role of the state machine",
        )
        for name in CALLING
    ),
    replaced(
        StateTaskServiceAwsSdk,
        "_normalise_service_error_name",
        sdk_names.java_service,
        "does not know the Java SDK's names of services",
    ),
    replaced(
        StateTaskServiceAwsSdk,
        "_normalise_exception_name",
        error_name,
        "does not know the Java SDK's names of exceptions",
    ),
    wrapped(StateTaskServiceAwsSdk, "_from_error", _explained, "does not name a call without an answer"),
)
