"""The single values inside nested data, and whether a text states them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from seedbed.core.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of every text, number and truth value, in order; lists by position: `items.0.price`."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for i, part in enumerate(value):
            yield from leaves(part, f"{path}.{i}")
    elif value is not None:
        yield path, value


def unstated(data: Any, text: str) -> list[str]:
    """The paths of values a text does not state; truth values are never looked for.

    A text is stated if its words stand there in a row, whatever their case and punctuation; a number in any usual way
    of writing it; a date as ISO 8601 or in words.
    """
    words = f" {' '.join(tokens(text))} "
    return [path for path, value in leaves(data) if not isinstance(value, bool) and not _stated(value, text, words)]


def _stated(value: Any, text: str, words: str) -> bool:
    if isinstance(value, int | float):
        return any(re.search(rf"(?<![\d.,]){re.escape(form)}(?![\d]|[.,]\d)", text) for form in _numbers(value))
    wanted = " ".join(tokens(str(value)))
    if not wanted:
        return str(value).strip() in text
    if f" {wanted} " in words:
        return True
    return bool(_ISO.fullmatch(str(value))) and any(f" {form} " in words for form in _dates(str(value)))


def _numbers(value: float) -> set[str]:
    """10000.5 as 10000.5, 10,000.5, 10,000.50, 10.000,50 …"""
    forms = {f"{value}", f"{value:,}", f"{value:.2f}", f"{value:,.2f}"}
    if float(value).is_integer():
        forms |= {f"{int(value)}", f"{int(value):,}"}
    european = {form.translate(str.maketrans(",.", ".,")) for form in forms}
    return forms | european | {form.replace(",", " ") for form in forms if "," in form}


def _dates(value: str) -> list[str]:
    with suppress(ValueError):
        day = date.fromisoformat(value)
        month, short = day.strftime("%B").lower(), day.strftime("%b").lower()
        number, year = day.day, day.year
        suffix = "th" if 10 < number < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        spelled = [f"{number} {name} {year}" for name in (month, short)]
        spelled += [f"{name} {number}{end} {year}" for name in (month, short) for end in ("", suffix)]
        spelled += [f"{number}{suffix} {month} {year}", f"{number}{suffix} of {month} {year}"]
        plain = [f"{number} {day.month} {year}", f"{day.month} {number} {year}"]
        padded = [f"{number:02d} {day.month:02d} {year}", f"{day.month:02d} {number:02d} {year}"]
        return [*spelled, *plain, *padded]
    return []
