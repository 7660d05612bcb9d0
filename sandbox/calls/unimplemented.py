"""Makes an operation that the emulator lacks fail at once: SDKs would retry a 500 for minutes.

Neither botocore nor aws-sdk-go-v2, on which the AWS provider builds, retries status 501:
https://docs.aws.amazon.com/boto3/latest/guide/retries.html#standard-retry-mode and
https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/aws/retry#pkg-variables (DefaultRetryableHTTPStatusCodes).
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.calls.call import read
from sandbox.calls.http_answer import Answer, respond

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CODE = "NotImplemented"


def middleware(emulator: "WSGIApplication") -> "WSGIApplication":
    """Return the application that answers 501 if the emulator raises NotImplementedError."""

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body: Any = environ["wsgi.input"]
        try:
            return emulator(environ, start_response)
        except NotImplementedError as error:
            body.seek(0)
            return respond(_refusal({**environ, "wsgi.input": body}, error), start_response)

    return application


def _refusal(environ: "WSGIEnvironment", error: NotImplementedError) -> Answer:
    call = read(environ)
    if call is None:
        return Answer(HTTPStatus.NOT_IMPLEMENTED, [("Content-Type", "text/plain")], str(error).encode())
    message = f"the sandbox does not implement {call.name}: {error}"
    return call.refuse(CODE, message, HTTPStatus.NOT_IMPLEMENTED)
