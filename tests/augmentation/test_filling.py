"""Records of templates: exact spans, no text twice, as many as there are."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.augmentation.filling import Filler, needed
from seedbed.augmentation.slots import SlotTemplate
from seedbed.core.errors import InputError

LABELS = ("PER", "LOC", "JOB")
VALUE = st.text(
    st.characters(exclude_characters="{}", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=6
)
VALUES = st.fixed_dictionaries({label: st.lists(VALUE, min_size=1, max_size=6) for label in LABELS})
WORDS = st.text(st.characters(exclude_characters="{}", exclude_categories=("Cs",)), max_size=5)
SLOT = st.sampled_from(
    ["{PER}", "{PER_1}", "{PER_2}", "{LOC}", "{JOB}", "{a:JOB}", "{cap:LOC}", "{upper:PER_1}", "{lower:LOC_7}"]
)
TEMPLATES = st.lists(st.tuples(WORDS, SLOT), max_size=4).map(
    lambda parts: "x" + "".join(word + slot for word, slot in parts)
)


def filled(template, values, n, **settings):
    filler = Filler(values, **settings)
    return list(filler.fill(SlotTemplate(template), n)), filler.tallies[0]


@settings(deadline=None, max_examples=300)
@given(TEMPLATES, VALUES, st.integers(1, 60), st.integers(0, 99))
def test_spans_hold_exactly_what_was_filled_in_and_no_text_comes_twice(template, values, n, seed):
    records, tally = filled(template, values, n, seed=seed)
    texts = [record.text for record in records]
    assert len(set(texts)) == len(texts) == tally.made <= n
    slots = [piece for piece in SlotTemplate(template).pieces if not isinstance(piece, str)]
    for record in records:
        chosen = record.origin["values"]
        assert len(record.spans) == len(slots)
        for span, slot in zip(record.spans, slots, strict=True):
            case = {"cap": lambda v: v[:1].upper() + v[1:], "upper": str.upper, "lower": str.lower}
            value = chosen[slot.name]
            assert value in values[slot.label]
            assert record.text[span.start : span.end] == (case[slot.cases[0]](value) if slot.cases else value)
            assert (span.label, span.field) == (slot.label, "text")
        assert all(
            one != other
            for (name, one), (second, other) in product(chosen.items(), repeat=2)
            if name < second and name.split("_")[0] == second.split("_")[0]
        )


@settings(deadline=None)
@given(TEMPLATES, VALUES, st.integers(1, 40))
def test_there_are_fewer_only_where_no_other_text_can_be_made(template, values, n):
    records, tally = filled(template, values, n)
    everything, whole = filled(template, values, 10**6)
    assert len(records) == min(n, len(everything))
    assert tally.combinations == whole.combinations >= len(everything)
    assert bool(tally.lack) == (len(records) < n)


def test_all_combinations_are_those_of_a_plain_loop():
    values = {"PER": ["Anna", "Bo", "Cy", "Di"], "LOC": ["Rome", "Oslo"]}
    records, tally = filled("{PER_1} and {PER_2} in {LOC}", values, 1_000)
    expected = {f"{a} and {b} in {c}" for (a, b), c in product(permutations(values["PER"], 2), values["LOC"])}
    assert {record.text for record in records} == expected
    assert (tally.combinations, tally.made, tally.lack) == (24, 24, "24 of 1,000: only 24 combinations exist")


def test_values_come_in_turns():
    values = {"PER": [f"P{i}" for i in range(7)], "LOC": [f"L{i}" for i in range(7)]}
    records, _ = filled("{PER} in {LOC}", values, 21)
    for slot in ("PER", "LOC"):
        assert set(Counter(record.origin["values"][slot] for record in records).values()) == {3}


def test_templates_go_on_with_the_values_the_one_before_left():
    filler = Filler({"PER": [f"P{i}" for i in range(12)]})
    texts = [
        record.origin["values"]["PER"] for i in range(4) for record in filler.fill(SlotTemplate(f"{i} {{PER}}"), 3)
    ]
    assert len(set(texts)) == 12


def test_what_is_drawn_depends_on_the_values_and_not_on_their_order_nor_on_hashes():
    values = {"PER": ["Anna", "Bo", "Cy", "Di", "Bo"], "LOC": {"Rome", "Oslo", "Bern"}}
    turned = {"LOC": ["Bern", "Oslo", "Rome"], "PER": ["Di", "Cy", "Bo", "Anna"]}
    records = [[one.text for one in filled("{PER} in {LOC}", given, 7, seed=3)[0]] for given in (values, turned)]
    assert records[0] == records[1]
    code = (
        "from seedbed.augmentation.filling import Filler, SlotTemplate\n"
        "values = {'PER': {'Anna', 'Bo', 'Cy', 'Di'}, 'LOC': {'Rome', 'Oslo', 'Bern'}}\n"
        "print([one.text for one in Filler(values, seed=3).fill(SlotTemplate('{PER} in {LOC}'), 7)])"
    )
    for hashes in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hashes, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == str(records[0])


def test_the_seed_decides():
    values = {"PER": [f"P{i}" for i in range(50)]}
    texts = [[one.text for one in filled("{PER}", values, 9, seed=seed)[0]] for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_a_name_that_comes_again_is_the_same_value_and_numbers_are_different_ones():
    records, _ = filled("{PER} and {PER} and {PER_1}", {"PER": ["Anna", "Bo"]}, 9)
    assert sorted(one.text for one in records) == ["Anna and Anna and Bo", "Bo and Bo and Anna"]
    assert [span.label for span in records[0].spans] == ["PER"] * 3


@pytest.mark.parametrize(
    ("template", "value", "text", "inside"),
    [
        ("She is {a:JOB}.", "engineer", "She is an engineer.", ["engineer"]),
        ("{A:JOB} came", "nurse", "A nurse came", ["nurse"]),
        ("{A:JOB} came", "MP", "An MP came", ["MP"]),
        ("She is {a:upper:JOB}", "spy", "She is a SPY", ["SPY"]),
        ("{cap:JOB} wanted", "university teacher", "University teacher wanted", ["University teacher"]),
        ("{lower:JOB}", "CEO", "ceo", ["ceo"]),
        ("{upper:JOB}", "straße", "STRASSE", ["STRASSE"]),
        ("in {JOB}.", "the U.S.", "in the U.S.", ["the U.S."]),
        ("in {JOB}...", "the U.S.", "in the U.S....", ["the U.S."]),
        ("in {JOB}. {JOB}.", "Acme Inc.", "in Acme Inc. Acme Inc.", ["Acme Inc.", "Acme Inc."]),
        ("in {JOB}, or", "the U.S.", "in the U.S., or", ["the U.S."]),
        ("{JOB}{{.}}", "Inc.", "Inc.{.}", ["Inc."]),
        ("{JOB}'s {{x}}", "مهندس", "مهندس's {x}", ["مهندس"]),
        ("👩‍🚀{JOB}👩‍🚀", "é", "👩‍🚀é👩‍🚀", ["é"]),
        ("{JOB}", "a\u200db", "a\u200db", ["a\u200db"]),
    ],
)
def test_what_stands_in_the_text(template, value, text, inside):
    [record], _ = filled(template, {"JOB": [value]}, 5)
    assert record.text == text
    assert [record.text[span.start : span.end] for span in record.spans] == inside


def test_values_that_read_the_same_count_once():
    records, tally = filled("{upper:PER}!", {"PER": ["Anna", "ANNA", "anna", "Bo"]}, 9)
    assert sorted(one.text for one in records) == ["ANNA!", "BO!"]
    assert tally.combinations == 2


def test_texts_that_two_combinations_give_come_once():
    records, tally = filled("{PER}{LOC}", {"PER": ["x", "xy"], "LOC": ["yz", "z"]}, 9)
    assert sorted(one.text for one in records) == ["xyyz", "xyz", "xz"]
    assert tally.lack == "3 of 9: of 4 combinations the others give texts that are there already"


def test_a_walk_among_combinations_that_all_read_the_same_ends():
    values = {f"S{i}x": ["a", "aa"] for i in range(60)}
    records, tally = filled("".join(f"{{{name}}}" for name in values), values, 100)
    assert 0 < len(records) < 100
    assert "1,152,921,504,606,846,976 combinations the last 10,000 that were tried" in tally.lack


def test_no_text_of_one_template_is_one_of_another():
    filler = Filler({"PER": ["Anna", "Bo"], "NAME": ["Anna", "Cy"]})
    first = [one.text for one in filler.fill(SlotTemplate("Hi {PER}"), 9)]
    second = [one.text for one in filler.fill(SlotTemplate("Hi {NAME}"), 9)]
    assert sorted([*first, *second]) == ["Hi Anna", "Hi Bo", "Hi Cy"]


def test_without_slots_there_is_one_result():
    [record], tally = filled("Hello there {{x}}", {}, 50)
    assert (record.text, record.spans) == ("Hello there {x}", ())
    assert (tally.made, tally.combinations, tally.lack) == (1, 1, "1 of 50: it has no slots")


def test_too_few_different_values_are_named():
    records, tally = filled("{PER_1} met {PER_2}", {"PER": ["Anna"]}, 5)
    assert records == []
    assert tally.lack == "0 of 5: {PER_1}, {PER_2} need 2 different values, and there is 1"


def test_plain_values_have_no_span_but_count_as_values():
    [record], _ = filled("{PER} is {a:JOB}", {"PER": ["Anna"], "JOB": ["nurse"]}, 1, plain=["JOB"])
    assert [(span.start, span.end, span.label) for span in record.spans] == [(0, 4, "PER")]
    assert record.origin == {"template": "{PER} is {a:JOB}", "values": {"PER": "Anna", "JOB": "nurse"}, "seed": 0}


def test_a_record_has_the_columns_of_its_template_an_id_and_a_tag():
    filler = Filler({"PER": ["Anna"]})
    [record] = filler.fill(SlotTemplate("Hi {PER}", {"label": "greeting", "source": "me"}), 1)
    assert record.values == {"text": "Hi Anna", "label": "greeting", "source": "me"}
    assert record.tags == ("filled",)
    assert record.id.startswith("filled-")


def test_a_label_that_ends_with_a_number_is_a_name_as_a_whole_where_it_is_known():
    records, _ = filled("{ROUND_1} of {ROUND_2}", {"ROUND_1": ["final"], "ROUND": ["heat"]}, 3)
    assert [(record.text, [span.label for span in record.spans]) for record in records] == [
        ("final of heat", ["ROUND_1", "ROUND"])
    ]


@pytest.mark.parametrize(
    ("slot", "hint"),
    [
        ("PRE", "Did you mean `PER`? Known: LOC, ORG, PER. Where."),
        ("org", "Did you mean `ORG`?"),
        ("ORGG_2", "Did you mean `ORG`?"),
        ("COLOUR", "Known: LOC, ORG, PER. Where."),
    ],
)
def test_a_slot_without_values_is_told_with_the_nearest_name(slot, hint):
    with pytest.raises(InputError) as raised:
        needed([SlotTemplate("{PER}"), SlotTemplate(f"{{{slot}}}", place="line 2")], ["PER", "LOC", "ORG"], "Where.")
    assert raised.value.message == f"line 2: there are no values for the slot `{{{slot}}}`."
    assert hint in raised.value.hint


def test_only_what_slots_need_is_needed():
    templates = [SlotTemplate("{PER_1} {PER_2}"), SlotTemplate("{LOC}")]
    assert needed(templates, ["LOC", "JOB", "PER"], "") == ["PER", "LOC"]
