"""Vectors as bytes and as texts."""

from __future__ import annotations

from struct import unpack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.chat import Request
from seedbed.core.vectors import Meaning, as_text, from_text, packed

numbers = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=40).filter(
    lambda given: max(map(abs, given)) > 1e-3
)


@given(numbers)
def test_a_vector_keeps_its_direction_and_has_length_one(given: list[float]) -> None:
    vector = packed(given)
    kept = unpack(f"<{len(given)}e", vector)
    length = sum(number * number for number in given) ** 0.5
    assert all(abs(number / length - found) < 1e-3 for number, found in zip(given, kept, strict=True))
    assert from_text(as_text(vector)) == vector


@pytest.mark.parametrize("given", [[], [0, 0], ["a", 1], [None], [float("nan"), 1], [float("inf")], {"a": 1}, "ab"])
def test_what_has_no_direction_is_no_vector(given: Any) -> None:
    with pytest.raises(TypeError):
        packed(given)


def test_a_meaning_lacks_its_vector_until_it_was_asked_for() -> None:
    assert Meaning("m", "text").lacking
    assert not Meaning("m", "text", b"ab").lacking
    assert not Meaning("m", "text", b"").lacking, "there was nothing to embed"
    assert not Meaning("m", "").lacking, "there is nothing to ask"


def test_the_question_for_a_vector_is_the_model_and_the_text() -> None:
    one, other = Request.to_embed("m", "a text", "run:1"), Request.to_embed("m", "a text", "run:2")
    assert one.to_json() == other.to_json() == b'{"model":"m","embed":"a text"}'
    assert one.to("n").to_json() == b'{"model":"n","embed":"a text"}'
    assert one.to_json() != Request("m", prompt="a text").to_json()
    assert one.input_size() == Request("m", prompt="a text").input_size()
