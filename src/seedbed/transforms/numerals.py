"""Numbers in digits and in words. What is no plain number (dates, times, scores, codes, phone numbers) stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .numbers_in_digits import NUMBER, in_english, in_others, plain, speaker
from .numbers_in_words import WORDS, written
from .swaps import opens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions


class _Numbers(Transform):
    """Edits of the numbers found, `prob` the share of them, at least one."""

    prob: Portion = 1.0

    def allowed(self, text: Text, start: int, end: int) -> bool:
        """Whether a number may be changed."""
        return self.free(text, start, end) and not text.address(start, end)

    def chosen(self, text: Text, edits: Iterator[Edit], dice: Dice) -> Edits:
        """Those of the edits that are allowed and chosen."""
        free = [one for one in edits if self.allowed(text, *one[:2])]
        return dice.some(free, max(1, round(self.prob * len(free)))) if free else free


class NumberToWord(_Numbers):
    """Digits to words: 25 to twenty-five, 3rd to third, in 1997 to in nineteen ninety-seven, $5 to five dollars.

    `lang` is the language of the words. In others than English only whole numbers from 2 on are changed, and the words
    do not bend to the case they stand in.
    """

    kind: ClassVar[str] = "number_to_word"
    source: ClassVar[str] = "num2words (LGPL-2.1)"
    lang: str = "en"

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        spoken = speaker(self.lang)
        words = in_english if self.lang.split("_")[0] == "en" else in_others

        def edits(text: str) -> Iterator[Edit]:
            for found in NUMBER.finditer(text):
                new = words(text, found, spoken) if plain(text, found) else ""
                if new:
                    yield Edit(*found.span(), new[0].upper() + new[1:] if opens(text, found.start()) else new)

        return lambda text, dice: self.chosen(text, edits(text.text), dice)

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        spoken = speaker(self.lang)
        words = in_english if self.lang.split("_")[0] == "en" else in_others

        def look(text: Text) -> bool:
            places = (found for found in NUMBER.finditer(text.text) if plain(text.text, found))
            return any(self.allowed(text, *found.span()) and words(text.text, found, spoken) for found in places)

        return look


class WordToNumber(_Numbers):
    """Words to digits, in English: twenty-five to 25, five million to 5 million, nineteen ninety-nine to 1999.

    A single "one", ordinals, fractions, "a hundred" and names stay.
    """

    kind: ClassVar[str] = "word_to_number"
    source: ClassVar[str] = "Seedbed's own table"

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        return lambda text, dice: () if WORDS.isdisjoint(text.lowers) else self.chosen(text, written(text), dice)
