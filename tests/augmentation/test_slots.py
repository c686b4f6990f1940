"""Sentences with slots are read as they are written, or refused in one sentence."""

from __future__ import annotations

import pytest

from seedbed.augmentation.slots import Slot, SlotTemplate
from seedbed.core.errors import InputError
from seedbed.transforms.words import takes_an


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("The {ORG} company is in {LOC}", {"ORG": "ORG", "LOC": "LOC"}),
        ("{PER_1} met {PER_2}", {"PER_1": "PER", "PER_2": "PER"}),
        ("{PER_01} and {PER_1}", {"PER_1": "PER"}),
        ("{WORK_OF_ART} {WORK_OF_ART_2}", {"WORK_OF_ART": "WORK_OF_ART", "WORK_OF_ART_2": "WORK_OF_ART"}),
        ("{A:JOB} {a : upper : JOB}", {"JOB": "JOB"}),
        (
            "{Product Name} {geo.city} {first-name} {城市} {número}",
            {n: n for n in ("Product Name", "geo.city", "first-name", "城市", "número")},
        ),
        ("{{PER}} no slot", {}),
        ("{{{PER}}}", {"PER": "PER"}),
        ("Hello", {}),
    ],
)
def test_slots_of_a_template(text, slots):
    assert SlotTemplate(text).slots == slots


def test_modifiers_and_braces_are_read():
    pieces = SlotTemplate("{{x}} {a:upper:JOB_2}!").pieces
    assert pieces == ("", "{", "x", "}", " ", Slot("JOB_2", "JOB", "a", ("upper",)), "!")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "t.txt, line 3: the template is empty."),
        (" \t", "the template is empty"),
        ("The {ORG company", "the `{` at character 5 is not closed"),
        ("The ORG} company", "the `}` at character 8 closes nothing"),
        ("{PER} {", "the `{` at character 7 is not closed"),
        ("{}", "there is an empty slot"),
        ("{ }", "there is an empty slot"),
        ("{1}", "`{1}`, which names no slot"),
        ('{"text": 1}', "names no slot"),
        ("{a:}", "`{a:}`, which names no slot"),
        ("{_PER}", "names no slot"),
        ("{an:JOB}", "unknown modifier `an`"),
        ("{plural:JOB}", "unknown modifier `plural`"),
        ("{uper:JOB}", "Did you mean `upper`?"),
        ("{upper:a:JOB}", "the article must come first"),
        ("{a:A:JOB}", "the article must come first"),
        (" ".join(f"{{S{i}x}}" for i in range(101)), "has 101 slots; at most 100"),
    ],
)
def test_what_is_no_template_is_said_in_one_sentence(text, words):
    with pytest.raises(InputError) as raised:
        SlotTemplate(text, place="t.txt, line 3")
    assert raised.value.message.startswith("t.txt, line 3: ")
    assert words in f"{raised.value.message} {raised.value.hint}"
    assert raised.value.message.count(". ") == 0


@pytest.mark.parametrize(
    "phrase",
    [
        "an engineer",
        "a nurse",
        "an MP",
        "a UN envoy",
        "an hour",
        "a European",
        "a Ukrainian",
        "a Ugandan",
        "an Uber",
        "a university",
        "an unidentified man",
        "an X-ray",
        "a U-turn",
        "an e-mail",
        "a T-shirt",
        "an F",
        "an 8-year-old",
        "an 18th birthday",
        "a 1-0 win",
        "an École",
        "an “apple”",
        "a one-off",
        "an umbrella",
        "a user",
        "an usher",
        "an honest man",
        "a hotel",
        "an FBI agent",
        "a NATO ally",
        "an SOS",
        "a unit",
        "an urban legend",
    ],
)
def test_the_article_fits_as_it_is_spoken(phrase):
    article, _, value = phrase.partition(" ")
    assert Slot("X", "X", "a").before(value) == f"{article} "
    assert Slot("X", "X", "A").before(value) == f"{article.capitalize()} "


def test_a_letter_alone_is_spoken_as_it_is_called():
    assert [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if takes_an(letter)] == list("AEFHILMNORSX")
