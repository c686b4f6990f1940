"""Tables and lines as the libraries read them that people will read them with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seedbed.core.record import Record
from seedbed.formats.files import write_file

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    'he said "no", twice',
    "line\r\nbreak",
    "e\u0301 👩‍👧 🇩🇪",
    "مرحبا \u202eabc\u202c",
    "中文，日本語",
    " both ends ",
    "NULL",
    "001",
]
ROWS: list[dict[str, Any]] = [
    {"text": text, "n": at, "tags": ["a", text], "customer": {"name": text, "vat": at}} for at, text in enumerate(TEXTS)
]
COLUMNS = list(ROWS[0])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    for suffix in (".csv", ".jsonl", ".json", ".parquet"):
        write_file((Record(dict(row)) for row in ROWS), made / f"x{suffix}", COLUMNS, force=False)
    return made


@pytest.mark.parametrize("kind", ["json", "csv", "parquet"])
def test_datasets_loads_them(kind: str, folder: Path, tmp_path: Path) -> None:
    from datasets import disable_progress_bars, enable_progress_bars, load_dataset

    disable_progress_bars()
    try:
        name = "x.jsonl" if kind == "json" else f"x.{kind}"
        options = {"keep_default_na": False} if kind == "csv" else {}
        found = load_dataset(kind, data_files=str(folder / name), split="train", cache_dir=str(tmp_path), **options)
    finally:
        enable_progress_bars()
    assert list(found["text"]) == TEXTS
    assert list(found["n"]) == list(range(len(TEXTS)))
    if kind == "csv":
        assert found.column_names == ["text", "n", "tags", "customer.name", "customer.vat"]
    else:
        assert list(found["tags"]) == [row["tags"] for row in ROWS]
    if kind == "json":
        assert list(found["customer"]) == [row["customer"] for row in ROWS]


def test_pandas_reads_them(folder: Path) -> None:
    import pandas as pd

    table = pd.read_csv(folder / "x.csv", keep_default_na=False, dtype={"text": str})
    assert table["text"].tolist() == table["customer.name"].map(str).tolist() == TEXTS
    assert table["customer.vat"].tolist() == list(range(len(TEXTS)))
    lines = pd.read_json(folder / "x.jsonl", lines=True, dtype=False)
    assert lines["text"].tolist() == TEXTS
    assert lines["customer"].tolist() == [row["customer"] for row in ROWS]


def test_polars_reads_them(folder: Path) -> None:
    import polars as pl

    table = pl.read_csv(folder / "x.csv", schema_overrides={"text": pl.String, "customer.name": pl.String})
    assert table["text"].to_list() == table["customer.name"].to_list() == TEXTS
    lines = pl.read_ndjson(folder / "x.jsonl")
    assert lines.to_dicts() == ROWS
    assert pl.read_parquet(folder / "x.parquet")["tags"].to_list() == [row["tags"] for row in ROWS]


def test_duckdb_reads_them(folder: Path) -> None:
    import duckdb

    with duckdb.connect() as base:
        table = base.sql(
            f"select text, \"customer.vat\" from read_csv('{folder}/x.csv', all_varchar=true, nullstr='∅')"
        )
        assert table.fetchall() == [(text, str(at)) for at, text in enumerate(TEXTS)]
        lines = base.sql(f"select text, tags, customer.name from read_json('{folder}/x.jsonl')")
        assert lines.fetchall() == [(text, ["a", text], text) for text in TEXTS]
        assert base.sql(f"select text from '{folder}/x.parquet' order by n").fetchall() == [(text,) for text in TEXTS]
