"""Runner of the example of another team's stack on the outputs of a stack."""

from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime.mocks import MockResourceArgs

from sandbox.engine import run
from sandbox.stack import load
from tests.unit.components.recording import Recording
from tests.unit.recorded_program import ROOT

CONSUMER = ROOT / "examples" / "consumer"


@dataclass
class Referring(Recording):
    """Mock that answers stack references with the outputs; a missing output fails the run."""

    ours: dict[str, Any] = field(default_factory=dict)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Record one resource, or return the outputs of the stack."""
        if args.typ != "pulumi:pulumi:StackReference":
            return super().new_resource(args)
        return args.inputs["name"], {"name": args.inputs["name"], "outputs": self.ours, "secretOutputNames": []}


def consumer(ours: dict[str, Any]) -> tuple[Recording, dict[str, Any]]:
    """Run the example; return its resources and its outputs."""
    seen = Referring(ours=ours)
    return seen, run(CONSUMER, load(CONSUMER, "dev"), seen)
