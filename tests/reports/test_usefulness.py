"""Train on synthetic, test on real: with planted truth."""

from __future__ import annotations

from itertools import pairwise

from tests.reports.planted import learnable, table

from seedbed.reports.comparing import nested, sampled, shuffled
from seedbed.reports.learning import Words
from seedbed.reports.useful_findings import usefulness_of_labels
from seedbed.reports.usefulness import usefulness

TEST = learnable(500, 1)
REAL = learnable(400, 2)


def levels(found: dict) -> dict[str, str]:
    return {one.text: one.level for one in usefulness_of_labels(found)}


def test_synthetic_records_as_good_as_real_ones_cannot_be_told_from_them():
    found = usefulness(learnable(400, 3), TEST, REAL, [Words()])
    own = found["classifiers"]["tfidf"]
    assert own["synthetic"]["accuracy"] > 0.75
    low, high = own["synthetic_minus_real"]["accuracy_interval"]
    assert low <= 0 <= high
    assert found["learned_from"] == {"synthetic": {"records": 400, "of": 400}, "real": {"records": 400, "of": 400}}
    assert "real_as_many" not in own
    assert next(iter(levels(found).values())) == "good"


def test_labels_by_chance_teach_nothing():
    found = usefulness(learnable(400, 3, noise=1.0), TEST, REAL, [Words()])
    own = found["classifiers"]["tfidf"]
    low, high = own["synthetic"]["accuracy_interval"]
    assert low < 0.42
    assert high < 0.6
    assert own["synthetic_minus_real"]["accuracy_interval"][1] < -0.3
    assert next(iter(levels(found).values())) != "good"


def test_nothing_learned_is_said_to_be_no_better_than_nothing():
    found = usefulness(learnable(400, 3, noise=1.0), TEST, None, [Words()])
    text, level = next(iter(levels(found).items()))
    assert level == "bad"
    assert "real ones" not in text


def test_a_rare_label_that_is_found_is_something_learned_though_few_more_are_right():
    common, rare = learnable(380, 4, labels=("refund",)), learnable(20, 5, labels=("praise",))
    skewed = table([*common.texts, *rare.texts], [*common.labels, *rare.labels])
    found = usefulness(learnable(200, 3, labels=("refund", "praise")), skewed, None, [Words()])
    own = found["classifiers"]["tfidf"]["synthetic"]
    assert own["accuracy_interval"][0] <= found["majority"]["accuracy"] == 0.95
    assert next(iter(levels(found).values())) == "good"


def test_both_together_know_what_each_knows():
    some, others = learnable(200, 4, labels=("refund", "delivery")), learnable(200, 5, labels=("praise", "delivery"))
    own = usefulness(some, TEST, others, [Words()])["classifiers"]["tfidf"]
    assert own["both_minus_real"]["accuracy_interval"][0] > 0.05
    assert own["both"]["accuracy"] > own["synthetic"]["accuracy"] + 0.05


def test_labels_that_one_side_lacks_are_named():
    found = usefulness(
        learnable(100, 4, labels=("refund", "delivery")),
        learnable(100, 5, labels=("refund", "praise")),
        None,
        [Words()],
    )
    assert found["labels_only_real"] == ["praise"]
    assert found["labels_only_synthetic"] == ["delivery"]
    assert found["classifiers"]["tfidf"]["by_label"]["praise"]["synthetic"]["f1"] == 0
    said = " ".join(levels(found))
    assert "“praise”" in said
    assert "“delivery”" in said


def test_the_curve_has_growing_parts_and_ends_with_all():
    curve = usefulness(learnable(320, 3), TEST, None, [Words()])["classifiers"]["tfidf"]["curve"]
    assert [point["records"] for point in curve] == [20, 40, 80, 160, 320]
    assert curve[-1]["accuracy"] > curve[0]["accuracy"]


def test_records_that_are_in_the_test_set_are_counted():
    leaked = table([*learnable(50, 3).texts, TEST.texts[0].upper()], [*learnable(50, 3).labels, TEST.labels[0]])
    found = usefulness(leaked, TEST, REAL, [Words()])
    assert found["in_test"]["synthetic"] == 1
    assert any("word for word" in text for text in levels(found))


def test_it_is_the_same_on_every_run():
    one, other = (usefulness(learnable(120, 3), TEST, REAL, [Words()], seed=5) for _ in range(2))
    assert one == other


def test_a_set_with_one_label_says_it_always():
    found = usefulness(learnable(30, 3, labels=("praise",)), TEST, None, [Words()])
    assert found["classifiers"]["tfidf"]["synthetic"]["accuracy"] == round(TEST.labels.count("praise") / 500, 4)


def test_texts_without_words_can_be_learned_from_all_the_same():
    found = usefulness(
        table(["🙂", "🙁"] * 10, ["up", "down"] * 10), table(["🙂", "x"], ["up", "down"]), None, [Words()]
    )
    assert found["tested_on"]["records"] == 2


def test_parts_hold_one_another_and_the_labels_in_their_shares():
    records = [("a", number) for number in range(300)] + [("b", number) for number in range(100)]
    parts = nested(records, lambda record: record[0], 7)
    for smaller, larger in pairwise(parts):
        assert larger[: len(smaller)] == smaller
    for part in parts:
        assert abs(sum(kind == "b" for kind, _ in part) - len(part) / 4) <= 1
    assert sorted(parts[-1]) == sorted(records)
    assert shuffled(records, lambda record: record[0], 8) != parts[-1]


def test_a_sample_keeps_the_order_and_takes_all_if_it_can():
    assert sampled([3, 1, 2], 3, 7) == [3, 1, 2]
    drawn = sampled(range(100), 10, 7)
    assert len(drawn) == 10
    assert list(drawn) == sorted(drawn)
