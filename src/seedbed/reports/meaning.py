"""How much of a dataset means the same, by vectors of its texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .table import share, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .table import Table

SHOWN = 25
_BLOCK = 1_000


def semantic(table: Table, places: Sequence[int], vectors: Any, threshold: float, shown: int = SHOWN) -> dict[str, Any]:
    """Records of a sample that mean what an earlier one of the sample means: the cosine of their vectors reaches the
    threshold. `cross_label` are those whose nearest earlier record has another label, counted apart.

    Args:
        table: what is measured.
        places: those of the sample, in order.
        vectors: numpy array (sample × numbers), one row for each place, of length one or zero.
        threshold: a cosine.
        shown: so many pairs are told, the nearest first.
    """
    import numpy as np

    pairs: list[tuple[float, int, int]] = []
    for start in range(0, len(places), _BLOCK):
        block = vectors[start : start + _BLOCK]
        cosines = block @ vectors[: start + len(block)].T
        cosines[np.triu_indices(len(block), start, start + len(block))] = -1  # only with earlier ones
        nearest = cosines.argmax(axis=1)
        highest = cosines[np.arange(len(block)), nearest]
        pairs += [
            (float(highest[row]), places[int(nearest[row])], places[start + row])
            for row in map(int, np.flatnonzero(highest >= threshold))
        ]
    crossing = sum(table.labels[one] != table.labels[other] for _, one, other in pairs)
    return {
        "sample": len(places),
        "threshold": threshold,
        "records": len(pairs) - crossing,
        "cross_label": crossing,
        "share": share(len(pairs), len(places)),
        "pairs": [
            {
                "cosine": round(cosine, 3),
                "labels": [table.labels[one], table.labels[other]],
                "texts": [shortened(table.texts[one]), shortened(table.texts[other])],
            }
            for cosine, one, other in sorted(pairs, key=lambda pair: -pair[0])[:shown]
        ],
    }


def vendi(vectors: Any) -> float:
    """How many different texts there seem to be: the exponential of the entropy of the eigenvalues of the similarity
    matrix over their number (Friedman & Dieng: The Vendi Score, 2023). 1 if all mean the same, n if none has anything
    to do with another. The matrix of the vectors' numbers has the same eigenvalues as that of the texts.

    Args:
        vectors: numpy array (texts × numbers), rows of length one; those of length zero, without a known word, are left
            out.
    """
    import numpy as np

    vectors = vectors[vectors.any(axis=1)]
    if not len(vectors):
        return 0.0
    values = np.linalg.eigvalsh(vectors.T @ vectors / len(vectors))
    values = values[values > 1e-12]
    return round(float(np.exp(-(values * np.log(values)).sum())), 2)
