from __future__ import annotations

import re

import pytest

from ..play import change, changed_by_seeds


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # With max_change 1 there is one outcome at the ends of what is plausible: 1, 17, 18, 99.
        ("She is 18 years old.", "She is 19 years old."),
        ("She is 17 years old.", "She is 16 years old."),
        ("She is 1 year old.", "She is 2 years old."),
        ("She'S 1 YEAR OLD", "She'S 2 YEARS OLD"),
        ("a 1 year old boy", "a 2 year old boy"),
        ("a 1-year-old boy", "a 2-year-old boy"),
        ("A one-year-old boy", "A two-year-old boy"),
        ("One-year-old twins", "Two-year-old twins"),
        ("an 18-year-old", "a 19-year-old"),
        ("An 18-year-old man", "A 19-year-old man"),
        ("a 17-year-old girl", "a 16-year-old girl"),
        ("18-year-olds may vote", "19-year-olds may vote"),
        ("aged 1 month", "aged 2 months"),
        ("aged 18, he left", "aged 19, he left"),
        ("AGED 18, HE LEFT", "AGED 19, HE LEFT"),
        ("Age: 18", "Age: 19"),
        ("at the age of eighteen.", "at the age of nineteen."),
        ("At age 17 she won.", "At age 16 she won."),
        ("a 1 week old foal", "a 2 week old foal"),
        ("he was 99 years of age", "he was 98 years of age"),
        ("Pt is an 18 y/o male", "Pt is a 19 y/o male"),
        ("[Ann](PER) , [18](AGE) years old", "[Ann](PER) , [19](AGE) years old"),
        ("[Ann](PER) is [1 year](AGE) old", "[Ann](PER) is [2 years](AGE) old"),
        ("[an 18-year-old](PER) fell", "[a 19-year-old](PER) fell"),
        ("[18](AGE)-year-old [Bo](PER)", "[19](AGE)-year-old [Bo](PER)"),
        ("a 18-year-old", "a 19-year-old"),
        ("👩‍👧 18 years old 😀", "👩‍👧 19 years old 😀"),
    ],
)
def test_an_age_becomes_another_one(given: str, expected: str):
    assert changed_by_seeds("randomize_age", given, 20, max_change=1) == {expected}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "...",
        "The old man lost 25 pages.",
        "aged 18 to 24",
        "aged 18-24",
        "ages 18 and 24",
        "20 to 25 years old",
        "five- and six-year-old children",
        "5- or 6-year-olds",
        "2.5 years old",
        "two and a half years old",
        "4,500 years old",
        "a hundred and five years old",
        "Ice Age 2 was fun.",
        "Bronze Age 4 finds",
        "aged 25% more",
        "aged 2.5 years",
        "The page 25 years older",
        "Twenty years later he was old.",
        "5 years 3 months old",
        "25 years old-fashioned",
        "a year-old boy",
        "He, 1 year old, slept.",
        "https://x.org/age 2000",
        "see #age 25-year-oldest",
        "他今年25岁",
        "عمره 25 سنة",
        "[aged 1](X)[8](Y) years old",
    ],
)
def test_what_is_no_certain_age_stays(given: str):
    assert changed_by_seeds("randomize_age", given, 20) == {given}


def test_ages_stay_within_the_change_and_on_their_side_of_eighteen():
    for old in range(2, 100):
        found = changed_by_seeds("randomize_age", f"He is {old} years old.", 60, max_change=10)
        ages = {int(re.findall(r"\d+", text)[0]) for text in found}
        assert old not in ages
        assert all(0 < age < 100 and abs(age - old) <= 10 and (age < 18) == (old < 18) for age in ages)


def test_an_age_in_figures_and_in_words_becomes_the_same():
    texts = changed_by_seeds("randomize_age", "Ann is 97 years old, Bo ninety-seven years old.", max_change=9)
    assert "Ann is 98 years old, Bo ninety-eight years old." in texts
    assert changed_by_seeds("randomize_age", "a 105-year-old", max_change=1) == {"a 104-year-old", "a 106-year-old"}


def test_two_years_may_become_one_year():
    assert changed_by_seeds("randomize_age", "He is 2 years old.") == {"He is 1 year old.", "He is 3 years old."}


def test_words_stay_words_in_their_form():
    found = changed_by_seeds("randomize_age", "A fifty-five-year-old, not fifty five years old.")
    assert len(found) > 5
    for text in found:
        first, last = re.fullmatch(r"An? (\w+(?:-\w+)?)-year-old, not (\w+(?: \w+)?) years old.", text).groups()
        assert first.replace("-", " ") == last


def test_the_same_age_becomes_the_same():
    for text in changed_by_seeds("randomize_age", "Ann, aged 40, and Bo, 40 years old"):
        first, last = re.findall(r"\d+", text)
        assert first == last != "40"


def test_a_share_of_the_ages_may_be_left():
    found = changed_by_seeds("randomize_age", "aged 40 or aged 70", prob=0.5)
    assert all(("40" in text) != ("70" in text) for text in found)


def test_a_protected_span_keeps_its_age():
    assert change("randomize_age", "[aged 40](DATE)", labels={"DATE": "protect"}) == "[aged 40](DATE)"
