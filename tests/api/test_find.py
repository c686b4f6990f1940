"""Search finds things by name and records by their words; nothing odd that is sent ends in a failure of the server."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from api.reviewed import reviewed
from seedbed.api.application import PREFIX, create_app
from seedbed.app.workspace import Workspace


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, list[str]]]:
    """One service for all that is odd: what one value breaks, the next ones meet."""
    with Workspace(tmp_path_factory.mktemp("odd")) as workspace:
        names = reviewed(workspace)
        with TestClient(create_app(workspace), base_url=f"http://127.0.0.1{PREFIX}/") as client:
            yield client, names


@pytest.fixture
def names(workspace: Workspace, api: TestClient) -> list[str]:
    found = reviewed(workspace)
    reviewed(workspace, ("Where is Ann Lee?",), "letters")
    for dataset in ("replies", "letters"):
        api.get("records", params={"dataset": dataset})
    return found


def found(api: TestClient, q: str, **query: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["id"]) for one in api.get("search", params={"q": q, **query}).json()["items"]]


@pytest.mark.both_stores
def test_everything_is_found_by_its_words(api: TestClient, names: list[str]):
    assert found(api, "REPL") == [("dataset", "replies"), ("run", "replies-1")]
    assert found(api, "ann lee") == [("record", "letters-1:0.0"), ("record", names[0]), ("record", names[3])]
    assert found(api, "nothing like this") == found(api, "") == found(api, "  ") == found(api, '"*') == []
    assert found(api, "ann", project="none") == []
    hit = api.get("search", params={"q": "包裹"}).json()["items"][0]
    assert (hit["kind"], hit["dataset"], hit["text"]) == ("record", "replies", "包裹在哪里")


def test_a_task_is_found_as_one_and_a_long_text_where_the_word_is(api: TestClient, names: list[str]):
    api.patch(f"records/{names[0]}", json={"decision": "approved"}, headers={"If-Match": "*"})
    api.post("annotation-tasks", json={"dataset": "replies", "ids": [names[0]]})
    assert ("task", names[0]) in found(api, "ann lee")
    long = "word " * 100 + "needle in the middle " + "word " * 100
    api.patch(f"records/{names[1]}", json={"values": {"text": long}}, headers={"If-Match": "*"})
    hit = api.get("search", params={"q": "needle"}).json()["items"][0]
    assert hit["text"].startswith("… word")
    assert "needle in the middle" in hit["text"]


HOSTILE: list[Any] = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\u202e",
    "\ufffe",
    "../../etc/passwd",
    "'; DROP TABLE entries; --",
    '" OR 1 *',
    "NEAR(a b)",
    "9" * 400,
    "-1",
    "1e999",
    "9223372036854775808",
    "replies-1:9223372036854775808.0",
    "replies-1:9999999999999999999999.1",
    "replies-1:١.0",
    "replies-1: 1.0",
    "replies-1:-1.0",
    "replies-1:0",
    ":",
    ".",
    "..",
    "%00",
    "x" * 5000,
    "👩‍👩‍👧",
    "{{7*7}}",
]


def below_500(answer: Any, sent: Any) -> None:
    assert answer.status_code < 500, (sent, answer.request.method, answer.request.url, answer.text)


FILTERS = cycle(["dataset", "decision", "label", "model", "source", "tag", "reason", "person", "work", "q"])
LISTS = cycle(["records?dataset=replies", "annotation-tasks?dataset=replies", "exports?dataset=replies"])
PAGING = cycle(["cursor", "limit", "sort", "doubted"])


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:30])
def test_odd_text_ends_no_request_in_a_failure(odd: tuple[TestClient, list[str]], value: str):
    api, names = odd
    name = quote(value, safe="")
    for filter_name in ("label", "tag", "q", "cursor", "person", next(FILTERS), next(FILTERS)):
        below_500(api.get(f"{next(LISTS)}&{filter_name}={name}"), value)
    for paged in (next(PAGING), next(PAGING)):
        below_500(api.get("annotation-tasks", params={"project": "default", paged: value}), value)
        below_500(api.get("datasets", params={paged: value, "project": value}), value)
    for query in ("format", "ids", "origin"):
        below_500(api.get("exports", params={"dataset": "replies", query: value}), value)
    for path in ("search?q=", "spans?dataset=", "tags?dataset=", "views?dataset=", "annotation-tasks/counts?dataset="):
        below_500(api.get(path + name), value)
    for path in (f"records/{name}", f"records/{name}/history", f"datasets/{name}", f"datasets/{name}/review"):
        below_500(api.get(path), value)
    below_500(api.delete(f"datasets/{name}x", headers={"If-Match": "*"}), value)
    below_500(api.delete(f"views/{name}", headers={"If-Match": "*"}), value)
    below_500(api.patch(f"records/{name}", json={"note": value}, headers={"If-Match": "*"}), value)
    below_500(api.patch(f"annotation-tasks/{name}", json={"note": value}, headers={"If-Match": "*"}), value)
    header = "".join(letter for letter in value if 32 <= ord(letter) < 127)
    below_500(api.patch(f"records/{names[0]}", json={}, headers={"If-Match": header}), value)


ODD: list[Any] = [*HOSTILE[::3], None, True, 0, -1, 10**30, 1.5, [], [1], {}, {"a": {"b": [1, None]}}, ["a", {"b": 1}]]
FIELDS = ("decision", "reason", "note", "label", "values", "spans", "tags", "person", "work", "odd")


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:30])
def test_odd_bodies_end_no_request_in_a_failure(odd: tuple[TestClient, list[str]], value: Any):
    api, names = odd
    record, match = names[0], {"If-Match": "*"}
    for body in (*({field: value} for field in FIELDS), {"values": {"text": value, "label": value}}):
        below_500(api.patch(f"records/{record}", json=body, headers=match), value)
    below_500(api.get(f"records/{record}"), value)
    for field in ("start", "end", "label", "field"):
        span = {"start": 0, "end": 1, "label": "A"} | {field: value}
        below_500(api.post(f"records/{record}/spans", json=span, headers=match), value)
        below_500(api.request("DELETE", f"records/{record}/spans", json=span, headers=match), value)
    for chosen in ({"ids": value}, {"ids": [value]}, {"where": value}, {"where": {"q": value, "tag": value}}):
        body = {"dataset": "replies", **chosen, "change": {"add_tags": [value]}}
        below_500(api.post("records/bulk", json=body), value)
        below_500(api.post("annotation-tasks/bulk", json={**body, "change": value}), value)
    for path in ("records/undo", "views", "annotation-tasks"):
        below_500(api.post(path, json={"dataset": value, "name": value, "where": value}), value)
        below_500(api.post(path, json=value), value)
    below_500(
        api.patch("tags", json={"dataset": "replies", "tag": value, "to": value}, headers={"If-Match": "*"}), value
    )
    below_500(api.patch("datasets/replies", json={"project": value}, headers={"If-Match": "*"}), value)
    below_500(api.get("records", params={"dataset": "replies"}), value)


@pytest.mark.parametrize(
    "body",
    [
        b'{"values": {"text": "\\ud800"}}',
        b'{"note": "\\ud800"}',
        b'{"tags": ["\\udfff"]}',
        b'{"values": {"\\ud800": "x"}}',
        b'{"values": {"text": NaN}}',
        b'{"values": {"text": 1e400}}',
        b'{"values": {"text": ' + b"[" * 3000 + b"]" * 3000 + b"}}",
        b"{",
        b"",
        b"\xff",
        b"null",
    ],
)
def test_half_characters_and_broken_json_end_no_request_in_a_failure(odd: tuple[TestClient, list[str]], body: bytes):
    api, names = odd
    headers = {"If-Match": "*", "Content-Type": "application/json"}
    below_500(api.patch(f"records/{names[0]}", content=body, headers=headers), body)
    below_500(api.get(f"records/{names[0]}"), body)
    below_500(api.get("records", params={"dataset": "replies"}), body)
    below_500(api.post("records/undo", json={"dataset": "replies"}), body)
    below_500(api.post("records/bulk", content=body, headers=headers), body)
