"""Whether a tagger trained on the data finds the entities of real texts: train on synthetic, test on real."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from .comparing import compared, sampled
from .resampling import RESAMPLES, Resamples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seedbed.core.record import Span

    from .resampling import Scores
    from .table import Table

LEARNED, TESTED = 2_000, 2_000
"""So many texts are learned from, and tested on, at most; of more a sample is drawn by the seed."""

Text: TypeAlias = "tuple[str, tuple[Span, ...]]"
"""A text with its spans."""
Tagger: TypeAlias = "Callable[[Sequence[Text], Sequence[str]], list[tuple[Span, ...]]]"
"""Learns from texts with spans, and finds the spans of other texts."""


def entities(table: Table, test: Table, train: Table | None, tagger: Tagger, seed: int = 7) -> dict[str, Any]:
    """How well entities of real texts are found by a tagger that has learned from the data, from real texts, and from
    both; see `usefulness`, whose words mean the same here.

    An entity is found where its bounds and its label are exact (Tjong Kim Sang and De Meulder: Introduction to the
    CoNLL-2003 Shared Task, 2003). `f1` is that of all entities together, `macro_f1` the mean of the labels'; a resample
    is one of texts, as the entities of one text are found or missed together.

    Args:
        table: what is measured.
        test: real records; they are not learned from.
        train: other real records, to learn from; None if there are none.
        tagger: what learns.
        seed: of the samples and the bootstrap.
    """
    wholes = {"synthetic": table} | ({"real": train} if train else {})
    sets = {name: sampled(_texts(one), LEARNED, seed) for name, one in wholes.items()}
    tested = sampled(_texts(test), TESTED, seed)
    scorer = _Scorer(tested, tagger, seed)
    comparison = compared(sets["synthetic"], sets.get("real"), scorer.score, lambda text: str(bool(text[1])), seed)
    own, theirs = (_labels(texts) for texts in (sets["synthetic"], tested))
    return {
        "tested_on": {"records": len(tested), "of": len(test), "entities": theirs.total()},
        "resamples": RESAMPLES,
        "learned_from": {name: {"records": len(sets[name]), "of": len(one)} for name, one in wholes.items()},
        "labels_only_real": sorted(theirs.keys() - own.keys()),
        "labels_only_synthetic": sorted(own.keys() - theirs.keys()),
        **comparison.document("f1"),
        "by_label": comparison.by_label(theirs, "entities"),
    }


class _Scorer:
    """Counts what a tagger finds in the test texts after it has learned from others."""

    def __init__(self, tested: Sequence[Text], tagger: Tagger, seed: int) -> None:
        self._tested, self._tagger = tested, tagger
        self._resamples = Resamples(len(tested), seed)
        self._labels = sorted(_labels(tested))

    def score(self, learned: Sequence[Text]) -> Scores:
        """The scores of what is found after this was learned from."""
        import numpy as np

        column = {label: place for place, label in enumerate(self._labels)}
        other = len(column)  # one more, for labels that the test set does not have
        counts = np.zeros((3, len(self._tested), other + 1), np.float32)
        said = self._tagger(learned, [text for text, _ in self._tested])
        for row, ((_, spans), found) in enumerate(zip(self._tested, said, strict=True)):
            true, told = ({(one.start, one.end, one.label) for one in each} for each in (spans, found))
            for kind, entities in enumerate((true & told, true, told)):
                for _, _, label in entities:
                    counts[kind, row, column.get(label, other)] += 1
        return self._resamples.counted(self._labels, *counts)


def _texts(table: Table) -> list[Text]:
    return list(zip(table.texts, table.spans, strict=True))


def _labels(texts: Sequence[Text]) -> Counter[str]:
    return Counter(span.label for _, spans in texts for span in spans)
