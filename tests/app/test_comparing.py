"""Checks for duplicates through the library: which columns, which records are known, what becomes of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

import seedbed
from seedbed import (
    Check,
    Context,
    Dataset,
    ExactDuplicate,
    Failure,
    Generator,
    InputError,
    NearDuplicate,
    Record,
    SemanticDuplicate,
)
from seedbed.app.build import novelty_of
from seedbed.app.existing import Existing
from seedbed.checks.duplicates import Uniqueness
from seedbed.core.attempt import Outcome

TEN = "one two three four five six seven eight nine ten"
ONE_OFF = "one two three four five six seven eight nine eleven"
TWO_OFF = "one two three four five six seven eight twelve eleven"
ENOUGH = {"fruitless": 5}


class Rows(Generator):
    """Makes these rows, one after the other, whatever is asked."""

    kind: ClassVar[str] = "rows"
    rows: tuple[dict[str, Any], ...]

    def columns(self) -> list[str]:
        return list(dict.fromkeys(name for row in self.rows for name in row))

    async def generate(self, context: Context) -> Sequence[Outcome]:
        number = context.attempt.number
        return [Record(dict(self.rows[number])) if number < len(self.rows) else Failure("missing")]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def made(rows: Sequence[dict[str, Any]], *checks: Any, accepted: int, **fields: Any) -> Dataset:
    """What becomes of the rows; `accepted` is how many are expected to stay."""
    generator = Rows(rows=tuple(rows), count=accepted, unique_by=fields.pop("unique_by", None))
    return seedbed.generate(
        generator, model="scripted", checks=list(checks), stop_rules=ENOUGH, concurrency=1, new=True, **fields
    )


def questions(*pairs: str) -> list[dict[str, Any]]:
    """Rows of a question and a text: "Why? a"."""
    return [dict(zip(("question", "text"), pair.split(" "), strict=True)) for pair in pairs]


def test_a_column_that_came_before_is_refused_whatever_makes_records_unique() -> None:
    rows = questions("Why? a", "Why? b", "When? c")
    dataset = made(rows, {"kind": "exact_duplicate", "column": "question"}, accepted=2)
    assert [record["text"] for record in dataset] == ["a", "c"]
    assert dataset.figures["rejected"] == {"exact_duplicate": 1}
    assert dataset.figures["duplicates"]["exact"] == 1
    assert len(made(rows, accepted=3)) == 3


def test_columns_are_unique_each_for_itself() -> None:
    rows = [{"text": f"t{i}", "a": a, "b": b} for i, (a, b) in enumerate([(1, 1), (1, 2), (2, 1), (2, 2)])]
    checks = [{"kind": "exact_duplicate", "column": name} for name in ("a", "b")]
    assert [record["text"] for record in made(rows, *checks, accepted=2)] == ["t0", "t3"]


def test_near_duplicates_are_looked_for_in_the_named_column_instead() -> None:
    rows = [{"text": TEN, "title": "a"}, {"text": ONE_OFF, "title": "b"}, {"text": "x", "title": TEN}]
    rows += [{"text": "y", "title": ONE_OFF}, {"text": "z", "title": "c"}]
    assert [record["title"] for record in made(rows, accepted=4)] == ["a", TEN, ONE_OFF, "c"]
    near = made(rows, {"kind": "near_duplicate", "column": "title"}, accepted=4)
    assert [record["title"] for record in near] == ["a", "b", TEN, "c"]
    both = made(rows, "near_duplicate", {"kind": "near_duplicate", "column": "title"}, accepted=3)
    assert [record["title"] for record in both] == ["a", TEN, "c"]
    assert both.figures["rejected"] == {"near_duplicate": 2}


def test_each_column_has_its_own_threshold() -> None:
    rows = [{"text": TEN, "title": "a"}, {"text": TWO_OFF, "title": "b"}]
    assert len(made(rows, {"kind": "near_duplicate", "threshold": 0.8}, accepted=1)) == 1
    assert len(made(rows, {"kind": "near_duplicate", "column": "text", "threshold": 0.8}, accepted=1)) == 1
    assert len(made(rows, {"kind": "near_duplicate", "column": "title", "threshold": 0.8}, accepted=2)) == 2


@pytest.mark.parametrize("column", [None, "text"])
def test_a_flagged_duplicate_stays_and_says_what_it_is_like(column: str | None) -> None:
    rows = [{"text": text} for text in (TEN, TEN, ONE_OFF, "something else")]
    checks = [{"kind": kind, "mode": "flag", "column": column} for kind in ("exact_duplicate", "near_duplicate")]
    records = list(made(rows, *checks, accepted=4))
    assert [[tag for tag in record.tags if tag != "synthetic"] for record in records] == [
        [],
        ["exact_duplicate", "near_duplicate"],
        ["near_duplicate"],
        [],
    ]
    assert [record.origin.get("checks") for record in records] == [
        None,
        {"exact_duplicate": "like 0.0", "near_duplicate": "like 0.0"},
        {"near_duplicate": "like 0.0"},
        None,
    ]


def test_flagged_exact_duplicates_do_not_count_as_near_ones() -> None:
    rows = [{"text": text} for text in (TEN, TEN, ONE_OFF)]
    dataset = made(rows, {"kind": "exact_duplicate", "mode": "flag"}, accepted=2)
    assert [record.text for record in dataset] == [TEN, TEN]
    assert len(made(rows, {"kind": "near_duplicate", "mode": "flag"}, accepted=2)) == 2


def test_a_scored_record_says_how_near_the_nearest_is() -> None:
    rows = [{"text": text} for text in (TEN, ONE_OFF, TWO_OFF, "nothing of these words")]
    records = list(made(rows, {"kind": "near_duplicate", "mode": "score"}, accepted=4))
    noted = [record.origin.get("checks", {}) for record in records]
    assert noted[0] == {}
    assert [each["near_duplicate"] for each in noted[1:]] == [0.9, 0.9, 0.0]
    assert [each["near_duplicate_reason"] for each in noted[1:3]] == ["like 0.0", "like 1.0"]
    assert all(record.tags == ("synthetic",) for record in records)


def test_what_is_noted_of_several_columns_is_kept_apart() -> None:
    rows = [{"text": f"text {i}", "a": "x", "b": "y"} for i in range(2)]
    checks = [{"kind": "exact_duplicate", "mode": "flag", "column": name} for name in ("a", "b")]
    last = list(made(rows, *checks, accepted=2))[-1]
    assert last.origin["checks"] == {"exact_duplicate.a": "like 0.0", "exact_duplicate.b": "like 0.0"}
    assert last.tags == ("synthetic", "exact_duplicate")


@pytest.mark.parametrize(
    "checks",
    [
        (),
        (ExactDuplicate(mode="flag"), NearDuplicate(mode="flag")),
        (NearDuplicate(column="question", mode="score"),),
        (ExactDuplicate(column="question"), SemanticDuplicate()),
    ],
)
def test_the_same_text_under_two_labels_is_refused_whatever_the_checks_say(checks: tuple[Check, ...]) -> None:
    labels = seedbed.Classification(instruction="x", count=2, labels=["a", "b"])  # type: ignore[arg-type]
    recipe = seedbed.Recipe.of({"name": "r", "model": "scripted", "generator": labels})
    recipe = recipe.model_copy(update={"checks": checks})
    novelty = novelty_of(recipe, Existing())
    first = Record({"text": TEN, "label": "a", "question": "1"})
    novelty.remember(first, novelty.features(first))
    for text in (TEN, ONE_OFF):
        other = Record({"text": text, "label": "b", "question": "2"})
        assert novelty.peek(other, novelty.features(other)).reason == "cross_label_duplicate"


class Every(Rows):
    """Whose records may all be the same."""

    kind: ClassVar[str] = "every"
    unique: ClassVar[bool] = False


class Rouge(Rows):
    """Whose records are compared by ROUGE-L."""

    kind: ClassVar[str] = "rouge"
    rouge: ClassVar[float | None] = 0.7


@pytest.mark.parametrize("kind", ["exact_duplicate", "near_duplicate", "semantic_duplicate"])
def test_a_check_counts_also_where_nothing_else_is_compared(kind: str) -> None:
    rows = ({"text": TEN}, {"text": TEN}, {"text": "something else"})
    for checks, kept in (([], [TEN, TEN, "something else"]), ([kind], [TEN, "something else"])):
        every = Every(rows=rows, count=len(kept))
        dataset = seedbed.generate(every, model="scripted", checks=checks, stop_rules=ENOUGH, concurrency=1)
        assert [record.text for record in dataset] == kept


def test_a_measure_of_the_generators_own_stays_beside_the_checks() -> None:
    rows = questions("Why? a", "Why? b", "When? a", "When? c")
    checks = [{"kind": "exact_duplicate", "column": "question"}, {"kind": "exact_duplicate", "mode": "flag"}]
    rouge = Rouge(rows=tuple(rows), count=2)
    dataset = seedbed.generate(rouge, model="scripted", checks=checks, stop_rules=ENOUGH, concurrency=1)
    assert [record["text"] for record in dataset] == ["a", "c"]


def test_without_such_a_check_nothing_is_put_around_the_usual_admission() -> None:
    document = {"name": "r", "model": "scripted", "generator": {"kind": "prompt", "prompt": "x", "count": 2}}
    for checks in ([], ["refusal"], ["near_duplicate", {"kind": "exact_duplicate", "column": "text"}]):
        recipe = seedbed.Recipe.of({**document, "checks": checks})
        assert type(novelty_of(recipe, Existing())) is Uniqueness


def test_against_counts_in_every_comparison_or_with_a_column_in_that_one() -> None:
    Path("known.jsonl").write_text(json.dumps({"text": "old text", "question": "Why?"}), "utf-8")
    Path("questions.jsonl").write_text(json.dumps({"question": "When?"}), "utf-8")
    rows = [{"text": "old text", "question": "How?"}, *questions("Why? a", "When? b", "Who? c")]
    by_column = {"kind": "exact_duplicate", "column": "question", "against": ["questions.jsonl"]}
    assert [record["question"] for record in made(rows, by_column, accepted=3)] == ["How?", "Why?", "Who?"]
    everywhere = {"kind": "near_duplicate", "against": ["known.jsonl"]}
    assert [record["question"] for record in made(rows, everywhere, by_column, accepted=1)] == ["Who?"]


def test_known_records_without_the_column_are_like_no_other() -> None:
    Path("known.jsonl").write_text('{"text": "old text"}\n{"text": "older"}', "utf-8")
    check = {"kind": "exact_duplicate", "column": "question"}
    dataset = made([{"text": "a", "question": ""}, {"text": "b"}], check, accepted=2, into={"dataset": "known.jsonl"})
    assert len(dataset) == 2


def test_what_was_accepted_before_counts_when_a_run_goes_on() -> None:
    rows = questions("Why? a", "When? b", "Why? c", "Who? d")
    checks = [{"kind": "exact_duplicate", "column": "question"}, {"kind": "near_duplicate", "mode": "score"}]
    recipe: dict[str, Any] = {"name": "r", "model": "scripted", "checks": checks, "stop_rules": ENOUGH}
    first = seedbed.generate({**recipe, "generator": Rows(rows=tuple(rows), count=2)}, concurrency=1)
    assert len(first) == 2
    whole = {**recipe, "generator": Rows(rows=tuple(rows), count=3)}
    dataset = seedbed.generate(whole, concurrency=1, resume=first.name)
    assert [record["question"] for record in dataset] == ["Why?", "When?", "Who?"]
    assert dataset.figures["rejected"] == {"exact_duplicate": 1}


WRONG = [
    ({"kind": "exact_duplicate", "column": "questoin"}, r"checks\[0\]\.column: there is no column `questoin`"),
    ({"kind": "semantic_duplicate", "column": "questoin"}, r"checks\[0\]\.column: there is no column `questoin`"),
    ({"kind": "exact_duplicate", "threshold": 0.9}, r"checks\[0\]\.threshold: there is no such field"),
    ({"kind": "exact_duplicate", "mode": "drop"}, r"checks\[0\]\.mode: must be `reject`, `flag` or `score`"),
    ({"kind": "near_duplicate", "threshold": 0.4}, r"checks\[0\]\.threshold: must be more than 0\.5"),
    ({"kind": "semantic_duplicate", "threshold": 0}, r"checks\[0\]\.threshold: must be more than 0 "),
    ({"kind": "semantic_duplicate", "threshold": 2}, r"checks\[0\]\.threshold: must be at most 1 "),
    ({"kind": "semantic_duplicate", "model": ""}, r"checks\[0\]\.model: must not be empty"),
    ({"kind": "semantic_duplicate", "model": "nowhere:m"}, r"checks\[0\]\.model: there is no connection or provider"),
    ({"kind": "semantic_duplicate", "model": "far"}, r"checks\[0\]\.model: which model of `far`\?"),
    (
        {"kind": "semantic_duplicate", "model": "far:m"},
        r"checks\[0\]\.model: the provider `anthropic` has no embeddings",
    ),
    ({"kind": "semantic_duplicate", "model": "scripted:m"}, r"the provider `scripted` has no embeddings"),
    ({"kind": "semantic_duplicate", "model": "embedded:smollm2-135m"}, r"the provider `embedded` has no embeddings"),
    (
        {"kind": "exact_duplicate", "column": "text", "against": ["no.csv"]},
        r"checks\[0\]\.against\[0\]: there is no file",
    ),
]


@pytest.mark.parametrize(("check", "words"), WRONG, ids=[str(row[0])[:60] for row in WRONG])
def test_a_wrong_setting_gets_one_sentence(check: dict[str, Any], words: str) -> None:
    document = {
        "name": "r",
        "model": "scripted",
        "connections": {"far": {"provider": "anthropic"}},
        "generator": {"kind": "prompt", "prompt": "x", "count": 2},
        "checks": [check],
    }
    with pytest.raises(InputError, match=words) as caught:
        seedbed.generate(document)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("kind", ["exact_duplicate", "near_duplicate", "semantic_duplicate"])
def test_a_column_is_compared_once(kind: str) -> None:
    document = {"name": "r", "model": "scripted", "generator": {"kind": "prompt", "prompt": "x", "count": 2}}
    twice = [kind, {"kind": kind, "column": "text"}]
    with pytest.raises(InputError, match=rf"checks\[1\]: `{kind}` can be given only once for the same column"):
        seedbed.Recipe.of({**document, "checks": twice})
    assert seedbed.Recipe.of({**document, "checks": [kind, {"kind": kind, "column": "model"}]})


def test_known_records_need_the_column_that_is_compared() -> None:
    Path("known.csv").write_text("text\nold\n", "utf-8")
    check = {"kind": "near_duplicate", "column": "question", "against": ["known.csv"]}
    with pytest.raises(InputError, match="have no column `question` to compare by"):
        made(questions("Why? a"), check, accepted=1)
