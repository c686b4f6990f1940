"""What a model learns from synthetic records, from real ones, and from both, tested on the same real records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .resampling import Scores

T = TypeVar("T")

SIZES = 5
SMALLEST = 10


@dataclass(frozen=True, slots=True)
class Comparison:
    """The scores by what was learned from, and those of growing parts of the synthetic records."""

    found: Mapping[str, Scores]
    curve: Sequence[tuple[int, Scores]]

    def document(self, name: str) -> dict[str, Any]:
        """All of it as plain data.

        Args:
            name: what the total of the scores is called.
        """
        found: dict[str, Any] = {one: _scores(scores, name) for one, scores in self.found.items()}
        if "real" in self.found:
            for one in ("synthetic", "both"):
                found[f"{one}_minus_real"] = self._difference(self.found[one], self.found["real"], name)
        found["curve"] = [{"records": size, **_scores(scores, name)} for size, scores in self.curve]
        if len(self.curve) > 1:
            found["last_step"] = self._difference(self.curve[-1][1], self.curve[-2][1], name)
        return found

    def by_label(self, counts: Mapping[str, int], of: str) -> dict[str, Any]:
        """The F1 of each label, the commonest first.

        Args:
            counts: how many there are of each label in the test set.
            of: what is counted there.
        """
        return {
            label: {of: count, **{name: one.each[label].document("f1") for name, one in self.found.items()}}
            for label, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        }

    def _difference(self, one: Scores, other: Scores, name: str) -> dict[str, Any]:
        return (one.total - other.total).document(name) | (one.macro - other.macro).document("macro_f1")


def compared(
    synthetic: Sequence[T],
    real: Sequence[T] | None,
    score: Callable[[Sequence[T]], Scores],
    kind: Callable[[T], str],
    seed: int,
) -> Comparison:
    """Scores of a model that learned from synthetic records, from real ones, from both, from as many real as synthetic
    ones where there are more of them, and from parts of the synthetic ones.

    Args:
        synthetic: the records of the dataset.
        real: real ones to learn from; None if there are none.
        score: learns from some records and is tested.
        kind: that of a record; parts have the kinds in the shares of the whole.
        seed: what parts are drawn by.
    """
    curve = [(len(part), score(part)) for part in nested(synthetic, kind, seed)]
    found = {"synthetic": curve[-1][1]}
    if real is not None:
        found |= {"real": score(real), "both": score([*synthetic, *real])}
        if len(synthetic) < len(real):
            found["real_as_many"] = score(shuffled(real, kind, seed)[: len(synthetic)])
    return Comparison(found, curve)


def nested(records: Sequence[T], kind: Callable[[T], str], seed: int) -> list[list[T]]:
    """The records, half of them, half of these, and so on, the smallest part first; each holds the one before."""
    ordered = shuffled(records, kind, seed)
    fewest = max(SMALLEST, 2 * len({kind(record) for record in records}))
    sizes = {len(records) >> halved for halved in range(1, SIZES)}
    return [*(ordered[:size] for size in sorted(sizes) if size >= fewest), ordered]


def shuffled(records: Sequence[T], kind: Callable[[T], str], seed: int) -> list[T]:
    """The records in an order by chance in which any beginning has the kinds in the shares of the whole, as nearly as
    that goes."""
    of_kind: dict[str, list[T]] = defaultdict(list)
    for record in records:
        of_kind[kind(record)].append(record)
    rng, order = Random(seed), list[tuple[float, float, int]]()
    mixed = list[T]()
    for own in of_kind.values():
        rng.shuffle(own)
        order += [((rank + 0.5) / len(own), rng.random(), len(mixed) + rank) for rank in range(len(own))]
        mixed += own
    return [mixed[place] for _, _, place in sorted(order)]


def sampled(records: Sequence[T], most: int, seed: int) -> Sequence[T]:
    """The records, in their order; of more than `most` a sample."""
    if len(records) <= most:
        return records
    return [records[place] for place in sorted(Random(seed).sample(range(len(records)), most))]


def _scores(scores: Scores, name: str) -> dict[str, Any]:
    return scores.total.document(name) | scores.macro.document("macro_f1")
