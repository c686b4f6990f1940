"""Numbers in digits and in words. What is no plain number (dates, times, scores, codes, phone numbers) stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from seedbed.core.spans import Edit

from .numbers_in_digits import in_english, in_others, numbers, simple_number, speaker
from .numbers_in_words import WORDS, written
from .swaps import Rewording, opens

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions


class NumberToWord(Rewording):
    """Digits to words: 25 to twenty-five, 3rd to third, in 1997 to in nineteen ninety-seven, $5 to five dollars.

    `lang` is the language of the words. In others than English only whole numbers from 2 on are changed, and the words
    do not bend to the case they stand in.
    """

    kind: ClassVar[str] = "number_to_word"
    source: ClassVar[str] = "num2words (LGPL-2.1)"
    lang: str = "en"

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        speaker(self.lang)  # what is missing is said at once
        return super().editor(mentions)

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        speaker(self.lang)
        english = self.lang.startswith("en")

        def look(text: Text) -> bool:
            if min(text.lowers, default="a") >= ":":  # no word begins with a digit
                return False
            whole = text.text
            simple = simple_number(whole) if english else None
            if simple and self.free(text, *simple):  # it is a token, so no part of an address
                return True
            for found in numbers(whole):
                start, end = found.span()
                if self.free(text, start, end) and not text.address(start, end) and self._spoken(whole, found):
                    return True
            return False

        return look

    def places(self, text: Text) -> Iterator[tuple[int, Edit]]:
        """See `Rewording.places`."""
        whole = text.text
        for found in numbers(whole):
            start, end = found.span()
            new = self._spoken(whole, found)
            if new:
                capital = opens(whole, start) and whole[start - 2 : start] != ": "
                yield start, Edit(start, end, new[0].upper() + new[1:] if capital else new)

    def _spoken(self, text: str, found: re.Match[str]) -> str:
        """The words for a number, or "" where they would not be right."""
        return (in_english if self.lang.startswith("en") else in_others)(text, found, speaker(self.lang))


class WordToNumber(Rewording):
    """Words to digits, in English: twenty-five to 25, five million to 5 million, nineteen ninety-nine to 1999.

    A single "one", ordinals, fractions, "a hundred" and names stay.
    """

    kind: ClassVar[str] = "word_to_number"
    source: ClassVar[str] = "Seedbed's own table"

    def places(self, text: Text) -> Iterable[tuple[int, Edit]]:
        """See `Rewording.places`."""
        return () if WORDS.isdisjoint(text.lowers) else ((edit[0], edit) for edit in written(text))
