"""A workspace's records go from a file into a PostgreSQL database and back: all of them, or none."""

from __future__ import annotations

import time
from pathlib import Path
from shutil import copy2
from typing import Any

from starlette.testclient import TestClient

from conftest import Shell
from postgres import Server
from seedbed.api.application import PREFIX, create_app
from seedbed.app.data.importing import import_records
from seedbed.app.workspace import Workspace
from seedbed.core.record import Record, Span
from seedbed.core.review.entry import Wanted
from seedbed.core.serving import StoredUser
from seedbed.core.stored import StoredConnection
from seedbed.testing.server import Settings, running_server

LONG = "".join(f"{number:x}" for number in range(100_000, 101_000))
"""A name that no index of PostgreSQL takes whole."""

READ = (
    *("runs", "datasets", "users", "projects", "connections", "templates", "recipes", "audit"),
    *("runs/replies-1", "runs/replies-1/recipe", "datasets/notes", "datasets/notes/review", "datasets/notes/versions"),
    *("records?dataset=notes", "records?dataset=notes&decision=approved", "records?dataset=notes&q=parc&sort=last"),
    *("records?dataset=notes&span=PER", "records?dataset=notes&doubted=true", "runs/replies-1/records", "jobs"),
    *("spans?dataset=notes", "tags?dataset=notes", "views?dataset=notes", "search?q=parcel"),
    *(
        "annotation-tasks?dataset=notes",
        "annotation-tasks/counts?dataset=notes",
        "records/notes-1:0.0/history",
        "records/notes-1:0.0",
        "templates/asking/versions",
    ),
)


def filled(place: Workspace) -> None:
    """Something in nearly every table, done by people over the API."""
    spans = (Span(0, 3, "PER"),)
    records = [Record({"text": f"Ann's parcel {number}", "label": "ab"[number % 2]}, spans) for number in range(7)]
    import_records(place, lambda: iter(records), "notes", Path())
    import_records(place, lambda: iter([Record({"text": "Odd."}, (Span(0, 3, LONG),))]), "odd", Path())
    place.store.put_connection(StoredConnection("far", {"provider": "openai"}, place.keys.encrypt("sk-1")))
    place.store.serving.put_user(StoredUser("ann", "none", True))
    place.store.put_template("asking", {"messages": []})
    with served(place) as api:
        names = [one["id"] for one in api.get("records?dataset=notes").json()["items"]]
        assert len(api.get("records?dataset=odd").json()["items"]) == 1
        any_one = {"If-Match": "*"}
        for name, change in (
            (names[0], {"decision": "approved", "note": "good"}),
            (names[0], {"values": {"text": "Bob's parcel \N{HOURGLASS}"}, "spans": [], "tags": ["seen"]}),
            (names[1], {"decision": "declined", "reason": "off topic"}),
            (names[2], {"decision": "approved"}),
        ):
            assert api.patch(f"records/{name}", json=change, headers=any_one).status_code == 200
        assert api.post("annotation-tasks", json={"dataset": "notes", "ids": [names[2]]}).status_code < 300
        assert api.post("datasets/notes/versions", json={"note": "first"}).status_code == 201
        assert api.post("views", json={"dataset": "notes", "name": "mine", "where": {"label": "a"}}).status_code == 201
        assert api.post("projects", json={"title": "Hotel"}).status_code == 201


def served(place: Workspace) -> TestClient:
    return TestClient(create_app(place), base_url=f"http://127.0.0.1{PREFIX}/")


def told(place: Workspace) -> dict[str, Any]:
    """What the API answers."""
    with served(place) as api:
        found = {path: api.get(path) for path in READ}
    assert {path: one.status_code for path, one in found.items() if one.status_code != 200} == {}
    return {path: one.json() for path, one in found.items()}


def killed(shell: Shell, server: Any, recipe: str) -> None:
    """A run that is begun and not finished."""
    with shell.start("generate", recipe) as process:
        while server.stats()["answered"] < 40:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.communicate()


def test_all_is_the_same_after_it_and_a_run_goes_on_there(shell: Shell, postgres: Server, recipe_on) -> None:
    address, folder = postgres.empty(), shell.folder / ".seedbed"
    secret = address.replace("postgres:@", "postgres:s3cret@")
    with running_server(Settings(latency=0.3)) as server:
        killed(shell, server, shell.recipe(recipe_on(server.url, 200, concurrency=8)))
        server.change(latency=0)
        with Workspace(folder) as place:
            filled(place)
            before = told(place)
        moved = shell("workspace", "copy", "--to", secret, "--json")
        assert moved.code == 0, moved.err
        assert "s3cret" not in moved.out + moved.err
        assert moved.json["counts"]["entries"] == 8
        assert moved.json["counts"]["records"] > 7
        with Workspace(folder, address) as place:
            assert told(place) == before
        shell.environment["SEEDBED_DATABASE_URL"] = address
        asked = server.stats()["requests"]
        ended = shell("runs", "resume", "replies-1", "--json")
        assert (ended.code, ended.json["accepted"]) == (0, 200), ended.err
        asked = server.stats()["requests"] - asked
        assert asked <= ended.json["calls"] - moved.json["counts"]["calls"], "no answer is paid for twice"
        with Workspace(folder, address) as place, served(place) as api:
            import_records(place, lambda: iter([Record({"text": "One more parcel."})]), "notes", Path())
            assert len(api.get("records?dataset=notes").json()["items"]) == 8
        with Workspace(folder, address) as place:
            after = told(place)
    back = shell("workspace", "copy", "--to", f"sqlite:///{shell.folder}/back/seedbed.db")
    assert back.code == 0, back.err
    assert "secret.key" in back.err
    copy2(folder / "secret.key", shell.folder / "back")
    with Workspace(shell.folder / "back") as place:
        assert told(place) == after
        assert place.store.reviews.tallies("odd").spans == {LONG: 1}
        assert place.store.reviews.count(Wanted("odd", span=LONG)) == 1
    postgres.drop(address)


def test_what_is_in_use_or_not_empty_or_the_same_is_refused(shell: Shell, database: str, postgres: Server) -> None:
    with Workspace(shell.folder / ".seedbed") as place:
        place.store.serving.put_user(StoredUser("ann", "none", True))
        refused = shell("workspace", "copy", "--to", database)
        assert (refused.code, "is in use" in refused.err) == (2, True), refused.err
    with Workspace(shell.folder / "other", database) as place:
        place.store.serving.put_user(StoredUser("bob", "none", True))
        shell.environment["SEEDBED_DATABASE_URL"] = database
        refused = shell("workspace", "copy", "--to", "sqlite:////none/seedbed.db")
        del shell.environment["SEEDBED_DATABASE_URL"]
        assert (refused.code, "is in use" in refused.err) == (2, True), refused.err
    for to, words in (
        (database, "is not empty: it has rows in users"),
        (f"sqlite:///{shell.folder}/.seedbed/seedbed.db", "is where the records are"),
        ("mysql://me:s3cret@host/x", "names no database of Seedbed"),
        ("postgresql://me:s3cret@127.0.0.1:1/x", "postgresql://me@127.0.0.1:1/x cannot be used"),
    ):
        refused = shell("workspace", "copy", "--to", to)
        assert (refused.code, refused.out, words in refused.err) == (2, "", True), refused.err
        assert len(refused.err.splitlines()) == 2
        assert "s3cret" not in refused.err
    assert shell("workspace", "copy", "--to", database, "--workspace", "none").code == 2
    empty = postgres.new()
    shell.environment["SEEDBED_DATABASE_URL"] = empty
    refused = shell("workspace", "copy", "--to", f"{empty}&connect_timeout=9")
    assert (refused.code, "There is nothing in postgresql" in refused.err) == (2, True), refused.err
    postgres.drop(empty)
    assert postgres.run("SELECT name FROM users", database) == [("bob",)]


def test_of_what_fails_in_the_middle_nothing_is_there(shell: Shell, database: str, postgres: Server) -> None:
    with Workspace(shell.folder / ".seedbed") as place:
        filled(place)
    postgres.run("ALTER TABLE verdicts ADD COLUMN missing TEXT NOT NULL", database)
    postgres.run("ALTER TABLE versions ADD COLUMN missing TEXT NOT NULL", database)
    failed = shell("workspace", "copy", "--to", database)
    assert (failed.code, len(failed.err.splitlines())) == (1, 2), failed.err
    for table, rows in (("records", 0), ("users", 0), ("projects", 1)):
        assert postgres.run(f"SELECT count(*) FROM {table}", database) == [(rows,)]
