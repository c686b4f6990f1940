"""A pool that grows: given seeds first, and more and more of what was made of them."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from ..pool import Drawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..record import Record

MOST_KEPT = 5_000
"""Accepted records that are drawn from; later ones replace earlier ones by chance, so that each is as likely."""


class BootstrapPool:
    """The `Pool` port: a sample of the seeds and of the accepted records for every attempt.

    Args:
        seeds: given records, with ids of their own.
        given: so many of the seeds are shown.
        made: so many of the accepted are shown, once there are some; seeds stand in for those missing.
    """

    def __init__(self, seeds: Sequence[Record], given: int, made: int) -> None:
        self._seeds = list(seeds)
        self._given = given
        self._made = made
        self._accepted: list[Record] = []
        self._seen = 0
        self._known = {record.id: record for record in seeds}

    def draw(self, cell: Mapping[str, str], n: int, seed: int) -> Drawn | None:
        """See `Pool.draw`."""
        rng = Random(f"{sorted(cell.items())}|{seed}")
        made = rng.sample(self._accepted, min(self._made, len(self._accepted)))
        given = rng.sample(self._seeds, min(self._given + self._made - len(made), len(self._seeds)))
        shown = [*given, *made]
        rng.shuffle(shown)
        return Drawn(tuple(shown), n)

    def reopened(self, cell: Mapping[str, str], inputs: Sequence[Record], n: int) -> None:
        """See `Pool.reopened`."""

    def ended(self, cell: Mapping[str, str], inputs: Sequence[Record], slot: int, state: str) -> None:
        """See `Pool.ended`."""

    def admitted(self, record: Record) -> None:
        """See `Pool.admitted`."""
        self._seen += 1
        self._known[record.id] = record
        if len(self._accepted) < MOST_KEPT:
            self._accepted.append(record)
            return
        place = Random(self._seen).randrange(self._seen)
        if place < MOST_KEPT:
            self._known.pop(self._accepted[place].id, None)
            self._accepted[place] = record

    def restored(self, record: Record) -> None:
        """See `Pool.restored`."""
        self.admitted(record)

    def find(self, cell: Mapping[str, str], name: str) -> Record | None:
        """See `Pool.find`."""
        return self._known.get(name)

    def given_up(self) -> list[str]:
        """See `Pool.given_up`: a sample is never to blame."""
        return []
