"""Whether a model trained on the data is of use on real texts: train on synthetic, test on real."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from seedbed.core.tokens import tokens

from .comparing import compared, sampled
from .learning import predictions
from .resampling import RESAMPLES, Resamples

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .learning import Learner
    from .resampling import Scores
    from .table import Table

LEARNED, TESTED = 10_000, 5_000
"""So many records are learned from, and tested on, at most; of more a sample is drawn by the seed."""
LEAST, WORK = 2_000, 250_000
"""Of more than 25 labels fewer are learned from: so many records times labels, but never fewer than so many."""


def usefulness(
    table: Table, test: Table, train: Table | None, learners: Sequence[Learner], seed: int = 7
) -> dict[str, Any]:
    """How well classifiers label real texts when they have learned from the data, from real texts, and from both.

    Train on synthetic, test on real (Esteban, Hyland and Rätsch: Real-valued (Medical) Time Series Generation with
    Recurrent Conditional GANs, 2017). All are tested on the same records, and the intervals are those of a bootstrap
    over these: they tell what other test records of the kind would change, and not what other data to learn from would.
    `real_as_many` has learned from as many real records as there are synthetic ones, `curve` from growing parts of
    these; `majority` is what the commonest label of the test set brings by itself.

    Args:
        table: what is measured.
        test: real records; they are not learned from.
        train: other real records, to learn from; None if there are none.
        learners: the classifiers.
        seed: of the samples and the bootstrap.
    """
    wholes = {"synthetic": table} | ({"real": train} if train else {})
    own, theirs = ({label for label in one.labels if label} for one in (table, test))
    most = max(LEAST, min(LEARNED, WORK // len(own | theirs)))
    sets = {name: sampled(_labelled(one), most, seed) for name, one in wholes.items()}
    tested = sampled(_labelled(test), TESTED, seed)
    truth = [label for _, label in tested]
    resamples = Resamples(len(tested), seed)
    common = Counter(truth).most_common(1)[0][0]
    majority = resamples.classified(truth, [common] * len(truth))
    return {
        "tested_on": {"records": len(tested), "of": len(_labelled(test))},
        "resamples": RESAMPLES,
        "learned_from": {name: {"records": len(sets[name]), "of": len(_labelled(one))} for name, one in wholes.items()},
        "labels_only_real": sorted(theirs - own),
        "labels_only_synthetic": sorted(own - theirs),
        "in_test": _in_test(sets, tested),
        "majority": {"label": common} | majority.total.document("accuracy") | majority.macro.document("macro_f1"),
        "classifiers": {learner.name: _learned(learner, sets, tested, resamples, seed) for learner in learners},
    }


def _learned(
    learner: Learner,
    sets: Mapping[str, Sequence[tuple[str, str]]],
    tested: Sequence[tuple[str, str]],
    resamples: Resamples,
    seed: int,
) -> dict[str, Any]:
    """What one classifier learns from each set, and from parts of the synthetic one. Records are places in one list of
    all texts, so that each text becomes numbers once."""
    pairs = [*tested, *(pair for pairs in sets.values() for pair in pairs)]
    labels = [label for _, label in pairs]
    rows = learner.rows([text for text, _ in pairs])
    asked = range(len(tested))
    truth = labels[: len(tested)]

    def score(places: Sequence[int]) -> Scores:
        return resamples.classified(truth, predictions(learner, rows, labels, places, asked))

    first = len(tested) + len(sets["synthetic"])
    real = range(first, len(pairs)) if "real" in sets else None
    comparison = compared(range(len(tested), first), real, score, labels.__getitem__, seed)
    return comparison.document("accuracy") | {"by_label": comparison.by_label(Counter(truth), "records")}


def _labelled(table: Table) -> list[tuple[str, str]]:
    """The texts that have a label, with it."""
    return [(text, label) for text, label in zip(table.texts, table.labels, strict=True) if label]


def _in_test(sets: Mapping[str, Sequence[tuple[str, str]]], tested: Sequence[tuple[str, str]]) -> dict[str, int]:
    """How many of the records that are learned from are in the test set, word for word."""
    known = {tuple(tokens(text)) for text, _ in tested}
    return {name: sum(tuple(tokens(text)) in known for text, _ in pairs) for name, pairs in sets.items()}
