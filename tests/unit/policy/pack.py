"""Client of the policy pack, started and called like the Pulumi engine does."""

import contextlib
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from tests.unit.recorded_program import ROOT

START_SECONDS = 300
"""Time for a pack to start on a busy machine."""

NO_ENGINE = "127.0.0.1:1"
"""The engine's address, which the pack gets and never calls."""

Diagnostic = analyzer_pb2.AnalyzeDiagnostic


class Pack:
    """A running pack."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = analyzer_pb2_grpc.AnalyzerStub(channel)

    def info(self) -> analyzer_pb2.AnalyzerInfo:
        """Return the pack's description of itself and its rules."""
        info: analyzer_pb2.AnalyzerInfo = self._stub.GetAnalyzerInfo(empty_pb2.Empty())
        return info

    def configure(self, settings: dict[str, analyzer_pb2.PolicyConfig] | None = None) -> None:
        """Set the default settings of every rule, and a user's settings over them."""
        defaults = {
            policy.name: analyzer_pb2.PolicyConfig(
                enforcementLevel=policy.enforcementLevel,
                properties={name: schema["default"] for name, schema in dict(policy.configSchema.properties).items()},
            )
            for policy in self.info().policies
        }
        self._stub.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig={**defaults, **(settings or {})}))

    def analyze(self, resource: analyzer_pb2.AnalyzeRequest) -> list[Diagnostic]:
        """Run the rules on one resource."""
        return list(self._stub.Analyze(resource).diagnostics)

    def analyze_stack(self, resources: Iterable[analyzer_pb2.AnalyzerResource]) -> list[Diagnostic]:
        """Run the rules on a stack."""
        return list(self._stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=resources)).diagnostics)


@contextlib.contextmanager
def running() -> Iterator[Pack]:
    """Start the pack, and end it afterwards.

    https://github.com/pulumi/pulumi/blob/master/sdk/python/dist/pulumi-analyzer-policy-python
    """
    command = [sys.executable, "-u", "-m", "pulumi.policy", NO_ENGINE, "."]
    process = subprocess.Popen(command, cwd=ROOT / "policy", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        with grpc.insecure_channel(f"127.0.0.1:{_port(process)}") as channel:
            yield Pack(channel)
    finally:
        process.kill()
        process.communicate()


def _port(process: subprocess.Popen[str]) -> int:
    """Return the port that the pack prints once it serves."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    line = process.stdout.readline() if ready else ""
    if not line:
        process.kill()
        raise AssertionError(f"the pack did not start: {process.communicate()[1]}")
    return int(line)
