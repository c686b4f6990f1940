"""What people do with the records of a dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, NotFound, nearest
from seedbed.core.record import Span
from seedbed.core.review.editing import retyped
from seedbed.core.review.entry import Change, Conflict, View, Wanted

from ..history import select
from ..stages import unwatched
from . import duplicates
from .saying import check_change, checked, decision_of, tagged

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from seedbed.core.review.entry import Counts, Entry, Happening, Looked, Tallies, Version

    from ..stages import Watch
    from ..workspace import Workspace

AT_ONCE = 5_000
"""So many new records are taken in before a page is answered where nobody takes in the others meanwhile."""

MOST = 1_000
"""So many records can be named in one change; more are changed by what they have in common."""


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in order, the cursor of the next ones ("" at the end), and how many records are still to be taken in."""

    entries: list[Entry]
    next: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Edited:
    """An entry after an edit, and the spans that could not be kept."""

    entry: Entry
    dropped: list[Span]


class Reviewing:
    """A dataset under review, for one person.

    Args:
        workspace: where it is.
        dataset: its name, or that of a run, whose dataset it is then.
        by: who reviews.
        at_once: so many new records are taken in before a page is answered; the rest follow with the next ones.
        columns: those of the dataset, by whoever has looked already whether there is one of this name.

    Raises:
        InputError: there is no such dataset.
    """

    def __init__(
        self,
        workspace: Workspace,
        dataset: str,
        by: str,
        at_once: int = AT_ONCE,
        columns: list[str] | None = None,
    ) -> None:
        self._at_once = at_once
        self.dataset, self.columns = (dataset, columns) if columns is not None else _named(workspace, dataset)
        self.by = by
        self._reviews, self._alone = workspace.store.reviews, workspace.store.naming

    def page(self, wanted: Wanted, cursor: str = "", limit: int = 200) -> Page:
        """Some entries.

        Raises:
            InputError: the cursor is none.
        """
        if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise InputError(f"`{cursor}` is no cursor.", "Use `next` of the page before as it is.")
        waiting = self._caught_up(wanted, self._at_once)
        found = self._reviews.page(replace(wanted, dataset=self.dataset), int(cursor or 0), limit)
        return Page(found, str(found[-1].number) if len(found) == limit else "", waiting)

    def every(self, wanted: Wanted) -> Iterable[Entry]:
        """All entries that are wanted."""
        self._caught_up(wanted)
        return self._reviews.every(replace(wanted, dataset=self.dataset))

    def counts(self, wanted: Wanted | None = None) -> Counts:
        """How many entries there are of each kind, of all that are there or of those that are wanted."""
        self._caught_up(wanted)
        return self.counts_so_far(wanted)

    def counts_so_far(self, wanted: Wanted | None = None) -> Counts:
        """The same of the records that were taken in already."""
        return self._reviews.counts(replace(wanted or Wanted(""), dataset=self.dataset))

    def waiting(self) -> int:
        """Takes some records in; answers how many are left."""
        return self._reviews.catch_up(self.dataset, self._at_once)

    def count(self, wanted: Wanted) -> int:
        """How many entries are wanted."""
        self._caught_up(wanted)
        return self._reviews.count(replace(wanted, dataset=self.dataset))

    def entry(self, record: str) -> Entry:
        """The entry of a record.

        Raises:
            InputError: the dataset has no such record.
        """
        found = self._reviews.entry(record)
        return found if found is not None and found.dataset == self.dataset else self.entries([record])[record]

    def entries(self, records: Sequence[str]) -> dict[str, Entry]:
        """The entries of records, by their ids.

        Raises:
            InputError: the dataset has not got one of these.
        """
        found = self.met(records)
        for one in records:
            if one not in found:
                raise NotFound(
                    f"The dataset {self.dataset} has no record {one}.", f"See them: seedbed review list {self.dataset}"
                )
        return found

    def met(self, records: Sequence[str]) -> dict[str, Entry]:
        """The entries of records, by their ids; what is not of the dataset is left out."""
        found = self._reviews.entries(records)
        if any(one not in found for one in records):
            self._reviews.catch_up(self.dataset)
            found = self._reviews.entries(records)
        return {name: entry for name, entry in found.items() if entry.dataset == self.dataset}

    def history(self, record: str) -> list[Happening]:
        """What happened to a record, the latest first.

        Raises:
            InputError: the dataset has no such record.
        """
        return self._reviews.history(self.entry(record).record.id)

    def alike(self, record: str, most: int = 5) -> list[tuple[Entry, float]]:
        """The records of the dataset that are most like one, with how like they are (0 to 1)."""
        return self._reviews.alike(record, most)

    def mark_duplicates(
        self, near: float = 0.9, columns: Sequence[str] = (), watch: Watch = unwatched
    ) -> dict[str, Any]:
        """Finds and marks the records that say nearly what another one says; see `duplicates.mark`."""
        return duplicates.mark(self, near, columns, watch)

    def mark_twins(self, groups: Iterable[Sequence[int]], seen: int) -> Looked:
        """Takes down which entries say nearly the same, by their numbers; `seen` is how many there were."""
        return self._reviews.mark_twins(self.dataset, groups, seen, self.by)

    def looked(self) -> Looked | None:
        """When it was last looked for records that say nearly the same; None: never."""
        return self._reviews.looked(self.dataset)

    def origin(self, entry: Entry) -> dict[str, Any]:
        """Where a record came from: recipe, run, model, prompt, sampling, checks, parents, time, tokens, cost.

        `edits` are the versions in which people changed what it says.
        """
        edits = [
            {"version": one.version, "by": one.by, "at": one.at}
            for one in self._reviews.history(entry.record.id)
            if {"values", "spans"} & one.after.keys()
        ]
        return {**self._reviews.origin(entry.record.id), "edits": edits}

    def span_labels(self) -> dict[str, int]:
        """How many spans have which label, the most frequent first."""
        return self.tallies().spans

    def tallies(self) -> Tallies:
        """How often each value of a column with few different ones, and each label of a span, is there."""
        self._reviews.catch_up(self.dataset)
        return self._reviews.tallies(self.dataset)

    def columns_met(self) -> set[str]:
        """The columns that some record of the dataset has, with `spans` if there are any."""
        self._reviews.catch_up(self.dataset)
        return self._reviews.columns(self.dataset)

    def alone(self) -> AbstractContextManager[None]:
        """While the context lasts nobody else, in any process, changes a tag or a saved filter as a whole."""
        return self._alone("+marks")

    def views(self) -> list[View]:
        """The saved filters of the dataset, the oldest first."""
        return self._reviews.views(self.dataset)

    def save_view(self, name: str, where: Mapping[str, Any]) -> View:
        """Saves a filter, fields of `Wanted`, in the place of one of that name."""
        with self.alone():
            return self._reviews.put_view(View(self.dataset, name, dict(where), self.by))

    def drop_view(self, view: View) -> None:
        """Forgets a saved filter."""
        self._reviews.drop_view(view.number)

    def change(self, changes: Sequence[Change]) -> list[Entry]:
        """Makes all changes, or none.

        Raises:
            InputError: a record is not there, a decision is none, its text would be empty, or a span lies outside it.
            Conflict: a record was changed meanwhile.
        """
        if len(changes) > MOST:
            raise InputError(f"{len(changes):,} records are too many at once.", f"Name at most {MOST:,}.")
        known = self.entries([one.id for one in changes])
        for one in changes:
            check_change(one, known[one.id])
        return self._reviews.change(changes, self.by)

    def change_all(self, wanted: Wanted, change: Callable[[Entry], Change | None]) -> int:
        """Changes all entries that are wanted, however many; answers how many.

        Raises:
            InputError: one cannot be changed so, or would be left without its text; some may be changed by then.
        """
        self._caught_up(wanted)
        return self._reviews.change_all(replace(wanted, dataset=self.dataset), checked(change), self.by)

    def change_named(self, records: Sequence[str], change: Callable[[Entry], Change | None]) -> int:
        """Changes the records of these ids, or none; answers how many. They are taken back together.

        Raises:
            InputError: they are too many, or one is not there.
        """
        if len(records) > MOST:
            raise InputError(f"{len(records):,} records are too many at once.", f"Name at most {MOST:,}.")
        self.entries(records)
        return self.change_each(records, change)

    def change_each(self, records: Sequence[str], change: Callable[[Entry], Change | None]) -> int:
        """Changes these records of the dataset, however many; answers how many. They are taken back together.

        Raises:
            InputError: one cannot be changed so; of many some may be changed by then.
        """
        return self._reviews.change_named(list(dict.fromkeys(records)), checked(change), self.by)

    def decide(self, records: Sequence[str], decision: str, reason: str = "") -> list[Entry]:
        """Approves, declines or flags records, or puts them back to be done.

        Raises:
            InputError: there is no such record or decision.
        """
        return self.change([Change(one, decision=decision_of(decision), reason=reason) for one in records])

    def decide_all(self, wanted: Wanted, decision: str, reason: str = "") -> int:
        """Decides on all records that are wanted, however many; answers how many.

        Raises:
            InputError: there is no such decision.
        """
        word = decision_of(decision)
        return self.change_all(wanted, lambda one: Change(one.record.id, one.version, decision=word, reason=reason))

    def edit(self, record: str, values: Mapping[str, Any], version: int | None = None) -> Edited:
        """Other values for some columns; spans of a changed text move along, or are dropped where they cannot be kept.

        Raises:
            InputError: there is no such record or column, or its text would be empty.
            Conflict: it was changed meanwhile.
        """
        entry = self.entry(record)
        if version is not None and entry.version != version:
            raise Conflict(entry)
        for name in values:
            if name not in self.columns and name not in entry.record.values:
                raise InputError(f"There is no column `{name}`.", nearest(name, self.columns))
        changed, dropped = retyped(entry.record, {**entry.record.values, **values})
        change = Change(record, entry.version, values=changed.values, spans=changed.spans)
        check_change(change, entry)
        return Edited(self._reviews.change([change], self.by)[0], dropped)

    def tag(self, records: Sequence[str], add: Sequence[str] = (), remove: Sequence[str] = ()) -> list[Entry]:
        """Adds tags to records and takes others away.

        Raises:
            InputError: there is no such record, or a tag is empty.
        """
        found = [self.entry(one) for one in records]
        return self.change([Change(one.record.id, one.version, tags=tagged(one, add, remove)) for one in found])

    def undo(self) -> list[Entry]:
        """Takes back what this person did last.

        Raises:
            Conflict: somebody else has changed it since.
        """
        return self._reviews.undo(self.by, self.dataset)

    def keep_version(self, note: str = "") -> Version:
        """Keeps the dataset as it stands now; `name@number` names it wherever a dataset is named."""
        return self._reviews.keep_version(self.dataset, note, self.by)

    def versions(self) -> list[Version]:
        """The versions of the dataset that were kept, the latest first."""
        return self._reviews.versions(self.dataset)

    def forget_version(self, number: int) -> None:
        """Forgets a version; the dataset stays as it is.

        Raises:
            NotFound: there is no such version.
        """
        if not self._reviews.remove_version(self.dataset, number):
            raise NotFound(
                f"The dataset {self.dataset} has no version {number}.", f"See: seedbed datasets versions {self.dataset}"
            )

    def _caught_up(self, wanted: Wanted | None, most: int = 0) -> int:
        """Takes new records in, so many at most; answers how many are left. None of them is a task."""
        return 0 if wanted is not None and wanted.handed_over else self._reviews.catch_up(self.dataset, most)


def _named(workspace: Workspace, name: str) -> tuple[str, list[str]]:
    """The dataset of a name, which may be that of a run, and its columns.

    Raises:
        InputError: there is none.
    """
    selection, columns = select(workspace, name)
    if selection.version:
        raise InputError(
            f"{name} is a version that was kept, and stays as it is.", f"Review the dataset: {selection.dataset}"
        )
    run = workspace.store.run(selection.run) if selection.run else None
    return (run.dataset if run else name), columns
