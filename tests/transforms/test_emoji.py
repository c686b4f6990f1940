"""Emoji: behind sentences, outside of spans."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from seedbed.core.fields import FieldError

from .nasty import survives
from .play import change, changed_by_seeds, marked, transform


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We met in [Paris](LOC).", "We met in [Paris](LOC). 📌"),
        ("[Paris](LOC)", "[Paris](LOC) 📌"),
        ("We met", "We met 📌"),
        ("We met ", "We met 📌 "),
        ("We met.\r\n", "We met. 📌\r\n"),
        ('He said "yes."', 'He said "yes." 📌'),
        ("One. Two.", "One. Two. 📌"),
        ("...", "... 📌"),
        ("good 👍🏽", "good 👍🏽 📌"),
        ("❤️", "❤️ 📌"),
        ("cafe\u0301", "cafe\u0301 📌"),
        ("東京です。", "東京です。 📌"),
        ("שלום", "שלום 📌"),
        ("مرحبا", "مرحبا 📌"),
        ("दिल्ली", "दिल्ली 📌"),
        ("see https://a.b", "see https://a.b 📌"),
        ("[in [Paris ](LOC)", "[in [Paris ](LOC)"),
        ("", ""),
        (" \n", " \n"),
        ("[U.S.](LOC)", "[U.S.](LOC) 📌"),
        ("5", "5 📌"),
    ],
)
def test_an_emoji_comes_at_the_end_of_the_text(before: str, after: str) -> None:
    assert change("emoji_added", before, emojis=["📌"]) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("One. Two! Three", {"One. 📌 Two! Three", "One. Two! 📌 Three", "One. Two! Three 📌"}),
        ("In [Rome](LOC). He left.", {"In [Rome](LOC). 📌 He left.", "In [Rome](LOC). He left. 📌"}),
        ('"Go." "No."', {'"Go." 📌 "No."', '"Go." "No." 📌'}),
        ("Why?! (So.) Yes", {"Why?! 📌 (So.) Yes", "Why?! (So.) 📌 Yes", "Why?! (So.) Yes 📌"}),
        ("Go .\nStop .", {"Go . 📌\nStop .", "Go .\nStop . 📌"}),
        ("Mr. Smith of the U.S. Army, J. Doe", {"Mr. Smith of the U.S. Army, J. Doe 📌"}),
        ("[Dr. No](WORK). [J. Bond](PER)", {"[Dr. No](WORK). 📌 [J. Bond](PER)", "[Dr. No](WORK). [J. Bond](PER) 📌"}),
        ("[Who? Me!](WORK) ok", {"[Who? Me!](WORK) ok 📌"}),
        ("it cost 3.5 vs. 4.0 e.g. here", {"it cost 3.5 vs. 4.0 e.g. here 📌"}),
        ("wait... what", {"wait... what 📌"}),
        ("東京。大阪。", {"東京。 📌大阪。", "東京。大阪。 📌"}),
        ("दिल्ली है। हाँ।", {"दिल्ली है। 📌 हाँ।", "दिल्ली है। हाँ। 📌"}),
        ("он. Она.", {"он. 📌 Она.", "он. Она. 📌"}),
        ("он. она.", {"он. она. 📌"}),
    ],
)
def test_an_emoji_comes_behind_any_sentence(before: str, after: set[str]) -> None:
    assert changed_by_seeds("emoji_added", before, position="sentence", emojis=["📌"]) == after


def test_each_emoji_of_the_list_can_come() -> None:
    assert changed_by_seeds("emoji_added", "ok", emojis=["🙂", "👨‍👩‍👧"]) == {"ok 🙂", "ok 👨‍👩‍👧"}
    assert len(changed_by_seeds("emoji_added", "ok", 200)) == 10


@pytest.mark.parametrize("position", ["end", "sentence"])
def test_any_text_survives(position: str) -> None:
    survives("emoji_added", position=position)


@given(strategies.text(".!? aB\n(\"'é"), strategies.integers(0, 9))
def test_the_text_itself_stays(text: str, seed: int) -> None:
    after, _ = marked(change("emoji_added", text, seed=seed, position="sentence", emojis=["📌"]))
    assert after.replace(" 📌", "", 1) == text
    assert ("📌" in after) == bool(text.strip())


@pytest.mark.parametrize("settings", [{"emojis": []}, {"emojis": [" "]}, {"position": "start"}])
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        transform("emoji_added", **settings)
