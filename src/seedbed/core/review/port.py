"""The store's contract for review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .entry import Change, Counts, Entry, Happening, Wanted


class Reviews(Protocol):
    """Keeps what people make of records. All methods block."""

    def catch_up(self, dataset: str, most: int = 0) -> int:
        """Takes records in that were accepted since; answers how many are left (with `most`, so many at a time)."""
        ...

    def page(self, wanted: Wanted, after: int = 0, limit: int = 200) -> list[Entry]:
        """Entries in order, those beyond the one with the number `after`."""
        ...

    def every(self, wanted: Wanted) -> Iterator[Entry]:
        """All entries in order, read page by page."""
        ...

    def entry(self, name: str) -> Entry | None:
        """The entry of a record's id."""
        ...

    def count(self, wanted: Wanted) -> int:
        """How many entries there are."""
        ...

    def counts(self, dataset: str) -> Counts:
        """How many entries there are in all, by decision, work, label, model, source and tag."""
        ...

    def declined(self, run: str) -> dict[str, int]:
        """How many records of each cell of a run are declined, by the cell's key."""
        ...

    def change(self, changes: Sequence[Change], by: str) -> list[Entry]:
        """Makes all changes, or none; they can be undone together.

        Raises:
            InputError: there is no such record.
            Conflict: one was changed meanwhile.
        """
        ...

    def change_all(self, wanted: Wanted, changed: Callable[[Entry], Change | None], by: str) -> int:
        """Changes all entries that are wanted, however many; answers how many. They can be undone together."""
        ...

    def undo(self, by: str, dataset: str) -> list[Entry]:
        """Takes the last changes of a person back that were made together; answers up to 200 of the entries.

        Raises:
            Conflict: one was changed by somebody else since.
        """
        ...

    def history(self, name: str) -> list[Happening]:
        """All that happened to an entry, the latest first."""
        ...
