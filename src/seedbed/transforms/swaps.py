"""Whole words and phrases for others of a table: what many transforms do."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .words import Lexicon, cased, with_articles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Mentions

    from .words import Found


_TITLE = re.compile(r"(?<!\w)(?:Mrs?|Ms|Dr|St|Prof|Sen|Gov|Rep|Gen|Col|Capt|Lt|Sgt|Rev|Hon|\w)\.$")


class WordSwap(Transform):
    """Words and phrases for others. `prob` is the share of those a text has that are changed, at least one.

    A kind that `hyphens` changes the parts of words with hyphens too ("grey-haired").
    """

    hyphens: ClassVar[bool] = False
    prob: Portion = 1.0

    @abstractmethod
    def table(self) -> Mapping[str, Sequence[str]]:
        """Phrase in small letters → what may stand for it, in the letters it has in the middle of a sentence.

        Raises:
            InputError: what the table is made of is not there.
        """

    def fits(self, text: Text, found: Found) -> bool:
        """Whether a phrase can be changed where it stands."""
        return self.hyphens or not hyphenated(text.text, found.start, found.end)

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        table = self.table()
        lexicon = Lexicon(table)

        def edit(text: Text, dice: Dice) -> Edits:
            places = [one for one in lexicon.found(text) if self.free(text, *one[:2]) and self.fits(text, one)]
            if not places:
                return ()
            chosen = dice.some(places, max(1, round(self.prob * len(places))))
            return with_articles(self, text, [swap(text.text, one, dice.choice(table[one.phrase])) for one in chosen])

        return edit


def swap(text: str, found: Found, new: str) -> Edit:
    """The edit that puts new words for those found, with their capitals and the text's kind of apostrophe.

    A full stop that is there already is not put again.
    """
    if "'" in new and "’" in text:
        new = new.replace("'", "’")
    if new.endswith(".") and text.startswith(".", found.end):
        new = new[:-1]
    if found.phrase[:2] == "i " and not opens(text, found.start):
        return Edit(found.start, found.end, new)
    return Edit(found.start, found.end, cased(new, text[found.start : found.end]))


def opens(text: str, at: int) -> bool:
    """Whether a sentence begins here: a capital says nothing about the word then. "Mr. " and the like end none."""
    before = text[max(0, at - 40) : at].rstrip(" \t\"'“”‘’«»([*_-–—")
    return not before or (before[-1] in ".!?…:\n\r" and not _TITLE.search(before, max(0, len(before) - 8)))


def named(text: str, start: int, end: int) -> bool:
    """Whether this is likely to be a name, or a part of one: it has a capital within a sentence."""
    words = text[start:end]
    if words.islower() or words.isupper():
        return False
    first, *rest = words.split(" ")
    return any(word[0].isupper() for word in rest) or (words[0].isupper() and first != "I" and not opens(text, start))


def begins_name(text: str, start: int, end: int) -> bool:
    """Whether this has a capital and a word with a capital behind it: New York, Five Star."""
    capitals = text[start].isupper() and text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()
    return capitals and not text[start : end + 3].isupper()


def hyphenated(text: str, start: int, end: int) -> bool:
    """Whether this is only a part of a word with hyphens."""
    if "-" not in text:
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (before[-1:] == "-" and before[:1].isalnum()) or (after[:1] == "-" and after[1:].isalnum())


def options(groups: str) -> dict[str, list[str]]:
    """Each word of a group → the others. Groups stand between commas; a word behind a "-" is not changed itself."""
    table: dict[str, list[str]] = {}
    for group in groups.split(","):
        words = group.split()
        for word in words:
            if word[0] != "-":
                table.setdefault(word.lower(), []).extend(one.lstrip("-") for one in words if one != word)
    return table
