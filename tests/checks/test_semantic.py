"""Near in meaning: the nearest vector is found always, and what lies near enough is refused."""

from __future__ import annotations

import sys
from random import Random
from struct import unpack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from seedbed.checks.semantic import Semantic, SemanticDuplicate, VectorIndex
from seedbed.core.errors import MissingExtra, RunFailed
from seedbed.core.record import Record
from seedbed.core.vectors import Meaning, Vector, packed


def numbers(vector: Vector) -> tuple[float, ...]:
    return unpack(f"<{len(vector) // 2}e", vector)


def cosine(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(numbers(one), numbers(other), strict=True))


def near_to(rng: Random, vector: Vector, spread: float) -> Vector:
    return packed([number + rng.gauss(0, spread) for number in numbers(vector)])


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(0, 200), st.sampled_from([-1.0, 0.3, 0.8, 0.99]))
def test_the_nearest_is_found_whatever_the_floor(seed: int, size: int, known: int, floor: float) -> None:
    rng, index = Random(seed), VectorIndex()
    vectors = [packed([rng.gauss(0, 1) for _ in range(size)]) for _ in range(known)]
    vectors += [near_to(rng, vector, rng.choice([0.0, 0.05, 0.3])) for vector in vectors[:20]]
    for vector in vectors:
        index.add(vector)
    asked = near_to(rng, vectors[0], 0.1) if vectors and rng.random() < 0.7 else packed([1.0] * size)
    found = index.nearest(asked, floor)
    best = max((cosine(asked, vector) for vector in vectors), default=None)
    assert len(index) == len(vectors)
    if found is None:
        assert best is None or best < floor + 1e-4
    else:
        assert best is not None
        assert found[1] == pytest.approx(best, abs=1e-4)
        assert cosine(asked, vectors[found[0]]) == pytest.approx(best, abs=1e-4)
        assert found[1] >= floor


def test_thousands_of_vectors_are_told_apart() -> None:
    rng, index = Random(3), VectorIndex()
    vectors = [packed([rng.gauss(0, 1) for _ in range(24)]) for _ in range(3000)]
    for vector in vectors:
        index.add(vector)
    for number in (0, 1023, 1024, 2047, 2999):
        for floor in (0.9, -1.0):
            found = index.nearest(near_to(rng, vectors[number], 0.01), floor)
            assert found is not None
            assert found[0] == number


def look(novelty: Semantic, text: str, vector: Vector | None) -> tuple[bool, str, str, float | None]:
    found = Record({"text": text})
    verdict = novelty.peek(found, Meaning("m", text, vector))
    return verdict.passed, verdict.reason, verdict.detail, verdict.score


def test_what_lies_within_the_threshold_is_refused_and_names_the_record() -> None:
    novelty = Semantic(("text",), "m", 0.8)
    novelty.add("run-1:4.1", packed([1.0, 0.0]))
    novelty.add("", packed([0.0, 1.0]))
    assert look(novelty, "a", packed([2.0, 1.0])) == (False, "semantic_duplicate", "like 4.1 (0.89)", 0.8945)
    assert look(novelty, "a", packed([0.1, 1.0]))[2] == "like a known record (1.00)"
    assert look(novelty, "a", packed([1.0, 1.0])) == (True, "", "", None)
    assert look(novelty, "a", packed([-1.0, 0.0])) == (True, "", "", None)


def test_scored_nothing_is_refused_and_the_nearest_is_told() -> None:
    novelty = Semantic(("text",), "m", 0.8, scored=True)
    assert look(novelty, "a", packed([1.0, 0.0])) == (True, "", "", None)
    novelty.add("run-1:4.1", packed([1.0, 0.0]))
    assert look(novelty, "a", packed([1.0, 0.0]))[1:] == ("semantic_duplicate", "like 4.1", 1.0)
    assert look(novelty, "a", packed([-1.0, 0.0]))[1:] == ("semantic_duplicate", "like 4.1", -1.0)


def test_without_a_vector_there_is_nothing_to_compare() -> None:
    novelty = Semantic(("text", "title"), "m", 0.8)
    found = Record({"text": "a", "title": ["b", {"c": "d"}]}, id="run-1:1.0")
    assert novelty.features(found) == Meaning("m", "a b d")
    assert novelty.features(Record({"text": " "})) == Meaning("m", "")
    for vector in (None, b""):
        novelty.remember(found, Meaning("m", "a", vector))
        assert look(novelty, "a", vector)[0]
    assert look(novelty, "a", packed([1.0]))[0]


def test_a_model_that_changes_the_length_of_its_vectors_ends_the_run() -> None:
    novelty = Semantic(("text",), "shop:small", 0.8)
    novelty.add("run-1:1.0", packed([1.0, 2.0]))
    with pytest.raises(RunFailed, match="shop:small gave a vector of 3 numbers, those before had 2") as caught:
        look(novelty, "a", packed([1.0, 2.0, 3.0]))
    assert caught.value.hint


@pytest.mark.parametrize("threshold", [0.0, -0.5, 1.01, float("nan")])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValidationError):
        SemanticDuplicate(threshold=threshold)


def test_without_numpy_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(MissingExtra, match=r"^Comparing texts by meaning needs") as caught:
        Semantic(("text",), "m", 0.8)
    assert "pip install 'seedbed[semantic]'" in caught.value.hint
