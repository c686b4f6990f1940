"""Classifiers that a report trains: what can be learned from some texts by plain means.

Both are the same on every run and every machine, need seconds, and are no measure of what a large model could learn:
they are a stated baseline that everybody can repeat.
"""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from seedbed.core.errors import MissingExtra
from seedbed.core.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seedbed.core.vectors import Vector

WORDS = 500
"""So many words of a text are looked at."""
TERMS = 50_000
"""So many of the commonest words and pairs of words of what is learned from."""


class Learner(Protocol):
    """A way of making rows of numbers of texts, in which a linear model finds what tells labels apart."""

    name: ClassVar[str]

    def rows(self, texts: Sequence[str]) -> Any:
        """A matrix with a row for each text; rows are taken from it by their places."""

    def fitted(self, rows: Any, learned: Sequence[int], asked: Sequence[int]) -> tuple[Any, Any]:
        """The rows to learn from and those to ask about, as the model sees them: nothing of what is asked about shows
        in the first."""

    def model(self) -> Any:
        """Logistic regression that weighs all labels alike, however many records they have: the mix of labels of a
        dataset is chosen, and rarely that of the real texts. All else is as scikit-learn has it (C = 1)."""


class Words:
    """TF-IDF of words and pairs of words (Salton and Buckley: Term-weighting approaches in automatic text retrieval,
    1988), with logarithmic counts. `terms` are those of all rows, `columns` which of them were last learned from.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """

    name: ClassVar[str] = "tfidf"

    def __init__(self) -> None:
        require()
        self.terms: list[str] = []
        self.columns: Any = ()

    def rows(self, texts: Sequence[str]) -> Any:
        """See `Learner.rows`: counts."""
        from sklearn.feature_extraction.text import CountVectorizer

        counter = CountVectorizer(analyzer=_terms)
        if not any(map(tokens, texts)):
            texts, counter = ["-"] * len(texts), CountVectorizer(analyzer=list)
        counts = counter.fit_transform(texts)
        self.terms = list(counter.get_feature_names_out())
        return counts

    def fitted(self, rows: Any, learned: Sequence[int], asked: Sequence[int]) -> tuple[Any, Any]:
        """See `Learner.fitted`."""
        from sklearn.feature_extraction.text import TfidfTransformer

        own = rows[learned]
        self.columns = columns = _kept(own)
        weigh = TfidfTransformer(sublinear_tf=True)
        return weigh.fit_transform(own[:, columns]), weigh.transform(rows[asked][:, columns])

    def model(self) -> Any:
        """See `Learner.model`: each label against the rest, solved in the dual by coordinates in a fixed order (Yu,
        Huang and Lin, 2011). With so many terms that is as often right as all labels at once, and four times quicker.
        """
        from sklearn.linear_model import LogisticRegression
        from sklearn.multiclass import OneVsRestClassifier

        one = LogisticRegression(class_weight="balanced", solver="liblinear", dual=True, max_iter=200, random_state=0)
        return OneVsRestClassifier(one)


class Meanings:
    """Vectors of texts, from outside: an embedding model makes them.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """

    name: ClassVar[str] = "embedding"

    def __init__(self, embed: Callable[[Sequence[str]], Sequence[Vector]]) -> None:
        require()
        self._embed = embed

    def rows(self, texts: Sequence[str]) -> Any:
        """See `Learner.rows`."""
        import numpy as np

        vectors = self._embed(texts)
        width = max(map(len, vectors), default=0) or 2
        packed = b"".join(vector or bytes(width) for vector in vectors)
        return np.frombuffer(packed, "<f2").reshape(len(vectors), -1).astype(np.float64)

    def fitted(self, rows: Any, learned: Sequence[int], asked: Sequence[int]) -> tuple[Any, Any]:
        """See `Learner.fitted`."""
        return rows[learned], rows[asked]

    def model(self) -> Any:
        """See `Learner.model`: all labels at once, by L-BFGS."""
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(class_weight="balanced")


def _kept(counts: Any) -> Any:
    """The columns of terms that occur: all of them, or the `TERMS` that most texts have, in their order; where there is
    no word at all, one that is empty."""
    import numpy as np

    found = counts.getnnz(axis=0)
    there = max(1, min(int((found > 0).sum()), TERMS))
    return np.sort(np.argsort(-found, kind="stable")[:there])


def predictions(
    learner: Learner, rows: Any, labels: Sequence[str], learned: Sequence[int], asked: Sequence[int]
) -> list[str]:
    """What a classifier says of some texts after it has learned from others.

    Args:
        learner: how texts become numbers.
        rows: its matrix of all texts.
        labels: those of all texts; only those of the `learned` are looked at.
        learned: the places of the texts to learn from.
        asked: the places of the texts to tell the labels of.
    """
    own = [labels[place] for place in learned]
    if len(set(own)) < 2:
        return own[:1] * len(asked)
    known, unknown = learner.fitted(rows, learned, asked)
    return [str(label) for label in fit(learner, known, own).predict(unknown)]


def fit(learner: Learner, rows: Any, labels: Any) -> Any:
    """A model that has learned. One thread does it: several wait for each other (20 times as long for a product of
    10,000 vectors on a busy machine), and sums depend on their number."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it stopped after its last step, near enough
        return learner.model().fit(rows, labels)


def require(feature: str = "Measuring usefulness") -> None:
    """Says so at once where the library is missing.

    Raises:
        MissingExtra: it is not installed.
    """
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise MissingExtra(feature, "proof")


def _terms(text: str) -> list[str]:
    words = tokens(text)[:WORDS]
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]
