"""What is written comes back: every format, arbitrary text, other people's readers."""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from seedbed.core.record import Record, Span
from seedbed.formats.catalog import format_for
from seedbed.formats.files import write_file

NASTY = [
    "",
    " ",
    "  both ends  ",
    '"',
    '""',
    'he said "no", twice',
    "a,b;c\td",
    "line\nbreak",
    "line\r\nbreak",
    "lone\rreturn",
    "\r",
    "\n",
    "nul\0inside",
    "\ufeffmark",
    "\u2028\u2029\x85\x0b\x0c",
    "👩‍👩‍👧‍👦 🇩🇪 e\u0301",
    "مرحبا \u202eabc\u202c שלום",
    "中文，日本語",
    "\U0010ffff\ufffe",
    "NULL",
    "NaN",
    "null",
    "001",
    "[1",
    "{not json",
    "=1+1",
    "'",
    "\\",
    "\\n",
]
unhurried = settings(deadline=None, max_examples=50)
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"])))
names = st.lists(texts.filter(lambda name: name != "spans"), min_size=1, max_size=4, unique=True)


@st.composite
def text_tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    columns = draw(names)
    return columns, draw(st.lists(st.lists(texts, min_size=len(columns), max_size=len(columns)), max_size=6))


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts)
nested = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))


def write_and_read(columns: list[str], rows: list[list[Any]], suffix: str) -> list[list[Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/data{suffix}"
        records = (Record(dict(zip(columns, row, strict=True))) for row in rows)
        assert write_file(records, path, columns, force=False) == len(rows)
        return [[record[column] for column in columns] for record in format_for(path).read(path)]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".csv.gz", ".jsonl.gz"])
@unhurried
@given(table=text_tables())
@example(table=(["a;b;c", "d"], [["1", "2"]]))
@example(table=(["text"], [[text] for text in NASTY]))
@example(table=(["\ufeffx", "y"], [["1", "2"]]))
def test_any_text_under_any_name_comes_back_from_every_format(
    suffix: str, table: tuple[list[str], list[list[str]]]
) -> None:
    columns, rows = table
    assert write_and_read(columns, rows, suffix) == rows


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
@unhurried
@given(values=st.lists(nested, max_size=5))
@example(values=[2**80, -(2**63), 1e300, {"a": [12345678901234567890123]}])
def test_nested_values_come_back_from_json(suffix: str, values: list[Any]) -> None:
    assert write_and_read(["value"], [[value] for value in values], suffix) == [[value] for value in values]


KINDS = [
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(texts, max_size=3),
    st.dictionaries(texts, nested, max_size=3),
    st.lists(nested, max_size=3),
]


@pytest.mark.parametrize("kind", KINDS)
@unhurried
@given(data=st.data())
def test_values_of_one_kind_come_back_from_parquet(kind: st.SearchStrategy[Any], data: st.DataObject) -> None:
    values = data.draw(st.lists(kind | st.none(), max_size=6))
    assert write_and_read(["value"], [[value] for value in values], ".parquet") == [[value] for value in values]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".parquet"])
@unhurried
@given(edges=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), texts, st.sampled_from(["text", "title"]))))
def test_spans_come_back_as_spans(suffix: str, edges: list[tuple[int, int, str, str]]) -> None:
    spans = tuple(Span(start, start + length, label, field) for start, length, label, field in edges)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/data{suffix}"
        write_file([Record({"text": "x"}, spans)], path, ["text", "spans"], force=False)
        (record,) = format_for(path).read(path)
    assert record.spans == spans
    assert record.values == {"text": "x"}


@unhurried
@given(table=text_tables())
def test_the_csv_module_reads_the_same_texts(table: tuple[list[str], list[list[str]]]) -> None:
    columns, rows = table
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.csv")
        write_file([Record(dict(zip(columns, row, strict=True))) for row in rows], path, columns, force=False)
        with path.open(encoding="utf-8", newline="") as stream:
            assert list(csv.reader(stream, strict=True)) == [columns, *rows]


@unhurried
@given(rows=st.lists(st.tuples(*[texts.map(lambda text: text.replace("\0", ""))] * 2), min_size=1, max_size=6))
def test_pandas_reads_the_same_texts_from_csv(rows: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.csv")
        write_file([Record({"text": a, "label": b}) for a, b in rows], path, ["text", "label"], force=False)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert [tuple(row) for row in frame.to_numpy().tolist()] == rows


def test_other_readers_read_parquet_json_and_jsonl(tmp_path: Path) -> None:
    rows = [{"text": text, "n": n, "tags": ["a", text]} for n, text in enumerate(NASTY)]
    for suffix in (".parquet", ".json", ".jsonl.gz"):
        write_file((Record(dict(row)) for row in rows), tmp_path / f"x{suffix}", ["text", "n", "tags"], force=False)
    assert parquet.read_table(tmp_path / "x.parquet").to_pylist() == rows
    frame = pd.read_parquet(tmp_path / "x.parquet")
    assert frame["text"].tolist() == NASTY
    assert frame["n"].dtype == "int64"
    assert json.loads((tmp_path / "x.json").read_text(encoding="utf-8")) == rows
    with gzip.open(tmp_path / "x.jsonl.gz", "rb") as stream:
        assert [json.loads(line) for line in stream] == rows
