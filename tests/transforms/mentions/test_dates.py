from __future__ import annotations

import re
from datetime import date

import pytest

from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.spans import apply

from ..play import change, changed_by_seeds, marked, transform

KIND = "replace_dates"


@pytest.mark.parametrize(
    ("given", "week_before", "week_after"),
    [
        ("on 2024-03-05.", "on 2024-02-27.", "on 2024-03-12."),
        ("2024/12/30", "2024/12/23", "2025/01/06"),
        ("at 2024-03-05T10:00:00Z", "at 2024-02-27T10:00:00Z", "at 2024-03-12T10:00:00Z"),
        ("25/03/2024", "18/03/2024", "01/04/2024"),
        ("3/25/2024", "3/18/2024", "4/1/2024"),
        ("25.12.2024", "18.12.2024", "01.01.2025"),
        ("25/12/99", "18/12/99", "01/01/00"),
        ("5 March 2024", "27 February 2024", "12 March 2024"),
        ("5th March 2024", "27th February 2024", "12th March 2024"),
        ("the 14th of May", "the 7th of May", "the 21st of May"),
        ("15 Mar 2024,", "8 Mar 2024,", "22 Mar 2024,"),
        ("03 March 2024", "25 February 2024", "10 March 2024"),
        ("March 5, 2024, he left", "February 27, 2024, he left", "March 12, 2024, he left"),
        ("Mar. 5, 2024", "Feb. 27, 2024", "Mar. 12, 2024"),
        ("March 10th.", "March 3rd.", "March 17th."),
        ("MARCH 10TH", "MARCH 3RD", "MARCH 17TH"),
        ("Sept 10", "Sep 3", "Sep 17"),
        ("Tuesday, March 5, 2024", "Tuesday, February 27, 2024", "Tuesday, March 12, 2024"),
        ("from 5 March to 9 March", "from 26 February to 2 March", "from 12 March to 16 March"),
        ("[5 March 2024](DATE).", "[27 February 2024](DATE).", "[12 March 2024](DATE)."),
        ("[on March 5](DATE) [Ann](PER)", "[on February 26](DATE) [Ann](PER)", "[on March 12](DATE) [Ann](PER)"),
        ("[5 March](X)'s [Bo](PER)", "[26 February](X)'s [Bo](PER)", "[12 March](X)'s [Bo](PER)"),
        ("Dec 28 , 2023 in", "Dec 21 , 2023 in", "Jan 4 , 2024 in"),
        ("28 December, 2023 😀", "21 December, 2023 😀", "4 January, 2024 😀"),
        ("am 5 March 2024 他来", "am 27 February 2024 他来", "am 12 March 2024 他来"),
    ],
)
def test_a_date_becomes_another_one_of_its_form(given: str, week_before: str, week_after: str):
    assert changed_by_seeds(KIND, given, 20, max_days=7) == {week_before, week_after}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "...",
        "in 2024 and 1999",
        "5 to 7 March 2024",
        "6 - 8 July 1995",
        "5-7 March, March 5-7",
        "between October and December 2016",
        "25 June, 2 and 9 July",
        "we march 5 miles and may 12 times",
        "30 February 2024, 2023-02-29, 31/04/2023",
        "version 1.2.24, 10.0.2.16",
        "192.168.10.12",
        "1/2 or 3/4",
        "https://x.org/2024/03/05/a and /log/2024-03-05.txt",
        "report_2024-03-05 and 12024-03-05",
        "[September 11 attacks](EVENT)",
        "[5](X) March 2024",
        "2024年3月5日",
        "March 5% and March 5.5",
        "the 5th Marchioness",
    ],
)
def test_what_is_no_date_for_itself_stays(given: str):
    assert changed_by_seeds(KIND, given, 10) == {given}


def test_months_with_a_year_move_by_months():
    found = changed_by_seeds(KIND, "in March 2024", 300)
    assert "in March 2024" not in found
    assert {"in April 2024", "in February 2024", "in December 2023"} <= found
    assert all(re.fullmatch(r"in [A-Z][a-z]+ 202[345]", text) for text in found)


def test_dates_stay_within_the_days_and_are_real():
    for text in changed_by_seeds(KIND, "2024-02-29", 200, max_days=40):
        assert 0 < abs((date.fromisoformat(text) - date(2024, 2, 29)).days) <= 40


def test_a_date_that_may_be_read_in_two_ways_stays_so():
    found = changed_by_seeds(KIND, "05/03/2024", 200, max_days=300)
    assert len(found) > 5
    for text in found:
        first, second, year = map(int, text.split("/"))
        assert first <= 12
        assert second <= 12
        assert abs((date(year, second, first) - date(2024, 3, 5)).days) <= 300
        assert abs((date(year, first, second) - date(2024, 5, 3)).days) <= 300


def test_order_and_time_between_dates_stay():
    for text in changed_by_seeds(KIND, "2024-03-05, then 7 March 2024, then 03/20/2024", 50):
        first, second, third = re.fullmatch(r"(\S+), then (\d+) \w+ \d+, then (\d+)/(\d+)/\d+", text).group(1, 2, 4)
        moved = date.fromisoformat(first)
        assert moved != date(2024, 3, 5)
        assert date.fromordinal(moved.toordinal() + 2).day == int(second)
        assert date.fromordinal(moved.toordinal() + 15).day == int(third)


def test_dates_of_a_record_move_together():
    edit, dice = transform(KIND).editor({}), Dice(3)
    moved = []
    for given in ("2024-03-05", "on 2024-03-06"):
        text, spans = marked(given)
        moved.append(apply(text, spans, edit(Text(text, spans), dice)).text)
    first, second = date.fromisoformat(moved[0]), date.fromisoformat(moved[1].removeprefix("on "))
    assert (second - first).days == 1


def test_a_share_of_the_dates():
    found = changed_by_seeds(KIND, "2024-03-05 / 2024-09-05", 30, prob=0.5)
    assert all(("2024-03-05" in text) != ("2024-09-05" in text) for text in found)


def test_a_protected_date_stays():
    assert change(KIND, "[5 March](DATE)", inside="protect") == "[5 March](DATE)"
