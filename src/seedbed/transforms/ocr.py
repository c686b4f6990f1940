"""What a scanner misreads: letters for others of the same shape."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Annotated, ClassVar
from unicodedata import category

from pydantic import Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Transform

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

_ALIKE = "rn=m m=rn l=1,I I=l,1 O=0 cl=d d=cl vv=w w=vv nn=rm ri=n li=h B=8 S=5"
_LESS_ALIKE = "e=c c=e h=b b=h u=v v=u t=f f=t a=o o=a,0 i=l,j g=q,9 q=g n=ri y=v s=5 z=2 Z=2 G=6,C C=G D=O Q=O E=F T=I"
_DIGITS = "0=O,o 1=l,I 2=Z 5=S 6=b,G 8=B 9=g,q"
_SHARE = 0.75
"""How often letters of the first table are taken in a word that has some of both."""

_SIMPLE = re.compile(r" ([a-z]*[abcefghilmnoqstuvyz][a-z]*+) ")
"""A word of small letters that one of the tables has a letter of; it is a token, so no part of an address."""

_DIGIT = re.compile(r"\d")
_Pairs = tuple["re.Pattern[str]", "Mapping[str, tuple[str, ...]]"]


class AddOcrTypo(Transform):
    """Letters read as others that look like them (rn for m, 0 for O), one place in each of `count` words.

    Words with digits are left alone unless `digits` is set, which reads digits as letters too.
    """

    kind: ClassVar[str] = "add_ocr_typo"
    source: ClassVar[str] = "Seedbed's own table of letters that look alike"
    count: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    digits: bool = False

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            edits: list[Edit] = []
            for at in _in_any_order(len(text.lowers), dice):
                edits += self._misread(text, *text.place(at), dice)
                if len(edits) == self.count:
                    break
            return edits

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions

        def look(text: Text) -> bool:
            word = _SIMPLE.search(text.text)
            if word and self.free(text, *word.span(1)):
                return True
            return any(map(partial(self._fits, text), text.starts, text.ends))

        return look

    def _fits(self, text: Text, start: int, end: int) -> bool:
        """Whether a letter of a word may be misread."""
        tables, whole = self._readings(text, start, end), text.text
        if whole.isascii() and self.free(text, start, end):
            return any(pattern.search(whole, start, end) for pattern, _ in tables)
        return any(self._spots(text, start, end, pattern) for pattern, _ in tables)

    def _readings(self, text: Text, start: int, end: int) -> Sequence[_Pairs]:
        """The tables that apply to a word."""
        if text.addresses and text.address(start, end):
            return ()
        alike, less, digits = _tables()
        if not text.text[start:end].isalpha() and _DIGIT.search(text.text, start, end):
            return (digits, alike, less) if self.digits else ()
        return alike, less

    def _spots(self, text: Text, start: int, end: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        """Where letters of a word may be misread."""
        places = [place.span() for place in pattern.finditer(text.text, start, end)]
        if text.text.isascii() and self.free(text, start, end):
            return places
        return [place for place in places if self.free(text, *place) and not _marked(text.text, place[1])]

    def _misread(self, text: Text, start: int, end: int, dice: Dice) -> list[Edit]:
        """One place of a word misread; nothing if none may be."""
        tables = self._readings(text, start, end)
        for pattern, news in tables if len(tables) != 2 or dice.chance(_SHARE) else tables[::-1]:
            places = self._spots(text, start, end, pattern)
            if places:
                first, last = dice.choice(places)
                return [Edit(first, last, dice.choice(news[text.text[first:last]]))]
        return []


def _in_any_order(count: int, dice: Dice) -> Iterator[int]:
    left = list(range(count))
    while left:
        at = dice.below(len(left))
        left[at], left[-1] = left[-1], left[at]
        yield left.pop()


def _marked(text: str, at: int) -> bool:
    """Whether the letter before has a mark that must stay with it, as in é of two code points."""
    return text[at : at + 1] >= "\u0300" and category(text[at])[0] == "M"


@cache
def _tables() -> tuple[_Pairs, ...]:
    return tuple(_pairs(table) for table in (_ALIKE, _LESS_ALIKE, _DIGITS))


def _pairs(table: str) -> _Pairs:
    news = {old: tuple(new.split(",")) for old, new in (pair.split("=") for pair in table.split())}
    return re.compile("|".join(sorted(news, key=lambda old: (-len(old), old)))), news
