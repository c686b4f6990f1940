"""Words for others that sound or look the same."""

from __future__ import annotations

import pytest

from seedbed.transforms.confusion import AddSpeechToTextTypo, DyslexiaWordSwap

from .play import change, changed_by_seeds


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ("the weather", {"the whether"}),
        ("Whether", {"Weather"}),
        ("would n't", {"would n't"}),
        ("WHETHER", {"WEATHER"}),
        ("too", {"to", "two"}),
        ("Their dog", {"There dog", "They're dog"}),
        ("It’s a dog", {"Its a dog"}),
        ("Its ’dog’", {"It’s ’dog’"}),
        ("the aisle", {"the isle", "the I'll"}),
        ("I'll be in", {"I'll be in"}),
        ("not", {"not"}),
        ("a knot", {"a not"}),
        ("I read it", {"I read it"}),
        ("a reed", {"a read"}),
        ("an hour", {"an our"}),
        ("a Finnish man", {"a Finish man"}),
        ("to finish", {"too finish", "two finish", "to Finnish"}),
        ("(sea)!", {"(see)!", "(seize)!"} - {"(seize)!"}),
        ("[Wales](LOC)", {"[Wails](LOC)", "[Whales](LOC)"}),
        ("[weather](X)'s", {"[weather](X)'s"}),
        ("[in](X)[n](Y)", {"[in](X)[n](Y)"}),
        ("[Ann](PER) [knew](X)", {"[Ann](PER) [gnu](X)", "[Ann](PER) [new](X)"}),
        ("sea-level", {"sea-level"}),
        ("sea – Ann", {"see – Ann"}),
        ("#sea @son c/sea www.sun.com sea@sea.com", {"#sea @son c/sea www.sun.com sea@sea.com"}),
        ("seaside sons1", {"seaside sons1"}),
        ("sun.", {"son."}),
        ("das Weather 天気 sun 👩‍👧", {"das Whether 天気 sun 👩‍👧", "das Weather 天気 son 👩‍👧"}),
        ("", {""}),
        ("?!", {"?!"}),
    ],
)
def test_a_word_becomes_one_that_sounds_the_same(given: str, outcomes: set[str]):
    assert changed_by_seeds("add_speech_to_text_typo", given, 40) == outcomes


def test_a_share_of_the_words_is_changed_and_always_one():
    given = "sun sun sun sun sun sun"
    assert [change("add_speech_to_text_typo", given, prob=prob).count("son") for prob in (0.01, 0.5, 1)] == [1, 3, 6]


def test_a_protected_name_keeps_its_spelling():
    outcomes = changed_by_seeds("add_speech_to_text_typo", "[Wales](LOC), sun", inside="protect")
    assert outcomes == {"[Wales](LOC), son"}


def test_there_are_more_than_two_hundred_groups_and_no_word_stands_for_itself():
    table = AddSpeechToTextTypo().table()
    assert len(table) > 600
    assert all(word not in map(str.lower, others) and len(set(others)) == len(others) for word, others in table.items())


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ("a form", {"a from"}),
        ("From here", {"Form here", "From hear"}),
        ("WAS", {"SAW"}),
        ("did n’t", {"did n’t"}),
        ("they saw", {"they was"}),
        ("off", {"of"}),
        ("quite", {"quiet"}),
        ("I will lose", {"I will loose"}),
        ("lose, loose.", {"loose, loose.", "lose, lose."}),
        ("than", {"then"}),
        ("it's", {"its"}),
        ("it’s", {"its"}),
        ("live", {"live"}),
        ("an angel", {"an angle"}),
        ("You're", {"Your"}),
        ("Manchester [United](ORG)", {"Manchester [Untied](ORG)"}),
        ("[Form](X)", {"[From](X)"}),
        ("fo[rm](X)", {"fo[rm](X)"}),
        ("[was](X)'s", {"[was](X)'s"}),
        ("on-site", {"on-site"}),
        ("https://from.de/was #was @was", {"https://from.de/was #was @was"}),
        ("format fromage 1from", {"format fromage 1from"}),
        ("“quite”", {"“quiet”"}),
        ("من was 👨‍👩‍👧", {"من saw 👨‍👩‍👧"}),
        ("", {""}),
        ("…", {"…"}),
    ],
)
def test_a_word_becomes_one_it_is_taken_for(given: str, outcomes: set[str]):
    assert changed_by_seeds("dyslexia_word_swap", given, 40) == outcomes


def test_a_share_of_the_words_that_look_alike_is_changed():
    given = "form form form form"
    assert [change("dyslexia_word_swap", given, prob=prob).count("from") for prob in (0.01, 0.5, 1)] == [1, 2, 4]


def test_protected_spans_stay():
    assert changed_by_seeds("dyslexia_word_swap", "[was](X) form", labels={"X": "protect"}) == {"[was](X) from"}


def test_no_word_is_taken_for_itself():
    table = DyslexiaWordSwap().table()
    assert len(table) > 300
    assert all(word not in others and len(set(others)) == len(others) for word, others in table.items())
