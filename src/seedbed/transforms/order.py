"""Words left out, and words that change places. What says no is never among them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .spots import Place, found, portion

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Policy, Text
    from seedbed.core.transform import Editor, Mentions

_LETTERS = r"(?=[^\W\d_])[^\s\d.,;:!?…()\[\]{}\"“”„«»/\\@#&*<>|=+_~—–।॥。、，！？：；،؛؟۔-]++"
_STOPS = ".!?…।۔؟"
_DROPPABLE = re.compile(
    rf" (?<=[^\s\d.!?:;…।۔؟\"“”‘’'(\[{{—–-] ){_LETTERS}(?= [^\s\d,;:)\]}}'’”$€£]| ?[{_STOPS}]+(?:\s|$)|$)(?! n['’]t\b)"
)
"""A word and the space before it, amid a sentence or at its end; no mark and no number is beside it."""

_PAIR = re.compile(
    rf"(?<![^\s(\[“\"‘«])(?<!\d )(?=({_LETTERS} {_LETTERS})(?=[.,;:!?…)\]”\"»।]*+(?:\s|$))(?! ['’]| n['’]t\b))"
    rf"{_LETTERS}"
)
"""Two words with a space between them and nothing else, not behind a number."""


def _split(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARTICLES = _split("a an")
_DENYING = _split(
    "not no never none nobody nothing nowhere neither nor cannot without hardly scarcely barely rarely seldom few "
    "little less least except unless than lack lacks lacked dont doesnt didnt isnt arent wasnt werent wont cant "
    "couldnt wouldnt shouldnt hasnt havent hadnt nicht kein keine keinen keinem keiner keines nie niemals nichts "
    "ohne ne pas jamais rien sans nunca jamás nada sin não nem sem non mai niente senza niet geen nooit не нет ни "
    "никогда без "
)
_OPENERS = _split(
    "the this that these those there it he she we you they my your his her its our their in on at for from with by "
    "of as and but so or if when while after before since until because although though what how why who where "
    "which all some many most several every each one two please here now then also however "
)
"""Words that have a capital only because a sentence begins."""

_ASKING = _split("am is are was were do does did have has had can could will would shall should may might must need")
"""Words that make a question of a sentence when they come first."""


class WordDrop(Transform):
    """Words left out with the space before them; `prob` is the share of those that stand amid words.

    What begins a sentence stays, and so does a word beside a comma or a number or behind a span, what denies
    something, a or an, and the word behind these.
    """

    kind: ClassVar[str] = "word_drop"
    default: ClassVar[Policy] = "protect"
    source: ClassVar[str] = "a list of Seedbed's own of words that deny"
    prob: Portion = 0.1

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            def fits(word: Place) -> bool:
                return self._may_go(text, *word)

            words = [match.span() for match in _DROPPABLE.finditer(text.text)]
            return [Edit(*word, "") for word in found(dice, words, portion(self.prob, len(words)), fits)]

        return edit

    def _may_go(self, text: Text, start: int, end: int) -> bool:
        """Whether the word that ends here may go with the space at the start."""
        whole = text.text
        if _stays(whole[start + 1 : end]) or _stays(_before(whole, start)) or not self.free(text, start, end):
            return False
        last = end == len(whole) or whole[end] != " " or whole[end + 1] in _STOPS
        if last and whole[start - 1] == ",":
            return False
        return not any(
            span.end == start or (whole[span.start] == " " and span.start <= start < span.end) for span in text.spans
        )


class WordSwap(Transform):
    """Two words beside each other change places; `prob` is the share of such pairs. A sentence begins with a capital
    as before.

    Words that deny something, a, an and the word behind these stay, and so does what begins a sentence and may be a
    name.
    """

    kind: ClassVar[str] = "word_swap"
    default: ClassVar[Policy] = "protect"
    source: ClassVar[str] = "lists of Seedbed's own of words that deny and of words that begin sentences"
    prob: Portion = 0.1

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            def fits(pair: Place) -> bool:
                return self._may_swap(text, *pair)

            pairs = [match.span(1) for match in _PAIR.finditer(text.text)]
            edits: list[Edit] = []
            for start, end in found(dice, pairs, portion(self.prob, len(pairs)), fits):
                if not edits or edits[-1].end < start:
                    edits.append(Edit(start, end, _swapped(text.text, start, end)))
            return edits

        return edit

    def _may_swap(self, text: Text, start: int, end: int) -> bool:
        whole = text.text
        one, two = whole[start:end].split(" ")
        if _stays(one) or _stays(two) or one.lower() == two.lower() or not self.free(text, start, end):
            return False
        if one[0].isupper() and _begins(whole, start):
            return two.lower() not in _ASKING and (one.isupper() or one.lower() in _OPENERS)
        return not _stays(_before(whole, start - 1))


def _swapped(whole: str, start: int, end: int) -> str:
    """Two words the other way round, with the capital of a sentence's beginning."""
    one, two = whole[start:end].split(" ")
    if not one[0].isupper() or not _begins(whole, start):
        return f"{two} {one}"
    return f"{two[0].upper()}{two[1:]} {one if one.isupper() else one.lower()}"


def _before(whole: str, at: int) -> str:
    """What ends here, back to a space."""
    return whole[max(0, at - 12) : max(0, at)].rpartition(" ")[2]


def _stays(word: str) -> bool:
    """Whether a word denies something, or is a or an."""
    lower = word.lower()
    return lower in _DENYING or lower in _ARTICLES or lower.endswith(("n't", "n’t"))


def _begins(whole: str, start: int) -> bool:
    """Whether a sentence begins here."""
    before = whole[max(0, start - 3) : start].rstrip(" ")
    return not before[-1:].isalnum() and before[-1:] != ","
