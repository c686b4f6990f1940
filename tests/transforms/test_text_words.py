"""The words of a text, found the quick way or the long one, and the addresses whose words are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.editing import Text
from seedbed.core.record import Span
from seedbed.transforms.grammar import next_word
from seedbed.transforms.words import Lexicon

LETTERS = "aAbé e\u0301'’_-İßΣς1٣ก้👨\u200d👩\ufe0f\U0001d165Z .\n"


@given(
    st.one_of(
        st.text(alphabet=LETTERS, max_size=30), st.text(alphabet="aZ0_' .\t\x1f", max_size=30), st.text(max_size=30)
    )
)
def test_every_letter_is_in_one_word_and_each_word_stands_where_it_says(text: str):
    found = Text(text).words
    held = [at for word in found for at in range(word.start, word.end)]
    assert held == sorted(set(held))
    assert {at for at, letter in enumerate(text) if letter.isalnum()} <= set(held)
    for word in found:
        assert text[word.start : word.end].lower().replace("’", "'") == word.lower
    one = Text(text)
    assert [*zip(one.starts, one.ends, one.lowers, strict=True)] == found
    assert Text(text).lowers == [word.lower for word in found]
    sought = Text(text)
    places = [sought.place(at) for at in reversed(range(len(found)))]
    assert places[::-1] == [(word.start, word.end) for word in found]


def test_a_word_stands_where_it_says_in_a_long_text_and_where_it_comes_again():
    text = "no one " * 200 + "twone-one"
    assert Text(text).place(401) == (len(text) - 3, len(text))
    text = "twone one_no, one"
    assert [Text(text).place(at) for at in range(4)] == [(0, 5), (6, 9), (10, 12), (14, 17)]


@pytest.mark.parametrize("mark", ["", "’", "e\u0301", "Σ", "İ", "\U0001d165"])
def test_words_are_the_same_whatever_else_the_text_has(mark: str):
    text = f"It’s Ann's café_no 1st x-y {mark}"
    words = [word.lower for word in Text(text).words]
    assert words[:7] == ["it's", "ann's", "café", "no", "1st", "x", "y"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It Rains", "rains"),
        ("It rains, too", "rains"),
        ("It don’t", "don't"),
        ("It " + "so" * 20 + " on", "so" * 20),
        ("It  rains", ""),
        ("It, rains", ""),
        ("It", ""),
    ],
)
def test_the_next_word_is_whole_and_only_a_space_stands_before_it(text: str, word: str):
    assert next_word(text, 2) == word


def test_a_phrase_is_found_whichever_of_its_words_is_the_rare_one():
    lexicon = Lexicon(["in the end", "the end", "time and time again", "of it", "end"])
    given = "In the end of it: the end, Time and time again and the end"
    phrases = [phrase for _, _, phrase in lexicon.found(Text(given))]
    assert phrases == ["in the end", "of it", "the end", "time and time again", "the end"]
    assert not lexicon.found(Text("in the"))


def test_the_longest_phrase_is_found_and_none_within_another_or_in_an_address():
    lexicon = Lexicon(["as", "as soon as", "as soon as possible", "soon", "ann's"])
    given = "As soon as possible, as  soon, Ann’s soon as.com #soon /soon soon@x.de as soon"
    phrases = [phrase for _, _, phrase in lexicon.found(Text(given))]
    assert phrases == ["as soon as possible", "as", "soon", "ann's", "soon", "as", "soon"]
    assert lexicon.found(Text("not soon")) == [(4, 8, "soon")]


EDGES = st.integers(0, 40)
SPANS = st.lists(st.tuples(EDGES, EDGES, st.sampled_from("ABC")), max_size=25)


@given(SPANS, EDGES, EDGES, st.sampled_from([{}, {"A": "protect"}, {"A": "only"}, {"B": "allow"}]))
def test_many_spans_forbid_what_few_forbid(given_spans: list[tuple[int, int, str]], a: int, b: int, policies: dict):
    spans = [Span(min(x, y), max(x, y), label) for x, y, label in given_spans]
    start, end = min(a, b), max(a, b)
    for default in ("allow", "protect", "only"):
        few = [Text("x" * 40, [span]) for span in spans]
        crossed = any(not one.free(start, end, dict.fromkeys("ABC", "allow"), "allow") for one in few)
        held = [span for span in spans if start < span.end and span.start < end]
        rules = [policies.get(span.label, default) for span in held]
        wanted = default == "only" or "only" in policies.values()
        expected = not crossed and "protect" not in rules and (not wanted or "only" in rules)
        assert Text("x" * 40, spans).free(start, end, policies, default) == expected
        assert bool(Text("x" * 40, spans).open([(start, end)], policies, default)) == expected
