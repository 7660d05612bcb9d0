"""`python -m tools.preview_diff BASE`: print as Markdown what the working tree changes against a revision."""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tools.preview_diff.costs import counts
from tools.preview_diff.report import report, shorten

ROOT = Path(__file__).parents[2]

COMMENT_LIMIT = 65_000
"""Characters of a comment, of which GitHub takes 65,536 with what a workflow adds.
https://docs.github.com/en/rest/issues/comments"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print. Return the exit code: 1 if this tree's own program cannot be evaluated."""
    parser = argparse.ArgumentParser(prog="python -m tools.preview_diff", description=__doc__)
    parser.add_argument("base", help="revision to compare with, such as origin/main or HEAD~1")
    parser.add_argument("--limit", type=int, default=COMMENT_LIMIT, help="characters at most (default: %(default)s)")
    given = parser.parse_args(arguments)
    found = _git("rev-parse", "--verify", "--quiet", f"{given.base}^{{commit}}")
    if found.returncode:
        print(f"{given.base} is no revision of this repository: `git fetch` it, or name another BASE", file=sys.stderr)
        return 2
    commit = found.stdout.strip()
    with _worktree(commit) as base:
        old, new = _evaluated(base), _evaluated(ROOT)
        parts = report(commit[:12], old, new, counts(base), counts(ROOT))
    print(shorten(parts, given.limit))
    return 1 if any("error" in stack for stack in new["stacks"].values()) else 0


@contextlib.contextmanager
def _worktree(commit: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "base")
        _git("worktree", "add", "--detach", str(tree), commit).check_returncode()
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _evaluated(tree: Path) -> dict[str, Any]:
    """Evaluate the program of a tree in a separate process."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        command = [sys.executable, "-m", "tools.preview_diff.evaluate", str(tree), str(answer)]
        # The command consists of this interpreter and paths.
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise SystemExit(f"the evaluation of {tree} failed:\n{done.stderr}")
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return found


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    # git is on the PATH; no shell reads the arguments.
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607


if __name__ == "__main__":
    sys.exit(main())
