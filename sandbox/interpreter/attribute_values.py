"""DynamoDB's attribute values as `aws-sdk:` tasks spell them: in the names of the Java SDK, `Bool` and not `BOOL`.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html (parameters are
PascalCase), https://github.com/aws/aws-sdk-js/issues/4294, https://github.com/boto/boto3/issues/4253 (what tasks give).
The last one says that attributes at the top of an item keep DynamoDB's own names; a definition does well to depend on
neither.
"""

from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

_JAVA_NAMES = {"NULL": "Nul", "BOOL": "Bool", "SS": "Ss", "NS": "Ns", "BS": "Bs"}
_API_NAMES = {java: api for api, java in _JAVA_NAMES.items()}
_ATTRIBUTE_VALUE = "AttributeValue"


def to_api(arguments: Any, shape: Shape | None) -> Any:
    """Translate a task's arguments into those of DynamoDB's API.

    Raises ValueError, as AWS says it, for a name that the API has and tasks have not.
    """
    return _renamed(arguments, shape, _API_NAMES, refused=_JAVA_NAMES)


def from_api(response: Any, shape: Shape | None) -> Any:
    """Translate an answer of DynamoDB's API into what a task gives."""
    return _renamed(response, shape, _JAVA_NAMES, refused={})


def _renamed(value: Any, shape: Shape | None, names: dict[str, str], refused: dict[str, str]) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        is_attribute = shape.name == _ATTRIBUTE_VALUE
        found = {}
        for name, content in value.items():
            if is_attribute and name in refused:
                raise ValueError(
                    f'The field "{name}" is not supported by Step Functions; the AWS SDK integrations spell it '
                    f'"{refused[name]}"'
                )
            api = names.get(name, name) if is_attribute else name
            member = shape.members.get(api if api in shape.members else name)
            found[api] = _renamed(content, member, names, refused)
        return found
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _renamed(content, shape.value, names, refused) for key, content in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_renamed(content, shape.member, names, refused) for content in value]
    return value
