"""`seedbed spot-check`: judged by keys, kept at once, told with its interval."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.reports.spot_check import drawn


@pytest.fixture
def data(shell):
    rows = "\n".join(f"text number {n},{'ab'[n % 4 == 0]}" for n in range(40))
    (shell.folder / "data.csv").write_text(f"text,label\n{rows}\n")
    return shell


def test_verdicts_are_kept_with_the_judge_and_counted_by_label(data):
    done = data("spot-check", "data.csv", "-n", "8", "--by", "label", "--judge", "ann", "--json", stdin="r\nw\nr\nq\n")
    assert done.code == 0, done.err
    found = done.json
    assert (found["judged"], found["wrong"], found["judges"]) == (3, 1, {"ann": 3})
    assert sum(one["judged"] for one in found["strata"].values()) == 3
    again = data("spot-check", "data.csv", "-n", "8", "--by", "label", "--judge", "ann", "--json", stdin="r\n" * 20)
    assert again.json["judged"] == 8
    assert "5 of 8 records to judge" in again.err
    other = data("spot-check", "data.csv", "-n", "8", "--by", "label", "--status", "--json")
    assert other.json["error_rate"] == 0.125


def test_undo_takes_the_last_verdict_back(data):
    done = data("spot-check", "data.csv", "-n", "4", "--json", stdin="w\nu\nr\nx\ns\nr\n")
    assert (done.json["judged"], done.json["wrong"]) == (2, 0)
    assert "u undo" in done.err


def test_it_stops_when_it_is_clear(data):
    done = data("spot-check", "data.csv", "-n", "40", "--limit", "0.2", "--json", stdin="w\n" * 40)
    assert done.json["clear"] == "above"
    assert done.json["judged"] < 10


def test_what_is_lacking_is_told(data):
    done = data("spot-check", "data.csv", "-n", "4", stdin="r\nr\n")
    assert "0 of    2 judged: 0.0% wrong, 95 % interval 0.0% to 65.8%" in done.out
    assert "more for an interval of 3 points to each side" in done.out
    assert data("spot-check", "data.csv", "--by", "lable").code == 2


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=80), st.integers(1, 90), st.integers(0, 5))
def test_each_stratum_has_its_share_and_one_at_least(strata: list[str], n: int, seed: int):
    places = drawn(strata, n, seed)
    wanted = min(n, len(strata))
    assert len(set(places)) == len(places) == wanted
    counts, got = Counter(strata), Counter(strata[place] for place in places)
    if wanted >= len(counts):
        assert got.keys() == counts.keys()
        for name, count in counts.items():
            assert abs(got[name] - wanted * count / len(strata)) <= len(counts) + 1


def test_records_that_share_an_id_are_judged_each_for_itself(shell):
    rows = "".join(f"{n % 2},text number {n}\n" for n in range(6)) + "7,twice the same\n" * 2
    (shell.folder / "data.csv").write_text(f"id,text\n{rows}")
    done = shell("spot-check", "data.csv", "--judge", "ann", "--json", stdin="w\n" + "r\n" * 7)
    assert (done.json["judged"], done.json["wrong"], done.json["judges"]) == (8, 1, {"ann": 8})
    assert "0 of 8 records" in shell("spot-check", "data.csv", "--judge", "ann").err


def test_a_file_is_known_again_from_elsewhere_and_not_taken_for_another_of_that_name(data):
    assert data("spot-check", "data.csv", "-n", "4", stdin="r\nw\n").code == 0
    (data.folder / "other").mkdir()
    (data.folder / "other" / "data.csv").write_text((data.folder / "data.csv").read_text())
    again = data("spot-check", "./data.csv", "-n", "4", "--status", "--json").json
    assert (again["judged"], again["wrong"]) == (2, 1)
    assert data("spot-check", "other/data.csv", "-n", "4", "--status", "--json").json["judged"] == 0


def test_looking_at_what_was_judged_makes_no_workspace(data):
    assert data("spot-check", "data.csv", "--status").code == 0
    assert not (data.folder / ".seedbed").exists()


def test_nobody_judges_what_cannot_be_kept(data):
    (data.folder / "file").write_text("")
    done = data("spot-check", "data.csv", "--workspace", "file/place", stdin="r\n")
    assert done.code == 2
    assert "The workspace" in done.err
    assert "1 of" not in done.err
