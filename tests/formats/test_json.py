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
        ("x.json", "[{", "is not valid JSON"),
        ("x.json", "", "is not valid JSON"),
        ("x.json", '{"a": 1}', "holds no list of records"),
        ("x.json", '[{"a": 1}, 2]', "record 2: expected an object"),
        ("x.json", '[{"spans": [{"start": 2, "end": 1, "label": "x"}]}]', "record 1: a span"),
        ("x.jsonl", '{"a": 1}\n\n{oops}\n', "line 3: not valid JSON"),
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
