"""The annotation tasks of a project: those of all its datasets as one list, dataset after dataset by name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, NotFound, nearest
from seedbed.core.review.entry import Counts, Wanted
from seedbed.core.serving import DEFAULT

from ..serve.belonging import datasets
from .amending import amend_all, check_task
from .reviewing import Page, Reviewing
from .saying import work_of
from .tasks import DATASET, ID, TAGS, Choice, TakingBack, hand_over, to_export

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from seedbed.core.record import Record
    from seedbed.core.review.entry import Entry

    from ..output import Output
    from ..workspace import Workspace
    from .amending import Wish


FILTERS = ("work", "label", "tag", "source", "person", "model", "span", "words", "doubted", "duplicates", "overlapping")
"""By what tasks are chosen."""


def tasks_by(where: Mapping[str, Any]) -> Wanted:
    """The tasks that are all of this.

    Raises:
        InputError: there is no such filter or state.
    """
    for name in where:
        if name not in FILTERS:
            raise InputError(f"Tasks are not chosen by `{name}`.", nearest(name, FILTERS))
    if "work" in where:
        work_of(where["work"])
    return Wanted("", handed_over=True, **where)


class Tasks:
    """The annotation tasks of some datasets, for one person.

    Args:
        workspace: where they are.
        names: of the datasets.
        opened: a dataset of this name under review.
        of: what they are called together, in errors.
        alone: it is the one dataset that was asked for, and no project.
    """

    def __init__(
        self,
        workspace: Workspace,
        names: Iterable[str],
        opened: Callable[[str], Reviewing],
        of: str,
        *,
        alone: bool = False,
    ) -> None:
        self._workspace = workspace
        self._names = sorted(names)
        self._opened = opened
        self._desks: dict[str, Reviewing] = {}
        self._homes: dict[str, str] = {}
        self._of = of
        self._alone = alone

    @classmethod
    def of(cls, workspace: Workspace, dataset: str | None, project: str | None, by: str) -> Tasks:
        """Those of a dataset (or of that of a run), or of all datasets of a project; of the default one if neither is
        named.

        Raises:
            NotFound: there is no such dataset or project, or the dataset is not of the project.
        """
        if project is not None:
            known = [one.id for one in workspace.store.serving.projects()] if workspace.exists else [DEFAULT]
            if project not in known:
                raise NotFound(f"There is no project `{project}`.", nearest(project, known))
        if dataset is None:
            names = datasets(workspace, project or DEFAULT)
            return cls(
                workspace, names, lambda name: Reviewing(workspace, name, by), f"The project {project or DEFAULT}"
            )
        desk = Reviewing(workspace, dataset, by)
        if project is not None and desk.dataset not in datasets(workspace, project):
            raise NotFound(f"The project {project} has no dataset {desk.dataset}.", "Leave --project out.")
        return cls(workspace, [desk.dataset], lambda _: desk, f"The dataset {desk.dataset}", alone=True)

    def page(self, wanted: Wanted, cursor: str = "", limit: int = 200) -> Page:
        """Some tasks.

        Raises:
            InputError: the cursor is none.
        """
        wanted = _tasks(wanted)
        if self._alone:
            return self._desk(self._names[0]).page(wanted, cursor, limit)
        place, mark, at = cursor.rpartition("@")
        if cursor and not mark:
            raise InputError(f"`{cursor}` is no cursor.", "Use `next` of the page before as it is.")
        names = [name for name in self._holding(wanted) if name >= place]
        entries: list[Entry] = []
        for number, name in enumerate(names, 1):
            found = self._desk(name).page(wanted, at if name == place else "", limit - len(entries))
            entries += found.entries
            if len(entries) >= limit:
                after = f"{name}@{found.next}" if found.next else f"{names[number]}@" if number < len(names) else ""
                return Page(entries, after, 0)
        return Page(entries, "", 0)

    def every(self, wanted: Wanted) -> Iterator[Entry]:
        """All tasks that are wanted."""
        wanted = _tasks(wanted)
        return chain.from_iterable(self._desk(name).every(wanted) for name in self._holding(wanted))

    def entries(self, records: Sequence[str]) -> list[Entry]:
        """Records of the datasets by their ids, in this order.

        Raises:
            InputError: there is no such record.
        """
        found: dict[str, Entry] = {}
        for desk, names in self._by_dataset(records):
            found |= desk.entries(names)
        return [found[name] for name in records]

    def count(self, wanted: Wanted) -> int:
        """How many tasks are wanted."""
        wanted = _tasks(wanted)
        return sum(self._desk(name).count(wanted) for name in self._holding(wanted))

    def counts(self, wanted: Wanted) -> Counts:
        """How many tasks there are of each kind, and in which `dataset`, of those that are wanted; but for the total,
        words are not heeded."""
        wanted = _tasks(wanted)
        total, twins, by = 0, 0, dict[str, Counter[str]]()
        for name in self._holding(wanted):
            found = self._desk(name).counts(wanted)
            twins += found.duplicates
            total += self._desk(name).count(wanted) if wanted.words else found.total
            for kind, values in [*found.by.items(), ("dataset", {name: found.total} if found.total else {})]:
                by.setdefault(kind, Counter()).update(values)
        return Counts(total, {kind: dict(sorted(values.items())) for kind, values in by.items()}, twins)

    def hand_over(self, chosen: Sequence[str] | Wanted) -> dict[str, int]:
        """Makes tasks of the approved ones among these records that are none yet; answers how many, by how they came
        to be; see `tasks.hand_over`.

        Raises:
            InputError: there is no such record.
        """
        sources = Counter[str]()
        if isinstance(chosen, Wanted):
            approved = replace(chosen, decision="approved", work="", handed_over=False)
            for name in self._holding(approved):
                sources.update(hand_over(self._desk(name), approved))
        else:
            for desk, names in self._by_dataset(chosen):
                sources.update(hand_over(desk, names))
        return dict(sources)

    def change(self, wish: Wish, chosen: Sequence[str] | Wanted) -> dict[str, int]:
        """Makes tasks what a person wants; answers how many were changed in which dataset. In each of them that is one
        step to take back.

        Raises:
            InputError: there is no such record, one cannot be so, or is no task; nothing is changed then.
        """
        if isinstance(chosen, Wanted):
            wanted = _tasks(chosen)
            desks = [self._desk(name) for name in self._holding(wanted)]
            changed = {one.dataset: self._change_all(one, wanted, wish) for one in desks}
        else:
            found = self._checked(chosen, wish)
            changed = {one.dataset: amend_all(one, names, wish, tasks=True) for one, names in found}
        return {name: count for name, count in changed.items() if count}

    def to_export(self, wanted: Wanted, choice: Choice, *, origin: bool) -> tuple[Iterator[Record], list[str]]:
        """Tasks as records of a file, and its columns: those of all their datasets, each once, in the order in which
        they are met. What a dataset has no such column for is left empty; `dataset` says which one it is."""
        if self._alone:
            return to_export(self._desk(self._names[0]), wanted, choice, origin=origin)
        choice = replace(choice, several=True)
        parts = [to_export(desk, wanted, own, origin=origin) for desk, own in self._parts(wanted, choice)]
        columns = dict.fromkeys(column for _, own in parts for column in own if column not in (ID, DATASET, TAGS))
        return chain.from_iterable(records for records, _ in parts), [ID, DATASET, *columns, TAGS]

    def size(self, wanted: Wanted, choice: Choice) -> int:
        """How many tasks a file will have; see `Choice.count`."""
        return sum(own.count(desk, wanted) for desk, own in self._parts(wanted, choice))

    def overlapping(self, wanted: Wanted, choice: Choice) -> tuple[int, Record | None]:
        """How many of the tasks of a file have spans that overlap, and the first of them; see `Choice.overlapping`."""
        wanted = replace(wanted, overlapping=True) if not choice.ids else wanted
        found = [own.overlapping(desk, wanted) for desk, own in self._parts(wanted, choice)]
        return sum(count for count, _ in found), next((first for _, first in found if first), None)

    def export(self, wanted: Wanted, output: Output, ids: Sequence[str] = ()) -> int:
        """Writes tasks as they stand now, with all that people changed; answers how many. Other records are written as
        well where the tasks among them are not asked for (`handed_over`).

        Raises:
            InputError: the file cannot be written.
        """
        output.check()
        records, columns = self.to_export(wanted, Choice(tuple(ids)), origin=bool(output.with_origin))
        return output.put(records, columns, force=output.force)

    def take_back(self, records: Iterable[Record]) -> dict[str, int]:
        """Takes annotated tasks back into the datasets that they are of; see `tasks.TakingBack`.

        Raises:
            InputError: a record has no id, is of none of the datasets or comes twice, or a span lies outside its text;
                nothing is changed then.
        """
        back = TakingBack(self._home)
        back.read(records)
        return back.write()

    def _change_all(self, desk: Reviewing, wanted: Wanted, wish: Wish) -> int:
        return desk.change_all(wanted, lambda entry: wish.change(entry, desk.columns)[0])

    def _checked(self, ids: Sequence[str], wish: Wish) -> list[tuple[Reviewing, list[str]]]:
        """The records by their datasets, when each of them can be what is wanted."""
        found = self._by_dataset(ids)
        for desk, names in found:
            for entry in desk.entries(names).values():
                check_task(entry)
                wish.change(entry, desk.columns)
        return found

    def _parts(self, wanted: Wanted, choice: Choice) -> list[tuple[Reviewing, Choice]]:
        if choice.ids:
            return [(desk, replace(choice, ids=tuple(names))) for desk, names in self._by_dataset(choice.ids)]
        return [(self._desk(name), choice) for name in self._holding(wanted)]

    def _by_dataset(self, ids: Sequence[str]) -> list[tuple[Reviewing, list[str]]]:
        found: dict[str, tuple[Reviewing, list[str]]] = {}
        for name in dict.fromkeys(ids):
            desk = self._home(name)
            found.setdefault(desk.dataset, (desk, []))[1].append(name)
        return [found[name] for name in sorted(found)]

    def _holding(self, wanted: Wanted) -> list[str]:
        """The datasets that may have such tasks, in order: a page looks into no others."""
        if self._alone or not self._names:
            return self._names
        holding = self._workspace.store.reviews.holding(wanted)
        return [name for name in self._names if name in holding]

    def _desk(self, name: str) -> Reviewing:
        if name not in self._desks:
            self._desks[name] = self._opened(name)
        return self._desks[name]

    def _home(self, record: str) -> Reviewing:
        """The dataset of a record."""
        if self._alone:
            return self._desk(self._names[0])
        run = record.rpartition(":")[0]
        if run not in self._homes:
            stored = self._workspace.store.run(run) if run else None
            self._homes[run] = stored.dataset if stored else ""
        if self._homes[run] not in self._names:
            raise NotFound(f"{self._of} has no record {record[:300]}.", "See its tasks: seedbed tasks list")
        return self._desk(self._homes[run])


def _tasks(wanted: Wanted) -> Wanted:
    return replace(wanted, handed_over=True)
