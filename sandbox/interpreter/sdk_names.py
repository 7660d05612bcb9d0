"""Names in `aws-sdk:` tasks: those of the AWS SDK for Java, capitalized.

The API of Step Functions has `maxResults`, a task has `MaxResults`; DynamoDB has `BOOL`, a task has `Bool`.
Sources: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html (parameters are
PascalCase), https://github.com/aws/aws-sdk-java-v2/blob/master/utils/src/main/java/software/amazon/awssdk/utils/internal/CodegenNamingUtils.java
(how the SDK makes its names), https://github.com/aws/aws-sdk-js/issues/4294 and
https://github.com/boto/boto3/issues/4253 (DynamoDB's attribute values). The last one says that attributes at the top of
an item keep DynamoDB's own names; a definition should depend on neither.
"""

import functools
import gzip
import re
from pathlib import Path
from typing import Any

import botocore
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

# Java has another name for it.
_RESERVED = {"NULL": "Nul"}
# The metadata of a model is at its beginning.
_METADATA_BYTES = 4096
_SERVICE_ID = re.compile(r'"serviceId":\s*"([^"]*)"')


def boto_service(name: str) -> str:
    """Return the name of a service in botocore, by its name in a resource ARN such as `aws-sdk:cloudwatchlogs:...`."""
    lower = name.lower()
    for service, service_id in _service_ids().items():
        if service_id.replace(" ", "").lower() == lower:
            return service
    return {"states": "stepfunctions"}.get(lower, lower)


def java_service(name: str) -> str:
    """Return the service's spelling in error names: DynamoDb for dynamodb, CloudWatchLogs for cloudwatchlogs."""
    service_id = _service_ids().get(boto_service(name))
    if service_id is None:
        return name[:1].upper() + name[1:]
    return "".join(word.capitalize() for word in _words(service_id))


def operation(model: ServiceModel, action: str) -> str | None:
    """Return the API's name of an action such as `listStateMachines`; None if the service does not have it."""
    return next((name for name in model.operation_names if name.lower() == action.lower()), None)


def member(name: str) -> str:
    """Return a task's name for a member of the API's structures."""
    if name in _RESERVED:
        return _RESERVED[name]
    # The SDK lower-cases the leading capitals, except the last one if it begins a word.
    found = re.match(r"[A-Z]*(?=[A-Z][a-z])|[A-Z]*", name)
    capitals = (found[0] if found else "") or name[:1]
    return capitals[:1].upper() + capitals[1:].lower() + name[len(capitals) :]


def to_api(arguments: Any, shape: Shape | None) -> Any:
    """Convert a task's arguments to those of the API.

    Raises ValueError with AWS's message for a name of the API that tasks do not have.
    """
    if isinstance(shape, StructureShape) and isinstance(arguments, dict):
        known = {member(name): name for name in shape.members}
        found = {}
        for name, content in arguments.items():
            if name in shape.members and name not in known:
                raise ValueError(
                    f'The field "{name}" is not supported by Step Functions; the AWS SDK integrations spell it '
                    f'"{member(name)}"'
                )
            api = str(known.get(name, name))
            found[api] = to_api(content, shape.members.get(api))
        return found
    return _each(arguments, shape, to_api)


def from_api(response: Any, shape: Shape | None) -> Any:
    """Convert an answer of the API to a task's result."""
    if isinstance(shape, StructureShape) and isinstance(response, dict):
        return {member(name): from_api(content, shape.members.get(name)) for name, content in response.items()}
    return _each(response, shape, from_api)


def _each(value: Any, shape: Shape | None, translate: Any) -> Any:
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: translate(content, shape.value) for key, content in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [translate(content, shape.member) for content in value]
    return value


def _words(text: str) -> list[str]:
    """Split a name as the SDK does: "DynamoDB" is "Dynamo DB", "ACMSuccess" is "ACM Success"."""
    text = re.sub(r"[^A-Za-z0-9]+", " ", text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-zA-Z0-9])", " ", text)
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", text)
    text = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", text)
    return text.split()


@functools.cache
def _service_ids() -> dict[str, str]:
    """Return the service ID of each botocore service, from the first bytes of its model: loading all takes seconds."""
    found = {}
    for folder in sorted((Path(botocore.__file__).parent / "data").iterdir()):
        models = sorted(folder.glob("*/service-2.json.gz"))
        if models:
            with gzip.open(models[-1]) as model:
                service_id = _SERVICE_ID.search(model.read(_METADATA_BYTES).decode(errors="replace"))
            found[folder.name] = service_id[1] if service_id else folder.name
    return found
