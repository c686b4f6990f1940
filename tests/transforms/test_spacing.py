"""Spacing: only between words, never at the edge of a span."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies

from seedbed.core.fields import FieldError

from .nasty import survives
from .play import change, changed_by_seeds, marked, transform

KINDS = {"add_new_lines": ("max_lines", "\n"), "add_tabs": ("max_tabs", "\t"), "add_whitespace": ("max_spaces", "  ")}

GAPS = [
    ("one two", "one_two"),
    ("one", "one"),
    ("[Paris](LOC) is big", "[Paris](LOC)_is_big"),
    ("in [Paris](LOC)", "in_[Paris](LOC)"),
    ("[Paris](LOC) [London](LOC)", "[Paris](LOC)_[London](LOC)"),
    ("[Paris](LOC)'s day", "[Paris](LOC)'s_day"),
    ("[Germany](LOC) 's team did n't win .", "[Germany](LOC) 's_team_did n't_win ."),
    ("Yes , we ( two ) said : go !", "Yes ,_we_( two )_said :_go !"),
    ("Yes, we (two) said: go!", "Yes,_we_(two)_said:_go!"),
    ("up 5 % here", "up_5 %_here"),
    ("two  spaces here", "two  spaces_here"),
    (" at the edges ", " at_the_edges "),
    ("in [ Paris ](LOC) now", "in [ Paris ](LOC) now"),
    ("in [Paris ](LOC)now or", "in_[Paris ](LOC)now_or"),
    ("line\nbreak here", "line\nbreak_here"),
    ("a\r\n b c", "a\r\n b_c"),
    ("see https://a.b/c d", "see_https://a.b/c_d"),
    ("don't won’t", "don't_won’t"),
    ("“ quoted ” words", "“ quoted ”_words"),
    ("מה שלומך היום", "מה_שלומך_היום"),
    ("दिल्ली भारत की", "दिल्ली_भारत_की"),
    ("東京は日本", "東京は日本"),
    ("👨‍👩‍👧 🇩🇪 ok", "👨‍👩‍👧_🇩🇪_ok"),
    ("cafe\u0301 au lait", "cafe\u0301_au_lait"),
    ("no\u00a0break", "no\u00a0break"),
    ("", ""),
    (" ", " "),
    ("...", "..."),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("before", "after"), GAPS)
def test_something_is_put_in_each_place_between_words(kind: str, before: str, after: str) -> None:
    name, space = KINDS[kind]
    assert change(kind, before, prob=1.0, **{name: 1}) == after.replace("_", space)


@pytest.mark.parametrize(
    ("kind", "settings", "after"),
    [
        ("add_new_lines", {}, "in_[New York](LOC)_[Ann Lee](PER)"),
        ("add_new_lines", {"inside": "allow"}, "in_[New_York](LOC)_[Ann_Lee](PER)"),
        ("add_tabs", {}, "in_[New_York](LOC)_[Ann_Lee](PER)"),
        ("add_tabs", {"inside": "only"}, "in [New_York](LOC) [Ann_Lee](PER)"),
        ("add_whitespace", {"labels": {"PER": "protect"}}, "in_[New_York](LOC)_[Ann Lee](PER)"),
        ("add_whitespace", {"inside": "protect"}, "in_[New York](LOC)_[Ann Lee](PER)"),
    ],
)
def test_policies_say_whether_a_span_is_torn_apart(kind: str, settings: dict[str, object], after: str) -> None:
    name, space = KINDS[kind]
    before = "in [New York](LOC) [Ann Lee](PER)"
    assert change(kind, before, prob=1.0, **{name: 1}, **settings) == after.replace("_", space)


@pytest.mark.parametrize("kind", KINDS)
def test_each_number_up_to_the_greatest_can_come(kind: str) -> None:
    name, space = KINDS[kind]
    found = changed_by_seeds(kind, "one two", **{name: 3})
    single = space[-1]
    assert found == {f"one{' ' * (len(space) - 1)}{single * k}two" for k in (1, 2, 3)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_share_of_the_places_is_taken_and_at_least_one(kind: str) -> None:
    name, space = KINDS[kind]
    before = " ".join("word" for _ in range(21))
    for prob, count in ((0.5, 10), (0.2, 4), (0.01, 1)):
        assert change(kind, before, prob=prob, **{name: 1}).count(space) == count


@pytest.mark.parametrize("kind", KINDS)
def test_any_text_survives(kind: str) -> None:
    survives(kind)
    survives(kind, prob=1.0)


PIECES = ("a", "[b c](X)", "[d](X)", ",", "(", "'s", "é\u0301")


@pytest.mark.parametrize("kind", KINDS)
@given(strategies.lists(strategies.sampled_from(PIECES), max_size=9), strategies.integers(0, 9))
def test_words_and_spans_stay_as_they_are(kind: str, pieces: list[str], seed: int) -> None:
    before = " ".join(pieces)
    (old, spans), (new, moved) = marked(before), marked(change(kind, before, seed=seed))
    assert new.split() == old.split()
    for one, other in zip(spans, moved, strict=True):
        assert re.sub(r"\s+", " ", new[other.start : other.end]) == old[one.start : one.end]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("settings", [{"prob": 0}, {"prob": 2}, {"most": 0}, {"most": "many"}])
def test_settings_that_make_no_sense_are_refused(kind: str, settings: dict[str, object]) -> None:
    given_settings = {KINDS[kind][0] if name == "most" else name: value for name, value in settings.items()}
    with pytest.raises(FieldError):
        transform(kind, **given_settings)
