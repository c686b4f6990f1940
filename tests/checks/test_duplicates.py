"""Is a record new? Through the port: features, peek, remember."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from seedbed.checks.duplicates import NearDuplicate, Uniqueness
from seedbed.core.record import Record

calm = settings(deadline=None, max_examples=100)

TEN = "one two three four five six seven eight nine ten"
ONE_OFF = "one two three four five six seven eight nine eleven"
TWO_OFF = "one two three four five six seven eight twelve eleven"


def record(text: object, label: str = "", id: str = "", **values: object) -> Record:  # noqa: A002
    labels = {"label": label} if label else {}
    return Record({"text": text, **labels, **values}, id=id)


def admit(novelty: Uniqueness, *records: Record) -> list[str]:
    """The reason each record is refused for, empty for those that are taken in."""
    reasons = []
    for found in records:
        features = novelty.features(found)
        verdict = novelty.peek(found, features)
        if verdict.passed:
            novelty.remember(found, features)
        reasons.append(verdict.reason)
    return reasons


def test_the_same_text_again_is_an_exact_duplicate() -> None:
    assert admit(Uniqueness(), record(TEN), record(TEN), record("short"), record("short")) == [
        "",
        "exact_duplicate",
        "",
        "exact_duplicate",
    ]


@pytest.mark.parametrize("same", [f"  {TEN}\n", TEN.replace(" ", "\n"), TEN.replace(" ", "\u00a0\t")])
def test_white_space_makes_no_difference(same: str) -> None:
    assert admit(Uniqueness(), record(TEN), record(same)) == ["", "exact_duplicate"]


def test_canonically_equal_texts_are_equal() -> None:
    assert admit(Uniqueness(), record("café"), record("cafe\u0301")) == ["", "exact_duplicate"]


def test_few_changed_words_make_a_near_duplicate() -> None:
    assert admit(Uniqueness(), record(TEN), record(ONE_OFF), record(TWO_OFF)) == ["", "near_duplicate", ""]
    assert admit(Uniqueness(0.8), record(TEN), record(TWO_OFF)) == ["", "near_duplicate"]


def test_case_and_punctuation_alone_make_a_near_duplicate() -> None:
    assert admit(Uniqueness(), record("Hello there!"), record("hello there")) == ["", "near_duplicate"]


def test_texts_under_ten_words_match_exactly_only() -> None:
    assert admit(Uniqueness(), record("we are closed on monday"), record("we are closed on sunday")) == ["", ""]


def test_the_same_or_nearly_the_same_text_under_another_label_is_always_refused() -> None:
    for novelty in (Uniqueness(), Uniqueness(near=False)):
        assert admit(novelty, record(TEN, "a"), record(TEN, "b"), record(ONE_OFF, "b")) == [
            "",
            "cross_label_duplicate",
            "cross_label_duplicate",
        ]


def test_near_duplicates_may_be_allowed_and_then_only_under_one_label() -> None:
    novelty = Uniqueness(near=False)
    assert admit(novelty, record(TEN, "a"), record(ONE_OFF, "a"), record(TEN, "a")) == ["", "", "exact_duplicate"]
    assert admit(novelty, record(ONE_OFF.upper(), "b")) == ["cross_label_duplicate"]


@pytest.mark.parametrize("near", [True, False])
def test_near_texts_of_the_same_label_do_not_hide_one_of_another(near: bool) -> None:
    nine = TEN.removesuffix(" ten")
    for place in range(6):
        novelty = Uniqueness(near=near)
        for number in range(6):
            known = record(f"{nine} w{number}", "b" if number == place else "a")
            novelty.remember(known, novelty.features(known))
        [reason] = admit(novelty, record(f"{nine} new", "a"))
        assert reason in (["near_duplicate", "cross_label_duplicate"] if near else ["cross_label_duplicate"])


def test_a_known_text_without_a_label_crosses_none() -> None:
    assert admit(Uniqueness(), record(TEN), record(TEN, "a"), record(ONE_OFF, "b")) == [
        "",
        "exact_duplicate",
        "near_duplicate",
    ]


def test_without_labels_and_near_duplicates_only_equal_texts_are_refused() -> None:
    novelty = Uniqueness(near=False, labelled=False)
    assert admit(novelty, record(TEN), record(ONE_OFF), record(TEN.upper()), record(TEN)) == [
        "",
        "",
        "",
        "exact_duplicate",
    ]


def test_looking_remembers_nothing() -> None:
    novelty = Uniqueness()
    found = record(TEN)
    for _ in range(3):
        assert novelty.peek(found, novelty.features(found)).passed
    assert len(novelty) == 0


def test_looks_at_several_records_before_one_is_remembered_do_not_mix_them_up() -> None:
    novelty = Uniqueness()
    first, second = record(TEN), record("a text of its own that has nothing in common with it")
    features = [novelty.features(first), novelty.features(second)]
    for found, feature in zip((first, second), features, strict=True):
        assert novelty.peek(found, feature).passed
    novelty.remember(first, features[0])
    assert novelty.peek(second, features[1]).passed
    assert admit(novelty, record(ONE_OFF)) == ["near_duplicate"]


def test_texts_without_words_are_compared_exactly() -> None:
    assert admit(Uniqueness(), *(record(text, "a") for text in ("👍", "👍👍", "…", "👍", "", ""))) == [
        "",
        "",
        "",
        "exact_duplicate",
        "",
        "exact_duplicate",
    ]
    assert admit(Uniqueness(), record("👍", "a"), record("👍", "b"), record("👎", "b")) == [
        "",
        "cross_label_duplicate",
        "",
    ]


def test_a_missing_or_other_value_counts_as_text() -> None:
    assert admit(Uniqueness(), record(None), Record({}), record(5), record("5")) == [
        "",
        "exact_duplicate",
        "",
        "exact_duplicate",
    ]


def test_other_columns_may_decide() -> None:
    novelty = Uniqueness(unique_by=("question",))
    assert admit(novelty, record(TEN, question="why"), record(TEN, question="when"), record("x", question="why")) == [
        "",
        "",
        "exact_duplicate",
    ]


def test_several_columns_decide_together() -> None:
    novelty = Uniqueness(unique_by=("first", "last"))
    people = [("Ada", "Lovelace"), ("Ada", "Byron"), ("Grace", "Hopper"), ("Ada", "Lovelace"), ("Ada", None)]
    assert admit(novelty, *(Record({"first": first, "last": last}) for first, last in people)) == [
        "",
        "",
        "",
        "exact_duplicate",
        "",
    ]


def test_what_stands_in_which_column_makes_a_difference() -> None:
    novelty = Uniqueness(unique_by=("first", "last"), near=False, labelled=False)
    assert admit(
        novelty,
        Record({"first": "Anna Maria", "last": "Schmidt"}),
        Record({"first": "Anna", "last": "Maria Schmidt"}),
        Record({"first": "", "last": "Anna Maria Schmidt"}),
    ) == ["", "", ""]


def test_the_refusal_names_the_record_it_is_like() -> None:
    novelty = Uniqueness()
    admit(novelty, record(TEN, id="replies-1:12.3"), record("a text from a file", id=""))
    same = record(TEN)
    assert novelty.peek(same, novelty.features(same)).detail == "like 12.3"
    known = record("a text from a file")
    assert novelty.peek(known, novelty.features(known)).detail == "like a known record"


def test_features_cross_to_another_process() -> None:
    novelty = Uniqueness()
    features = novelty.features(record(f" {TEN}\n"))
    assert pickle.loads(pickle.dumps(features)) == features
    novelty.remember(record(TEN), features)
    assert admit(novelty, record(ONE_OFF)) == ["near_duplicate"]


words = st.sampled_from(["a", "b", "c", "d"])
texts = st.lists(words, min_size=1, max_size=14).map(" ".join)


@calm
@given(st.lists(st.tuples(texts, st.sampled_from(["", "x", "y"])), max_size=25), st.booleans())
def test_whatever_is_admitted_no_two_records_are_equal_or_close_under_two_labels(
    rows: list[tuple[str, str]], near: bool
) -> None:
    novelty = Uniqueness(near=near)
    reasons = admit(novelty, *(record(text, label) for text, label in rows))
    taken = [row for row, reason in zip(rows, reasons, strict=True) if not reason]
    assert len({text for text, _ in taken}) == len(taken) == len(novelty)
    for number, (text, label) in enumerate(taken):
        for other, other_label in taken[:number]:
            far = edits(text.split(), other.split()) > max(len(text.split()), len(other.split())) // 10
            crosses = label and other_label and label != other_label
            assert far or not (near or crosses)


def edits(one: list[str], other: list[str]) -> int:
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        corner, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (left != right))
    return row[-1]


@pytest.mark.parametrize("threshold", [0.5, 0.0, 1.01, float("nan")])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValidationError):
        NearDuplicate(threshold=threshold)


def test_the_same_text_under_two_labels_is_refused_whatever_makes_records_unique() -> None:
    for columns in (("text", "label"), ("question",), ("question", "label")):
        novelty = Uniqueness(unique_by=columns)
        reasons = admit(
            novelty,
            record(TEN, "a", question="1"),
            record(TEN, "b", question="2"),
            record(ONE_OFF, "b", question="3"),
            record("short", "a", question="4"),
            record("short", "b", question="5"),
        )
        assert reasons == ["", "cross_label_duplicate", "cross_label_duplicate", "", "cross_label_duplicate"], columns


def test_other_columns_than_the_text_let_the_same_text_stay_under_its_label() -> None:
    novelty = Uniqueness(unique_by=("question",))
    assert admit(novelty, record(TEN, "a", question="1"), record(TEN, "a", question="2")) == ["", ""]
    assert admit(novelty, record("else", "a", question="2")) == ["exact_duplicate"]
