"""Numbers for others of the same shape."""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from ..spots import portion
from ..word_lists import word_set
from ..words import with_articles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

_NUMBER = re.compile(
    r"(?P<whole>[0-9](?<![\w.,:;/#@+*^=<–—'’-][0-9])(?<!\d [0-9])(?<![–-][$£€][0-9])"
    r"(?:(?<!0)[0-9]{0,2}(?:,[0-9]{3})+|(?<!0)[0-9]{0,5}|(?<=0)(?=\.[0-9])))"
    r"(?P<part>\.[0-9]+)?(?=(?:(?:m|bn|tn|km|kg|mg|cm|mm|ml|mph|MB|GB|TB|kW|MW|MHz|GHz)\b)?(?!\w)"
    r"(?![/:&=–—-]|[.,:]\d|['’]\w|\)|,? (?:(?:to|and|or|of|out of|by|x|v|[-–]|plus|minus) )?[$£€]?\d| ['’(]?[A-Z]"
    r"| ?, [A-Z]| (?:of|[-–—]) [A-Z]| (?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\b))"
    r"(?!(?: ?(?:[ap]\.?m\b|o['’]clock)))"
)
"""Begins with a digit, so that it is quickly seen where there is none."""

_Amount = tuple[re.Match[str], range]
"""A number, and what it may become, in units of its last decimal; the number itself may be among that."""

_WORD = re.compile(r"([\w'’]+)[.:]?\Z")
_LIST = re.compile(r"(?:^|\n) *$")
_SHARE = re.compile(r" ?(?:%|per ?cent)")
_COUNTED = re.compile(r" ?%|\w| (?:\w*[^\Waisu]s|of|more|people|men|women|children|[mb]illion|per ?cent)\b")
"""What follows "2" and "4" where they do not mean "to", "too" and "for"."""

_TIME = re.compile(r"(?:1?[0-9]|2[0-3])\.[0-5][0-9]|[1-9]|1[0-2]")
_MONEY = frozenset("$£€")
_OPENING = frozenset("(“\"‘'$£€")
_NO_AMOUNT = word_set("amounts", "no amounts")
_BEGINNING = word_set("amounts", "beginnings")
_YEARS = range(1000, 2101)
_RACE = re.compile(r"(?<![$£€])(?:60|100|200|400|800|1,?500|3,?000|5,?000|10,?000)m\b")


class ReplaceNumbers(Transform):
    """A number becomes another one, at most `max_change` of it away: 1,250 people, 1,480 people; 3.5%, 4.1%.

    It has as many digits and decimals as before, and as many zeros at its end if that can be; 1 stays, and nothing
    becomes 1. Years, dates, times, ranges, results, codes, and what looks like a name ("Boeing 747") or is counted off
    ("page 5") stay. A number that comes again in a record becomes the same again. `prob` is the share of the numbers.
    """

    kind: ClassVar[str] = "replace_numbers"
    max_change: Annotated[float, Field(strict=True, gt=0, le=0.9)] = 0.5
    prob: Portion = 1.0

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            found = list(self._amounts(text))
            if not found:
                return ()
            chosen = dice.some(found, portion(self.prob, len(found)))
            return with_articles(self, text, [_changed(match, others, dice) for match, others in chosen])

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        return lambda text: next(self._amounts(text), None) is not None

    def _amounts(self, text: Text) -> Iterator[_Amount]:
        """The numbers that can be changed, in order."""
        for match in _NUMBER.finditer(text.text):
            if _counts(match):
                share = _SHARE.match(text.text, match.end()) is not None
                others = _others(match[0], share, self.max_change)
                if others and self._allowed(text, *match.span()):
                    yield match, others

    def _allowed(self, text: Text, start: int, end: int) -> bool:
        """Whether a number may be changed, and is in no address and in no span with capitals, a name."""
        whole = text.text
        if (whole[start - 1 : start] + whole[end : end + 1]).strip() and text.address(start, end):
            return False
        if not text.spans:
            return True
        spans = [whole[one.start : one.end] for one in text.spans if one.start < end and start < one.end]
        if not spans:
            return not self.only()
        return self.free(text, start, end) and all(span == span.lower() for span in spans)


def _counts(match: re.Match[str]) -> bool:
    """Whether a number says how many or how much, as it is and by what stands beside it."""
    whole, number, (start, end) = match.string, match[0], match.span()
    if number.isdigit() and int(number) in _YEARS:
        return False
    word = _word_before(whole, start)
    lower = word.lower()
    if lower in _NO_AMOUNT or (word[:1].isupper() and lower not in _BEGINNING and not whole.isupper()):
        return False
    slang = number in ("2", "4") and whole[start - 1 : start] not in _MONEY and not _COUNTED.match(whole, end)
    race = whole.startswith("m", end) and _RACE.match(whole, start)
    listed = not word and whole.startswith((".", " ."), end) and _LIST.search(whole, max(0, start - 4), start)
    return not (slang or race or listed or (lower in ("at", "by") and _is_time(match, lower)))


def _is_time(match: re.Match[str], before: str) -> bool:
    """Whether a number is a time of the day: at 6, by 23.19."""
    time = _TIME.fullmatch(match[0]) is not None and (before == "at" or match["part"] is not None)
    return time and not _SHARE.match(match.string, match.end())


def _word_before(text: str, at: int) -> str:
    """The word before a number, or what stands there instead; a full stop between them may have been cut off it."""
    start = max(0, at - 24)
    while text[at - 1 : at] in _OPENING:
        at -= 1
    if text[at - 1 : at] != " ":
        return ""
    first = max(start, text.rfind(" ", start, at - 1) + 1)
    word = text[first : at - 1]
    if word == "." and first > start:
        short = text[max(start, text.rfind(" ", start, first - 1) + 1) : first - 1]
        if 0 < len(short) < 5:
            return short
    found = None if word.isalnum() else _WORD.search(word)
    return found[1] if found else word


@lru_cache(1 << 12)
def _others(number: str, share: bool, change: float) -> range:
    """What a number may become, at most that part of it away; `share` if it is one of a hundred."""
    old, one = _units(number)
    if old == one:
        return range(0)
    digits = str(old)
    most = 10 ** len(digits) - 1 if old >= one else one - 1
    least = (most + 1) // 10 if old >= one else 1
    if share and old <= 100 * one:
        most = min(most, 100 * one)
    low = max(least, ceil(old * (1 - change) - 1e-9))
    high = min(most, int(old * (1 + change) + 1e-9))
    step = 10 ** (len(digits) - len(digits.rstrip("0")))
    while step:
        found = range(-(-low // step) * step, high + 1, step)
        if len(found) > (old in found) + (one in found):
            return found
        step //= 10
    return range(0)


def _units(number: str) -> tuple[int, int]:
    """A number in units of its last decimal, and how many of them make 1."""
    if number.isdigit():
        return int(number), 1
    whole, _, part = number.replace(",", "").partition(".")
    return int(whole + part), 10 ** len(part)


def _changed(match: re.Match[str], others: range, dice: Dice) -> Edit:
    """The edit that puts one of the others, written as the number was: the one that was drawn for it before."""
    key = f"number\x1f{match[0]}\x1f{others.stop}"
    if key not in dice.drawn:
        dice.drawn[key] = _drawn(match[0], others, dice)
    return Edit(*match.span(), dice.drawn[key])


def _drawn(number: str, others: range, dice: Dice) -> str:
    old, one = _units(number)
    at = dice.below(len(others))
    while others[at] in (old, one):
        at = (at + 1) % len(others)
    whole, part = divmod(others[at], one)
    figures = f"{whole:,}" if "," in number else str(whole)
    return figures if one == 1 else f"{figures}.{part:0{len(str(one)) - 1}}"
