"""The store's contract for review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .entry import Change, Counts, Entry, Happening, Looked, Tallies, Version, View, Wanted


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

    def entries(self, names: Sequence[str]) -> dict[str, Entry]:
        """The entries of these records' ids; those that are not there are left out."""
        ...

    def holding(self, wanted: Wanted) -> set[str]:
        """The names of all datasets, whichever is wanted, that have entries like that, whatever words and spans these
        have."""
        ...

    def count(self, wanted: Wanted) -> int:
        """How many entries there are."""
        ...

    def counts(self, wanted: Wanted) -> Counts:
        """How many entries are wanted in all, by decision, work, label, model, source, person, reason and tag, whatever
        words they have."""
        ...

    def tallies(self, dataset: str) -> Tallies:
        """How often each value of a column with few different ones, and each label of a span, is there."""
        ...

    def columns(self, dataset: str) -> set[str]:
        """The columns of all entries of a dataset, with `spans` if one has any."""
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

    def change_named(self, names: Sequence[str], changed: Callable[[Entry], Change | None], by: str) -> int:
        """Changes the entries of these records; answers how many. They can be undone together. `changed` sees each as
        it stands when nobody else can change it. Up to 1,000 are changed all or none; more so many at a time.

        Raises:
            InputError: there is no such record.
        """
        ...

    def origin(self, name: str) -> dict[str, Any]:
        """Where a record came from: recipe, run, model, prompt, sampling, checks, parents, time, tokens, cost."""
        ...

    def alike(self, name: str, most: int = 5) -> list[tuple[Entry, float]]:
        """The entries of the same dataset whose texts are most like that of one, with how like they are (0 to 1).

        They are looked for among those that share its rarest words: one like it in few words may be missed.
        """
        ...

    def mark_twins(self, dataset: str, groups: Iterable[Sequence[int]], seen: int, by: str) -> Looked:
        """Takes down which entries say nearly the same, by their numbers, in the place of what was known of that.

        No entry's version changes. Where this is interrupted, the dataset counts as not looked through.

        Args:
            dataset: whose entries they are.
            groups: the numbers of the entries of each group.
            seen: how many entries the dataset had when they were compared.
            by: who had them compared.
        """
        ...

    def looked(self, dataset: str) -> Looked | None:
        """When it was last looked for entries that say nearly the same; None: never."""
        ...

    def search(self, datasets: Sequence[str], words: str, most: int = 20) -> list[Entry]:
        """Entries of these datasets with all these words, the last as a beginning."""
        ...

    def views(self, dataset: str) -> list[View]:
        """The saved filters of a dataset, the oldest first."""
        ...

    def put_view(self, view: View) -> View:
        """Saves a filter under a name, in the place of one of that name; answers it with its id."""
        ...

    def view(self, number: int) -> View | None:
        """A saved filter by its id."""
        ...

    def drop_view(self, number: int) -> bool:
        """Forgets a saved filter; whether there was one."""
        ...

    def drop(self, dataset: str) -> None:
        """Removes a dataset for good: its runs with calls and records, and all that people made of them."""
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

    def keep_version(self, dataset: str, note: str, by: str) -> Version:
        """Keeps a dataset as it stands now, without what is declined, under the next number."""
        ...

    def versions(self, dataset: str) -> list[Version]:
        """The versions of a dataset that were kept, the latest first."""
        ...

    def remove_version(self, dataset: str, number: int) -> bool:
        """Forgets a version; whether there was one."""
        ...
