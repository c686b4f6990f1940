"""The entries that are wanted, page by page, without going through those that are not."""

# ruff: noqa: S608 - what is put into statements are numbers of bins and words of this file; all else is bound.

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from ..tables import bins, entries
from .bins import fitting
from .entries import WORDS, matching

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from seedbed.core.review.entry import Wanted

MERGED = 150
"""So many bins are merged in one statement."""

MOST_BINS = 2_500
"""Where more bins than these fit, merging them costs more than going through the entries."""

GATHERED = 10_000
"""So few entries are gathered before it is looked which have the words, or sorted."""

BEYOND = 2**62
"""A number after all others."""


def numbers(connection: Connection, wanted: Wanted, after: int, limit: int) -> list[int]:
    """The numbers of the entries that are wanted, in order, beyond one (0 for the first ones).

    Args:
        connection: that sees the same state for several statements.
        wanted: of one dataset.
        after: the number of the last entry of the page before.
        limit: how many at most.
    """
    if wanted.words.strip() and not matching(wanted.words):
        return []
    found = _Bins(connection, wanted)
    if wanted.sort == "doubt":
        return _by_doubt(connection, wanted, after, limit)
    return found.page(after, limit, backwards=wanted.sort == "last")


def count(connection: Connection, wanted: Wanted) -> int:
    """How many entries are wanted."""
    if not wanted.words.strip():
        return int(connection.scalar(select(func.sum(bins.c.count)).where(*fitting(wanted))) or 0)
    if not matching(wanted.words):
        return 0
    return sum(counted(connection, wanted).values())


def counted(connection: Connection, wanted: Wanted) -> dict[int, int]:
    """How many entries with the wanted words are in which bin that fits."""
    chosen = select(bins.c.number).where(*fitting(wanted))
    query = (
        select(entries.c.bin, func.count())
        .select_from(WORDS.join(entries, entries.c.number == WORDS.c.rowid))
        .where(text("entry_words MATCH :words").bindparams(words=matching(wanted.words)), entries.c.bin.in_(chosen))
        .group_by(entries.c.bin)
    )
    return {int(row[0]): int(row[1]) for row in connection.execute(query)}


class _Bins:
    """The bins whose entries fit, and pages of these.

    Args:
        connection: of the store.
        wanted: what fits.
        doubted: only those bins whose labels are doubted, or not; None for all.
    """

    def __init__(self, connection: Connection, wanted: Wanted, doubted: int | None = None) -> None:
        conditions = fitting(wanted) + ([bins.c.doubted == doubted] if doubted is not None else [])
        rows = connection.execute(select(bins.c.number, bins.c.count).where(*conditions)).all()
        self._connection = connection
        self._words = matching(wanted.words)
        self.numbers = [int(row[0]) for row in rows]
        self.total = sum(int(row[1]) for row in rows)

    def page(self, after: int, limit: int, *, backwards: bool) -> list[int]:
        """The numbers of entries beyond one, in their order or from the last one."""
        if not self.numbers or limit < 1:
            return []
        bounds = {"after": after or (BEYOND if backwards else 0), "limit": limit}
        beyond, order = ("<", "DESC") if backwards else (">", "ASC")
        if self._words:
            return self._with_words(beyond, order, bounds)
        return self._plain(beyond, order, bounds)

    def _plain(self, beyond: str, order: str, bounds: dict[str, Any]) -> list[int]:
        if len(self.numbers) > MOST_BINS:
            return self._run(self._gone_through(beyond, order), bounds)
        return self._merged(beyond, order, bounds)

    def _merged(self, beyond: str, order: str, bounds: dict[str, Any]) -> list[int]:
        """One page of each of some bins at a time, merged: each is read only as far as it is needed."""
        pages = []
        for start in range(0, len(self.numbers), MERGED):
            parts = [
                f"SELECT number FROM entries WHERE bin = {number} AND number {beyond} :after"
                for number in self.numbers[start : start + MERGED]
            ]
            pages.append(self._run(f"{' UNION ALL '.join(parts)} ORDER BY number {order} LIMIT :limit", bounds))
        return list(islice(merge(*pages, reverse=order == "DESC"), bounds["limit"]))

    def _gone_through(self, beyond: str, order: str) -> str:
        """All entries in order, of which the fitting ones are taken; or, if those are few, they are sorted."""
        own = "bin" if self.total <= GATHERED else "+bin"
        return (
            f"SELECT number FROM entries WHERE number {beyond} :after AND {own} IN ({self.listed})"
            f" ORDER BY {'+' if own == 'bin' else ''}number {order} LIMIT :limit"
        )

    def _with_words(self, beyond: str, order: str, bounds: dict[str, Any]) -> list[int]:
        """Those with words: how they are found depends on how many fit otherwise, from the first of these on."""
        first = self._plain(beyond, order, {**bounds, "limit": 1})
        if not first:
            return []
        bounds = {**bounds, "after": first[0] + (1 if beyond == "<" else -1), "words": self._words}
        few = self._behind(beyond, bounds["after"])
        return self._run(self._asked(beyond, order, few), bounds)

    def _behind(self, beyond: str, after: int) -> int:
        """How many entries fit beyond a number, as far as it matters."""
        some = f"SELECT 1 FROM entries WHERE bin IN ({self.listed}) AND number {beyond} :after LIMIT :most"
        query = text(f"SELECT count(*) FROM ({some})")
        return int(self._connection.scalar(query, {"after": after, "most": GATHERED + 1}) or 0)

    def _asked(self, beyond: str, order: str, few: int) -> str:
        # The index is gone through once: to look each entry up in it would put the beginnings of words together anew
        # each time, 10 ms where they are many.
        words = f"entry_words MATCH :words AND entry_words.rowid {beyond} :after"
        if few <= GATHERED:
            own = f"SELECT number FROM entries WHERE bin IN ({self.listed}) AND number {beyond} :after"
            return (
                f"SELECT rowid FROM entry_words WHERE {words} AND +rowid IN ({own}) ORDER BY rowid {order} LIMIT :limit"
            )
        return (
            "SELECT entry_words.rowid FROM entry_words CROSS JOIN entries ON entries.number = entry_words.rowid"
            f" WHERE {words} AND +entries.bin IN ({self.listed}) ORDER BY entry_words.rowid {order} LIMIT :limit"
        )

    @property
    def listed(self) -> str:
        """The numbers of the bins, for a statement."""
        return ",".join(map(str, self.numbers))

    def _run(self, statement: str, bounds: dict[str, Any]) -> list[int]:
        # Past the parser of `text`, which takes longer than a page of many bins.
        return [int(row[0]) for row in self._connection.exec_driver_sql(statement, bounds)]


def _by_doubt(connection: Connection, wanted: Wanted, after: int, limit: int) -> list[int]:
    """Those whose label is doubted, the most doubtful first, then the others in order."""
    place = connection.scalar(select(entries.c.doubt).where(entries.c.number == after)) if after else None
    found = []
    if not after or place:
        found = _doubted(connection, wanted, (place or 2.0, after), limit)
    if wanted.doubted or len(found) >= limit:
        return found
    rest = _Bins(connection, wanted, doubted=0)
    return found + rest.page(after if after and not place else 0, limit - len(found), backwards=False)


def _doubted(connection: Connection, wanted: Wanted, place: tuple[float, int], limit: int) -> list[int]:
    chosen = _Bins(connection, wanted, doubted=1)
    if not chosen.numbers:
        return []
    words = matching(wanted.words)
    having = " AND number IN (SELECT rowid FROM entry_words WHERE entry_words MATCH :words)" if words else ""
    statement = (
        "SELECT number FROM entries INDEXED BY entries_by_doubt WHERE dataset = :dataset AND doubt > 0"
        f" AND doubt <= :doubt AND (doubt < :doubt OR number > :after) AND +bin IN ({chosen.listed})"
        f"{having} ORDER BY doubt DESC, number LIMIT :limit"
    )
    bounds = {"dataset": wanted.dataset, "doubt": place[0], "after": place[1], "limit": limit}
    return list(connection.scalars(text(statement), {**bounds, "words": words} if words else bounds))
