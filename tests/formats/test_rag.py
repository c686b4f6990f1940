from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from seedbed.core.errors import InputError
from seedbed.core.record import Record
from seedbed.formats.rag import BeirFormat, RagasFormat

if TYPE_CHECKING:
    from pathlib import Path

BLUE, RED = "The sky is blue.", {"id": "r\t1", "text": 'Mars is "red".', "title": "Mars"}
QUOTE = {"document": "sky.md", "start": 0, "end": 7, "quote": "The sky"}
ROWS: list[dict[str, Any]] = [
    {"question": "Which?", "answer": "blue", "kind": "simple", "evidence": [QUOTE], "contexts": [BLUE, RED]},
    {"question": "Why\n?", "answer": "", "kind": "unanswerable", "evidence": [], "contexts": [BLUE]},
    {"question": "Lost?", "answer": "x", "kind": "simple", "evidence": [{"quote": "nowhere"}], "contexts": [RED]},
    {
        "question": "By id?",
        "answer": "x",
        "kind": "simple",
        "evidence": [{"document": "r\t1"}],
        "contexts": [BLUE, RED],
    },
    {"question": "None?", "answer": "x", "kind": "simple", "evidence": None, "contexts": json.dumps([BLUE])},
]


def load_as_beir_does(folder: Path) -> tuple[dict[str, Any], dict[str, str], dict[str, dict[str, int]]]:
    """What `beir.datasets.data_loader.GenericDataLoader(folder).load(split="test")` answers."""

    def lines(name: str) -> list[Any]:
        with (folder / name).open(encoding="utf8") as file:
            return [json.loads(line) for line in file]

    corpus = {line["_id"]: {"text": line["text"], "title": line["title"]} for line in lines("corpus.jsonl")}
    queries = {line["_id"]: line["text"] for line in lines("queries.jsonl")}
    scores: dict[str, dict[str, int]] = {}
    with (folder / "qrels/test.tsv").open(encoding="utf-8") as file:
        reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_MINIMAL)
        assert next(reader) == ["query-id", "corpus-id", "score"]
        for query, document, score in reader:
            scores.setdefault(query, {})[document] = int(score)
    return corpus, queries, scores


def test_beir_loads_corpus_questions_and_scores(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    assert BeirFormat().write([Record(row) for row in ROWS], str(folder), list(ROWS[0])) == 5
    corpus, queries, scores = load_as_beir_does(folder)
    (blue,) = [name for name, found in corpus.items() if found["text"] == BLUE]
    assert corpus == {blue: {"text": BLUE, "title": ""}, "r\t1": {"text": RED["text"], "title": "Mars"}}
    assert queries == {f"q{number}": row["question"] for number, row in enumerate(ROWS, 1)}
    assert scores == {
        "q1": {blue: 1, "r\t1": 0},
        "q2": {blue: 0},
        "q3": {"r\t1": 1},
        "q4": {blue: 0, "r\t1": 1},
        "q5": {blue: 1},
    }
    again = tmp_path / "again"
    BeirFormat().write([Record(row) for row in ROWS], str(again), list(ROWS[0]))
    assert (again / "corpus.jsonl").read_bytes() == (folder / "corpus.jsonl").read_bytes()


def test_a_folder_of_beir_is_read_with_what_its_split_asks(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(
        '{"_id": "d1", "title": "T", "text": "one", "metadata": {"url": "u"}}\n{"_id": "d2", "text": "two"}\n'
    )
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "a", "text": "A?", "metadata": {"kind": "k"}}\n{"_id": "b", "text": "B?"}\n'
    )
    (tmp_path / "qrels/dev.tsv").write_text("query-id\tcorpus-id\tscore\na\td2\t1\na\td1\t2\na\tgone\t1\n")
    (record,) = BeirFormat(split="dev").read(str(tmp_path))
    assert record.values == {
        "question": "A?",
        "kind": "k",
        "contexts": [{"id": "d2", "text": "two"}, {"id": "d1", "text": "one", "title": "T", "url": "u"}],
    }
    with pytest.raises(InputError, match=r"There is no file .*qrels/test\.tsv"):
        list(BeirFormat().read(str(tmp_path)))
    (tmp_path / "qrels/dev.tsv").write_text("query-id\tcorpus-id\tscore\na d2 1\n")
    with pytest.raises(InputError, match=r"dev\.tsv, line 2: expected query-id, corpus-id and score"):
        list(BeirFormat(split="dev").read(str(tmp_path)))
    (tmp_path / "qrels/dev.tsv").write_text("query-id\tcorpus-id\tscore\n")
    (tmp_path / "corpus.jsonl").write_text('{"id": "d1", "text": "one"}\n')
    with pytest.raises(InputError, match=r"corpus\.jsonl, record 1: expected `_id` and `text`"):
        list(BeirFormat(split="dev").read(str(tmp_path)))


def test_evidence_serves_where_there_are_no_contexts(tmp_path: Path) -> None:
    BeirFormat().write([Record({"question": "q", "evidence": [QUOTE]})], str(tmp_path / "x"), ["question", "evidence"])
    (record,) = BeirFormat().read(str(tmp_path / "x"))
    assert record.values == {"question": "q", "evidence": [QUOTE], "contexts": ["The sky"]}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"text": "x", "contexts": ["c"]}], "record 1: there is no column `question`, only text, contexts"),
        ([{"question": "q", "contexts": []}], "record 1: there are no contexts"),
        ([{"question": "q", "contexts": [1]}], "record 1: a context is neither a text nor an object"),
        (
            [{"question": "q", "contexts": [{"id": 1, "text": t}]} for t in "ab"],
            "record 2: another context has the id `1`",
        ),
    ],
)
def test_what_beir_cannot_hold_is_named(rows: list[dict[str, Any]], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        BeirFormat().write([Record(row) for row in rows], str(tmp_path / "x"), list(rows[0]))
    assert message in caught.value.message


def test_ragas_gets_single_turn_samples(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    RagasFormat().write([Record(row) for row in ROWS], str(path), list(ROWS[0]))
    samples = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert samples[0] == {"user_input": "Which?", "reference": "blue", "reference_contexts": [BLUE, RED["text"]]}
    known = {
        "user_input",
        "retrieved_contexts",
        "reference_contexts",
        "response",
        "multi_responses",
        "reference",
        "rubrics",
    }
    for sample in samples:  # the fields and types of ragas' SingleTurnSample
        assert sample.keys() <= known
        assert isinstance(sample["user_input"], str)
        assert all(isinstance(context, str) for context in sample["reference_contexts"])
    path.write_text('{"user_input": "q", "response": "r", "retrieved_contexts": ["c"]}\n')
    assert next(RagasFormat().read(str(path))).values == {"question": "q", "response": "r", "retrieved_contexts": ["c"]}
    path.write_text('{"user_input": [{"content": "q", "type": "human"}]}\n')
    with pytest.raises(InputError, match="record 1: `user_input` is no text"):
        list(RagasFormat().read(str(path)))
