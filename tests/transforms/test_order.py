"""Order: words go or change places without leaving holes, names apart or a no unsaid."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies

from seedbed.core.fields import FieldError

from .nasty import survives
from .play import change, changed_by_seeds, marked, transform


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("we like big dogs", {"we big dogs", "we like dogs", "we like big"}),
        ("He came home.", {"He home.", "He came."}),
        ("He came home .", {"He home .", "He came ."}),
        ("one", {"one"}),
        ("[Paris](LOC) is nice", {"[Paris](LOC) is"}),
        ("we saw [Paris](LOC)", {"we [Paris](LOC)"}),
        ("[Ann](PER) met [Bob](PER)", {"[Ann](PER) met [Bob](PER)"}),
        ("[Ann](PER) then met [Bob](PER)", {"[Ann](PER) then [Bob](PER)"}),
        ("in [New York](LOC)", {"in [New York](LOC)"}),
        ("It is not good", {"It not good"}),
        ("We do n't like it", {"We do n't like"}),
        ("We don't like it", {"We don't like"}),
        ("I never said so", {"I never said"}),
        ("She cannot come without him", {"She cannot come without him"}),
        ("wir kommen nicht mit", {"wir nicht mit"}),
        ("see an old house", {"see an old"}),
        ("Yes, we two can", {"Yes, two can", "Yes, we can", "Yes, we two"}),
        ("red, green", {"red, green"}),
        ("so, but , then we", {"so, but , then", "so, but , we"}),
        ("up 5 percent in 2019 now", {"up 5 percent in 2019 now"}),
        ("of July 2019", {"of July 2019"}),
        ("a well-known dear man", {"a well-known man", "a well-known dear"}),
        ("We go. They stay here", {"We. They stay here", "We go. They here", "We go. They stay"}),
        ("we (the two) go", {"we (the two)"}),
        ('he said "no way"', {'he "no way"'}),
        ("[Germany](LOC) 's big team", {"[Germany](LOC) 's team", "[Germany](LOC) 's big"}),
        ("see http://a.b/c here now", {"see http://a.b/c now", "see http://a.b/c here"}),
        ("two  big spaces", {"two  big"}),
        ("она не пришла домой", {"она не пришла"}),
        ("דני הלך הביתה", {"דני הביתה", "דני הלך"}),
        ("दिल्ली बड़ी है।", {"दिल्ली है।", "दिल्ली बड़ी।"}),
        ("東京は日本", {"東京は日本"}),
        ("", {""}),
    ],
)
def test_one_word_goes_with_one_space(before: str, after: set[str]) -> None:
    assert changed_by_seeds("word_drop", before, 80, prob=0.01) == after


def test_a_share_of_the_words_goes_and_the_first_one_stays() -> None:
    before = "word " * 40 + "word"
    assert len(change("word_drop", before, prob=0.5).split()) == 21
    assert change("word_drop", before, prob=1.0) == "word"


@pytest.mark.parametrize(
    ("settings", "after"),
    [
        ({}, "we [New York City](LOC)"),
        ({"inside": "allow"}, "we [New](LOC)"),
        ({"inside": "only"}, "we saw [New](LOC)"),
        ({"labels": {"LOC": "allow"}}, "we [New](LOC)"),
    ],
)
def test_policies_say_where_words_may_go(settings: dict[str, object], after: str) -> None:
    assert change("word_drop", "we saw [New York City](LOC)", prob=1.0, **settings) == after


def test_a_span_is_never_emptied() -> None:
    assert change("word_drop", "see[ big dog](X)", prob=1.0, inside="allow") == "see[ big dog](X)"
    assert change("word_drop", "the [big dog](X)", prob=1.0, inside="allow") == "the [big](X)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("we like dogs", {"like we dogs", "we dogs like"}),
        ("The big dog", {"Big the dog", "The dog big"}),
        ("He left. The dog came", {"Left he. The dog came", "He left. Dog the came", "He left. The came dog"}),
        ("Paris is nice", {"Paris nice is"}),
        ("We must go", {"We go must"}),
        ("Is it big", {"Is big it"}),
        ("I really like it", {"Really I like it", "I like really it", "I really it like"}),
        ("NATO said so", {"Said NATO so", "NATO so said"}),
        ("[Paris](LOC) is nice", {"[Paris](LOC) nice is"}),
        ("go to [Paris](LOC)", {"to go [Paris](LOC)"}),
        ("in [Paris](LOC) now", {"in [Paris](LOC) now"}),
        ("[Paris](LOC)'s old streets", {"[Paris](LOC)'s streets old"}),
        ("[Germany](LOC) 's old team", {"[Germany](LOC) 's team old"}),
        ("the team 's aim", {"the team 's aim"}),
        ("we are not good", {"are we not good"}),
        ("we did n't go home", {"we did n't go home"}),
        ("we don't go home", {"we don't go home"}),
        ("see an old house", {"see an old house"}),
        ("very very", {"very very"}),
        ("Red, green trees", {"Red, trees green"}),
        ("He came home.", {"Came he home.", "He home came."}),
        ("well-known man here", {"well-known here man"}),
        ("$7.5 billion here now", {"$7.5 billion now here"}),
        ("one  two", {"one  two"}),
        ("one\ntwo", {"one\ntwo"}),
        ("он пришёл домой", {"пришёл он домой", "он домой пришёл"}),
        ("दिल्ली बड़ी है।", {"बड़ी दिल्ली है।", "दिल्ली है बड़ी।"}),
        ("דני הלך", {"הלך דני"}),
        ("go http://a.b/c", {"go http://a.b/c"}),
        ("it #tag you", {"it #tag you"}),
        ("", {""}),
        ('"The dog ran" he said', {'"Dog the ran" he said', '"The ran dog" he said', '"The dog ran" said he'}),
    ],
)
def test_two_words_change_places(before: str, after: set[str]) -> None:
    assert changed_by_seeds("word_swap", before, 80, prob=0.01) == after


def test_no_word_is_swapped_twice() -> None:
    for seed in range(30):
        words = change("word_swap", "a1 one two three four five six", seed=seed, prob=1.0).split()[1:]
        places = [["one", "two", "three", "four", "five", "six"].index(word) for word in words]
        assert all(abs(place - at) <= 1 for at, place in enumerate(places))
        assert places != list(range(6))


@pytest.mark.parametrize(
    ("settings", "after"),
    [
        ({}, "to go [New York](LOC)"),
        ({"inside": "only"}, "go to [York New](LOC)"),
        ({"inside": "allow"}, "to go [York New](LOC)"),
    ],
)
def test_policies_say_which_words_change_places(settings: dict[str, object], after: str) -> None:
    assert change("word_swap", "go to [New York](LOC)", prob=1.0, **settings) == after


@pytest.mark.parametrize("kind", ["word_drop", "word_swap"])
def test_any_text_survives(kind: str) -> None:
    survives(kind)
    survives(kind, prob=1.0)


PIECES = ("the", "dog", "not", "[New York](X)", "ran,", "5", "big.", "'s", "don't", "(we", "two)", "an", "é\u0301")


@pytest.mark.parametrize("kind", ["word_drop", "word_swap"])
@given(pieces=strategies.lists(strategies.sampled_from(PIECES), max_size=9), prob=strategies.floats(0.01, 1))
def test_marks_negations_and_spans_stay_and_no_double_space_arises(kind: str, pieces: list[str], prob: float) -> None:
    before = " ".join(pieces)
    (old, spans), (new, moved) = marked(before), marked(change(kind, before, prob=prob))
    for pattern in (r"[.,()\d]", r"\b(?:not|don't|an)\b", "'s"):
        assert re.findall(pattern, new) == re.findall(pattern, old)
    assert [new[one.start : one.end] for one in moved] == [old[one.start : one.end] for one in spans]
    assert "  " not in new
    assert new == new.strip()


@pytest.mark.parametrize("kind", ["word_drop", "word_swap"])
@pytest.mark.parametrize("prob", [0, 1.2, "some"])
def test_a_share_that_is_none_is_refused(kind: str, prob: object) -> None:
    with pytest.raises(FieldError):
        transform(kind, prob=prob)
