"""Emoji put between sentences or at the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from seedbed.core.part import Name
from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Transform

from .spots import outside

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Mentions

_SENTENCE = re.compile(r"[.!?…](?<![.!?…]{2})[.!?…]*+[\"'”’»)\]]*+(?=\s)|[。！？।॥؟۔][」』”’)]*+")
_SHORT = re.compile(r"(?<!\w)(?:(?:[^\W\d_]\.)*[^\W\d_]|Mrs?|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|vs|etc)\.$")
_OPENING = " \t\r\n\"'“‘«(["
_NEUTRAL = ("📌", "📎", "📝", "📋", "📅", "💬", "🔎", "🔹", "📰", "📣")


class EmojiAdded(Transform):
    """One emoji behind the text, or behind one of its sentences (`position: sentence`).

    Those of the list say nothing of liking or dislike, so that a label of sentiment stays right; `emojis` are others.
    """

    kind: ClassVar[str] = "emoji_added"
    source: ClassVar[str] = "a list of Seedbed's own"
    emojis: Annotated[tuple[Name, ...], Field(min_length=1)] = _NEUTRAL
    position: Literal["end", "sentence"] = "end"

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            places = [at for at in self._places(text.text) if outside(self, text, at)]
            if not places:
                return ()
            at = dice.choice(places)
            return (Edit(at, at, " " + dice.choice(self.emojis)),)

        return edit

    def _places(self, text: str) -> list[int]:
        """The ends of sentences, as far as they are asked for, and that of the text."""
        end = len(text.rstrip())
        ends = [match.end() for match in _SENTENCE.finditer(text, 0, end)] if self.position == "sentence" else []
        inner = [at for at in ends if at < end and _ends_sentence(text, at)]
        return [*inner, end] if end else []


def _ends_sentence(text: str, at: int) -> bool:
    """Whether what follows a mark begins a sentence, and the mark is no dot of J. or U.S."""
    first = text[at : at + 8].lstrip(_OPENING)[:1]
    return first.isalpha() and not first.islower() and not _SHORT.search(text, max(0, at - 20), at)
