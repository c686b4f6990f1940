"""How different texts are: figures that can be reckoned by hand."""

from __future__ import annotations

from collections import Counter
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.reports.diversity import compression, diversity, measured, self_bleu
from seedbed.reports.table import Table


def table(texts: list[str]) -> Table:
    return Table([f"r{place}" for place in range(len(texts))], texts, *[[""] * len(texts)] * 3)


def test_openings_and_repeated_words_are_told_with_their_shares():
    texts = [f"I'm sorry to hear that your order {number} is late today" for number in range(6)]
    texts += [f"{word} is what we have here" for word in ("one", "two", "three", "four")]
    found = diversity(table(texts))
    assert found["openings"][0]["opening"] == "i m sorry"
    assert found["openings"][0]["share"] == 0.6
    assert found["repeated"][0]["share"] == 0.6


def test_vocabulary_and_distinct_pairs():
    found = measured(["a b c", "a b d"])
    assert found["vocabulary"] == 4
    assert found["distinct_1"] == 0.6667
    assert found["distinct_2"] == 0.75
    assert found["words"] == {"mean": 3.0, "median": 3, "p5": 3, "p95": 3}


def test_what_is_said_again_is_compressed_more():
    assert compression(["the same again and again"] * 100) > 10 > compression(["Quick brown foxes jump."])


TEXTS = st.lists(st.lists(st.sampled_from("abc"), max_size=8), min_size=2, max_size=6)


@given(TEXTS)
def test_self_bleu_is_that_of_each_text_against_all_others(texts: list[list[str]]):
    assert self_bleu(texts) == pytest.approx(sum(_bleu(texts, at) for at in range(len(texts))) / len(texts), abs=2e-4)


def _bleu(texts: list[list[str]], at: int) -> float:
    parts = []
    for n in range(1, 5):
        own = _counts(texts[at], n)
        others = [_counts(text, n) for place, text in enumerate(texts) if place != at]
        if own:
            found = sum(min(count, max(other[gram] for other in others)) for gram, count in own.items())
            parts.append(log((found or 1e-9) / own.total()))
    return exp(sum(parts) / len(parts)) if parts else 0.0


def _counts(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[start : start + n]) for start in range(len(words) - n + 1))
