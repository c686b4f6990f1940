"""The text and the spans of a record, for formats that hold one text with its spans."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from seedbed.core.errors import InputError

from .rows import no_column, to_row, to_text

if TYPE_CHECKING:
    from seedbed.core.record import Record, Span

Unaligned = Literal["error", "skip"]
"""What becomes of a span that does not begin and end with a token."""


def text_of(record: Record, column: str, place: str) -> str:
    """The text of a column.

    Raises:
        InputError: the record has no such column; begins with `place`.
    """
    (value,) = to_row(record, [column])
    if value is None:
        raise no_column(column, record.values, place)
    return to_text(value)


def spans_of(record: Record, column: str, place: str) -> list[Span]:
    """The record's spans in the order of the text.

    Raises:
        InputError: one has no label, lies outside the text, or is of another column; begins with `place`.
    """
    length = len(text_of(record, column, place)) if record.spans else 0
    for span in record.spans:
        if span.field != column:
            raise InputError(f"{place}: a span is of `{span.field}`; this format holds spans of `{column}` alone.")
        if not span.label or not 0 <= span.start <= span.end <= length:
            raise InputError(f"{place}: the span {span.start}–{span.end} has no label or lies outside the text.")
    return sorted(record.spans, key=lambda span: (span.start, span.end, span.label))


@dataclass(slots=True)
class LeftOut:
    """Spans that a format of tokens cannot hold: an error, or a number to warn of in the end."""

    policy: Unaligned
    count: int = 0
    first: str = ""

    def add(self, span: Span, text: str, place: str) -> None:
        """Takes note of one.

        Raises:
            InputError: the policy does not let it go.
        """
        shown = f"{place}: the span `{text[span.start : span.end]}` ({span.start}–{span.end}, {span.label})"
        if self.policy == "error":
            raise InputError(
                f"{shown} does not begin and end with a token, or overlaps another.",
                "Correct it, or leave such spans out with unaligned=skip.",
            )
        self.count += 1
        self.first = self.first or shown

    def warn(self) -> None:
        """Says how many there were and names the first."""
        if self.count:
            warnings.warn(
                f"Spans left out because they do not begin and end with a token or overlap another: {self.count}, "
                f"the first in {self.first}.",
                stacklevel=3,
            )
