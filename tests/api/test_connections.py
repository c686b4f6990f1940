"""Connections over the API: a key goes in and never comes out, and the server asks nobody it should not."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from seedbed.api.application import PREFIX, create_app
from seedbed.api.desk import ServeSettings
from seedbed.app.serve import tokens
from seedbed.app.workspace import Workspace
from seedbed.providers.reach import is_public
from seedbed.testing.server import running_server

KEY = "sk-4f9a8b7c6d5e4f3a2b1c"
ANY = {"If-Match": "*"}


@pytest.fixture
def model() -> Iterator[str]:
    """A model server at this machine; answers its address."""
    with running_server() as server:
        yield server.url


def test_a_key_is_in_no_answer_log_or_file(
    api: TestClient,
    workspace: Workspace,
    model: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    body = {"name": "server", "provider": "openai", "base_url": model, "key": KEY}
    answers = [
        api.post("connections", json=body),
        api.post("connections", json=body),
        api.post("connections", json={**body, "name": "b/c"}),
        api.post("connections", json={**body, "name": "c", "base_url": f"http://{KEY}@host/"}),
        api.post("connections", json={**body, "name": "c", "provider": KEY}),
        api.post("connections", json={**body, "name": "c", "key_env": KEY}),
        api.post("connections", json={**body, "name": "c", "retries": KEY}),
        api.post("connections", json={**body, "name": "c", "key": [KEY]}),
        api.post("connections", json={**body, "name": "c", "prices": {"m": KEY}}),
        api.get("connections/server"),
        api.patch("connections/server", json={"key": KEY, "concurrency": 2}, headers={"If-Match": '"1"'}),
        api.patch("connections/server", json={"key": KEY, "concurrency": 3}, headers={"If-Match": '"1"'}),
        api.patch("connections/server", json={"key": KEY, "retries": KEY}, headers=ANY),
        api.post("connections/server/check", json={"model": "m"}),
        api.post("connections/check", json={**body, "model": "m"}),
        api.post("connections/check", json={**body, "base_url": "http://127.0.0.1:1/v1", "model": "m"}),
        api.get("connections"),
        api.get("models"),
        api.get("audit"),
    ]
    assert [one.status_code for one in answers[:3]] == [201, 409, 422]
    assert all(KEY not in one.text and str(one.headers).count(KEY) == 0 for one in answers)
    assert answers[9].json()["key_last4"] == KEY[-4:]
    assert answers[13].json()["verdict"] == "valid"
    out, err = capfd.readouterr()
    assert KEY not in caplog.text + out + err
    workspace.close()
    for path in workspace.folder.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path


@pytest.mark.both_stores
def test_a_connection_is_made_changed_and_removed(api: TestClient):
    body = {"name": "near", "provider": "ollama", "concurrency": 2, "projects": ["default"]}
    made = api.post("connections", json=body)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    found = made.json()
    assert (found["key_place"], found["key_last4"], found["projects"]) == ("none", "", ["default"])
    assert api.patch("connections/near", json={"concurrency": 4}).status_code == 428
    changed = api.patch("connections/near", json={"concurrency": 4, "projects": []}, headers={"If-Match": '"1"'})
    assert (changed.json()["concurrency"], changed.json()["projects"], changed.json()["version"]) == (4, [], 2)
    late = api.patch("connections/near", json={"concurrency": 5}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert (late.json()["mine"], late.json()["theirs"]["concurrency"]) == ({"concurrency": 5}, 4)
    assert api.patch("connections/near", json={"concurrency": None}, headers=ANY).json()["concurrency"] is None
    assert api.patch("connections/near", json={"concurrency": 0}, headers=ANY).json()["field"] == "concurrency"
    assert api.patch("connections/near", json={"patience": "2m"}, headers=ANY).json()["patience"] == 120
    assert api.patch("connections/near", json={"patience": "long"}, headers=ANY).json()["field"] == "patience"
    assert api.patch("connections/near", json={"patience": None}, headers=ANY).json()["patience"] == 600
    assert api.patch("connections/near", json={"base_url": "file:///etc"}, headers=ANY).status_code == 400
    assert api.post("connections", json={"name": "far", "provider": "azure"}).status_code == 400
    assert api.post("connections", json={"name": "far", "provider": "ollama", "projects": ["no"]}).status_code == 404
    assert api.delete("connections/near", headers={"If-Match": '"1"'}).status_code == 412
    assert api.delete("connections/near", headers=ANY).status_code == 204
    assert api.get("connections/near").status_code == 404


def test_a_key_goes_only_where_it_was_entered_for(api: TestClient):
    api.post("connections", json={"name": "a", "provider": "openai", "key": KEY})
    refused = api.patch("connections/a", json={"base_url": "http://127.0.0.1:1/v1"}, headers=ANY)
    assert (refused.status_code, refused.json()["field"]) == (400, "key")
    moved = api.patch("connections/a", json={"base_url": "http://127.0.0.1:1/v1", "key": "other-key-1234"}, headers=ANY)
    assert moved.json()["key_last4"] == "1234"
    assert api.patch("connections/a", json={"timeout": 9}, headers=ANY).json()["key_last4"] == "1234"
    assert api.patch("connections/a", json={"key": None}, headers=ANY).json()["key_place"] == "none"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/v1",
        "http://localhost/v1",
        "http://[::1]/v1",
        "http://10.1.2.3/v1",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/v1",
        "http://2130706433/v1",
        "http://[::ffff:127.0.0.1]/v1",
    ],
)
def test_a_server_for_others_asks_no_private_address(tokened: Callable[..., TestClient], address: str):
    owner = tokened("own")
    body: dict[str, Any] = {"provider": "openai", "base_url": address, "key": KEY}
    saved = owner.post("connections", json={"name": "a", **body})
    assert (saved.status_code, saved.json()["field"]) == (400, "base_url"), saved.text
    assert owner.post("connections/check", json={**body, "model": "m"}).status_code == 400


def test_an_address_is_looked_at_when_it_is_asked_again_and_owners_may_allow_it(
    api: TestClient, tokened: Callable[..., TestClient], model: str
):
    api.post("connections", json={"name": "a", "provider": "openai", "base_url": model})
    owner = tokened("own")
    assert owner.post("connections/a/check", json={"model": "m"}).status_code == 400
    assert owner.post("connections", json={"name": "b", "provider": "ollama"}).status_code == 400
    owner.patch("settings", json={"private_addresses": True}, headers=ANY)
    assert owner.post("connections/a/check", json={"model": "m"}).json()["verdict"] == "valid"


@pytest.mark.parametrize("address", ["http://10.0.0.1/v1", "http://[::ffff:10.0.0.1]/v1", "http://0x0a000001/v1"])
def test_alone_at_a_machine_it_is_asked_itself_but_not_its_network(api: TestClient, address: str):
    body = {"name": "near", "provider": "openai", "base_url": address, "key": "sk-12345678"}
    for path in ("connections", "connections/check"):
        refused = api.post(path, json=body)
        assert (refused.status_code, "of a private network" in refused.text) == (400, True), refused.text
    assert api.post("connections", json=body | {"base_url": "http://127.0.0.1:9/v1"}).status_code == 201


def test_behind_a_proxy_this_machine_is_a_private_address_too(workspace: Workspace):
    app, secret = create_app(workspace, ServeSettings(login=True)), tokens.add(workspace.store, "mine", "own")[1]
    body = {"name": "a", "provider": "openai", "base_url": "http://127.0.0.1:1/v1"}
    with TestClient(app) as client:
        saved = client.post(f"{PREFIX}/connections", json=body, headers={"Authorization": f"Bearer {secret}"})
    assert (saved.status_code, saved.json()["field"]) == (400, "base_url")


def test_a_name_is_as_public_as_what_it_stands_for(tokened: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch):
    found = {"near.example": "192.168.0.7", "far.example": "93.184.216.34"}

    def resolved(host: str, *_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    owner, body = tokened("own"), {"provider": "openai", "key": KEY}
    near = owner.post("connections", json={"name": "a", "base_url": "https://near.example/v1", **body})
    far = owner.post("connections", json={"name": "a", "base_url": "https://far.example/v1", **body})
    assert (near.status_code, far.status_code) == (400, 201)


def test_a_name_that_stands_for_another_address_by_now_is_not_asked(
    tokened: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
):
    """As who owns a name may have it: public where it is looked up, private where it is connected to."""
    real = socket.getaddrinfo
    with running_server() as server:
        port = int(server.url.rstrip("/").rpartition(":")[2].partition("/")[0])
        found = iter(["93.184.216.34", "127.0.0.1", "93.184.216.34", "127.0.0.1"])

        def resolved(host: str, *more: Any, **kinds: Any) -> list[Any]:
            if host != "moves.example":
                return real(host, *more, **kinds)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(found), port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        body = {"provider": "openai", "base_url": f"http://moves.example:{port}/v1", "key": KEY, "model": "m"}
        answer = tokened("own").post("connections/check", json=body)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["verdict"], "private address" in answer.json()["message"]) == ("unreachable", True)
        assert server.stats()["requests"] == 0
        assert next(found) == "93.184.216.34", "looked up twice: when it was checked, and when it was to be asked"


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
        "224.0.0.1",
        "100.64.0.1",
        "ff02::1",
        "::",
        "::10.0.0.1",
    ],
)
def test_disguised_private_addresses_are_no_public_ones(address: str):
    assert not is_public(address)


def test_editors_use_connections_and_owners_change_them(
    api: TestClient, person: Callable[..., str], tokened: Callable[..., TestClient]
):
    api.post("projects", json={"title": "Hotel", "id": "hotel"})
    body = {"provider": "openai", "base_url": "http://127.0.0.1:1/v1", "key": KEY}
    for name, projects in (("ours", ["hotel"]), ("theirs", ["default"]), ("all", [])):
        api.post("connections", json={"name": name, "projects": projects, **body})
    api.patch("settings", json={"private_addresses": True}, headers=ANY)
    ed, ora = tokened("own", person("ed", hotel="editor")), tokened("own", person("ora", hotel="owner"))

    def names(client: TestClient, **query: str) -> list[str]:
        return [one["name"] for one in client.get("connections", params=query).json()["items"]]

    assert (names(ed), names(api)) == (["all", "ours"], ["all", "ours", "theirs"])
    assert names(api, project="hotel") == ["all", "ours"]
    assert ed.get("connections/theirs").status_code == 404
    assert ed.get("connections/ours").json()["key_last4"] == ""
    assert ed.patch("connections/ours", json={"timeout": 5}, headers=ANY).status_code == 403
    assert ed.post("connections/ours/check", json={"model": "m"}).json()["verdict"] == "unreachable"
    moved = {"model": "m", "base_url": "http://127.0.0.1:2/v1"}
    assert ed.post("connections/check", json={**body, "model": "m"}).status_code == 403
    assert ed.post("connections/ours/check", json=moved).status_code == 403
    refused = ora.post("connections/ours/check", json=moved).json()
    assert (refused["status"], refused["field"]) == (400, "key"), "a key that is kept goes to no other address"
    assert "127.0.0.1:2" in ora.post("connections/ours/check", json={**moved, "key": KEY}).json()["message"]
    assert "127.0.0.1:1" in ora.post("connections/ours/check", json={"model": "m", "timeout": 9}).json()["message"]
    assert ora.get("connections/ours").json()["base_url"] == body["base_url"], "a trial saves nothing"

    assert ora.patch("connections/ours", json={"timeout": 5}, headers=ANY).json()["key_last4"] == KEY[-4:]
    assert ora.patch("connections/all", json={"timeout": 5}, headers=ANY).status_code == 403
    assert ora.patch("connections/ours", json={"projects": []}, headers=ANY).status_code == 403
    assert ora.post("connections", json={"name": "new", **body}).status_code == 403
    assert ora.post("connections", json={"name": "new", "projects": ["hotel"], **body}).status_code == 201
    named = {"name": "env", "projects": ["hotel"], "provider": "openai", "key_env": "HOME"}
    assert ora.post("connections", json=named).status_code == 403, "a variable of the server may hold anything"


def test_providers_say_what_a_connection_to_them_needs(api: TestClient):
    found = {one["name"]: one for one in api.get("providers").json()["items"]}
    assert (found["azure"]["address"], found["openai"]["address"]) == (True, False)
    assert (found["openai"]["key"], found["ollama"]["key"], found["ollama"]["local"]) == (True, False, True)
    assert found["anthropic"]["models"]
    assert "base_url" in found["openai"]["schema"]["properties"]


def test_models_are_those_one_may_ask(api: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    api.post("connections", json={"name": "mine", "provider": "anthropic", "key": KEY})
    own = {"our-model": {"input": 1, "output": 2}}
    api.post("connections", json={"name": "near", "provider": "ollama", "prices": own})
    found = {one["model"]: one for one in api.get("models").json()["items"]}
    assert (found["embedded"]["local"], found["embedded"]["size"] > 1e6) == (True, True)
    assert found["near:our-model"]["local"]
    assert any(name.startswith("mine:claude") for name in found)
    assert not any(name.startswith("openai:") for name in found)
