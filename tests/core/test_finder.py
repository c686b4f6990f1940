"""Whether a text is there already: compared with looking at all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.near.finder import Finder, Known, same

WORDS = st.lists(st.sampled_from(["alpha", "beta", "gamma"]), min_size=9, max_size=12).map(" ".join)
ROWS = st.lists(st.tuples(WORDS, st.sampled_from("xy")), max_size=25)


@given(ROWS)
def test_equal_texts_are_found_whatever_their_labels(rows: list[tuple[str, str]]):
    finder = Finder(None)
    for place, (text, label) in enumerate(rows):
        earlier = [at for at in range(place) if rows[at][0] == text]
        own = [at for at in earlier if rows[at][1] == label]
        found = finder.find(text, label)
        if own:
            assert found == Known(own[0], "exact", False)
        elif earlier:
            assert found == Known(earlier[0], "exact", True)
        else:
            assert found is None
        finder.add(text, label, place)


@given(ROWS, st.booleans())
def test_near_texts_with_the_same_label_come_first(rows: list[tuple[str, str]], apart: bool):
    finder = Finder(0.8, apart=apart)
    for place, (text, label) in enumerate(rows):
        found = finder.find(text, label)
        likes = [at for at in range(place) if _like(rows[at][0], text)]
        own = [at for at in likes if rows[at][1] == label]
        if found is None:
            assert not own
            assert apart or not likes
        else:
            assert found.key in (likes if found.crosses else own)
            assert (found.kind == "exact") == (rows[found.key][0] == text)
            assert not (found.crosses and apart)
            assert not found.crosses or found.kind == "exact" or not own
        finder.add(text, label, place)


def _like(one: str, other: str) -> bool:
    """One or two edits of words of nine to twelve, reckoned in the plainest way."""
    a, b = one.split(), other.split()
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, another in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != another))
    return row[-1] * 5 <= max(len(a), len(b))


def test_what_repeats_another_text_stands_for_it():
    finder = Finder(0.9)
    first = "one two three four five six seven eight nine ten"
    finder.add(first, "", 7)
    finder.repeat(first.replace("ten", "eleven"), "", 7)
    assert finder.find(first.replace("ten", "eleven"), "") == Known(7, "exact", False)


@pytest.mark.parametrize(
    ("one", "other"), [("a  b\n", "a b"), ("cafe\u0301", "café"), ("\u00a0x", "x")], ids=["spaces", "accents", "edges"]
)
def test_space_and_the_form_of_letters_do_not_matter(one: str, other: str):
    assert same(one) == same(other)
    assert same("A") != same("a")
