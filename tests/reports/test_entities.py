"""Entities: what a tagger finds in real texts, by exact bounds and label."""

from __future__ import annotations

import pytest
from tests.reports.planted import table

from seedbed.core.record import Span
from seedbed.reports.entities import entities
from seedbed.reports.table import Table

SPANS = [(Span(0, 3, "PER"), Span(10, 15, "CITY")), (Span(4, 9, "PER"),), ()]
TEST = table(["Ann is in Paris", "the Greys came", "nobody"] * 20, spans=SPANS * 20)
LEARNED = table(["Bob is in Rome"] * 40, spans=[(Span(0, 3, "PER"), Span(10, 14, "CITY"))] * 40)


def measured(found: list[tuple[Span, ...]], train: Table | None = None) -> dict:
    return entities(LEARNED, TEST, train, lambda learned, texts: found * 20)


def test_what_is_found_exactly_counts():
    found = measured(SPANS)
    assert found["synthetic"]["f1"] == 1
    assert found["tested_on"] == {"records": 60, "of": 60, "entities": 60}


@pytest.mark.parametrize(
    "nearly", [Span(0, 4, "PER"), Span(0, 3, "CITY"), Span(1, 3, "PER")], ids=["bounds", "label", "start"]
)
def test_what_is_found_nearly_does_not(nearly: Span):
    found = measured([(nearly, SPANS[0][1]), SPANS[1], ()])
    assert found["synthetic"]["f1"] == pytest.approx(2 * 2 / (3 + 3), abs=1e-4)


def test_f1_is_of_all_entities_and_by_label():
    found = measured([(SPANS[0][0],), (), (Span(0, 6, "PER"),)])
    assert found["synthetic"]["f1"] == pytest.approx(2 * 1 / (3 + 2), abs=1e-4)
    assert found["by_label"]["PER"]["synthetic"]["f1"] == pytest.approx(2 * 1 / (2 + 2), abs=1e-4)
    assert found["by_label"]["CITY"]["synthetic"]["f1"] == 0
    assert found["synthetic"]["macro_f1"] == 0.25
    low, high = found["synthetic"]["f1_interval"]
    assert low < 0.4 < high


def test_a_label_the_test_set_lacks_costs_precision():
    found = measured([(*SPANS[0], Span(4, 6, "ORG")), SPANS[1], ()])
    assert found["synthetic"]["f1"] == pytest.approx(2 * 3 / (3 + 4), abs=1e-4)
    assert found["synthetic"]["macro_f1"] == 1


def test_labels_that_one_side_lacks_are_named():
    more = table(["Bob is in Rome"], spans=[(Span(0, 3, "PER"), Span(7, 14, "WHERE"))])
    found = entities(more, TEST, None, lambda learned, texts: SPANS * 20)
    assert found["labels_only_real"] == ["CITY"]
    assert found["labels_only_synthetic"] == ["WHERE"]


def test_real_records_are_learned_from_alone_and_with_the_others():
    sizes = []

    def tag(learned, texts):
        sizes.append(len(learned))
        return SPANS * 20

    found = entities(LEARNED, TEST, TEST, tag)
    assert sizes == [10, 20, 40, 60, 100, 40]
    assert found["both_minus_real"]["f1"] == 0
