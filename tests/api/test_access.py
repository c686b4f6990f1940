"""Who is let in, how, and what a browser may be made to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from api.reviewed import reviewed
from seedbed.api.application import PREFIX, create_app
from seedbed.api.desk import ServeSettings
from seedbed.app.serve import sessions, tokens, users
from seedbed.app.serve.clock import from_now, now
from seedbed.app.workspace import Workspace
from seedbed.core.errors import InputError, SeedbedError
from seedbed.core.serving import StoredProject, StoredSession, StoredUser
from seedbed.core.serving.jobs import Job, StoredReport, WantedJobs

BASE = f"http://127.0.0.1{PREFIX}/"
PASSWORD = "correct horse battery"


def test_the_person_at_this_machine_is_its_owner_without_a_login(api: TestClient):
    found = api.get("session").json()
    assert (found["user"], found["local"], found["login"]) == ({"name": "you", "owner": True}, True, False)
    assert found["roles"] == {"default": "owner"}


def test_elsewhere_nobody_is_known_before_a_login(outside: TestClient):
    assert outside.get("session").json() == {"user": None, "local": False, "csrf": "", "roles": {}, "login": True}
    refused = outside.get("projects")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["hint"]


@pytest.mark.parametrize("path", ["health", "version", "session", "openapi.json", "docs", "docs.js", "docs.css"])
def test_what_the_login_page_needs_is_open(outside: TestClient, path: str):
    assert outside.get(path).status_code == 200


def test_a_login_makes_a_session_whose_changes_want_its_token(outside: TestClient, workspace: Workspace):
    users.add(workspace.store, "ann", PASSWORD)
    wrong = outside.post("session", json={"name": "ann", "password": "wrong"})
    assert (wrong.status_code, wrong.json()["detail"]) == (401, "Name and password do not belong together.")

    made = outside.post("session", json={"name": "ann", "password": PASSWORD})
    cookie = made.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie  # this was no https
    csrf = made.json()["csrf"]
    assert made.json()["user"] == {"name": "ann", "owner": True}
    assert outside.get("session").json()["csrf"] == csrf

    assert outside.post("projects", json={"title": "Hotel"}).status_code == 403
    assert outside.post("projects", json={"title": "Hotel"}, headers={"X-CSRF-Token": csrf + "x"}).status_code == 403
    assert outside.post("projects", json={"title": "Hotel"}, headers={"X-CSRF-Token": csrf}).status_code == 201

    stored = workspace.store.serving
    kept = stored.session(tokens.digest(outside.cookies["seedbed_session"]))
    assert kept is not None
    stored.put_session(replace(kept, seen=from_now(-13)))
    assert outside.get("projects").status_code == 200
    stored.put_session(replace(kept, seen=from_now(-15)))
    assert outside.get("projects").status_code == 401
    stored.put_session(kept)

    assert outside.delete("session", headers={"X-CSRF-Token": csrf}).json()["login"]
    assert outside.get("projects").status_code == 401
    assert {one.action for one in stored.deeds()} == {"login", "login failed", "project added"}


def test_a_cookie_of_https_is_secure(workspace: Workspace):
    users.add(workspace.store, "ann", PASSWORD)
    app = create_app(workspace, ServeSettings("0.0.0.0"))
    with TestClient(app, base_url=BASE.replace("http:", "https:")) as client:
        made = client.post("session", json={"name": "ann", "password": PASSWORD})
    assert "secure" in made.headers["set-cookie"].lower()


def test_a_new_password_ends_all_sessions_and_anyone_may_change_their_own(workspace: Workspace, outside: TestClient):
    users.add(workspace.store, "ann", PASSWORD)
    workspace.store.serving.put_user(StoredUser("bob", workspace.store.serving.users()[0].password))
    csrf = outside.post("session", json={"name": "bob", "password": PASSWORD}).json()["csrf"]
    version = outside.get("users/bob").headers["ETag"]
    headers = {"X-CSRF-Token": csrf, "If-Match": version}
    assert outside.get("users/ann").status_code == 404
    assert outside.patch("users/ann", json={"password": "another long one"}, headers=headers).status_code == 403
    assert outside.patch("users/bob", json={"owner": True}, headers=headers).status_code == 403
    assert outside.patch("users/bob", json={"password": "short"}, headers=headers).json()["field"] == "password"
    assert outside.patch("users/bob", json={"password": "another long one"}, headers=headers).status_code == 200
    assert outside.get("projects").status_code == 401


class Hours:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_whoever_guesses_waits_ever_longer_by_name_and_by_address(workspace: Workspace):
    clock = Hours()
    door, store = sessions.Door(clock), workspace.store

    def tries(name: str, address: str = "10.0.0.1") -> type[SeedbedError]:
        with pytest.raises(SeedbedError) as error:
            door.log_in(store, name, "wrong", address)
        return type(error.value)

    assert [tries("ann") for _ in range(6)] == [sessions.Unknown] * 5 + [sessions.TooOften]
    assert tries("ANN", "10.0.0.2") is sessions.TooOften, "the name waits, wherever it comes from"
    assert tries("bob") is sessions.TooOften, "the address waits, whatever name it gives"
    assert tries("bob", "10.0.0.3") is sessions.Unknown
    clock.now = 1.5
    assert tries("ann") is sessions.Unknown
    clock.now = 3.0
    with pytest.raises(sessions.TooOften) as error:
        door.log_in(store, "ann", "wrong", "10.0.0.1")
    assert error.value.seconds >= 1


def test_nobody_is_kept_out_by_somebody_who_tries_their_name_elsewhere(workspace: Workspace):
    door, store = sessions.Door(Hours()), workspace.store
    users.add(store, "ann", PASSWORD)
    door.log_in(store, "ann", PASSWORD, "10.0.0.1")

    def tries(password: str, address: str) -> str:
        try:
            return door.log_in(store, "ann", password, address)[0].user
        except SeedbedError as error:
            return type(error).__name__

    assert [tries("wrong", "10.0.0.2") for _ in range(6)] == ["Unknown"] * 5 + ["TooOften"]
    assert tries(PASSWORD, "10.0.0.3") == "TooOften", "where she never was she waits"
    assert tries(PASSWORD, "10.0.0.1") == "ann", "where she was before she does not"
    assert [tries("wrong", "10.0.0.1") for _ in range(6)] == ["Unknown"] * 5 + ["TooOften"], "but is counted, too"


def test_too_many_tries_answer_when_to_come_again(outside: TestClient):
    desk = outside.app.state.desk  # type: ignore[attr-defined]
    desk.door._tries[("name", "ann")] = (9, desk.door._clock() + 60)
    refused = outside.post("session", json={"name": "ann", "password": "wrong"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 59


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[2001:db8::1]:80", ""])
def test_a_page_that_got_here_by_a_name_of_its_own_learns_nothing(api: TestClient, host: str):
    assert api.get("projects", headers={"Host": host}).status_code == 403
    assert api.get("session", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8400", "127.0.0.1:1", "[::1]:8400", "studio.localhost"])
def test_this_machine_has_several_names(api: TestClient, host: str):
    assert api.get("projects", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1"}, 201),
        ({}, 201),
    ],
)
def test_a_page_of_somebody_else_changes_nothing(api: TestClient, headers: dict[str, str], status: int):
    assert api.post("projects", json={"title": "Hotel"}, headers=headers).status_code == status


def test_what_came_through_a_proxy_is_not_from_the_person_at_this_machine(api: TestClient):
    assert api.get("projects", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 401


def test_a_login_can_be_asked_for_at_this_machine_too(workspace: Workspace):
    with TestClient(create_app(workspace, ServeSettings(login=True)), base_url=BASE) as client:
        assert client.get("projects").status_code == 401


def test_a_token_does_what_it_is_for_and_no_more(
    outside: TestClient, tokened: Callable[..., TestClient], person: Callable[..., str], workspace: Workspace
):
    person("ann", owner=True)
    assert tokened("own", "ann").post("users", json={"name": "bob", "password": PASSWORD}).status_code == 201
    edit, read = tokened("edit", "ann"), tokened("read", "ann")
    assert edit.get("users").status_code == 403
    assert edit.post("tokens", json={"name": "more", "scope": "own"}).status_code == 403
    assert edit.post("templates", json={"name": "t", "document": {"prompt": "A riddle."}}).status_code == 201
    assert read.get("templates/t").status_code == 200
    assert read.delete("templates/t", headers={"If-Match": "*"}).status_code == 403

    workspace.store.serving.add_project(StoredProject("hotel", "Hotel"))
    hotel = tokened("own", "ann", project="hotel")
    assert [one["id"] for one in hotel.get("projects").json()["items"]] == ["hotel"]
    assert hotel.get("templates/t").status_code == 404

    users.remove(workspace.store, "bob")
    assert outside.get("projects", headers={"Authorization": "Bearer sb_none"}).status_code == 401
    assert outside.get("projects", headers={"Authorization": "Basic YTpi"}).status_code == 401


@pytest.mark.both_stores
def test_a_token_is_shown_once_and_good_until_it_is_revoked_or_over(outside: TestClient, workspace: Workspace):
    _, secret = tokens.add(workspace.store, "mine", "own")
    headers = {"Authorization": f"Bearer {secret}"}
    made = outside.post("tokens", json={"name": "ci", "scope": "read", "days": 3}, headers=headers).json()
    assert made["token"].startswith("sb_")
    assert made["last4"] == made["token"][-4:]
    listed = outside.get("tokens", headers=headers)
    assert made["token"] not in listed.text
    assert secret not in listed.text
    other = {"Authorization": f"Bearer {made['token']}"}
    assert outside.get("projects", headers=other).status_code == 200

    stored = workspace.store.serving.token(tokens.digest(made["token"]))
    assert stored is not None
    assert stored.used
    workspace.store.serving.remove_token(stored.id)
    workspace.store.serving.put_token(replace(stored, expires=from_now(-0.01)))
    assert outside.get("projects", headers=other).status_code == 401
    workspace.store.serving.remove_token(stored.id)
    workspace.store.serving.put_token(stored)
    assert outside.delete(f"tokens/{stored.id}", headers=headers).status_code == 204
    assert outside.get("projects", headers=other).status_code == 401


def test_the_last_owner_stays_while_there_are_others(workspace: Workspace, person: Callable[..., str]):
    person("ann", owner=True)
    person("bob")
    for act in (
        lambda: users.remove(workspace.store, "ann"),
        lambda: users.change(workspace.store, "ann", owner=False),
    ):
        with pytest.raises(InputError, match="last owner"):
            act()
    users.change(workspace.store, "bob", owner=True)
    users.remove(workspace.store, "ann")
    assert [one.name for one in workspace.store.serving.users()] == ["bob"]


def test_every_answer_protects_the_browser(api: TestClient):
    for path in ("/", "/api/v1/health", "/api/v1/nothing"):
        headers = api.get(f"http://127.0.0.1{path}").headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers
    assert api.get("health").headers["cache-control"] == "no-store"


def test_a_body_is_refused_once_it_is_too_large(api: TestClient):
    large = b'{"title": "' + b"a" * 1_000_000 + b'"}'
    json = {"Content-Type": "application/json"}
    assert api.post("projects", content=large, headers=json).status_code == 413
    pieces = (large[i : i + 100_000] for i in range(0, len(large), 100_000))
    came = api.post("projects", content=pieces, headers=json)
    assert (came.status_code, came.headers["content-type"]) == (413, "application/problem+json")


def test_settings_and_the_audit_log_are_for_owners_of_the_workspace(
    tokened: Callable[..., TestClient], person: Callable[..., str]
):
    editor, owner = tokened("own", person("ed", default="owner")), tokened("own", person("ann", owner=True))
    assert (editor.get("settings").status_code, editor.get("audit").status_code) == (403, 403)
    assert editor.patch("settings", json={"private_addresses": True}).status_code == 403
    changed = owner.patch("settings", json={"private_addresses": True, "retention_days": 30}, headers={"If-Match": "*"})
    assert (changed.json()["private_addresses"], changed.json()["retention_days"]) == (True, 30)
    first = owner.get("audit", params={"limit": 1}).json()
    second = owner.get("audit", params={"limit": 1, "cursor": first["next"]}).json()
    assert [one["items"][0]["target"] for one in (first, second)] == ["retention_days", "private_addresses"]
    assert second["next"] is None
    assert owner.patch("settings", json={"colour": "red"}).status_code == 422


@pytest.mark.both_stores
def test_traces_of_work_are_kept_for_so_many_days_and_what_was_made_for_good(api: TestClient, workspace: Workspace):
    store = workspace.store
    reviewed(workspace)
    old, done, waiting, latest = (store.jobs.add(Job("", "report", "replies", "default", {})).id for _ in range(4))
    for job in (old, done, latest):
        assert store.jobs.cancel(job)
    store.quality.put_report(StoredReport("report-1", "replies", "default", {}, [], "<p>"))
    for name, seen in (("gone", "2020-01-01T00:00:00+00:00"), ("here", now())):
        store.serving.put_session(StoredSession(name, "ann", "csrf", seen, seen))
    with store._engine.begin() as connection:  # type: ignore[attr-defined] # so that time has passed
        connection.exec_driver_sql("UPDATE jobs SET updated = '2020-01-01T00:00:00.000+00:00' WHERE number != 2")
        connection.exec_driver_sql("UPDATE audit SET at = '2020-01-01T00:00:00+00:00'")
    assert api.patch("settings", json={"retention_days": 30}, headers={"If-Match": "*"}).status_code == 200
    assert [one.id for one in store.jobs.jobs(WantedJobs(), 10)] == [latest, waiting, done]
    assert [store.serving.session(name) is None for name in ("gone", "here")] == [True, False]
    assert [one["target"] for one in api.get("audit").json()["items"]] == ["retention_days"]
    assert api.get("datasets/replies").json()["records"] == 6
    assert api.get("reports/report-1").status_code == 200
