"""Words before and behind a text that change nothing in what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Transform

from .spots import outside

if TYPE_CHECKING:
    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions


def _joined(context: object) -> object:
    """A list of tokens as one text."""
    if isinstance(context, list | tuple) and all(isinstance(token, str) for token in context):
        return " ".join(context)
    return context


def _stripped(context: str) -> str:
    if not context.strip():
        raise ValueError("must have words")
    return context.strip()


Context = Annotated[str, BeforeValidator(_joined), AfterValidator(_stripped)]
Contexts = Annotated[tuple[Context, ...], Field(min_length=1)]

_STARTING = ("Breaking news:", "Update:", "Note:", "Please note:", "For your information:", "By the way:")
_ENDING = ("(end of message)", "(more to follow)", "(see below)", "(end of text)", "[continued]", "[end]")


class AddContext(Transform):
    """A text of `starting_context` before the text, one of `ending_context` behind it, or both (`strategy: combined`);
    by chance one of these if no strategy is given. A context is a text or a list of tokens.

    Those of the list name nobody and nothing, so that no entity is without its label.
    """

    kind: ClassVar[str] = "add_context"
    source: ClassVar[str] = "lists of Seedbed's own"
    starting_context: Contexts = _STARTING
    ending_context: Contexts = _ENDING
    strategy: Literal["start", "end", "combined"] | None = None

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            start, end, possible = self._possible(text)
            if not possible:
                return ()
            before, after = dice.choice(possible)
            first = [Edit(start, start, dice.choice(self.starting_context) + " ")] if before else []
            return [*first, Edit(end, end, " " + dice.choice(self.ending_context))] if after else first

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        starts, ends = self.strategy != "end", self.strategy != "start"
        simple = starts and not self.only()

        def look(text: Text) -> bool:
            whole = text.text
            if simple and whole[:1].isalnum():  # no span begins before it
                return True
            if not any(map(str.isalnum, whole)):
                return False
            return (starts and outside(self, text, len(whole) - len(whole.lstrip()))) or (
                ends and outside(self, text, len(whole.rstrip()))
            )

        return look

    def _possible(self, text: Text) -> tuple[int, int, list[tuple[bool, bool]]]:
        """Where a text begins and ends, and in which ways it can get a context."""
        whole = text.text
        start, end = len(whole) - len(whole.lstrip()), len(whole.rstrip())
        if not any(map(str.isalnum, whole)):
            return start, end, []
        before, after = outside(self, text, start), outside(self, text, end)
        ways = [(one and before, other and after) for one, other in self._ways()]
        return start, end, [way for way in ways if any(way)]

    def _ways(self) -> list[tuple[bool, bool]]:
        """Whether a context comes before the text and whether one comes behind it, in each way that is asked for."""
        ways = {"start": (True, False), "end": (False, True), "combined": (True, True)}
        return [ways[self.strategy]] if self.strategy else list(ways.values())
