"""What is written in a format of others comes back, but for what its documentation says is lost."""

from __future__ import annotations

import tempfile
import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.core.texts.layers import outer
from seedbed.formats.catalog import format_for
from seedbed.formats.conll import tokens
from seedbed.formats.files import write_file

NASTY = [
    "",
    " ",
    '"',
    'he said "no", twice',
    "a,b;c\td",
    "line\r\nbreak\n\nand another",
    "lone\rreturn\r",
    "nul\0inside",
    "\ufeffmark",
    "\u2028\u2029\x85\x0b\x0c\x1c",
    "👩‍👩‍👧‍👦👍🏽 🇩🇪🇫🇷 1️⃣ e\u0301té",
    "مرحبا \u202eabc\u202c שלום",
    "中文，日本語。हिन्दी ไทย",
    "# O",
    "-DOCSTART- -X- O",
    "B-PER",
    "\\n {not json [1",
    "[1, 2]",
    '{"a": 1}',
    "</View>&amp;<x>",
]
unhurried = settings(deadline=None, max_examples=40)
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"])))
labels = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"), min_size=1
)
nested = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)


def unmarked(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Without the marks of ChatML, which Hypothesis finds in our source and loves to try."""
    return strategy.filter(lambda text: "<|im_" not in text)


@st.composite
def marked(draw: st.DrawFn, field: str = "text") -> tuple[str, tuple[Span, ...]]:
    """A text and any spans of it, in the order of the text."""
    text = draw(texts)
    spans = set()
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        spans.add((start, draw(st.integers(start, len(text))), draw(labels)))
    return text, tuple(Span(*span, field) for span in sorted(spans))


def there_and_back(
    name: str, records: list[Record], columns: list[str], suffix: str = "", **options: str
) -> list[tuple[dict[str, Any], tuple[Span, ...]]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"data{suffix}")
        form = format_for(path, name, options)
        assert write_file(iter(records), path, columns, force=False, form=form) == len(records)
        return [(record.values, record.spans) for record in form.read(str(path))]


# all that have JSON: nothing of spans is lost, however they overlap


@settings(deadline=None, max_examples=15)
@given(row=marked())
@example(row=("Ann Lee", (Span(0, 3, "A"), Span(0, 7, "B"), Span(0, 7, "C"), Span(2, 5, "B"))))
@pytest.mark.parametrize("name", ["csv", "tsv", "json", "jsonl", "parquet", "huggingface"])
def test_spans_that_overlap_are_kept_exactly(name: str, row: tuple[str, tuple[Span, ...]]) -> None:
    ((_, found),) = there_and_back(name, [Record({"text": row[0]}, row[1])], ["text", "spans"])
    assert found == row[1]


# conll: white space becomes one space between tokens; other columns and spans that hold no word are lost


@unhurried
@given(rows=st.lists(marked().filter(lambda row: tokens(row[0]) != []), max_size=4))
@example(rows=[(text, ()) for text in NASTY if tokens(text)])
def test_conll_keeps_the_words_and_the_longest_spans(rows: list[tuple[str, tuple[Span, ...]]]) -> None:
    records = [Record({"text": text}, spans) for text, spans in rows]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        back = there_and_back("conll", records, ["text"], overlaps="outer")
    for (text, spans), (values, found) in zip(rows, back, strict=True):
        assert "".join(values["text"].split()) == "".join(text.replace("\ufeff", " ").split())
        kept = outer(span for span in spans if _solid(text, span))
        assert [(_solid(values["text"], span), span.label) for span in found] == [
            (_solid(text, span), span.label) for span in kept
        ]


@unhurried
@given(text=texts.filter(tokens), picks=st.lists(st.integers(0, 50), max_size=6), label=labels)
def test_conll_loses_no_span_of_whole_tokens(text: str, picks: list[int], label: str) -> None:
    bounds = tokens(text)
    edges = sorted({pick % (len(bounds) + 1) for pick in picks})
    pairs = [(bounds[first][0], bounds[last - 1][1]) for first, last in pairwise(edges)]
    spans = tuple(Span(start, end, label) for start, end in pairs)
    ((values, found),) = there_and_back("conll", [Record({"text": text}, spans)], ["text"])
    assert [span.label for span in found] == [label] * len(spans)
    assert [_solid(values["text"], span) for span in found] == [_solid(text, span) for span in spans]


def _solid(text: str, span: Span) -> str:
    """What the span covers, without white space."""
    return "".join(text[span.start : span.end].replace("\ufeff", " ").split())


# label_studio: the order of the spans, and a list of one label


@unhurried
@given(rows=st.lists(st.tuples(marked(), labels | st.lists(labels, min_size=2, unique=True), nested), max_size=4))
@pytest.mark.parametrize("kind", ["predictions", "annotations"])
def test_label_studio_keeps_texts_labels_spans_and_columns(kind: str, rows: list[Any]) -> None:
    records = [Record({"text": row[0][0], "more": row[2], "label": row[1]}, row[0][1]) for row in rows]
    back = there_and_back("label_studio", records, ["text", "more", "label", "spans"], ".json", **{"as": kind})
    assert back == [(record.values, record.spans) for record in records]


# chat formats: everything but the messages


@unhurried
@given(talks=st.lists(st.lists(st.tuples(unmarked(labels), unmarked(texts)), min_size=1, max_size=4), max_size=3))
@example(talks=[[("user", text), ("assistant", text)] for text in NASTY])
@pytest.mark.parametrize("suffix", [".json", ".jsonl.gz"])
@pytest.mark.parametrize("name", ["openai_chat", "sharegpt", "chatml"])
def test_conversations_come_back_whole(name: str, suffix: str, talks: list[list[tuple[str, str]]]) -> None:
    messages = [[{"role": role, "content": text} for role, text in talk] for talk in talks]
    back = there_and_back(name, [Record({"messages": talk, "id": 1}) for talk in messages], ["id", "messages"], suffix)
    if name == "sharegpt":  # names of speakers other than these three are theirs
        known = {"human": "user", "gpt": "assistant", "chatgpt": "assistant", "bing": "assistant"}
        messages = [[{**one, "role": known.get(one["role"], one["role"])} for one in talk] for talk in messages]
    assert [values for values, _ in back] == [{"messages": talk} for talk in messages]


@unhurried
@given(rows=st.lists(st.tuples(texts, texts, texts), max_size=4))
@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("alpaca", "instruction input output"),
        ("preference", "prompt chosen rejected"),
        ("prompt_completion", "prompt completion"),
    ],
)
def test_columns_of_training_formats_come_back(
    name: str, columns: str, suffix: str, rows: list[tuple[str, str, str]]
) -> None:
    names = columns.split()
    values = [dict(zip(names, row, strict=False)) for row in rows]
    back = there_and_back(name, [Record({**row, "other": 1}) for row in values], [*names, "other"], suffix)
    assert [found for found, _ in back] == values


# spacy: other columns, the order of spans, spans that hold nothing


@settings(deadline=None, max_examples=10)
@given(rows=st.lists(st.tuples(marked(), labels), max_size=3))
@example(rows=[((text, ()), "x") for text in NASTY])
@example(rows=[(("Ann Lee and Bob", (Span(0, 3, "A"), Span(0, 7, "B"), Span(0, 7, "C"), Span(12, 15, "B"))), "x")])
def test_docbin_keeps_texts_labels_and_all_spans(rows: list[tuple[tuple[str, tuple[Span, ...]], str]]) -> None:
    records = [Record({"text": text, "label": label, "other": 1}, spans) for (text, spans), label in rows]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        back = there_and_back("spacy", records, ["text", "label"], ".spacy", unaligned="skip")
    for record, (values, found) in zip(records, back, strict=True):
        assert values == {"text": record.text, "label": record.label}
        assert found == tuple(span for span in record.spans if span.start < span.end)


# huggingface: objects get the keys of all, mixed columns become text


@settings(deadline=None, max_examples=15)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "text": texts | st.none(),
                "n": st.none() | st.integers(-(2**63), 2**63 - 1),
                "yes": st.booleans(),
                "share": st.floats(allow_nan=False, allow_infinity=False) | st.none(),
                "tags": st.lists(texts, max_size=3) | st.none(),
                "messages": st.lists(st.fixed_dictionaries({"role": texts, "content": texts}), max_size=2),
                "customer": st.fixed_dictionaries({"name": texts, "ids": st.lists(st.integers(0, 9), max_size=2)}),
            }
        ),
        max_size=4,
    )
)
def test_dataset_folders_keep_lists_and_objects(rows: list[dict[str, Any]]) -> None:
    columns = ["text", "n", "yes", "share", "tags", "messages", "customer"]
    back = there_and_back("huggingface", [Record(dict(row)) for row in rows], columns)
    assert [values for values, _ in back] == rows


# beir: nothing but the order of columns; ragas: everything but question, answer and the contexts' texts


contexts = st.lists(
    texts.filter(bool) | st.just({"id": "own", "text": "one", "title": "One", "page": 3}),
    min_size=1,
    max_size=3,
    unique_by=str,
)


@unhurried
@given(rows=st.lists(st.tuples(texts, texts, contexts, nested), max_size=4))
def test_beir_keeps_questions_contexts_and_all_columns(rows: list[Any]) -> None:
    values = [{"question": q, "answer": a, "more": more, "evidence": [], "contexts": held} for q, a, held, more in rows]
    back = there_and_back(
        "beir", [Record(dict(row)) for row in values], ["question", "answer", "more", "evidence", "contexts"]
    )
    assert [found for found, _ in back] == values


@unhurried
@given(rows=st.lists(st.tuples(texts, texts, contexts), max_size=4))
def test_ragas_keeps_question_answer_and_the_texts_of_contexts(rows: list[Any]) -> None:
    records = [Record({"question": q, "answer": a, "kind": "simple", "contexts": held}) for q, a, held in rows]
    back = there_and_back("ragas", records, ["question", "answer", "kind", "contexts"], ".jsonl")
    assert [values for values, _ in back] == [
        {"question": q, "answer": a, "contexts": [one if isinstance(one, str) else one["text"] for one in held]}
        for q, a, held in rows
    ]


@pytest.mark.parametrize(
    "name",
    [
        "conll",
        "label_studio",
        "chatml",
        "openai_chat",
        "sharegpt",
        "alpaca",
        "preference",
        "spacy",
        "huggingface",
        "beir",
        "ragas",
    ],
)
def test_half_a_character_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    half = "bad \ud83d"
    values = {"text": half, "question": half, "answer": "a", "contexts": ["x"], "chosen": "a", "rejected": "b"}
    form = format_for(tmp_path / "x", name)
    columns = ["text"] if name in ("conll", "spacy", "label_studio") else list(values)
    with pytest.raises(InputError, match="lone surrogate"):
        write_file([Record(values)], tmp_path / "x", columns, force=False, form=form)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["conll", "label_studio", "chatml", "alpaca", "spacy", "huggingface", "beir", "ragas"])
def test_no_records_are_a_valid_file(name: str) -> None:
    assert there_and_back(name, [], ["text", "question", "contexts"], ".json" if name == "label_studio" else "") == []
