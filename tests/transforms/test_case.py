"""Case: every letter stays in its place."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from seedbed.core.fields import FieldError

from .nasty import survives
from .play import change, changed_by_seeds, transform

KINDS = ("uppercase", "lowercase", "titlecase", "swapcase_random")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The [EU](ORG) said no.", "THE [EU](ORG) SAID NO."),
        ("[Paris](LOC) is in [France](LOC)", "[PARIS](LOC) IS IN [FRANCE](LOC)"),
        ("[Paris](LOC)'s mayor", "[PARIS](LOC)'S MAYOR"),
        ("don't, won’t", "DON'T, WON’T"),
        ("ALREADY 42!", "ALREADY 42!"),
        ("Straße", "STRAßE"),
        ("groß wie ŉ und ﬁn", "GROß WIE ŉ UND ﬁN"),
        ("[Groß](PER) lebt", "[GROß](PER) LEBT"),
        ("istanbul ılık", "ISTANBUL ILIK"),
        ("οδυσσεύς", "ΟΔΥΣΣΕΎΣ"),
        ("été cafe\u0301", "ÉTÉ CAFE\u0301"),
        ("[москва](LOC) большая", "[МОСКВА](LOC) БОЛЬШАЯ"),
        ("ΐ stays, ά does not", "ΐ STAYS, Ά DOES NOT"),
        ("東京は首都です", "東京は首都です"),
        ("दिल्ली", "दिल्ली"),
        ("مرحبا", "مرحبا"),
        ("3rd place", "3RD PLACE"),
        ("ok 👍🏽 fine", "OK 👍🏽 FINE"),
        ("a\r\nb", "A\r\nB"),
        ("", ""),
        ("...", "..."),
        ("ǆ", "Ǆ"),
    ],
)
def test_uppercase_makes_capitals_of_all_letters_that_have_one(before: str, after: str) -> None:
    assert change("uppercase", before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The [EU](ORG) said NO.", "the [eu](ORG) said no."),
        ("[PARIS](LOC) is", "[paris](LOC) is"),
        ("[Paris](LOC)'S", "[paris](LOC)'s"),
        ("DON'T", "don't"),
        ("already small", "already small"),
        ("ΟΔΟΣ", "οδος"),
        ("ΟΔΟΣ. ΣΑΣ ΣΕ", "οδος. σας σε"),
        ("İSTANBUL ΟΔΟΣ", "İstanbul οδος"),
        ("[İZMİR](LOC) VE", "[İzmİr](LOC) ve"),
        ("IŞIK", "işik"),
        ("ẞ und SS", "ß und ss"),
        ("ÉTÉ CAFE\u0301", "été cafe\u0301"),
        ("МОСКВА", "москва"),
        ("東京", "東京"),
        ("मुंबई", "मुंबई"),
        ("שלום", "שלום"),
        ("3RD", "3rd"),
        ("HTTPS://EXAMPLE.COM", "https://example.com"),
        ("A\r\nB", "a\r\nb"),
        ("", ""),
        ("?!", "?!"),
    ],
)
def test_lowercase_makes_small_letters_of_all_capitals(before: str, after: str) -> None:
    assert change("lowercase", before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the [EU](ORG) said no.", "The [Eu](ORG) Said No."),
        ("I don't know, won’t you?", "I Don't Know, Won’t You?"),
        ("[o'brien](PER) and d’Angelo", "[O'Brien](PER) And D’Angelo"),
        ("at five o'clock, y'all", "At Five O'Clock, Y'all"),
        ("[Paris](LOC)'s mayor", "[Paris](LOC)'s Mayor"),
        ("[Germany](LOC) 's team did n't", "[Germany](LOC) 's Team Did n't"),
        ("well-known man", "Well-Known Man"),
        ("the 3rd 4G test of 1990s", "The 3rd 4G Test Of 1990s"),
        ("covid19b", "Covid19b"),
        ("'tis so", "'Tis So"),
        ("he said 'yes'", "He Said 'Yes'"),
        ("see https://example.com/a now", "See https://example.com/a Now"),
        ("mail me@example.com #hashtag ok", "Mail me@example.com #hashtag Ok"),
        ("straße ßa", "Straße ßa"),
        ("fish &amp; chips &#39;so", "Fish &amp; Chips &#39;so"),
        ("ΟΔΟΣ ΌΜΗΡΟΣ", "Οδος Όμηρος"),
        ("cafe\u0301teria", "Cafe\u0301teria"),
        ("l'équipe à l’école", "L'Équipe À L’École"),
        ("москва большая", "Москва Большая"),
        ("ǆep", "ǅep"),
        ("東京は", "東京は"),
        ("Done Already", "Done Already"),
        ("", ""),
        ("ALL CAPS", "All Caps"),
        ("éİ ßa aß", "Éİ ßa Aß"),
        ("wo\u00adche", "Wo\u00adche"),
    ],
)
def test_titlecase_begins_each_word_with_a_capital(before: str, after: str) -> None:
    assert change("titlecase", before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Ab [Cd](X) e", "aB [cD](X) E"),
        ("[Paris](LOC)'s", "[pARIS](LOC)'S"),
        ("don't", "DON'T"),
        ("Straße", "sTRAßE"),
        ("ΟΔΟΣ", "οδος"),
        ("İz", "İZ"),
        ("Été", "éTÉ"),
        ("cafe\u0301", "CAFE\u0301"),
        ("Мир", "мИР"),
        ("東京", "東京"),
        ("हिन्दी", "हिन्दी"),
        ("123", "123"),
        ("a1", "A1"),
        ("", ""),
        ("...", "..."),
        ("see https://example.com", "SEE https://example.com"),
        ("me@example.com", "me@example.com"),
        ("#tag ok", "#tag OK"),
        ("A\r\nb", "a\r\nB"),
        ("ok 👩‍🚀 go", "OK 👩‍🚀 GO"),
        ("(Yes)", "(yES)"),
    ],
)
def test_swapcase_with_all_letters_swaps_each(before: str, after: str) -> None:
    assert change("swapcase_random", before, prob=1.0) == after


def test_swapcase_swaps_the_share_that_is_asked_for() -> None:
    before = "abcdefghij" * 10
    after = change("swapcase_random", before, prob=0.3)
    assert sum(letter.isupper() for letter in after) == 30
    assert after.lower() == before


def test_swapcase_swaps_at_least_one_letter_and_each_can_be_it() -> None:
    assert changed_by_seeds("swapcase_random", "[abc](X) 1", prob=0.01) == {"[Abc](X) 1", "[aBc](X) 1", "[abC](X) 1"}


def test_a_share_of_the_words_changes_as_a_whole() -> None:
    found = changed_by_seeds("uppercase", "an [odd](X) day", prob=0.5)
    assert found == {"AN [ODD](X) day", "AN [odd](X) DAY", "an [ODD](X) DAY"}


def test_words_that_cannot_change_are_not_counted_in_the_share() -> None:
    assert changed_by_seeds("uppercase", "42 OK yes", prob=0.1) == {"42 OK YES"}


@pytest.mark.parametrize(
    ("settings", "after"),
    [
        ({"inside": "protect"}, "IN [new York](LOC), [tim](PER) SAID"),
        ({"inside": "only"}, "in [NEW YORK](LOC), [TIM](PER) said"),
        ({"labels": {"PER": "protect"}}, "IN [NEW YORK](LOC), [tim](PER) SAID"),
        ({"labels": {"PER": "only"}}, "in [new York](LOC), [TIM](PER) said"),
        ({}, "IN [NEW YORK](LOC), [TIM](PER) SAID"),
    ],
)
def test_policies_say_where_the_case_changes(settings: dict[str, object], after: str) -> None:
    assert change("uppercase", "in [new York](LOC), [tim](PER) said", **settings) == after


@pytest.mark.parametrize("kind", KINDS)
def test_any_text_survives(kind: str) -> None:
    survives(kind)
    survives(kind, prob=0.4)


@pytest.mark.parametrize("kind", KINDS)
@given(text=strategies.text())
def test_the_number_of_letters_never_changes(kind: str, text: str) -> None:
    assert len(change(kind, text.translate({ord("["): None}))) == len(text.translate({ord("["): None}))


@pytest.mark.parametrize("prob", [0, -1, 1.5, "half", True])
def test_a_share_that_is_none_is_refused(prob: object) -> None:
    with pytest.raises(FieldError) as error:
        transform("uppercase", prob=prob)
    assert "prob" in str(error.value.path)
