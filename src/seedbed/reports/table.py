"""A dataset as reports see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.record import Span


@dataclass(slots=True)
class Table:
    """What is measured of a dataset, as lists of one length: a record is a place in them.

    `texts` are what is compared and counted, `labels` the label of each ("" where there is none), `models` and
    `prompts` what made it. `axes` are further columns with few values, `names` what a record is called in examples.
    `facts` are what is known of the whole, such as the figures of the run that made it. `ids` ("" where there is none),
    `spans` (of the texts) and `answers` (what a column `answer` or `data` holds) are empty where no record has any.
    """

    names: Sequence[str]
    texts: Sequence[str]
    labels: Sequence[str]
    models: Sequence[str]
    prompts: Sequence[str]
    axes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    ids: Sequence[str] = ()
    spans: Sequence[tuple[Span, ...]] = ()
    answers: Sequence[Any] = ()

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def labelled(self) -> bool:
        """Whether any record has a label."""
        return any(self.labels)


def shortened(text: str, most: int = 200) -> str:
    """A text for an example."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def share(part: float, whole: float) -> float:
    """A part of a whole, rounded for a report; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0
