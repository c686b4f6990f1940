"""Does a record mean nearly the same as one before it? By the angle between the vectors of their texts."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.errors import MissingExtra, RunFailed
from seedbed.core.vectors import OFFLINE, Meaning

from .alike import content
from .duplicates import Duplicate, like, place_of

if TYPE_CHECKING:
    from seedbed.core.record import Record
    from seedbed.core.vectors import Vector

SLACK = 1e-3
"""What rounding may take from a cosine: 16-bit numbers are exact to one in two thousand."""

FIRST = 64
"""So many rows with the highest bounds are looked at to learn how near the nearest is at least."""


class SemanticDuplicate(Duplicate):
    """The cosine of the texts' vectors is at least `threshold`.

    `model` makes the vectors: `embedded` is WordLlama, offline, which knows words and nothing of their order; or an
    embedding model of a connection, as `connection:model`.
    """

    kind: ClassVar[str] = "semantic_duplicate"
    threshold: Annotated[float, Field(gt=0, le=1)] = 0.8
    model: Annotated[str, Field(min_length=1)] = OFFLINE

    def more_models(self) -> list[str]:
        """See `Check.more_models`."""
        return [] if self.model == OFFLINE else [self.model]


class Semantic:
    """The `Novelty` port by meaning; what has no vector is not compared.

    Args:
        columns: what is compared, put together.
        model: the name of the model that makes the vectors.
        threshold: the cosine from which on a record is not new.
        scored: refuse nothing, but tell the cosine to the nearest known record.

    Raises:
        MissingExtra: numpy is not installed.
    """

    def __init__(self, columns: tuple[str, ...], model: str, threshold: float, *, scored: bool = False) -> None:
        self.model = model
        self._columns = columns
        self._threshold = threshold
        self._scored = scored
        self._index = VectorIndex()
        self._places = array("q")

    def features(self, record: Record) -> Meaning:
        """See `Novelty.features`; the worker fills in the vector."""
        return Meaning(self.model, content(record, self._columns))

    def peek(self, record: Record, features: Meaning) -> Verdict:
        """See `Novelty.peek`."""
        del record
        found = self._index.nearest(self._fitting(features.vector), -1.0 if self._scored else self._threshold)
        if found is None:
            return PASSED
        key, cosine = found
        score = round(min(cosine, 1.0), 4)
        detail = like(self._places[key]) if self._scored else f"{like(self._places[key])} ({score:.2f})"
        return Verdict(self._scored, SemanticDuplicate.kind, detail, score)

    def remember(self, record: Record, features: Meaning) -> None:
        """See `Novelty.remember`."""
        self.add(record.id, features.vector)

    def add(self, record: str, vector: Vector | None) -> None:
        """The record of that name is known by its vector."""
        if vector:
            self._index.add(self._fitting(vector))
            self._places.append(place_of(record))

    def _fitting(self, vector: Vector | None) -> Vector:
        """The vector, if it is as long as those before.

        Raises:
            RunFailed: it is not.
        """
        vector = vector or b""
        before = self._index.size
        if vector and before not in (0, len(vector)):
            message = f"{self.model} gave a vector of {len(vector) // 2:,} numbers, those before had {before // 2:,}."
            raise RunFailed(message, "An embedding model must stay the same while a run lasts.")
        return vector


class VectorIndex:
    """Vectors so far, asked for the nearest one to another; exact.

    A vector is kept in two parts: the first three eighths of its numbers as 32-bit floats, the rest as 16-bit floats,
    with the length of the rest. A cosine is at most the product of the first parts and that of the lengths (Cauchy and
    Schwarz); only where that bound suffices the rests are multiplied, which is for a few vectors in ten thousand. One
    of 256 numbers takes 0.7 kB.

    Raises:
        MissingExtra: numpy is not installed, or older than 2.
    """

    def __init__(self) -> None:
        try:
            import numpy as np
        except ImportError as error:
            raise MissingExtra("Comparing texts by meaning", "semantic") from error
        if not hasattr(np, "vecdot"):
            raise MissingExtra("Comparing texts by meaning", "semantic")
        self._np: Any = np
        self.size = 0
        self._count = 0
        self._capacity = 0
        self._heads: Any = ()
        self._tails: Any = ()
        self._lengths: Any = ()

    def __len__(self) -> int:
        return self._count

    def add(self, vector: Vector) -> None:
        """Remembers a vector; they are numbered from zero."""
        self.size = len(vector)
        if self._count == self._capacity:
            self._grow()
        at = self._count
        self._heads[at], self._tails[at], self._lengths[at] = self._split(vector)
        self._count += 1

    def nearest(self, vector: Vector, floor: float) -> tuple[int, float] | None:
        """The number of the vector with the highest cosine, and that cosine, if it is `floor` or more."""
        if not vector or not self._count:
            return None
        np = self._np
        head, tail, length = self._split(vector)
        # Not `@`: a product that is shared out to threads waits for cores that other work has.
        products = np.vecdot(self._heads[: self._count], head)
        bounds = products + length * self._lengths[: self._count]
        if floor < 0:  # find one that is as near as can be told by the bounds: the nearest is no farther
            floor = max(self._cosines(_highest(np, bounds), products, tail))
        likely = np.flatnonzero(bounds >= floor - SLACK)
        if not len(likely):
            return None
        cosines = self._cosines(likely, products, tail)
        best = int(cosines.argmax())
        return (int(likely[best]), float(cosines[best])) if cosines[best] >= floor else None

    def _cosines(self, rows: Any, products: Any, tail: Any) -> Any:
        return products[rows] + self._np.vecdot(self._tails[rows].astype("f4"), tail)

    def _split(self, vector: Vector) -> tuple[Any, Any, Any]:
        numbers = self._np.frombuffer(vector, "<f2").astype("f4")
        head, tail = numbers[: self._first], numbers[self._first :]
        return head, tail, self._np.linalg.norm(tail)

    @property
    def _first(self) -> int:
        """How many numbers the first part has."""
        return max(1, self.size // 2 * 3 // 8)

    def _grow(self) -> None:
        """Doubles the room; what is not used of it takes no memory yet."""
        self._capacity = max(1024, 2 * self._count)
        first = self._first
        self._heads = self._moved(self._heads, (first,), "f4")
        self._tails = self._moved(self._tails, (self.size // 2 - first,), "f2")
        self._lengths = self._moved(self._lengths, (), "f4")

    def _moved(self, rows: Any, shape: tuple[int, ...], kind: str) -> Any:
        room = self._np.empty((self._capacity, *shape), kind)
        if self._count:
            room[: self._count] = rows
        return room


def _highest(np: Any, bounds: Any) -> Any:
    """The places of the highest few."""
    return np.argpartition(bounds, -FIRST)[-FIRST:] if len(bounds) > FIRST else np.arange(len(bounds))
