"""What the figures of datasets side by side mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .finding import Finding, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def compared(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Finding]:
    """Which repeats itself least, differs most, is accepted most often and costs least."""
    del whole
    rows = found["rows"]
    for text in filter(None, (_repeats(rows), _differs(rows), _accepts(rows), _costs(rows))):
        yield Finding("compare", "note", text)


def _repeats(rows: Mapping[str, Any]) -> str:
    least, most = (pick(rows, key=lambda name: rows[name]["duplicates"]["share"]) for pick in (min, max))
    low, high = rows[least]["duplicates"], rows[most]["duplicates"]
    if low["interval"][1] >= high["interval"][0]:
        return "None repeats itself more than another: the intervals of their shares of duplicates meet."
    text = f"`{least}` repeats itself least ({percent(low['share'])} of its records), `{most}` most"
    same = f"; among as many records of each {percent(low['same_size'])} and {percent(high['same_size'])}"
    return f"{text} ({percent(high['share'])}){same if rows[least]['records'] != rows[most]['records'] else ''}."


def _differs(rows: Mapping[str, Any]) -> str:
    best, worst = (pick(rows, key=lambda name: rows[name]["diversity"]["distinct_2"]) for pick in (max, min))
    high, low = (rows[name]["diversity"]["distinct_2"] for name in (best, worst))
    tighter = rows[worst]["diversity"]["compression"] > rows[best]["diversity"]["compression"]
    if high <= 1.1 * low or not tighter:  # one figure alone may come of the length of the texts
        return ""
    text = f"The texts of `{best}` differ most from each other (distinct pairs of words {high:g}), those of `{worst}`"
    return f"{text} least ({low:g})."


def _accepts(rows: Mapping[str, Any]) -> str:
    known = {name: one for name, one in rows.items() if "acceptance" in one}
    if len(known) < 2:
        return ""
    best, worst = (pick(known, key=lambda name: known[name]["acceptance"]) for pick in (max, min))
    if known[worst]["acceptance_interval"][1] >= known[best]["acceptance_interval"][0]:
        return ""
    high, low = (percent(known[name]["acceptance"]) for name in (best, worst))
    return f"Of what `{best}` made {high} was accepted, of what `{worst}` made {low}."


def _costs(rows: Mapping[str, Any]) -> str:
    known = {name: one["per_accepted"] for name, one in rows.items() if one.get("per_accepted") is not None}
    if len(known) < 2 or len(set(known.values())) < 2:
        return ""
    cheap, dear = (pick(known, key=lambda name: known[name]) for pick in (min, max))
    text = f"An accepted record of `{cheap}` costs least, ${known[cheap]:.6f}, one of `{dear}` most, ${known[dear]:.6f}"
    return f"{text} ({known[dear] / known[cheap]:.1f} times as much)." if known[cheap] else f"{text}."
