"""The endpoints of a stack whose configuration points the provider to another place than AWS."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops.aws.pulumi_stack import PROJECT
from ops.errors import TargetError

KEY = "aws:endpoints"
"""https://www.pulumi.com/registry/packages/aws/installation-configuration/#configuration-options"""

PROVIDER_NAMES = {"stepfunctions": "sfn"}
"""boto3's names of services that have another name in the provider."""


def endpoints(stack: str, folder: Path = PROJECT) -> dict[str, str]:
    """Read the endpoints of a stack, by the provider's names of the services; empty for a stack on AWS.

    Raises:
        TargetError: the stack's file cannot be read, or its endpoints are not a list of mappings.
    """
    # PyYAML comes with Pulumi; imported here because most commands need no file of a stack.
    import yaml  # type: ignore[import-untyped]  # its type information would be one more package to pin

    file = folder / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}  # Pulumi keeps such a stack's configuration elsewhere.
    except (OSError, yaml.YAMLError) as error:
        raise TargetError(f"{file.name} cannot be read: {error}", "Correct it") from None
    config = (content or {}).get("config") or {}
    return _merged(config.get(KEY), file)


def _merged(value: Any, file: Path) -> dict[str, str]:
    try:
        # `pulumi config set` without --path stores text.
        given = json.loads(value) if isinstance(value, str) else value or []
    except ValueError:
        given = value
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise TargetError(f"{KEY} in {file.name} is not a list of services and URLs", "See Pulumi.local.yaml for one")
    return {str(name): str(url) for each in given for name, url in each.items()}
