"""Marks by a rubric, and whether an answer rests on its source."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from pydantic import ValidationError

from seedbed.checks.judge import RUBRICS, Grounded, Judge
from seedbed.core.attempt import Attempt, Context, Verdict
from seedbed.core.chat import Capabilities, Completion, Request
from seedbed.core.part import Check, Task
from seedbed.core.record import Record


def verdict(check: Check, record: Record, *answers: Any) -> tuple[Verdict, list[Request]]:
    asked: list[Request] = []

    async def ask(request: Request) -> Completion:
        answer = answers[min(len(asked), len(answers) - 1)]
        asked.append(request)
        return (
            answer
            if isinstance(answer, Completion)
            else Completion(answer if isinstance(answer, str) else json.dumps(answer))
        )

    attempt = Attempt("r", 0, 0, 7, "2026-01-01", 0, {}, "m:x", capabilities=Capabilities(json_schema=True))
    return asyncio.run(check.check(record, Context(attempt, ask), Task("a task", columns=("text",)))), asked


RECORD = Record({"question": "Why?", "answer": "Because.", "contexts": ["It is so because."], "model": "m:x"})


@pytest.mark.parametrize(("mark", "passes"), [(5, True), (3, True), (2, False), ("4", True)])
def test_a_mark_below_the_threshold_does_not_pass(mark: Any, passes: bool) -> None:
    found, asked = verdict(Judge(rubric="qa", threshold=3), RECORD, {"reason": "so so", "score": mark})
    assert (found.passed, found.score, found.detail) == (passes, float(mark), "so so")
    assert RUBRICS["qa"] in asked[0].messages[0]["content"]
    assert "m:x" not in asked[0].messages[0]["content"], "who wrote it does not matter"
    assert asked[0].schema is not None


def test_votes_are_asked_one_by_one_with_seeds_of_their_own_and_their_mean_counts() -> None:
    answers = [{"reason": "a", "score": 2}, "nothing to read", {"reason": "c", "score": 5}]
    found, asked = verdict(Judge(rubric="Be fair.", votes=3, threshold=3.5), RECORD, *answers)
    assert (found.passed, found.score) == (True, 3.5)
    assert len({request.seed for request in asked}) == 3


@pytest.mark.parametrize("answer", ["", "good", {"score": 9, "reason": "x"}, Completion('{"score": 5}', "length")])
def test_what_cannot_be_read_does_not_pass(answer: Any) -> None:
    assert not verdict(Judge(rubric="qa"), RECORD, answer)[0].passed


def test_another_model_may_judge() -> None:
    assert verdict(Judge(rubric="qa", model="other:big"), RECORD, {"reason": "", "score": 4})[1][0].model == "other:big"


def test_a_threshold_that_cannot_be_reached_is_refused() -> None:
    with pytest.raises(ValidationError, match="cannot be reached"):
        Judge(rubric="qa", scale=3, threshold=4)


@pytest.mark.parametrize(("said", "passes"), [(True, True), (False, False), ("yes", True), ("no", False)])
def test_an_answer_rests_on_its_source_or_does_not(said: Any, passes: bool) -> None:
    found, asked = verdict(Grounded(), RECORD, {"grounded": said, "reason": "it says so"})
    assert (found.passed, found.score) == (passes, float(passes))
    assert "It is so because." in asked[0].messages[0]["content"]
    assert "Statement: Because." in asked[0].messages[0]["content"]


def test_the_source_may_be_another_column() -> None:
    record = Record({"text": "Short.", "origin_text": "A long story."})
    asked = verdict(Grounded(source="origin_text"), record, {"grounded": True, "reason": ""})[1]
    assert "A long story." in asked[0].messages[0]["content"]
