from __future__ import annotations

from collections import Counter

import pytest

from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.record import Span
from seedbed.core.spans import apply

from ..play import change, changed_by_seeds, marked, transform

LONDON = {"LOC": ["London"]}
MANY = {"PER": ["Ann Lee", "Bo", "Cid Roe"], "LOC": ["Rome", "New York", "Japan"], "ORG": ["Nokia", "European Union"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("I live in [Paris](LOC).", "I live in [London](LOC)."),
        ("[Paris](LOC)", "[London](LOC)"),
        ("[Paris](LOC)'s streets", "[London](LOC)'s streets"),
        ("[Paris](LOC)’s streets", "[London](LOC)’s streets"),
        ("[Paris](LOC)-born", "[London](LOC)-born"),
        ("([Paris](LOC))", "([London](LOC))"),
        ("“[Paris](LOC)”", "“[London](LOC)”"),
        ("[PARIS](LOC) 1996-12-06", "[LONDON](LOC) 1996-12-06"),
        ("[paris](LOC) is nice", "[london](LOC) is nice"),
        ("Leaving [Rio de Janeiro](LOC) now", "Leaving [London](LOC) now"),
        ("the [U.S.](LOC) team", "the [London](LOC) team"),
        ("THE [U.S.](LOC) TEAM", "THE [LONDON](LOC) TEAM"),
        ("[London](LOC) and [Paris](LOC)", "[London](LOC) and [London](LOC)"),
        ("[Ann](PER) in [Paris](LOC)", "[Ann](PER) in [London](LOC)"),
        ("他在[北京](LOC)工作", "他在[London](LOC)工作"),
        ("في [باريس](LOC) اليوم", "في [London](LOC) اليوم"),
        ("ที่[กรุงเทพ](LOC)วันนี้", "ที่[London](LOC)วันนี้"),
        ("👩‍👧 [Paris](LOC) 🇫🇷", "👩‍👧 [London](LOC) 🇫🇷"),
        ("An [Aachen](LOC) team, an [A](X) one", "A [London](LOC) team, an [A](X) one"),
        ("[München](LOC),\r\n[Ann](PER)", "[London](LOC),\r\n[Ann](PER)"),
        # What stays:
        ("[London](LOC)", "[London](LOC)"),
        ("[LONDON](LOC)", "[LONDON](LOC)"),
        ("[Paris](LOC)ian cafés", "[Paris](LOC)ian cafés"),
        ("non[Paris](LOC)", "non[Paris](LOC)"),
        ("[ Paris](LOC)", "[ Paris](LOC)"),
        ("Paris has no mark", "Paris has no mark"),
        ("[Ann](PER)", "[Ann](PER)"),
        ("", ""),
    ],
)
def test_a_mention_becomes_another_one(given: str, expected: str):
    assert changed_by_seeds("swap_entities", given, 5, mentions=LONDON) == {expected}


def test_it_looks_at_the_data():
    assert transform("swap_entities").looks


def test_mentions_keep_their_label():
    for text in changed_by_seeds("swap_entities", "[Ann Lee](PER) left [Rome](LOC).", mentions=MANY, prob=1.0):
        _, spans = marked(text)
        values = [marked(text)[0][span.start : span.end] for span in spans]
        assert values[0] in MANY["PER"][1:]
        assert values[1] in MANY["LOC"][1:]


def test_one_mention_is_swapped_or_as_many_as_asked():
    given = "[Ann Lee](PER) met [Bo](PER) in [Rome](LOC)."
    original = marked(given)[0]
    for settings, count in (({}, 1), ({"count": 2}, 2), ({"count": 9}, 3), ({"prob": 0.7}, 2), ({"prob": 0.01}, 1)):
        for text in changed_by_seeds("swap_entities", given, 20, mentions=MANY, **settings):
            plain, spans = marked(text)
            old = [original[span.start : span.end] for span in marked(given)[1]]
            assert sum(plain[span.start : span.end] != was for span, was in zip(spans, old, strict=True)) == count


def test_only_the_labels_asked_for_are_swapped():
    found = changed_by_seeds(
        "swap_entities", "[Ann Lee](PER) in [Rome](LOC)", mentions=MANY, entities=["LOC"], prob=1.0
    )
    assert found == {"[Ann Lee](PER) in [New York](LOC)", "[Ann Lee](PER) in [Japan](LOC)"}


def test_values_of_ones_own_take_the_place_of_the_data():
    found = changed_by_seeds("swap_entities", "[Ann Lee](PER) in [Rome](LOC)", mentions=MANY, values={"LOC": ["Oslo"]})
    assert {text.split(" in ")[1] for text in found} == {"[Rome](LOC)", "[Oslo](LOC)"}
    assert change("swap_entities", "[x](DRUG)", values={"DRUG": ["y"]}) == "[y](DRUG)"


def test_the_article_fits_the_name():
    names = {"ORG": ["Nokia", "Labour Party", "BBC", "European Union", "the"]}
    assert changed_by_seeds("swap_entities", "the [EU](ORG)", mentions=names) == {
        "the [Labour Party](ORG)",
        "the [European Union](ORG)",
    }
    assert "[Nokia](ORG) said" in changed_by_seeds("swap_entities", "[Apple](ORG) said", mentions=names)
    assert "[Labour Party](ORG) said" not in changed_by_seeds("swap_entities", "[Apple](ORG) said", mentions=names)


def test_shouted_names_do_not_come_into_calm_text():
    names = {"LOC": ["TOKYO", "Tokyo", "AL-AIN", "Rome", "UAE"]}
    found = changed_by_seeds("swap_entities", "in [Oslo](LOC)", mentions=names)
    assert found == {"in [Tokyo](LOC)", "in [Rome](LOC)"}
    assert changed_by_seeds("swap_entities", "in [Oslo](LOC)", mentions={"LOC": ["AL-AIN"]}) == {"in [AL-AIN](LOC)"}


def test_a_common_noun_at_the_start_gets_its_capital():
    assert change("swap_entities", "[Pizza](FOOD) is good", values={"FOOD": ["sushi"]}) == "[Sushi](FOOD) is good"


@pytest.mark.parametrize("spans", [((0, 8), (0, 3)), ((0, 8), (4, 8)), ((0, 5), (4, 8)), ((0, 8), (0, 8))])
def test_spans_that_overlap_stay(spans: tuple[tuple[int, int], ...]):
    text = Text("New York", [Span(*one, "LOC") for one in spans])
    assert not transform("swap_entities").editor(LONDON)(text, Dice(0))


def test_the_same_mention_becomes_the_same_and_different_ones_different():
    given = "[Ann Lee](PER) met [Bo](PER); [Ann Lee](PER) won."
    names = {"PER": [f"Name {n}" for n in range(40)]}
    for text in changed_by_seeds("swap_entities", given, mentions=names, prob=1.0):
        plain, spans = marked(text)
        first, second, third = (plain[span.start : span.end] for span in spans)
        assert first == third != second


def test_a_mention_that_comes_again_is_swapped_wherever_it_stands():
    names = {"PER": [f"Name {n}" for n in range(40)]}
    for text in changed_by_seeds("swap_entities", "[Ann](PER), [Bo](PER), [ANN](PER)", mentions=names):
        first, second, third = (mark.split("]")[0] for mark in text.split("[")[1:])
        assert (first.casefold() == third.casefold() != "ann") != (second != "Bo")


def test_what_was_swapped_in_one_text_of_a_record_is_swapped_in_the_next():
    edit = transform("swap_entities").editor({"PER": [f"Name {n}" for n in range(40)]})
    for seed in range(20):
        dice, out = Dice(seed), []
        for given in ("[Ann](PER)", "[Ann](PER), [Bo](PER), [Cid](PER)"):
            text, spans = marked(given)
            out.append(apply(text, spans, edit(Text(text, spans), dice)).text)
        assert out[1].startswith(out[0] + ", ")


def test_each_other_name_is_as_likely():
    edit = transform("swap_entities").editor({"LOC": ["A", "B", "C", "D"]})
    text, spans = marked("in [A](LOC)")
    drawn = Counter(apply(text, spans, edit(Text(text, spans), Dice(seed))).text for seed in range(3000))
    assert set(drawn) == {"in B", "in C", "in D"}
    assert all(900 < count < 1100 for count in drawn.values())
