from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.formats.csv import CsvFormat, TsvFormat
from seedbed.formats.jsonl import JsonlFormat

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, *values: dict[str, Any], safe: bool = False) -> bytes:
    CsvFormat(safe=safe).write([Record(row) for row in values], str(path), list(values[0]))
    return path.read_bytes()


def read(path: Path, data: bytes | str) -> list[dict[str, Any]]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return [record.values for record in CsvFormat().read(str(path))]


def test_rows_end_with_crlf_and_are_quoted_only_when_needed(tmp_path: Path) -> None:
    data = write(tmp_path / "x.csv", {"text": "plain", "label": 'a "b", c'}, {"text": "é", "label": "x\ny"})
    assert data == 'text,label\r\nplain,"a ""b"", c"\r\né,"x\ny"\r\n'.encode()


def test_values_that_are_no_text_become_text(tmp_path: Path) -> None:
    data = write(tmp_path / "x.csv", {"a": None, "b": True, "c": 1, "d": 0.1, "e": ["x", {"k": "ü"}]})
    assert data.decode().splitlines()[1] == ',True,1,0.1,"[""x"",{""k"":""ü""}]"'


def test_an_object_becomes_one_column_per_key_of_any_record(tmp_path: Path) -> None:
    data = write(
        tmp_path / "x.csv",
        {"id": 1, "customer": {"name": "Ann", "home": {"city": "Köln"}}, "items": [{"n": 1}]},
        {"id": 2, "customer": {"name": "Bo", "vat": -5, "home": {}}, "items": []},
        {"id": 3, "customer": None, "items": None},
        {"id": 4, "customer": "nobody", "items": []},
    )
    assert data.decode().splitlines() == [
        "id,customer.name,customer.home.city,customer.vat,customer.home,customer,items",
        '1,Ann,Köln,,,,"[{""n"":1}]"',
        "2,Bo,,-5,{},,[]",
        "3,,,,,,",
        "4,,,,,nobody,[]",
    ]


def test_an_object_that_only_comes_later_and_an_origin_are_json(tmp_path: Path) -> None:
    records = [
        Record({"a": None}, origin={"run": "r"}),
        Record({"a": {"k": 1}}, origin={"run": "r", "cost": 0.5}),
    ]
    path = tmp_path / "x.csv"
    CsvFormat().write(records, str(path), ["a", "origin"])
    assert [record.values for record in CsvFormat().read(str(path))] == [
        {"a": "", "origin": '{"run":"r"}'},
        {"a": '{"k":1}', "origin": '{"run":"r","cost":0.5}'},
    ]


def test_a_dotted_name_reaches_into_a_column(tmp_path: Path) -> None:
    values = {"c": {"name": "Ann", "a.b": 1, "home": {"city": "Köln"}}, "turns": [{"role": "user"}], "x.y": "own"}
    names = ["c.name", "c.a.b", "c.home.city", "turns.0.role", "turns.7.role", "x.y", "c.no.thing", "no.thing"]
    path = tmp_path / "x.csv"
    CsvFormat().write([Record(values)], str(path), names)
    assert path.read_text(encoding="utf-8").splitlines() == [",".join(names), "Ann,1,Köln,user,,own,,"]
    CsvFormat().write([Record(values)], str(path), ["c.home"])
    assert path.read_text(encoding="utf-8").splitlines() == ["c.home.city", "Köln"]
    JsonlFormat().write([Record(values)], str(path), ["c.name", "c.home"])
    assert path.read_bytes() == b'{"c.name":"Ann","c.home":{"city":"K\xc3\xb6ln"}}\n'


def test_two_columns_of_one_dotted_name_are_refused(tmp_path: Path) -> None:
    for values in ({"a": {"b.c": 1, "b": {"c": 2}}}, {"a": {"b": 1}, "a.b": 2}):
        with pytest.raises(InputError, match=r"record 1: two columns would be called `a\.b"):
            write(tmp_path / "x.csv", values)


def test_safe_writing_also_concerns_dotted_names_and_their_cells(tmp_path: Path) -> None:
    data = write(tmp_path / "x.csv", {"=a": {"b": "+1", "c": -1}}, safe=True)
    assert data == b"'=a.b,'=a.c\r\n'+1,-1\r\n"


def test_own_columns_come_from_the_record(tmp_path: Path) -> None:
    record = Record({"text": "Ann"}, (Span(0, 3, "person"),), "r1", "rejected", ("a", "b"), {"run": "r"})
    path = tmp_path / "x.tsv"
    TsvFormat().write([record], str(path), ["text", "id", "state", "tags", "origin", "spans", "type"])
    assert next(iter(TsvFormat().read(str(path)))).values == {
        "text": "Ann",
        "id": "r1",
        "state": "rejected",
        "tags": '["a","b"]',
        "origin": '{"run":"r"}',
        "type": "",
    }


def test_a_column_of_the_users_wins_over_one_of_the_record(tmp_path: Path) -> None:
    assert write(tmp_path / "x.csv", {"id": "mine", "state": "Ohio"}) == b"id,state\r\nmine,Ohio\r\n"


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\u3000@x",
    "＝1",
    "＋1",
    "－1",
    "＠x",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_safe_cells_and_headers_begin_with_an_apostrophe(text: str, tmp_path: Path) -> None:
    write(tmp_path / "x.csv", {text: text, "b": "a = b"}, safe=True)
    assert [record.values for record in CsvFormat().read(str(tmp_path / "x.csv"))] == [
        {f"'{text}": f"'{text}", "b": "a = b"}
    ]
    write(tmp_path / "y.csv", {text: text}, safe=False)
    assert [record.values for record in CsvFormat().read(str(tmp_path / "y.csv"))] == [{text: text}]


def test_safe_numbers_stay_numbers(tmp_path: Path) -> None:
    assert write(tmp_path / "x.csv", {"a": -5, "b": "-5", "c": ["=1"]}, safe=True).endswith(
        b"""-5,'-5,"[""=1""]"\r\n"""
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_tells_the_delimiter(delimiter: str, tmp_path: Path) -> None:
    text = f'a{delimiter}"b,;\t"{delimiter}c\n1{delimiter}2, 3; 4\n'.replace("2, 3; 4", '"2, 3; 4"' + delimiter)
    assert read(tmp_path / "x.csv", text) == [{"a": "1", "b,;\t": "2, 3; 4", "c": ""}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_a_mark_and_blank_lines_are_read(end: str, tmp_path: Path) -> None:
    lines = ["", "\ufefftext;label", "", "a;b", "", '"";""', ""]
    assert read(tmp_path / "x.csv", end.join(lines[1:])) == [
        {"text": "a", "label": "b"},
        {"text": "", "label": ""},
    ]
    assert read(tmp_path / "x.csv", end.join(["", "text;label", "a;b"])) == [{"text": "a", "label": "b"}]


def test_very_large_cells_are_read(tmp_path: Path) -> None:
    assert read(tmp_path / "x.csv", "text\n" + "x" * 1_000_000) == [{"text": "x" * 1_000_000}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a,b\n1,2\n1,2,3\n", "line 3: the row has 3 cells where the header has 2"),
        ('a,b\n"x\ny",2\n1\n', "line 4: the row has 1 cells"),
        ('a,b\n1,2\n"x"y,2\n', "line 3: "),
        ('a,b\n1,2\n"x,2\n', "line 3: "),
        ("a,b,a\n", "line 1: the column `a` is there twice"),
        ("", "is empty"),
        ("a\nok\n\xe4\n".encode("latin-1"), "line 3: the text is not UTF-8"),
        ("a,b\n".encode("utf-16"), "line 1: the text is not UTF-8"),
        ('text,spans\nx,"[{""start"": 1}]"\n', "line 2: a span"),
        ("text,spans\nx,[oops\n", "line 2: "),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(data: bytes | str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with pytest.raises(InputError) as caught:
        read(path, data)
    assert message in caught.value.message
    assert str(path) in caught.value.message


def test_a_column_called_spans_that_holds_none_is_a_column(tmp_path: Path) -> None:
    assert read(tmp_path / "x.csv", "bridge,spans\nTower,3\n") == [{"bridge": "Tower", "spans": "3"}]


def test_half_a_character_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lone surrogate"):
        write(tmp_path / "x.csv", {"text": "bad \ud83d"})


def test_a_damaged_packed_file_that_is_no_text_either_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"text\n\xff")[:-8] + bytes(8))
    with pytest.raises(InputError, match=r"x\.csv\.gz, line \d: the text is not UTF-8"):
        list(CsvFormat().read(str(path)))
