"""Capital and small letters. Letters whose other case is more than one letter (ß, ŉ) stay as they are."""

from __future__ import annotations

import re
from abc import abstractmethod
from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, ClassVar

from seedbed.core.spans import Recast
from seedbed.core.transform import Edits, Portion, Transform

from .spots import drawn, stretches, unhindered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

_TOKEN = re.compile(r"\S+")
_RESTART = re.compile(r"[\d'’\u00ad\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff]\w+")
"""Where `str.title` begins a word anew."""

_CONTRACTED = frozenset(["S", "T", "D", "M", "Re", "Ve", "Ll"])


class _Case(Transform):
    """The text in another case, but for spans that are protected; `prob` is the share of its words that change."""

    prob: Portion = 1.0

    @abstractmethod
    def recast(self, text: Text) -> str:
        """The whole text in the other case, letter by letter."""

    def partly(self, old: str, new: str, dice: Dice) -> str:
        """The old text with a share of its words from the new one."""
        spans = [match.span() for match in _TOKEN.finditer(old)]
        changed = [(start, end) for start, end in spans if old[start:end] != new[start:end]]
        return _exchanged(old, new, drawn(dice, changed, self.prob))

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            whole = kept(self, text, self.recast(text))
            if whole == text.text:
                return ()
            return Recast(whole if self.prob == 1 else self.partly(text.text, whole, dice))

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        recast = self.recast

        def look(text: Text) -> bool:
            whole = recast(text)
            return whole != text.text and kept(self, text, whole) != text.text

        return look


class Uppercase(_Case):
    """ALL LETTERS AS CAPITALS."""

    kind: ClassVar[str] = "uppercase"

    def recast(self, text: Text) -> str:
        """See `_Case.recast`."""
        return letterwise(text.text, str.upper)


class Lowercase(_Case):
    """all letters as small ones."""

    kind: ClassVar[str] = "lowercase"

    def recast(self, text: Text) -> str:
        """See `_Case.recast`."""
        return letterwise(text.text, str.lower)


class Titlecase(_Case):
    """Each Word Begins With A Capital, The Rest Is Small. Addresses And Words Like 3rd Or 4G Stay."""

    kind: ClassVar[str] = "titlecase"

    def recast(self, text: Text) -> str:
        """See `_Case.recast`."""
        old = text.text
        titled = _RESTART.sub(lambda match: _continued(match, old), letterwise(old, str.title))
        return _spared(text, titled.replace(" N't", " n't").replace(" N’t", " n’t"))


class SwapcaseRandom(_Case):
    """sOme letters In the other cAse, but for addresses; `prob` is their share."""

    kind: ClassVar[str] = "swapcase_random"
    prob: Portion = 0.1

    def recast(self, text: Text) -> str:
        """See `_Case.recast`."""
        return _spared(text, letterwise(text.text, str.swapcase))

    def partly(self, old: str, new: str, dice: Dice) -> str:
        """See `_Case.partly`."""
        letters = list(old)
        for at in drawn(dice, list(compress(range(len(old)), map(ne, old, new))), self.prob):
            letters[at] = new[at]
        return "".join(letters)


def letterwise(text: str, change: Callable[[str], str]) -> str:
    """A change of letters that keeps their number."""
    whole = change(text)
    if len(whole) == len(text):
        return whole
    grown = {at: letter for at, letter in enumerate(text) if len(change(letter)) > 1 or len(letter.lower()) > 1}
    letters = list(change("".join(["x" if at in grown else letter for at, letter in enumerate(text)])))
    for at, letter in grown.items():
        letters[at] = letter
    return "".join(letters)


def kept(transform: Transform, text: Text, whole: str) -> str:
    """A recast text with what a policy forbids to change as it was."""
    return whole if unhindered(transform, text) else _exchanged(text.text, whole, stretches(transform, text))


def _exchanged(old: str, new: str, places: Sequence[tuple[int, int]]) -> str:
    """The old text with the new one in these places."""
    pieces: list[str] = []
    at = 0
    for start, end in places:
        pieces += (old[at:start], new[start:end])
        at = end
    return "".join((*pieces, old[at:]))


def _continued(match: re.Match[str], old: str) -> str:
    """What follows a digit, an apostrophe or a mark in titled letters, as it should be."""
    whole, start = match.string, match.start()
    inside = start > 0 and (whole[start - 1].isalnum() or not (match[0][0].isdigit() or match[0][0] in "'’"))
    if not inside and match[0][0].isdigit():
        return old[start : match.end()]
    if not inside and match[0][1:] not in _CONTRACTED:
        return match[0]
    return match[0] if _after_prefix(match) else letterwise(match[0], str.lower)


def _after_prefix(match: re.Match[str]) -> bool:
    """Whether this is what follows O' in O'Brien, L' in L'Équipe."""
    whole, start = match.string, match.start()
    return (
        match[0][0] in "'’"
        and len(match[0]) > 2
        and whole[start - 1] in "ODL"
        and not (start > 1 and whole[start - 2].isalnum())
    )


def _spared(text: Text, whole: str) -> str:
    """A recast text with web addresses, hashtags and the like as they were."""
    if not text.address(0, len(whole)):
        return whole
    spans = [match.span() for match in _TOKEN.finditer(text.text)]
    return _exchanged(whole, text.text, [span for span in spans if text.address(*span)])
