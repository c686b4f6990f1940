"""Rude words are noticed, many texts at once."""

from __future__ import annotations

import asyncio
from typing import Any

import profanity_check
import pytest
from pydantic import ValidationError

from seedbed.checks.toxicity import Toxicity
from seedbed.core.attempt import Attempt, Context
from seedbed.core.part import Task
from seedbed.core.record import Record

RUDE = [
    "You are a fucking idiot and your shop is shit.",
    "Go to hell, you stupid bastards!",
    "Shut the fuck up.",
    "This is complete bullshit, you morons.",
    "Kiss my ass, loser.",
]
CIVIL = [
    "",
    "   ",
    "Thank you for your help, have a nice day!",
    "This is the worst phone I have ever bought.",
    "Scunthorpe is a town in England.",
    "The chicken breast was dry and the cockpit small.",
    "I will sue you if I do not get my money.",
    "Please kill the process with ID 42.",
    "您好，您的包裹已经寄出。",
]
SUBTLE = ["Women are bad at math anyway.", "Nobody would miss you if you were gone.", "Vete a la mierda, imbécil."]


@pytest.mark.parametrize("text", RUDE)
def test_profanity_fails(judge: Any, text: str) -> None:
    found = judge(Toxicity(), text)
    assert not found.passed
    assert found.score >= 0.8
    assert found.detail.startswith("reads as offensive (")


@pytest.mark.parametrize("text", CIVIL)
def test_civil_words_pass(judge: Any, text: str) -> None:
    assert judge(Toxicity(), text).passed


@pytest.mark.parametrize("text", SUBTLE)
def test_what_is_subtle_or_not_english_is_not_noticed(judge: Any, text: str) -> None:
    """No virtue; the documentation says so."""
    assert judge(Toxicity(), text).passed


def test_the_worst_column_decides_and_is_the_score(judge: Any) -> None:
    record = Record({"question": "How are you?", "answer": RUDE[0]})
    assert judge(Toxicity(), record, ("question", "answer")).score > 0.9
    assert judge(Toxicity(column="question"), record, ("question", "answer")).score < 0.5


def test_the_threshold_can_be_set(judge: Any) -> None:
    assert judge(Toxicity(), "Damn, that was close!").passed
    assert not judge(Toxicity(threshold=0.5), "Damn, that was close!").passed
    with pytest.raises(ValidationError):
        Toxicity(threshold=0)


def test_many_records_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    predict = profanity_check.predict_prob

    def counted(texts: Any) -> Any:
        sizes.append(len(texts))
        return predict(texts)

    monkeypatch.setattr(profanity_check, "predict_prob", counted)

    async def nobody(_: Any) -> Any:
        raise AssertionError

    async def all_of(count: int) -> list[bool]:
        context = Context(Attempt("run", 0, 0, 0, "2026-01-01T00:00:00+00:00", 0, {}, "m"), nobody)
        records = [Record({"text": f"{(RUDE + CIVIL)[i % 14]} {i}"}) for i in range(count)]
        verdicts = await asyncio.gather(*(Toxicity().check(record, context, Task()) for record in records))
        return [verdict.passed for verdict in verdicts]

    assert asyncio.run(all_of(280)) == [i % 14 >= 5 for i in range(280)]
    assert sum(sizes) == 280
    assert len(sizes) <= 3
