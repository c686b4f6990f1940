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
    from collections.abc import Iterable, Mapping, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

    from .words import Found


_TITLE = re.compile(r"(?<!\w)(?:Mrs?|Ms|Dr|St|Prof|Sen|Gov|Rep|Gen|Col|Capt|Lt|Sgt|Rev|Hon|\w)\.$")


class Rewording(Transform):
    """Edits that rules find. `prob` is the share of those possible in a text that are made, at least one."""

    prob: Portion = 1.0

    @abstractmethod
    def places(self, text: Text) -> Iterable[tuple[int, Edit]]:
        """All that the rules find in a text, in order, each behind the start of the words that it needs as they are."""

    def may(self, text: Text, start: int, edit: Edit) -> bool:
        """Whether one is allowed, and puts no space at the start of a span."""
        if text.spans and edit.new[0] == " " and any(span.start == edit.start for span in text.spans):
            return False
        return self.free(text, start, edit.end) and not (text.addresses and text.address(start, edit.end))

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            edits = [edit for start, edit in self.places(text) if self.may(text, start, edit)]
            return _share(dice, edits, self.prob) if edits else ()

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions

        def look(text: Text) -> bool:
            for start, edit in self.places(text):  # noqa: SIM110 - `any` takes longer than what it asks
                if self.may(text, start, edit):
                    return True
            return False

        return look


class PhraseSwap(Transform):
    """Words and phrases for others. `prob` is the share of those a text has that are changed, at least one."""

    prob: Portion = 1.0

    @abstractmethod
    def table(self) -> Mapping[str, Sequence[str]]:
        """Phrase in small letters → what may stand for it, in the letters it has in the middle of a sentence.

        Raises:
            InputError: what the table is made of is not there.
        """

    def fitting(self, text: str, found: Sequence[Found]) -> Sequence[Found]:
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
        table, found, fitting = self.table(), self.phrases.found, self.fitting

        def edit(text: Text, dice: Dice) -> Edits:
            whole = text.text
            places = fitting(whole, self.open(text, found(text)))
            if not places:
                return ()
            chosen = _share(dice, places, self.prob) if len(places) > 1 else places
            return with_articles(self, text, [swap(whole, one, dice.choice(table[one[2]])) for one in chosen])

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        found, fitting = self.phrases.found, self.fitting

        def look(text: Text) -> bool:
            places = found(text)
            return bool(places) and bool(fitting(text.text, self.open(text, places)))

        return look


def _share(dice: Dice, items: Sequence[Item], prob: float) -> Sequence[Item]:
    count = portion(prob, len(items))
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
