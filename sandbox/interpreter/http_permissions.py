"""Permissions that a state machine's role needs for an HTTP Task."""

from typing import Any

from sandbox.iam import enforcement, roles
from sandbox.iam.enforcement import AccessDeniedError
from sandbox.iam.policies import Access
from sandbox.iam.roles import STEP_FUNCTIONS
from sandbox.interpreter import connections
from sandbox.interpreter.http_request import HttpTaskError


def require(env: Any, role_arn: str, arguments: dict[str, Any], where: Any) -> None:
    """Check whether the role may call this API through this connection.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#connect-http-task-permissions
    Raises HttpTaskError: `States.Permissions` for the call, `Events.ConnectionResource.AccessDenied` for the
    connection's credentials.
    """
    session = roles.session(role_arn, STEP_FUNCTIONS, where.region)
    machine = env.states.context_object.context_object_data["StateMachine"]["Id"]
    asked = {
        "states:HTTPMethod": str(arguments.get("Method")),
        "states:HTTPEndpoint": str(arguments.get("ApiEndpoint")),
    }
    try:
        enforcement.require(session, Access("states:InvokeHTTPEndpoint", machine, asked))
    except AccessDeniedError as error:
        raise HttpTaskError("States.Permissions", str(error)) from None
    connection = connections.named_in(arguments)
    secret = connections.secret_arn(connection, where.account, where.region)
    if secret is None:
        # There is no such connection; the call itself reports this.
        return
    try:
        enforcement.require(session, Access("events:RetrieveConnectionCredentials", connection))
        enforcement.require(session, Access("secretsmanager:DescribeSecret", secret))
        enforcement.require(session, Access("secretsmanager:GetSecretValue", secret))
    except AccessDeniedError as error:
        raise HttpTaskError("Events.ConnectionResource.AccessDenied", str(error)) from None
