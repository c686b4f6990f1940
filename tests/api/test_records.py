"""Records are looked at, decided on, corrected and taken back over the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.reviewed import TEXTS, item, reviewed, taken_in
from seedbed.app.review.reviewing import Reviewing
from seedbed.app.workspace import Workspace
from seedbed.core.errors import InputError
from seedbed.core.review.entry import Change, Wanted


@pytest.fixture
def names(workspace: Workspace) -> list[str]:
    return reviewed(workspace)


def listed(api: TestClient, **query: Any) -> list[str]:
    answer = api.get("records", params={"dataset": "replies", **query})
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["items"]]


def patched(api: TestClient, name: str, version: int | str = "*", **body: Any) -> Any:
    match = version if version == "*" else f'"{version}"'
    return api.patch(f"records/{name}", json=body, headers={"If-Match": match})


@pytest.mark.both_stores
def test_a_dataset_is_read_in_pages_and_by_what_its_records_are(api: TestClient, names: list[str]):
    first = api.get("records", params={"dataset": "replies", "limit": 4}).json()
    second = api.get("records", params={"dataset": "replies", "limit": 4, "cursor": first["next"]}).json()
    assert [one["text"] for one in (*first["items"], *second["items"])] == list(TEXTS)
    assert (second["next"], second["waiting"]) == (None, 0)
    assert listed(api, sort="last")[0] == TEXTS[-1]
    assert listed(api, label="rude") == list(TEXTS[1::2])
    assert listed(api, q="ann lee") == [TEXTS[0], TEXTS[3]]
    assert listed(api, q="parc", label="polite", decision="todo", source="imported") == [TEXTS[0]]
    assert listed(api, decision="approved") == listed(api, doubted="true") == listed(api, work="todo") == []
    assert first["items"][0]["spans"] == [{"start": 0, "end": 7, "label": "PERSON", "field": "text"}]


@pytest.mark.both_stores
def test_records_are_filtered_by_the_labels_of_their_spans_as_they_are_now(api: TestClient, names: list[str]):
    assert listed(api, span="PERSON") == [TEXTS[0], TEXTS[3]]
    assert listed(api, span="PERSON", label="rude", q="letter") == [TEXTS[3]]
    span = {"start": 17, "end": 21, "label": "it's"}
    assert api.post(f"records/{names[1]}/spans", json=span, headers={"If-Match": "*"}).status_code == 200
    assert patched(api, names[0], spans=[]).status_code == 200
    assert (listed(api, span="it's"), listed(api, span="PERSON")) == ([TEXTS[1]], [TEXTS[3]])
    where = {"dataset": "replies", "where": {"span": "PERSON"}, "change": {"decision": "approved"}}
    assert api.post("records/bulk", json=where).json() == {"changed": 1}
    assert listed(api, decision="approved") == [TEXTS[3]]
    assert api.post("annotation-tasks", json={"dataset": "replies", "where": {"span": "PERSON"}}).status_code == 201
    tasks = api.get("annotation-tasks", params={"dataset": "replies", "span": "PERSON"}).json()["items"]
    assert [one["text"] for one in tasks] == [TEXTS[3]]
    assert api.get("annotation-tasks", params={"dataset": "replies", "duplicates": "true"}).json()["items"] == []
    api.post("records/undo", json={"dataset": "replies"})
    api.post("records/undo", json={"dataset": "replies"})
    assert api.post("records/undo", json={"dataset": "replies"}).status_code == 200
    assert listed(api, span="PERSON") == [TEXTS[0], TEXTS[3]]


def test_a_record_shows_where_it_came_from_and_what_is_like_it(api: TestClient, names: list[str]):
    answer = api.get(f"records/{names[0]}")
    found = answer.json()
    assert answer.headers["ETag"] == '"1"'
    assert (found["origin"]["run"], found["origin"]["edits"], found["version"]) == ("replies-1", [], 1)
    first = found["duplicates"][0]
    assert (first["text"], first["likeness"] > 0.8) == (TEXTS[3], True)
    assert patched(api, names[0], 1, label="rude").status_code == 200
    assert [one["version"] for one in item(api, names[0])["origin"]["edits"]] == [2]


@pytest.mark.both_stores
def test_whatever_is_changed_at_once_is_taken_back_at_once(api: TestClient, names: list[str]):
    before = item(api, names[0])
    done = patched(
        api,
        names[0],
        1,
        decision="declined",
        reason="not a reply",
        label="rude",
        values={"text": "Well, Ann Lee asked where it is."},
        tags=["hard", "hard"],
        note="two\nlines",
        person="ann",
    )
    assert done.status_code == 200, done.text
    after = done.json()
    assert (done.headers["ETag"], after["version"], after["by"]) == ('"2"', 2, "you")
    assert (after["decision"], after["label"], after["tags"], after["dropped"]) == ("declined", "rude", ["hard"], [])
    assert after["spans"] == [{"start": 6, "end": 13, "label": "PERSON", "field": "text"}]
    taken = api.post("records/undo", json={"dataset": "replies"}).json()["items"]
    assert [one["id"] for one in taken] == [names[0]]
    known = ("decision", "reason", "label", "values", "spans", "tags", "note", "person", "text")
    assert {name: item(api, names[0])[name] for name in known} == {name: before[name] for name in known}
    assert api.post("records/undo", json={"dataset": "replies"}).json() == {"items": []}
    history = api.get(f"records/{names[0]}/history").json()["items"]
    assert [(one["by"], one["before"]["decision"], one["after"]["decision"]) for one in history] == [
        ("you", "todo", "declined")
    ]


def test_a_span_whose_words_were_changed_is_dropped_and_named(api: TestClient, names: list[str]):
    done = patched(api, names[0], values={"text": "Ann asked where her parcel is."}).json()
    assert (done["spans"], [one["label"] for one in done["dropped"]]) == ([], ["PERSON"])
    own = {"start": 0, "end": 3, "label": "PERSON"}
    done = patched(api, names[3], values={"text": "Bob asked."}, spans=[own]).json()
    assert (done["spans"], done["dropped"]) == ([{**own, "field": "text"}], [])


def test_no_door_leaves_a_record_without_its_text(api: TestClient, workspace: Workspace, names: list[str]):
    said = "`text` would be empty, and a record without its text is none."
    for gone in ("", None, " "):
        answer = patched(api, names[0], values={"text": gone})
        assert (answer.status_code, answer.json()["detail"]) == (400, said)
        assert answer.json()["hint"].startswith("Decline the record instead")
    place = Reviewing(workspace, "replies", "ann")
    with pytest.raises(InputError, match=said):
        place.edit(names[0], {"text": ""})
    with pytest.raises(InputError, match=said):
        place.change_all(Wanted("replies"), lambda one: Change(one.record.id, one.version, values={"text": ""}))
    assert (item(api, names[0])["text"], len(item(api, names[0])["spans"])) == (TEXTS[0], 1)


def test_spans_are_added_and_taken_away(api: TestClient, names: list[str]):
    place, span = f"records/{names[1]}/spans", {"start": 0, "end": 4, "label": "HOW"}
    assert api.post(place, json=span).status_code == 428
    any_one = {"If-Match": "*"}
    assert api.post(place, json=span, headers=any_one).json()["spans"] == [{**span, "field": "text"}]
    assert api.post(place, json=span, headers=any_one).status_code == 409
    assert api.post(place, json={**span, "end": 999}, headers=any_one).status_code == 400
    counts = api.get("spans", params={"dataset": "replies"}).json()["items"]
    assert counts == [{"id": "PERSON", "label": "PERSON", "count": 2}, {"id": "HOW", "label": "HOW", "count": 1}]
    late = api.request("DELETE", place, json=span, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["theirs"]["version"]) == (412, 2)
    assert api.request("DELETE", place, json=span, headers={"If-Match": '"2"'}).json()["spans"] == []
    assert api.request("DELETE", place, json=span, headers=any_one).status_code == 404


def test_who_was_late_is_shown_both_versions(api: TestClient, names: list[str]):
    assert patched(api, names[1], 1, decision="approved").status_code == 200
    late = patched(api, names[1], 1, decision="declined", reason="rude")
    assert late.status_code == 412
    found = late.json()
    assert (found["theirs"]["decision"], found["theirs"]["version"]) == ("approved", 2)
    assert found["mine"] == {"decision": "declined", "reason": "rude"}
    assert late.headers["ETag"] == '"2"'
    assert item(api, names[1])["decision"] == "approved"
    assert api.patch(f"records/{names[1]}", json={"note": "x"}).status_code == 428


def test_two_hundred_decisions_sent_together_are_all_there_once(api: TestClient, workspace: Workspace):
    names = reviewed(workspace, tuple(f"Text number {number}." for number in range(200)), "many")

    def decide(number: int) -> int:
        decision = "declined" if number % 4 else "approved"
        return patched(api, names[number], 1, decision=decision, tags=[f"t{number % 3}"]).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(decide, range(200))) == {200}
    found = api.get("datasets/many/review").json()
    assert found["by"]["decision"] == {"approved": 50, "declined": 150}
    assert found["by"]["tag"] == {"t0": 67, "t1": 67, "t2": 66}
    assert (found["total"], found["reviewed"], found["waiting"]) == (200, 200, 0)
    assert {len(api.get(f"records/{name}/history").json()["items"]) for name in names[::20]} == {1}


def test_one_version_is_changed_by_one_of_many_who_want_it(api: TestClient, names: list[str]):
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda who: patched(api, names[0], 1, note=str(who)).status_code, range(8)))
    assert sorted(codes) == [200] + [412] * 7
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda who: patched(api, names[1], "*", note=f"n{who}").status_code, range(8)))
    assert codes == [200] * 8
    assert item(api, names[1])["version"] == 9


@pytest.mark.both_stores
def test_many_are_changed_in_one_step(api: TestClient, names: list[str]):
    change = {"decision": "approved", "add_tags": ["checked"], "label": "polite"}
    sent = {"dataset": "replies", "where": {"label": "rude"}, "change": change}
    assert api.post("records/bulk", json=sent).json() == {"changed": 3}
    assert listed(api, tag="checked", decision="approved") == list(TEXTS[1::2])
    named = {"dataset": "replies", "ids": names[:2], "change": {"remove_tags": ["checked"], "person": "bob"}}
    assert api.post("records/bulk", json=named).json() == {"changed": 2}
    assert listed(api, tag="checked") == list(TEXTS[3::2])
    assert len(api.post("records/undo", json={"dataset": "replies"}).json()["items"]) == 2
    assert len(api.post("records/undo", json={"dataset": "replies"}).json()["items"]) == 3
    assert listed(api, label="rude") == list(TEXTS[1::2])
    wrong = {"dataset": "replies", "ids": [names[0], "replies-1:99.0"], "change": {"decision": "approved"}}
    assert api.post("records/bulk", json=wrong).status_code == 404
    assert listed(api, decision="approved") == []
    assert api.post("records/bulk", json={**named, "where": {}}).status_code == 422
    tasks = {"dataset": "replies", "ids": names[:1], "change": {"work": "doing"}}
    assert api.post("records/bulk", json=tasks).status_code == 400


def tag_counts(api: TestClient) -> dict[str, int]:
    return {one["tag"]: one["count"] for one in api.get("tags", params={"dataset": "replies"}).json()["items"]}


@pytest.mark.both_stores
def test_tags_are_counted_renamed_and_removed(api: TestClient, names: list[str]):
    patched(api, names[0], tags=["a", "b"])
    patched(api, names[1], tags=["a"])
    query = {"dataset": "replies"}
    assert tag_counts(api) == {"a": 2, "b": 1}
    assert api.patch("tags", json={**query, "tag": "a", "to": "b"}, headers={"If-Match": "*"}).json() == {"changed": 2}
    assert tag_counts(api) == {"b": 2}
    assert item(api, names[0])["tags"] == ["b"]
    assert api.request("DELETE", "tags", json={**query, "tag": "b"}, headers={"If-Match": "*"}).json() == {"changed": 2}
    assert tag_counts(api) == {}
    assert (
        api.patch("tags", json={**query, "tag": "synthetic", "to": "b"}, headers={"If-Match": "*"}).status_code == 400
    )


@pytest.mark.both_stores
def test_filters_are_saved_under_names(api: TestClient, names: list[str]):
    sent = {"dataset": "replies", "name": "rude ones", "where": {"label": "rude", "decision": "todo"}}
    made = api.post("views", json=sent)
    assert (made.status_code, made.json()["where"]["label"], made.json()["by"]) == (201, "rude", "you")
    again = api.post("views", json={**sent, "where": {"q": "parcel"}}).json()
    views = api.get("views", params={"dataset": "replies"}).json()["items"]
    assert [(one["id"], one["where"]["q"]) for one in views] == [(again["id"], "parcel")]
    assert api.delete(f"views/{again['id']}", headers={"If-Match": "*"}).status_code == 204
    assert api.delete(f"views/{again['id']}", headers={"If-Match": "*"}).status_code == 404
    assert api.post("views", json={**sent, "where": {"colour": "red"}}).status_code == 422


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("records?dataset=none", "There is no dataset `none`."),
        ("records/none:1.0", "There is no record none:1.0."),
        ("records/replies-1:99.0", "The dataset replies has no record replies-1:99.0."),
        ("records?dataset=replies&cursor=x", "`x` is no cursor."),
        ("records?dataset=replies&decision=aproved", "decision: must be `todo`"),
        ("records?dataset=replies&colour=red", "colour: there is no such field"),
    ],
)
def test_what_is_wrong_is_said(api: TestClient, names: list[str], path: str, said: str):
    answer = api.get(path)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"].startswith(said), answer.text


def test_the_first_page_comes_at_once_and_the_rest_behind_it(api: TestClient, workspace: Workspace):
    reviewed(workspace, tuple(f"Text number {number}." for number in range(1200)), "large")
    first = api.get("records", params={"dataset": "large", "limit": 2}).json()
    assert ([one["text"] for one in first["items"]], first["waiting"]) == (["Text number 0.", "Text number 1."], 700)
    taken_in(api, "large")
    assert api.get("datasets/large/review").json()["total"] == 1200
    last = api.get("records", params={"dataset": "large", "sort": "last", "limit": 1}).json()["items"]
    assert last[0]["text"] == "Text number 1199."
    assert workspace.store.reviews.catch_up("large") == 0


def test_a_record_that_is_not_taken_in_yet_is_opened_all_the_same(api: TestClient, workspace: Workspace):
    names = reviewed(workspace, tuple(f"Text number {number}." for number in range(600)), "large")
    assert item(api, names[-1])["text"] == "Text number 599."
