"""Records become entries: in the order of their making, each once, some at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import and_, delete, false, func, insert, literal_column, select, update

from seedbed.core.record import PASSED_ON, Span

from ..reading import LONGEST_STRETCH, SOURCES, STRETCH
from ..tables import entries, records, runs, taken_in
from .bins import Bin, Filling, packed
from .dialect import dialect_of
from .entries import words_of
from .placing import labels_of, put_spans
from .tallies import Tallying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

FEW = 5_000
"""So many numbers behind the last one are gone through; more are counted in the index of their run."""

_COLUMNS = (
    *("number", "run", "dataset", "decision", "work", "person", "label", "model", "source", "reason", "note"),
    *("version", "data", "changed", "by", "suggested", "doubt", "bin", "twins"),
)


class Waiting(NamedTuple):
    """A run with records that may not be taken in yet, as it stood before they were counted."""

    number: int
    kind: str
    epoch: int
    seconds: float
    ended: bool
    left: int

    @property
    def source(self) -> str:
        """How its records came to be."""
        return SOURCES.get(self.kind, "imported")


def waiting(connection: Connection, dataset: str) -> list[Waiting]:
    """The runs into a dataset that may have records that are no entries yet.

    Those that have ended and are settled are not looked through.
    """
    same = taken_in.c.epoch == runs.c.epoch, taken_in.c.seconds == runs.c.seconds
    settled = func.coalesce(and_(*same, runs.c.state != "running"), false())
    query = (
        select(runs.c.number, runs.c.kind, runs.c.state, runs.c.epoch, runs.c.seconds)
        .add_columns(func.coalesce(taken_in.c.number, 0).label("reached"))
        .outerjoin(taken_in, taken_in.c.run == runs.c.number)
        .where(runs.c.dataset == dataset, ~settled)
    )
    rows = connection.execute(query).all()
    last = int(connection.scalar(select(func.max(records.c.number))) or 0) if rows else 0
    found = []
    for row in rows:
        ended, left = row.state != "running", _behind(connection, row.number, row.reached, last)
        found.append(Waiting(row.number, row.kind, row.epoch, row.seconds, ended, left))
    return found


def _behind(connection: Connection, run: int, reached: int, last: int) -> int:
    """How many records of a run have a number beyond one (`+` keeps SQLite from using an index)."""
    if last - reached <= FEW:
        of = records.c.run + 0 == run, records.c.number > reached
    else:
        of = records.c.run == run, literal_column("+records.number") > reached
    return int(connection.scalar(select(func.count()).where(*of)) or 0)


def take_in(connection: Connection, dataset: str, run: Waiting, most: int) -> int:
    """Makes entries of the next records of a run; how many records that were, accepted or not."""
    reached = connection.scalar(select(taken_in.c.number).where(taken_in.c.run == run.number)) or 0
    rows = _next(connection, run.number, reached, most)
    if not rows:
        return 0
    made = [(row.number, row.model, orjson.loads(row.data)) for row in rows if row.state == "accepted" and row.data]
    made = [one for one in made if not one[2].get("origin", {}).get(PASSED_ON)]
    if made:
        filling = Filling(connection)
        entering = _Entering(dataset, run, filling)
        entering.put(connection, made)
        filling.close()
        tallying = Tallying(connection, dataset)
        for _, _, content in made:
            tallying.count(content["values"], (span["label"] for span in content.get("spans", ())))
        tallying.close()
        words = [(number, words_of(content["values"])) for number, _, content in made]
        dialect_of(connection).add_words(connection, words)
    connection.execute(delete(taken_in).where(taken_in.c.run == run.number))
    connection.execute(insert(taken_in).values(run=run.number, number=rows[-1].number, epoch=-1, seconds=-1.0))
    return len(rows)


def _next(connection: Connection, run: int, reached: int, most: int) -> Sequence[Any]:
    """The next records of a run, by number, a stretch of numbers at a time; see `read_records`."""
    if not reached:
        first = connection.scalar(select(func.min(records.c.number + 0)).where(records.c.run == run))
        reached = (first or 0) - 1
    query = select(records.c.number, records.c.state, records.c.model, records.c.data)
    query = query.where(records.c.run + 0 == run).order_by(records.c.number).limit(most)
    last = int(connection.scalar(select(func.max(records.c.number))) or 0)
    stretch = STRETCH * most
    while reached < last:
        some = records.c.number > reached, records.c.number <= reached + stretch
        if rows := connection.execute(query.where(*some)).all():
            return rows
        reached, stretch = reached + stretch, min(2 * stretch, LONGEST_STRETCH)
    return []


def settle(connection: Connection, ended: Sequence[Waiting]) -> None:
    """Takes down of which runs nothing more can come unless they are claimed again."""
    for run in ended:
        command = update(taken_in).where(taken_in.c.run == run.number)
        connection.execute(command.values(epoch=run.epoch, seconds=run.seconds))


class _Entering:
    """Rows of entries for records of a run, each put into its bin."""

    def __init__(self, dataset: str, run: Waiting, filling: Filling) -> None:
        self._dataset, self._run, self._source, self._filling = dataset, run.number, run.source, filling
        self._bins: dict[tuple[str, str, str], Bin] = {}

    def put(self, connection: Connection, made: Sequence[tuple[int, str, dict[str, Any]]]) -> None:
        """Writes entries of records: number, model and content of each."""
        placed = [(number, self._place(model, content), content) for number, model, content in made]
        rows = [self._row(number, place) for number, place, _ in placed]
        dialect = dialect_of(connection)
        dialect.insert(connection, entries.name, _COLUMNS, rows)
        marked = [
            (self._filling.number(place), label, number)
            for number, place, content in placed
            for label in map(dialect.indexable, labels_of([Span(**span) for span in content.get("spans", ())]))
        ]
        put_spans(connection, marked)

    def _place(self, model: str, content: dict[str, Any]) -> Bin:
        """The bin of a record that nobody has looked at; it is one more in it."""
        label, tags = str(content["values"].get("label", "")), content.get("tags", ())
        kind = label, model, packed(tags) if tags else ""
        place = self._bins.get(kind)
        if place is None:
            place = self._bins[kind] = Bin(self._dataset, "todo", "", "", label, model, self._source, "", 0, kind[2], 0)
        self._filling.put(place)
        return place

    def _row(self, number: int, place: Bin) -> tuple[Any, ...]:
        state = (self._dataset, "todo", "", "", place.label, place.model, self._source, "", "")
        return (number, self._run, *state, 1, None, "", "", "", 0.0, self._filling.number(place), 0)
