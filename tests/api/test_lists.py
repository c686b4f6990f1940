"""What holds for every list of the API, read from its own document: a new list is covered by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from starlette.testclient import TestClient

from api.conftest import BASE
from api.reviewed import reviewed
from seedbed.api.application import PREFIX, create_app
from seedbed.app.serve import projects, tokens
from seedbed.app.workspace import Workspace
from seedbed.core.serving import StoredUser
from seedbed.core.serving.jobs import Job, StoredReport

DOCUMENT = create_app(Workspace("never-opened")).openapi()
GETS: dict[str, dict[str, Any]] = {
    path.removeprefix(PREFIX): operations["get"]
    for path, operations in DOCUMENT["paths"].items()
    if "get" in operations
}
IDS_THEMSELVES = ("/reports/{report}/records",)
"""Lists of the ids of what another list has."""

RECIPE = {
    "model": "scripted",
    "generator": {"kind": "classification", "instruction": "one reply", "labels": ["polite", "rude"], "count": 4},
}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema itself, where it is named."""
    named = schema.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["schemas"][named] if named else schema


def answered(operation: dict[str, Any]) -> dict[str, Any]:
    """The fields of what a route answers."""
    content = operation["responses"].get("200", {}).get("content", {})
    fields: dict[str, Any] = resolved(content.get("application/json", {}).get("schema", {})).get("properties", {})
    return fields


LISTS = [path for path, operation in GETS.items() if "items" in answered(operation)]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """A service with some of everything, and one of each kind by the first word of its address."""
    with Workspace(tmp_path_factory.mktemp("lists") / "workspace") as place:
        records = reviewed(place)
        ids = {"records": records[0], **furnish_store(place, records)}
        with TestClient(create_app(place), base_url=BASE) as client:
            yield client, {**ids, **furnish(client, records)}


def furnish_store(place: Workspace, records: list[str]) -> dict[str, str]:
    """What takes a process, a password or a login to come about otherwise."""
    for name in ("notes", "letters", "mails"):
        reviewed(place, name=name)
    for name in ("ann", "bea", "eve"):
        place.store.serving.put_user(StoredUser(name, "none"))
        tokens.add(place.store, name, "read")
        projects.add(place.store, "Shop", name=f"shop-{name}")
    projects.add(place.store, "Shop", name="shop")
    jobs = place.store.jobs
    for kind in ("augment", "augment", "fill", "fill", "report"):
        jobs.cancel(jobs.add(Job("", kind, "replies", "default", {})).id)
    for name in ("r-1", "r-2", "r-3"):
        report = StoredReport(name, "replies", "default", {"duplicates": {"clusters": [{"records": records}]}}, [], "")
        made = place.store.quality.put_report(report)
    return {"reports": made.id}


def furnish(api: TestClient, records: list[str]) -> dict[str, str]:
    """All that is made over the API; answers the run, the spot check and so on whose lists are walked."""

    def put(method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = api.request(method, path, json=body, headers={"If-Match": "*"})
        assert answer.is_success, answer.text
        return dict(answer.json())

    for number, record in enumerate(records):
        for tags in ([f"tag {number % 3}"], [f"tag {number % 3}", "again"]):
            put("PATCH", f"records/{quote(record)}", tags=tags, decision="approved")
    put("POST", "annotation-tasks", dataset="replies", ids=records)
    spans = [{"start": 0, "end": 3, "label": label} for label in ("FIRST", "SECOND")]
    put("PATCH", f"records/{quote(records[0])}", spans=spans)
    for name in ("one", "two", "three"):
        put("POST", "views", dataset="replies", name=name, where={})
        put("POST", "datasets/replies/versions", note=name)
        put("POST", "connections", name=name, provider="openai", key="sk-nothing")
        put("POST", "templates", name=name, document={"prompt": "A letter."})
        put("PATCH", "templates/one", document={"prompt": f"A letter to {name}."})
        put("POST", "recipes", document={**RECIPE, "name": name})
        check = put("POST", "spot-checks", dataset="replies", n=3)
    for user in ("ann", "bea"):
        put("PUT", f"projects/shop/members/{user}", role="editor")
    run = put("POST", "runs", recipe="one")["id"]
    with api.stream("GET", f"runs/{run}/events") as events:
        assert "event: end" in [*events.iter_lines()]
    return {"runs": run, "spot-checks": check["id"], "projects": "shop", "templates": "one", "datasets": "replies"}


def walked(api: TestClient, address: str, limit: int) -> list[Any]:
    """All items of a list, page by page."""
    found, cursor = list[Any](), ""
    for _ in range(500):
        page = api.get(f"{address}{limit}&cursor={quote(cursor)}")
        assert page.status_code == 200, page.text
        assert len(page.json()["items"]) <= limit
        found += page.json()["items"]
        if not (cursor := page.json()["next"]):
            return found
    raise AssertionError(f"{address} has no end")


def address_of(path: str, ids: dict[str, str]) -> str:
    """The address of a list, up to its `limit`."""
    kind = path.split("/")[1]
    filled = "/".join(quote(ids[kind], safe="") if part.startswith("{") else part for part in path.split("/")[1:])
    queries = [one for one in GETS[path].get("parameters", ()) if one["in"] == "query"]
    needed = [one["name"] for one in queries if one.get("required")] or ["dataset"] * (path == "/annotation-tasks")
    given = {name: {"dataset": "replies", "q": "a"}[name] for name in needed}
    return f"{filled}?{urlencode({**given, 'limit': ''})}"


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_the_same_in_pages_of_any_size(furnished: tuple[TestClient, dict[str, str]], path: str):
    api, ids = furnished
    address = address_of(path, ids)
    one_by_one, at_once = walked(api, address, 1), walked(api, address, 100)
    assert len(at_once) > 1, "a list of one says nothing about its pages"
    assert one_by_one == at_once
    assert len({json.dumps(one, sort_keys=True) for one in at_once}) == len(at_once)


@pytest.mark.parametrize("path", [one for one in LISTS if one not in IDS_THEMSELVES])
def test_what_is_in_a_list_has_an_id_with_which_its_address_ends(
    furnished: tuple[TestClient, dict[str, str]], path: str
):
    api, ids = furnished
    address = address_of(path, ids)
    items = walked(api, address, 100)
    item = resolved(answered(GETS[path])["items"]["items"])
    assert "id" in item["required"]
    assert item["properties"]["id"]["type"] == "string"
    found = {(one.get("kind"), one["id"]) for one in items}
    assert len(found) == len(items), "two have the same id"
    assert all(name for _, name in found)
    if any(one.startswith(f"{path}/{{") and one.count("/") == path.count("/") + 1 for one in GETS):
        for one in items:
            single = api.get(f"{address.partition('?')[0]}/{quote(one['id'], safe='')}")
            assert (single.status_code, single.json().get("id")) == (200, one["id"]), single.text
