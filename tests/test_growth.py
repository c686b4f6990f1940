"""docs/growth.md says what was measured."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def page() -> Any:
    spec = spec_from_file_location("growth_page", ROOT / "benchmarks" / "growth_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_and_its_pictures_are_made_of_the_figures() -> None:
    for path, text in page().made().items():
        assert path.read_text(encoding="utf-8") == text, f"make {path.name} anew: python -m benchmarks.growth --page"


def test_nothing_measured_grows_worse_than_n_log_n() -> None:
    module = page()
    assert module.worst(module.figures()) <= module.BOUND


def test_the_long_run_was_exact_and_killed_once() -> None:
    found = page().million()
    assert found["figures"]["ends"]["accepted"] == found["records"] == sum(found["figures"]["by_label"].values())
    assert found["figures"]["attempts"] == sum(found["figures"]["ends"].values())
    assert 0 < found["killed_at"] < found["records"]
    assert found["answered_twice"] <= found["unwritten"]
