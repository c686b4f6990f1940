"""Words and phrases for others, by a table or by rules: what many transforms do."""

from __future__ import annotations

import re
from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .spots import Item, portion
from .words import Lexicon, cased, with_articles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

    from .words import Found


_TITLE = re.compile(r"(?<!\w)(?:Mrs?|Ms|Dr|St|Prof|Sen|Gov|Rep|Gen|Col|Capt|Lt|Sgt|Rev|Hon|\w)\.$")


class Rewording(Transform):
    """Edits that rules find. `prob` is the share of those possible in a text that are made, at least one."""

    prob: Portion = 1.0

    @abstractmethod
    def places(self, text: Text) -> Iterator[tuple[int, Edit]]:
        """All that the rules find in a text, in order, each behind the start of the words that it needs as they are."""

    def edits(self, text: Text) -> Iterator[Edit]:
        """Those that are allowed, and put no space at the start of a span."""
        for start, edit in self.places(text):
            spaced = edit.new[0] == " " and any(span.start == edit.start for span in text.spans)
            if not spaced and self.free(text, start, edit.end) and not text.address(start, edit.end):
                yield edit

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        return lambda text, dice: _share(dice, list(self.edits(text)), self.prob)

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        return lambda text: next(self.edits(text), None) is not None


class PhraseSwap(Transform):
    """Words and phrases for others. `prob` is the share of those a text has that are changed, at least one."""

    prob: Portion = 1.0

    @abstractmethod
    def table(self) -> Mapping[str, Sequence[str]]:
        """Phrase in small letters → what may stand for it, in the letters it has in the middle of a sentence.

        Raises:
            InputError: what the table is made of is not there.
        """

    def fitting(self, text: str, found: Sequence[Found]) -> Iterable[Found]:
        """Those that can be changed where they stand: none in words with hyphens, nor before n't ("could n't")."""
        if "-" not in text and " n't" not in text and " n’t" not in text:
            return found
        alone = [one for one in found if text[one[1] : one[1] + 4] not in (" n't", " n’t")]
        return [one for one in alone if not hyphenated(text, one[0], one[1])]

    @cached_property
    def phrases(self) -> Lexicon:
        """Those of its table."""
        return Lexicon(self.table())

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        table, found, fitting, free = self.table(), self.phrases.found, self.fitting, self.free

        def edit(text: Text, dice: Dice) -> Edits:
            whole = text.text
            places = [one for one in fitting(whole, found(text)) if free(text, one[0], one[1])]
            if not places:
                return ()
            chosen = _share(dice, places, self.prob)
            return with_articles(self, text, [swap(whole, one, dice.choice(table[one[2]])) for one in chosen])

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        found, fitting, free = self.phrases.found, self.fitting, self.free

        def look(text: Text) -> bool:
            places = found(text)
            return bool(places) and any(free(text, one[0], one[1]) for one in fitting(text.text, places))

        return look


def _share(dice: Dice, items: list[Item], prob: float) -> list[Item]:
    count = portion(prob, len(items)) if items else 0
    return items if count == len(items) else dice.some(items, count)


def swap(text: str, found: Found, new: str) -> Edit:
    """The edit that puts new words for those found, with their capitals and the text's kind of apostrophe.

    A full stop that is there already is not put again.
    """
    start, end, phrase = found
    old = text[start:end]
    if "'" in new and "’" in text:
        new = new.replace("'", "’")
    if new[-1] == "." and text.startswith(".", end):
        new = new[:-1]
    if old.islower() or (phrase[:2] == "i " and not opens(text, start)):
        return Edit(start, end, new)
    return Edit(start, end, cased(new, old))


def opens(text: str, at: int) -> bool:
    """Whether a sentence begins here: a capital says nothing about the word then. "Mr. " and the like end none."""
    if at > 1 and text[at - 1] == " " and text[at - 2].isalnum():
        return False
    before = text[max(0, at - 40) : at].rstrip(" \t\"'“”‘’«»([*_-–—")
    return not before or (before[-1] in ".!?…:\n\r" and not _TITLE.search(before, max(0, len(before) - 8)))


def named(text: str, start: int, end: int) -> bool:
    """Whether this is likely to be a name, or a part of one: it has a capital within a sentence."""
    words = text[start:end]
    if words.islower() or words.isupper():
        return False
    first, *rest = words.split(" ")
    return any(word[0].isupper() for word in rest) or (words[0].isupper() and first != "I" and not opens(text, start))


def maybe_name(text: str, start: int, end: int) -> bool:
    """Whether this is named, or has a capital and a word with a capital behind it: New York, Five Star."""
    if text[start:end].islower():
        return False
    capitals = text[start].isupper() and text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()
    return named(text, start, end) or (capitals and not text[start : end + 3].isupper())


def hyphenated(text: str, start: int, end: int) -> bool:
    """Whether this is only a part of a word with hyphens."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (before[-1:] == "-" and before[:1].isalnum()) or (after[:1] == "-" and after[1:].isalnum())
