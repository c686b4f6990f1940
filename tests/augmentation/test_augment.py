"""Copies at exact shares: drawn without replacement, never like an input or another copy, the same in any order."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.oracle import wrong
from seedbed.augmentation.augment import AUGMENTED, Augmentation
from seedbed.augmentation.making import Spec
from seedbed.augmentation.plan import Plan
from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.core.spans import Edit
from seedbed.core.transform import Transform
from seedbed.transforms.catalog import transforms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Edits, Mentions


class Stutter(Transform):
    """Says one word of those with an "o" twice, if it may be changed."""

    def editor(self, mentions: Mentions) -> Editor:
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            words = [word for word in text.words if "o" in word.lower and self.free(text, word.start, word.end)]
            if not words:
                return ()
            word = dice.choice(words)
            return [Edit(word.end, word.end, " " + text.text[word.start : word.end])]

        return edit


class Same(Transform):
    """Makes every text the same."""

    def editor(self, mentions: Mentions) -> Editor:
        del mentions
        return lambda text, _: [Edit(0, len(text.text), "same")] if text.text != "same" else ()


class Tearing(Transform):
    """Deletes the first half, whatever is there."""

    def editor(self, mentions: Mentions) -> Editor:
        del mentions
        return lambda text, _: [Edit(0, len(text.text) // 2, "")]


class Turned(Transform):
    """Says the opposite."""

    flips: ClassVar[bool] = True

    def editor(self, mentions: Mentions) -> Editor:
        del mentions
        return lambda text, _: [Edit(0, 0, "Not: ")]


@pytest.fixture(autouse=True)
def own_transforms() -> Iterator[None]:
    """Transforms of the tests."""
    for kind, cls in {"stutter": Stutter, "same": Same, "tearing": Tearing, "turned": Turned}.items():
        transforms.register(kind)(cls)
    yield
    for kind in ("stutter", "same", "tearing", "turned"):
        transforms._known.pop(kind)


def texts(count: int, seed: int = 1) -> list[Record]:
    """Different texts, each with a word that has an "o" and a span."""
    random = Random(seed)
    words = ["moon", "stone", "river", "wood", "light", "rain", "cold", "morning", "field", "door"]
    found: dict[str, Record] = {}
    while len(found) < count:
        text = " ".join(random.choice(words) for _ in range(8)) + " over"
        found.setdefault(text, Record({"text": text}, (Span(0, text.index(" "), "X"),)))
    return list(found.values())


def augmented(records: Sequence[Record], plan: dict[str, Any], columns: tuple[str, ...] = ("text",)) -> Augmentation:
    return Augmentation(Spec(Plan.of(plan), columns, {}), lambda: records)


def content(record: Record) -> tuple[Any, ...]:
    return (record.text, record.spans)


def copies(records: Sequence[Record]) -> list[Record]:
    return [record for record in records if AUGMENTED in record.tags]


def test_three_hundred_of_a_thousand_get_a_different_copy():
    given = texts(1000)
    made = augmented(given, {"transforms": [{"stutter": 0.3}]})
    out = list(made.records())
    new = copies(out)
    assert len(out) == 1300
    assert len(new) == 300
    assert len({content(record) for record in out}) == 1300
    assert len({record.origin["parents"][0] for record in new}) == 300
    assert made.tallies[0].figures() == {
        "transform": "stutter",
        "max_proportion": 0.3,
        "requested": 300,
        "applicable": 1000,
        "produced": 300,
        "parents": 300,
        "equal": 0,
        "rejected": 0,
        "refused": 0,
    }


@pytest.mark.parametrize(
    ("count", "share", "wanted"), [(7, 0.5, 4), (3, 0.5, 2), (1000, 0.0005, 1), (5, 0.09, 0), (10, 1, 10)]
)
def test_shares_are_rounded_half_up(count: int, share: float, wanted: int) -> None:
    assert len(copies(list(augmented(texts(count), {"transforms": [{"stutter": share}]}).records()))) == wanted


def test_shares_are_of_the_whole_input_and_fewer_that_apply_are_told():
    given = [*texts(40), *(Record({"text": f"a plain text {i}"}) for i in range(60))]
    made = augmented(given, {"transforms": [{"stutter": 0.5}]})
    assert len(copies(list(made.records()))) == 40
    assert (made.tallies[0].wanted, made.tallies[0].applicable, made.tallies[0].produced) == (50, 40, 40)


def test_modes_deliver_all_or_copies_or_replaced_ones():
    given = texts(100)
    new = list(augmented(given, {"transforms": [{"stutter": 0.3}], "mode": "new"}).records())
    assert len(new) == 30
    assert all(AUGMENTED in record.tags for record in new)
    replaced = list(
        augmented(given, {"transforms": [{"stutter": 0.3}, {"uppercase": 0.7}], "mode": "inplace"}).records()
    )
    assert len(replaced) == 100
    assert Counter(record.origin.get("transform") for record in replaced) == {"stutter": 30, "uppercase": 70}
    assert [record.origin["parents"] for record in replaced] == [[f"#{n}"] for n in range(1, 101)]


def test_in_place_the_one_that_fits_few_chooses_first():
    given = [*texts(20), *(Record({"text": f"plain text {i}"}) for i in range(80))]
    plan = {"transforms": [{"uppercase": 0.8}, {"stutter": 0.2}], "mode": "inplace"}
    out = augmented(given, plan)
    assert Counter(record.origin.get("transform") for record in out.records()) == {"uppercase": 80, "stutter": 20}


def test_in_place_shares_cannot_be_more_than_all():
    plan = {"transforms": [{"uppercase": 0.8}, {"stutter": 0.3}], "mode": "inplace"}
    with pytest.raises(InputError, match="110 of 100 are to be"):
        list(augmented(texts(100), plan).records())


def test_a_copy_like_an_input_or_another_copy_is_replaced_by_another_record():
    shouting = [Record({"text": record.text.upper()}, record.spans) for record in texts(50)]
    given = [*texts(100), *shouting]
    made = augmented(given, {"transforms": [{"uppercase": 0.33}]})
    new = copies(list(made.records()))
    assert len(new) == 50 == made.tallies[0].produced
    assert not {record.text for record in new} & {record.text for record in given}
    assert 0 < made.tallies[0].equal <= 50


@pytest.mark.parametrize("mode", ["add", "new", "inplace"])
def test_one_text_is_delivered_once(mode: str) -> None:
    made = augmented([Record({"text": f"text {i}"}) for i in range(9)], {"transforms": [{"same": 1.0}], "mode": mode})
    out = list(made.records())
    assert [record.text for record in out].count("same") == 1
    assert len(out) == {"add": 10, "new": 1, "inplace": 9}[mode]
    assert made.tallies[0].equal == 8


def test_what_would_tear_a_span_is_refused_and_told():
    given = [Record({"text": "Ann lives here"}, (Span(4, 9, "X"),)), Record({"text": "plain words stand"})]
    made = augmented(given, {"transforms": [{"tearing": 1.0}], "mode": "new"})
    assert [record.text for record in made.records()] == ["rds stand"]
    assert (made.tallies[0].failed, made.tallies[0].produced) == (1, 1)


def test_several_copies_of_a_record_are_different():
    made = augmented(texts(20), {"transforms": [{"kind": "stutter", "max_proportion": 0.5, "copies": 3}]})
    new = copies(list(made.records()))
    assert len(new) == 30 == len({content(record) for record in new})
    assert set(Counter(record.origin["parents"][0] for record in new).values()) == {3}
    assert len({record.id for record in new}) == 30


def test_two_of_one_kind_have_names_and_chances_of_their_own():
    plan = {"transforms": [{"kind": "stutter", "max_proportion": 0.5}, {"kind": "stutter", "max_proportion": 0.5}]}
    made = augmented(texts(40), plan)
    new = copies(list(made.records()))
    assert [tally.name for tally in made.tallies] == ["stutter-1", "stutter-2"]
    assert len(new) == 40
    assert len({record.origin["parents"][0] for record in new}) > 20


def test_neither_order_nor_company_changes_a_copy():
    given = texts(60)
    plan = {"transforms": [{"stutter": 1.0}], "seed": 7}
    alone = {copy.text for one in given[:5] for copy in copies(list(augmented([one], plan).records()))}
    backwards = copies(list(augmented(given[::-1], plan).records()))
    straight = copies(list(augmented(given, plan).records()))
    assert {content(record) for record in straight} == {content(record) for record in backwards}
    assert alone <= {record.text for record in straight}


def test_the_same_records_are_drawn_in_any_order():
    given = texts(60)
    plan = {"transforms": [{"stutter": 0.25}], "mode": "new"}
    one, other = (augmented(order, plan).records() for order in (given, given[::-1]))
    assert {record.text for record in one} == {record.text for record in other}


def test_another_seed_draws_and_changes_otherwise():
    given = texts(60)
    first, second = (
        {
            record.text
            for record in augmented(given, {"transforms": [{"stutter": 0.5}], "seed": seed, "mode": "new"}).records()
        }
        for seed in (1, 2)
    )
    assert len(first - second) > 10


def test_chance_depends_on_the_id_where_there_is_one():
    text = " ".join(["moon", "stone", "wood", "cold", "door"] * 4)
    given = [Record({"id": name, "text": f"{text} {name}"}) for name in "abc"]
    out = copies(list(augmented(given, {"transforms": [{"stutter": 1.0}]}).records()))
    assert [record.values["id"] for record in out] == ["a~stutter", "b~stutter", "c~stutter"]
    assert [record.origin["parents"] for record in out] == [["a"], ["b"], ["c"]]


def test_copies_know_what_was_changed():
    out = copies(list(augmented(texts(5), {"transforms": [{"stutter": 1.0}]}).records()))
    for record in out:
        parent = record.origin["parent"]
        spans = [Span(**span) for span in parent["spans"]]
        edits = [(edit["start"], edit["end"], edit["new"]) for edit in record.origin["edits"]]
        assert not wrong(parent["text"], spans, edits, record.text, record.spans)
        assert record.tags == (AUGMENTED, "stutter")


@settings(max_examples=60, deadline=None)
@given(
    shares=st.lists(st.sampled_from([0.1, 0.25, 0.3, 0.5, 1.0]), min_size=1, max_size=4),
    count=st.integers(1, 40),
    mode=st.sampled_from(["add", "new"]),
    seed=st.integers(0, 5),
)
def test_accounts_add_up(shares: list[float], count: int, mode: str, seed: int) -> None:
    kinds = ["stutter", "uppercase", "lowercase", "same"]
    plan = {
        "transforms": [{kind: share} for kind, share in zip(kinds, shares, strict=False)],
        "mode": mode,
        "seed": seed,
    }
    given = texts(count, seed)
    made = augmented(given, plan)
    out = list(made.records())
    new = copies(out)
    assert len(out) == len(new) + (count if mode == "add" else 0)
    assert len({content(record) for record in [*given, *new]}) == count + len(new)
    for tally in made.tallies:
        assert tally.produced == tally.reached == sum(record.origin["transform"] == tally.kind for record in new)
        assert tally.produced <= min(tally.wanted, tally.applicable)
        if tally.kind in ("stutter", "uppercase"):
            assert tally.produced == min(tally.wanted, tally.applicable)


def test_pairs_and_dialogues_are_changed_in_all_their_texts():
    pair = Record({"premise": "cold moon", "hypothesis": "old stone", "label": "neutral"})
    [made] = augmented([pair], {"transforms": ["uppercase"], "mode": "new"}, ("premise", "hypothesis")).records()
    assert made.values == {"premise": "COLD MOON", "hypothesis": "OLD STONE", "label": "neutral"}
    talk = Record(
        {
            "messages": [
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": "Where is Ann?"},
                {"role": "assistant", "content": "Ann is home."},
            ]
        },
        (Span(9, 12, "PER", "messages.1.content"), Span(0, 3, "PER", "messages.2.content")),
    )
    [made] = augmented([talk], {"transforms": ["uppercase"], "mode": "new"}, ("messages",)).records()
    assert [turn["content"] for turn in made.values["messages"]] == ["Be kind.", "WHERE IS ANN?", "ANN IS HOME."]
    assert made.spans == talk.spans
    assert talk.values["messages"][1]["content"] == "Where is Ann?"
    [made] = augmented([talk], {"transforms": ["uppercase"], "mode": "new", "roles": ["user"]}, ("messages",)).records()
    assert made.values["messages"][2]["content"] == "Ann is home."


SQUAD = {
    "question": "Who?",
    "context": "Once Tom Cole met Ann Lee.",
    "answers": {"text": ["Tom Cole", "Ann Lee"], "answer_start": [5, 18]},
}


@pytest.mark.parametrize(
    "values",
    [
        SQUAD,
        {
            "question": "Who?",
            "context": "Once Tom Cole met Ann Lee.",
            "answer": "Tom Cole",
            "answer_start": 5,
            "answer_end": 13,
        },
        {"question": "Who?", "context": "Once Tom Cole met Ann Lee.", "answer": "Ann Lee"},
    ],
)
def test_answers_stay_where_they_are_in_the_context(values: dict[str, Any]) -> None:
    given = Record(values, (Span(5, 13, "PER", "context"),))
    plan = {"transforms": [{"kind": "stutter", "copies": 6}], "mode": "new"}
    out = list(augmented([given], plan, ("question", "context")).records())
    assert len(out) == 3
    for record in out:
        context = record.values["context"]
        answers = record.values.get("answers")
        pairs = (
            zip(answers["text"], answers["answer_start"], strict=True)
            if answers
            else [(record.values["answer"], record.values.get("answer_start", context.find(record.values["answer"])))]
        )
        assert all(context.startswith(text, start) and start >= 0 for text, start in pairs)
        [span] = record.spans
        assert context[span.start : span.end].startswith("Tom")
        if "answer_end" in record.values:
            assert context[record.values["answer_start"] : record.values["answer_end"]] == record.values["answer"]


def test_a_name_becomes_the_same_one_in_question_context_and_answer():
    context = "Susan Bruni wrote it. Mary Poole read Susan Bruni."
    values = {
        "question": "What did Susan Bruni do?",
        "context": context,
        "answer": "Susan Bruni",
        "answer_start": 38,
    }
    [made] = augmented(
        [Record(values)], {"transforms": ["replace_names"], "mode": "new"}, ("question", "context")
    ).records()
    name = made.values["answer"]
    assert name != "Susan Bruni"
    assert made.values["question"] == f"What did {name} do?"
    assert made.values["context"].count(name) == 2
    assert made.values["context"].startswith(name, made.values["answer_start"])


def test_an_answer_that_does_not_stand_there_is_told():
    values = SQUAD | {"answers": {"text": ["Tom"], "answer_start": [6]}}
    with pytest.raises(InputError, match="does not stand in the context"):
        list(augmented([Record(values)], {"transforms": ["uppercase"]}, ("context",)).records())


def test_labels_become_what_is_said():
    given = [Record({"text": "good", "label": "positive"}), Record({"text": "so so", "label": "mixed"})]
    plan = {
        "transforms": [{"kind": "turned", "becomes": {"positive": "negative", "negative": "positive"}}],
        "mode": "new",
    }
    out = list(augmented(given, plan).records())
    assert [record.values for record in out] == [{"text": "Not: good", "label": "negative"}]


def test_policies_hold_for_single_labels():
    given = [Record({"text": "moon stone"}, (Span(0, 4, "A"), Span(5, 10, "B")))]
    plan = {"transforms": [{"kind": "stutter", "labels": {"A": "protect"}, "copies": 5}], "mode": "new"}
    assert [record.text for record in augmented(given, plan).records()] == ["moon stone stone"]
    plan = {"transforms": [{"kind": "stutter", "labels": {"A": "only"}, "copies": 5}], "mode": "new"}
    assert [record.text for record in augmented(given, plan).records()] == ["moon moon stone"]


def test_the_origin_of_a_copy_is_that_of_its_making_however_late_it_is_asked_for() -> None:
    records = [Record({"text": f"An old tome of {n} ."}, (Span(3, 6, "AGE"),), f"r{n}") for n in range(3)]
    plan = Plan.of({"transforms": ["uppercase"], "mode": "new"})
    out = list(Augmentation(Spec(plan, ("text",), {}), lambda: records).records())
    for record in records:
        record.values["text"] = "Changed since."
    for copy in [out[0], replace(out[1], tags=()), pickle.loads(pickle.dumps(out[2]))]:
        assert copy.origin["parent"]["spans"] == [{"start": 3, "end": 6, "label": "AGE"}]
        assert copy.origin["parent"]["text"] == f"An old tome of {copy.id[1]} ."
        assert copy.origin["edits"][1] == {"field": "text", "start": 3, "end": 6, "old": "old", "new": "OLD"}
