"""What workers tell of the records of a part for a report: counts, hashes, and the texts of a sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from seedbed.formats.parquet_parts import read_part
from seedbed.reports.diversity import Packing, Sizes, opening_of

from ..reports.tables import Candidates, label_of, model_of, name_of, text_of
from .hashed import Hashed

if TYPE_CHECKING:
    from .passing import Item

CHUNK = 2000
PROMPT = "prompt"


class Ask(NamedTuple):
    """Which columns hold the texts and the label, and what else is asked of all records; `known` are all columns."""

    texts: tuple[str, ...]
    label: str
    known: tuple[str, ...]

    @property
    def prompts(self) -> bool:
        """Whether the prompts of the records are known."""
        return PROMPT in self.known and PROMPT not in self.texts

    def candidates(self) -> Candidates:
        """Axes of no record yet."""
        return Candidates(self.known, {*self.texts, self.label})


@dataclass(slots=True)
class Rows(Hashed):
    """Some records in the eyes of the desk: their texts, labels, what made them."""

    labels: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sums:
    """What adds up of a part: `openings` with the place of the first record that has each, the bytes of the texts of
    each label and of what zlib makes of them, those of all under None."""

    candidates: Candidates
    openings: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)
    sizes: dict[str | None, Sizes] = field(default_factory=dict)

    def take_in(self, other: Sums) -> None:
        """Those of a later part."""
        self.candidates.take_in(other.candidates)
        self.openings.update(other.openings)
        self.first = other.first | self.first
        for label, sizes in other.sizes.items():
            own = self.sizes.get(label, Sizes())
            self.sizes[label] = Sizes(own.whole + sizes.whole, own.packed + sizes.packed)


class Shown(NamedTuple):
    """A record of a sample."""

    place: int
    name: str
    text: str
    label: str


def tell_rows(item: Item, ask: Ask) -> Iterator[Rows | Sums]:
    """A worker's: all records of a part, and then what adds up of them."""
    sums, packing = Sums(ask.candidates()), dict[str | None, Packing]()
    records = enumerate(read_part(item.part), item.part.first)
    while chunk := list(islice(records, CHUNK)):
        rows = Rows()
        for place, record in chunk:
            sums.candidates.add(record)
            text, label = text_of(record, ask.texts), label_of(record, ask.label)
            rows.take(text)
            rows.labels.append(label)
            rows.models.append(model_of(record))
            rows.prompts.append(label_of(record, PROMPT) if ask.prompts else "")
            for name in (None, label):
                packing.setdefault(name, Packing()).add(text)
            if opening := opening_of(text):
                sums.openings[opening] += 1
                sums.first.setdefault(opening, place)
        yield rows
    sums.sizes = {name: one.sizes() for name, one in packing.items()}
    yield sums


def tell_sample(item: Item, ask: Ask) -> Iterator[list[Shown]]:
    """A worker's: the records at some places of a part."""
    wanted, found = set(item.said), list[Shown]()
    for place, record in enumerate(read_part(item.part), item.part.first):
        if place in wanted:
            text, label = text_of(record, ask.texts), label_of(record, ask.label)
            found.append(Shown(place, name_of(record, place + 1), text, label))
    yield found


class Scattered(Sequence[str]):
    """A list of which only what is at some places is known."""

    def __init__(self, known: Mapping[int, str], size: int) -> None:
        self._known = known
        self._size = size

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        return self._known[place]

    def __len__(self) -> int:
        return self._size
