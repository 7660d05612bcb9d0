"""`python -m tools.preview_diff.evaluate TREE FILE`: write the resources of the program in a folder as JSON.

It runs in a separate process, because it imports the program's packages from `TREE`. Only the mocks come from this
tree, so that an older program needs only `__main__.py`, `components/bundle.py` and the files of its stacks.
"""

import hashlib
import importlib
import json
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy.policy import _PolicyAnalyzerServicer

from sandbox import memory
from sandbox.engine import plain
from sandbox.stack import load
from tools.made_up import MadeUp
from tools.registrations import Registrations, register

SECRET = "[secret]"  # noqa: S105  # in place of every secret value


def evaluate(tree: Path) -> dict[str, Any]:
    """Evaluate every stack of the program in `tree`.

    Returns:
        `{"stacks": {name: {"resources": {key: {"type", "name", "inputs"}}, "violations": [text]}}}`. The key of a
        resource is its URN without project and stack. A stack that cannot be evaluated is `{"error": text}` instead;
        without a policy pack, `violations` is None.
    """
    sys.path[:0] = [str(tree), str(tree / "policy")]
    return {"stacks": {name: _stack(tree, name) for name in _stacks(tree)}}


def _stacks(tree: Path) -> list[str]:
    return sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in tree.glob("Pulumi.*.yaml"))


def _stack(tree: Path, name: str) -> dict[str, Any]:
    archive = Path(f"bundle-{_digest(tree)}.zip")
    try:
        bundle = importlib.import_module("components.bundle")
        # Building the bundle takes a package index; the stand-in's name changes with the sources, as the real one's
        # does.
        with memory.starting(), patch.object(bundle, "build", lambda *_: archive):
            registered = register(tree, load(tree, name, encrypted=SECRET), MadeUp())
        return {"resources": dict(_resources(registered)), "violations": _violations(tree, registered)}
    # An older program may raise any error, which becomes the result.
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}{_place(error, tree)}"}


def _place(error: Exception, tree: Path) -> str:
    """Return the place in the program that raised an error, for readers who see only the message."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(tree))]
    return f" ({Path(frames[-1].filename).relative_to(tree)}, line {frames[-1].lineno})" if frames else ""


def _resources(registered: Registrations) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in sorted(registered.inputs, key=lambda request: str(request.urn)):
        package, _, _ = each.type.partition(":")
        # Components are not cloud resources. The keys of their children contain their type.
        if package in {"aws", "random"}:
            _, _, kinds, name = each.urn.split("::")
            inputs = rpc.deserialize_properties(each.properties)
            inputs.pop("tagsAll", None)
            yield f"{kinds}::{name}", {"type": each.type, "name": name, "inputs": _readable(inputs)}


def _readable(value: Any) -> Any:
    """Return a value of the engine's wire without secrets, with an archive by its path."""
    if rpc.is_rpc_secret(value):
        return SECRET
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(item) for item in value]
    if isinstance(value, pulumi.FileArchive | pulumi.FileAsset):
        return str(value.path)
    return plain(value)


def _violations(tree: Path, registered: Registrations) -> list[str] | None:
    if not (tree / "policy" / "rules" / "pack.py").exists():
        return None
    policies: list[Policy] = importlib.import_module("rules.pack").POLICIES
    # The class behind `PolicyPack`, which serves it to the engine over a port.
    pack: Any = _PolicyAnalyzerServicer("holdpoint", "0", policies, EnforcementLevel.ADVISORY)
    settings = {
        policy.name: analyzer_pb2.PolicyConfig(
            enforcementLevel=policy.enforcementLevel,
            properties={name: schema["default"] for name, schema in dict(policy.configSchema.properties).items()},
        )
        for policy in pack.GetAnalyzerInfo(empty_pb2.Empty(), None).policies
    }
    pack.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=settings), None)
    found = [each for request in registered.inputs for each in pack.Analyze(request, None).diagnostics]
    found += pack.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=registered.outputs), None).diagnostics
    return sorted({f"{each.policyName}: {each.message}" for each in found})


def _digest(tree: Path) -> str:
    """Return a digest of the sources of the Lambda bundle."""
    digest = hashlib.sha256()
    for path in [tree / "facts.py", *sorted((tree / "handlers").rglob("*"))]:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(tree)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(evaluate(Path(sys.argv[1]).resolve())), encoding="utf-8")
