"""Texts as numbers for a linear classifier: TF-IDF of words, pairs of words and runs of four characters."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import MissingExtra
from seedbed.core.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 2_000
"""So many characters of a text are looked at."""

BITS = 17
"""There are 2 ** BITS columns for words and as many for characters."""

RUN = 4
AT_ONCE = 500


def features(texts: Sequence[str]) -> Any:
    """A sparse matrix with a row for each text, the same on every machine.

    Words and characters find their columns by hashing (Weinberger et al.: Feature Hashing for Large Scale Multitask
    Learning, 2009), so that no vocabulary is kept; counts are damped by their logarithm and weighted by how few texts
    have them (Salton and Buckley, 1988).

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    try:
        from scipy.sparse import hstack, vstack
        from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
    except ImportError as error:
        raise MissingExtra("A classifier of texts", "proof") from error
    import numpy as np

    words = HashingVectorizer(
        analyzer=_words, n_features=2**BITS, alternate_sign=False, norm=None, dtype=np.float32
    ).transform(texts)
    runs = vstack([_runs(texts[start : start + AT_ONCE]) for start in range(0, len(texts), AT_ONCE)])
    return hstack([TfidfTransformer(sublinear_tf=True).fit_transform(one) for one in (words, runs)], format="csr")


def _words(text: str) -> Iterator[str]:
    """Words and pairs of them; of scripts without spaces, characters and pairs of them."""
    words = tokens(text[:LONGEST])
    yield from words
    yield from map(" ".join, pairwise(words))


def _runs(texts: Sequence[str]) -> Any:
    """How often which run of characters is in which text. All texts are hashed at once, which takes a tenth of the time
    that an analyzer of scikit-learn takes for one after the other."""
    import numpy as np
    from scipy.sparse import csr_matrix

    spaced = [f" {' '.join(text[:LONGEST].lower().split())} " for text in texts]
    characters = np.frombuffer("".join(spaced).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(len(spaced), dtype=np.int32), [len(text) for text in spaced])
    hashes = characters
    for further in range(1, RUN):
        hashes = hashes[:-1] * np.uint64(0x9E3779B97F4A7C15) + characters[further:]
        hashes ^= hashes >> np.uint64(29)
    whole = rows[: len(hashes)] == rows[RUN - 1 :]  # not from the end of one text into the next
    columns = (hashes[whole] * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(64 - BITS)).astype(np.int32)
    counts = np.ones(len(columns), np.float32)
    return csr_matrix((counts, (rows[: len(hashes)][whole], columns)), shape=(len(spaced), 2**BITS))
