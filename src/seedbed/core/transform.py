"""New records from old ones by edits: what every transform has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from .dice import Dice
from .editing import Policy, Stretch
from .part import Name, Part
from .spans import Edit, Recast

if TYPE_CHECKING:
    from .editing import Text

Edits = Sequence[Edit] | Recast
Editor = Callable[["Text", "Dice"], Edits]
"""What one transform would do to a text; nothing if there is nothing it could change there."""

Looker = Callable[["Text"], bool]
"""Whether one transform could change a text."""

Mentions = Mapping[str, Sequence[str]]
"""Label of spans → the different texts they have in the data, in order of their first appearance."""

Portion = Annotated[float, Field(strict=True, gt=0, le=1)]


class Transform(Part, ABC):
    """A way of making a new record from an old one.

    `max_proportion` is the share of the input records that get a changed copy by it; `copies` are made of each of
    them. `labels` says for single labels of spans what may happen inside theirs (protect, allow, only), `inside` for
    all others; a kind that changes what is said protects them, one that changes only how it looks allows it.

    `becomes` says what the label of a record is after it, for kinds that turn what a text says (positive: negative).

    A kind that `flips` may turn what a text says, so that its label is no longer right. `source` says where its word
    list is from. One that `looks` at the data wants its mentions.
    """

    default: ClassVar[Policy] = "allow"
    flips: ClassVar[bool] = False
    looks: ClassVar[bool] = False
    source: ClassVar[str] = ""
    max_proportion: Portion = 1.0
    copies: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    labels: dict[Name, Policy] = {}
    becomes: dict[Name, Name] | None = None
    inside: Policy | None = None

    @abstractmethod
    def editor(self, mentions: Mentions) -> Editor:
        """What does it, given the mentions there are in the data (none if it does not look at them).

        Whether a text can be changed at all must not depend on chance. The editor is called for each text of a record
        in order, with the same dice.

        Raises:
            InputError: it lacks something it needs.
        """

    def looker(self, mentions: Mentions) -> Looker:
        """Whether its editor would change a text; to be overridden where that can be told quicker.

        Raises:
            InputError: it lacks something it needs.
        """
        editor = self.editor(mentions)
        return lambda text: bool(editor(text, Dice(0)))

    def turns(self) -> bool:
        """Whether it may turn what a text says."""
        return self.flips

    def only(self) -> bool:
        """Whether it changes nothing but what stands in some spans, and so no text without spans."""
        return "only" in (self.inside or self.default, *self.labels.values())

    def free(self, text: Text, start: int, end: int) -> bool:
        """Whether `start` to `end` of a text may be changed."""
        return not text.spans or text.free(start, end, self.labels, self.inside or self.default)

    def open(self, text: Text, places: Sequence[Stretch]) -> Sequence[Stretch]:
        """Those of some places of a text that may be changed; each begins with where it begins and ends."""
        return text.open(places, self.labels, self.inside or self.default) if text.spans else places
