"""Are synthetic records of the embedded model of use on real texts? `python -m benchmarks.usefulness [news reviews]`

For each of two real sets (`benchmarks/real_sets.py`, fetched through pip into a cache) it makes records by a recipe of
ours (`benchmarks/recipes`), which knows nothing of the set but its labels, and reports on them: trained on synthetic,
tested on real. Making takes some minutes for each set the first time; a run that is there is used again, one that was
stopped goes on. Needs the extras embedded, proof and semantic. What it found is in docs/usefulness.md.

    --model connection:model    another model than the embedded one
    --workspace FOLDER          where the runs and reports are kept; .usefulness if not given
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import platformdirs

import seedbed
from seedbed.core.record import Record

from .real_sets import SETS, Row

RECIPES = {"news": "news_topics", "reviews": "review_tone"}
LINE = "{:34} {:>8} {:>22} {:>22}"
SAID = {
    "synthetic": "synthetic",
    "real_as_many": "real, as many",
    "real": "real",
    "both": "real and synthetic",
}


def main() -> None:
    """Makes, reports and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--model")
    parser.add_argument("--workspace", type=Path, default=Path(".usefulness"))
    given = parser.parse_args()
    cache = Path(platformdirs.user_cache_dir("seedbed")) / "datasets"
    cache.mkdir(parents=True, exist_ok=True)
    for name in given.sets or SETS:
        measure(name, cache, given.workspace, given.model)


def measure(name: str, cache: Path, workspace: Path, model: str | None) -> None:
    """One set: its records, the report, and the figures."""
    train, test = SETS[name].split(cache)
    recipe = Path(__file__).parent / "recipes" / f"{RECIPES[name]}.yaml"
    made = seedbed.generate(recipe, model=model, workspace=workspace)
    report = seedbed.report(made, real=_records(test), real_train=_records(train), workspace=workspace)
    page = workspace / f"{RECIPES[name]}.html"
    page.write_text(report.html(), "utf-8")
    print(f"\n== {name}: {len(made)} synthetic, {len(train)} real to learn from, {len(test)} to test on ==")
    _table(report.figures["usefulness"]["labels"])
    for finding in report.findings:
        if finding.section in ("usefulness", "diversity"):
            print(f"{finding.section}: {finding.text}")
    print(f"The page is {page}.", flush=True)


def _records(rows: list[Row]) -> list[Record]:
    return [Record({"text": text, "label": label}) for text, label, _ in rows]


def _table(found: dict[str, Any]) -> None:
    print(LINE.format("learned from", "records", "right, %", "macro-F1, %"))
    sizes = {kind: one["records"] for kind, one in found["learned_from"].items()}
    sizes |= {"real_as_many": sizes["synthetic"], "both": sum(sizes.values())}
    for classifier, own in found["classifiers"].items():
        for kind, said in SAID.items():
            if kind in own:
                figures = (_percent(own[kind], figure) for figure in ("accuracy", "macro_f1"))
                print(LINE.format(f"{classifier}: {said}", sizes[kind], *figures))
    majority = found["majority"]
    figures = (_percent(majority, figure) for figure in ("accuracy", "macro_f1"))
    print(LINE.format(f"always {majority['label']}", "", *figures))
    for classifier, own in found["classifiers"].items():
        steps = ", ".join(f"{point['records']}: {100 * point['accuracy']:.0f}" for point in own["curve"])
        print(f"{classifier}, right by number of synthetic records: {steps}")


def _percent(figures: dict[str, Any], name: str) -> str:
    low, high = figures[f"{name}_interval"]
    return f"{100 * figures[name]:.1f} ({100 * low:.1f} to {100 * high:.1f})"


if __name__ == "__main__":
    main()
