"""Line breaks, tabs and more spaces between words."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .spots import drawn

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
                gaps = self._open(text, gaps)
            return [Edit(gap, gap + 1, self.added(dice)) for gap in drawn(dice, gaps, self.prob)] if gaps else ()

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions

        def look(text: Text) -> bool:
            edges = _edges(text) if text.spans else ()
            for match in _GAP.finditer(text.text):
                at = match.start()
                if at not in edges and self.free(text, at, at + 1):
                    return True
            return False

        return look

    def _open(self, text: Text, gaps: list[int]) -> list[int]:
        """Those that may be changed: in no protected span, and at the edge of none."""
        policy = self.inside or self.default
        if policy == "protect" and not self.labels:
            closed = set[int]().union(*[range(start, end) for start, end, _, _ in text.spans])
        else:
            closed = _edges(text)
            if policy != "allow" or self.labels:
                gaps = [gap for gap in gaps if self.free(text, gap, gap + 1)]
        return [gap for gap in gaps if gap not in closed] if closed else gaps


def _edges(text: Text) -> set[int]:
    """The spaces with which spans begin or end."""
    return {at for start, end, _, _ in text.spans for at in (start, end - 1) if text.text[at] == " "}


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
