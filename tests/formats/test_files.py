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

SUFFIXES = [".csv", ".tsv", ".json", ".jsonl", ".parquet", ".csv.gz", ".conll", ".spacy"]
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


STREAMING = ["csv", "json", "jsonl", "conll", "label_studio", "openai_chat", "chatml", "alpaca", "ragas"]


@pytest.mark.parametrize("name", STREAMING)
def test_writing_streams(name: str, tmp_path: Path) -> None:
    text = "x" * 1000
    columns = {"text": text, "label": "x", "question": text, "answer": text}
    records = (Record(dict(columns)) for _ in range(20_000 if name in ("csv", "json", "jsonl") else 5_000))
    form = format_for("x", name)
    tracemalloc.start()
    try:
        write_file(records, tmp_path / "x", list(columns), force=False, form=form)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


QUESTIONS = [Record({"question": "q", "contexts": ["c"]})]


def names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("name", ["beir", "huggingface"])
def test_a_folder_is_written_whole_and_replaced_only_by_force(name: str, tmp_path: Path) -> None:
    form = format_for("x", name)
    path = tmp_path / "set"
    assert write_file(QUESTIONS, path, ["question", "contexts"], force=False, form=form) == 1
    before = names(path)
    with pytest.raises(InputError, match="exists; use --force"):
        write_file(QUESTIONS, path, ["question", "contexts"], force=False, form=form)
    path.chmod(0o750)
    assert write_file([*QUESTIONS, *QUESTIONS], path, ["question", "contexts"], force=True, form=form) == 2
    assert len(list(form.read(str(path)))) == 2
    assert (names(path), path.stat().st_mode & 0o777) == (before, 0o750)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["beir", "huggingface"])
@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_failure_leaves_the_old_folder_and_nothing_else(name: str, error: BaseException, tmp_path: Path) -> None:
    form = format_for("x", name)
    path = tmp_path / "set"
    write_file(QUESTIONS, path, ["question", "contexts"], force=False, form=form)
    before = names(tmp_path)

    def records() -> Iterator[Record]:
        yield from QUESTIONS
        raise error

    with pytest.raises((type(error), InputError)):
        write_file(records(), path, ["question", "contexts"], force=True, form=form)
    assert names(tmp_path) == before
    with pytest.raises((type(error), InputError)):
        write_file(records(), tmp_path / "new", ["question", "contexts"], force=True, form=form)
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    form = format_for("x", "beir")
    path = tmp_path / "set"
    write_file(QUESTIONS, path, ["question", "contexts"], force=False, form=form)
    (path / "qrels" / "README.md").write_text("mine")
    with pytest.raises(InputError, match=r"holds `qrels/README\.md`, which is not of this format"):
        check_target(path, force=True, form=form)
    (path / "qrels" / "README.md").unlink()
    (path / "queries.jsonl").unlink()
    with pytest.raises(InputError, match=r"has no queries\.jsonl, so it is not of this format"):
        check_target(path, force=True, form=form)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="exists; use --force"):
        check_target(tmp_path / "empty", force=False, form=form)
    assert write_file(QUESTIONS, tmp_path / "empty", ["question", "contexts"], force=True, form=form) == 1
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="is a file, not a folder"):
        check_target(tmp_path / "file", force=True, form=form)


def test_a_folder_that_cannot_take_the_place_gives_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = format_for("x", "beir")
    path = tmp_path / "set"
    write_file(QUESTIONS, path, ["question", "contexts"], force=False, form=form)
    rename = type(path).rename

    def failing_once(self: Path, target: Path) -> Path:
        if target == path:
            monkeypatch.undo()
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(type(path), "rename", failing_once)
    with pytest.raises(InputError, match="Input/output error"):
        write_file([], path, ["question", "contexts"], force=True, form=form)
    assert len(list(form.read(str(path)))) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_format_may_be_another_than_the_suffix_says(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    write_file(
        [Record({"text": "a", "label": "b"})], path, ["text", "label"], force=False, form=format_for(path, "chatml")
    )
    assert path.read_text() == "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n\n"


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    with pytest.raises(InputError, match=r"pipe\.csv is neither a file nor a folder"):
        write_file(RECORDS, path, ["text"], force=True)
    assert path.is_fifo()
