"""The fake server's chances, limits and memory."""

from __future__ import annotations

import time
from statistics import median

import orjson
import pytest

from seedbed.testing.behaviour import REFUSALS, Author, Bucket, Counters, Names, Settings
from seedbed.testing.wire import Question


def test_latencies_spread_around_their_median() -> None:
    author = Author(Settings(latency=2, latency_sigma=0.5), Counters())
    drawn = [author.latency() for _ in range(4000)]
    assert median(drawn) == pytest.approx(2, rel=0.1)
    assert max(drawn) > 5
    assert Author(Settings(latency=2), Counters()).latency() == 2


def test_waiting_as_long_as_told_is_enough() -> None:
    bucket = Bucket(1200)
    taken = 0
    while not (wait := bucket.take()):
        taken += 1
    assert taken >= 1200
    assert 0 < wait <= 0.05
    time.sleep(float(bucket.refusal(wait).headers.split()[1]))
    assert bucket.take() == 0


def test_without_a_limit_nothing_is_held_back() -> None:
    bucket = Bucket(None)
    assert not any(bucket.take() for _ in range(20_000))
    assert "x-ratelimit" not in bucket.refusal(2).headers


def test_names_are_remembered_in_bounded_space() -> None:
    names = Names()
    assert not any(names.met(f"run-1:{number}") for number in range(20_000))
    assert all(names.met(f"run-1:{number}") for number in range(20_000))
    names.SIZE = 8
    assert not any(names.met(f"run-2:{number}") for number in range(20_000))
    assert not names.met("run-2:0")


def test_other_settings_do_not_start_texts_and_chances_anew() -> None:
    author = Author(Settings(), Counters())
    answers, random = author.answers, author.random
    author.change(Settings(error_share=0.5))
    assert (author.answers, author.random) == (answers, random)
    author.change(Settings(seed=1))
    assert author.answers is not answers
    assert author.random is not random


def test_texts_may_decline_to_answer_in_whatever_form_they_are_asked_for() -> None:
    author = Author(Settings(declined_share=1.0), counters := Counters())
    free = Question.read("/chat/completions", b'{"messages": [{"role": "user", "content": "Hi"}]}')
    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    asked = {"response_format": {"type": "json_schema", "json_schema": {"schema": schema}}}
    formed = Question.read("/chat/completions", orjson.dumps({"messages": free.body["messages"], **asked}))

    def said(question: Question) -> str:
        return str(orjson.loads(author.write(question))["choices"][0]["message"]["content"])

    assert said(free) in REFUSALS
    assert orjson.loads(said(formed))["text"] in REFUSALS
    assert counters.declined == 2
    assert author.answers.text() not in REFUSALS
