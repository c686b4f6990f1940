from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from seedbed.core.errors import InputError
from seedbed.formats.catalog import format_for, formats
from seedbed.formats.chatml import ChatMlFormat
from seedbed.formats.conll import ConllFormat
from seedbed.formats.csv import CsvFormat, TsvFormat
from seedbed.formats.json import JsonFormat
from seedbed.formats.jsonl import JsonlFormat
from seedbed.formats.label_studio import LabelStudioFormat
from seedbed.formats.parquet import ParquetFormat
from seedbed.formats.spacy_docbin import DocBinFormat

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
        ("a.conll", ConllFormat),
        ("a.bio.gz", ConllFormat),
        ("a.IOB", ConllFormat),
        ("a.spacy", DocBinFormat),
        ("a.chatml", ChatMlFormat),
    ],
)
def test_the_suffix_tells_the_format(name: str, form: type) -> None:
    assert type(format_for(name)) is form


@pytest.mark.parametrize("name", ["a.xlsx", "csv", ".csv", "a.gz", "a.parquet.gz", "a.spacy.gz", "a", "a.csv.zip"])
def test_an_unknown_suffix_lists_the_known_ones(name: str) -> None:
    with pytest.raises(InputError, match=r"\.csv, \.tsv, \.json, \.jsonl, \.ndjson, \.parquet"):
        format_for(name)


def test_all_built_in_formats_can_be_loaded_by_name() -> None:
    assert {"csv", "tsv", "json", "jsonl", "parquet"} <= set(formats.names())
    for kind in ("csv", "tsv", "json", "jsonl", "parquet"):
        assert formats.get(kind).__name__.lower() == f"{kind}format"


NAMES = (
    "csv tsv json jsonl parquet conll label_studio openai_chat chatml sharegpt alpaca prompt_completion preference "
    "spacy huggingface beir ragas"
)


def test_a_name_goes_before_the_suffix() -> None:
    assert set(NAMES.split()) <= set(formats.names())
    for name in NAMES.split():
        assert type(format_for("a.csv", name)) is formats.get(name)
    with pytest.raises(InputError, match="There is no file format `conl`") as caught:
        format_for("a.csv", "conl")
    assert caught.value.hint == "Did you mean `conll`?"


def test_options_are_the_settings_of_the_format() -> None:
    options = {"as": "annotations", "from_name": "ner", "config": "c.xml"}
    assert format_for("a.json", "label_studio", options) == LabelStudioFormat("annotations", "ner", config="c.xml")
    for text, safe in (("true", True), ("NO", False), ("on", True), ("0", False)):
        assert format_for("a.tsv", None, {"safe": text}) == TsvFormat(safe=safe)


@pytest.mark.parametrize(
    ("name", "options", "message", "hint"),
    [
        ("label_studio", {"form_name": "x"}, "`label_studio` has no option `form_name`", "Did you mean `from_name`?"),
        ("conll", {"unaligned": "skipp"}, "`unaligned` is one of error, skip, not `skipp`", "Did you mean `skip`?"),
        ("csv", {"safe": "maybe"}, "`safe` is true or false, not `maybe`", "Say true or false."),
        ("json", {"indent": "2"}, "`json` has no option `indent`", "It has none."),
        ("ragas", {"fields": "x"}, "`ragas` has no option `fields`", "It has none."),
        ("limited", {"size": "two"}, "`size` is a whole number, not `two`", "Say a whole number, such as 2."),
    ],
)
def test_a_wrong_option_is_named_with_the_nearest(
    name: str, options: dict[str, str], message: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(formats._known, "limited", Limited)
    with pytest.raises(InputError) as caught:
        format_for("a.csv", name, options)
    assert message in caught.value.message
    assert caught.value.hint == hint


def test_a_whole_number_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats._known, "limited", Limited)
    assert format_for("a.csv", "limited", {"size": "-3"}) == Limited(size=-3)


@dataclass(frozen=True)
class Limited(CsvFormat):
    size: int = 0


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for name in ("x.csv", "x.json", "x.jsonl.gz", "x.parquet", "x.conll", "x.spacy", "x.chatml"):
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
