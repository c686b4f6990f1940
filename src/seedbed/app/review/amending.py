"""One change of a record by a person: whatever it touches, it is one step to take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import InputError, nearest
from seedbed.core.review.editing import retyped
from seedbed.core.review.entry import Change, Conflict

from .reviewing import Edited
from .saying import decision_of, tagged, work_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.record import Span
    from seedbed.core.review.entry import Entry, Wanted

    from .reviewing import Reviewing

TRIES = 20
"""So often a change of whatever version there is begins anew, because others were quicker."""

LABEL = "label"

SOURCE_TAGS = ("synthetic", "augmented")
"""Tags that say how a record came to be: they stay what they are."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants a record to be: None leaves a field as it is.

    `spans` are all of them, in positions of the text as it is to be; without them those that are there move with it.
    `tags` are all of them but for those that say how the record came to be, which stay; `add_tags` and `remove_tags`
    are only some.
    """

    decision: str | None = None
    reason: str | None = None
    note: str | None = None
    label: str | None = None
    values: Mapping[str, Any] | None = None
    spans: tuple[Span, ...] | None = None
    tags: tuple[str, ...] | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    person: str | None = None
    work: str | None = None

    def change(self, entry: Entry, columns: list[str]) -> tuple[Change, list[Span]]:
        """The change that makes an entry so, and the spans that cannot be kept.

        Raises:
            InputError: a value cannot be, a column is not there, or it is no task and is to be worked on.
        """
        record, dropped = self._rewritten(entry, columns)
        spans = self.spans if self.spans is not None else record.spans
        edited = record is not entry.record or spans != entry.record.spans
        made = Change(
            entry.record.id,
            entry.version,
            decision=decision_of(self.decision) if self.decision is not None else None,
            reason=self._reason(entry),
            note=self.note,
            tags=self._tags(entry),
            person=self.person,
            work=self._work(entry),
            values=record.values if edited else None,
            spans=spans if edited else None,
        )
        return made, dropped if self.spans is None else []

    def _rewritten(self, entry: Entry, columns: list[str]) -> tuple[Any, list[Span]]:
        given = dict(self.values or {})
        for name in given:
            if name not in columns and name not in entry.record.values:
                raise InputError(f"There is no column `{name}`.", nearest(name, columns))
        if self.label is not None:
            given[LABEL] = self.label
        whole = {**entry.record.values, **given}
        if whole == entry.record.values:
            return entry.record, []
        try:
            orjson.dumps(whole)
        except TypeError as error:
            raise InputError("A value is none that can be kept.", "Texts, numbers, lists and mappings can.") from error
        return retyped(entry.record, whole)

    def _reason(self, entry: Entry) -> str | None:
        """Another decision leaves the reason of the one before behind."""
        decided = self.decision is not None and self.decision != entry.decision
        return "" if decided and self.reason is None else self.reason

    def _tags(self, entry: Entry) -> tuple[str, ...] | None:
        if self.tags is None and not self.add_tags and not self.remove_tags:
            return None
        before = entry.record.tags
        given = (
            tagged(entry, self.add_tags, self.remove_tags) if self.tags is None else tagged(entry, self.tags, before)
        )
        own = [tag for tag in before if tag in SOURCE_TAGS]
        return tuple(dict.fromkeys([*own, *(tag for tag in given if tag not in SOURCE_TAGS)]))

    def _work(self, entry: Entry) -> Any:
        if not self.work:
            return self.work
        check_task(entry)
        return work_of(self.work)


def amend(reviewing: Reviewing, record: str, wish: Wish, version: int | None) -> Edited:
    """Makes a record what a person wants; None changes whatever version there is.

    Raises:
        InputError: there is no such record, or it cannot be so.
        Conflict: it was changed meanwhile.
    """
    for _ in range(TRIES):
        entry = reviewing.entry(record)
        if version is not None and entry.version != version:
            raise Conflict(entry)
        change, dropped = wish.change(entry, reviewing.columns)
        try:
            return Edited(reviewing.change([change])[0], dropped)
        except Conflict as conflict:
            if version is not None:
                raise
            entry = conflict.entry
    raise Conflict(entry)


def amend_all(reviewing: Reviewing, records: list[str], wish: Wish, *, tasks: bool = False) -> int:
    """Makes all these records what a person wants, in one step; answers how many were changed.

    Raises:
        InputError: there is no such record, one cannot be so, or is no task and must be; nothing is changed then.
    """

    def changed(entry: Entry) -> Change:
        if tasks:
            check_task(entry)
        return wish.change(entry, reviewing.columns)[0]

    return reviewing.change_named(records, changed)


def amend_wanted(reviewing: Reviewing, wanted: Wanted, wish: Wish) -> int:
    """Makes all records that are wanted what a person wants, however many, in one step; answers how many.

    Raises:
        InputError: one cannot be so.
    """
    return reviewing.change_all(wanted, lambda entry: wish.change(entry, reviewing.columns)[0])


def check_task(entry: Entry) -> None:
    """Whether a record is an annotation task.

    Raises:
        InputError: it is not.
    """
    if not entry.work:
        raise InputError(f"{entry.record.id} is no task yet.", "Hand it over as an annotation task first.")
