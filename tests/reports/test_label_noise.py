"""Wrong labels that were planted are found, and right ones left alone; two opinions are put together."""

from __future__ import annotations

import builtins
from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st

from noisy import Noisy, noisy
from seedbed.core.errors import MissingExtra
from seedbed.reports import doubted as examining
from seedbed.reports.doubted import doubted
from seedbed.reports.findings import Finding, findings
from seedbed.reports.labels import Second, labels, suspects
from seedbed.reports.out_of_fold import dealt
from seedbed.reports.table import Table


def table(texts: list[str], given: list[str]) -> Table:
    empty = [""] * len(texts)
    return Table([f"r{at}" for at in range(len(texts))], texts, given, empty, empty)


def of(data: Noisy) -> Table:
    return table(data.texts, data.given)


def said(figures: dict[str, Any]) -> Finding:
    """The one finding."""
    [one] = findings({"labels": figures})
    return one


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_flips_are_the_top_of_the_ranking(seed: int):
    data = noisy(1000, 0.08, seed)
    found = doubted(of(data), 7, whole=False)
    first = suspects(of(data), found, part=0.12)
    assert len(first) == 120
    assert sum(one.place in data.wrong for one in first) >= 0.9 * len(data.wrong)
    right = [one.suggested == data.right[one.place] for one in first if one.place in data.wrong]
    assert sum(right) >= 0.9 * len(right)


def test_the_share_of_wrong_labels_is_estimated():
    data = noisy(1000)
    figures = labels(of(data))
    assert figures is not None
    noise = figures["noise"]
    assert 0.06 <= noise["share"] <= 0.1
    wrong = Counter(data.given[at] for at in data.wrong)
    for label, one in noise["by_label"].items():
        assert abs(one["wrong"] - wrong[label]) <= 8
        assert one["records"] == data.given.count(label)
    assert sum(one["wrong"] for one in noise["pairs"]) == pytest.approx(noise["wrong"], abs=6)
    hits = [one for one in figures["suspects"] if int(one["record"][1:]) in data.wrong]
    assert len(hits) >= 0.85 * len(figures["suspects"])
    assert said(figures).level == "bad"


def test_right_labels_are_left_alone():
    figures = labels(of(noisy(600, 0.0)))
    assert figures is not None
    assert figures["suspected"] <= 3
    assert said(figures).level == "good"


def test_labels_that_have_nothing_to_do_with_their_texts_are_not_judged_by_them():
    rng = Random(5)
    figures = labels(table(noisy(400, 0.0).texts, rng.choices(["a", "b"], k=400)))
    assert figures is not None
    assert "cannot be told apart" in said(figures).text
    assert said(figures).level == "note"


def test_where_words_tell_little_the_estimate_is_called_too_high():
    rng = Random(8)
    data = noisy(600, 0.0)
    blurred = [
        f"{other} {text}" if rng.random() < 0.6 else text
        for text, other in zip(data.texts, rng.sample(data.texts, 600), strict=True)
    ]
    figures = labels(table(blurred, data.given))
    assert figures is not None
    assert figures["noise"]["share"] > 0.05
    assert said(figures).level == "note"
    assert "which may be far too high" in said(figures).text


def test_texts_without_spaces_are_told_apart():
    rng = Random(6)
    halves = {"a": "天地玄黄宇宙洪荒日月盈昃", "b": "寒来暑往秋收冬藏闰余成岁"}
    rows = [("".join(rng.choices(halves[label] + "的了是在有", k=12)), label) for label in "ab" * 150]
    wrong = set(rng.sample(range(300), 24))
    given = ["ba"["ab".index(label)] if at in wrong else label for at, (_, label) in enumerate(rows)]
    data = table([text for text, _ in rows], given)
    first = suspects(data, doubted(data, 7, whole=False), part=0.12)
    assert sum(one.place in wrong for one in first) >= 22


def test_the_figures_are_the_same_each_time():
    data = of(noisy(300))
    assert labels(data) == labels(data)


def test_a_label_with_few_texts_is_named_and_not_judged():
    data = noisy(400, 0.0)
    texts = [*data.texts, *(f"only this{' ' * (at + 1)}one" for at in range(40)), "a few", "of them"]
    figures = labels(table(texts, [*data.given, *["again"] * 40, "rare", "rare"]))
    assert figures is not None
    assert figures["noise"]["too_few"] == {"again": 40, "rare": 2}
    assert figures["noise"]["records"] == 400
    assert "fewer than 10 different texts" in findings({"labels": figures})[0].text


def test_there_is_no_section_without_two_labels():
    assert labels(table(["a", "b"], ["x", "x"])) is None
    assert labels(table(["a", "b"], ["", ""])) is None


def test_few_records_are_not_judged_at_all():
    figures = labels(table(["a", "b"], ["x", "y"]))
    assert figures is not None
    assert figures["noise"] == {"records": 0, "sample": False, "too_few": {"x": 1, "y": 1}, "fewest": 10}
    assert [one.level for one in findings({"labels": figures})] == ["note"]


def test_of_many_records_a_report_examines_a_sample_and_a_search_all(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(examining, "PART", 300)
    data = noisy(900)
    figures = labels(of(data))
    assert figures is not None
    assert (figures["noise"]["records"], figures["noise"]["sample"]) == (300, True)
    assert "a sample of 300 records" in said(figures).text
    whole = doubted(of(data), 7, whole=True)
    assert whole.examined == 900
    assert sorted(place for part in whole.parts for place in part.places) == list(range(900))
    first = suspects(of(data), whole, part=0.12)
    assert sum(one.place in data.wrong for one in first) >= 0.8 * len(data.wrong)


def test_a_sample_of_very_many_labels_says_nothing_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(examining, "MOST_LABELS", 3)
    figures = labels(of(noisy(300)))
    assert figures is not None
    assert figures["noise"]["records"] == figures["suspected"] == 0
    assert "too many labels" in said(figures).text


@holds_for(
    st.lists(st.tuples(st.integers(0, 40).map(str), st.sampled_from("ab")), min_size=1, max_size=80), st.integers(2, 5)
)
def test_every_hand_is_dealt_the_same_share_of_each_label_and_equal_texts_together(
    rows: list[tuple[str, str]], hands: int
):
    hand = dealt([text for text, _ in rows], [label for _, label in rows], hands, 7)
    for label in "ab":
        of_text = {text: at for (text, own), at in zip(rows, hand, strict=True) if own == label}
        for (text, own), at in zip(rows, hand, strict=True):
            assert own != label or of_text[text] == at
        sizes = Counter(of_text.values())
        assert max(sizes.values(), default=0) - min((sizes[one] for one in range(hands)), default=0) <= 1


# Two opinions


def second(answers: dict[int, tuple[str, float | None]], data: Noisy) -> Second:
    """A second labelling that gives some records other labels and the rest their own."""
    found = [answers.get(at, (label, 1.0)) for at, label in enumerate(data.given)]
    return Second("other", [label for label, _ in found], [sure for _, sure in found], len(found))


def test_what_both_doubt_comes_before_what_one_doubts():
    data = noisy(400, 0.05)
    alone = suspects(of(data), doubted(of(data), 7, whole=False))
    doubts = {one.place: one for one in alone}
    both = [one.place for one in alone[:8]]
    clean = next(at for at in range(400) if at not in doubts)
    other = "sport" if data.given[clean] != "sport" else "food"
    opinions = {place: (doubts[place].suggested, 0.9) for place in both[4:]} | {clean: (other, 0.9)}
    found = suspects(of(data), doubted(of(data), 7, whole=False), second(opinions, data))
    places = [one.place for one in found]
    assert set(places[:4]) == set(both[4:])
    assert clean in places
    assert set(places) == {*doubts, clean}
    of_place = {one.place: one for one in found}
    assert of_place[both[5]].score == pytest.approx((doubts[both[5]].score + 0.9) / 2, abs=1e-3)
    # The second labelling is certain of the label that the classifier doubts here.
    assert of_place[both[0]].score == pytest.approx(doubts[both[0]].score / 2, abs=1e-3)
    assert of_place[both[0]].reason.endswith(f"; other: {data.given[both[0]]} 1.00")


def test_of_two_suggestions_the_surer_one_is_made():
    data = noisy(400, 0.05)
    one = suspects(of(data), doubted(of(data), 7, whole=False))[0]
    third = next(label for label in sorted({*data.given}) if label not in (one.suggested, data.given[one.place]))
    for sure, suggested in ((0.95, third), (0.05, one.suggested)):
        found = suspects(of(data), doubted(of(data), 7, whole=False), second({one.place: (third, sure)}, data))
        assert {each.place: each.suggested for each in found}[one.place] == suggested


def test_a_second_labelling_counts_where_the_classifier_judges_nothing():
    data = table(["first text", "second text", "third text"], ["a", "b", ""])
    figures = labels(data, Second("other", ["a", "a", "b"], [None, None, None], 2))
    assert figures is not None
    assert figures["agreement"]["records"] == 2
    assert figures["suspects"] == [
        {"record": "r1", "text": "second text", "label": "b", "suggested": "a", "score": 0.75, "reason": "other: a"}
    ]


def test_answers_that_are_lacking_are_counted():
    figures = labels(table(["one", "two", "three"], ["a", "b", "a"]), Second("other", ["a", "", ""], [None] * 3, 3))
    assert figures is not None
    assert (figures["agreement"]["records"], figures["agreement"]["unanswered"]) == (1, 2)
    none = labels(table(["one", "two"], ["a", "b"]), Second("other", ["", ""], [None] * 2, 2))
    assert none is not None
    assert none["agreement"] == {"model": "other", "records": 0, "unanswered": 2}


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "sklearn":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match="`proof`, which is not installed"):
        labels(of(noisy(100)))
