"""Comparisons beside a run's own `Novelty`: other columns, by meaning, and those that refuse nothing but say so."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any, Literal

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extractOne

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.near.index import UNKNOWN, NearIndex, Vocabulary
from seedbed.core.record import flat_text
from seedbed.core.tokens import tokens
from seedbed.core.vectors import Meaning

from .duplicates import Known, like, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.fields import FieldPath
    from seedbed.core.ports import Novelty
    from seedbed.core.record import Record


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of several; `mode` is what becomes of a record that it does not find new.

    `kind` is the tag of a flagged record, `name` what its finding is noted under in the record's origin, `place` the
    field of the recipe that holds the check.
    """

    novelty: Novelty
    mode: Literal["reject", "flag", "score"] = "reject"
    kind: str = ""
    name: str = ""
    place: FieldPath = ()


@dataclass(slots=True)
class Seen:
    """A record in the eyes of each part, and what those found at the latest look that refuse nothing."""

    by_part: list[Any]
    tags: list[str] = field(default_factory=list)
    notes: dict[str, float | str] = field(default_factory=dict)


class AllOf:
    """The `Novelty` port: new is what all parts find new that refuse anything.

    What the others find is written into a record when it is remembered, as it was at the latest look: a record nobody
    looked at (one of a file, or from before a restart) gets nothing. A look while meanings still lack their vectors is
    for refusing only.

    Args:
        parts: in the order they are asked; the first that refuses decides.
    """

    def __init__(self, parts: Sequence[Comparison]) -> None:
        self.parts = tuple(parts)

    def features(self, record: Record) -> Seen:
        """See `Novelty.features`."""
        return Seen([part.novelty.features(record) for part in self.parts])

    def meanings(self, features: Seen) -> list[Meaning]:
        """See `ByMeaning.meanings`."""
        return [found for found in features.by_part if isinstance(found, Meaning)]

    def peek(self, record: Record, features: Seen) -> Verdict:
        """See `Novelty.peek`."""
        seen = list(zip(self.parts, features.by_part, strict=True))
        for part, found in seen:
            if part.mode == "reject":
                verdict = part.novelty.peek(record, found)
                if not verdict.passed:
                    return verdict
        features.tags.clear()
        features.notes.clear()
        if any(meaning.lacking for meaning in self.meanings(features)):
            return PASSED
        for part, found in seen:
            if part.mode != "reject":
                _note(features, part, part.novelty.peek(record, found))
        return PASSED

    def remember(self, record: Record, features: Seen) -> None:
        """See `Novelty.remember`."""
        if features.notes:
            record.origin["checks"] = {**record.origin.get("checks", {}), **features.notes}
            record.tags = tuple(dict.fromkeys((*record.tags, *features.tags)))
        for part, found in zip(self.parts, features.by_part, strict=True):
            part.novelty.remember(record, found)


def _note(features: Seen, part: Comparison, verdict: Verdict) -> None:
    if part.mode == "flag":
        if not verdict.passed:
            features.tags.append(part.kind)
            features.notes[part.name] = verdict.detail
    elif verdict.score is not None:
        features.notes[part.name] = verdict.score
        features.notes[f"{part.name}_reason"] = verdict.detail


class _ByColumns:
    """What the comparisons of texts share. A record with nothing in the columns is like no other.

    Args:
        columns: what is compared, put together.
        index: where what is nearly the same is looked up.
    """

    def __init__(self, columns: tuple[str, ...], index: NearIndex | None = None) -> None:
        self._columns = columns
        self._known = Known(columns, index)
        self._places = array("q")

    def features(self, record: Record) -> str:
        """See `Novelty.features`."""
        return self._known.features(record) if content(record, self._columns) else ""

    def remember(self, record: Record, features: str) -> None:
        """See `Novelty.remember`."""
        if features:
            self._known.add(features, len(self._places))
            self._places.append(place_of(record.id))


class Same(_ByColumns):
    """The `Novelty` port by some columns: equal after Unicode normalisation, white space run together."""

    def peek(self, record: Record, features: str) -> Verdict:
        """See `Novelty.peek`."""
        del record
        key = self._known.equal(features) if features else None
        return PASSED if key is None else Verdict(False, "exact_duplicate", like(self._places[key]), 1.0)


class Near(_ByColumns):
    """The `Novelty` port by some columns: what differs in few tokens, or in none, as in `NearDuplicate`."""

    def __init__(self, columns: tuple[str, ...], threshold: float) -> None:
        super().__init__(columns, NearIndex(threshold))

    def peek(self, record: Record, features: str) -> Verdict:
        """See `Novelty.peek`."""
        del record
        key = next(self._known.like(features), None) if features else None
        return PASSED if key is None else Verdict(False, "near_duplicate", like(self._places[key]))


class Nearest(_ByColumns):
    """The `Novelty` port that refuses nothing: how like the nearest known text is, as 1 less the share of the longer
    one's tokens that would have to be edited. Compares with every known text, ten thousand in some 3 ms."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__(columns)
        self._vocabulary = Vocabulary()
        self._texts: list[str] = []

    def peek(self, record: Record, features: str) -> Verdict:
        """See `Novelty.peek`."""
        del record
        if not features or not self._texts:
            return PASSED
        same = self._known.equal(features)
        key, score = (same, 1.0) if same is not None else self._nearest(features)
        return Verdict(True, "near_duplicate", like(self._places[key]), round(score, 4))

    def remember(self, record: Record, features: str) -> None:
        """See `Novelty.remember`."""
        super().remember(record, features)
        if features:
            self._texts.append("".join(map(self._vocabulary.__getitem__, tokens(features))))

    def _nearest(self, features: str) -> tuple[int, float]:
        encoded = "".join(map(self._vocabulary.get, tokens(features), repeat(UNKNOWN)))
        _, score, key = extractOne(encoded, self._texts, scorer=Levenshtein.normalized_similarity)
        return key, score


def content(record: Record, columns: tuple[str, ...]) -> str:
    """The text of these columns, put together."""
    return flat_text([record.values.get(column) for column in columns]).strip()
