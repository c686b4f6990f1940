"""Texts that stop in the middle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.checks.endings import Truncated
from seedbed.core.record import Record

Passes = Callable[[Truncated, object], bool]

WHOLE = [
    "",
    "Short title of a thing",
    "Thanks for your quick reply, I will try that tonight.",
    "Is there any way to get my money back this week?",
    "I am so happy with the new phone you sent me 😊",
    "I am so happy with the new phone you sent me 👍🏽",
    "I am so happy with the new phone you sent me ❤️",
    "I am so happy with the new phone you sent me :)",
    "He said: “We will be there at nine o'clock sharp.”",
    'She told me that the shop was "closed since 2024".',
    "Er sagte: „Wir kommen morgen früh um neun Uhr.“",
    "Il a dit : « Nous arrivons demain matin à neuf heures. »",
    "„Wir kommen“, sagte er, »und zwar morgen früh um neun.«",
    "（我们会在明天早上九点到达，请您准时在家等候。）",
    "他说：「我们会在明天早上九点到达，请您准时在家等候。」",
    "您好，您的包裹已经寄出，预计明天送达。",
    "ありがとうございます。明日の朝九時に伺います！",
    "आपका पार्सल कल सुबह नौ बजे तक पहुँच जाएगा।",
    "هل يمكنني استرداد أموالي هذا الأسبوع من فضلك يا سيدي؟",
    "พัสดุของคุณถูกจัดส่งแล้วและจะถึงพรุ่งนี้เช้า",
    "Μπορώ να πάρω πίσω τα χρήματά μου αυτή την εβδομάδα;",
    "Dear Anna,\n\nthank you for your patience with this order.\n\nBest regards,\nTom Miller",
    "Dear Anna,\n\nthank you for your patience with this order.\n\nKind regards,\nThe Support Team",
    "尊敬的客户，您的包裹已经寄出，预计明天送达。\n此致\n客服小王",
    "You need these things for the cake:\n- two eggs\n- flour and sugar\n- butter",
    "Here is how you do it in Python:\n```python\nprint('x')\n```",
    "| a | b |\n|---|---|\n| one two three | four five six seven |",
    "Read more about our summer sale here: https://example.com/sale",
    "Loving the new summer collection so much right now #fashion #summer",
    "**Note that the shop is closed on Monday and Tuesday.**",
    'The screen measures 15.6" and the case is black and white.',
    "The interval [0, 1) has no largest element, as everyone knows.",
    "I was sad :( but then the parcel came after all (late).",
    "(A bracket that is never closed.\nAnd then nine more words that end as they should.",
    "Wait until he comes back home tonight, then call me...\n\n",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_text_passes(passes: Passes, text: str) -> None:
    assert passes(Truncated(), text)


CUT = [
    ("Thanks for your quick reply, I will try that tonight and then", "stops in the middle"),
    ("I would like to return the kettle because it is bro", "stops in the middle"),
    ("Please note that the following items are missing:", "stops in the middle"),
    ("He said: “We will be there at nine o'clock sharp. And", "stops in the middle"),
    ('He looked at me and said "I will never come back again.', "ends within a quotation"),
    ("Er sagte: „Wir kommen morgen früh um neun Uhr.", "ends within a quotation"),
    ("Il a dit : « Nous arrivons demain matin à neuf heures.", "ends within a quotation"),
    ("The opening hours (Monday to Friday are the same as before.", "ends within a bracket"),
    ("他说：「我们会在明天早上九点到达，请您准时在家等候。", "ends within a bracket"),
    ("您好，您的包裹已经寄出，预计明天", "stops in the middle"),
    ("ありがとうございます。明日の朝九時に伺いますので", "stops in the middle"),
    ("आपका पार्सल कल सुबह नौ बजे तक पहुँच जाएगा और", "stops in the middle"),
    ("هل يمكنني استرداد أموالي هذا الأسبوع من فضلك يا", "stops in the middle"),
    ("Wir haben Ihre Bestellung erhalten und werden sie so schnell wie möglich,", "stops in the middle"),
    ("Dear Anna,\n\nthank you for your patience. We will get back to", "stops in the middle"),
    ("1. Check the plug before you do anything.\n2. Check the fuse.\n3. Make sure that the", "stops in the middle"),
    ("So:\n```python\nprint('x')", "stops within a code block"),
]


@pytest.mark.parametrize(("text", "told"), CUT)
def test_a_text_cut_off_fails_and_its_end_is_told(judge: Any, text: str, told: str) -> None:
    assert judge(Truncated(), text).detail.startswith(told)


def test_short_texts_pass_unless_the_bound_is_lowered(passes: Passes) -> None:
    assert passes(Truncated(), "We will come back to you and")
    assert not passes(Truncated(min_words=5), "We will come back to you and")
    assert passes(Truncated(min_words=0), "")


def test_other_endings_can_be_allowed(passes: Passes) -> None:
    text = "The opening hours of our shop in the city centre are as follows:"
    assert not passes(Truncated(ends=("amen",)), text)
    assert passes(Truncated(ends=("amen", ":")), text)


def test_every_column_that_the_model_writes_is_looked_at(judge: Any) -> None:
    record = Record({"question": "When will it be there?", "answer": CUT[0][0]})
    assert not judge(Truncated(), record, ("question", "answer")).passed
    assert judge(Truncated(column="question"), record, ("question", "answer")).passed


@given(text=st.text(max_size=60))
def test_any_text_has_a_verdict_and_a_sentence_after_it_makes_it_whole(judge: Any, text: str) -> None:
    judge(Truncated(min_words=0), text)
    if "```" not in text:
        assert judge(Truncated(), f"{text}\nThis is the end of a long and winding text.").passed


def test_a_text_of_very_many_signs_is_looked_through(passes: Passes) -> None:
    words = "a b c d e f g h "
    assert not passes(Truncated(), words + "a@" * 500_000)
    assert passes(Truncated(), words + "a@" * 500_000 + " ann@example.org")
