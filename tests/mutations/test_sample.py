"""A sample of mutants, tried with the tests that docs/mutations.md names: the short version of `make mutations`."""

import hashlib
import subprocess
import sys

import pytest

from tests.mutations.finding import ROOT, every_mutant

SIZE, SIZE_AT_LENGTH = 2, 16
SECONDS = 900
"""Far more than it takes on a slow machine."""


@pytest.mark.campaign
def test_sample_of_mutants_is_caught(at_length: bool) -> None:
    size = SIZE_AT_LENGTH if at_length else SIZE
    # Another program has another sample, and the same one the same.
    text = "\n".join(each.id for each in every_mutant())
    seed = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
    command = [sys.executable, "-m", "tests.mutations", "--sample", str(size), "--seed", str(seed), "--jobs", "1"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert found.stdout.count("caught ") == size
