"""Punctuation: words stay apart, and what belongs to a word stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies

from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.fields import FieldError
from seedbed.core.record import Span
from seedbed.core.spans import apply

from .nasty import survives
from .play import change, changed_by_seeds, transform


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We met in [Paris](LOC)", "We met in [Paris](LOC)!"),
        ("[Paris](LOC)", "[Paris](LOC)!"),
        ("We met", "We met!"),
        ("We met ", "We met! "),
        ("We met\r\n", "We met!\r\n"),
        ("We met.", "We met."),
        ("We met .", "We met ."),
        ("Really?!", "Really?!"),
        ("And so on…", "And so on…"),
        ("東京は首都です。", "東京は首都です。"),
        ("東京は首都です", "東京は首都です!"),
        ("राजधानी है।", "राजधानी है।"),
        ("राजधानी है", "राजधानी है!"),
        ("ما هذا؟", "ما هذا؟"),
        ('He said "yes"', 'He said "yes"!'),
        ('He said "yes."', 'He said "yes."'),
        ('He said "', 'He said "'),
        ("We met (in [Rome](LOC))", "We met (in [Rome](LOC))!"),
        ("in the U.S.", "in the U.S."),
        ("great :)", "great :)"),
        ("good ❤️", "good ❤️!"),
        ("up by 5%", "up by 5%!"),
        ("5 €", "5 €!"),
        ("see (", "see ("),
        ("well -", "well -"),
        ("in [Paris ](LOC)", "in [Paris ](LOC)"),
        ("", ""),
        ("  ", "  "),
        ('""', '""'),
        ("cafe\u0301", "cafe\u0301!"),
    ],
)
def test_a_mark_is_added_at_the_end_outside_of_spans_where_there_is_none(before: str, after: str) -> None:
    assert change("add_punctuation", before, whitelist=["!"]) == after


def test_each_mark_of_the_whitelist_can_be_added() -> None:
    assert changed_by_seeds("add_punctuation", "Yes", whitelist=["?", "...", ";"]) == {"Yes?", "Yes...", "Yes;"}
    assert changed_by_seeds("add_punctuation", "Yes") == {"Yes!", "Yes.", "Yes,", "Yes;", "Yes:"}


@pytest.mark.parametrize("kind", ["add_punctuation", "strip_punctuation", "strip_all_punctuation"])
@pytest.mark.parametrize("whitelist", [[], [""], [" "], "!?"])
def test_a_whitelist_without_marks_is_refused(kind: str, whitelist: object) -> None:
    with pytest.raises(FieldError) as error:
        transform(kind, whitelist=whitelist)
    assert "whitelist" in str(error.value.path)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We met in [Paris](LOC).", "We met in [Paris](LOC)"),
        ("We met in [Paris](LOC) .", "We met in [Paris](LOC)"),
        ("We met!!!", "We met"),
        ("Really?! ", "Really "),
        ("We met . . .", "We met"),
        ("We met", "We met"),
        ("in the U.S.", "in the U.S."),
        ("in the [U.S.](LOC)", "in the [U.S.](LOC)"),
        ("in the [U.S.](LOC).", "in the [U.S.](LOC)"),
        ("in the [U.S.](LOC) .", "in the [U.S.](LOC)"),
        ("at 5 p.m.", "at 5 p.m."),
        ("at 5 p.m. .", "at 5 p.m."),
        ("at 5 p.m.?", "at 5 p.m."),
        ("of [Apple Inc.](ORG)", "of [Apple Inc](ORG)"),
        ("of [Apple Inc.](ORG).", "of [Apple Inc.](ORG)"),
        ("Plan B.", "Plan B"),
        ('He said "yes."', 'He said "yes"'),
        ('He said " yes . "', 'He said " yes "'),
        ("(We met.)", "(We met)"),
        ("great :-)", "great :-)"),
        ("great ;)", "great ;)"),
        ("...", "..."),
        ("Wait [...](X)", "Wait [...](X)"),
        ("Wait [! ](X)", "Wait [! ](X)"),
        ("[Who, me?](WORK)", "[Who, me](WORK)"),
        ("東京です。", "東京です"),
        ("राजधानी है।", "राजधानी है"),
        ("ما هذا؟", "ما هذا"),
        ("cost 5.\n", "cost 5\n"),
        ("a.b", "a.b"),
        ("", ""),
        ("one. two", "one. two"),
        ("well -", "well"),
    ],
)
def test_the_marks_at_the_end_are_taken_away(before: str, after: str) -> None:
    assert change("strip_punctuation", before) == after


def test_only_marks_of_the_whitelist_are_taken_away_from_the_end() -> None:
    assert change("strip_punctuation", "Really?!", whitelist=["!"]) == "Really?"
    assert change("strip_punctuation", "Really.", whitelist=["!"]) == "Really."


def test_a_protected_span_keeps_its_mark_at_the_end() -> None:
    assert change("strip_punctuation", "of [Apple Inc.](ORG)", inside="protect") == "of [Apple Inc.](ORG)"
    assert change("strip_punctuation", "of [Apple Inc.](ORG)!", inside="only") == "of [Apple Inc.](ORG)!"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Yes, [Paris](LOC) is big.", "Yes [Paris](LOC) is big"),
        ('"[Jaws](WORK)," he said', "[Jaws](WORK) he said"),
        ("[Paris](LOC)'s mayor, [Anne](PER), said", "[Paris](LOC)'s mayor [Anne](PER) said"),
        ("[Germany](LOC) 's team did n't play .", "[Germany](LOC) 's team did n't play"),
        ("don't, won’t; l’été!", "don't won’t l’été"),
        ("the dogs' 'n' cats", "the dogs n cats"),
        ("a well-known man", "a well known man"),
        ("Fish &amp; chips, &#39;n&#39; AT&T; so", "Fish &amp; chips &#39;n&#39; AT&T so"),
        ("[Ann](PER)-[Bob](PER)", "[Ann](PER) [Bob](PER)"),
        ("[Rio](LOC)-based", "[Rio](LOC) based"),
        ("[Coca-Cola](ORG)", "[Coca Cola](ORG)"),
        ("COVID-19 and the 16-year-old F-16", "COVID-19 and the 16 year old F-16"),
        ("3.14, 1,000.50 at 10:30 on 1996-08-22: 2-1", "3.14 1,000.50 at 10:30 on 1996-08-22 2-1"),
        ("03/12/2021 - it was -5 or .5, i.e. cold", "03/12/2021 it was -5 or .5 ie cold"),
        ("the U.S. and [U.K.](LOC), J.K. Rowling, Ph.D.", "the US and [UK](LOC) JK Rowling PhD"),
        ("J.Smith said.Then he left", "J Smith said Then he left"),
        ("example.com or Node.js.", "example.com or Node.js"),
        ("and/or he/she at 5 km/h w/o", "and or he she at 5 km/h w/o"),
        ("see (https://example.com/a,b.c), or me@x.org.", "see https://example.com/a,b.c or me@x.org"),
        ("in /usr/lib/x.so; ~/a.b!", "in /usr/lib/x.so ~/a.b"),
        ("wait...what?!", "wait what"),
        ("hard -- more — and – less", "hard more and less"),
        ("said: “Yes!”\n\n‘No’", "said Yes\n\nNo"),
        ("[Mr. X](PER) (me).\n", "[Mr X](PER) me\n"),
        ("C++, C#, AT&T: 50%", "C++ C# AT&T 50%"),
        ("#win! #lose.", "#win #lose"),
        ("...", "..."),
        ("[...](X) yes, sir", "[...](X) yes sir"),
        ("[Paris,](LOC) yes", "[Paris](LOC) yes"),
        ("in [(Paris)](LOC), yes", "in [Paris](LOC) yes"),
        ("in[- Paris](LOC)", "in[- Paris](LOC)"),
        ("in [- Paris](LOC)", "in [Paris](LOC)"),
        ("你好，世界！", "你好 世界"),
        ("राजधानी है। हाँ", "राजधानी है हाँ"),
        ('היי, צה"ל!', 'היי צה"ל'),
        ("nothing to do", "nothing to do"),
        ("", ""),
        ("  - item", "  item"),
        ("wow ‼️ yes", "wow ‼️ yes"),
        ("[U.S.](LOC)-led", "[US](LOC) led"),
        ("[U.S.](LOC)'s aim", "[US](LOC)'s aim"),
    ],
)
def test_all_marks_are_taken_away_and_no_words_are_joined(before: str, after: str) -> None:
    assert change("strip_all_punctuation", before) == after


def test_only_marks_of_the_whitelist_are_taken_away() -> None:
    assert change("strip_all_punctuation", "Yes, (well) - no.", whitelist=[",", "-"]) == "Yes (well) no."


@pytest.mark.parametrize(
    ("settings", "after"),
    [
        ({"inside": "protect"}, "Yes [Mr. X, Jr.](PER) said [Rio-X](LOC)"),
        ({"inside": "only"}, "Yes, [Mr X Jr](PER), said: [Rio X](LOC)."),
        ({"labels": {"LOC": "protect"}}, "Yes [Mr X Jr](PER) said [Rio-X](LOC)"),
    ],
)
def test_policies_say_where_marks_are_taken_away(settings: dict[str, object], after: str) -> None:
    assert change("strip_all_punctuation", "Yes, [Mr. X, Jr.](PER), said: [Rio-X](LOC).", **settings) == after


def test_spans_that_overlap_are_not_spoiled() -> None:
    text, spans = '"Jaws," he said', (Span(7, 15, "Y"), Span(13, 15, "X"), Span(6, 14, "X"))
    edits = transform("strip_all_punctuation", inside="only").editor({})(Text(text, spans), Dice(0))
    assert apply(text, spans, edits).text == text


@pytest.mark.parametrize("kind", ["add_punctuation", "strip_punctuation", "strip_all_punctuation"])
def test_any_text_survives(kind: str) -> None:
    survives(kind)


@given(
    strategies.lists(
        strategies.sampled_from(["a", "B.", " ", "[x,](P)", "'s", "-", "5", ", ", "«é»", "\n"]), max_size=12
    )
)
def test_words_stay_the_same_and_no_double_space_arises(pieces: list[str]) -> None:
    before = "".join(pieces).replace(")[", ") [")
    after = change("strip_all_punctuation", before)
    plain, bare = (re.sub(r"\]\(P\)|\[", "", text) for text in (before, after))
    assert re.sub(r"[\W_]", "", plain) == re.sub(r"[\W_]", "", bare)
    assert len(re.findall(r"\s{2}", bare)) <= len(re.findall(r"\s{2}", plain))
