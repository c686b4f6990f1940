from __future__ import annotations

import os
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from seedbed.core.errors import InputError
from seedbed.core.record import Record
from seedbed.formats.catalog import format_for
from seedbed.formats.files import check_target, write_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIXES = [".csv", ".tsv", ".json", ".jsonl", ".parquet", ".csv.gz"]
RECORDS = [Record({"text": "a"}), Record({"text": "b"})]


def failing(error: BaseException) -> Iterator[Record]:
    yield from RECORDS
    raise error


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_failure_leaves_the_old_file_and_nothing_else(suffix: str, error: BaseException, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(b"old")
    with pytest.raises((type(error), InputError)):
        write_file(failing(error), path, ["text"], force=True)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_failure_leaves_nothing_where_nothing_was(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"):
        write_file(failing(ValueError("x")), tmp_path / f"x{suffix}", ["text"], force=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_existing_file_is_replaced_only_by_force(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    assert write_file(RECORDS, str(path), ["text"], force=False) == 2
    before = path.read_bytes()
    with pytest.raises(InputError, match="exists; use --force"):
        write_file(RECORDS[:1], path, ["text"], force=False)
    assert path.read_bytes() == before
    assert write_file(RECORDS[:1], path, ["text"], force=True) == 1
    assert [record.text for record in format_for(path).read(str(path))] == ["a"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"

    def records() -> Iterator[Record]:
        yield RECORDS[0]
        path.write_bytes(b"somebody else's")

    with pytest.raises(InputError, match="exists; use --force"):
        write_file(records(), path, ["text"], force=False)
    assert path.read_bytes() == b"somebody else's"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_can_be_rewritten_from_itself(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_file(RECORDS, path, ["text"], force=False)
    assert write_file(format_for(path).read(str(path)), path, ["text", "label"], force=True) == 2
    assert path.read_bytes() == b"text,label\r\na,\r\nb,\r\n"


def test_unusable_targets_are_named_before_a_record_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for path, message in (
        (tmp_path / "none" / "x.csv", "there is no folder"),
        (tmp_path / "folder.csv", "is a folder"),
        (tmp_path / "x.xlsx", "known suffixes"),
    ):
        with pytest.raises(InputError, match=message):
            check_target(path, force=True)
        with pytest.raises(InputError, match=message):
            write_file(failing(AssertionError()), path, ["text"], force=True)


def test_the_mode_follows_the_umask_or_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    old = os.umask(0o027)
    try:
        write_file(RECORDS, path, ["text"], force=False)
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o600)
        write_file(RECORDS, path, ["text"], force=True)
        assert path.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(old)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "x.csv.gz"
    link.symlink_to(tmp_path / "real" / "data")
    write_file(RECORDS, link, ["text"], force=False)
    assert link.is_symlink()
    assert [record.text for record in format_for(link).read(str(link))] == ["a", "b"]


def test_packed_files_of_the_same_records_are_equal(tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.csv.gz"):
        write_file(RECORDS, tmp_path / name, ["text"], force=False)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


def test_safe_writing_concerns_tables_only(tmp_path: Path) -> None:
    for suffix, cell in ((".csv", "'=1"), (".tsv.gz", "'=1"), (".jsonl", "=1")):
        path = tmp_path / f"x{suffix}"
        write_file([Record({"text": "=1"})], path, ["text"], force=False, csv_safe=True)
        assert [record.text for record in format_for(path).read(str(path))] == [cell]


@pytest.mark.parametrize("suffix", [".csv", ".json", ".jsonl"])
def test_writing_streams(suffix: str, tmp_path: Path) -> None:
    records = (Record({"text": "x" * 1000}) for _ in range(20_000))
    tracemalloc.start()
    try:
        write_file(records, tmp_path / f"x{suffix}", ["text"], force=False)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
