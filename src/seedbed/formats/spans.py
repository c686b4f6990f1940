"""The text and the spans of a record, for formats that hold one text with its spans."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from seedbed.core.errors import InputError
from seedbed.core.texts.layers import meets, outer, overlapping

from .rows import no_column, to_row, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seedbed.core.record import Record, Span

Unaligned = Literal["error", "skip"]
"""What becomes of a span that holds no word."""

Overlaps = Literal["refuse", "outer", "skip"]
"""What a format of one layer does with spans that overlap: it refuses them all, keeps the longest, or leaves out the
records that have them."""


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
            raise InputError(
                f"{place}: a span is of `{span.field}`; this format holds spans of `{column}` alone.",
                "Take a format that holds all spans: jsonl.",
            )
        if not span.label or not 0 <= span.start <= span.end <= length:
            raise InputError(
                f"{place}: the span {span.start}–{span.end} has no label or lies outside the text.",
                "Count `start` and `end` in characters of the text; `end` is the first after the span.",
            )
    return sorted(record.spans, key=lambda span: (span.start, span.end, span.label))


def overlaps_in(records: Iterable[Record]) -> tuple[int, Record | None]:
    """How many records have spans that overlap, and the first of them."""
    found = (record for record in records if overlapping(record.spans))
    first = next(found, None)
    return (0 if first is None else 1 + sum(1 for _ in found)), first


def said_to_overlap(records: int, first: Record, place: str) -> InputError:
    """The error for a format that holds one layer of spans: so many records have spans that overlap.

    Args:
        records: how many.
        first: one of them, with spans that overlap.
        place: how that one is named.
    """
    text, (inner, other) = to_text(first.values.get("text")), _pair(first.spans)
    many = "1 record has spans" if records == 1 else f"{records:,} records have spans"
    lies = "lies inside" if other.start <= inner.start and inner.end <= other.end else "overlaps"
    return InputError(
        f"{many} that overlap, and this format holds one layer: "
        f"{place}: the span {_shown(inner, text)} {lies} {_shown(other, text)}.",
        "Choose: overlaps=outer keeps the longest spans, overlaps=skip leaves these records out (at the command line "
        "--option overlaps=outer). JSON, Parquet, Label Studio and spaCy hold all spans.",
    )


def _pair(spans: Sequence[Span]) -> tuple[Span, Span]:
    """The first span that shares characters with a longer one, or one that is as long, and that one."""
    kept = outer(spans)
    inner = next(one for one in sorted({*spans} - {*kept}) if one.start < one.end)
    return inner, next(one for one in kept if meets(inner, one))


def _shown(span: Span, text: str) -> str:
    return f"`{text[span.start : span.end]}` ({span.start}–{span.end}, {span.label})"


@dataclass(slots=True)
class LeftOut:
    """Spans, or whole records, that a format cannot hold: an error, or a number to warn of in the end."""

    overlaps: Overlaps
    unaligned: Unaligned = "error"
    spans: int = 0
    records: int = 0
    first: str = ""

    def add(self, spans: Sequence[Span], text: str, place: str) -> bool:
        """Takes note of spans of a record; whether the record is left out as a whole.

        Raises:
            InputError: the policies do not let them go.
        """
        if not spans:
            return False
        shown = f"{place}: the span {_shown(spans[0], text)}"
        if self.unaligned == "error" and self.overlaps == "refuse":
            raise InputError(
                f"{shown} holds no word.",
                "Correct it, or leave such spans out with overlaps=outer, such records with overlaps=skip.",
            )
        self.first = self.first or shown
        if self.overlaps == "skip":
            self.records += 1
            return True
        self.spans += len(spans)
        return False

    def warn(self) -> None:
        """Says how many there were and names the first."""
        if self.spans:
            many = "1 span" if self.spans == 1 else f"{self.spans:,} spans"
            said = f"Left out: {many} (overlapped by a longer one, or without a word); the first, in {self.first}."
        elif self.records:
            many = "1 record" if self.records == 1 else f"{self.records:,} records"
            said = f"Left out: {many} (with spans that overlap, or hold no word); the first, in {self.first}."
        else:
            return
        warnings.warn(said, stacklevel=3)
