"""Line breaks, tabs and more spaces between words."""

from __future__ import annotations

import re
from abc import abstractmethod
from bisect import bisect
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .spots import drawn, stretches, unhindered

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Policy, Text
    from seedbed.core.transform import Editor, Looker, Mentions

_GAP = re.compile(r" (?<=[^\s(\[{“‘«„¿¡] )(?=[^\s.,:;!?)\]}'”’»%])(?!n['’]t\b)")
"""A space between words: none before a mark or what belongs to the word before it, none behind a bracket."""

Some = Annotated[int, Field(strict=True, ge=1, le=100)]


class _Spacing(Transform):
    """Something between words where a space is; `prob` is the share of such places."""

    prob: Portion = 0.2

    @abstractmethod
    def added(self, dice: Dice) -> str:
        """What stands between two words in the place of a space."""

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            gaps = [match.start() for match in _GAP.finditer(text.text)]
            if text.spans:
                edges = _edges(text)
                if not unhindered(self, text):
                    parts = stretches(self, text)
                    gaps = [
                        gap for start, end in parts for gap in gaps[bisect(gaps, start - 1) : bisect(gaps, end - 1)]
                    ]
                if edges:
                    gaps = [gap for gap in gaps if gap not in edges]
            return [Edit(gap, gap + 1, self.added(dice)) for gap in drawn(dice, gaps, self.prob)] if gaps else ()

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions

        def look(text: Text) -> bool:
            edges = _edges(text) if text.spans else ()
            gaps = (match.span() for match in _GAP.finditer(text.text))
            return any(gap[0] not in edges and self.free(text, *gap) for gap in gaps)

        return look


def _edges(text: Text) -> set[int]:
    """The spaces with which spans begin or end."""
    return {at for span in text.spans for at in (span.start, span.end - 1) if text.text[at] == " "}


class AddNewLines(_Spacing):
    """One to `max_lines` line breaks in the place of a space between words; by itself none within a span."""

    kind: ClassVar[str] = "add_new_lines"
    default: ClassVar[Policy] = "protect"
    max_lines: Some = 3

    def added(self, dice: Dice) -> str:
        """See `_Spacing.added`."""
        return "\n" * (1 + dice.below(self.max_lines))


class AddTabs(_Spacing):
    """One to `max_tabs` tabs in the place of a space between words."""

    kind: ClassVar[str] = "add_tabs"
    max_tabs: Some = 3

    def added(self, dice: Dice) -> str:
        """See `_Spacing.added`."""
        return "\t" * (1 + dice.below(self.max_tabs))


class AddWhitespace(_Spacing):
    """One to `max_spaces` spaces more between words."""

    kind: ClassVar[str] = "add_whitespace"
    max_spaces: Some = 3

    def added(self, dice: Dice) -> str:
        """See `_Spacing.added`."""
        return " " * (2 + dice.below(self.max_spaces))
