"""American and British spelling."""

from __future__ import annotations

import sys

import pytest

from seedbed.core.errors import MissingExtra
from seedbed.transforms import spelling

from .play import change


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("my favorite color", "my favourite colour"),
        ("Color me surprised.", "Colour me surprised."),
        ("THE COLOR", "THE COLOUR"),
        ("“Color” is it", "“Colour” is it"),
        ("We analyzed the organization's catalog", "We analysed the organisation's catalogue"),
        ("the neighbors' theater", "the neighbours' theatre"),
        ("her neighbor’s dog", "her neighbour’s dog"),
        ("a gray-haired traveler", "a grey-haired traveller"),
        ("an aluminum airplane", "an aluminium aeroplane"),
        ("an esthetic question", "an aesthetic question"),
        ("an estrogen test", "an oestrogen test"),
        ("two kilometers and a liter", "two kilometres and a litre"),
        ("the authorization", "the authorisation"),
        ("she tranquilized it", "she tranquillised it"),
        ("practiced, practicing, a practice", "practised, practising, a practice"),
        ("the gas meter", "the gas meter"),
        ("a computer program", "a computer program"),
        ("a ton of tires", "a ton of tires"),
        ("a license to filter", "a license to filter"),
        ("the hard disk, the draft", "the hard disk, the draft"),
        ("a check for the story", "a check for the story"),
        ("an apartment on the first floor", "an apartment on the first floor"),
        ("my favourite colour", "my favourite colour"),
        ("the Labor Department", "the Labor Department"),
        ("said Mr. Gray. Gray said", "said Mr. Gray. Gray said"),
        ("gray, said J. Gray", "grey, said J. Gray"),
        ("[Pearl Harbor](LOC) is a harbor", "[Pearl Harbor](LOC) is a harbour"),
        ("[harbor](LOC) color", "[harbor](LOC) colour"),
        ("col[or](X)", "col[or](X)"),
        ("www.color.com #color @color", "www.color.com #color @color"),
        ("ein 👨‍👩‍👧 color", "ein 👨‍👩‍👧 colour"),
        ("", ""),
    ],
)
def test_american_words_become_british(given: str, expected: str):
    assert change("american_to_british", given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("my favourite colour", "my favorite color"),
        ("Colour me surprised.", "Color me surprised."),
        ("THE PROGRAMME", "THE PROGRAM"),
        ("The programmes were cancelled", "The programs were canceled"),
        ("the organisation’s neighbours", "the organization’s neighbors"),
        ("a grey-haired traveller", "a gray-haired traveler"),
        ("an aeroplane", "an airplane"),
        ("an oedema, an oesophagus", "an edema, an esophagus"),
        ("a licence, a cheque, a tyre", "a license, a check, a tire"),
        ("two storeys and the kerb", "two stories and the curb"),
        ("he practises", "he practices"),
        ("ten metres", "ten meters"),
        ("ten tonnes", "ten tonnes"),
        ("the analyses", "the analyses"),
        ("he analysed, she analysing", "he analyzed, she analyzing"),
        ("the buses, the gases", "the buses, the gases"),
        ("a compact disc", "a compact disc"),
        ("fish fillets", "fish fillets"),
        ("the dialogue of aesthetic archaeology", "the dialogue of aesthetic archaeology"),
        ("the gauge on his axe", "the gauge on his axe"),
        ("pummelled in tranquillity", "pummeled in tranquility"),
        ("exorcise and advertise and surprise", "exorcise and advertise and surprise"),
        ("a flat in a lift", "a flat in a lift"),
        ("Labour won. The Labour party", "Labour won. The Labour party"),
        ("[Centre for Labour](ORG) labour", "[Centre for Labour](ORG) labor"),
        ("https://colour.uk ~/colour", "https://colour.uk ~/colour"),
        ("[colour](X)'s colour", "[colour](X)'s color"),
        ("", ""),
    ],
)
def test_british_words_become_american(given: str, expected: str):
    assert change("british_to_american", given) == expected


def test_entities_are_respelled_if_asked_for():
    assert change("american_to_british", "[World color](MISC)", inside="allow") == "[World colour](MISC)"


def test_a_share_of_the_words_is_changed_and_always_one():
    given = "color color color color"
    shares = (0.01, 0.5, 1)
    assert [change("american_to_british", given, prob=prob).count("colour") for prob in shares] == [1, 2, 4]


@pytest.mark.parametrize("word", ["color", "organized", "theater", "jewelry", "paralyzed", "skillful", "pajamas"])
def test_there_and_back_is_the_same_word(word: str):
    british = change("american_to_british", word)
    assert british != word
    assert change("british_to_american", british) == word


def test_without_the_package_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch):
    spelling._tables.cache_clear()
    monkeypatch.setitem(sys.modules, "breame.data.spelling_constants", None)
    with pytest.raises(MissingExtra, match="augment"):
        change("american_to_british", "color")
    spelling._tables.cache_clear()
