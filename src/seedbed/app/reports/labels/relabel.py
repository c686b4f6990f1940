"""A second labelling: another model is shown the texts and the labels there are, and not which text has which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.reports.labels import Second

from ...data.asked import Asked, asked_or_called
from ...data.subjects import Kind, name_of
from ...stages import unwatched

if TYPE_CHECKING:
    from seedbed.reports.table import Table

    from ...data.asked import Means
    from ...stages import Watch

NAME = "relabel"
"""What the runs are called, and the folder of their texts in the workspace."""


@dataclass(slots=True)
class Relabel:
    """Who labels again, and how: a language model in a run like any other, or what `robustness` tests.

    `limit` is how many records at most, drawn by the `seed`.
    """

    model: str | Callable[..., Any]
    means: Means
    limit: int | None = None
    seed: int = 7

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise InputError(
                f"A second labelling needs a record, and the limit is {self.limit}.",
                "Take a limit of 1 or more, or none.",
            )

    def second(self, table: Table, watch: Watch = unwatched) -> Second:
        """Asks about those records that have a label; each text once, and none that was answered before.

        Raises:
            InputError: the model cannot be used, or there are no two labels.
            RunFailed: it does not answer.
            KeyboardInterrupt: the run was interrupted; its answers are kept.
        """
        labels = tuple(sorted({*table.labels} - {""}))
        if len(labels) < 2:
            hint = "Name the column of the labels: --label COLUMN"
            raise InputError("Nothing can be labelled again: the records have no two labels.", hint)
        subject = asked_or_called(self.model, Kind("classification", labels=labels, watch=watch), labels, self.means)
        places = self._places(table)
        texts = [*dict.fromkeys(table.texts[place] for place in places)]
        said = subject(texts)
        sure = subject.sure if isinstance(subject, Asked) else {}
        answers = [
            str(said.get(table.texts[place], "")) if at else "" for place, at in enumerate(_marks(table, places))
        ]
        confidence = [sure.get(text) if answer else None for text, answer in zip(table.texts, answers, strict=True)]
        return Second(name_of(self.model), answers, confidence, len(places), self._facts())

    def _places(self, table: Table) -> list[int]:
        labelled = [place for place, label in enumerate(table.labels) if label and table.texts[place].strip()]
        if self.limit is None or len(labelled) <= self.limit:
            return labelled
        return sorted(Random(self.seed).sample(labelled, self.limit))

    def _facts(self) -> dict[str, Any]:
        asked = dict(self.means.figures)
        message = asked.pop("message", None)
        return {**({"asked": asked} if asked else {}), **({"message": message} if message else {})}


def relabelling(
    model: str | Callable[..., Any] | None, means: Means, limit: int | None = None, seed: int = 7
) -> Relabel | None:
    """Who is to label records again, if anybody is.

    Raises:
        InputError: it is said how, and not who.
    """
    if model is not None:
        return Relabel(model, means, limit, seed)
    if limit is not None or means.sets or means.new:
        raise InputError("Who is to label the records again?", f"Name a model: {means.option} CONNECTION:MODEL")
    return None


def _marks(table: Table, places: Sequence[int]) -> bytearray:
    marked = bytearray(len(table))
    for place in places:
        marked[place] = 1
    return marked
