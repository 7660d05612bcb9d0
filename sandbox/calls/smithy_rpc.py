"""Translation of smithy-rpc-v2-cbor, which moto does not support: calls become JSON, and answers CBOR.

AWS's newer SDKs call CloudWatch with it, and so does terraform-provider-aws 6.
Sources: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html and
https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
"""

import gzip
import io
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import UnknownServiceError
from botocore.model import DenormalizedStructureBuilder, OperationNotFoundError
from botocore.parsers import ResponseParserError, RpcV2CBORParser, create_parser
from botocore.serialize import RpcV2CBORSerializer, create_serializer
from moto.core.utils import get_service_model

from sandbox.calls.call import SERVER_FAULT, boto_name, credential_of
from sandbox.calls.http_answer import Answer, answer_of, respond

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PROTOCOL = "rpc-v2-cbor"
_PATH = re.compile(r"/service/[^/]+/operation/(?P<operation>[^/]+)")
_CBOR = [("smithy-protocol", PROTOCOL), ("Content-Type", "application/cbor")]
# Headers that describe only the CBOR body.
_LEFT_OUT = {"HTTP_SMITHY_PROTOCOL", "HTTP_CONTENT_ENCODING"}
_REQUEST_ID = "x-amzn-requestid"
_ERROR = DenormalizedStructureBuilder().with_members({"__type": {"type": "string"}, "message": {"type": "string"}})


def middleware(application: "WSGIApplication") -> "WSGIApplication":
    """Return the application that also accepts calls in CBOR, and translates them for `application`."""

    def translated(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        found = _PATH.fullmatch(environ["PATH_INFO"])
        credential = credential_of(environ)
        if found is None or credential is None or environ.get("HTTP_SMITHY_PROTOCOL") != PROTOCOL:
            return application(environ, start_response)
        return respond(_answer(application, environ, credential.signing_name, found["operation"]), start_response)

    return translated


def _answer(application: "WSGIApplication", environ: "WSGIEnvironment", signing_name: str, name: str) -> Answer:
    try:
        operation: Any = get_service_model(boto_name(signing_name)).operation_model(name)
    except (UnknownServiceError, OperationNotFoundError):
        code, message = "UnknownOperationException", f"{signing_name} has no operation {name}"
        return _refusal(code, code, message, HTTPStatus.NOT_FOUND)
    try:
        parameters = _parsed(_body(environ))
    except (ResponseParserError, UnicodeDecodeError, gzip.BadGzipFile) as error:
        code = "SerializationException"
        return _refusal(code, code, str(error), HTTPStatus.BAD_REQUEST)
    return _as_cbor(operation, answer_of(application, _as_json(environ, operation, parameters)))


def _body(environ: "WSGIEnvironment") -> bytes:
    content: bytes = environ["wsgi.input"].read()
    # SDKs compress the body of PutMetricData.
    return gzip.decompress(content) if environ.get("HTTP_CONTENT_ENCODING") == "gzip" else content


def _parsed(body: bytes) -> Any:
    parser: Any = RpcV2CBORParser()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}


def _as_json(environ: "WSGIEnvironment", operation: Any, parameters: Any) -> "WSGIEnvironment":
    serializer: Any = create_serializer("json", include_validation=False)
    request = serializer.serialize_to_request(parameters, operation)
    body: bytes = request["body"]
    return {
        **{key: value for key, value in environ.items() if key not in _LEFT_OUT},
        "PATH_INFO": "/",
        "RAW_URI": "/",
        "REQUEST_URI": "/",
        "CONTENT_TYPE": request["headers"]["Content-Type"],
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_AMZ_TARGET": request["headers"]["X-Amz-Target"],
        "wsgi.input": io.BytesIO(body),
    }


def _as_cbor(operation: Any, answer: Answer) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers}
    kept = [(_REQUEST_ID, headers[_REQUEST_ID])] if _REQUEST_ID in headers else []
    parser: Any = create_parser("json")
    response = {"status_code": answer.status, "headers": headers, "body": answer.body}
    parsed = parser.parse(response, operation.output_shape)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        error = parsed["Error"]
        refusal = _refusal(*_shape_and_code(operation, error["Code"]), error["Message"], answer.status)
        return Answer(refusal.status, [*refusal.headers, *kept], refusal.body)
    parsed.pop("ResponseMetadata", None)
    if operation.output_shape is None:
        # An operation without output answers without a body and content type.
        return Answer(answer.status, [_CBOR[0], *kept], b"")
    return Answer(answer.status, [*_CBOR, *kept], _encoded(parsed, operation.output_shape))


def _encoded(value: Any, shape: Any) -> bytes:
    # The serializer writes requests; an answer is a structure as well.
    serializer: Any = RpcV2CBORSerializer()
    body: bytes = serializer._serialize_body_params(value, shape)
    return body


def _shape_and_code(operation: Any, said: str) -> tuple[str, str]:
    """Return the name of the error's shape, which CBOR contains, and its code in the query protocol."""
    for shape in operation.error_shapes:
        code = str(shape.metadata.get("error", {}).get("code") or shape.name)
        if said in (shape.name, code):
            return shape.name, code
    return said, said


def _refusal(name: str, code: str, message: str, status: int) -> Answer:
    fault = "Sender" if status < SERVER_FAULT else "Receiver"
    body = _encoded({"__type": name, "message": message}, _ERROR.build_model())
    return Answer(status, [*_CBOR, ("x-amzn-query-error", f"{code};{fault}")], body)
