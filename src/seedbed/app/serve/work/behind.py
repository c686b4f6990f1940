"""The records behind a figure of a report."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import NotFound, nearest
from seedbed.core.stored import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seedbed.core.serving.jobs import StoredReport
    from seedbed.core.stored import Store

NAMED = ("record", "records", "names", "like")
"""Fields of figures that hold ids of records."""

FILTERS = ("label", "model")
"""Columns that the list of records is filtered by."""


def records_behind(
    store: Store, report: StoredReport, bar: tuple[str, str], start: int, limit: int
) -> tuple[list[str], dict[str, str] | None]:
    """Ids of records behind a figure, and the filter of the list of records that finds them all, if there is one.

    `bar` is a section and a key: a way through the section (`clusters.0`, `suspects`, `noise.pairs.0`), or
    `column=value`: in `labels` and `duplicates` what is suspected or there again of a label, elsewhere all records.

    Raises:
        NotFound: the report has no such section or figure.
    """
    section, key = bar
    if section and section not in report.figures:
        raise NotFound(f"The report has no section `{section[:80]}`.", nearest(section, report.figures))
    figures = report.figures[section] if section else report.figures
    column, equals, value = key.partition("=")
    if equals and section not in ("labels", "duplicates"):
        selection = Selection(dataset=report.dataset, reviewed=True, where=((column, value),))
        found = islice(store.records(selection), start, start + limit)
        return [record.id for record in found], {column: value} if column in FILTERS else None
    part = _of(figures, {column: value}) if equals else _at(figures, key)
    if section == "labels" and isinstance(part, dict) and "suggested" in part:
        part = _of(figures, {name: part[name] for name in ("label", "suggested") if name in part})
    names = dict.fromkeys(_names(part))
    return list(islice(names, start, start + limit)), _where(section, key)


def _where(section: str, key: str) -> dict[str, str] | None:
    """The filter that finds all that a section has found, once it is marked in the review, not only what it shows."""
    column, _, value = key.partition("=")
    if section == "labels":
        return {"doubted": "true"}
    if section == "duplicates" and not key:
        return {"duplicates": "true"}
    if section == "duplicates" and column in FILTERS:
        return {"duplicates": "true", column: value}
    return None


def _of(figures: Any, wanted: Mapping[str, str]) -> list[Any]:
    """The suspects and clusters in figures that are of a label."""
    listed = [*(figures.get("suspects") or ()), *(figures.get("clusters") or ())]
    return [
        one
        for one in listed
        if all(value == one.get(name) or value in one.get(f"{name}s", ()) for name, value in wanted.items())
    ]


def _at(figures: Any, key: str) -> Any:
    """The part of the figures that a key names."""
    found = figures
    for step in filter(None, key.split(".")):
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isascii() and step.isdigit() and len(step) < 7 and int(step) < len(found):
            found = found[int(step)]
        else:
            raise NotFound(f"The report has no figure `{key[:80]}` there.", "Name it as in its figures: clusters.0")
    return found


def _names(figures: Any, field: str = "") -> Iterator[str]:
    """All ids of records in a part of the figures."""
    if isinstance(figures, dict):
        for name, one in figures.items():
            yield from _names(one, name)
    elif isinstance(figures, list):
        for one in figures:
            yield from _names(one, field)
    elif isinstance(figures, str) and field in NAMED and ":" in figures:
        yield figures
