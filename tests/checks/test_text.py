"""Checks that look at a text alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from seedbed.checks.text import Banned, CopiedExample, Length, Refusal, Regex
from seedbed.core.attempt import Attempt, Context, Verdict
from seedbed.core.part import Check, Task
from seedbed.core.record import Record


async def nobody(_: Any) -> Any:
    raise AssertionError("a check of the text alone asks no model")


CONTEXT = Context(Attempt("run", 0, 0, 0, "2026-01-01T00:00:00+00:00", 0, {}, "m"), nobody)


def verdict(check: Check, text: object, task: Task | None = None, column: str = "text") -> Verdict:
    return asyncio.run(check.check(Record({column: text}), CONTEXT, task or Task()))


def passes(check: Check, text: object, task: Task | None = None) -> bool:
    found = verdict(check, text, task)
    assert found.passed or (found.reason == check.kind and found.detail), "a reject says why"
    return found.passed


REFUSED = [
    "Unfortunately, I can't fulfill that request.",
    "I'm sorry, but I'm not able to help with that.",
    "I apologize, but I cannot provide assistance with that request.",
    "I cannot generate hateful or abusive replies.",
    "I cannot write a rude reply.",
    "I must decline this request.",
    "I won't write that.",
    "Lo siento, pero no puedo ayudarte con eso.",
    "Es tut mir leid, aber dabei kann ich nicht helfen.",
    "As an AI language model, I cannot write rude messages.",
    "I'm sorry, but as an AI I can't do that.",
    "I'm just an AI, I have no opinion on trains.",
    "I’m sorry, but I can’t assist with that.",
    "I'm sorry, but I can't help with that request.",
    "Sorry, I can't fulfill this request.",
    "I am very sorry, but I cannot comply.",
    "I cannot assist with that.",
    "I can't generate content of that kind.",
    "I won't write insulting messages.",
    "I apologize, but I am unable to comply with your request.",
    "This goes against my programming.",
    "作为一个人工智能语言模型，我不能这样写。",
    "作为AI，我无法写粗鲁的话。",
    "抱歉，我无法满足您的请求。",
    "对不起，我不能协助完成这个请求。",
    "Als KI-Sprachmodell kann ich keine Beleidigungen schreiben.",
    "Als KI kann ich dazu nichts sagen.",
    "Es tut mir leid, aber dabei kann ich nicht helfen. Als KI-Modell …",
    "En tant qu'IA, je ne peux pas écrire cela.",
    "En tant que modèle de langage, je ne peux pas vous aider.",
    "Como modelo de lenguaje, no puedo escribir insultos.",
    "Como una IA, no tengo opiniones.",
]


@pytest.mark.parametrize("text", REFUSED)
def test_a_model_that_speaks_of_itself_is_refused(text: str) -> None:
    assert not passes(Refusal(), text)


WRITTEN = [
    "Sorry, I can't help you with that order; our shop only handles furniture.",
    "I can't help with this luggage, my back hurts.",
    "I cannot provide any examples of my work before Monday.",
    "As an AI researcher, I spent my weekend reading.",
    "I can't write that fast, sorry.",
    "I'm sorry, but we cannot refund this ticket.",
    "I'm sorry, but I cannot refund this ticket.",
    "Sorry, I can't help you with your luggage, but my colleague at gate 3 can.",
    "I am so sorry that your train was late!",
    "I'm sorry, I won't be able to move your seat today.",
    "I'm sorry, I can't provide a refund without the receipt.",
    "I'm sorry, but I can't continue this call if you keep shouting.",
    "I can't create a second booking under the same name, the system does not allow it.",
    "I cannot write to you by email, my mailbox is full.",
    "I won't engage with people who yell at me.",
    "We are an AI company and my robot vacuum still cannot find its dock.",
    "The AI assistant on your site told me the lamp was in stock.",
    "I am unable to find your order, could you give me its number?",
    "Unfortunately I can't do that for you today.",
    "Unser Angebot gilt auch für Pakete, die als Eilsendung verschickt werden.",
    "Es tut mir leid, das Ticket kann ich nicht erstatten.",
    "Je suis désolé, je ne peux pas rembourser ce billet.",
    "En tant que client fidèle, je suis déçu.",
    "Lo siento, no puedo cambiar su asiento.",
    "Como siempre, el tren llegó tarde.",
    "很抱歉，这张票我们无法退款。",
    "抱歉，我无法提供退款，因为票已经使用过。",
    "作为一名老顾客，我很失望。",
    "",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_person_who_says_no_is_not_refused(text: str) -> None:
    assert passes(Refusal(), text)


def test_own_patterns_replace_the_built_in_ones() -> None:
    own = Refusal(patterns=("no comment", r"^nope\b"))
    assert not passes(own, "NOPE, not today.")
    assert not passes(own, "I have No Comment on this")
    assert passes(own, "I cannot assist with that.")
    assert passes(Refusal(patterns=()), "I cannot assist with that.")


@pytest.mark.parametrize(("kind", "settings"), [(Regex, {"pattern": "("}), (Refusal, {"patterns": ("fine", "(")})])
def test_what_is_no_regular_expression_is_refused_before_anything_is_asked(
    kind: type[Check], settings: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError, match="regular expression"):
        kind(**settings)


EXAMPLES = Task(
    examples=(
        "Your TV will be delivered within three to five business days.",
        "您好，您的包裹已经寄出，预计明天送达。",
        "👍",
        "Thanks!",
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "Your TV will be delivered within three to five business days.",
        "your tv WILL be delivered within three to five business days",
        "Hello! Your TV will be delivered within three to five weeks, so relax.",
        "您好，您的包裹已经寄出，预计后天送达。",
        "Thanks",
        "👍",
    ],
)
def test_an_example_or_eight_words_of_it_is_a_copy(text: str) -> None:
    found = verdict(CopiedExample(), text, EXAMPLES)
    assert (found.passed, found.reason) == (False, "copied_example")


@pytest.mark.parametrize(
    "text",
    [
        "Your TV will be delivered within three days, we hope.",
        "Your new radio will be delivered within two business days.",
        "您好，您的包裹明天送达。",
        "Thanks a lot!",
        "business days five to three within delivered be will TV your",
        "🎉",
    ],
)
def test_a_few_words_in_common_are_no_copy(text: str) -> None:
    assert passes(CopiedExample(), text, EXAMPLES)


def test_how_many_words_make_a_copy_can_be_set() -> None:
    text = "It will be delivered soon."
    assert passes(CopiedExample(), text, EXAMPLES)
    assert not passes(CopiedExample(ngram=3), text, EXAMPLES)
    with pytest.raises(ValidationError):
        CopiedExample(ngram=2)


def test_without_examples_nothing_is_a_copy() -> None:
    assert passes(CopiedExample(), "Thanks!", Task())


@pytest.mark.parametrize(
    ("bounds", "text", "passed"),
    [
        ({"min_words": 3}, "one two", False),
        ({"min_words": 3}, "one, two — three!", True),
        ({"max_words": 3}, "one two three", True),
        ({"max_words": 3}, "one two three four", False),
        ({"min_words": 5, "max_words": 5}, "谢谢您的好", True),
        ({"max_words": 5}, "谢谢您的耐心等待", False),
        ({"min_words": 3, "max_words": 3}, "おはよ", True),
        ({"min_words": 1}, "👍👍👍", False),
        ({"max_words": 0}, "…", True),
        ({"min_chars": 5}, "four", False),
        ({"min_chars": 5}, "fives", True),
        ({"max_chars": 2}, "👍👍", True),
        ({"max_chars": 2}, "abc", False),
        ({"min_words": 1, "max_chars": 3}, "four", False),
        ({}, "", True),
        ({"min_words": 1}, None, False),
        ({"max_chars": 3}, 1234, False),
    ],
)
def test_length_is_counted_in_words_and_characters(bounds: dict[str, int], text: object, passed: bool) -> None:
    assert passes(Length(**bounds), text) == passed


@pytest.mark.parametrize("bounds", [{"min_words": 5, "max_words": 4}, {"min_chars": 2, "max_chars": 1}])
def test_bounds_that_exclude_everything_are_refused(bounds: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match="is larger than"):
        Length(**bounds)


def test_a_pattern_must_be_found_or_must_not() -> None:
    assert passes(Regex(pattern=r"\d{3}"), "call 555 now")
    assert not passes(Regex(pattern=r"\d{3}"), "call 55 now")
    assert not passes(Regex(pattern=r"\d{3}", forbid=True), "call 555 now")
    assert passes(Regex(pattern=r"\d{3}", forbid=True), "call 55 now")
    assert not passes(Regex(pattern="Hello"), "hello")
    assert passes(Regex(pattern="Hello", ignore_case=True), "hello")
    assert passes(Regex(pattern="^b$|c"), "a\nc")


@pytest.mark.parametrize(
    ("words", "text", "passed"),
    [
        (["refund"], "No Refund!", False),
        (["refund"], "No refunds.", True),
        (["customer service"], "our Customer-Service team", False),
        (["customer service"], "service for customers", True),
        (["don't"], "Don’t ask", False),
        (["退款"], "我们无法退款。", False),
        (["ÉTÉ"], "cet été", False),
        (["a", "the"], "one or other", True),
    ],
)
def test_banned_words_are_whole_words_in_any_case(words: list[str], text: str, passed: bool) -> None:
    assert passes(Banned(words=tuple(words)), text) == passed


def test_a_banned_word_is_named() -> None:
    assert verdict(Banned(words=("foo", "Bar")), "a bar").detail == "contains 'Bar'"


@pytest.mark.parametrize("word", ["🤡", "!!!", "C++"])
def test_a_banned_sign_is_found_or_refused_but_never_let_pass(word: str) -> None:
    try:
        check = Banned(words=(word,))
    except ValidationError:
        return
    assert not passes(check, f"This is it: {word} .")


@pytest.mark.parametrize("text", ["", "👍", "a fine text"])
def test_an_empty_banned_word_bans_nothing(text: str) -> None:
    try:
        check = Banned(words=("",))
    except ValidationError:
        return
    assert passes(check, text)


@pytest.mark.parametrize(
    "check",
    [
        Length(column="reply", max_chars=3),
        Regex(column="reply", pattern="^$"),
        Banned(column="reply", words=("hello",)),
        Refusal(column="reply", patterns=("hello",)),
    ],
)
def test_another_column_can_be_looked_at(check: Check) -> None:
    assert not verdict(check, "hello", column="reply").passed
    assert verdict(check, "hello", column="text").passed
