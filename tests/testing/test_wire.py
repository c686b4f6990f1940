"""OpenAI's requests and answers as data."""

from __future__ import annotations

from math import exp
from random import Random
from typing import Any

import orjson
import pytest

from seedbed.testing.wire import ApiError, Question, Reply, body_of, embeddings_of, letters, token_logprobs

CHAT = "/chat/completions"


def question(path: str, **body: Any) -> Question:
    return Question.read(path, orjson.dumps(body))


def test_the_prompt_is_all_that_was_said() -> None:
    parts = [{"type": "text", "text": "two"}, {"type": "image_url"}]
    messages = [{"role": "system", "content": "one"}, {"role": "user", "content": parts}, {"role": "assistant"}]
    assert question(CHAT, messages=messages).prompt.split() == ["one", "two"]
    assert question("/completions", prompt=["a", "b"]).prompt == "a\nb"
    assert question("/completions", prompt="a").model == "fake-model"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"messages": "hi"},
        {"messages": [1], "max_tokens": 1.5},
        {"messages": [1], "logprobs": True, "top_logprobs": 21},
        {"messages": [1], "response_format": {"type": "yaml"}},
    ],
)
def test_a_body_that_makes_no_sense_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        question(CHAT, **body)
    assert refused.value.status == 400


def test_letters_are_those_that_begin_lines_from_a_on() -> None:
    assert letters("Pick:\nA) yes\n B: no\nC. both\nE) none") == ["A", "B", "C"]
    assert letters("Q: Who?\nA: Me") == ["A"]
    assert letters("no options, A) is within a line") == ["A"]


def test_raw_logprobs_cover_the_text() -> None:
    text = "Well, the cat sat. "
    reply = Reply(text, "stop", list(token_logprobs(text, 3, [], Random(1))))
    logprobs = body_of(question("/completions", prompt="Once", logprobs=3), reply, 1)["choices"][0]["logprobs"]
    assert "".join(logprobs["tokens"]) == text
    assert {len(top) for top in logprobs["top_logprobs"]} == {3}
    assert all(sum(map(exp, top.values())) < 1 for top in logprobs["top_logprobs"])
    places = zip(logprobs["text_offset"], logprobs["tokens"], strict=True)
    assert [text[at : at + len(token)] for at, token in places] == logprobs["tokens"]


def test_embeddings_are_unit_vectors_that_depend_on_the_text_alone() -> None:
    texts = ["the cat sat", "the cat sat", "the cat ran", "stock markets fell sharply", ""]
    body = embeddings_of(question("/embeddings", input=texts))
    vectors: list[list[float]] = [item["embedding"] for item in body["data"]]
    first, again, near, far, _ = vectors
    assert first == again
    assert sum(value * value for value in first) == pytest.approx(1)

    def likeness(other: list[float]) -> float:
        return sum(one * two for one, two in zip(first, other, strict=True))

    assert likeness(near) > likeness(far)
