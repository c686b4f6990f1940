"""The forms of English words."""

from __future__ import annotations

import pytest

from seedbed.transforms.inflection import noun_forms, same_forms, verb_forms


@pytest.mark.parametrize(
    ("entry", "forms"),
    [
        ("walk", "walk walks walked walked walking"),
        ("use", "use uses used used using"),
        ("agree", "agree agrees agreed agreed agreeing"),
        ("try", "try tries tried tried trying"),
        ("enjoy", "enjoy enjoys enjoyed enjoyed enjoying"),
        ("ban+", "ban bans banned banned banning"),
        ("push", "push pushes pushed pushed pushing"),
        ("die", "die dies died died dying"),
        ("go/went/gone", "go goes went gone going"),
        ("begin+/began/begun", "begin begins began begun beginning"),
        ("build/built", "build builds built built building"),
    ],
)
def test_verbs_are_inflected(entry: str, forms: str):
    assert verb_forms(entry) == tuple(forms.split())


def test_the_first_word_of_a_phrase_is_inflected():
    assert verb_forms("carry out") == ("carry out", "carries out", "carried out", "carried out", "carrying out")
    assert verb_forms("put+ off/put")[2:] == ("put off", "put off", "putting off")


PLURALS = {"car": "cars", "city": "cities", "day": "days", "church": "churches", "thief/thieves": "thieves"}


@pytest.mark.parametrize("entry", PLURALS)
def test_nouns_have_a_plural(entry: str):
    assert noun_forms(entry) == (entry.split("/", maxsplit=1)[0], PLURALS[entry])


def test_a_form_that_stands_for_two_only_becomes_what_stands_for_both():
    table = same_forms("start begin+/began/begun, cut/cut -slice", verb_forms)
    assert table["began"] == table["begun"] == ["started"]
    assert "started" not in table
    assert "cut" not in table
    assert table["cuts"] == ["slices"]


def test_what_has_a_sign_or_is_ambiguous_is_only_put_for_others():
    assert same_forms("quick fast -rapid", never={"fast"}) == {"quick": ["fast", "rapid"]}
