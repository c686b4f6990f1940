"""Every route there is, and every one to come, refuses who may not: the table is the OpenAPI document itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from httpx2 import Client, Response
from starlette.testclient import TestClient

from api.conftest import served
from seedbed.api import rights
from seedbed.api.application import PREFIX, create_app
from seedbed.api.desk import ServeSettings
from seedbed.api.identify import COOKIE
from seedbed.app.serve import tokens
from seedbed.app.serve.clock import now
from seedbed.app.workspace import Workspace
from seedbed.core.record import Record
from seedbed.core.serving import StoredProject, StoredSession, StoredUser
from seedbed.core.stored import StoredConnection, StoredRun

OPEN = {"/health", "/ready", "/version", "/session"}
"""What answers without a login, of the routes in the document."""

FOR_ALL = {
    "/generators",
    "/checks",
    "/transforms",
    "/formats",
    "/providers",
    "/recipe-schema",
    "/health",
    "/ready",
    "/version",
    "/session",
}
"""What is the same for everybody: it is nobody's."""

REVIEWERS = {
    ("POST", "/session"),
    ("DELETE", "/session"),
    ("PATCH", "/users/{name}"),
    ("DELETE", "/users/{name}"),
    ("POST", "/tokens"),
    ("DELETE", "/tokens/{token}"),
}
"""What a reviewer may send beside review; what is not theirs of it the route refuses."""

REVIEW = re.compile(r"/(records|annotation-tasks|tags|views|spot-checks|duplicates)(/.*)?")
NAMES = {
    "/projects/": "default",
    "/users/": "ann",
    "/connections/": "server",
    "/templates/": "letter",
    "/recipes/": "replies",
    "/records/": "replies-1:0.0",
    "/annotation-tasks/": "replies-1:0.0",
}
"""What there is, in the project that a stranger is not of; what else has a name is called as the run and dataset."""

STREAMS = {"/events"}
"""What never ends, so that its answer cannot be looked at as a whole: it has a test of its own."""

OWN = {"/users", "/users/{name}", "/tokens", "/models", "/projects"}
"""What holds something for everybody: the projects one is of, for owners of a project who there is, one's own tokens,
models of nobody."""

SECRET = "anns-cookie"

Route = tuple[str, str]


def routes() -> list[Route]:
    """Method and path (below the prefix) of everything in the document."""
    paths = create_app(Workspace(Path("/nonexistent"))).openapi()["paths"]
    return [(method.upper(), path.removeprefix(PREFIX)) for path, methods in paths.items() for method in methods]


ROUTES = routes()
READS = [route for route in ROUTES if route[0] == "GET"]
WRITES = [route for route in ROUTES if route[0] != "GET"]


def filled(path: str) -> str:
    """The path of something that is there."""
    name = next((name for begin, name in NAMES.items() if path.startswith(begin)), "replies-1")
    return re.sub(r"\{[^}]+\}", name, path.replace("{number}", "1"))


def named(route: Route) -> str:
    return " ".join(route)


@pytest.fixture(scope="module")
def come_as(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], TestClient]]:
    """Clients by who they are, of one server for all: what is refused changes nothing. There is a project with one of
    everything, and another one, of which alone the stranger is."""
    with Workspace(tmp_path_factory.mktemp("house")) as workspace:
        furnish(workspace)
        app = create_app(workspace, ServeSettings("0.0.0.0"))
        with TestClient(app) as client:
            secrets = {
                "reader": tokens.add(workspace.store, "reader", "read")[1],
                "reviewer": tokens.add(workspace.store, "rita", "own", user="rita")[1],
                "stranger": tokens.add(workspace.store, "sven", "own", user="sven")[1],
            }

            def come(who: str) -> TestClient:
                client.headers.pop("Authorization", None)
                if who in secrets:
                    client.headers["Authorization"] = f"Bearer {secrets[who]}"
                return client

            yield come


def furnish(workspace: Workspace) -> None:
    store = workspace.store
    run = store.create_run(StoredRun("", "replies", "complete", {"name": "replies"}, {}, "", ["text"], 1))
    store.keep(run, [Record({"text": "Good morning."})])
    store.put_template("letter", {"prompt": "A letter."})
    store.put_connection(StoredConnection("server", {"provider": "ollama"}, None))
    store.serving.place("connection", "server", ["default"])
    store.serving.put_recipe("replies", "name: replies")
    store.serving.add_project(StoredProject("other", "Other"))
    for name, owner in (("ann", True), ("rita", False), ("sven", False)):
        store.serving.put_user(StoredUser(name, "none", owner))
    store.serving.put_session(StoredSession(tokens.digest(SECRET), "ann", "csrf", now(), now()))
    store.serving.put_member("default", "rita", "reviewer")
    store.serving.put_member("other", "sven", "owner")


def asked(client: TestClient, route: Route, **more: Any) -> Response:
    return client.request(route[0], f"{PREFIX}{filled(route[1])}", **more)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_nobody_gets_anywhere_without_a_login(come_as: Callable[[str], TestClient], route: Route):
    status = asked(come_as("nobody"), route).status_code
    assert (status == 401) == (route[1] not in OPEN), status


@pytest.mark.parametrize("route", [one for one in WRITES if one[1] != "/session"], ids=named)
def test_a_token_that_reads_changes_nothing(come_as: Callable[[str], TestClient], route: Route):
    assert asked(come_as("reader"), route).status_code == 403


@pytest.mark.parametrize("route", [one for one in WRITES if not REVIEW.fullmatch(one[1])], ids=named)
def test_a_reviewer_changes_nothing_but_review(come_as: Callable[[str], TestClient], route: Route):
    if route not in REVIEWERS:
        assert asked(come_as("reviewer"), route).status_code == 403


def test_of_users_and_tokens_a_reviewer_changes_their_own_only(come_as: Callable[[str], TestClient]):
    client = come_as("reviewer")
    assert asked(client, ("PATCH", "/users/{name}"), json={"password": "another long one"}).status_code == 403
    assert asked(client, ("DELETE", "/users/{name}")).status_code == 403
    assert asked(client, ("DELETE", "/tokens/{token}")).status_code == 404


@pytest.mark.parametrize("route", [one for one in READS if one[1] not in FOR_ALL | STREAMS], ids=named)
def test_a_stranger_sees_nothing_of_a_project(come_as: Callable[[str], TestClient], route: Route):
    query = {"dataset": "replies-1", "project": "default", "q": "morning", "section": "labels"}
    answer = asked(come_as("stranger"), route, params={} if "{number}" in route[1] else query)
    if "{" in route[1] and route[1] not in OWN:
        assert answer.status_code == 404, answer.text[:300]
    elif answer.status_code == 200 and route[1] not in OWN:
        assert answer.json().get("items") == [], answer.text[:300]
    else:
        assert answer.status_code in (200, 400, 403, 404, 422), answer.text[:300]
    assert not re.search("Good morning|A letter|name: replies", answer.text), answer.text[:300]


def test_a_stranger_hears_nothing_of_a_project(workspace: Workspace):
    furnish(workspace)
    stranger = {"Authorization": f"Bearer {tokens.add(workspace.store, 'sven', 'own', user='sven')[1]}"}
    with served(workspace) as url, urlopen(Request(f"{url}{PREFIX}/events", headers=stranger)) as heard:
        assert next(heard) == b": seedbed\n"
        with Client(base_url=f"{url}{PREFIX}") as owner:
            for name, project in (("ours", "default"), ("theirs", "other")):
                form = {"name": name, "project": project}
                owner.post("/imports", files={"file": ("a.csv", b"text\nGood morning.\n")}, data=form)
                owner.post("/reports", json={"dataset": name, "only": ["balance"]})
        told = next(line for line in heard if line.startswith(b"data: "))
        assert json.loads(told.removeprefix(b"data: "))["dataset"] == "theirs"


@pytest.mark.parametrize("end", ["a revoked token", "another role"])
def test_whoever_may_no_longer_hears_no_more(workspace: Workspace, end: str):
    furnish(workspace)
    serving = workspace.store.serving
    serving.put_user(StoredUser("kim", "none"))
    serving.put_member("default", "kim", "reviewer")
    token, secret = tokens.add(workspace.store, "kim", "read", user="kim")
    request = {"Authorization": f"Bearer {secret}"}
    with served(workspace) as url, urlopen(Request(f"{url}{PREFIX}/events", headers=request), timeout=60) as heard:
        assert next(heard) == b": seedbed\n"
        if end == "another role":
            serving.remove_member("default", "kim")
        else:
            tokens.remove(workspace.store, token.id)
        assert not [line for line in heard if line.startswith(b"data: ")], "the stream ends"


@pytest.mark.parametrize("route", [one for one in WRITES if "{" in one[1]], ids=named)
def test_a_stranger_changes_nothing_of_a_project(come_as: Callable[[str], TestClient], route: Route):
    status = asked(come_as("stranger"), route, headers={"If-Match": "*"}).status_code
    assert status in (400, 403, 404, 422), status


@pytest.mark.parametrize("route", [one for one in WRITES if one != ("POST", "/session")], ids=named)
def test_a_cookie_alone_changes_nothing(come_as: Callable[[str], TestClient], route: Route):
    client = come_as("nobody")
    for given in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "another"}):
        answer = asked(client, route, headers={"Cookie": f"{COOKIE}={SECRET}", "If-Match": "*", **given})
        assert (answer.status_code, "X-CSRF-Token" in answer.json()["detail"]) == (403, True)


def test_a_page_of_somebody_else_gets_nowhere_at_this_machine(api: TestClient):
    for method, path in ROUTES:
        foreign = api.request(method, f"{PREFIX}{filled(path)}", headers={"Host": "evil.example"})
        assert (foreign.status_code, foreign.headers["content-type"]) == (403, "application/problem+json"), path
    for method, path in WRITES:
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert api.request(method, f"{PREFIX}{filled(path)}", headers=headers).status_code == 403, path


def test_a_new_route_is_closed_by_itself():
    assert not rights.is_open("/something-new")
    assert not rights.REVIEWERS_CHANGE.fullmatch("/something-new")
