"""A report as one HTML file that needs nothing from outside."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from .curves import curves
from .finding import percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

    from .finding import Finding

SECTIONS = {
    "compare": "Side by side",
    "balance": "Balance",
    "duplicates": "Duplicates",
    "diversity": "Diversity",
    "labels": "Label noise",
    "usefulness": "Usefulness",
    "privacy": "Privacy",
    "bias": "Bias",
    "faithfulness": "Faithfulness",
    "judges": "Judges",
    "cost": "Cost",
}
"""Sections in the order of the page; `pages/NAME.html.j2` shows one."""


def page(figures: Mapping[str, Any], findings: Sequence[Finding], title: str) -> str:
    """The report as HTML.

    Args:
        figures: those of `--json`.
        findings: what they mean.
        title: what the dataset is called.
    """
    shown = {name: heading for name, heading in SECTIONS.items() if figures.get(name)}
    said = {name: [one for one in findings if one.section == name] for name in shown}
    worst = sorted(findings, key=lambda one: ("bad", "note", "good").index(one.level))
    template = _environment().get_template("report")
    tools = {"bars": _bars, "whiskers": _whiskers, "curves": curves}
    return template.render(
        title=title, figures=figures, shown=shown, said=said, worst=worst, style=_text("style.css"), **tools
    )


def _bars(values: Mapping[str, float], marks: Mapping[str, float] | None = None) -> list[dict[str, Any]]:
    """Rows of a bar chart of counts: the longest bar fills its place; marks are what is wanted."""
    marks = marks or {}
    most = max([*values.values(), *marks.values(), 0]) or 1
    return [
        {"name": name, "part": value / most, "mark": marks[name] / most if name in marks else None}
        | {"says": f"{value:,} of {marks[name]:,}" if name in marks else f"{value:,}"}
        for name, value in values.items()
    ]


def _whiskers(figures: Mapping[str, Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """Rows of a bar chart of shares with their intervals."""
    rows = []
    for row, one in figures.items():
        low, high = one.get(f"{name}_interval", (one[name], one[name]))
        says = f"{100 * one[name]:.1f} % ({100 * low:.1f}\u00a0to\u00a0{100 * high:.1f})"
        rows.append({"name": row, "part": one[name], "low": low, "high": high, "says": says})
    return rows


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(lambda name: _text(f"{name}.html.j2")),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    environment.filters["with_code"] = _with_code
    return environment


def _with_code(text: str) -> Markup:
    """A sentence whose commands stand between backticks."""
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(text.split("`"))
    )


def _text(name: str) -> str:
    return (files(__package__) / "pages" / name).read_text("utf-8")
