"""Test runs on a changed copy of the project: one process per change, with a time limit."""

import contextlib
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.mutations.finding import ROOT
from tests.mutations.mutant import Mutant

COPIES = ROOT / ".cache" / "mutants"
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".cache", "__pycache__", ".*_cache", ".hypothesis", "images")
OURS = {
    "asl",
    "components",
    "handlers",
    "tests",
    "sandbox",
    "console",
    "ops",
    "tools",
    "rules",
    "facts",
    "bench",
    "examples",
}

PRELOADED = (
    *("pytest", "hypothesis", "xdist", "time_machine", "boto3", "pydantic", "aws_lambda_powertools"),
    *("moto.server", "moto.dynamodb.models", "moto.logs.models", "moto.secretsmanager.models"),
    "moto.stepfunctions.parser.models",
    *("pulumi", "pulumi_random", "pulumi.runtime.mocks"),
    *(f"pulumi_aws.{name}" for name in ("apigatewayv2", "cloudwatch", "dynamodb", "iam", "kms", "lambda_", "s3")),
    *(f"pulumi_aws.{name}" for name in ("scheduler", "secretsmanager", "sfn", "sns", "sqs")),
)
"""Modules that nearly every test imports and no mutant changes, imported once before the processes fork."""


@contextlib.contextmanager
def copy() -> Iterator[Path]:
    """Create a copy of the project, for one change after the other."""
    COPIES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=COPIES) as folder:
        root = Path(folder, "project")
        shutil.copytree(ROOT, root, ignore=NOT_COPIED)
        # To build a bundle of the functions takes a while and the network; one that is there is taken.
        bundles = ROOT / ".cache" / "bundle"
        bundles.mkdir(parents=True, exist_ok=True)
        (root / ".cache").mkdir()
        (root / ".cache" / "bundle").symlink_to(bundles)
        yield root


@contextlib.contextmanager
def changed(root: Path, mutant: Mutant) -> Iterator[None]:
    """Apply a change to the copy, and revert it at the end."""
    file = root / mutant.path
    source = file.read_text(encoding="utf-8")
    file.write_text(mutant.applied(source), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(source, encoding="utf-8")


def first_failure(root: Path, groups: Sequence[Sequence[str]], left_out: Sequence[str], seconds: float) -> str | None:
    """Run one group of tests after the other in the copy until a test fails, and return that test.

    A group is read as a whole before its first test runs. None where all passed, or the time was over before.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    told = root.parent / "told.json"
    told.unlink(missing_ok=True)
    process = context.Process(target=_run, args=(str(root), groups, left_out, str(told), seconds))
    process.start()
    process.join(seconds)
    # It leads a group of its own, to which everything belongs that it has started, such as a sandbox.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.join()
    failed: str | None = json.loads(told.read_text(encoding="utf-8")) if told.exists() else None
    return failed


def _run(root: str, groups: Sequence[Sequence[str]], left_out: Sequence[str], told: str, seconds: float) -> None:
    os.setsid()
    # Where the parent is killed, nobody else would end what hangs here.
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(0, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    os.chdir(root)
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    sys.path[:] = [root, f"{root}/policy", *(path for path in sys.path if path not in ("", str(ROOT)))]
    sys.dont_write_bytecode = True
    log = os.open(f"{told}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    import pytest  # It is preloaded; the parent has no use for it.

    first = _First()
    flags = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", "--tb=short"]
    flags += [f"--deselect={each}" for each in left_out]
    for group in groups:
        code = pytest.main([*group, *flags], plugins=[first])
        if code != pytest.ExitCode.OK and first.failed is None:
            first.failed = f"pytest: {code!r}"
        if first.failed is not None:
            break
    Path(told).write_text(json.dumps(first.failed), encoding="utf-8")


class _First:
    """Records the first test that failed."""

    failed: str | None = None

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Record the end of a test or of its setup."""
        if report.failed and self.failed is None:
            self.failed = str(report.nodeid)

    def pytest_collectreport(self, report: Any) -> None:
        """Record the collection of a file."""
        if report.failed and self.failed is None:
            self.failed = f"{report.nodeid} (cannot be read)"
