"""What the report says of records that are there again: planted ones are found, and nothing else."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from seedbed.reports.duplicates import against, duplicates
from seedbed.reports.table import Table

SYLLABLES = [one + two for one in "bcdfglmnprst" for two in ("a", "e", "i", "o", "u", "an", "er", "is")]


def table(rows: list[tuple[str, str]], models: list[str] | None = None) -> Table:
    texts, labels = [row[0] for row in rows], [row[1] for row in rows]
    return Table(
        [f"r{place}" for place in range(len(rows))], texts, labels, models or [""] * len(rows), [""] * len(rows)
    )


def sentences(count: int, rng: Random) -> list[str]:
    return [" ".join("".join(rng.choices(SYLLABLES, k=3)) for _ in range(rng.randint(12, 40))) for _ in range(count)]


def edited(text: str, rng: Random) -> str:
    """One to three words of a text changed, as many as leave it a near duplicate."""
    words = text.split()
    for place in rng.sample(range(len(words)), rng.randint(1, len(words) // 10)):
        words[place] = "changed"
    return " ".join(words)


def test_planted_duplicates_are_found_by_kind_label_and_model():
    rng = Random(5)
    texts = sentences(400, rng)
    rows = [(text, "ab"[place % 2]) for place, text in enumerate(texts)]
    rows += [rows[place] for place in range(20)]
    rows += [(edited(texts[place], rng), "ab"[place % 2]) for place in range(100, 140)]
    rows += [(texts[place], "ba"[place % 2]) for place in range(200, 205)]
    models = ["m"] * 400 + ["n"] * 65
    order = list(range(len(rows)))
    rng.shuffle(order)
    found = duplicates(table([rows[place] for place in order], [models[place] for place in order]))
    assert (found["exact"], found["near"], found["cross_label"]) == (20, 40, 5)
    assert found["by_label"] == {"a": 30, "b": 30} == dict(sorted(found["by_label"].items()))
    assert sum(found["by_model"].values()) == 60
    assert "by_prompt" not in found
    assert len(found["cross_label_pairs"]) == 5
    assert all(set(pair["labels"]) == {"a", "b"} for pair in found["cross_label_pairs"])
    assert {one["records"] for one in found["clusters"]} == {2}


@given(st.permutations(range(6)))
def test_the_order_of_the_records_does_not_matter(order: list[int]):
    text = "this sentence has more than ten words so that one may differ"
    other = text.replace("one", "two")
    rows = [(text, "a"), (text, "a"), (other, "a"), (text, "b"), (other, "b"), ("something else", "a")]
    found = duplicates(table([rows[place] for place in order]))
    assert (found["exact"], found["near"], found["cross_label"]) == (1, 2, 1)
    assert found["by_label"] == {"a": 2, "b": 1}


def test_three_of_a_kind_are_two_too_many_and_one_cluster():
    text = "this sentence has more than ten words so that one may differ"
    rows = [(text, ""), (text.replace(" ten ", " nine "), ""), (text, ""), ("something else", "")]
    found = duplicates(table(rows))
    assert (found["exact"], found["near"], found["cross_label"]) == (1, 1, 0)
    assert found["clusters"] == [
        {"records": 3, "labels": [], "names": ["r0", "r1", "r2"], "texts": [text, text.replace(" ten ", " nine ")]}
    ]


def test_what_a_reference_holds_is_told():
    rng = Random(6)
    texts = sentences(50, rng)
    rows = [(text, "") for text in texts]
    found = against(table(rows), [(texts[3], ""), (edited(texts[4], rng), ""), (texts[3], ""), ("none of it", "")])
    assert (found["records"], found["exact"], found["near"]) == (4, 1, 1)
    assert [one["record"] for one in found["examples"]] == ["r3", "r4"]
