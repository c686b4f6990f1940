"""docs/growth.md out of `growth.json` and `million.json`: figures in, tables and pictures out, nothing measured.

What stands in the page between `<!-- NAME -->` and `<!-- end -->` is made here; the rest is written by hand. So are the
pictures in docs/growth/.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).with_name("growth.json")
MILLION = Path(__file__).with_name("million.json")
PAGE = Path(__file__).parents[1] / "docs" / "growth.md"

Costs = dict[str, dict[str, float]]
"""Number of records → what it cost, by the names of `growth.Cost`."""

BOUND = 1.12
"""n·log n is about n^1.08 from 10,000 to 1,000,000 records; measurements differ by some hundredths."""

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560, 300, 70, 130, 16, 44
COLOURS = {
    "generate": "#2f6db5",
    "augment": "#b5472f",
    "dedup": "#3c8a4e",
    "report": "#8a5fb0",
    "review list": "#b58a2f",
    "n log n": "#777777",
}


def figures() -> dict[str, Costs]:
    """What was measured of each kind of work."""
    found: dict[str, Costs] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    return found


def million() -> dict[str, Any]:
    """What the long run found, killed once."""
    found: dict[str, Any] = json.loads(MILLION.read_text(encoding="utf-8"))
    return found


def made() -> dict[Path, str]:
    """Every file that is made, with what is to be in it."""
    costs = figures()
    parts = {"costs": table(costs), "million": long_run(million()), "billion": billion(costs, million())}
    page = PAGE.read_text(encoding="utf-8")
    for name, part in parts.items():
        before, mark, after = page.partition(f"<!-- {name} -->\n")
        page = f"{before}{mark}{part}<!-- end -->{after.partition('<!-- end -->')[2]}"
    pictures = {PAGE.with_suffix("") / f"{name}.svg": picture(*given) for name, given in drawn(costs).items()}
    return {PAGE: page, **pictures}


def write() -> None:
    """Writes the page and its pictures."""
    for path, text in made().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def table(costs: dict[str, Costs]) -> str:
    """What each further record costs, and how that grows."""
    head = "| work | records | processor | one more | memory | one more | disk a record | grows as |\n"
    lines = [head, "|---|" + "--:|" * 7 + "\n"]
    for work, by_size in costs.items():
        lines += [f"| {' | '.join(row)} |\n" for row in _rows(work, by_size)]
    return "".join(lines)


def _rows(work: str, by_size: Costs) -> list[list[str]]:
    """A line for each number of records: what the first costs is mostly the start of the command, so what grows is told
    from the third on; a page of the review has no start."""
    rows, flat, was = [], work == "review list", 0.0
    sizes = [int(size) for size in by_size]
    for then, count in zip([0, *sizes], sizes, strict=False):
        cost, further = by_size[str(count)], _between(by_size, then, count) if then else {}
        now = cost["processor"] if flat else further.get("processor", 0.0)
        took = f"{cost['processor'] * 1e3:,.1f} ms" if flat else f"{cost['processor']:,.1f} s"
        row = [work, f"{count:,}", took, f"{now * 1e6:,.0f} µs" if now and not flat else "", _mb(cost["memory"])]
        row += [f"{further['memory']:,.0f} B" if further else "", f"{cost['disk'] / count:,.0f} B"]
        rows.append([*row, _grows(now, was, count / then, flat=flat) if was else ""])
        was = now
    return rows


def _between(by_size: Costs, small: int, large: int) -> dict[str, float]:
    """What one more costs between two numbers of records."""
    then, now = by_size[str(small)], by_size[str(large)]
    return {name: (now[name] - then[name]) / (large - small) for name in ("processor", "memory")}


def _mb(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def _grows(now: float, then: float, times: float, *, flat: bool) -> str:
    return f"n^{math.log(now / then) / math.log(times) + (0 if flat else 1):.2f}"


def worst(costs: dict[str, Costs]) -> float:
    """The largest exponent from 10,000 records on."""
    shown = [row[-1] for work, by_size in costs.items() if work != "review list" for row in _rows(work, by_size)]
    return max((float(one.removeprefix("n^")) for one in shown if one), default=1.0)


def long_run(found: dict[str, Any]) -> str:
    """The run that was killed in the middle."""
    ends, n, whole = found["figures"]["ends"], found["records"], found["figures"]
    labels = ", ".join(f"{name} {count:,}" for name, count in whole["by_label"].items())
    samples = [f"| {count:,} | {memory / 1e6:,.0f} MB | {at} |\n" for count, memory, at, _ in found["samples"]]
    begun, ended = found["load"][0], found["load"][-1]
    return f"""\
{n:,} records wanted; {ends["accepted"]:,} accepted, {ends["rejected"]:,} rejected, {ends["failed"]:,} failed, \
{ends["surplus"]:,} surplus: {whole["attempts"]:,} attempts. Labels: {labels}; all {whole["cells"]} cells exact; \
{n:,} different texts in the export.

Killed with {found["killed_at"]:,} accepted; {found["unwritten"]:,} calls had been sent and were in no commit, \
{found["answered_twice"]:,} were asked again. The second process read all and asked again after \
{found["pause_processor"]:.0f} s of processor ({found["pause"]:.0f} s by the clock of the busy machine).

Processor {found["processor"]:,.0f} s ({found["processor"] / n * 1e6:,.0f} µs a record, \
the resumption included), disk {found["disk"] / 1e9:.2f} GB ({found["disk"] / n:,.0f} B a record), \
highest memory {found["peak"] / 1e6:,.0f} MB. \
The export took {found["export_seconds"]:.0f} s of processor and {found["export_peak"] / 1e6:,.0f} MB at most. \
The load of the machine (two cores) was {begun:.0f} at the start and {ended:.0f} at the end.

| accepted | resident | process |
|--:|--:|--:|
{"".join(samples)}
{_growth_said(found)}
"""


def per_record(found: dict[str, Any]) -> float:
    """Bytes of resident memory each further record took, over the spans of both processes."""
    spans: list[tuple[float, int]] = []
    for process in (1, 2):
        own = [(count, memory) for count, memory, at, _ in found["samples"] if at == process]
        if len(own) > 1:
            spans.append(((own[-1][1] - own[0][1]) / (own[-1][0] - own[0][0]), own[-1][0] - own[0][0]))
    return sum(each * weight for each, weight in spans) / sum(weight for _, weight in spans)


def _growth_said(found: dict[str, Any]) -> str:
    each = f"Within a process each further record took {per_record(found):,.0f} B."
    return (
        f"{each} What the index alone takes of {found['index_records']:,} such texts, its beginning included: "
        f"{found['index']:,.0f} B a record."
    )


def billion(costs: dict[str, Costs], found: dict[str, Any]) -> str:
    """What the figures come to for a thousand million records."""
    n, tokens = found["records"], found["figures"]["tokens"]
    each = {work: _further(by_size) for work, by_size in costs.items() if work != "review list"}
    index, exact = found["index"], found["exact_index"]
    asked, answered = tokens["input"] / n, tokens["output"] / n
    rows = [
        ("the model, 256 calls at once, 2 s each", "128 records/s", f"{1e9 / 128 / 86_400:,.0f} days"),
        (
            "the model, money (0.15 and 0.60 dollars a million tokens)",
            f"{asked:,.0f} + {answered:,.0f} tokens",
            f"{(asked * 0.15 + answered * 0.6) * 1e3:,.0f} dollars",
        ),
        (
            "the coordinator's processor",
            f"{each['generate']['processor'] * 1e6:,.0f} µs",
            _days(each["generate"]["processor"]),
        ),
        (
            "of that, admission (look up and remember)",
            f"{found['index_seconds'] * 1e6:,.0f} µs",
            _days(found["index_seconds"]),
        ),
        ("memory of near and exact uniqueness", f"{index:,.0f} B", f"{index:,.0f} GB"),
        ("memory where only exact copies are refused", f"{exact:,.0f} B", f"{exact:,.0f} GB"),
        ("the store", f"{found['disk'] / n:,.0f} B", f"{found['disk'] / n / 1e3:.1f} TB"),
        (
            "going on after a kill at half",
            f"{found['pause_processor'] / found['killed_at'] * 1e6:,.0f} µs",
            _days(found["pause_processor"] / found["killed_at"] / 2),
        ),
        *(
            (
                work,
                f"{each[work]['processor'] * 1e6:,.0f} µs, {each[work]['memory']:,.0f} B",
                f"{_days(each[work]['processor'])}, {each[work]['memory']:,.0f} GB",
            )
            for work in ("augment", "dedup", "report")
            if work in each
        ),
    ]
    return "| what | a record | a billion |\n|---|--:|--:|\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _further(by_size: Costs) -> dict[str, float]:
    """What one more costs between the two largest sizes."""
    small, large = list(by_size)[-2:]
    return _between(by_size, int(small), int(large))


def _days(seconds: float) -> str:
    return f"{seconds * 1e9 / 86_400:,.1f} days"


Line = list[tuple[float, float]]


def drawn(costs: dict[str, Costs]) -> dict[str, tuple[str, dict[str, Line]]]:
    """The pictures: a heading and lines for each."""
    whole = {work: by_size for work, by_size in costs.items() if work != "review list"}
    time = _lines(whole, "processor", 1e6)
    sizes = sorted({size for line in time.values() for size, _ in line})
    last = time["generate"][-1]
    time["n log n"] = [(size, last[1] * math.log(size) / math.log(last[0])) for size in sizes]
    pages: Line = [(int(size), cost["processor"] * 1e3) for size, cost in costs.get("review list", {}).items()]
    return {
        "time": ("µs of processor a record, the start of the command included", time),
        "memory": ("highest memory, MB", _lines(whole, "memory", 1e-6, whole=True)),
        "disk": ("bytes on disk a record", _lines(costs, "disk", 1.0)),
        "review": ("ms of processor for a page of 200 from the middle", {"review list": pages}),
    }


def _lines(costs: dict[str, Costs], name: str, times: float, *, whole: bool = False) -> dict[str, Line]:
    return {
        work: [(int(size), cost[name] * times / (1 if whole else int(size))) for size, cost in by_size.items()]
        for work, by_size in costs.items()
    }


def picture(heading: str, lines: dict[str, Line]) -> str:
    """Lines over two logarithmic axes."""
    every = [point for line in lines.values() for point in line]
    low, high = min(value for _, value in every), max(value for _, value in every)
    bottom, top = math.floor(math.log10(low)), math.ceil(math.log10(high))
    first, last = (math.log10(pick(size for size, _ in every)) for pick in (min, max))

    def at(size: float, value: float) -> tuple[float, float]:
        across = (math.log10(size) - first) / ((last - first) or 1)
        up = (math.log10(value) - bottom) / ((top - bottom) or 1)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * across, 1), round(
            HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * up, 1
        )

    parts = [_axis(at, bottom, top, sorted({size for size, _ in every}))]
    ends: list[float] = []
    for name, line in sorted(lines.items(), key=lambda pair: -pair[1][-1][1]):
        parts.append(_line(name, [at(*point) for point in line], ends))
    said = f'<text x="{LEFT}" y="{HEIGHT - 8}" class="axis">records (across); {heading}</text>'
    style = "text{font:11px sans-serif;fill:#444}.axis{font-size:11px}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{heading}">'
        f'<style>{style}</style><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{"".join(parts)}{said}</svg>\n'
    )


def _axis(at: Any, bottom: int, top: int, sizes: list[float]) -> str:
    parts = []
    for power in range(bottom, top + 1):
        y = at(sizes[0], 10.0**power)[1]
        parts.append(f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{10.0**power:,.10g}</text>')
    for size in (size for size in sizes if math.log10(size).is_integer()):
        x, _ = at(size, 10.0**bottom)
        parts.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{size:,.0f}</text>')
    return "".join(parts)


def _line(name: str, points: list[tuple[float, float]], ends: list[float]) -> str:
    """A line with its name at its end, below the names that are there already."""
    colour, dashed = COLOURS[name], ' stroke-dasharray="4 4"' if name == "n log n" else ""
    beside = max([points[-1][1] + 4, *(other + 13 for other in ends)])
    ends.append(beside)
    dots = "" if dashed else "".join(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points)
    path = " ".join(f"{x},{y}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"{dashed}/>{dots}'
        f'<text x="{WIDTH - RIGHT + 8}" y="{beside}" style="fill:{colour}">{name}</text>'
    )
