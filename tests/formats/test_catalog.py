from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from seedbed.core.errors import InputError
from seedbed.formats.catalog import format_for, formats
from seedbed.formats.csv import CsvFormat, TsvFormat
from seedbed.formats.json import JsonFormat
from seedbed.formats.jsonl import JsonlFormat
from seedbed.formats.parquet import ParquetFormat

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", CsvFormat),
        ("A.CSV", CsvFormat),
        ("a.b.csv.gz", CsvFormat),
        ("a.tsv", TsvFormat),
        ("a.json", JsonFormat),
        ("a.jsonl", JsonlFormat),
        ("a.ndjson.gz", JsonlFormat),
        ("a.parquet", ParquetFormat),
    ],
)
def test_the_suffix_tells_the_format(name: str, form: type) -> None:
    assert type(format_for(name)) is form


@pytest.mark.parametrize("name", ["a.xlsx", "csv", ".csv", "a.gz", "a.parquet.gz", "a", "a.csv.zip"])
def test_an_unknown_suffix_lists_the_known_ones(name: str) -> None:
    with pytest.raises(InputError, match=r"\.csv, \.tsv, \.json, \.jsonl, \.ndjson, \.parquet"):
        format_for(name)


def test_all_built_in_formats_can_be_loaded_by_name() -> None:
    assert {"csv", "tsv", "json", "jsonl", "parquet"} <= set(formats.names())
    for kind in ("csv", "tsv", "json", "jsonl", "parquet"):
        assert formats.get(kind).__name__.lower() == f"{kind}format"


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for name in ("x.csv", "x.json", "x.jsonl.gz", "x.parquet"):
        with pytest.raises(InputError, match="There is no file"):
            list(format_for(name).read(str(tmp_path / name)))
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        list(format_for("d.csv").read(str(tmp_path / "d.csv")))


def test_a_damaged_packed_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    for data in (b"text\r\nplain\r\n", gzip.compress(b"text\r\nplain\r\n")[:-10]):
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"x\.csv\.gz cannot be read"):
            list(format_for(path).read(str(path)))


def test_a_packed_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"text\r\n\xff\r\n"))
    with pytest.raises(InputError, match="line 2: the text is not UTF-8"):
        list(format_for(path).read(str(path)))
