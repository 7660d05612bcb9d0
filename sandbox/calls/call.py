"""One call of an AWS API: the operation of an HTTP request, its signer, and the error format of its service."""

import io
import json
import re
import threading
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from sandbox.calls.http_answer import Answer, json_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html#create-authz-header
_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/\d+/([\w-]+)/([\w.-]+)/aws4_request")
# The first match compiles the service's URLs, and Python 3.11 cannot parse syntax trees in two threads at once.
# https://github.com/python/cpython/issues/106905
_routing = threading.Lock()
# From this status on, an error is the service's fault; below, the caller's.
SERVER_FAULT = 500
# boto3's names of services that have another signing name.
_BOTO_NAMES = {"states": "stepfunctions", "monitoring": "cloudwatch", "email": "ses"}


@dataclass(frozen=True)
class Credential:
    """The signer of a request and the scope of the signature, from its Authorization header."""

    access_key: str
    region: str
    signing_name: str


@dataclass(frozen=True)
class Call:
    """A call of `service` (boto3's name of it, such as `stepfunctions`), for example operation `StartExecution`.

    `parameters` are the operation's, in boto3's form. `trace` is the X-Ray header, with which a function's SDK names
    the invocation.
    """

    credential: Credential
    service: str
    operation: str
    parameters: dict[str, Any]
    protocol: str
    trace: str | None = None

    @property
    def name(self) -> str:
        """Return `service.Operation`, such as `dynamodb.PutItem`."""
        return f"{self.service}.{self.operation}"

    def refuse(self, code: str, message: str, status: int, **details: Any) -> Answer:
        """Return the answer that makes the caller's SDK raise the error `code`, in the call's protocol.

        `details` are further fields of the error, for protocols that speak JSON.
        """
        request_id = ("x-amzn-RequestId", str(uuid.uuid4()))
        if self.protocol in {"json", "rest-json"}:
            body = json.dumps({"__type": code, "message": message, **details})
            headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", code), request_id]
            # Services that once spoke the query protocol add this header for older SDKs.
            headers.append(("x-amzn-query-error", f"{code};{'Sender' if status < SERVER_FAULT else 'Receiver'}"))
            return Answer(status, headers, body.encode())
        error = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        if self.service != "s3":
            error = f"<ErrorResponse>{error}</ErrorResponse>"
        return Answer(status, [("Content-Type", "text/xml"), request_id], error.encode())


def credential_of(environ: "WSGIEnvironment") -> Credential | None:
    """Return the signer of the request; None for an unsigned one."""
    found = _CREDENTIAL.match(environ.get("HTTP_AUTHORIZATION", ""))
    return Credential(found[1], found[2], found[3]) if found else None


def boto_name(signing_name: str) -> str:
    """Return boto3's name of the service that signs its requests as `signing_name`."""
    return _BOTO_NAMES.get(signing_name, signing_name)


def unreadable(credential: Credential) -> Answer:
    """Return the answer to a request that is not a call known to boto3."""
    message = f"this is no call of an operation of {credential.signing_name} that the sandbox can read"
    return json_answer(404, {"__type": "UnknownOperationException", "message": message})


def read(environ: "WSGIEnvironment") -> Call | None:
    """Return the call of a signed request; others can still read its body.

    None for an unsigned request, or if boto3 does not know the service or operation.
    """
    credential = credential_of(environ)
    if credential is None:
        return None
    service = boto_name(credential.signing_name)
    content = environ["wsgi.input"].read()
    try:
        # A copy, because werkzeug stores what it reads in the environment.
        request = Request({**environ, "wsgi.input": io.BytesIO(content)})
        with _routing:
            operation, labels = get_service_router(service).match(request)
        model = get_service_model(service)
        protocol = determine_request_protocol(model, request.content_type)
        parser = PROTOCOL_PARSERS[protocol](operation, map_type=dict)
        parameters = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": labels,
            }
        )
    except (HTTPException, NotImplementedError, UnknownServiceError, RequestParserError):
        return None
    finally:
        environ["wsgi.input"] = io.BytesIO(content)
    return Call(credential, service, operation.name, parameters, protocol, environ.get("HTTP_X_AMZN_TRACE_ID"))
