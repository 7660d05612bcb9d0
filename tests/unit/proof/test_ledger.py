"""The ledger: the sums of the counts of all processes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.proof import ledger


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ledger, "FOLDER", tmp_path)
    return tmp_path


def test_counts_are_summed_by_kind_and_name(folder: Path) -> None:
    ledger.note("faults", "throttle", tried=2, survived=1)
    ledger.note("faults", "throttle", tried=1, survived=1)
    ledger.note("faults", "delay", tried=5)
    ledger.note("load", "releases", started=7)
    assert ledger.totals("faults", folder) == {"delay": {"tried": 5}, "throttle": {"tried": 3, "survived": 2}}


def test_counts_of_other_processes_are_included(folder: Path) -> None:
    ledger.note("load", "orders", started=1)
    code = f"""
from pathlib import Path
from tests.proof import ledger
ledger.FOLDER = Path({str(folder)!r})
ledger.note("load", "orders", started=2)
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
    assert ledger.totals("load", folder) == {"orders": {"started": 3}}


def test_empty_ledger_has_no_totals(folder: Path) -> None:
    assert ledger.totals("mutations", folder) == {}
