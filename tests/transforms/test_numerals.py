"""Numbers in digits and in words."""

from __future__ import annotations

import sys

import pytest

from seedbed.core.errors import InputError, MissingExtra
from seedbed.transforms.numbers_in_digits import speaker

from .play import change, changed_by_seeds


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("25 men", "Twenty-five men"),
        ("the 105 men", "the one hundred and five men"),
        ("all 1,200 men", "all one thousand two hundred men"),
        ("in 1997, since 2004", "in nineteen ninety-seven, since two thousand and four"),
        ("the 1966 World Cup of 1905", "the nineteen sixty-six World Cup of nineteen oh-five"),
        ("with 1500 men, in 1500 homes", "with 1500 men, in 1500 homes"),
        ("killed 1500 men", "killed one thousand five hundred men"),
        ("fell 3.50 or 0.25", "fell three point five zero or zero point two five"),
        ("the 3rd and 21st time", "the third and twenty-first time"),
        ("up 5%, a 12.5% stake", "up five percent, a twelve point five percent stake"),
        ("for $5, £1 and €60.", "for five dollars, one pound and sixty euros."),
        ("for $5.50 and £2.01", "for five dollars and fifty cents and two pounds and one penny"),
        ("of $1.4 billion or ¥500", "of one point four billion dollars or five hundred yen"),
        ("a $5 million deal", "a five million dollar deal"),
        ("big $5 deals, $5.5 deals", "big $5 deals, $5.5 deals"),
        ("1.4 million cars", "One point four million cars"),
        ("a 5-year-old, a 105-page book", "a five-year-old, a 105-page book"),
        ("an 8 and an 11", "an eight and an eleven"),
        ("12/05/2020 and 2020-05-12, 12.05.2020", "12/05/2020 and 2020-05-12, 12.05.2020"),
        ("at 10:30 or 7 p.m. or 9am", "at 10:30 or 7 p.m. or 9am"),
        ("January 12, 1999 and 12 May, 6 to 9 June", "January 12, 1999 and 12 May, 6 to 9 June"),
        ("version 1.2.3, call 020 7946 0958 or 555-0199", "version 1.2.3, call 020 7946 0958 or 555-0199"),
        ("A4 paper, won 2-1 on page 5", "A4 paper, won 2-1 on page 5"),
        ("beat Paris 2 - 1 , drew 3 – 3", "beat Paris 2 - 1 , drew 3 – 3"),
        ("had 5 dogs - 3 of them black", "had five dogs - three of them black"),
        ("on Radio 4 with Boeing 747 in Room 101", "on Radio 4 with Boeing 747 in Room 101"),
        ("take 20 mg or 5 km", "take 20 mg or 5 km"),
        ("the 1990s, 5x, #5, @5, x=5, 10,5", "the 1990s, 5x, #5, @5, x=5, 10,5"),
        ("US$5, $5m, 5€, 007, 123456", "US$5, $5m, 5€, 007, 123456"),
        ("love &lt; 3 <3 < 3, 7&amp;#x25, $ 5 million", "love &lt; 3 <3 < 3, 7&amp;#x25, $ 5 million"),
        ("the 90 's, on 5 november, 2 may go", "the 90 's, on 5 november, two may go"),
        ("time 2 go 4 da win, 2 goals, 4 men", "time 2 go 4 da win, two goals, four men"),
        ("on Sept . 17 and June 2 , 1914, by 23.19", "on Sept . 17 and June 2 , 1914, by 23.19"),
        ("20 + men, 7.5 /10, odds: 5 men", "20 + men, 7.5 /10, odds: five men"),
        ("1. First\n2. Second", "1. First\n2. Second"),
        ("www.7.com/7", "www.7.com/7"),
        ("[25](X) men", "[Twenty-five](X) men"),
        ("in [19](X)97, [$5](M) [million](X)", "in [19](X)97, [$5](M) [million](X)"),
        ("with [the 3rd man](X)'s 2 dogs", "with [the third man](X)'s two dogs"),
        ("5人 и 7 👨‍👩‍👧", "5人 и seven 👨‍👩‍👧"),
        ("٣ رجال", "٣ رجال"),
        ("", ""),
    ],
)
def test_digits_become_words(given: str, expected: str):
    assert change("number_to_word", given) == expected


@pytest.mark.parametrize(
    ("lang", "given", "expected"),
    [
        ("de", "es gibt 25 und 1.000 und 3,5", "es gibt fünfundzwanzig und 1.000 und 3,5"),
        ("de", "in 1997 nur 1 und 5%", "in neunzehnhundertsiebenundneunzig nur 1 und 5%"),
        ("fr", "il y a 80 ans", "il y a quatre-vingts ans"),
        ("es", "son 7", "son siete"),
        ("en_IN", "all 25", "all twenty-five"),
    ],
)
def test_digits_become_words_of_other_languages(lang: str, given: str, expected: str):
    assert change("number_to_word", given, lang=lang) == expected


def test_a_language_without_numbers_is_refused_with_the_nearest_one():
    with pytest.raises(InputError, match="`xx`"):
        change("number_to_word", "5", lang="xx")


def test_without_the_package_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch):
    speaker.cache_clear()
    monkeypatch.setitem(sys.modules, "num2words", None)
    with pytest.raises(MissingExtra, match="augment"):
        change("number_to_word", "5")
    speaker.cache_clear()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Twenty-five men", "25 men"),
        ("one hundred and five men", "105 men"),
        ("two thousand three hundred", "2300"),
        ("fifty-five thousand people", "55,000 people"),
        ("two hundred and five thousand", "205,000"),
        ("five million, one point four billion", "5 million, 1.4 billion"),
        ("two million three hundred thousand", "2,300,000"),
        ("in nineteen ninety-nine and nineteen hundred", "in 1999 and 1900"),
        ("in two thousand and four or twenty twenty", "in 2004 or 2020"),
        ("three point one four", "3.14"),
        ("a five-year-old", "a 5-year-old"),
        ("an eleven-year plan", "an 11-year plan"),
        ("between two hundred and five hundred", "between 200 and 500"),
        ("no one, one of them, one day, zero tolerance", "no one, one of them, one day, zero tolerance"),
        ("one or two, one in five, ten to one", "one or two, one in five, ten to one"),
        ("a week or two", "a week or two"),
        ("a hundred and five, half a million", "a hundred and five, half a million"),
        ("the first, the second, wait a second", "the first, the second, wait a second"),
        ("two thirds, three-quarters, the twenty-first", "two thirds, three-quarters, the twenty-first"),
        ("two and a half, two-and-a-half", "two and a half, two-and-a-half"),
        ("the nineteen eighties, nineteen oh five", "the nineteen eighties, nineteen oh five"),
        ("two three, zero five, fifty-fifty", "two three, zero five, fifty-fifty"),
        ("a five point plan, zero point five", "a five point plan, 0.5"),
        ("with Ocean's Eleven, Nine Inch Nails", "with Ocean's Eleven, Nine Inch Nails"),
        ("Five Star won", "Five Star won"),
        ("[two](X) men", "[2](X) men"),
        ("[twenty](X)-[five](Y) men", "[twenty](X)-[five](Y) men"),
        ("[Ann's](PER) two", "[Ann's](PER) 2"),
        ("#two @two two@two.com", "#two @two two@two.com"),
        ("sixty two  thousand twos", "62  thousand twos"),
        ("TWO MEN", "2 MEN"),
        ("два two 二", "два 2 二"),
        ("", ""),
    ],
)
def test_words_become_digits(given: str, expected: str):
    assert change("word_to_number", given) == expected


def test_a_share_of_the_numbers_is_changed_and_always_one():
    for prob, count in ((0.01, 1), (0.5, 2), (1, 4)):
        assert change("number_to_word", "a 5, a 5, a 5, a 5", prob=prob).count("five") == count
        assert change("word_to_number", "a five, a five, a five, a five", prob=prob).count("5") == count


def test_protected_spans_stay():
    assert changed_by_seeds("number_to_word", "all [25](X) of 5", 3, inside="protect") == {"all [25](X) of five"}
    assert changed_by_seeds("word_to_number", "all [ten](X) of five", 3, inside="protect") == {"all [ten](X) of 5"}


@pytest.mark.parametrize("number", [2, 10, 19, 20, 21, 99, 100, 101, 999, 1000, 1001, 2300, 10_000, 99_999, 123_456])
def test_there_and_back_is_the_same_number(number: int):
    words = change("number_to_word", f"all {number:,} men")
    assert change("word_to_number", words) in {f"all {number:,} men", f"all {number} men"}
