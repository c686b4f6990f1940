"""How close synthetic records come to real ones, and what they give away."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import Indel
from rapidfuzz.process import extractOne

from seedbed.core.near.finder import Finder
from seedbed.core.near.index import Vocabulary
from seedbed.core.tokens import tokens

from .table import share, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .table import Table

RUN = 8
"""Words in a row that hardly come twice by chance."""
ASKED, HELD = 1_000, 10_000
"""So many records ask for their nearest one, among so many real ones."""
CLOSE = 0.05
"""The share of real records that are nearer to another real one counts as close."""
SHOWN = 20


def privacy(
    table: Table, real: Table, personal: Mapping[str, Any] | None = None, seed: int = 7, threshold: float = 0.9
) -> dict[str, Any]:
    """Copies of real records, runs of words out of them, and how near the nearest is.

    Similarity is that of word sequences: twice the longest common subsequence by the words of both (as ROUGE-L, Lin,
    2004). The distances of synthetic records to their nearest real one stand beside those of other real records to
    theirs, from the same pool (distance to closest record; Zhao et al.: CTAB-GAN, 2021): a set that keeps no one's
    text is not nearer to the real ones than they are to each other.

    Args:
        table: the synthetic records.
        real: those they may have been made of.
        personal: what was found of personal data, if it was looked for.
        seed: of the samples.
        threshold: of near copies, as in `NearIndex`.
    """
    copies = _copies(table, real, threshold)
    runs = _runs(table, real)
    return {
        "real_records": len(real),
        **copies,
        "copied_runs": runs,
        "nearest": _nearest(table.texts, real.texts, seed),
        **({"personal": dict(personal)} if personal else {}),
    }


def _copies(table: Table, real: Table, threshold: float) -> dict[str, Any]:
    finder = Finder(threshold)
    for place, text in enumerate(real.texts):
        if text.strip():
            finder.add(text, "", place)
    found = [(place, known) for place, text in enumerate(table.texts) if (known := finder.find(text))]
    kinds = Counter(known.kind for _, known in found)
    return {
        "exact": kinds["exact"],
        "near": kinds["near"],
        "share": share(len(found), len(table)),
        "copies": [
            {"record": table.names[place], "kind": known.kind}
            | {"text": shortened(table.texts[place]), "real": shortened(real.texts[known.key])}
            for place, known in found[:SHOWN]
        ],
    }


def _runs(table: Table, real: Table) -> dict[str, Any]:
    """Records with a run of eight words out of a real one, but for runs that several real ones share."""
    seen, common = set[int](), set[int]()
    for text in real.texts:
        own = set(map(hash, _grams(tokens(text))))
        common |= own & seen
        seen |= own
    seen -= common
    examples: list[dict[str, str]] = []
    count = 0
    for name, text in zip(table.names, table.texts, strict=True):
        gram = next((gram for gram in _grams(tokens(text)) if hash(gram) in seen), None)
        if gram:
            count += 1
            if len(examples) < SHOWN:
                examples.append({"record": name, "words": " ".join(gram), "text": shortened(text)})
    return {"words": RUN, "records": count, "share": share(count, len(table)), "examples": examples}


def _grams(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(RUN)), strict=False)


def _nearest(texts: Sequence[str], real: Sequence[str], seed: int) -> dict[str, Any] | None:
    """Similarities of synthetic and of other real records to the nearest of one half of the real ones."""
    rng = Random(seed)
    order = rng.sample(range(len(real)), min(len(real), 2 * HELD))
    pool, others = order[: len(order) // 2], order[len(order) // 2 :]
    if len(pool) < 10 or not texts:
        return None
    vocabulary = Vocabulary()
    held = [_encoded(real[place], vocabulary) for place in pool]
    theirs = [_similarity(_encoded(real[place], vocabulary), held) for place in others[:ASKED]]
    asked = rng.sample(range(len(texts)), min(ASKED, len(texts)))
    ours = [_similarity(_encoded(texts[place], vocabulary), held) for place in asked]
    border = sorted(theirs)[int((1 - CLOSE) * (len(theirs) - 1))]
    return {
        "pool": len(held),
        "synthetic": {"sample": len(ours), **_quantiles(ours)},
        "real": {"sample": len(theirs), **_quantiles(theirs)},
        "closer_than": round(border, 3),
        "closer": share(sum(one > border for one in ours), len(ours)),
        "expected": CLOSE,
    }


def _encoded(text: str, vocabulary: Vocabulary) -> str:
    return "".join(map(vocabulary.__getitem__, tokens(text)))


def _similarity(text: str, held: Sequence[str]) -> float:
    """That to the nearest of them, 0 to 1."""
    found = extractOne(text, held, scorer=Indel.normalized_similarity)
    return float(found[1]) if found else 0.0


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {name: round(ordered[int(part * (len(ordered) - 1))], 3) for name, part in QUANTILES.items()}


QUANTILES = {"p5": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95, "highest": 1.0}
