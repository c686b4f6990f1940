"""What a record can become: it keeps what it says, whoever changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, nearest
from seedbed.core.record import flat_text
from seedbed.core.review.editing import misplaced
from seedbed.core.review.entry import DECISIONS, WORKS

from ..data.split import MAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seedbed.core.record import Record
    from seedbed.core.review.entry import Change, Decision, Entry, Work


def check_text(record: Record, values: Mapping[str, Any]) -> None:
    """Whether a record that says something still does with other values.

    Raises:
        InputError: its main text would be empty.
    """
    column = _main(record.values)
    if flat_text(record.values.get(column)).strip() and not flat_text(values.get(column)).strip():
        raise InputError(
            f"`{column}` would be empty, and a record without its text is none.",
            "Decline the record instead, or leave its text as it is.",
        )


def _main(values: Mapping[str, Any]) -> str:
    """The column that holds what a record says: by its name, else the one with the longest text."""
    named = next((name for name in MAIN if name in values), None)
    return named or max(values, key=lambda name: len(flat_text(values[name])), default="text")


def tagged(entry: Entry, add: Sequence[str], remove: Sequence[str]) -> tuple[str, ...]:
    """The tags of an entry after some were added and others taken away.

    Raises:
        InputError: a tag is empty.
    """
    if any(not tag.strip() for tag in add):
        raise InputError("A tag is empty.", "Name it, for example: hard")
    kept = [tag for tag in entry.record.tags if tag not in remove]
    return tuple(dict.fromkeys([*kept, *(tag.strip() for tag in add)]))


def decision_of(name: str) -> Decision:
    """A decision by its name.

    Raises:
        InputError: it is none.
    """
    if name not in DECISIONS:
        raise InputError(f"`{name}` is no decision.", nearest(name, DECISIONS))
    return name  # type: ignore[return-value]


def work_of(name: str) -> Work:
    """The state of a task by its name.

    Raises:
        InputError: it is none.
    """
    if name not in WORKS or not name:
        raise InputError(f"`{name}` is no state of a task.", nearest(name, WORKS[1:]))
    return name  # type: ignore[return-value]


def checked(change: Callable[[Entry], Change | None]) -> Callable[[Entry], Change | None]:
    """The same changes, checked one by one; see `check_change`."""

    def known(entry: Entry) -> Change | None:
        made = change(entry)
        if made is not None:
            check_change(made, entry)
        return made

    return known


def check_change(change: Change, entry: Entry) -> None:
    """Whether an entry can be changed so.

    Raises:
        InputError: a decision, a state or a tag is none, its text would be empty, or a span lies outside it.
    """
    if change.decision is not None:
        decision_of(change.decision)
    if change.work:
        work_of(change.work)
    if change.tags is not None and any(not tag.strip() for tag in change.tags):
        raise InputError("A tag is empty.", "Name it, for example: hard")
    if change.spans is None and change.values is None:
        return
    values = change.values if change.values is not None else entry.record.values
    check_text(entry.record, values)
    spans = change.spans if change.spans is not None else entry.record.spans
    if found := misplaced(values, spans):
        raise InputError(
            f"The span {found.start} to {found.end} ({found.label}) does not lie in `{found.field}`.",
            "Positions count characters from 0, the end is not part of the span, and it needs a label.",
        )
