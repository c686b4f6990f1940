"""A dataset without what it says twice, and a report of what went and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import compress
from math import inf, isnan, nan
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from seedbed.augmentation.layers import main_columns
from seedbed.checks.semantic import VectorIndex
from seedbed.core.errors import InputError, NoRecords, nearest
from seedbed.core.near.finder import AnyFinder, Finder
from seedbed.core.record import Record, flat_text
from seedbed.providers.offline import Offline
from seedbed.reports.table import shortened

from ..data.convert import columns_of
from ..loop import run_blocking
from ..stages import counted, unwatched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..existing import Source
    from ..output import Output
    from ..stages import Watch

T = TypeVar("T")

KEEPS = ("first", "longest", "best")
WITHINS = ("all", "label")
LABEL = "label"
SCORES = ("score", "quality", "quality_score")
EXAMPLES = 20
AT_ONCE = 1000
SEMANTIC = 0.8
"""The cosine from which on two texts mean the same to the offline model, as in the check `semantic_duplicate`."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What counts as said twice, and which of several stays.

    `near` is the threshold of near duplicates, None for equal texts alone; `semantic` the cosine from which on two
    texts mean the same, None for not at all. `within` a label only such with the same one are compared. `keep` is
    which one stays: the first, the longest or that with the best score, in the column `score`. `against` are records
    that nothing may be like.

    Raises:
        InputError: one of these is not what it may be.
    """

    near: float | None = 0.9
    semantic: float | None = None
    within: str = "all"
    keep: str = "first"
    columns: Sequence[str] = ()
    label: str = LABEL
    score: str | None = None
    against: Source | None = None

    def __post_init__(self) -> None:
        for name, value, known in (("keep", self.keep, KEEPS), ("within", self.within, WITHINS)):
            if value not in known:
                raise InputError(f"--{name} {value}: it must be {' or '.join(known)}.", nearest(value, known))
        if self.score and self.keep != "best":
            raise InputError(
                f"--score {self.score} tells the best record, and --keep is {self.keep}.", "Add --keep best"
            )
        if self.near is not None and not 0.5 < self.near <= 1:
            raise InputError(f"--near {self.near}: it must be above 0.5 and at most 1.", "Take a number such as 0.9.")

    def named(self) -> list[str]:
        """The columns that must be there."""
        label = [self.label] if self.within == "label" or self.label != LABEL else []
        return [*self.columns, *label, *([self.score] if self.score else [])]


class Gone(NamedTuple):
    """A record that is left out: why, and the place of the one it is like, or -1 for one of the other dataset."""

    place: int
    reason: str
    like: int


@dataclass(slots=True)
class Deduplication:
    """What stays of a dataset. Records without a text, of which there are `empty`, are like no other. `watch` hears how
    far it is.

    Raises:
        InputError: a column is not there.
    """

    source: Source
    wish: Wish
    watch: Watch = unwatched
    columns: list[str] = field(init=False)
    gone: list[Gone] = field(default_factory=list)
    stays: bytearray = field(default_factory=bytearray)
    empty: int = 0

    def __post_init__(self) -> None:
        self.columns = columns_of(counted(self.source(), self.watch, "Reading"))
        if not self.columns:
            raise NoRecords("There are no records.")
        check_columns(self.wish.named(), self.columns)

    def run(self) -> None:
        """Decides which records stay."""
        decider = Decider(self.wish, Finder)
        if self.wish.against:
            known = counted(self.wish.against(), self.watch, "Reading what it is held against")
            decider.learn((spoken(text), label) for text, label, _ in self._read(known, self._theirs()))
        records = counted(self.source(), self.watch, "Comparing")
        rows = self._read(records, tuple(self.wish.columns) or main_columns(self.columns))
        if self.wish.keep == "first":
            numbered = ((place, text, own) for place, (text, own, _) in enumerate(rows))
        else:
            kept = [(text, own, rank_of(text, record, self.wish, self.columns)) for text, own, record in rows]
            order = sorted(range(len(kept)), key=lambda place: -kept[place][2])
            numbered = ((place, *kept[place][:2]) for place in order)
        rows_of = with_vectors(numbered) if self.wish.semantic is not None else ((*one, b"") for one in numbered)
        self.gone = sorted(
            decider.decide((place, spoken(text), label, vector) for place, text, label, vector in rows_of)
        )
        self.empty = decider.empty
        self.stays = bytearray(b"\x01") * decider.met
        for one in self.gone:
            self.stays[one.place] = 0

    def _read(self, records: Iterable[Record], texts: Sequence[str]) -> Iterator[tuple[str, str, Record]]:
        """The records with their texts and labels."""
        for record in records:
            yield flat_text([record.values.get(name) for name in texts]), label_of(record, self.wish.label), record

    def _theirs(self) -> tuple[str, ...]:
        """The columns with the texts of those that nothing may be like.

        Raises:
            InputError: they have none of that name, or none that is known to hold texts.
        """
        assert self.wish.against is not None
        columns = columns_of(self.wish.against())
        if not columns:
            return ()
        check_columns(self.wish.columns, columns, " in what --against names")
        return tuple(self.wish.columns) or main_columns(columns)

    def kept(self) -> Iterator[Record]:
        """The records that stay, in their order."""
        return compress(self.source(), self.stays)

    def figures(self) -> dict[str, Any]:
        """How many went and why, with examples."""
        wanted, texts = shown(self.gone), tuple(self.wish.columns) or main_columns(self.columns)
        found = {
            place: example_of(record, texts)
            for place, record in enumerate(self.source() if wanted else ())
            if place in wanted
        }
        return figures_of(self.gone, len(self.stays), self.empty, self.wish, found)


def shown(gone: Sequence[Gone]) -> set[int]:
    """The places of the records that are examples."""
    return {place for one in gone[:EXAMPLES] for place in (one.place, one.like)} - {-1}


def example_of(record: Record, texts: Sequence[str]) -> str:
    """The text of a record as an example."""
    return shortened(flat_text([record.values.get(name) for name in texts]))


def figures_of(gone: Sequence[Gone], records: int, empty: int, wish: Wish, found: Mapping[int, str]) -> dict[str, Any]:
    """How many of the records went and why, with examples by the texts that were `found` at their places."""
    counts = Counter(one.reason for one in gone)
    return {
        "records": records,
        "kept": records - len(gone),
        "removed": len(gone),
        "reasons": {reason: counts[reason] for reason in REASONS if reason in counts},
        "empty": empty,
        "threshold": wish.near,
        "within": wish.within,
        "keep": wish.keep,
        "examples": [
            {"record": one.place + 1, "reason": one.reason, "text": found[one.place]}
            | ({"like": one.like + 1, "like_text": found[one.like]} if one.like >= 0 else {})
            for one in gone[:EXAMPLES]
        ],
    }


def rank_of(text: str, record: Record, wish: Wish, columns: Sequence[str]) -> float:
    """The higher the sooner a record stays.

    Raises:
        InputError: no column tells it, or what stands there is no number.
    """
    if wish.keep == "longest":
        return len(text)
    name = wish.score or next((one for one in SCORES if one in columns), None)
    if name is None:
        hint = "Name the column with --score."
        raise InputError(f"Which record is best? None of the columns is called {' or '.join(SCORES)}.", hint)
    value = record.values.get(name)
    try:
        rank = -inf if value in (None, "") else float(value)
    except (TypeError, ValueError):
        rank = nan
    if isnan(rank):
        raise InputError(
            f"{name}: {value!r} is no number, so it tells no best record.",
            "Put a number there, or name another column.",
        )
    return rank


def spoken(text: str) -> str | None:
    """The text; None if there is none, which is like no other."""
    return text if text.strip() else None


def check_columns(wanted: Iterable[str], columns: Sequence[str], where: str = "") -> None:
    for name in wanted:
        if name not in columns:
            raise InputError(f"There is no column `{name}`{where}.", nearest(name, columns))


REASONS = ("exact", "near", "semantic", "cross_label_exact", "cross_label_near", "against")


class Decider(Generic[T]):
    """Tells which records are like one that stays.

    Args:
        wish: what counts as alike.
        finder: finds texts of the kind that it is shown; those that are None are like no other.
    """

    def __init__(self, wish: Wish, finder: type[AnyFinder[T]]) -> None:
        apart = wish.within == "label"
        self.met = self.empty = 0
        self._finder = finder(wish.near, apart=apart)
        self._other = finder(wish.near, apart=apart) if wish.against else None
        self._apart = apart
        self._floor = wish.semantic
        self._meanings: dict[str, tuple[VectorIndex, list[int]]] = {}

    def learn(self, records: Iterable[tuple[T | None, str]]) -> None:
        """Nothing may be like these."""
        for number, (text, label) in enumerate(records):
            if self._other is not None and text is not None:
                self._other.add(text, label, number)

    def decide(self, records: Iterable[tuple[int, T | None, str, bytes]]) -> Iterator[Gone]:
        """Those that go, in the order they are decided; of each record its place, text, label and, where meanings are
        compared, what it means."""
        for place, text, label, vector in records:
            self.met += 1
            if text is None:
                self.empty += 1
                continue
            gone = self._gone(place, text, label, vector)
            if gone:
                yield gone
                continue
            self._finder.add(text, label, place)
            if vector:
                index, places = self._meaning(label)
                index.add(vector)
                places.append(place)

    def _gone(self, place: int, text: T, label: str, vector: bytes) -> Gone | None:
        if self._other is not None and self._other.find(text, label):
            return Gone(place, "against", -1)
        known = self._finder.find(text, label)
        if known:
            if known.kind == "near" and not known.crosses:
                self._finder.repeat(text, label, known.key)
            return Gone(place, f"cross_label_{known.kind}" if known.crosses else known.kind, known.key)
        if vector and self._floor is not None:
            index, places = self._meaning(label)
            found = index.nearest(vector, self._floor)
            return Gone(place, "semantic", places[found[0]]) if found else None
        return None

    def _meaning(self, label: str) -> tuple[VectorIndex, list[int]]:
        return self._meanings.setdefault(label if self._apart else "", (VectorIndex(), []))


def with_vectors(records: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str, str, bytes]]:
    """The records with what their texts mean to the offline model."""
    stream, embedder = iter(records), Offline()
    while chunk := list(zip(range(AT_ONCE), stream, strict=False)):
        rows = [one for _, one in chunk]
        vectors = run_blocking(embedder.embed([text for _, text, _ in rows]))
        yield from ((*row, vector) for row, vector in zip(rows, vectors, strict=True))


def label_of(record: Record, name: str) -> str:
    value = record.values.get(name)
    return value if isinstance(value, str) else "" if value is None else flat_text(value)


def dedup(deduplication: Deduplication, output: Output, removed: Output | None = None) -> dict[str, Any]:
    """Writes what stays, and what goes to a file of its own if there is one, and answers the figures.

    Raises:
        InputError: the input cannot be read, or an output not be written.
    """
    deduplication.run()
    output.put(counted(deduplication.kept(), deduplication.watch, "Writing"), deduplication.columns, force=output.force)
    if removed:
        removed.put(_removed(deduplication), removed_columns(deduplication.columns), force=removed.force)
    return deduplication.figures()


def _removed(deduplication: Deduplication) -> Iterator[Record]:
    """What goes, with the reason and the number of the record it is like."""
    reasons = iter(deduplication.gone)
    dropped = (1 - stays for stays in deduplication.stays)
    for record, one in zip(compress(deduplication.source(), dropped), reasons, strict=True):
        yield with_reason(record, one)


def with_reason(record: Record, gone: Gone) -> Record:
    """The record with why it went."""
    like = gone.like + 1 if gone.like >= 0 else None
    return Record({**record.values, "reason": gone.reason, "like": like}, record.spans, record.id)


def removed_columns(columns: Sequence[str]) -> list[str]:
    """The columns of what went."""
    return [*columns, *(name for name in ("reason", "like") if name not in columns)]
