"""The store keeps people, projects and what belongs where, for the next process as well."""

from __future__ import annotations

import pytest

from seedbed.core.errors import Changed, NotFound, Taken
from seedbed.core.serving import DEFAULT, StoredProject, StoredSession, StoredToken, StoredUser
from seedbed.core.stored import StoredConnection
from seedbed.storage.sql import SqlStore


def test_a_new_store_has_one_project(store: SqlStore) -> None:
    assert [(one.id, one.title, one.version) for one in store.serving.projects()] == [(DEFAULT, "My project", 1)]


def test_who_is_removed_leaves_no_session_token_or_role_behind(store: SqlStore) -> None:
    serving = store.serving
    serving.put_user(StoredUser("ann", "hash", owner=True))
    serving.put_session(StoredSession("digest", "ann", "csrf", "2026-01-01", "2026-01-01"))
    serving.put_token(StoredToken("1", "ci", "digest", "abcd", "read", user="ann"))
    serving.put_member(DEFAULT, "ann", "editor")
    assert serving.roles("ann") == {DEFAULT: "editor"}
    assert serving.user("ann")
    assert serving.remove_user("ann")
    assert not serving.remove_user("ann")
    assert (serving.session("digest"), serving.token("digest"), serving.members(DEFAULT)) == (None, None, {})


def test_a_project_is_changed_only_as_it_was_looked_at(store: SqlStore) -> None:
    serving = store.serving
    serving.add_project(StoredProject("hotel", "Hotel"))
    with pytest.raises(Taken):
        serving.add_project(StoredProject("hotel", "Again"))
    assert serving.change_project("hotel", "Hotels", "All", 1).version == 2
    with pytest.raises(Changed) as changed:
        serving.change_project("hotel", "Other", "", 1)
    assert changed.value.version == 2
    with pytest.raises(NotFound):
        serving.change_project("none", "", "")


def test_a_project_that_is_removed_holds_nothing_any_more(store: SqlStore) -> None:
    serving = store.serving
    serving.add_project(StoredProject("hotel", "Hotel"))
    serving.place("dataset", "replies-1", ["hotel"])
    serving.place("connection", "server", ["hotel", DEFAULT])
    assert serving.places("connection") == {"server": (DEFAULT, "hotel")}
    serving.remove_project("hotel")
    assert serving.projects_of("dataset", "replies-1") == ()
    assert serving.projects_of("connection", "server") == (DEFAULT,)


def test_recipes_have_versions_and_names_of_their_own(store: SqlStore) -> None:
    serving = store.serving
    assert serving.put_recipe("replies", "name: replies", new=True).version == 1
    with pytest.raises(Taken):
        serving.put_recipe("replies", "", new=True)
    assert serving.put_recipe("replies", "name: replies2", 1).version == 2
    with pytest.raises(Changed):
        serving.put_recipe("replies", "", 1)
    with pytest.raises(Changed):
        serving.remove_recipe("replies", 1)
    serving.place("recipe", "replies", ["x"])
    assert serving.remove_recipe("replies", 2)
    assert (serving.recipe("replies"), serving.recipes(), serving.places("recipe")) == (None, [], {})


def test_settings_and_deeds_are_kept(store: SqlStore) -> None:
    serving = store.serving
    serving.set("retention_days", 30)
    serving.set("retention_days", None)
    assert serving.settings() == {"retention_days": None}
    for target in "abc":
        serving.note("ann", "project added", target)
    first, second = serving.deeds(limit=2)
    assert (first.target, second.target) == ("c", "b")
    assert [one.target for one in serving.deeds(before=second.number)] == ["a"]
    serving.forget_deeds("9999")
    assert serving.deeds() == []


def test_connections_and_templates_know_which_version_was_looked_at(store: SqlStore) -> None:
    first = store.put_connection(StoredConnection("server", {"provider": "openai"}, None))
    assert store.put_connection(StoredConnection("server", {"provider": "azure"}, None), 1).version == 2
    assert store.connections()[0].created == first.created
    with pytest.raises(Changed):
        store.put_connection(StoredConnection("server", {}, None), 1)
    store.put_template("letter", {"prompt": "a"})
    with pytest.raises(Changed):
        store.put_template("letter", {"prompt": "b"}, 2)
    assert store.put_template("letter", {"prompt": "b"}, 1).version == 2
