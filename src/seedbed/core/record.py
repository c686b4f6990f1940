"""One row of a dataset."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple


def flat_text(value: Any) -> str:
    """All texts and numbers inside a value, in order, one space between them; a text is itself."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, dict):
        return " ".join(filter(None, map(flat_text, value.values())))
    if isinstance(value, list | tuple):
        return " ".join(filter(None, map(flat_text, value)))
    return str(value)


PASSED_ON = "passed_on"
"""In a record's origin: it was made for a further step of its recipe, and is no record of the dataset."""

REASON, DETAIL = "reason", "detail"
"""In the origin of a record that was not accepted: the short name of why, and a sentence."""

State = Literal["accepted", "rejected", "failed", "surplus"]
"""The engine's word about a slot; it never changes after admission."""


class Span(NamedTuple):
    """A labelled stretch of a text field: code points `start` to `end` (exclusive) of `field`."""

    start: int
    end: int
    label: str
    field: str = "text"


@dataclass(slots=True)
class Record:
    """One row: its columns, its spans and where it came from.

    `values` maps column → value (text, label, category …) in the order they are written. `origin` holds what is known
    of its making: run, attempt, model, sampling, cell, prompt, checks, time, cost. `id` is empty until admission.
    """

    values: dict[str, Any]
    spans: tuple[Span, ...] = ()
    id: str = ""
    state: State = "accepted"
    tags: tuple[str, ...] = ()
    origin: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The main text column, empty if there is none."""
        return str(self.values.get("text", ""))

    @property
    def label(self) -> str:
        """The label column, empty if there is none."""
        return str(self.values.get("label", ""))

    def __getitem__(self, column: str) -> Any:
        return self.values[column]
