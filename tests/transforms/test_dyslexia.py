"""Words that are taken for one another."""

from __future__ import annotations

import pytest

from seedbed.transforms.dyslexia import DyslexiaWordSwap

from .play import change, changed_by_seeds


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ("a form", {"a from"}),
        ("From here", {"Form here", "From hear"}),
        ("WAS", {"SAW"}),
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


def test_a_share_of_the_words_is_changed_and_always_one():
    given = "form form form form"
    assert [change("dyslexia_word_swap", given, prob=prob).count("from") for prob in (0.01, 0.5, 1)] == [1, 2, 4]


def test_protected_spans_stay():
    assert changed_by_seeds("dyslexia_word_swap", "[was](X) form", labels={"X": "protect"}) == {"[was](X) from"}


def test_no_word_stands_for_itself():
    table = DyslexiaWordSwap().table()
    assert len(table) > 300
    assert all(word not in others and len(set(others)) == len(others) for word, others in table.items())
