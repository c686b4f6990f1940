"""Files come in and go out over the API."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.reviewed import TEXTS, reviewed
from seedbed.api import guards, unpacking, uploads
from seedbed.api.problems import Refused
from seedbed.app.workspace import Workspace
from seedbed.formats.catalog import formats

CSV = b"text,tone\nWhere is it?,rude\nIt came.,polite\n"


def sent(api: TestClient, file: str = "tickets.csv", data: bytes = CSV, **form: str) -> Any:
    return api.post("imports", files={"file": (file, data)}, data=form)


def test_a_file_becomes_a_dataset(api: TestClient, workspace: Workspace):
    done = sent(api, labels="tone")
    assert (done.status_code, done.json()) == (
        201,
        {"dataset": "tickets", "run": "tickets-1", "records": 2, "problems": []},
    )
    found = api.get("records", params={"dataset": "tickets"}).json()["items"]
    assert [(one["text"], one["label"], one["source"]) for one in found] == [
        ("Where is it?", "rude", "imported"),
        ("It came.", "polite", "imported"),
    ]
    assert sent(api, "more.jsonl", b'{"text": "x", "label": "y"}\n', name="tickets").json()["run"] == "tickets-2"
    assert api.get("datasets/tickets").json()["records"] == 3
    assert list((workspace.folder / "passing").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "data", "form", "said"),
    [
        ("t.csv", b'text\n"open\n', {}, "t.csv, line 2"),
        ("t.csv", b"text,label\nonly one\n", {}, "t.csv, line 2"),
        ("t.jsonl", b'{"text": "a"}\n{"text": \n', {}, "t.jsonl, line 2"),
        ("t.json", b"[1,2]", {}, "t.json"),
        ("t.csv", b"\xff\xfe\x00", {}, "t.csv"),
        ("t.csv", b"", {}, "t.csv is empty"),
        ("t.csv", b"text\n", {}, "There are no records"),
        ("t.parquet", b"nothing", {}, "t.parquet"),
        ("t.exe", b"MZ", {}, "`t.exe` has none of the known suffixes"),
        ("t.csv", CSV, {"format": "nonsense"}, "nonsense"),
        ("t.csv", CSV, {"labels": "colour"}, "there is no column `colour`"),
        ("t.csv", CSV, {"name": "../../etc"}, "`../../etc` is no name"),
        ("t.csv", CSV, {"name": "a\x00b"}, "is no name"),
        ("t.csv.gz", b"\x1f\x8b broken", {}, "t.csv.gz"),
        ("../../etc/passwd.csv", CSV, {}, "The name of the file"),
        ("..\\x.csv", CSV, {}, "The name of the file"),
        ("..", CSV, {}, "The name of the file"),
        ("x" * 300 + ".csv", CSV, {}, "The name of the file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    api: TestClient, workspace: Workspace, name: str, data: bytes, form: dict[str, str], said: str
):
    answer = sent(api, name, data, **form)
    assert answer.status_code == 400, answer.text
    assert said in answer.json()["detail"]
    assert "please tell us" not in answer.json()["hint"], "the file is to be mended"
    assert str(workspace.folder) not in answer.text
    if "line 2" in said:
        assert answer.json()["line"] == 2
    assert api.get("datasets").json()["items"] == []


@pytest.mark.parametrize("name", ["a\x07b.csv", "a\x00.csv", "a\nb.csv", "a\ud800.csv", "", " ", "/etc/x.csv"])
def test_a_name_that_holds_more_than_a_name_is_refused(name: str):
    with pytest.raises(Refused, match="cannot be used"):
        uploads.named(name)


def test_a_file_that_is_too_large_is_refused_while_it_comes(api: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guards, "MOST_UPLOADED", 1000)
    monkeypatch.setattr(guards, "AROUND", 500)
    assert sent(api, data=b"text\n" + b"x\n" * 5000).status_code == 413
    assert sent(api).status_code == 201


def test_a_packed_file_is_taken_in_as_what_it_holds(api: TestClient):
    assert sent(api, "tickets.csv.gz", gzip.compress(CSV), labels="tone").json()["records"] == 2
    assert sent(api, "all.GZ", gzip.compress(CSV), format="csv").json()["records"] == 2


@pytest.mark.parametrize("name", ["t.csv.gz", "t.jsonl.gz"])
def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(
    api: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 2_000_000)
    answer = sent(api, name, gzip.compress(b"text\n" + b"a\n" * 2_000_000))
    assert (answer.status_code, answer.json()["detail"]) == (413, f"{name} holds more than 2 MB when it is unpacked.")
    assert api.get("datasets").json()["items"] == []
    assert list((workspace.folder / "passing").iterdir()) == []


def zipped(*files: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


def test_what_was_exported_as_an_archive_is_imported_again(api: TestClient, workspace: Workspace):
    reviewed(workspace)
    (name,) = (one["name"] for one in api.get("datasets").json()["items"])
    came = api.get("exports", params={"dataset": name, "format": "huggingface"})
    assert came.status_code == 200, came.text
    assert sent(api, "again.zip", came.content).json()["dataset"] == "again"
    with zipfile.ZipFile(io.BytesIO(came.content)) as archive:
        inside = zipped(*((f"my/{one}", archive.read(one)) for one in archive.namelist() if not one.endswith("/")))
    assert sent(api, "inside.zip", inside).status_code == 201
    query = {"format": "jsonl"}
    first, second = (api.get("exports", params={"dataset": one, **query}).text for one in (name, "again"))
    assert [json.loads(one)["text"] for one in second.splitlines()] == [
        json.loads(one)["text"] for one in first.splitlines()
    ]


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"PK nothing", 400, "t.zip cannot be read as a ZIP archive"),
        (zipped(("notes.txt", b"x")), 400, "t.zip holds no folder of a known format"),
        (zipped(("../x.csv", b"text\n")), 400, "t.zip holds a file that lies outside of it"),
        (zipped(("notes.txt", b" " * 3_000_000)), 413, "t.zip holds more than 2 MB when it is unpacked"),
    ],
)
def test_an_archive_that_is_none_leads_elsewhere_or_is_too_large_is_refused(
    api: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, data: bytes, status: int, said: str
):
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 2_000_000)
    named = {} if "known format" in said else {"format": "huggingface"}
    answer = sent(api, "t.zip", data, **named)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert api.get("datasets").json()["items"] == []
    assert list((workspace.folder / "passing").iterdir()) == []


def test_a_record_that_no_page_could_hold_is_refused(api: TestClient):
    answer = sent(api, "t.csv.gz", gzip.compress(b"text\nshort\n" + b"a" * (uploads.MOST_CHARACTERS + 1)))
    assert (answer.status_code, answer.json()["detail"]) == (
        413,
        "t.csv.gz, record 2: it is longer than 2,000,000 characters.",
    )
    assert api.get("datasets").json()["items"] == []


def test_an_export_has_what_was_asked_for_as_people_left_it(api: TestClient, workspace: Workspace):
    names = reviewed(workspace)
    any_one = {"If-Match": "*"}
    api.patch(f"records/{names[1]}", json={"values": {"text": "Many thanks."}}, headers=any_one)
    api.patch(f"records/{names[2]}", json={"decision": "declined"}, headers=any_one)

    def rows(**query: Any) -> list[dict[str, str]]:
        answer = api.get("exports", params={"dataset": "replies", **query})
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text)))

    assert [row["text"] for row in rows()] == [TEXTS[0], "Many thanks.", *TEXTS[3:5], "'=1+1"]
    assert [row["text"] for row in rows(decision="declined")] == [TEXTS[2]]
    assert [row["text"] for row in rows(q="ann")] == [TEXTS[0], TEXTS[3]]
    assert [row["text"] for row in rows(ids=[names[3], names[1]])] == [TEXTS[3], "Many thanks."]
    assert [row["text"] for row in rows(ids=[names[3], names[1]], q="ann")] == [TEXTS[3]]
    assert list(rows()[0]) == ["text", "label", "spans"]
    with_origin = rows(origin="true")[0]
    assert (with_origin["id"], json.loads(with_origin["origin"])["run"]) == (names[0], "replies-1")
    assert api.get("exports", params={"dataset": "replies", "ids": ["replies-1:99.0"]}).status_code == 404
    assert list((workspace.folder / "passing").iterdir()) == []


@pytest.mark.parametrize("name", formats.names())
def test_every_format_is_written_or_says_what_it_lacks(api: TestClient, workspace: Workspace, name: str):
    reviewed(workspace)
    answer = api.get("exports", params={"dataset": "replies", "format": name})
    if answer.status_code == 400:
        assert answer.json()["detail"].endswith(".")
        assert str(workspace.folder) not in answer.text
        return
    assert answer.status_code == 200, answer.text
    file = answer.headers["content-disposition"].partition("filename=")[2].strip('"')
    assert file.startswith("replies.")
    assert "." in file
    assert "/" not in file
    if file.endswith(".zip"):
        assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    else:
        assert answer.content
    [noted] = api.get("audit").json()["items"]
    assert (noted["action"], noted["target"], noted["detail"]) == ("records exported", "replies", name)


OVERLAPPING = b"""
{"text": "Ann Lee left.", "spans": [{"start": 0, "end": 7, "label": "PER"}, {"start": 4, "end": 7, "label": "SUR"}]}
{"text": "Bob left.", "spans": [{"start": 0, "end": 3, "label": "PER"}]}
{"text": "Rio Tinto", "spans": [{"start": 0, "end": 9, "label": "ORG"}, {"start": 0, "end": 3, "label": "LOC"}]}
"""


@pytest.fixture
def overlapping(api: TestClient) -> TestClient:
    """A dataset `people` of three records, the first and the last with spans that overlap, with a version of it."""
    assert sent(api, "people.jsonl", OVERLAPPING).status_code == 201
    assert api.post("datasets/people/versions", json={}).status_code == 201
    return api


EXPORTS = (
    "exports?dataset=people",
    "annotation-tasks/export?dataset=people",
    "annotation-tasks/export?project=default",
    "datasets/people/versions/1/export?",
)


@pytest.mark.parametrize("path", EXPORTS)
def test_a_format_of_one_layer_is_told_what_becomes_of_spans_that_overlap(overlapping: TestClient, path: str):
    chosen = {"dataset": "people", "ids": ["people-1:0.0", "people-1:1.0", "people-1:2.0"]}
    overlapping.post("records/bulk", json={**chosen, "change": {"decision": "approved"}})
    assert overlapping.post("annotation-tasks", json=chosen).json()["handed_over"] == 3

    refused = overlapping.get(f"{path}&format=conll")
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("2 records have spans that overlap, and this format holds one layer: ")
    assert "record `people-1:0.0`: the span `Lee` (4–7, SUR) lies inside `Ann Lee`" in refused.json()["detail"]
    assert "overlaps=outer" in refused.json()["hint"]

    for asked, count in (("&overlapping=true", 2), ("&ids=people-1:1.0&ids=people-1:2.0", 1), ("&q=ann", 1)):
        told = overlapping.get(f"annotation-tasks/export/overlapping?project=default{asked}").json()
        assert told == {"records": count}, asked
    only = overlapping.get("annotation-tasks?project=default&overlapping=true").json()["items"]
    assert [one["id"] for one in only] == ["people-1:0.0", "people-1:2.0"]
    assert overlapping.get("annotation-tasks/counts?project=default&overlapping=true").json()["total"] == 2

    outer = overlapping.get(f"{path}&format=conll&overlaps=outer")
    assert (outer.status_code, outer.headers["x-seedbed-overlapping"]) == (200, "2")
    assert [line.split()[1] for line in outer.text.splitlines() if " B-" in line] == ["B-PER", "B-PER", "B-ORG"]
    skipped = overlapping.get(f"{path}&format=conll&overlaps=skip")
    assert (skipped.headers["x-seedbed-overlapping"], skipped.text) == ("2", "Bob B-PER\nleft O\n. O\n\n")
    whole = overlapping.get(f"{path}&format=jsonl&overlaps=skip")
    assert "x-seedbed-overlapping" not in whole.headers
    assert [len(json.loads(line)["spans"]) for line in whole.text.splitlines()] == [2, 1, 2]
    assert overlapping.get(f"{path}&format=spacy").status_code == 200
    assert overlapping.get(f"{path}&format=conll&overlaps=all").status_code == 422


def test_only_records_that_are_exported_count_as_overlapping(overlapping: TestClient):
    def found(**more: Any) -> tuple[int, int]:
        asked = {"dataset": "people", **more}
        count = overlapping.get("exports/overlapping", params=asked).json()["records"]
        answer = overlapping.get("exports", params={**asked, "format": "conll", "overlaps": "outer"})
        assert int(answer.headers["x-seedbed-overlapping"]) == count
        return count, overlapping.get("exports", params={**asked, "format": "conll"}).status_code

    assert found() == (2, 400)
    assert found(ids=["people-1:0.0", "people-1:1.0"]) == (1, 400)
    assert found(ids=["people-1:1.0"], q="left") == (0, 200)
    assert found(q="left") == (1, 400)
    assert found(span="LOC") == (1, 400)
    overlapping.patch("records/people-1:0.0", json={"decision": "declined"}, headers={"If-Match": "*"})
    overlapping.patch("records/people-1:2.0", json={"spans": []}, headers={"If-Match": "*"})
    assert found() == (0, 200)
    assert found(decision="declined") == (1, 400)
    assert overlapping.get("exports/overlapping?dataset=people&tasks=true").json() == {"records": 0}
    assert overlapping.get("annotation-tasks/export/overlapping?project=default").json() == {"records": 0}
    listed = overlapping.get("records?dataset=people&overlapping=true").json()["items"]
    assert [one["id"] for one in listed] == ["people-1:0.0"]


def test_the_usual_formats_hold_a_labelled_dataset(api: TestClient, workspace: Workspace):
    reviewed(workspace)
    for name in ("csv", "tsv", "json", "jsonl", "parquet", "conll", "label_studio", "spacy", "huggingface"):
        answer = api.get("exports", params={"dataset": "replies", "format": name})
        assert answer.status_code == 200, (name, answer.text)
    assert api.get("exports", params={"dataset": "replies", "format": "xls"}).status_code == 400
