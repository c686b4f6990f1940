"""Ages of people and things: "25 years old", "a six-month-old", "aged 70"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from ..spots import portion
from ..word_lists import word_lists
from ..words import cased, with_articles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

_SMALL = word_lists("amounts")["below twenty"].split()
_TENS = word_lists("amounts")["tens"].split()
_WORDS = rf"(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_SMALL[:9])}))?|{'|'.join(reversed(_SMALL))}"
_NUMBER = rf"(?<![\w.,/$€£%–-])(?P<n>\d{{1,3}}|{_WORDS})"
_UNIT = r"(?P<unit>year|month|week|day)(?P<s>s?)"
_OLD = re.compile(rf"{_NUMBER}(?:[ ‐‑-]{_UNIT}(?:[ ‐‑-]olds?| of age)| ?y/o)(?!\w|-\w)", re.IGNORECASE)
_AGED = re.compile(
    rf"(?<![\w-])(?:aged?:? |age of ){_NUMBER}(?: {_UNIT})?(?![\w%/-]|[.,:]\d|\s?(?:[-–—&,/]|to|and|or)\s?\d)",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?:(?:\d|{_WORDS})-?,? (?:to|or|and|&)|hundred(?: and)?|thousand(?: and)?|years?,?(?: and)?) $")
_DETERMINER = re.compile(r"\b(?:a|an|the|my|your|his|her|its|our|their|this|that|each|every) $", re.IGNORECASE)
_IS = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|am|only|about|now|just|almost|nearly|aged?:?)|['’]s) $", re.IGNORECASE
)
_MOST = {"year": 99, "month": 23, "week": 51, "day": 30}
_ADULT = 18


class RandomizeAge(Transform):
    """An age becomes another one, at most `max_change` of its units away: a 25-year-old, a 28-year-old.

    Small ages change by at most half, minors stay minors and adults adults, so that "boy" or "toddler" still fits. An
    age that comes again in a record becomes the same again. `prob` is the share of the ages that are changed, at least
    one. Ranges ("aged 18 to 24") stay as they are.
    """

    kind: ClassVar[str] = "randomize_age"
    source: ClassVar[str] = "number words: own table"
    max_change: Annotated[int, Field(strict=True, ge=1, le=50)] = 5
    prob: Portion = 1.0

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            places = list(self._places(text))
            if not places:
                return ()
            chosen = dice.some(places, portion(self.prob, len(places)))
            return with_articles(self, text, [one for match, ages in chosen for one in _edits(match, ages, dice)])

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        return lambda text: next(self._places(text), None) is not None

    def _places(self, text: Text) -> Iterator[tuple[re.Match[str], range]]:
        """Ages that can be changed, in order, and what they may become, which may hold the age itself."""
        whole = text.text
        lower = whole.lower()
        aged = "age" in lower
        if not aged and "old" not in lower and "y/o" not in lower:
            return
        found = {match.start("n"): match for match in _AGED.finditer(whole) if _is_age(whole, match)} if aged else {}
        found |= {match.start("n"): match for match in _OLD.finditer(whole)}
        for at, match in sorted(found.items()):
            if _PART.search(lower, max(0, at - 24), at) or text.address(*match.span("n")):
                continue
            if self.free(text, *match.span("n")) and (match["unit"] is None or self.free(text, *match.span("unit"))):
                ages = self._ages(match)
                if len(ages) > (_value(match["n"]) in ages):
                    yield match, ages

    def _ages(self, match: re.Match[str]) -> range:
        """What the age may become, or is; nothing where it is unclear what goes with it."""
        old, unit = _value(match["n"]), (match["unit"] or "year").lower()
        if match["unit"] and _agrees(match, old) is None:
            return range(0)
        reach = min(self.max_change, max(1, old // 2))
        least, most = 1, _MOST[unit] if old <= _MOST[unit] else old + reach
        if unit == "year":
            least, most = (least, _ADULT - 1) if old < _ADULT else (_ADULT, most)
        return range(max(least, old - reach), min(most, old + reach) + 1)


def _edits(match: re.Match[str], ages: range, dice: Dice) -> list[Edit]:
    written = match["n"]
    old, unit = _value(written), (match["unit"] or "year").lower()
    key = f"age\x1f{old}\x1f{unit}"
    if key not in dice.drawn:
        dice.drawn[key] = str(dice.choice([new for new in ages if new != old]))
    new = int(dice.drawn[key])
    edits = [Edit(*match.span("n"), str(new) if written.isdigit() else cased(_word(new, written), written))]
    if match["unit"] and (new == 1) != (old == 1) and _agrees(match, old):
        letter = "S" if match["unit"].isupper() else "s"
        edits.append(Edit(match.start("unit"), match.end("s"), match["unit"] + ("" if new == 1 else letter)))
    return edits


def _is_age(text: str, match: re.Match[str]) -> bool:
    """Whether "age 25" is no title ("Ice Age 2"), page or something else with a number."""
    at = match.start()
    title = text[at].isupper() and not text.isupper() and re.search(r"\w[ -]$", text[max(0, at - 2) : at]) is not None
    return not title and 0 < _value(match["n"]) <= 120


def _agrees(match: re.Match[str], old: int) -> bool | None:
    """Whether the unit goes with the number, as in "is 2 years old", or stays, as in "a 2 year old"; None: unclear."""
    start, after = match.start("n"), match.end("s")
    if match["s"]:
        return True
    if old != 1 or match.string[match.end("n")] != " " or match.string[after : after + 1] == "-":
        return False
    if _IS.search(match.string, max(0, start - 8), start):
        return True
    return False if _DETERMINER.search(match.string, max(0, start - 6), start) else None


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    first, _, last = number.lower().replace("-", " ").partition(" ")
    if first in _SMALL:
        return _SMALL.index(first) + 1
    return 10 * (_TENS.index(first) + 2) + (_SMALL.index(last) + 1 if last else 0)


def _word(number: int, old: str) -> str:
    """A number below 100 as a word, with the old one's hyphen or space."""
    if number < 20:
        return _SMALL[number - 1]
    tens, ones = divmod(number, 10)
    if not ones:
        return _TENS[tens - 2]
    return f"{_TENS[tens - 2]}{' ' if ' ' in old else '-'}{_SMALL[ones - 1]}"
