"""A blind classification of a finished text, by probabilities where there are any."""

from __future__ import annotations

import asyncio
from math import log
from typing import Any

import pytest
from pydantic import ValidationError

from seedbed.checks.labels import EXAMPLES_PER_LABEL, LabelAgreement
from seedbed.core.attempt import Attempt, Context, Verdict
from seedbed.core.chat import Capabilities, Completion, Request
from seedbed.core.part import Task
from seedbed.core.record import Record
from seedbed.providers.scripted import Scripted

LABELS = {"polite": "warm", "somewhat polite": "", "neutral": "plain", "impolite": "rude"}
TASK = Task(
    "one reply",
    LABELS,
    ("Thank you so much.", "OK.", "Go away.", "Thanks.", "No.", "Leave."),
    ("polite", "neutral", "impolite", "polite", "neutral", "impolite"),
)
RAW = Capabilities(logprobs=True, prefers_raw=True, raw_completions=True)
CHAT = Capabilities(logprobs=True)
PLAIN = Capabilities()
SCHEMA = Capabilities(json_schema=True)


def judged(
    answer: str | dict[str, float],
    label: str = "polite",
    capabilities: Capabilities = PLAIN,
    task: Task = TASK,
    **settings: Any,
) -> tuple[Verdict, list[Request]]:
    """The verdict on a text, and what was asked, when the model answers this text or these first tokens."""
    if isinstance(answer, str):
        completion = Completion(answer)
    else:
        best = max(answer, key=lambda token: answer[token])
        completion = Completion(best, logprobs=tuple((token, log(share)) for token, share in answer.items()))
    model = Scripted.answering([completion])
    attempt = Attempt(
        "run", 7, 0, 0, "2026-01-01T00:00:00+00:00", 0, {"label": label}, "local:m", capabilities=capabilities
    )
    record = Record({"text": "Thank you for waiting.", "label": label, "reply": "You are welcome."})
    verdict = asyncio.run(LabelAgreement(**settings).check(record, Context(attempt, model.complete), task))
    return verdict, list(model.requests)


def test_a_small_model_is_asked_for_one_token_of_a_raw_completion() -> None:
    verdict, [request] = judged({" pol": 0.7, " neutral": 0.2, " imp": 0.1}, "polite", RAW)
    assert verdict.passed
    assert verdict.score == pytest.approx(0.7)
    assert request.prompt is not None
    assert request.prompt.endswith('Text: "Thank you for waiting."\nLabel:')
    assert (request.max_tokens, request.top_logprobs, request.temperature) == (1, 20, 0.0)
    assert request.attempt == "run:7"


def test_what_is_the_same_for_all_records_stands_first_in_the_raw_prompt() -> None:
    _, [one] = judged({" pol": 1.0}, "polite", RAW)
    _, [other] = judged({" imp": 1.0}, "impolite", RAW)
    assert one.prompt == other.prompt


def test_the_asked_label_is_not_given_away() -> None:
    for capabilities in (RAW, CHAT, PLAIN):
        prompts = [judged("A", label, capabilities)[1][0] for label in LABELS]
        assert len({request.to_json() for request in prompts}) == 1


def test_the_most_probable_label_decides() -> None:
    verdict, _ = judged({" pol": 0.3, " neutral": 0.6, " imp": 0.1}, "polite", RAW)
    assert (verdict.passed, verdict.reason, verdict.detail) == (False, "label_agreement", "looks neutral")
    assert verdict.score == pytest.approx(0.3)


def test_spellings_of_a_label_count_together() -> None:
    verdict, _ = judged({" neutral": 0.4, " polite": 0.3, "Pol": 0.25, " pol": 0.05}, "polite", RAW)
    assert verdict.passed
    assert verdict.score == pytest.approx(0.6)


def test_tokens_that_begin_no_label_do_not_count() -> None:
    verdict, _ = judged({" The": 0.9, " pol": 0.06, " imp": 0.04, " ": 0.5}, "polite", RAW)
    assert verdict.passed
    assert verdict.score == pytest.approx(0.6)


@pytest.mark.parametrize("capabilities", [RAW, CHAT, PLAIN, SCHEMA])
def test_an_answer_that_cannot_be_read_is_a_reject(capabilities: Capabilities) -> None:
    verdict, _ = judged("Hm, hard to say" if capabilities in (PLAIN, SCHEMA) else {" xyz": 0.9}, "polite", capabilities)
    assert (verdict.passed, verdict.reason) == (False, "label_agreement")
    assert "could not be read" in verdict.detail


def test_a_chat_model_with_probabilities_is_asked_for_a_letter() -> None:
    verdict, [request] = judged({"A": 0.5, " C": 0.3, "(a": 0.1, "D.": 0.1}, "polite", CHAT)
    assert verdict.passed
    assert verdict.score == pytest.approx(0.6)
    assert request.prompt is None
    assert "A) polite: warm\nB) somewhat polite\nC) neutral: plain\nD) impolite: rude" in request.messages[0]["content"]
    assert request.messages[0]["content"].endswith("Answer with the letter only.")
    assert request.top_logprobs == 20
    assert request.schema is None
    assert not judged({"A": 0.5, "C": 0.3}, "neutral", CHAT)[0].passed


def test_a_chat_model_that_sends_no_probabilities_after_all_is_taken_at_its_word() -> None:
    assert judged("C", "neutral", CHAT)[0].passed
    assert not judged("C", "polite", CHAT)[0].passed


@pytest.mark.parametrize(
    ("reply", "label"),
    [
        ("A", "polite"),
        ("b", "somewhat polite"),
        ("C)", "neutral"),
        ("(D)", "impolite"),
        ("**A**", "polite"),
        ("A) polite", "polite"),
        ("D: impolite", "impolite"),
        ("Answer: B", "somewhat polite"),
        ('{"answer": "C"}', "neutral"),
        ('```json\n{"answer": "D"}\n```', "impolite"),
        ("<think>Looks polite to me, A or B</think>\nB", "somewhat polite"),
        ("impolite", "impolite"),
        ("Neutral.", "neutral"),
        ("The text is somewhat polite.", "somewhat polite"),
        ("It is impolite", "impolite"),
        ("A neutral text.", "neutral"),
        ("A rather impolite reply", "impolite"),
    ],
)
def test_an_answer_in_words_is_read(reply: str, label: str) -> None:
    verdict, _ = judged(reply, label)
    assert verdict.passed, verdict.detail
    assert verdict.score == 1.0
    other = "neutral" if label == "polite" else "polite"
    assert not judged(reply, other)[0].passed


def test_a_model_that_knows_schemas_is_given_one() -> None:
    _, [request] = judged('{"answer": "A"}', "polite", SCHEMA)
    assert request.schema is not None
    assert request.schema["properties"]["answer"]["enum"] == ["A", "B", "C", "D"]
    assert judged("A", "polite", PLAIN)[1][0].schema is None


def test_another_model_may_judge() -> None:
    verdict, [request] = judged("A", "polite", RAW, model="other:judge")
    assert verdict.passed
    assert request.model == "other:judge"
    assert request.prompt is None
    assert judged({" pol": 1.0}, "polite", RAW)[1][0].model == "local:m"


@pytest.mark.parametrize(("least", "passed"), [(0.3, True), (0.31, False), (0.0, True)])
def test_a_least_probability_replaces_being_the_most_probable(least: float, passed: bool) -> None:
    answer = {" pol": 0.3, " neutral": 0.6, " imp": 0.1}
    assert judged(answer, "polite", RAW, min_probability=least)[0].passed == passed


@pytest.mark.parametrize("least", [-0.1, 1.1])
def test_a_probability_out_of_range_is_refused(least: float) -> None:
    with pytest.raises(ValidationError):
        LabelAgreement(min_probability=least)


def test_sampling_of_the_attempt_does_not_disturb_the_judge() -> None:
    for capabilities in (RAW, CHAT, PLAIN):
        [request] = judged("A", "polite", capabilities)[1]
        assert (request.temperature, request.top_p, request.stop) == (0.0, None, ())


@pytest.mark.parametrize("task", [Task(), Task("x", {"only": ""}), Task("x", {"other": "", "one": ""})])
def test_where_there_is_nothing_to_decide_nobody_is_asked(task: Task) -> None:
    verdict, requests = judged("A", "polite", task=task)
    assert verdict.passed
    assert requests == []


def test_examples_are_shown_alternating_and_few_of_each_label() -> None:
    many = Task("one reply", LABELS, tuple(f"text {n}" for n in range(20)), ("polite",) * 10 + ("impolite",) * 10)
    [request] = judged("A", "polite", RAW, task=many)[1]
    assert request.prompt is not None
    assert request.prompt.count("Label: polite") == request.prompt.count("Label: impolite") == EXAMPLES_PER_LABEL


def test_labels_that_begin_with_the_same_word_are_not_rejected_for_it() -> None:
    task = Task("a question to a bank", {"card lost": "", "card stolen": "", "card broken": ""})
    for label in task.labels:
        assert judged({" card": 0.98, " Card": 0.02}, label, RAW, task=task)[0].passed


def test_more_labels_than_letters_are_checked_too() -> None:
    task = Task("one reply", {f"intent {number}": "" for number in range(30)})
    verdict, requests = judged("intent 7", "intent 3", task=task)
    assert requests
    assert not verdict.passed


def test_another_column_may_be_what_is_classified() -> None:
    [asked] = judged("A", column="reply")[1]
    assert "You are welcome." in asked.messages[-1]["content"]
    assert "Thank you for waiting." not in asked.messages[-1]["content"]
