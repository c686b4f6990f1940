"""Dates for others of the same form."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from ..spots import portion
from ..word_lists import word_lists

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

_MONTHS = word_lists("amounts")["months"].split()
_NUMBERS = {month[:3].lower(): place for place, month in enumerate(_MONTHS, 1)}
_FULL = frozenset(map(str.lower, _MONTHS))
_WORDS = frozenset(word + end for word in _FULL | _NUMBERS.keys() | {"sept"} for end in ("", "'s"))
_WEEK = 7
_COMMON_YEAR = 2023
"""Reckoned with where a date has no year: it has no 29 February."""
_APART = r"[\w$£€.,:/–-]"
_AFTER_DAY = (r"\d ", "[Ss][Tt] ", "[Nn][Dd] ", "[Rr][Dd] ", "[Tt][Hh] ")
_TH = r"(?P<th>(?i:st|nd|rd|th))?"
_YEAR = r"(?P<year>[12]\d{3})"


def _day(*never: str) -> str:
    """The pattern of a day that stands behind none of these. It begins with a digit, which is quickly sought."""
    return "(?P<day>[0-9]" + "".join(f"(?<!{one}[0-9])" for one in never) + "[0-9]?)"


def _month(*never: str) -> str:
    """That of a month in letters, likewise; it begins with the letters."""
    names = [*_MONTHS, "Sept", *(month[:3] for month in _MONTHS)]
    each = ((name[0], name[1:]) for title in names for name in (title, title.upper()))
    found = [first + "".join(f"(?<!{one}{first})" for one in never) + rest for first, rest in each]
    return f"(?P<month>{'|'.join(found)})"


_NAMED_FORMS, _FIGURE_FORMS = (
    [re.compile(form + r"(?!(?!T\d)[\w/–-]|[.,:]\d| ?%)") for form in forms]
    for forms in (
        (
            rf"{_day(_APART)}{_TH}(?i: of)? {_month()}(?:(?:\.?,?| ,) {_YEAR})?",
            rf"{_month(_APART)}\.? {_day()}{_TH}(?:(?:,?| ,) {_YEAR})?",
            rf"{_month(_APART, *_AFTER_DAY)}\.? {_YEAR}",
        ),
        (
            rf"(?<!{_APART}){_YEAR}(?P<sign>[-/.])(?P<month>0[1-9]|1[0-2])(?P=sign){_day()}",
            rf"{_day(_APART)}(?P<sign>[-/.])(?P<month>0?[1-9]|[12]\d|3[01])(?P=sign)(?P<year>[12]\d{{3}}|(?<=/)\d\d)",
        ),
    )
)
_RANGE = re.compile(rf"(?:\d(?:st|nd|rd|th)?|\b(?:{'|'.join(_MONTHS)})),? (?:to|and|or|&|until|[-–]) $", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
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
        shifts = self._shifts()

        def edit(text: Text, dice: Dice) -> Edits:
            usable = [one for one in self._found(text) if self._movable(one, shifts)]
            if not usable:
                return ()
            chosen = dice.some(usable, portion(self.prob, len(usable)))
            news = self._together(chosen, shifts, dice)
            return [Edit(*match.span(), new) for match, new in zip(chosen, news, strict=True) if new]

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        shifts = self._shifts()
        return lambda text: any(self._movable(one, shifts) for one in self._found(text))

    def _shifts(self) -> list[int]:
        weeks = self.max_days // _WEEK
        return [_WEEK * week for week in range(-weeks, weeks + 1) if week]

    def _movable(self, match: re.Match[str], shifts: list[int]) -> bool:
        return any(_moved(match, shift, self.max_days) for shift in shifts)

    def _together(self, chosen: list[re.Match[str]], shifts: list[int], dice: Dice) -> list[str]:
        """The dates moved by the record's shift, or one that suits them all; by one that suits the first if none does.

        A date that cannot be moved so is "".
        """
        start, key = dice.below(len(shifts)), f"date\x1f{self.max_days}"
        partly: tuple[int, list[str]] | None = None
        for shift in (int(dice.drawn.get(key, shifts[start])), *shifts[start:], *shifts[:start]):
            news = [_moved(match, shift, self.max_days) for match in chosen]
            if all(news):
                break
            partly = partly or ((shift, news) if news[0] else None)
        else:
            assert partly is not None, "each of the dates can be moved"
            shift, news = partly
        dice.drawn.setdefault(key, str(shift))
        return news

    def _found(self, text: Text) -> list[re.Match[str]]:
        """The dates of a text in order; none if one is part of a range ("5 to 7 March"), which must not be torn."""
        if not _DIGIT.search(text.text):
            return []
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
    parts = {name: old for name, old in match.groupdict().items() if old}  # in the order they stand there
    figures = "sign" in parts
    one_figure = any(len(parts[name]) == 1 for name in ("day", "month") if name in parts)
    out, at = "", match.start()
    for name, old in parts.items():
        if name == "sign":
            continue
        if name == "year":
            value = f"{new.year:04d}"[-len(old) :]
        elif name == "th":
            value = _ordinal(day)
        elif old.isdigit():
            value = str(day if name == "day" else month)
            value = value.zfill(2) if old[0] == "0" or (figures and not one_figure) else value
        else:
            short = old.lower() not in _FULL
            value = _MONTHS[month - 1][: 3 if short else None]
            if short and value == "May" and match.string.startswith(".", match.end(name)):
                return ""
        out += match.string[at : match.start(name)] + (value.upper() if old.isupper() else value)
        at = match.end(name)
    out += match.string[at : match.end()]
    return "" if out == match[0] else out


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
