"""Several comparisons at once, on columns of their own, refusing or only telling."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.checks.alike import AllOf, Comparison, Near, Nearest, Same
from seedbed.checks.duplicates import Anything, Uniqueness
from seedbed.checks.semantic import Semantic
from seedbed.core.attempt import Verdict
from seedbed.core.ports import Novelty
from seedbed.core.record import Record
from seedbed.core.vectors import Meaning, packed

TEN = "one two three four five six seven eight nine ten"
ONE_OFF = "one two three four five six seven eight nine eleven"


def record(number: int = 0, **values: Any) -> Record:
    return Record(values, id=f"run-1:{number}.0")


def admit(novelty: Novelty, *records: Record) -> list[str]:
    """The reason each record is refused for, empty for those that are taken in."""
    reasons = []
    for found in records:
        features = novelty.features(found)
        verdict = novelty.peek(found, features)
        if verdict.passed:
            novelty.remember(found, features)
        reasons.append(verdict.reason if not verdict.passed else "")
    return reasons


def test_the_same_column_again_is_refused_whatever_else_differs() -> None:
    novelty = AllOf([Comparison(Uniqueness()), Comparison(Same(("question",)))])
    assert admit(novelty, record(text="a", question="Why?"), record(text="b", question=" Why? ")) == [
        "",
        "exact_duplicate",
    ]
    assert admit(novelty, record(text="b", question="When?"), record(text="a", question="Who?")) == [
        "",
        "exact_duplicate",
    ]


def test_several_columns_can_each_be_unique() -> None:
    novelty = AllOf([Comparison(Anything()), Comparison(Same(("a",))), Comparison(Same(("b",)))])
    rows = [("1", "1"), ("1", "2"), ("2", "1"), ("2", "2"), ("3", "2"), ("3", "3")]
    assert [not reason for reason in admit(novelty, *(record(a=a, b=b) for a, b in rows))] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]


def test_near_compares_its_column_alone() -> None:
    novelty = Near(("answer",), 0.9)
    first, second = record(3, text="x", answer=TEN), record(text="y", answer=ONE_OFF)
    assert admit(novelty, first) == [""]
    verdict = novelty.peek(second, novelty.features(second))
    assert (verdict.passed, verdict.reason, verdict.detail) == (False, "near_duplicate", "like 3.0")
    assert admit(novelty, record(text="x", answer=TEN.replace("one", "uno").replace("two", "dos"))) == [""]
    assert admit(novelty, record(text="z", answer=TEN.upper())) == ["near_duplicate"]


@pytest.mark.parametrize("novelty", [Same(("a",)), Near(("a",), 0.9), Nearest(("a",))])
def test_where_there_is_nothing_in_the_column_there_is_nothing_to_compare(novelty: Novelty) -> None:
    for nothing in (record(), record(a=None), record(a=""), record(a="  \n"), record(a=[])):
        features = novelty.features(nothing)
        assert novelty.peek(nothing, features) == Verdict(True)
        novelty.remember(nothing, features)


def test_a_flagged_record_stays_and_says_which_record_it_is_like() -> None:
    novelty = AllOf([Comparison(Anything()), Comparison(Same(("a",)), "flag", "exact_duplicate", "exact_duplicate")])
    first, second, third = record(1, a="x"), record(2, a="x"), record(3, a="y")
    second.tags, second.origin = ("mine",), {"checks": {"judge": 4.0}}
    assert admit(novelty, first, second, third) == ["", "", ""]
    assert (first.tags, first.origin) == ((), {})
    assert second.tags == ("mine", "exact_duplicate")
    assert second.origin["checks"] == {"judge": 4.0, "exact_duplicate": "like 1.0"}
    assert (third.tags, third.origin) == ((), {})


def test_a_score_is_the_likeness_to_the_nearest_known_record() -> None:
    part = Comparison(Nearest(("a",)), "score", "near_duplicate", "near_duplicate")
    novelty = AllOf([Comparison(Anything()), part])
    texts = [TEN, "quite another text", ONE_OFF, TEN, "nothing in common at all here"]
    rows = [record(number, a=text) for number, text in enumerate(texts)]
    assert admit(novelty, *rows) == [""] * 5
    noted = [row.origin.get("checks", {}) for row in rows]
    assert noted[0] == {}, "nothing was known yet"
    assert noted[2] == {"near_duplicate": 0.9, "near_duplicate_reason": "like 0.0"}
    assert noted[3] == {"near_duplicate": 1.0, "near_duplicate_reason": "like 0.0"}
    assert noted[4]["near_duplicate"] == 0.0
    assert [row.tags for row in rows] == [()] * 5


def test_what_is_refused_is_not_noted_and_what_nobody_looked_at_neither() -> None:
    flag = Comparison(Same(("b",)), "flag", "exact_duplicate", "exact_duplicate")
    novelty = AllOf([Comparison(Same(("a",))), flag])
    assert admit(novelty, record(1, a="x", b="y")) == [""]
    refused, known = record(2, a="x", b="y"), record(3, a="z", b="y")
    assert admit(novelty, refused) == ["exact_duplicate"]
    novelty.remember(known, novelty.features(known))
    assert refused.origin == known.origin == {}
    assert refused.tags == known.tags == ()


def test_a_second_look_replaces_what_the_first_found() -> None:
    novelty = AllOf([Comparison(Anything()), Comparison(Same(("a",)), "flag", "exact_duplicate", "exact_duplicate")])
    twin, late = record(1, a="x"), record(2, a="x")
    features = novelty.features(late)
    novelty.peek(late, features)
    novelty.remember(twin, novelty.features(twin))
    novelty.peek(late, features)
    novelty.peek(late, features)
    novelty.remember(late, features)
    assert (late.tags, late.origin["checks"]) == (("exact_duplicate",), {"exact_duplicate": "like 1.0"})


def test_while_vectors_are_lacking_records_are_refused_but_nothing_is_noted() -> None:
    parts = [
        Comparison(Same(("a",))),
        Comparison(Same(("b",)), "flag", "exact_duplicate", "b"),
        Comparison(Semantic(("a",), "m", 0.8)),
    ]
    novelty = AllOf(parts)
    first = record(1, a="x", b="y")
    novelty.remember(first, novelty.features(first))
    again, other = record(2, a="x", b="y"), record(3, a="z", b="y")
    assert novelty.peek(again, novelty.features(again)).reason == "exact_duplicate"
    features = novelty.features(other)
    assert novelty.peek(other, features).passed
    assert features.notes == {}
    [meaning] = novelty.meanings(features)
    assert (meaning.model, meaning.text, meaning.lacking) == ("m", "z", True)
    meaning.vector = packed([1.0, 2.0])
    assert novelty.peek(other, features).passed
    assert features.notes == {"b": "like 1.0"}


def test_features_cross_to_another_process() -> None:
    novelty = AllOf(
        [Comparison(Uniqueness()), Comparison(Near(("text",), 0.8)), Comparison(Semantic(("text",), "m", 0.8))]
    )
    found = record(text=TEN)
    features = pickle.loads(pickle.dumps(novelty.features(found)))
    features.by_part[2].vector = packed([1, 2])
    assert novelty.peek(found, features).passed
    novelty.remember(found, features)
    assert admit(novelty, record(text=TEN)) == ["exact_duplicate"]


words = st.lists(st.sampled_from(["a", "b", "c"]), min_size=0, max_size=12).map(" ".join)
KINDS = {
    "unique": Uniqueness,
    "same": lambda: Same(("q",)),
    "near": lambda: Near(("q",), 0.7),
    "semantic": lambda: Semantic(("text",), "m", 0.9),
}


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(words, words, st.sampled_from(["", "x", "y"])), max_size=20),
    st.lists(st.sampled_from([*KINDS]), min_size=1, max_size=4, unique=True),
)
def test_all_of_refuses_what_a_part_refuses_and_nothing_else(
    rows: list[tuple[str, str, str]], kinds: list[str]
) -> None:
    whole, alone = AllOf([Comparison(KINDS[kind]()) for kind in kinds]), [KINDS[kind]() for kind in kinds]
    for number, (text, question, label) in enumerate(rows):
        found = record(number, text=text, q=question, label=label)
        features, own = whole.features(found), [part.features(found) for part in alone]
        for meaning in [*whole.meanings(features), *(one for one in own if isinstance(one, Meaning))]:
            meaning.vector = packed([1 + text.count("a"), 1 + text.count("b"), 1 + text.count("c")])
        verdict = whole.peek(found, features)
        verdicts = [part.peek(found, seen) for part, seen in zip(alone, own, strict=True)]
        refusing = [one for one in verdicts if not one.passed]
        assert verdict == (refusing[0] if refusing else Verdict(True))
        if verdict.passed:
            whole.remember(found, features)
            for part, seen in zip(alone, own, strict=True):
                part.remember(found, seen)
