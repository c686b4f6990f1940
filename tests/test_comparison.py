"""docs/comparison.md says what was measured, and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    for name in [name for name in sys.modules if name.partition(".")[0] == "benchmarks"]:
        monkeypatch.delitem(sys.modules, name)


def test_the_comparison_and_its_pictures_are_made_of_the_results_alone() -> None:
    from benchmarks.peers.report import made

    results = json.loads((ROOT / "benchmarks/peers/results.json").read_text("utf-8"))
    for name, content in made(results).items():
        assert (ROOT / "docs" / name).read_text("utf-8") == content, f"{name}: python -m benchmarks.peers --report"


def test_the_versions_told_are_those_that_are_pinned() -> None:
    folder = ROOT / "benchmarks/peers"
    versions = json.loads((folder / "results.json").read_text("utf-8"))["versions"]
    pins = {
        "distilabel": "distilabel",
        "data_designer": "data-designer",
        "curator": "bespokelabs-curator",
        "langtest": "langtest",
    }
    for name, package in pins.items():
        lines = (folder / f"{name}.txt").read_text("utf-8").splitlines()
        assert f"{package}=={versions[name]}" in lines
        assert all("://" not in line and "==" in line for line in lines)
