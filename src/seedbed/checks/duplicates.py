"""Is a record new? Exact and near duplicates, and the same text under two labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar
from unicodedata import normalize

from pydantic import Field
from rapidfuzz.distance import Indel
from rapidfuzz.process import extractOne

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.near.index import UNKNOWN, NearIndex, Vocabulary
from seedbed.core.near.shelf import Integers, in_memory
from seedbed.core.near.table import Table
from seedbed.core.part import Check
from seedbed.core.record import flat_text
from seedbed.core.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seedbed.core.attempt import Context
    from seedbed.core.near.shelf import Shelves
    from seedbed.core.part import Task
    from seedbed.core.record import Record

TEXT = ("text",)


class Duplicate(Check):
    """What the checks share that compare a record with those before it.

    `column` is compared instead of what makes the generator's records the same. `against` are files whose records count
    as known: in every comparison, or, with `column`, in this one.
    """

    column: str | None = None
    against: tuple[str, ...] = ()

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """Passes: what was admitted is known to the coordinator alone, which decides (`Novelty`)."""
        return PASSED


class ExactDuplicate(Duplicate):
    """The same text again, after Unicode normalisation and with white space run together."""

    kind: ClassVar[str] = "exact_duplicate"


class NearDuplicate(Duplicate):
    """The token edit distance to a known text is at most ⌊(1 − `threshold`) × tokens of the longer⌋."""

    kind: ClassVar[str] = "near_duplicate"
    threshold: Annotated[float, Field(gt=0.5, le=1.0)] = 0.9


class Uniqueness:
    """The `Novelty` port: remembers every admitted record.

    Exact is equality of the text after Unicode normalisation and with white space run together; near is as in
    `NearDuplicate`. Under another label both are `cross_label_duplicate` and refused whatever the settings.

    Args:
        threshold: of near duplicates.
        near: whether near duplicates under the same label are refused, too.
        exact: whether equal records under the same label are; else their being equal makes them no near duplicates.
        unique_by: the columns that are compared, put together. Where they are not the text alone, the text is compared
            as well, with records of other labels only.
        labelled: whether records have labels; without labels and with near off there is nothing near to look up.
        shelf: makes the shelves for what is asked for only where a record may be like another.
    """

    def __init__(
        self,
        threshold: float = 0.9,
        *,
        near: bool = True,
        exact: bool = True,
        unique_by: tuple[str, ...] = TEXT,
        labelled: bool = True,
        shelf: Shelves = in_memory,
    ) -> None:
        self._near = near
        self._exact = exact
        self._same = Known(unique_by, NearIndex(threshold, shelf) if near or labelled else None)
        self._texts = Known(TEXT, NearIndex(threshold, shelf)) if labelled and unique_by != TEXT else None
        self._labels: dict[str, int] = {"": 0}
        self._label_of = Integers(shelf())
        self._attempt_of = Integers(shelf())

    def __len__(self) -> int:
        return len(self._label_of)

    def features(self, record: Record) -> tuple[str, str]:
        """See `Novelty.features`: what makes the record what it is, and its text where that is another."""
        return self._same.features(record), self._texts.features(record) if self._texts else ""

    def peek(self, record: Record, features: tuple[str, str]) -> Verdict:
        """See `Novelty.peek`."""
        label = self._labels.get(record.label, -1)
        if self._texts is not None:
            for key in self._texts.like(features[1]):
                if self._crosses(key, label):
                    return self._no("cross_label_duplicate", key)
        known = self._same.equal(features[0])
        if known is not None:
            crosses = self._crosses(known, label)
            if crosses or self._exact:
                return self._no("cross_label_duplicate" if crosses else "exact_duplicate", known)
        for key in self._same.near(features[0]):
            if self._crosses(key, label):
                return self._no("cross_label_duplicate", key)
            if self._near and known is None:
                return self._no("near_duplicate", key)
        return PASSED

    def remember(self, record: Record, features: tuple[str, str]) -> None:
        """See `Novelty.remember`."""
        key = len(self._label_of)
        self._label_of.append(self._labels.setdefault(record.label, len(self._labels)))
        self._attempt_of.append(place_of(record.id))
        self._same.add(features[0], key)
        if self._texts is not None:
            self._texts.add(features[1], key)

    def _crosses(self, key: int, label: int) -> bool:
        other = self._label_of[key]
        return bool(other and label and other != label)

    def _no(self, reason: str, key: int) -> Verdict:
        return Verdict(False, reason, like(self._attempt_of[key]))


class RougeL:
    """The `Novelty` port by ROUGE-L (Lin: ROUGE: A Package for Automatic Evaluation of Summaries, 2004): as F-measure,
    twice the longest common subsequence of tokens over the tokens of both. Compares with every known text, some ten
    thousand in a millisecond or two.

    Args:
        limit: from this ROUGE-L on a text is a duplicate.
        columns: what is compared, put together.
    """

    def __init__(self, limit: float, columns: tuple[str, ...]) -> None:
        self._limit = limit
        self._columns = columns
        self._vocabulary = Vocabulary()
        self._texts: list[str] = []
        self._names: list[str] = []

    def features(self, record: Record) -> list[str]:
        """See `Novelty.features`: the tokens; only whoever compares numbers them."""
        return list(tokens(flat_text([record.values.get(column) for column in self._columns])))

    def peek(self, record: Record, features: list[str]) -> Verdict:
        """See `Novelty.peek`."""
        del record
        encoded = self._encoded(features)
        found = extractOne(encoded, self._texts, scorer=Indel.normalized_similarity, score_cutoff=self._limit)
        if found is None:
            return PASSED
        reason = "exact_duplicate" if found[0] == encoded else "near_duplicate"
        return Verdict(False, reason, f"like {self._names[found[2]] or 'a known record'}")

    def remember(self, record: Record, features: list[str]) -> None:
        """See `Novelty.remember`."""
        self._texts.append(self._encoded(features))
        self._names.append(record.id.rpartition(":")[2])

    def _encoded(self, features: list[str]) -> str:
        return "".join(map(self._vocabulary.__getitem__, features))


class Anything:
    """The `Novelty` port where every record is welcome: one for each input, whatever they say."""

    def features(self, record: Record) -> None:
        """See `Novelty.features`."""

    def peek(self, record: Record, features: None) -> Verdict:
        """See `Novelty.peek`."""
        del record, features
        return PASSED

    def remember(self, record: Record, features: None) -> None:
        """See `Novelty.remember`."""


class Known:
    """The records so far as seen through some of their columns, exactly and, with an index, nearly."""

    def __init__(self, columns: tuple[str, ...], index: NearIndex | None) -> None:
        self._columns = columns
        self._index = index
        self._exact = Table(60)
        self._glanced = ("", "")

    def features(self, record: Record) -> str:
        if len(self._columns) == 1:
            text = flat_text(record.values.get(self._columns[0]))
        else:
            # A mark that is no white space and no token keeps the columns apart.
            text = " ␟ ".join(flat_text(record.values.get(column)) for column in self._columns)
        return " ".join((text if text.isascii() else normalize("NFC", text)).split())

    def equal(self, features: str) -> int | None:
        """The record that is the same."""
        known = self._exact.get(hash(features))
        return known if known >= 0 else None

    def near(self, features: str) -> Iterable[int]:
        """The records that are nearly the same."""
        if self._index is None:
            return ()
        self._glanced = (features, self._index.glance(features))
        return self._index.find(self._glanced[1])

    def like(self, features: str) -> Iterator[int]:
        """The record that is the same, and those that are nearly."""
        same = self.equal(features)
        if same is not None:
            yield same
        yield from self.near(features)

    def add(self, features: str, key: int) -> None:
        self._exact.put(hash(features), key)
        if self._index is not None:
            glanced, encoded = self._glanced
            known = glanced is features and UNKNOWN not in encoded
            self._index.add(encoded if known else self._index.encode(features), key)


def place_of(record_id: str) -> int:
    """Attempt and slot of a record's name as one number; -1 for a record from elsewhere."""
    attempt, dot, slot = record_id.rpartition(":")[2].partition(".")
    return int(attempt) << 16 | int(slot) if dot and attempt.isdigit() and slot.isdigit() else -1


def like(place: int) -> str:
    """Which record that is, in words."""
    return f"like {place >> 16}.{place & 0xFFFF}" if place >= 0 else "like a known record"
