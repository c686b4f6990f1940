"""Letters: look-alikes in their place, and accents away only where a letter remains."""

from __future__ import annotations

from unicodedata import name

import pytest
from confusable_homoglyphs import confusables
from hypothesis import given, strategies

from seedbed.core.fields import FieldError
from seedbed.transforms import letters

from .nasty import survives
from .play import change, changed_by_seeds, transform


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a", {"а"}),
        ("[a](X) 1", {"[а](X) 1"}),
        ("c", {"с", "ϲ"}),
        ("A", {"А", "Α"}),
        ("ab", {"аb"}),
        ("[ab](X)'s", {"[аb](X)'s", "[ab](X)'ѕ"}),
        ("м", {"м"}),
        ("а", {"a"}),
        ("Ω", {"Ω"}),
        ("ν", {"v", "ѵ"}),
        ("e\u0301", {"е\u0301"}),
        ("é", {"é"}),
        ("12 !?", {"12 !?"}),
        ("", {""}),
        ("東京", {"東京"}),
        ("हिन्दी", {"हिन्दी"}),
        ("שלום", {"שלום"}),
        ("مرحبا", {"مرحبا"}),
        ("ไทย", {"ไทย"}),
        ("https://a.co", {"https://a.co"}),
        ("a@x.co b p", {"a@x.co b р"}),
        ("#tag b p", {"#tag b р"}),
        ("👩‍🚀x", {"👩‍🚀х"}),
        ("ß", {"ß"}),
    ],
)
def test_one_letter_becomes_any_that_looks_the_same(before: str, after: set[str]) -> None:
    assert changed_by_seeds("unicode_confusables", before, prob=0.01) == after


def test_look_alikes_are_taken_for_the_share_of_letters_that_have_some() -> None:
    before = "abcdebfbgb" * 10
    after = change("unicode_confusables", before, prob=0.5)
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 25
    assert after.count("b") == before.count("b")


@pytest.mark.parametrize(
    ("settings", "after"),
    [({"inside": "protect"}, "[a](X) а [a](Y)"), ({"inside": "only"}, "[а](X) a [а](Y)"), ({}, "[а](X) а [а](Y)")],
)
def test_policies_say_where_letters_are_exchanged(settings: dict[str, object], after: str) -> None:
    assert change("unicode_confusables", "[a](X) a [a](Y)", prob=1.0, **settings) == after


def test_each_look_alike_is_one_to_unicode_or_to_everybody() -> None:
    for group in letters._ALIKE.split():
        assert len({letter.isupper() for letter in group}) == 1
        for other in group[1:]:
            known = other in _near(group[0]) or _near(group[0]) & _near(other)
            assert known or group in {"lӏ", "QԚ"}, name(other)


def _near(letter: str) -> set[str]:
    return {one["c"] for one in confusables.confusables_data.get(letter, ())}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[São Paulo](LOC) café", "[Sao Paulo](LOC) cafe"),
        ("[Zürich](LOC)'s naïve résumé", "[Zurich](LOC)'s naive resume"),
        ("ÀÉÎÕÜ Ñandú Čech Šárka", "AEIOU Nandu Cech Sarka"),
        ("Łódź Ørsted Đorđe Ħal", "Lodz Orsted Dorde Hal"),
        ("Straße Æsir œuvre Þór ðæ", "Straße Æsir œuvre Þor ðæ"),
        ("cafe\u0301", "cafe"),
        ("[cafe\u0301](X)s", "[cafe](X)s"),
        ("[cafe](X)\u0301s", "[cafe](X)\u0301s"),
        ("Việt Nam đường", "Viet Nam duong"),
        ("İstanbul ılık ğ ş", "Istanbul ılık g s"),
        ("Άνθρωπος ΐ ᾳ ὦ", "Ανθρωπος ι α ω"),
        ("ёлка Ёж", "елка Еж"),
        ("йод и Йошкар и\u0306", "йод и Йошкар и\u0306"),
        ("замо\u0301к", "замок"),
        ("їжак ў ґ", "їжак ў ґ"),
        ("हिन्दी की", "हिन्दी की"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("ที่น้ำ", "ที่น้ำ"),
        ("がぎ か\u3099", "がぎ か\u3099"),
        ("한국", "한국"),
        ("plain ASCII", "plain ASCII"),
        ("", ""),
        ("“quotes” – 5 €", "“quotes” – 5 €"),
        ("1\u0301 😀\ufe0f", "1\u0301 😀\ufe0f"),
        ("Z\u0351\u0327algo", "Zalgo"),
    ],
)
def test_accents_go_where_a_letter_remains(before: str, after: str) -> None:
    assert change("accents_removed", before) == after


def test_a_share_of_the_accents_goes_and_at_least_one() -> None:
    assert changed_by_seeds("accents_removed", "é ü a", prob=0.1) == {"e ü a", "é u a"}


@pytest.mark.parametrize(
    ("settings", "after"),
    [({"inside": "protect"}, "[é](X) e"), ({"inside": "only"}, "[e](X) é"), ({"labels": {"X": "allow"}}, "[e](X) e")],
)
def test_policies_say_where_accents_go(settings: dict[str, object], after: str) -> None:
    assert change("accents_removed", "[é](X) é", **settings) == after


@pytest.mark.parametrize("kind", ["unicode_confusables", "accents_removed"])
def test_any_text_survives(kind: str) -> None:
    survives(kind)
    survives(kind, prob=0.5)


@given(strategies.text())
def test_nothing_is_left_to_remove_the_second_time(text: str) -> None:
    once = change("accents_removed", text.replace("[", ""))
    assert change("accents_removed", once) == once


@pytest.mark.parametrize("kind", ["unicode_confusables", "accents_removed"])
@pytest.mark.parametrize("prob", [0, 1.01, "x"])
def test_a_share_that_is_none_is_refused(kind: str, prob: object) -> None:
    with pytest.raises(FieldError):
        transform(kind, prob=prob)
