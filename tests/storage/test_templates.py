"""Templates in the store: versions count up, whoever writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from seedbed.storage.sql import SqlStore

from .homes import Home


def test_versions_count_up_and_are_kept(store: SqlStore) -> None:
    assert store.templates() == []
    assert [store.put_template("a", {"prompt": str(i)}).version for i in range(3)] == [1, 2, 3]
    assert store.put_template("b", {"prompt": "é", "values": {"x": {"y": 1.5}}}).version == 1
    assert [(one.name, one.version) for one in store.templates()] == [("a", 3), ("a", 2), ("a", 1), ("b", 1)]
    [found] = store.templates("b")
    assert found.document == {"prompt": "é", "values": {"x": {"y": 1.5}}}
    assert found.created
    assert store.remove_template("a")
    assert not store.remove_template("a")
    assert store.put_template("a", {"prompt": "new"}).version == 1


def test_two_who_save_at_once_save_two_versions(home: Home) -> None:
    stores = [home.open() for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda i: stores[i % 2].put_template("a", {"prompt": str(i)}).version, range(20)))
    assert sorted(made) == list(range(1, 21))
