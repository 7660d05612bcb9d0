"""The example of another team's stack, run on the outputs of one of ours."""

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
    """Answers a reference to our stack with its outputs. One that is asked for and is not there fails the run."""

    ours: dict[str, Any] = field(default_factory=dict)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Record one resource, or give the outputs of ours."""
        if args.typ != "pulumi:pulumi:StackReference":
            return super().new_resource(args)
        return args.inputs["name"], {"name": args.inputs["name"], "outputs": self.ours, "secretOutputNames": []}


def consumer(ours: dict[str, Any]) -> tuple[Recording, dict[str, Any]]:
    """Run the example; return its resources and its outputs."""
    seen = Referring(ours=ours)
    return seen, run(CONSUMER, load(CONSUMER, "dev"), seen)
