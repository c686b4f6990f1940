"""A text copied from what it was made from."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seedbed.checks.source import CopiedSource
from seedbed.core.record import Record
from seedbed.core.tokens import tokens

ENGLISH = "The kettle arrived two weeks late, and its lid was broken in three places when I opened the box."
CHINESE = "您的包裹已经寄出，预计明天上午九点之前送达，请您保持电话畅通。"


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ENGLISH.upper(),
        f"A customer writes: {ENGLISH}",
        "She says: the kettle arrived two weeks late and its lid was broken in several places.",
        "客服说：您的包裹已经寄出，预计明天下午送达。",
    ],
)
def test_twelve_tokens_in_a_row_are_copied(judge: Any, text: str) -> None:
    found = judge.of({"text": ENGLISH, "n": 3}, {"body": {"zh": [CHINESE]}})(CopiedSource(), text)
    assert not found.passed
    assert found.detail.startswith("repeats the source: ")
    assert 0 < found.score <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The kettle arrived two weeks late. What a pity!",
        "I got my kettle late and broken.",
        "您的包裹明天送达。",
        " ".join(reversed(ENGLISH.split())),
    ],
)
def test_a_few_words_in_common_are_no_copy(judge: Any, text: str) -> None:
    found = judge.of({"text": ENGLISH}, {"text": CHINESE})(CopiedSource(), text)
    assert (found.passed, found.score) == (True, 0.0)


def test_the_end_of_one_input_and_the_beginning_of_the_next_are_two_texts(judge: Any) -> None:
    first, second = ENGLISH[:50], ENGLISH[50:]
    assert judge.of({"a": first, "b": second})(CopiedSource(), ENGLISH[25:75]).passed


def test_a_share_may_be_allowed(judge: Any) -> None:
    asks = judge.of({"text": ENGLISH})
    half = f"{ENGLISH} " + " ".join(f"word{i}" for i in range(len(tokens(ENGLISH))))
    assert asks(CopiedSource(max_share=0.5), half).passed
    found = asks(CopiedSource(max_share=0.1), half)
    assert not found.passed
    assert "% of it is copied" in found.detail
    assert not asks(CopiedSource(max_share=0.0), half).passed


def test_how_many_tokens_make_a_copy_can_be_set(judge: Any) -> None:
    asks = judge.of({"text": ENGLISH})
    assert not asks(CopiedSource(ngram=3), "Its lid was fine.").passed
    assert asks(CopiedSource(ngram=4), "Its lid was fine.").passed
    with pytest.raises(ValidationError):
        CopiedSource(ngram=2)
    with pytest.raises(ValidationError):
        CopiedSource(max_share=1)


def test_without_inputs_nothing_is_copied(judge: Any) -> None:
    assert judge(CopiedSource(), ENGLISH).passed


def test_all_columns_that_the_model_writes_are_looked_at(judge: Any) -> None:
    record = Record({"question": "When?", "answer": ENGLISH, "source": ENGLISH})
    asks = judge.of({"text": ENGLISH})
    assert not asks(CopiedSource(), record, ("question", "answer")).passed
    assert asks(CopiedSource(column="question"), record, ("question", "answer")).passed


@given(words=st.lists(st.sampled_from("abcdef"), min_size=4, max_size=30), start=st.integers(0, 26))
def test_any_stretch_of_the_source_is_a_copy(judge: Any, words: list[str], start: int) -> None:
    stretch = words[start : start + 4]
    found = judge.of({"text": " ".join(words)})(CopiedSource(ngram=4), " ".join(stretch))
    assert found.passed == (len(stretch) < 4)
