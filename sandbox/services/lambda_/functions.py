"""Lambda functions as processes, with each function's own code and environment."""

import base64
import json
import shutil
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core.utils import utcnow

from sandbox.clock import clock
from sandbox.iam import passed_roles
from sandbox.patches import Patch, wrapped
from sandbox.services.lambda_ import configuration as lambda_configuration
from sandbox.services.lambda_ import log_streams, versions
from sandbox.services.lambda_.code_directory import Code, unpack
from sandbox.services.lambda_.container.processes import INIT_LIMIT_SECONDS, Answer, Container, Zygote
from sandbox.services.lambda_.environment import environment
from sandbox.services.lambda_.invocations import RunningInvocations
from sandbox.services.lambda_.pool import IDLE_SECONDS, LATEST, Pool, StoppedError, kept_warm

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (6 MB, as the error message itself gives it)
MAX_RESPONSE_BYTES = 6_291_556
# The last 4 KB of the log (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_ResponseSyntax).
LOG_TAIL_BYTES = 4096


@dataclass(frozen=True)
class Result:
    """The result of an invocation: `payload` is JSON, the function's answer or, with `failed`, its error object."""

    payload: bytes
    failed: bool
    request_id: str
    log: str

    @property
    def log_tail(self) -> str:
        """The end of the log as the API returns it, base64."""
        return base64.b64encode(self.log.encode()[-LOG_TAIL_BYTES:]).decode()


class Functions:
    """Every function's code and containers."""

    def __init__(self, endpoint_url: str) -> None:
        self.invocations = RunningInvocations()
        self._endpoint_url = endpoint_url
        self._directory = Path(tempfile.mkdtemp(prefix="sandbox-lambda-"))
        self._zygote: Zygote | None = None
        self._lock = threading.Lock()
        self._code: dict[str, Code] = {}
        self._pools: dict[tuple[str, str], Pool] = {}
        self._stopped = threading.Event()
        threading.Thread(target=self._end_unused, name="sandbox-unused-containers", daemon=True).start()

    def warm(self) -> Zygote:
        """Start the template process, which takes most of a second and is needed only for functions.

        Raises StoppedError if the sandbox goes down.
        """
        with self._lock:
            if self._stopped.is_set():
                raise StoppedError
            if self._zygote is None:
                self._zygote = Zygote(self._directory)
            return self._zygote

    def invoke(self, function: LambdaFunction, payload: bytes) -> Result:
        """Run the function's handler on `payload` (JSON) and wait for its result.

        Raises ThrottledError if the function's reserved concurrency is used up, StoppedError if the sandbox stops.
        """
        request_id = str(uuid.uuid4())
        revision = _revision(function)
        pool = self._pool(function)
        concurrency = versions.unqualified(function).reserved_concurrency
        reserved = None if concurrency is None else int(concurrency)
        container, cold = pool.acquire(revision, reserved, lambda: self._start(function))
        try:
            return _run(self.invocations, function, container, cold, request_id, payload)
        finally:
            pool.release(container, revision)

    def forget(self, function: LambdaFunction) -> None:
        """End the containers of a deleted version, or of all versions of a deleted function."""
        arn, version = _version(function)
        with self._lock:
            gone = [key for key in self._pools if key[0] == arn and version in (key[1], LATEST)]
            pools = [self._pools.pop(key) for key in gone]
        for pool in pools:
            pool.stop()

    def stop(self) -> None:
        """Kill every container, and remove the unpacked code."""
        with self._lock:
            self._stopped.set()
            pools = list(self._pools.values())
        for pool in pools:
            pool.stop()
        if self._zygote is None:
            shutil.rmtree(self._directory, ignore_errors=True)
        else:
            # The template process removes the code, as it does when the sandbox is killed.
            self._zygote.stop()

    def _end_unused(self) -> None:
        while not self._stopped.wait(IDLE_SECONDS / 2):
            with self._lock:
                pools = dict(self._pools)
            warm = kept_warm(pools)
            for key, pool in pools.items():
                pool.end_unused(time.monotonic() - IDLE_SECONDS, keep=int(key in warm))

    def _pool(self, function: LambdaFunction) -> Pool:
        with self._lock:
            if self._stopped.is_set():
                raise StoppedError
            return self._pools.setdefault(_version(function), Pool())

    def _start(self, function: LambdaFunction) -> Container:
        zygote = self.warm()
        with self._lock:
            code = self._code.get(function.code_sha_256)
            if code is None:
                code = unpack(function.code_bytes, Path(tempfile.mkdtemp(dir=self._directory)))
                self._code[function.code_sha_256] = code
        stream = f"{utcnow():%Y/%m/%d}/[{function.version}]{uuid.uuid4().hex}"
        description = {
            "environment": environment(function, self._endpoint_url, code.root, stream),
            "taskRoot": str(code.root),
            "packages": code.packages,
            "aheadSeconds": clock.ahead,
        }
        return Container(zygote, description)


def patches(functions: Functions) -> tuple[Patch, ...]:
    """Return the patches that make moto create and delete `functions`."""

    def creating(original: Any, backend: LambdaBackend, spec: dict[str, Any]) -> LambdaFunction:
        passed_roles.require_function_role(spec)
        # To publish a version, moto would copy all logs of the region.
        created: LambdaFunction = original(backend, {**spec, "Publish": False})
        with suppress(StoppedError):
            functions.warm()
        return versions.publish_created(backend._lambdas, created) if spec.get("Publish") else created

    def deleting(original: Any, backend: LambdaBackend, function_name: str, qualifier: str | None = None) -> None:
        function = backend.get_function(function_name, qualifier)
        original(backend, function_name, qualifier)
        functions.forget(function)

    return (
        wrapped(LambdaBackend, "create_function", creating, "accepts a role that Lambda cannot assume"),
        wrapped(LambdaBackend, "delete_function", deleting, "knows nothing of the processes of a function"),
    )


def _version(function: LambdaFunction) -> tuple[str, str]:
    """Return the function's own ARN and the version, whatever name the call used."""
    return versions.unqualified(function).function_arn, str(function.version)


def _revision(function: LambdaFunction) -> tuple[Any, ...]:
    """Return a value whose change makes a container outdated. Moving the clock does, because it counts as idle time."""
    settings = json.dumps([function.environment_vars, lambda_configuration.logging_config(function)], sort_keys=True)
    return (
        function.code_sha_256,
        function.handler,
        function.role,
        function.memory_size,
        function.timeout,
        settings,
        clock.ahead,
    )


def _run(
    invocations: RunningInvocations,
    function: LambdaFunction,
    container: Container,
    cold: bool,
    request_id: str,
    payload: bytes,
) -> Result:
    printed = ""
    init_ms = None
    started = time.monotonic()
    try:
        if cold:
            answer = container.initialize(INIT_LIMIT_SECONDS + function.timeout)
            printed, init_ms = answer.output, (time.monotonic() - started) * 1000
            started = time.monotonic()
        if container.alive:
            invocation = _invocation(function, request_id, payload)
            with invocations.running(invocation["traceId"], invocation["event"], container):
                answer = container.invoke(invocation, function.timeout)
            printed += answer.output
    except TimeoutError as timeout:
        message = f"Task timed out after {function.timeout:.2f} seconds"
        answer = Answer(None, {"errorType": "Sandbox.Timedout", "errorMessage": message}, "")
        printed += f"{timeout}\n{utcnow():%Y-%m-%dT%H:%M:%S.%fZ} {request_id} {message}\n"
    error = _platform_error(answer, request_id)
    report = log_streams.Report(
        request_id=request_id,
        version=str(function.version),
        memory_mb=function.memory_size,
        duration_ms=(time.monotonic() - started) * 1000,
        init_ms=init_ms,
        status="success" if error is None else "error",
    )
    json_format = lambda_configuration.logging_config(function)["LogFormat"] == "JSON"
    lines = log_streams.log_lines(report, printed, answer.error, json_format)
    log_streams.write(function, container.log_stream, lines)
    body = answer.payload if error is None else json.dumps(error)
    return Result((body or "null").encode(), error is not None, request_id, "\n".join(lines) + "\n")


def _invocation(function: LambdaFunction, request_id: str, payload: bytes) -> dict[str, Any]:
    now = time.time()
    return {
        "requestId": request_id,
        "arn": function.function_arn,
        "deadlineMs": int((now + function.timeout) * 1000),
        # https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
        "traceId": f"Root=1-{int(now):08x}-{uuid.uuid4().hex[:24]};Parent={uuid.uuid4().hex[:16]};Sampled=0",
        "event": payload.decode(),
    }


def _platform_error(answer: Answer, request_id: str) -> dict[str, Any] | None:
    """Return the error object for the caller: the platform's own errors name the request, as on AWS."""
    if answer.payload is not None and len(answer.payload.encode()) > MAX_RESPONSE_BYTES:
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
        return {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
    if answer.error is None or "stackTrace" in answer.error:
        return answer.error
    return {**answer.error, "errorMessage": f"RequestId: {request_id} Error: {answer.error['errorMessage']}"}
