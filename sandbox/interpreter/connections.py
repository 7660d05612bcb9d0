"""EventBridge connections: the parameters they add to a request, and how they lose and regain authorization."""

import base64
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from moto.events.models import Connection as StoredConnection
from moto.events.models import EventsBackend, events_backends

from sandbox.patches import wrapped

AUTHORIZED, DEAUTHORIZED = "AUTHORIZED", "DEAUTHORIZED"

# "For connections using Basic or API Key authentication, EventBridge receives a 401 ... or 407 ... error code."
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-deauthorize.html
DEAUTHORIZING: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED})


class UnusableConnectionError(Exception):
    """A connection that cannot be used; `name` is the last part of AWS's error name."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A resolved connection. Its text never shows a value."""

    credentials: dict[str, str] = field(default_factory=dict, repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    query: dict[str, str] = field(default_factory=dict, repr=False)
    body: dict[str, str] = field(default_factory=dict, repr=False)


def named_in(arguments: dict[str, Any]) -> str:
    """Return the ARN of the connection in the Arguments of an HTTP Task; empty if they name none."""
    config = arguments.get("InvocationConfig") or arguments.get("Authentication") or {}
    return str(config.get("ConnectionArn") or "") if isinstance(config, dict) else ""


def secret_arn(arn: str, account: str, region: str) -> str | None:
    """Return the secret in which EventBridge keeps a connection's credentials; None if there is no such connection."""
    found = _find(arn, account, region)
    return None if found is None else str(found.secret_arn)


def deauthorize_if_refused(status: int, arn: str, account: str, region: str) -> None:
    """De-authorize the connection if an API answered that the caller is not authenticated."""
    found = _find(arn, account, region)
    if found is not None and status in DEAUTHORIZING:
        found.state_reason = f"The API answered {status}"
        found.state = DEAUTHORIZED


def resolve(arn: str, account: str, region: str) -> Connection:
    """Return the connection of that ARN in the emulator's EventBridge. Raises UnusableConnectionError."""
    found = _find(arn, account, region)
    if found is None:
        raise UnusableConnectionError("ResourceNotFound", f"The connection {arn} does not exist")
    if found.state != AUTHORIZED:
        message = f"The connection {arn} is {found.state}: {found.state_reason}"
        raise UnusableConnectionError("InvalidConnectionState", message)
    parameters: dict[str, Any] = found.auth_parameters or {}
    extra = parameters.get("InvocationHttpParameters") or {}
    return Connection(
        credentials=_credentials(found.authorization_type, parameters),
        headers=_pairs(extra, "HeaderParameters"),
        query=_pairs(extra, "QueryStringParameters"),
        body=_pairs(extra, "BodyParameters"),
    )


def _find(arn: str, account: str, region: str) -> Any:
    known = events_backends[account][region].connections.values()
    return next((connection for connection in known if connection.arn == arn), None)


def _credentials(kind: str, parameters: dict[str, Any]) -> dict[str, str]:
    if kind == "API_KEY":
        key = parameters["ApiKeyAuthParameters"]
        return {str(key["ApiKeyName"]): str(key["ApiKeyValue"])}
    if kind == "BASIC":
        basic = parameters["BasicAuthParameters"]
        pair = f"{basic['Username']}:{basic['Password']}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    raise UnusableConnectionError("InternalError", f"The sandbox supports API_KEY and BASIC connections, not {kind}")


def _pairs(parameters: dict[str, Any], kind: str) -> dict[str, str]:
    # The API requires neither field; a header without a name cannot be sent.
    return {str(pair["Key"]): str(pair.get("Value", "")) for pair in parameters.get(kind) or [] if pair.get("Key")}


def _update(original: Any, self: Any, name: str, **changes: Any) -> Any:
    if changes.get("auth_parameters") and name in self.connections:
        self.connections[name].state = AUTHORIZED
    return original(self, name, **changes)


def _describe(original: Any, self: Any) -> dict[str, Any]:
    reason = {} if self.state == AUTHORIZED else {"StateReason": self.state_reason}
    return {**original(self), **reason}


PATCHES = (
    wrapped(EventsBackend, "update_connection", _update, "leaves a connection deauthorized when it is updated"),
    wrapped(StoredConnection, "describe", _describe, "does not say why a connection is deauthorized"),
)
