"""Does the text stop in the middle?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar
from unicodedata import category

from pydantic import Field

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.part import Name
from seedbed.core.tokens import tokens

from .text import TextCheck

if TYPE_CHECKING:
    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

FENCE = "```"
CLOSERS = "\"'”’“‘»«›‹„)]}）］｝」』】》〉*_`~ \n\u00a0\ufe0f\u200d\u20e3"
"""What may follow the end of a sentence: quotes (of any country), brackets, Markdown's emphasis, parts of emoji."""

OPENERS = "([{（［「『【《"
CLOSING = ")]}）］」』】》"
QUOTES = ('"“”„‟', "«»")
SIGN_OFF = 5
"""Tokens of a last line that may be a name under a letter."""

LONGEST_MARK = 500
"""Characters of an address at the end."""

_STOP = re.compile(
    r"[.!?…‥。！？．｡।॥۔؟።፧։՜՞\u037e⁇⁈⁉‼]$|[\u0370-\u03ff];$"  # the Greek question mark looks like a semicolon
    "|[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ede]$|[\U0001f3fb-\U0001f3ff]$"  # Thai and Lao do without; skin of emoji
)
_SMILEY = r"(?:[:;]['’]?-?[()\[\]DPpOo*](?!\w)|<3)"
_MARK = re.compile(rf"(?:^|\s)(?:[#@]\w+|https?://\S+|www\.\S+|\S+@\S+\.\w+|{_SMILEY})$|{_SMILEY}$")
"""A tag, an address or a smiley at the end."""

_ITEM = re.compile(r"\s*(?:[-*+•–|]|\d{1,3}[.)])\s*\S")
_INCHES = re.compile(r"\d[\"”]")


class Truncated(TextCheck):
    """Fails texts that stop in the middle: no end of a sentence, or a bracket, quote or code fence left open.

    Texts of fewer than `min_words` tokens are let pass, but for the fence: titles and names have no full stop. An end
    is also a list item, a table row, or a name under a letter. `ends` are further endings (`[":", "amen"]`). Without
    `column` all columns the model writes are looked at.
    """

    kind: ClassVar[str] = "truncated"
    min_words: Annotated[int, Field(ge=0)] = 8
    ends: tuple[Name, ...] = ()

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        for text in self.texts(record, task):
            wrong = self._wrong(text.rstrip())
            if wrong:
                return self.fail(wrong)
        return PASSED

    def _wrong(self, text: str) -> str:
        if text.count(FENCE) % 2:
            return "stops within a code block"
        if not text or text.endswith((*self.ends, FENCE)) or len(tokens(text)) < self.min_words:
            return ""
        if not (_ends(text) or _may_end(text.splitlines())):
            return f"stops in the middle: … {text[-30:]!r}"
        return _left_open(re.sub(_SMILEY, "", text))


def _ends(text: str) -> bool:
    """Whether it ends with a sentence, an emoji or the like."""
    bare = text.rstrip(CLOSERS)
    marked = _MARK.search(text[-LONGEST_MARK:])
    return not bare or bool(_STOP.search(bare) or marked) or category(bare[-1]) == "So"


def _may_end(lines: list[str]) -> bool:
    """Whether the last of several lines may end without a stop: a list item like the one before it, or a name."""
    before = [line for line in lines[:-1] if line.strip()]
    if not before:
        return False
    if _ITEM.match(lines[-1]):
        return not _ends(before[-1])
    return len(tokens(lines[-1])) <= SIGN_OFF and not any(word[0].islower() for word in lines[-1].split())


def _left_open(text: str) -> str:
    """What its last line leaves open, if anything; whatever an earlier one does is a slip, no end in the middle."""
    last = text.rpartition("\n")[2]
    for marks in QUOTES:
        views = (text, last, _INCHES.sub("", last))
        if all(sum(map(view.count, marks)) % 2 for view in views):
            return "ends within a quotation"
    depth = 0
    for sign in last:
        depth = depth + (sign in OPENERS) - (sign in CLOSING and depth > 0)
    return "ends within a bracket" if depth else ""
