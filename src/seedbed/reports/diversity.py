"""How different the texts are from each other, by their words."""

from __future__ import annotations

import zlib
from collections import Counter
from itertools import islice
from math import exp, log
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

from seedbed.core.tokens import tokens

from .table import share, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .table import Table

SAMPLE = 2_000
"""So many texts, drawn by the seed, for what compares each with all others."""
OPENING = 3
LISTED = 15
_NONE = 1e-9
"""What counts as found where nothing is: a logarithm needs something."""


def diversity(table: Table, real: Sequence[str] = (), seed: int = 7) -> dict[str, Any]:
    """Figures of a set of texts, and beside them those of real ones, if there are any.

    Args:
        table: what is measured.
        real: texts of the same kind that people wrote.
        seed: of the sample.
    """
    figures = {**measured(table.texts, seed), "openings": openings(table), "repeated": repeated(table.texts)}
    if table.labelled:
        figures["by_label"] = {label: measured(texts, seed) for label, texts in _by_label(table).items()}
    return {**figures, "real": measured(real, seed)} if real else figures


def measured(texts: Sequence[str], seed: int = 7) -> dict[str, Any]:
    """Length in words, vocabulary, and how much of the texts is said once.

    `distinct_1` and `distinct_2` are different words and pairs of words by all (Li et al.: A Diversity-Promoting
    Objective Function for Neural Conversation Models, 2016) of a sample, as they fall with the number of texts;
    `compression` is the size of the texts by that which zlib makes of them: 2 to 3 for what people write, more where
    much is said again (Shaib et al.: Standardizing the Measurement of Text Diversity, 2024). `self_bleu` is how much of
    a text of the sample is found in the others (Zhu et al.: Texygen, 2018): 0 nothing, 1 all.
    """
    lengths, vocabulary = list[int](), set[str]()
    for text in texts:
        words = tokens(text)
        lengths.append(len(words))
        vocabulary.update(words)
    drawn = [tokens(text) for text in sample(texts, SAMPLE, seed)]
    return {
        "records": len(texts),
        "vocabulary": len(vocabulary),
        "words": _spread(lengths),
        "sample": len(drawn),
        "distinct_1": _distinct(drawn, 1),
        "distinct_2": _distinct(drawn, 2),
        "compression": compression(texts),
        "self_bleu": self_bleu(drawn),
    }


def sample(texts: Sequence[str], most: int, seed: int) -> Sequence[str]:
    """Some of the texts, in their order; all if there are not more."""
    if len(texts) <= most:
        return texts
    return [texts[place] for place in sorted(Random(seed).sample(range(len(texts)), most))]


def openings(table: Table) -> list[dict[str, Any]]:
    """The commonest first words of texts, with their share and an example."""
    counts, first = Counter[str](), dict[str, int]()
    for place, text in enumerate(table.texts):
        words = tokens(text[:200])[:OPENING]
        if len(words) == OPENING:
            opening = " ".join(words)
            counts[opening] += 1
            first.setdefault(opening, place)
    return [
        {"opening": opening, "records": count, "share": share(count, len(table))}
        | {"example": shortened(table.texts[first[opening]], 120)}
        for opening, count in counts.most_common(LISTED)
        if count > 1
    ]


def repeated(texts: Sequence[str], n: int = 5, seed: int = 7) -> list[dict[str, Any]]:
    """The runs of `n` words that most texts of a sample have, longer ones put together."""
    drawn = sample(texts, SAMPLE * 5, seed)
    counts = Counter(gram for text in drawn for gram in dict.fromkeys(_grams(tokens(text), n)))
    common = [(gram, count) for gram, count in counts.most_common(400) if count > max(1, len(drawn) // 200)]
    return [
        {"words": " ".join(gram), "share": share(count, len(drawn))} for gram, count in islice(_apart(common), LISTED)
    ]


def _apart(common: Iterable[tuple[tuple[str, ...], int]]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Without those that overlap a commoner one in all but a word."""
    kept: set[tuple[str, ...]] = set()
    for gram, count in common:
        if gram[1:] not in kept and gram[:-1] not in kept:
            yield gram, count
        kept.update((gram[1:], gram[:-1]))


def compression(texts: Iterable[str]) -> float:
    """The bytes of the texts by those that zlib makes of them."""
    packer, whole, packed = zlib.compressobj(6), 0, 0
    for text in texts:
        data = text.encode(errors="surrogatepass") + b"\n"
        whole += len(data)
        packed += len(packer.compress(data))
    packed += len(packer.flush())
    return round(whole / packed, 3) if whole else 0.0


def self_bleu(texts: Sequence[Sequence[str]], most: int = 4) -> float:
    """The mean BLEU-4 (Papineni et al., 2002) of each text against all others, without brevity penalty.

    All others are one set of references, so an n-gram of a text counts as often as it is in that other text which has
    most of it. For each n-gram the two largest counts are kept: that is the same figure without comparing all pairs.
    """
    if len(texts) < 2:
        return 0.0
    logs, orders = [0.0] * len(texts), [0] * len(texts)
    for n in range(1, most + 1):
        own = [Counter(_grams(words, n)) for words in texts]
        first, second = dict[tuple[str, ...], int](), dict[tuple[str, ...], int]()
        for counts in own:
            for gram, count in counts.items():
                before = first.get(gram, 0)
                first[gram] = max(before, count)
                second[gram] = max(second.get(gram, 0), min(before, count))
        for place, counts in enumerate(own):
            if counts:
                found = sum(min(count, _elsewhere(first[gram], second[gram], count)) for gram, count in counts.items())
                logs[place] += log((found or _NONE) / counts.total())
                orders[place] += 1
    return round(sum(exp(one / n) for one, n in zip(logs, orders, strict=True) if n) / len(logs), 4)


def _elsewhere(first: int, second: int, own: int) -> int:
    """How often another text has an n-gram that one has so often, given the two largest counts of all."""
    return second if own == first else first


def _grams(words: Sequence[str], n: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(n)), strict=False)


def _distinct(texts: Sequence[Sequence[str]], n: int) -> float:
    total, different = 0, set[tuple[str, ...]]()
    for words in texts:
        grams = list(_grams(words, n))
        total += len(grams)
        different.update(grams)
    return share(len(different), total)


def _spread(lengths: Sequence[int]) -> dict[str, float]:
    """Mean, median, and between which lengths nine of ten lie."""
    if not lengths:
        return {}
    ordered = sorted(lengths)
    low, high = (ordered[int(part * (len(ordered) - 1))] for part in (0.05, 0.95))
    return {"mean": round(sum(ordered) / len(ordered), 1), "median": median(ordered), "p5": low, "p95": high}


def _by_label(table: Table) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text, label in zip(table.texts, table.labels, strict=True):
        found.setdefault(label, []).append(text)
    return found
