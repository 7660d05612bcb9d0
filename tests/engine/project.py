"""A stack under the real Pulumi CLI: the program in this process, with its files and state in folders of the tests."""

import contextlib
import json
import runpy
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # it comes with Pulumi, without type information
from pulumi import automation
from pulumi.automation import EngineEvent

import sandbox

Steps = dict[str, set[str]]
"""Operation of the engine, as `update` -> the types of AWS that it is for, as `lambda/function:Function`."""

_PARTS_OF_A_REPLACEMENT = {"create-replacement", "delete-replaced", "discard-replaced"}


def settings(root: Path) -> dict[str, Any]:
    """Return the content of the project file in `root`."""
    content: dict[str, Any] = yaml.safe_load((root / "Pulumi.yaml").read_text(encoding="utf-8"))
    return content


def create_stack(root: Path, name: str, folder: Path, env: dict[str, str], port: int) -> automation.Stack:
    """Create an empty stack of the project in `root`, with its files in `folder`, for the sandbox at `port`."""
    folder.mkdir()
    project = settings(root)
    # The engine finds archives from `main`.
    _write(folder / "Pulumi.yaml", {**project, "main": str(root)})
    _write(folder / f"Pulumi.{name}.yaml", {"config": {**_config(root, name), **_connection(port)}})

    def program() -> None:
        with contextlib.chdir(root):
            runpy.run_path(str(root / "__main__.py"), run_name="__main__")

    options = automation.LocalWorkspaceOptions(work_dir=str(folder), env_vars=env)
    return automation.create_stack(name, project_name=project["name"], program=program, opts=options)


def configure(stack: automation.Stack, values: Mapping[str, Any], *, path: bool = False) -> None:
    """Set keys of the project as `pulumi config set` does, or with `--path`: each value is text."""
    stack.set_all_config({key: automation.ConfigValue(str(value)) for key, value in values.items()}, path=path)


@contextlib.contextmanager
def given(stack: automation.Stack, values: Mapping[str, Any]) -> Iterator[None]:
    """Write keys of the project into the stack's file as they are, and take them out at the end."""
    path = Path(stack.workspace.work_dir, f"Pulumi.{stack.name}.yaml")
    before = path.read_text(encoding="utf-8")
    content = yaml.safe_load(before)
    content["config"] |= {f"holdpoint:{key}": value for key, value in values.items()}
    _write(path, content)
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def steps(operation: Callable[..., Any], **options: Any) -> Steps:
    """Run an operation, such as `stack.up`, and return what the engine does, without what stays the same."""
    found: Steps = defaultdict(set)

    def collect(event: EngineEvent) -> None:
        if event.resource_pre_event is not None:
            step = event.resource_pre_event.metadata
            package, _, kind = step.type.partition(":")
            if package in {"aws", "random"} and step.op.value not in {"same", *_PARTS_OF_A_REPLACEMENT}:
                found[step.op.value].add(kind)

    operation(on_event=collect, **options)
    return dict(found)


def inputs(operation: Callable[..., Any]) -> str:
    """Run an operation, such as `stack.preview`, and return the inputs of all resources of AWS as text."""
    found: list[str] = []

    def collect(event: EngineEvent) -> None:
        step = event.resource_pre_event.metadata if event.resource_pre_event is not None else None
        if step is not None and step.new is not None and step.type.startswith("aws:"):
            found.append(json.dumps(step.new.inputs))

    operation(on_event=collect)
    return "\n".join(found)


def _config(root: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((root / f"Pulumi.{name}.yaml").read_text(encoding="utf-8"))
    return dict(content["config"])


def _connection(port: int) -> dict[str, Any]:
    """Return the keys of stack `local` by which the AWS provider's plugin finds the sandbox."""
    text = yaml.safe_dump(_config(sandbox.ROOT, "local")).replace(":4566", f":{port}")
    return {key: value for key, value in yaml.safe_load(text).items() if key.startswith("aws:")}


def _write(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
