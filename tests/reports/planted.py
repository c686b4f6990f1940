"""Texts whose labels can be learned, to a known degree."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from seedbed.core.record import Span
from seedbed.reports.table import Table

WORDS = {
    "refund": "money back paid charge refund twice invoice card",
    "delivery": "parcel late courier door address arrive box track",
    "praise": "thanks great lovely happy best friendly perfect smile",
}
COMMON = "the a my is was it and we with this that for please hello shop today order"


def table(texts: Sequence[str], labels: Sequence[str] = (), spans: Sequence[tuple[Span, ...]] = ()) -> Table:
    empty = [""] * len(texts)
    return Table([f"r{place}" for place in range(len(texts))], texts, labels or empty, empty, empty, spans=spans)


def learnable(count: int, seed: int, *, noise: float = 0.0, labels: Sequence[str] = tuple(WORDS)) -> Table:
    """Texts of common words with three or so words of their label; a share `noise` has a label by chance."""
    rng = Random(seed)
    texts, own = [], []
    for _ in range(count):
        label = rng.choice(labels)
        words = rng.choices(COMMON.split(), k=9) + rng.choices(WORDS[label].split(), k=rng.randint(0, 3))
        rng.shuffle(words)
        texts.append(" ".join(words))
        own.append(rng.choice(labels) if rng.random() < noise else label)
    return table(texts, own)
