from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from seedbed.core.errors import InputError
from seedbed.core.record import Record
from seedbed.formats.json import JsonFormat
from seedbed.formats.jsonl import JsonlFormat

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, data: str) -> list[dict[str, Any]]:
    path.write_text(data, encoding="utf-8")
    form = JsonFormat() if path.suffix == ".json" else JsonlFormat()
    return [record.values for record in form.read(str(path))]


@pytest.mark.parametrize(
    "text", ['[{"a": 1}]', '{"records": [{"a": 1}]}', '{"v": 2, "data": [{"a": 1}]}', '\ufeff[{"a":1}]']
)
def test_a_list_alone_or_in_an_object_is_read(text: str, tmp_path: Path) -> None:
    assert read(tmp_path / "x.json", text) == [{"a": 1}]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.json", "[{", "record 1, line 1: not valid JSON"),
        ("x.json", "", "is empty"),
        ("x.json", '{"a": 1}', "holds no list of records"),
        ("x.json", '[{"a": 1}, 2]', "record 2: expected an object"),
        ("x.json", '[{"spans": [{"start": 2, "end": 1, "label": "x"}]}]', "record 1: a span"),
        ("x.jsonl", '{"a": 1}\n\n{oops}\n', "line 3: not valid JSON near '{oops}'"),
        ("x.jsonl", '{"a": 1}\n{"a": 2\n{"a": 3}\n', "line 2: not valid JSON near '{\"a\": 2'"),
        ("x.jsonl", '{"text": "a", "spans": "[see below]"}\n', "line 1: what stands in `spans` is no JSON"),
        ("x.jsonl", '{"a": 1}\n[1]\n', "line 2: expected an object"),
        ("x.jsonl", '{"spans": [{"start": true, "end": 1, "label": "x"}]}\n', "line 1: a span"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path / name, text)
    assert message in caught.value.message
    assert name in caught.value.message


def test_blank_lines_and_a_byte_order_mark_mean_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "x.jsonl", '\ufeff{"a": 1}\n\n  \r\n{"a": 2}') == [{"a": 1}, {"a": 2}]


def test_no_records_are_a_valid_file(tmp_path: Path) -> None:
    path = str(tmp_path / "x.json")
    assert JsonFormat().write([], path, ["text"]) == 0
    assert list(JsonFormat().read(path)) == []


def test_what_json_has_no_form_for_becomes_text(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    values = {"day": dt.date(2026, 1, 2), "some": {"b", "a"}, "keys": {1: 2**70}}
    JsonlFormat().write([Record(values)], str(path), [*values, "absent"])
    assert json.loads(path.read_bytes()) == {
        "day": "2026-01-02",
        "some": ["a", "b"],
        "keys": {"1": 2**70},
        "absent": None,
    }


@pytest.mark.parametrize("form", [JsonFormat(), JsonlFormat()])
def test_half_a_character_is_refused_in_one_sentence(form: JsonFormat | JsonlFormat, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lone surrogate"):
        form.write([Record({"text": "bad \ud83d"})], str(tmp_path / "x"), ["text"])


@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_told_by_its_line(name: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / name
    text = '{"a": "x"}\n{"a": "é"}\n' if name == "x.jsonl" else '[{"a": "x"},\n{"a": "é"}]'
    path.write_bytes(text.encode(encoding))
    with pytest.raises(InputError, match=rf"{name}, line {2 if encoding == 'latin-1' else 1}: the text is not UTF-8"):
        list((JsonFormat() if name == "x.json" else JsonlFormat()).read(str(path)))


def test_what_is_nested_too_deeply_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(f'{{"n": {10**30}, "a": {"[" * 1020}{"]" * 1020}}}')
    with pytest.raises(InputError, match="a value in it is nested too deeply"):
        list(JsonlFormat().read(str(path)))
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    with pytest.raises(InputError, match="nested too deeply to be written"):
        JsonlFormat().write([Record({"a": value})], str(tmp_path / "y.jsonl"), ["a"])


def test_a_column_that_a_record_of_a_file_lacks_is_empty_whatever_it_is_called(tmp_path: Path) -> None:
    names = ["id", "state", "tags", "origin"]
    given, written = tmp_path / "x.jsonl", tmp_path / "y.jsonl"
    given.write_text('{"text": "a", "state": "Ohio"}\n{"text": "b"}\n')
    JsonlFormat().write(JsonlFormat().read(str(given)), str(written), ["text", *names])
    assert [json.loads(line) for line in written.read_bytes().splitlines()] == [
        {"text": "a", "id": None, "state": "Ohio", "tags": None, "origin": None},
        {"text": "b", "id": None, "state": None, "tags": None, "origin": None},
    ]
