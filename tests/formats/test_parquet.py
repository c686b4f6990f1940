from __future__ import annotations

import sys
import tracemalloc
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.record import Record, Span
from seedbed.formats import parquet_parts
from seedbed.formats.catalog import format_for
from seedbed.formats.parquet import ParquetFormat

if TYPE_CHECKING:
    from pathlib import Path


def column(path: Path, *values: Any) -> tuple[str, list[Any]]:
    """The column's type and what is read back."""
    ParquetFormat().write([Record({"x": value}) for value in values], str(path), ["x"])
    kind = str(parquet.read_schema(path).field("x").type)
    return kind, [record["x"] for record in ParquetFormat().read(str(path))]


@pytest.mark.parametrize(
    ("values", "kind", "back"),
    [
        ((None, None), "string", [None, None]),
        ((1, None, 2), "int64", [1, None, 2]),
        ((1, 2.5), "double", [1.0, 2.5]),
        ((2**62, 1), "int64", [2**62, 1]),
        ((2**62, 2.5), "string", [str(2**62), "2.5"]),
        ((2**70,), "string", [str(2**70)]),
        ((True, 1), "string", ["True", "1"]),
        ((None, "a", 1, [1]), "string", [None, "a", "1", "[1]"]),
        (([], ["a"]), "list<element: string>", [[], ["a"]]),
        ((["a"], [1], {"b": [None]}), "string", [["a"], [1], {"b": [None]}]),
    ],
)
def test_a_column_takes_the_type_that_holds_all_its_values(
    values: tuple[Any, ...], kind: str, back: list[Any], tmp_path: Path
) -> None:
    assert column(tmp_path / "x.parquet", *values) == (kind, back)


def test_a_value_far_down_still_decides_the_type(tmp_path: Path) -> None:
    values = [*range(45_000), "last"]
    kind, back = column(tmp_path / "x.parquet", *values)
    assert kind == "string"
    assert back == [str(value) for value in values]
    assert parquet.ParquetFile(tmp_path / "x.parquet").num_row_groups == 3


def test_no_records_are_a_valid_file_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    assert ParquetFormat().write([], str(path), ["text", "label"]) == 0
    assert parquet.read_schema(path).names == ["text", "label"]
    assert list(ParquetFormat().read(str(path))) == []


def test_spans_are_a_list_of_structures(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    records = [Record({"text": "a"}), Record({"text": "b"}, (Span(0, 1, "x"),))]
    ParquetFormat().write(records, str(path), ["text", "spans", "tags", "origin"])
    assert str(parquet.read_schema(path).field("spans").type).startswith(
        "list<element: struct<start: int64, end: int64"
    )
    assert [record.spans for record in ParquetFormat().read(str(path))] == [(), (Span(0, 1, "x"),)]


@pytest.mark.parametrize("data", [b"", b"PAR1", b"text,label\r\n" * 20])
def test_another_file_is_refused_in_one_sentence(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"x\.parquet cannot be read") as caught:
        list(ParquetFormat().read(str(path)))
    assert not caught.value.message.endswith("..")


def test_a_missing_library_is_named_before_anything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match="parquet"):
        format_for("x.parquet")


def test_half_a_character_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lone surrogate"):
        column(tmp_path / "x.parquet", "bad \ud83d")


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.table([[1], [2]], names=["a", "a"]), path)
    with pytest.raises(InputError, match=r"x\.parquet: the column `a` is there twice"):
        list(ParquetFormat().read(str(path)))


def test_bytes_that_are_text_are_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    values = [b"K\xc3\xa4se", b"\xff!", None]
    for kind in (pa.binary(), pa.large_binary()):
        parquet.write_table(pa.table({"a": pa.array(values, kind)}), path)
        assert [record["a"] for record in ParquetFormat().read(str(path))] == ["Käse", "\\xff!", None]


def test_long_rows_are_written_and_read_a_few_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    texts = (f"{number} " * 200_000 for number in range(100, 160))
    ParquetFormat().write((Record({"text": text}) for text in texts), str(path), ["text"])
    assert parquet.ParquetFile(path).num_row_groups == 3
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    try:
        allocated = [pa.total_allocated_bytes() - before for _ in ParquetFormat().read(str(path))]
        assert (len(allocated), max(allocated) < 50_000_000) == (60, True)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_a_damaged_file_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    ParquetFormat().write([Record({"text": "hello"})], str(path), ["text"])
    data = bytearray(path.read_bytes())
    data[4:24] = bytes(20)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"x\.parquet cannot be read: [^\n]*[^.\n]\.$"):
        list(ParquetFormat().read(str(path)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.integers(1, 23), min_size=1, max_size=6), rows=st.integers(1, 9))
def test_parts_of_files_are_their_records_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, groups: list[int], rows: int
) -> None:
    monkeypatch.setattr(parquet_parts, "ROWS", rows)
    numbers = iter(range(sum(groups)))
    with parquet.ParquetWriter(tmp_path / "of.parquet", pa.schema({"n": pa.int64()})) as writer:
        for size in groups:
            writer.write_table(pa.table({"n": list(islice(numbers, size))}))
    found = parquet_parts.Parts.of([str(tmp_path / "of.parquet")] * 2)
    read = [[record.values["n"] for record in parquet_parts.read_part(part)] for part in found.parts]
    assert [one for part in read for one in part] == [*range(sum(groups)), *range(sum(groups))]
    assert [len(part) for part in read] == [part.rows for part in found.parts]
    assert [part.first for part in found.parts] == [*accumulate([0, *map(len, read)])][:-1]
    assert all(len(part) <= max(rows, -(-max(groups) // parquet_parts.SPLIT)) for part in read)
