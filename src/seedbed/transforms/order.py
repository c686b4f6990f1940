"""Words left out, and words that change places. What says no is never among them."""

from __future__ import annotations

import re
from abc import abstractmethod
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .grammar import words_of
from .spots import found, portion

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Policy, Text
    from seedbed.core.transform import Editor, Looker, Mentions

_LETTERS = r"[^\W\d_][^\s\d.,;:!?…()\[\]{}\"“”„«»/\\@#&*<>|=+_~—–।॥。、，！？：；،؛؟۔-]*+"
_STOPS = ".!?…।۔؟"
_DROPPABLE = re.compile(
    rf" (?<=[^\s\d.!?:;…।۔؟\"“”‘’'(\[{{—–-] )({_LETTERS})"
    rf"(?= [^\s\d,;:)\]}}'’”$€£]| ?[{_STOPS}]+(?:\s|$)|$)(?! n['’]t\b)"
)
"""A word and the space before it, amid a sentence or at its end; no mark and no number is beside it."""

_PAIR = re.compile(
    rf"(?<![^\s(\[“\"‘«])(?<!\d ){_LETTERS}(?= ({_LETTERS})(?=[.,;:!?…)\]”\"»।]*+(?:\s|$))(?! ['’]| n['’]t\b))"
)
"""Two words with a space between them and nothing else, not behind a number; the next pair may begin in this one."""


_DENYING, _OPENERS, _ASKING = map(words_of, ("denying", "openers", "asking"))


class _Order(Transform):
    """Edits of some of the places that a pattern finds, each to the end of its group; `prob` is their share."""

    default: ClassVar[Policy] = "protect"
    pattern: ClassVar[re.Pattern[str]]
    prob: Portion = 0.1

    @abstractmethod
    def may(self, text: Text, start: int, end: int) -> bool:
        """Whether what was found there can be changed."""

    def new(self, text: str, start: int, end: int) -> str:
        """What comes for it, if anything does."""
        del text, start, end
        return ""

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        pattern = self.pattern

        def edit(text: Text, dice: Dice) -> Edits:
            places = [*pattern.finditer(text.text)]

            def fits(at: int) -> bool:
                return self.may(text, places[at].start(), places[at].end(1))

            edits: list[Edit] = []
            for at in found(dice, range(len(places)), portion(self.prob, len(places)), fits):
                start, end = places[at].start(), places[at].end(1)
                if not edits or edits[-1].end <= start:
                    edits.append(Edit(start, end, self.new(text.text, start, end)))
            return edits

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        find = self.pattern.finditer
        return lambda text: any(self.may(text, match.start(), match.end(1)) for match in find(text.text))


class WordDrop(_Order):
    """Words left out with the space before them; `prob` is the share of those that stand amid words.

    What begins a sentence stays, and so does a word beside a comma or a number or behind a span, what denies
    something, a or an, and the word behind these.
    """

    kind: ClassVar[str] = "word_drop"
    source: ClassVar[str] = "a list of Seedbed's own of words that deny"
    pattern: ClassVar[re.Pattern[str]] = _DROPPABLE

    def may(self, text: Text, start: int, end: int) -> bool:
        """See `_Order.may`. The space before the word is its beginning."""
        whole = text.text
        if _stays(whole[start + 1 : end]) or _stays(_before(whole, start)) or not self.free(text, start, end):
            return False
        last = end == len(whole) or whole[end] != " " or whole[end + 1] in _STOPS
        if last and whole[start - 1] == ",":
            return False
        for span in text.spans:
            if span.end == start or (whole[span.start] == " " and span.start <= start < span.end):
                return False
        return True


class WordSwap(_Order):
    """Two words beside each other change places; `prob` is the share of such pairs. A sentence begins with a capital
    as before.

    Words that deny something, a, an and the word behind these stay, and so does what begins a sentence and may be a
    name.
    """

    kind: ClassVar[str] = "word_swap"
    source: ClassVar[str] = "lists of Seedbed's own of words that deny and of words that begin sentences"
    pattern: ClassVar[re.Pattern[str]] = _PAIR

    def may(self, text: Text, start: int, end: int) -> bool:
        """See `_Order.may`."""
        whole = text.text
        one, two = whole[start:end].split(" ")
        if _stays(one) or _stays(two) or one.lower() == two.lower() or not self.free(text, start, end):
            return False
        if one[0].isupper() and _begins(whole, start):
            return two.lower() not in _ASKING and (one.isupper() or one.lower() in _OPENERS)
        return not _stays(_before(whole, start - 1))

    def new(self, text: str, start: int, end: int) -> str:
        """See `_Order.new`. A sentence begins with a capital."""
        one, two = text[start:end].split(" ")
        if not one[0].isupper() or not _begins(text, start):
            return f"{two} {one}"
        return f"{two[0].upper()}{two[1:]} {one if one.isupper() else one.lower()}"


def _before(whole: str, at: int) -> str:
    """What ends here, back to a space."""
    return whole[max(0, at - 12) : max(0, at)].rpartition(" ")[2]


@lru_cache(1 << 12)
def _stays(word: str) -> bool:
    """Whether a word denies something, or is a or an."""
    lower = word.lower()
    return lower in _DENYING or lower in ("a", "an") or lower.endswith(("n't", "n’t"))


def _begins(whole: str, start: int) -> bool:
    """Whether a sentence begins here."""
    before = whole[max(0, start - 3) : start].rstrip(" ")
    return not before[-1:].isalnum() and before[-1:] != ","
