"""The words of the contract that hold for every route, read from the API's own document: a new route is covered by
itself, or is named here with the reason why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.conftest import BASE
from api.reviewed import reviewed
from seedbed.api.application import PREFIX, create_app
from seedbed.app.serve import projects, users
from seedbed.app.workspace import Workspace

DOCUMENT = create_app(Workspace("never-opened")).openapi()
METHODS = ("get", "post", "put", "patch", "delete")
ROUTES = [
    (method.upper(), path.removeprefix(PREFIX), operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
OPERATIONS = {(method, path): operation for method, path, operation in ROUTES}
OPEN_ENDED = ("/events", "/runs/{run}/events", "/jobs/{job}/events")
"""Streams, which have tests of their own."""

WITHOUT_VERSION = {
    ("DELETE", "/session"): "one's own login, which nobody else changes",
    ("DELETE", "/tokens/{token}"): "a token never changes: it is there or revoked",
    ("DELETE", "/datasets/{name}/versions/{number}"): "what was kept never changes: it is there or forgotten",
    ("PUT", "/projects/{project}/members/{user}"): "says the whole role, whatever it was: the same again is the same",
    ("DELETE", "/projects/{project}/members/{user}"): "takes the role away, whatever it was",
    ("PUT", "/spot-checks/{check}/records/{record}"): "one's own word on a record, which nobody else changes",
    ("DELETE", "/spot-checks/{check}/records/{record}"): "one's own word on a record, which nobody else changes",
}
STOCK = re.compile(
    r"Input should|Field required|Extra inputs|Value error|JSON decode|String should|List should|valid (integer|string|"
    r"boolean|number|list|dictionary)|unable to parse|pattern|Method Not Allowed|Not Found"
)
"""What other people's libraries say by themselves."""


def named(route: tuple[str, str, Any]) -> str:
    return f"{route[0]} {route[1]}"


def schema_of(operation: dict[str, Any]) -> dict[str, Any]:
    """What a route answers where all goes well."""
    answer: dict[str, Any] = next(found for code, found in operation["responses"].items() if code.startswith("2"))
    schema: dict[str, Any] = answer.get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def takes(operation: dict[str, Any]) -> set[str]:
    """The names of the parameters of a route."""
    return {one["name"] for one in operation.get("parameters", ())}


def test_every_list_comes_in_pages():
    lists = 0
    for method, path, operation in ROUTES:
        schema = schema_of(operation)
        fields = schema.get("properties", {})
        assert method != "GET" or schema.get("type") != "array", f"{path} is a list that cannot be paged"
        if method == "GET" and "items" in fields:
            lists += 1
            assert {"items", "next"} <= set(schema["required"]), path
            assert {"cursor", "limit"} <= takes(operation), path
    assert lists > 25


def test_every_edit_says_from_which_version():
    changing = [one for one in ROUTES if one[0] in ("PATCH", "PUT", "DELETE")]
    bare = {(method, path) for method, path, operation in changing if "If-Match" not in takes(operation)}
    assert bare == set(WITHOUT_VERSION), "either it takes If-Match, or it stands here with its reason"
    for method, path, operation in changing:
        found = schema_of(OPERATIONS.get(("GET", path), operation)).get("properties", {})
        if (method, path) not in bare and "items" not in found:
            assert not found or {"version", "revision", "changed"} & set(found), f"{path} tells no version"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("contract")
    with Workspace(folder / "workspace") as place:
        reviewed(place)
        with TestClient(create_app(place), base_url=BASE, raise_server_exceptions=False) as found:
            yield found


def wrongly(route: tuple[str, str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Ways of asking for a route that it must refuse."""
    method, path, operation = route
    filled = re.sub(r"\{(?:number)\}", "7", path)
    filled = re.sub(r"\{\w+\}", "nothing-of-this-name", filled).lstrip("/")
    known = {one for one in METHODS if (one.upper(), path) in OPERATIONS}
    other = next(one for one in ("put", "patch", "delete", "post") if one not in known)
    any_version, json = {"If-Match": "*"}, {"Content-Type": "application/json"}
    yield other.upper(), filled, {}
    if "{" in path:
        yield method, filled, {"headers": any_version}
    if "If-Match" in takes(operation):
        for header in ({}, {"If-Match": "this one"}, {"If-Match": '"987654321"'}):
            yield method, filled, {"headers": header}
    if "cursor" in takes(operation):
        yield method, f"{filled}?cursor=nowhere&dataset=replies&q=a", {}
        yield method, f"{filled}?limit=0&dataset=replies&q=a", {}
        yield method, f"{filled}?limit=many&dataset=replies&q=a", {}
    if "requestBody" in operation:
        for content in (b"{", b'{"a": "\\ud800"}', b"[]", b'"text"', b"", b'{"nothing_of_this_name": 1}', b"{}"):
            yield method, filled, {"content": content, "headers": {**any_version, **json}}
        schema = next(iter(operation["requestBody"]["content"].values()))["schema"]
        while "$ref" in schema:
            schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for odd in (None, [], {}, -1, 1e300, "\t" * 20_000, [None], {"": []}):
            yield method, filled, {"json": dict.fromkeys(schema.get("properties", {}), odd), "headers": any_version}


@pytest.mark.parametrize("route", [one for one in ROUTES if one[1] not in OPEN_ENDED], ids=named)
def test_whatever_is_refused_says_what_to_do_in_plain_words(client: TestClient, route: tuple[str, str, Any]):
    refused = 0
    for method, path, sent in wrongly(route):
        answer = client.request(method, path, **sent)
        assert answer.status_code < 500, (method, path, sent, answer.text)
        if answer.status_code < 400:
            continue
        refused += 1
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        said = answer.json()
        assert said["hint"].strip(), (method, path, sent, said)
        assert said["detail"].strip(". "), (method, path, sent, said)
        assert not STOCK.search(f"{said['detail']} {said['hint']} {said.get('errors', '')}"), said
        assert answer.status_code != 405 or method not in answer.headers["Allow"].split(", ")
    assert refused


EDITS: list[tuple[str, str, dict[str, Any], str]] = [
    ("PATCH", "datasets/replies", {"project": "shop"}, "datasets/replies"),
    ("DELETE", "datasets/replies", {}, "datasets/replies"),
    ("PATCH", "settings", {"retention_days": 30}, "settings"),
    ("PATCH", "users/ann", {"owner": True}, "users/ann"),
    ("DELETE", "users/ann", {}, "users/ann"),
    ("PATCH", "tags", {"dataset": "replies", "tag": "hard", "to": "easy"}, "tags?dataset=replies"),
    ("DELETE", "tags", {"dataset": "replies", "tag": "hard"}, "tags?dataset=replies"),
    ("DELETE", "views/{id}", {}, "views?dataset=replies"),
    ("DELETE", "projects/shop", {}, "projects/shop"),
    ("DELETE", "connections/near", {}, "connections/near"),
    ("DELETE", "templates/letter", {}, "templates/letter"),
]
"""Edits and removals, and where their versions are told."""


def furnish(api: TestClient, workspace: Workspace) -> None:
    names = reviewed(workspace)
    projects.add(workspace.store, "Shop", name="shop")
    users.add(workspace.store, "you-too", "a password of nobody")
    users.add(workspace.store, "ann", "a password of nobody")
    api.patch(f"records/{names[0]}", json={"tags": ["hard"]}, headers={"If-Match": "*"})
    api.post("views", json={"dataset": "replies", "name": "mine", "where": {}})
    api.post("connections", json={"name": "near", "provider": "openai", "key": "sk-nothing"})
    api.post("templates", json={"name": "letter", "document": {"prompt": "A letter."}})


@pytest.mark.both_stores
def test_of_two_who_looked_at_the_same_one_changes_it_and_the_other_is_told(api: TestClient, workspace: Workspace):
    furnish(api, workspace)
    for method, path, body, looked_at in EDITS:
        found = api.get(looked_at)
        told = found.json()
        shown = told["items"][0] if "items" in told else told
        version = shown.get("revision") or shown["version"]
        assert "items" in told or found.headers["ETag"] == f'"{version}"', path
        asked = partial(edit, api, method, path.format(id=shown.get("id")), body)
        assert asked("").status_code == 428, (method, path)
        stale = asked(f'"{version + 1}"')
        assert (stale.status_code, stale.headers["ETag"]) == (412, f'"{version}"'), (method, path, stale.text)
        assert {"mine", "theirs", "hint"} <= stale.json().keys()
        with ThreadPoolExecutor(4) as pool:
            codes = sorted(one.status_code for one in pool.map(asked, [f'"{version}"'] * 4))
        assert codes[0] in (200, 204), (method, path, codes)
        assert set(codes[1:]) <= {404, 409, 412}, (method, path, codes)
        undo(api, workspace, path)


def edit(api: TestClient, method: str, path: str, body: dict[str, Any], match: str) -> Any:
    sent: dict[str, Any] = {"json": body} if body else {}
    return api.request(method, path, headers={"If-Match": match} if match else {}, **sent)


def undo(api: TestClient, workspace: Workspace, path: str) -> None:
    """What was changed or removed is there again for the next edit."""
    if path == "tags":
        api.post("records/undo", json={"dataset": "replies"})
    elif path == "datasets/replies" and not workspace.store.runs(dataset="replies"):
        names = reviewed(workspace)
        api.patch(f"records/{names[0]}", json={"tags": ["hard"]}, headers={"If-Match": "*"})
        api.post("views", json={"dataset": "replies", "name": "mine", "where": {}})
