"""Numbers for others of the same shape."""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .agreement import word_set
from .words import with_articles

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Mentions

_NUMBER = re.compile(
    r"(?<![\w.,:;/#@+*^=–—'’-])(?<!\d )(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,5}|0(?=\.[0-9]))"
    r"(?P<part>\.[0-9]+)?(?=(?:(?:m|bn|tn|km|kg|mg|cm|mm|ml|mph|MB|GB|TB|kW|MW|MHz|GHz)\b)?(?!\w)"
    r"(?![/:–—-]|[.,:]\d|['’]\w|\)|,? (?:(?:to|and|or|of|out of|by|x|v|[-–]|plus|minus) )?[$£€]?\d| ['’(]?[A-Z]"
    r"|, [A-Z]))"
    r"(?!(?: ?(?:[ap]\.?m\b|o['’]clock)))"
)
_BEFORE = re.compile(r"([\w'’]+)[.:]? [(“\"‘'$£€]*$")
_LIST = re.compile(r"(?:^|\n) *$")
_SHARE = re.compile(r" ?(?:%|per ?cent)")
_NO_AMOUNT = word_set("amounts", "no amounts")
_BEGINNING = word_set("amounts", "beginnings")
_YEARS = range(1000, 2101)
_RACE = re.compile(r"(?<![$£€])\b(?:60|100|200|400|800|1,?500|3,?000|5,?000|10,?000)m\b")


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
            found = [one for one in _NUMBER.finditer(text.text) if self._fits(text, one) and self._others(one)]
            if not found:
                return ()
            chosen = dice.some(found, max(1, round(self.prob * len(found))))
            edits = []
            for match in chosen:
                others = self._others(match)
                key = f"number\x1f{match[0]}\x1f{others.stop}"
                if key not in dice.drawn:
                    dice.drawn[key] = _drawn(match, others, dice)
                edits.append(Edit(*match.span(), dice.drawn[key]))
            return with_articles(self, text, edits)

        return edit

    def _fits(self, text: Text, match: re.Match[str]) -> bool:
        """Whether a number says how many or how much."""
        whole, (start, end) = text.text, match.span()
        year = match["whole"].isdigit() and not match["part"] and int(match["whole"]) in _YEARS
        before = _BEFORE.search(whole, max(0, start - 24), start)
        word = before[1] or "" if before else ""
        named = word[:1].isupper() and not whole.isupper() and word.lower() not in _BEGINNING
        listed = not word and _LIST.search(whole, max(0, start - 4), start) and whole[end : end + 1] in (".", ")")
        spans = [whole[one.start : one.end] for one in text.spans if one.start < end and start < one.end]
        other = year or named or listed or word.lower() in _NO_AMOUNT or _RACE.match(whole, start)
        allowed = self.free(text, start, end) and not text.address(start, end)
        return not other and allowed and all(span == span.lower() for span in spans)

    def _others(self, match: re.Match[str]) -> range:
        """What a number may become, in units of its last decimal; the number itself may be among them."""
        old, one = _units(match)
        if old == one:
            return range(0)
        figures = len(match["whole"].replace(",", ""))
        least = 1 if match["whole"] == "0" else one * 10 ** (figures - 1)
        most = one - 1 if match["whole"] == "0" else one * 10**figures - 1
        if old <= 100 * one and _SHARE.match(match.string, match.end()):
            most = min(most, 100 * one)
        low = max(least, ceil(old * (1 - self.max_change) - 1e-9))
        high = min(most, int(old * (1 + self.max_change) + 1e-9))
        step = 10 ** (len(str(old)) - len(str(old).rstrip("0")))
        while step:
            found = range(-(-low // step) * step, high + 1, step)
            if len(found) > (old in found) + (one in found):
                return found
            step //= 10
        return range(0)


def _units(match: re.Match[str]) -> tuple[int, int]:
    """A number in units of its last decimal, and how many of them make 1."""
    part = (match["part"] or ".")[1:]
    return int(match["whole"].replace(",", "") + part), 10 ** len(part)


def _drawn(match: re.Match[str], others: range, dice: Dice) -> str:
    """One of the others, written as the number was."""
    at = dice.below(len(others))
    while others[at] in _units(match):
        at = (at + 1) % len(others)
    whole, part = divmod(others[at], _units(match)[1])
    places = len(match["part"] or ".") - 1
    return (f"{whole:,}" if "," in match["whole"] else str(whole)) + (f".{part:0{places}}" if places else "")
