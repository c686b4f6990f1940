"""A key leaves no answer, and no ordinary word goes with it."""

from __future__ import annotations

from seedbed.core.redact import Redactor


def test_words_that_are_part_of_a_dummy_key_stay_in_answers() -> None:
    text = "A passport is required at the border today."
    assert Redactor(["sk-no-key-required"], whole=True)(text) == text


def test_a_whole_key_does_not() -> None:
    key = "sk-verysecret-0123456789abcdef"
    assert Redactor([key], whole=True)(f"The key is {key}, I was told.") == "The key is ***, I was told."
