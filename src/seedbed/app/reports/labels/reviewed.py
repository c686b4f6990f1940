"""A queue of doubted labels that a person has been through, and which of its rows are accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, nearest
from seedbed.core.tokens import tokens

from ...data.convert import Reading
from .queue import COLUMNS

if TYPE_CHECKING:
    from seedbed.core.record import Record

FORMS = "It is one of: all, marked, top:N, score:N, as in score:0.9."
YES = {"yes", "y", "x", "1", "true", "ok"}
NO = {"no", "n", "0", "false"}

Key = tuple[str, tuple[str, ...]]
"""What a record is called, and the words of its text: spreadsheets change blanks and quotes."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which rows of a queue are accepted: `all`, those that are `marked` with yes in `accept`, those with the `top` N
    scores, or with a `score` of so much and more. A row that is marked with no never is."""

    kind: str
    number: float = 0.0

    @classmethod
    def of(cls, text: str) -> Acceptance:
        """It as people write it.

        Raises:
            InputError: it is none of these.
        """
        kind, colon, number = text.strip().partition(":")
        if kind in ("all", "marked") and not colon:
            return cls(kind)
        if kind == "top" and re.fullmatch(r"[1-9]\d{0,12}", number):
            return cls(kind, int(number))
        if kind == "score" and re.fullmatch(r"0?\.\d+|[01](\.\d*)?", number):
            return cls(kind, float(number))
        raise InputError(f"--accept {text}: what is accepted?", FORMS)

    def chosen(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that are accepted.

        Raises:
            InputError: those that are marked are wanted, and none is.
        """
        if self.kind == "marked":
            marked = [row for row in rows if row.accept]
            if not marked:
                hint = "Write yes into the column `accept`, or say which: --accept all, top:N or score:0.9"
                raise InputError("No row of the queue is marked.", hint)
            return marked
        left = [row for row in rows if row.accept is not False]
        if self.kind == "top":
            return sorted(left, key=lambda row: (-row.score, row.number))[: int(self.number)]
        return left if self.kind == "all" else [row for row in left if row.score >= self.number]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a queue; `accept` is None where nothing is written."""

    number: int
    key: Key
    label: str
    suggested: str
    score: float
    accept: bool | None


def rows_of(records: Iterable[Record], name: str) -> list[Row]:
    """The rows of a queue; `name` is what it is called in messages.

    Raises:
        InputError: it is no queue.
    """
    return [_row(record, number, name) for number, record in enumerate(records, start=1)]


def read_queue(path: Path) -> list[Row]:
    """The rows of the queue in a file.

    Raises:
        InputError: it cannot be read, or is no queue.
    """
    return rows_of(Reading(path).source()(), str(path))


def _row(record: Record, number: int, name: str) -> Row:
    values = {column: record.values.get(column) for column in COLUMNS}
    for column in ("record", "text", "label", "suggested"):
        if column not in record.values:
            raise InputError(f"{name} is no queue: it has no column `{column}`.", nearest(column, record.values))
    where = f"{name}, row {number}"
    return Row(
        number,
        key_of(str(values["record"]), str(values["text"])),
        str(values["label"]),
        str("" if values["suggested"] is None else values["suggested"]),
        _score(values["score"], where),
        _mark(values["accept"], where),
    )


def _score(value: Any, where: str) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        raise InputError(
            f"{where}: the score {value!r} is no number.",
            "Put the number back that the file had, or leave the cell empty.",
        ) from None


def _mark(value: Any, where: str) -> bool | None:
    text = "" if value is None else str(value).strip().casefold()
    if text and text not in YES | NO:
        raise InputError(f"{where}: `{value}` in `accept` is neither yes nor no.", "Write yes, no, or nothing.")
    return text in YES if text else None


def key_of(name: str, text: str) -> Key:
    """By which a record is found again."""
    return name, tuple(tokens(text))
