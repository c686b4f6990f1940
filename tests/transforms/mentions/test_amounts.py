from __future__ import annotations

import re

import pytest

from ..play import change, changed_by_seeds

KIND = "replace_numbers"


@pytest.mark.parametrize(
    ("given", "pattern"),
    [
        ("It has 250 members", r"It has [1-3][0-9]0 members"),
        ("It has 257 members", r"It has [1-3]\d\d members"),
        ("1,250 people", r"[1-9],\d\d0 people"),
        ("1,234,567 people", r"1,\d{3},\d{3} people"),
        ("It costs $3.50 or so", r"It costs \$[1-5]\.\d0 or so"),
        ("up 3.5%", r"up [1-5]\.\d%"),
        ("up 0.05 points", r"up 0\.0\d points"),
        ("99 % of them", r"[4-9]\d % of them"),
        ("£5m or so with €40bn", r"£[3-7]m or so with €[2-6]0bn"),
        ("(25%) of it", r"\((?:1[3-9]|2\d|3[0-7])%\) of it"),
        ("after 9 years", r"after [5-8] years"),
        ("2 dogs", r"3 dogs"),
        ("an 8 % rise", r"an? [4-9] % rise"),
        ("About 12 of them", r"About 1[0-8] of them"),
        ("[25%](PERCENT)", r"\[(?:1[3-9]|2\d|3[0-7])%\]\(PERCENT\)"),
        ("[about 25 dollars](MONEY), [Ann](PER)", r"\[about \d\d dollars\]\(MONEY\), \[Ann\]\(PER\)"),
        ("[Ann](PER) has 30 cats", r"\[Ann\]\(PER\) has [1-4]0 cats"),
        ("30", r"[24]0"),
        ("at 25 % of it", r"at (?:1[3-9]|2\d|3[0-7]) % of it"),
        ("by 2.5 points", r"by [1-3]\.\d points"),
        ("4% with £4 in 4 million", r"([2356])% with £\1 in \1 million"),
        ("5 mg every 8 hours", r"[3-7] mg every (?:[4-7]|9) hours"),
        ("他有 30 元", r"他有 [24]0 元"),
        ("👩‍👧 30 😀", r"👩‍👧 [24]0 😀"),
    ],
)
def test_a_number_becomes_another_one_of_its_shape(given: str, pattern: str):
    found = changed_by_seeds(KIND, given, 40)
    assert given not in found
    assert all(re.fullmatch(pattern, text) for text in found), found


@pytest.mark.parametrize(
    "given",
    [
        "",
        "...",
        "1 dog and 1.0 l",
        "in 2004 or 1999",
        "5 March, March 5, 2024-03-05, 05/03/2024",
        "at 10:30, 6 pm, 6pm, 8 o'clock",
        "version 1.2.3, 10.0.0.1",
        "A12, B 52, 12th, 1980s, 4G, 007, x2",
        "5-3, 5 to 7, 25-year-old, 24/7, 1/2",
        "Boeing 747 and Channel 4, No. 10, page 5, number 3",
        "10 Downing Street",
        "1. First\n2. Second",
        "they won 5 - 3 and 4 of 6",
        "9 7 2 16",
        "call 555 123 4567 or +49 30 1234",
        "https://x.org/5?n=250 #250 @250",
        "-5 degrees and 12345678",
        "the men's 400 race, the 100m final",
        "[Boeing 747](PRODUCT)",
        "[50 Cent](PER)",
        "٢٥ و 二十五",
        "Patient No: 75426",
        "the 17 of March, Sept . 23, 18 sep",
        "shops open at 6, in bed by 23.19",
        "time 2 go, sure 4 me too, me 2 .",
        "I <3 u &lt; 3",
        "between $14-$20",
        "15 - Tim, 12 , Allan",
        "4. Tae won",
        "world war 3",
    ],
)
def test_what_says_no_amount_stays(given: str):
    assert changed_by_seeds(KIND, given, 10) == {given}


def test_numbers_stay_within_their_share_and_never_become_one():
    for old in (2, 3, 9, 10, 45, 99, 100, 640, 999):
        for text in changed_by_seeds(KIND, f"{old} dogs", 60, max_change=0.3):
            new = int(text.split()[0])
            assert new == old == 2 or new == old == 3 or (abs(new - old) <= 0.3 * old and new not in (1, old))
            assert len(str(new)) == len(str(old))


def test_a_share_never_passes_a_hundred():
    assert all(int(text.rstrip("%")) <= 100 for text in changed_by_seeds(KIND, "80%", 60))
    assert any(int(text.split()[0]) > 100 for text in changed_by_seeds(KIND, "800 people", 60))


def test_the_same_number_becomes_the_same():
    for text in changed_by_seeds(KIND, "45 cats, then 45 dogs", 20):
        first, second = re.findall(r"\d+", text)
        assert first == second != "45"


def test_a_share_of_the_numbers():
    for text in changed_by_seeds(KIND, "45 cats with 70 dogs", 20, prob=0.5):
        assert ("45" in text) != ("70" in text)


def test_a_protected_number_stays():
    assert change(KIND, "[45 %](PERCENT)", labels={"PERCENT": "protect"}) == "[45 %](PERCENT)"
