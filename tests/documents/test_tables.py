from __future__ import annotations

import pytest

from seedbed.core.errors import InputError
from seedbed.documents.source import Loaded, Source
from seedbed.documents.tables import read_csv, read_json, read_jsonl


def csv(text: str, column: str = "") -> Loaded:
    return read_csv(Source("a.csv", text.encode(), column=column))


def texts(loaded: Loaded) -> dict[str, str]:
    return {document.name: document.text for document in loaded.documents}


def test_every_row_is_a_document_named_by_its_number() -> None:
    loaded = csv('id;text;title\r\n1;"one\r\ntwo; ""x""";T\r\n\r\n2;three;\r\n')
    assert texts(loaded) == {"a.csv#1": 'one\ntwo; "x"', "a.csv#2": "three"}
    assert [document.title for document in loaded.documents] == ["T", ""]
    assert loaded.problems == []


def test_the_text_is_in_the_named_column_or_in_text_or_where_most_of_it_is() -> None:
    rows = "text,body\na,much longer\nb,text\n"
    assert list(texts(csv(rows, "body")).values()) == ["much longer", "text"]
    assert list(texts(csv(rows)).values()) == ["a", "b"]
    assert list(texts(csv(rows.replace("text,", "id,"))).values()) == ["much longer", "text"]
    with pytest.raises(InputError, match=r"a\.csv has no column `bdy`") as missing:
        csv(rows, "bdy")
    assert missing.value.hint == "It has: text, body."


def test_rows_that_cannot_be_read_are_named_and_the_others_used() -> None:
    loaded = csv("text,id\na,1\n,2\n  ,3\nb\nc,4,5\nd,5\n")
    assert texts(loaded) == {"a.csv#1": "a", "a.csv#6": "d"}
    assert loaded.problems == [
        "a.csv, rows 2–3: no text in `text`.",
        "a.csv, rows 4–5: more or fewer cells than in the header.",
    ]


def test_a_broken_quote_ends_the_file() -> None:
    loaded = csv('text\na\n"b"c\nd\n')
    assert texts(loaded) == {"a.csv#1": "a"}
    assert loaded.problems[0].startswith("a.csv, row 2: ")
    assert loaded.problems[0].endswith("the rest of the file is left out.")


def test_json_lines_that_are_broken_are_named_and_the_others_used() -> None:
    data = '{"text": "a", "title": "T"}\n\n{"text": \n[1]\n{"text": 5}\n{"text": "b\\r\\nc"}\n'
    loaded = read_jsonl(Source("a.jsonl", data.encode("utf-8-sig")))
    assert texts(loaded) == {"a.jsonl#1": "a", "a.jsonl#5": "b\nc"}
    assert loaded.problems == [
        "a.jsonl, row 2: not valid JSON.",
        "a.jsonl, row 3: not an object.",
        "a.jsonl, row 4: no text in `text`.",
    ]


@pytest.mark.parametrize("data", ['[{"text": "a"}]', '{"records": [{"text": "a"}]}', '{"data": [{"text": "a"}]}'])
def test_json_holds_a_list_of_objects(data: str) -> None:
    assert texts(read_json(Source("a.json", data.encode()))) == {"a.json#1": "a"}


@pytest.mark.parametrize(("data", "words"), [("{", "not valid JSON"), ('{"x": 1}', "no list"), ("5", "no list")])
def test_other_json_is_refused(data: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_json(Source("a.json", data.encode()))


def test_very_many_wrong_rows_are_said_in_one_sentence() -> None:
    loaded = csv("text,id\n" + "a,1\n,2\n" * 500)
    assert loaded.problems[0].endswith("18, 20 and more, 500 in all: no text in `text`.")


def test_a_very_long_cell_is_read() -> None:
    assert len(csv(f"text\n{'x' * 300_000}\n").documents[0].text) == 300_000


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv: the column `text` is there twice"):
        csv("text,text\na,b\n")
