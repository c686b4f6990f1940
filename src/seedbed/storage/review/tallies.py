"""How often each value of a column and each label of a span is there: counted as entries come and change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, text

from ..tables import tallies
from .dialect import dialect_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

SPAN: Final = "span"
COLUMN: Final = "="
"""Before the name of a column in `what`."""

MOST: Final = 100
"""A column with more different values than these is no longer counted; a row with `UNCOUNTED` says so."""

LONGEST: Final = 100
"""Characters of a value that is counted."""

UNCOUNTED: Final = -1

_ADD = text(
    "INSERT INTO entry_tallies (dataset, what, value, count) VALUES (:dataset, :what, :value, :more)"
    " ON CONFLICT (dataset, what, value) DO UPDATE SET count = entry_tallies.count + :more"
)


class Tallying:
    """The tallies of a dataset in one transaction.

    Args:
        connection: with its transaction.
        dataset: whose entries come and change.
    """

    def __init__(self, connection: Connection, dataset: str) -> None:
        self._connection, self._dataset = connection, dataset
        self._name = dialect_of(connection).indexable
        self._more: dict[str, Counter[str]] = {}
        uncounted = select(tallies.c.what).where(tallies.c.dataset == dataset, tallies.c.count == UNCOUNTED)
        self._uncounted = set(connection.scalars(uncounted))

    def count(self, values: Mapping[str, Any], labels: Iterable[str], more: int = 1) -> None:
        """One record more, or less, with these values and these labels of spans."""
        for label in labels:
            self._more.setdefault(SPAN, Counter())[self._name(label)] += more
        for column, value in values.items():
            what = self._name(f"{COLUMN}{column}")
            if what in self._uncounted:
                continue
            counter = self._more.setdefault(what, Counter())
            shown = value if isinstance(value, str) else str(value)
            counter[shown] += more
            if len(shown) > LONGEST or len(counter) > MOST:
                self._give_up(what)

    def close(self) -> None:
        """Writes down how many there are."""
        rows = [
            {"dataset": self._dataset, "what": what, "value": value, "more": more}
            for what, counter in self._more.items()
            for value, more in counter.items()
            if more
        ]
        if not rows:
            return
        self._connection.execute(_ADD, rows)
        of_dataset = tallies.c.dataset == self._dataset
        self._connection.execute(delete(tallies).where(of_dataset, tallies.c.count == 0))
        for what in [what for what in self._more if what != SPAN]:
            values = select(tallies.c.value).where(of_dataset, tallies.c.what == what).limit(MOST + 1)
            if len(self._connection.scalars(values).all()) > MOST:
                self._give_up(what)

    def _give_up(self, what: str) -> None:
        self._uncounted.add(what)
        self._more.pop(what, None)
        self._connection.execute(delete(tallies).where(tallies.c.dataset == self._dataset, tallies.c.what == what))
        row = {"dataset": self._dataset, "what": what, "value": "", "count": UNCOUNTED}
        self._connection.execute(insert(tallies), [row])


def tallied(connection: Connection, dataset: str) -> dict[str, dict[str, int]]:
    """How often there is what: labels under `SPAN`, values under the names of their columns behind `COLUMN`."""
    found: dict[str, dict[str, int]] = {}
    query = select(tallies).where(tallies.c.dataset == dataset, tallies.c.count > 0)
    for _, what, value, number in connection.execute(query.order_by(tallies.c.count.desc(), tallies.c.value)):
        found.setdefault(what, {})[value] = number
    return found


def columns_met(connection: Connection, dataset: str) -> set[str]:
    """The columns that are counted or were too many to be, and `spans` if there are labels of any."""
    found = set(connection.scalars(select(tallies.c.what).distinct().where(tallies.c.dataset == dataset)))
    return {"spans" if what == SPAN else what.removeprefix(COLUMN) for what in found}
