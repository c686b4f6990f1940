"""How different the texts are from each other, by their words."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections import Counter
from itertools import accumulate, islice
from math import exp, log
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.tokens import tokens

from .table import share, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
    lengths, vocabulary = Counter[int](), set[str]()
    for text in texts:
        words = tokens(text)
        lengths[len(words)] += 1
        vocabulary.update(words)
    return described(lengths, len(vocabulary), sample(texts, SAMPLE, seed), compression(texts))


def described(lengths: Counter[int], vocabulary: int, drawn: Sequence[str], packed: float) -> dict[str, Any]:
    """The figures of `measured`: how many texts have how many words, how many different words there are, the texts of
    the sample, and how far the texts can be compressed."""
    words = [tokens(text) for text in drawn]
    return {
        "records": lengths.total(),
        "vocabulary": vocabulary,
        "words": _spread(lengths),
        "sample": len(words),
        "distinct_1": _distinct(words, 1),
        "distinct_2": _distinct(words, 2),
        "compression": packed,
        "self_bleu": self_bleu(words),
    }


def sampled(count: int, most: int, seed: int) -> Sequence[int]:
    """The places of `sample`."""
    return range(count) if count <= most else sorted(Random(seed).sample(range(count), most))


def sample(texts: Sequence[str], most: int, seed: int) -> Sequence[str]:
    """Some of the texts, in their order; all if there are not more."""
    return texts if len(texts) <= most else [texts[place] for place in sampled(len(texts), most, seed)]


def openings(table: Table) -> list[dict[str, Any]]:
    """The commonest first words of texts, with their share and an example."""
    counts, first = Counter[str](), dict[str, int]()
    for place, text in enumerate(table.texts):
        if opening := opening_of(text):
            counts[opening] += 1
            first.setdefault(opening, place)
    return common_openings(counts, len(table), lambda opening: table.texts[first[opening]])


def opening_of(text: str) -> str:
    """The first words of a text; nothing if there are not so many."""
    words = tokens(text[:200])[:OPENING]
    return " ".join(words) if len(words) == OPENING else ""


def common_openings(counts: Counter[str], records: int, example: Callable[[str], str]) -> list[dict[str, Any]]:
    """The commonest of them, each with the first text that has it."""
    return [
        {"opening": opening, "records": count, "share": share(count, records)}
        | {"example": shortened(example(opening), 120)}
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
    packing = Packing()
    for text in texts:
        packing.add(text)
    return packing.sizes().ratio()


class Sizes(NamedTuple):
    """The bytes of texts, and of what zlib makes of them."""

    whole: int = 0
    packed: int = 0

    def ratio(self) -> float:
        """The one by the other."""
        return round(self.whole / self.packed, 3) if self.whole else 0.0


class Packing:
    """Compresses texts one after the other."""

    def __init__(self) -> None:
        self._packer, self._whole, self._packed = zlib.compressobj(6), 0, 0

    def add(self, text: str) -> None:
        """One more."""
        data = text.encode(errors="surrogatepass") + b"\n"
        self._whole += len(data)
        self._packed += len(self._packer.compress(data))

    def sizes(self) -> Sizes:
        """Those of all; nothing can be added afterwards."""
        return Sizes(self._whole, self._packed + len(self._packer.flush()))


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


def _spread(lengths: Counter[int]) -> dict[str, float]:
    """Mean, median, and between which lengths nine of ten lie."""
    count = lengths.total()
    if not count:
        return {}
    ends = list(accumulate(lengths[length] for length in sorted(lengths)))

    def at(place: int) -> int:
        return sorted(lengths)[bisect_right(ends, place)]

    middle = at(count // 2) if count % 2 else (at(count // 2 - 1) + at(count // 2)) / 2
    total = sum(length * many for length, many in lengths.items())
    low, high = (at(int(part * (count - 1))) for part in (0.05, 0.95))
    return {"mean": round(total / count, 1), "median": middle, "p5": low, "p95": high}


def _by_label(table: Table) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text, label in zip(table.texts, table.labels, strict=True):
        found.setdefault(label, []).append(text)
    return found
