"""The end of a run in words: cells, duplicates, where the output is, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from seedbed.core.run import DUPLICATES

from .console import counted, plain_console

if TYPE_CHECKING:
    from seedbed.app.runs import RunResult

MOST_CELLS = 40
WORDS = {
    "running": "Running",
    "complete": "Complete",
    "shortfall": "Shortfall",
    "budget": "Stopped by the budget",
    "failed": "Failed",
    "interrupted": "Interrupted",
    "paused": "Paused",
    "cancelled": "Cancelled",
}


def print_summary(result: RunResult, *, stderr: bool = True) -> None:
    """Writes the summary."""
    console = plain_console(stderr=stderr)
    figures = result.figures
    console.print()
    console.print(_headline(result))
    for line in filter(None, (result.message, result.hint, *figures.get("waiting", ()))):
        console.print(line)
    if figures.get("cells"):
        console.print(_cells(figures))
        duplicates = _duplicates(figures)
        if duplicates:
            console.print(duplicates)
    for line in _closing(result):
        console.print(line, soft_wrap=True)


def _headline(result: RunResult) -> str:
    figures = result.figures
    *before, made = figures.get("steps") or [figures]
    text = f"{WORDS[result.state]}: {made['accepted']:,} of {counted(made['asked'], 'record')}"
    if before:
        earlier = [f"{step['step']} {step['accepted']:,} of {step['asked']:,}" for step in before]
        text += f" (the steps before them: {', '.join(earlier)})"
    text += f" in {counted(figures['attempts'], 'attempt')}, {counted(figures['calls'], 'call')}"
    text += f", {figures['seconds']:,.1f} s"
    cost = figures.get("cost")
    return f"{text}, ${cost:,.4f}." if cost else f"{text}."


def _cells(figures: dict[str, Any]) -> Table:
    axes = list(dict.fromkeys(axis for cell in figures["cells"] for axis in cell["cell"]))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for axis in axes:
        table.add_column(axis)
    for name in ("wanted", "accepted"):
        table.add_column(name, justify="right")
    table.add_column("")
    asked = [cell for cell in figures["cells"] if cell["wanted"]]
    cells = sorted(asked, key=lambda cell: cell["accepted"] >= cell["wanted"])
    for cell in cells[:MOST_CELLS]:
        missing = cell["wanted"] - cell["accepted"]
        note = f"{missing:,} missing" if missing else ""
        if missing and cell.get("stopped"):
            note += f" (given up: {_why(cell['stopped'])})"
        table.add_row(
            *(cell["cell"].get(axis, "") for axis in axes), f"{cell['wanted']:,}", f"{cell['accepted']:,}", note
        )
    if len(cells) > MOST_CELLS:
        table.add_row(f"… and {len(cells) - MOST_CELLS:,} more", *[""] * (len(axes) + 2))
    return table


def _why(rule: str) -> str:
    return {
        "fruitless": "too many attempts in a row without a new record",
        "attempts_per_record": "too many attempts for each record",
    }.get(rule, rule)


def _duplicates(figures: dict[str, Any]) -> Table | None:
    found = figures["duplicates"]
    names = [name for name in DUPLICATES.values() if name != "semantic" or found.get(name)]
    if not any(found[name] for name in names):
        return None
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("duplicates refused")
    for name in ("", "of attempts"):
        table.add_column(name, justify="right")
    for name in names:
        table.add_row(name.replace("_", " "), f"{found[name]:,}", f"{found[name] / figures['attempts']:.1%}")
    rates = found["rates"]
    for name, count in found["by_label"].items():
        table.add_row(f"under {name}", f"{count:,}", f"{rates['by_label'][name]:.1%}")
    if len(found["by_model"]) > 1:
        for name, count in found["by_model"].items():
            table.add_row(f"by {name}", f"{count:,}", f"{rates['by_model'][name]:.1%}")
    return table


def _closing(result: RunResult) -> list[str]:
    figures = result.figures
    lines = []
    other = {**figures["rejected"], **figures["failed"]}
    if other:
        lines.append(f"Rejected or failed: {_counted(other)}.")
    if figures.get("repaired"):
        share = figures["repaired"] / max(1, figures["accepted"])
        again = sum(figures["rejected"].values()) + sum(figures["failed"].values())
        lines.append(f"Mended replies: {figures['repaired']:,} of the accepted ({share:.1%}); asked again: {again:,}.")
    if figures.get("cost") is None and figures["calls"]:
        lines.append("The cost is not known: there is no price for every model (set `prices:` in the recipe).")
    if "redacted" in figures:
        lines.append(f"Masked before sending: {_counted(figures['redacted']) or 'nothing'}.")
    if figures.get("deviation"):
        lines.append(deviation_line(figures))
    if figures.get("output"):
        lines.append(f"Output: {figures['output']}")
    elif not result.unwritten:
        lines.append(f"Write the records to a file with: {result.export}")
    return lines + next_steps(result)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def next_steps(result: RunResult) -> list[str]:
    """What is left to do, each with its command."""
    lines = [result.unwritten, f"Write the records to a file with: {result.export}"] if result.unwritten else []
    if result.state not in ("complete", "running"):
        lines.append(f"Go on from here with: {result.go_on}")
    return lines


def deviation_line(figures: dict[str, Any]) -> str:
    """How far whole numbers are from the exact shares where there are more than two axes."""
    return f"Largest difference of a cell from its exact share: {figures['deviation']:g} records; totals are exact."
