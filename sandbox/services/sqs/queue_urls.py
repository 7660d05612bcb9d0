"""Return AccessDenied for unsigned requests to a queue URL; moto would look for a bucket of that path."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from moto.sqs.models import sqs_backends

from sandbox.clients import REGION

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PATH = re.compile(r"/(\d{12})/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)/?")
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html"""

_DENIED = (
    '<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type>'
    "<Code>AccessDenied</Code><Message>Access to the resource {url} is denied.</Message><Detail/></Error>"
    "</ErrorResponse>"
)


def middleware(emulator: "WSGIApplication") -> "WSGIApplication":
    """Return the application that answers unsigned requests for queues, and passes other requests to the emulator."""

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        found = _PATH.fullmatch(environ["PATH_INFO"])
        signed = "HTTP_AUTHORIZATION" in environ or "X-Amz-Signature=" in environ.get("QUERY_STRING", "")
        if found is None or signed or found[2] not in sqs_backends[found[1]][REGION].queues:
            return emulator(environ, start_response)
        url = f"http://{environ.get('HTTP_HOST', '')}{environ['PATH_INFO']}"
        start_response("403 Forbidden", [("Content-Type", "text/xml")])
        return [_DENIED.format(url=escape(url)).encode()]

    return application
