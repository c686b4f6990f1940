"""Dates for others of the same form."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .word_lists import word_lists

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Mentions

_MONTHS = word_lists("amounts")["months"].split()
_NUMBERS = {month[:3].lower(): place for place, month in enumerate(_MONTHS, 1)}
_FULL = frozenset(map(str.lower, _MONTHS))
_WORDS = frozenset(word + end for word in _FULL | _NUMBERS.keys() | {"sept"} for end in ("", "'s"))
_WEEK = 7
_COMMON_YEAR = 2023
"""Reckoned with where a date has no year: it has no 29 February."""
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?P<th>st|nd|rd|th)?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|Sept|{'|'.join(month[:3] for month in _MONTHS)})"
_YEAR = r"(?P<year>[12]\d{3})"
_NAMED = (
    rf"{_DAY}(?: of)? {_MONTH}(?:\.?,? {_YEAR})?",
    rf"{_MONTH}\.? {_DAY}(?:,? {_YEAR})?",
    rf"(?<!\d )(?<!st )(?<!nd )(?<!rd )(?<!th ){_MONTH}\.? {_YEAR}",
)
_FIGURES = (
    rf"{_YEAR}(?P<sign>[-/.])(?P<month>0[1-9]|1[0-2])(?P=sign)(?P<day>0[1-9]|[12]\d|3[01])",
    r"(?P<day>0?[1-9]|[12]\d|3[01])(?P<sign>[-/.])(?P<month>0?[1-9]|[12]\d|3[01])(?P=sign)(?P<year>[12]\d{3}|(?<=/)\d\d)",
)
_NAMED_FORMS, _FIGURE_FORMS = (
    [re.compile(rf"(?<![\w$£€.,:/–-]){form}(?!(?!T\d)[\w/–-]|[.:,]\d| ?%)", re.IGNORECASE) for form in forms]
    for forms in (_NAMED, _FIGURES)
)
_RANGE = re.compile(rf"(?:\d(?:st|nd|rd|th)?|\b(?:{'|'.join(_MONTHS)})),? (?:to|and|or|&|until|[-–]) $", re.IGNORECASE)
_FIGURE = re.compile(r"\d[-/.]\d")


class ReplaceDates(Transform):
    """All dates of a text move by the same number of weeks, at most `max_days`: 5 March 2024, 16 April 2024.

    So weekdays beside them stay right, and so do their order and the time between them; the dates of a record move
    together where they can. Their form is kept. A date in figures that may be read in two ways (05/03/2024) becomes
    one that may be, and moves by at most `max_days` either way. Years alone stay. `prob` is the share of the dates.
    """

    kind: ClassVar[str] = "replace_dates"
    max_days: Annotated[int, Field(strict=True, ge=_WEEK, le=36500)] = 365
    prob: Portion = 1.0

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        weeks = self.max_days // _WEEK
        shifts = [_WEEK * week for week in range(-weeks, weeks + 1) if week]

        def edit(text: Text, dice: Dice) -> Edits:
            usable = [one for one in self._found(text) if any(_moved(one, shift, self.max_days) for shift in shifts)]
            if not usable:
                return ()
            chosen = dice.some(usable, max(1, round(self.prob * len(usable))))
            shift = self._shift(chosen, shifts, dice)
            moved = [(match, _moved(match, shift, self.max_days)) for match in chosen]
            return [Edit(*match.span(), new) for match, new in moved if new]

        return edit

    def _shift(self, chosen: list[re.Match[str]], shifts: list[int], dice: Dice) -> int:
        """The record's shift, or one that suits all dates; if there is none, one that suits the first."""
        start, key = dice.below(len(shifts)), f"date\x1f{self.max_days}"
        order = [int(dice.drawn.get(key, shifts[start])), *shifts[start:], *shifts[:start]]
        suits = (one for one in order if all(_moved(match, one, self.max_days) for match in chosen))
        shift = next(suits, 0) or next(one for one in order if _moved(chosen[0], one, self.max_days))
        dice.drawn.setdefault(key, str(shift))
        return shift

    def _found(self, text: Text) -> list[re.Match[str]]:
        """The dates of a text in order; none if one is part of a range ("5 to 7 March"), which must not be torn."""
        forms = [] if _WORDS.isdisjoint(text.lowers) else _NAMED_FORMS
        if _FIGURE.search(text.text):
            forms = [*_FIGURE_FORMS, *forms]
        matches = [one for form in forms for one in form.finditer(text.text)]
        found: list[re.Match[str]] = []
        for match in sorted(matches, key=lambda one: (one.start(), -one.end())):
            last = found[-1].end() if found else 0
            if match.start() < last or not self._fits(text, match):
                continue
            part = _RANGE.search(text.text, last, match.start())
            if part and last <= part.start():
                return []
            found.append(match)
        return found

    def _fits(self, text: Text, match: re.Match[str]) -> bool:
        """Whether a date may be changed, and is in no address or name."""
        start, end = match.span()
        spans = [one for one in text.spans if one.start < end and start < one.end]
        return (
            not match["month"].islower()
            and not text.address(start, start + 1)
            and self.free(text, start, end)
            and all(_of_dates(text.text[one.start : one.end], one.label, match[0]) for one in spans)
        )


def _of_dates(span: str, label: str, found: str) -> bool:
    """Whether a date in a span is what the span is about, and no part of a name as in [September 11 attacks](EVENT)."""
    return span.strip(".") == found.strip(".") or any(part in label.upper() for part in ("DATE", "TIME", "DOB"))


def _moved(match: re.Match[str], days: int, most: int) -> str:
    """A date so many days later, in its form; empty if there is none of that form, or it is the same."""
    parts = match.groupdict()
    year = int(parts["year"] or _COMMON_YEAR)
    if year < 100:
        year += 2000 if year < 50 else 1900
    try:
        if "sign" in parts and match.end("year") == match.end():
            return _written(match, *_either_way(year, int(parts["day"]), int(parts["month"]), days, most))
        month = int(parts["month"]) if parts["month"].isdigit() else _NUMBERS[parts["month"][:3].lower()]
        new = date(year, month, int(parts.get("day") or 15)) + timedelta(days)
        return _written(match, new)
    except (ValueError, OverflowError):
        return ""


def _either_way(year: int, first: int, second: int, days: int, most: int) -> tuple[date, bool]:
    """A date in figures moved, and whether its month comes first.

    Raises:
        ValueError: there is no such date, or it moves too far if it is read the other way.
    """
    if second > 12:
        return date(year, first, second) + timedelta(days), True
    new = date(year, second, first) + timedelta(days)
    if first <= 12:
        other = date(new.year, new.day, new.month) - date(year, first, second)
        if abs(other.days) > most:
            raise ValueError
    return new, False


def _written(match: re.Match[str], new: date, month_first: bool = False) -> str:
    """A date in the form of the one found."""
    day, month = (new.month, new.day) if month_first else (new.day, new.month)
    one_figure = any(len(part) == 1 for part in (match.groupdict().get("day"), match["month"]) if part)
    values = {"year": f"{new.year:04d}", "day": str(day), "month": str(month), "th": _ordinal(day)}
    out, at = "", match.start()
    for name in sorted((name for name in values if match.groupdict().get(name)), key=match.start):
        old, value = match[name], values[name]
        if name == "month" and not old.isdigit():
            short = old.lower() not in _FULL
            value = _MONTHS[new.month - 1][: 3 if short else None]
            if short and match.string[match.end(name) : match.end(name) + 1] == "." and new.month == 5:
                return ""
        elif name == "year":
            value = value[-len(old) :]
        elif name != "th" and (old[0] == "0" or ("sign" in match.groupdict() and not one_figure)):
            value = value.zfill(2)
        out += match.string[at : match.start(name)] + (value.upper() if old.isupper() else value)
        at = match.end(name)
    out += match.string[at : match.end()]
    return "" if out == match[0] else out


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
