"""The request of a release: the packages, environment, requester and notes that people approve."""

import json
from typing import Any

from ops.history.timeline import Timeline
from ops.report.formatting import shown

NAMES = ("environment", "requestedBy", "notes")
"""The fields of the document's `metadata` that help people to decide. The document may hold any others."""


def of(reading: Timeline) -> dict[str, Any] | None:
    """Return the request as texts without secrets; None if the execution has read no packages."""
    packages, metadata = reading.variable("packageIds"), reading.variable("metadata")
    if not isinstance(packages, list):
        return None
    about = metadata if isinstance(metadata, dict) else {}
    return {
        "packages": [_text(package) for package in packages],
        **{name: _text(about[name]) if name in about else None for name in NAMES},
    }


def _text(value: object) -> str | None:
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
