"""Whether a simple classifier can tell the texts from real ones, and by which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.near.finder import same

from .comparing import sampled
from .learning import Words, fit
from .out_of_fold import dealt
from .resampling import RESAMPLES, Figure
from .table import share

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLE = 2_000
"""So many texts of each side, drawn by the seed; of both as many."""
FOLDS = 5
FEWEST = 20
LISTED = 12


def two_sample(texts: Sequence[str], real: Sequence[str], seed: int = 7) -> dict[str, Any] | None:
    """The classifier two-sample test (Lopez-Paz and Oquab: Revisiting Classifier Two-Sample Tests, 2017): how often the
    synthetic one of a synthetic and a real text gets the higher score of a classifier that has not seen them (`auc`:
    0.5 is chance, 1 always), and the words that it goes by, with the share of the texts of each side that have them.

    The classifier is that of `learning.Words`, cross-validated in five parts; the interval is that of a bootstrap over
    the texts of each side. Equal texts are in one part: a text that both sides have counts half. None where one side
    has fewer than twenty texts.

    Args:
        texts: synthetic ones.
        real: those of people.
        seed: of the sample, the parts and the bootstrap.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    most = min(len(texts), len(real), SAMPLE)
    if most < FEWEST:
        return None
    both = [*sampled(texts, most, seed), *sampled(real, most, seed + 1)]
    learner = Words()
    rows = learner.rows(both)
    figure = _auc(_scores(learner, rows, _parts(both, seed)), most, seed).document("auc")
    return {"sample": most, "folds": FOLDS, "resamples": RESAMPLES} | figure | _words(learner, rows, most)


def _scores(learner: Words, rows: Any, parts: Any) -> Any:
    """The score of each text by a classifier that learned from the four parts it is not in."""
    import numpy as np

    truth, scores = _truth(len(parts)), np.zeros(len(parts))
    for part in range(FOLDS):
        learned, asked = (np.flatnonzero(where).tolist() for where in (parts != part, parts == part))
        if asked and len(set(truth[learned])) > 1:
            known, unknown = learner.fitted(rows, learned, asked)
            scores[asked] = fit(learner, known, truth[learned]).decision_function(unknown)
    return scores


def _parts(texts: Sequence[str], seed: int) -> Any:
    """The number of the part that each text is in; each has as much of both sides."""
    import numpy as np
    from sklearn.model_selection import StratifiedKFold

    truth = _truth(len(texts))
    side_of: dict[str, int] = {}
    sides = [side_of.setdefault(same(text), int(side)) for text, side in zip(texts, truth, strict=True)]
    if len(side_of) < len(texts):  # who has learned a text knows an equal one by heart, and from which side it was
        return np.array(dealt(texts, sides, FOLDS, seed))
    parts = np.zeros(len(texts), int)
    for part, (_, asked) in enumerate(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(truth, truth)):
        parts[asked] = part
    return parts


def _truth(count: int) -> Any:
    """1 for the synthetic half of the texts, 0 for the real one."""
    import numpy as np

    return np.repeat([1, 0], count // 2)


def _auc(scores: Any, most: int, seed: int) -> Figure:
    """The area under the curve of the scores (Hanley and McNeil, 1982: the chance that a text of the first half scores
    higher than one of the second, ties for half), and that of each resample."""
    import numpy as np

    rng = np.random.default_rng(seed)
    halves = [rng.multinomial(most, np.full(most, 1 / most), RESAMPLES) for _ in range(2)]
    own, other = (np.vstack([np.ones((1, most)), drawn]) for drawn in halves)
    order = np.argsort(scores[most:], kind="stable")
    below = np.cumsum(np.hstack([np.zeros((len(other), 1)), other[:, order]]), axis=1)
    ranked = scores[most:][order]
    first, last = (np.searchsorted(ranked, scores[:most], side) for side in ("left", "right"))
    areas = (own * (below[:, first] + below[:, last])).sum(axis=1) / (2 * most * most)
    return Figure(float(areas[0]), areas[1:])


def _words(learner: Words, rows: Any, most: int) -> dict[str, Any]:
    """The terms with the largest weights to each side, with how many of the texts have them."""
    import numpy as np

    known, _ = learner.fitted(rows, range(2 * most), range(1))
    columns = learner.columns
    weights = fit(learner, known, _truth(2 * most)).estimators_[0].coef_[0]
    there = [np.asarray((side[:, columns] > 0).sum(axis=0)).ravel() for side in (rows[:most], rows[most:])]
    order = np.argsort(weights, kind="stable")
    order = order[[_whole(learner.terms[columns[place]]) for place in order]]
    own, other = order[weights[order] > 0][::-1], order[weights[order] < 0]
    listed = {"synthetic": own[:LISTED], "real": other[:LISTED]}
    return {
        f"words_{side}": [
            {"words": learner.terms[columns[place]]}
            | {name: share(int(counts[place]), most) for name, counts in zip(listed, there, strict=True)}
            for place in places
        ]
        for side, places in listed.items()
    }


def _whole(term: str) -> bool:
    """Whether it has no piece of a word in it, as of "it's"."""
    return all(len(word) > 1 or word in "ai" or not word.isascii() for word in term.split())
