"""Letters misread as others of the same shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.errors import InputError

from .play import change, changed_by_seeds, marked


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ("m", {"rn"}),
        ("my", {"rny", "mv"}),
        ("corn", {"com", "eorn", "carn", "c0rn", "corri"}),
        ("clay", {"day", "clav", "cloy", "elay"}),
        ("IX", {"lX", "1X"}),
        ("I", {"l", "1"}),
        ("OK", {"0K"}),
        ("we", {"vve", "wc"}),
        ("vv", {"w", "uv", "vu"}),
        ("S", {"5"}),
        ("BMX", {"8MX"}),
        ("key", {"kcy", "kev"}),
        ("[key](X)", {"[kcy](X)", "[kev](X)"}),
        ("[P](LOC)m", {"[P](LOC)rn"}),
        ("m[P](LOC)", {"rn[P](LOC)"}),
        ("x[r](X)nx", {"x[r](X)rix"}),
        ("[me](PER)'k", {"[rne](PER)'k", "[mc](PER)'k"}),
        ("m, 1994", {"rn, 1994"}),
        ("1994", {"1994"}),
        ("A4 x", {"A4 x"}),
        ("10:30 12/05/2020", {"10:30 12/05/2020"}),
        ("m@mm.com", {"m@mm.com"}),
        ("https://m.de/m m", {"https://m.de/m rn"}),
        ("#mm @mm", {"#mm @mm"}),
        ("m_x", {"rn_x"}),
        ("«m»?!", {"«rn»?!"}),
        ("e\u0301x", {"e\u0301x"}),
        ("éx", {"éx"}),
        ("Мама мыла раму", {"Мама мыла раму"}),
        ("ฉันรักเธอ", {"ฉันรักเธอ"}),
        ("👩‍👩‍👧 m", {"👩‍👩‍👧 rn"}),
        ("", {""}),
        (" … ", {" … "}),
    ],
)
def test_one_place_of_one_word_is_misread(given: str, outcomes: set[str]):
    assert changed_by_seeds("add_ocr_typo", given, 300) == outcomes


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ("10", {"I0", "l0", "1O", "1o"}),
        ("X7", {"X7"}),
        ("x5x", {"xSx"}),
        ("[8](N)", {"[B](N)"}),
        ("1️⃣", {"1️⃣"}),
    ],
)
def test_digits_are_misread_if_asked_for(given: str, outcomes: set[str]):
    assert changed_by_seeds("add_ocr_typo", given, 300, digits=True) == outcomes


def test_as_many_words_as_asked_for_are_misread_each_in_one_place():
    assert change("add_ocr_typo", "m m x m m", count=3, seed=1).split().count("rn") == 3
    assert change("add_ocr_typo", "m m x m m", count=100) == "rn rn x rn rn"


def test_pairs_that_look_alike_are_preferred():
    outcomes = [change("add_ocr_typo", "mx", seed=seed) for seed in range(3)]
    assert outcomes == ["rnx"] * 3
    many = [change("add_ocr_typo", "me", seed=seed) for seed in range(200)]
    assert 120 < many.count("rne") < 180


def test_protected_spans_stay():
    assert changed_by_seeds("add_ocr_typo", "[mm](PER) m", labels={"PER": "protect"}) == {"[mm](PER) rn"}
    assert changed_by_seeds("add_ocr_typo", "[m](PER) m", labels={"PER": "only"}) == {"[rn](PER) m"}


def test_no_words_at_all_is_refused():
    with pytest.raises(InputError):
        change("add_ocr_typo", "m", count=0)


@given(st.text(alphabet="mI x0é\u0301👩\u200d\n", max_size=20), st.integers(0, 2**40))
def test_a_text_changes_if_it_can_whatever_the_dice_say(text: str, seed: int):
    assert (change("add_ocr_typo", text, seed=seed) == text) == (change("add_ocr_typo", text) == text)
    assert marked(change("add_ocr_typo", text, seed=seed))[0].count("é") >= text.count("é")
