"""A workspace is saved while it is written, and comes back whole or not at all."""

from __future__ import annotations

import gzip
import io
import sqlite3
import stat
import tarfile
import time
from pathlib import Path

import orjson
import pytest

from conftest import Shell
from seedbed.app.workspace import Workspace
from seedbed.core.serving import StoredSession, StoredUser
from seedbed.core.stored import StoredConnection, StoredRun
from seedbed.storage.copies import SCHEMA
from seedbed.testing.server import Settings, running_server

SECRET = "sk-planted-0123456789"


@pytest.fixture
def saved(shell: Shell) -> Path:
    """A backup of a workspace with a key, a login, and files beside the store."""
    folder = shell.folder / ".seedbed"
    with Workspace(folder) as place:
        key = place.keys.encrypt(SECRET)
        place.store.put_connection(StoredConnection("far", {"provider": "openai"}, key))
        place.store.serving.put_user(StoredUser("ann", "none", True))
        place.store.serving.put_session(StoredSession("hash", "ann", "csrf", "2026-01-01", "2026-01-01"))
        (place.subfolder("files") / "rows.csv").write_text("text\na\n")
        (place.subfolder("passing") / "under-way").write_text("half")
        run = StoredRun("", "notes", "paused", {}, {}, "", ["text"], 0, folder=str(folder / "files"))
        place.store.create_run(run)
        place.store.create_run(StoredRun("", "notes", "paused", {}, {}, "", ["text"], 0, folder=f"{folder}-other"))
    assert shell("backup", "saved.tar.gz").code == 0
    return shell.folder / "saved.tar.gz"


def unpacked(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


def listed(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def packed(file: Path, entries: dict[str, bytes]) -> None:
    with tarfile.open(file, "w:gz") as tar:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


def test_a_run_that_was_saved_midway_goes_on_to_exact_quotas_where_it_is_brought_back(shell, recipe_on):
    with running_server(Settings(latency=0.4)) as server:
        recipe = shell.recipe(recipe_on(server.url, 400, concurrency=8))
        with shell.start("generate", recipe, "-o", "out.csv", "--json") as process:
            while server.stats()["answered"] < 40:
                assert process.poll() is None
                time.sleep(0.02)
            made = shell("backup", "saved.tar.gz", "--json")
            assert process.poll() is None, "it was made meanwhile"
            assert made.code == 0, made.err
            server.change(latency=0)
            process.communicate(timeout=60)
        assert process.returncode == 0, "the run did not mind"
        (shell.folder / "out.csv").unlink()
        before = server.stats()["requests"]
        back = shell("restore", "saved.tar.gz", "--workspace", "back", "--json")
        assert back.code == 0, back.err
        assert 0 < back.json["counts"]["records"] < 400
        ended = shell("runs", "resume", "replies-1", "--workspace", "back", "--json")
        again = server.stats()["requests"] - before
    assert (ended.code, ended.json["accepted"]) == (0, 400), ended.err
    assert all(cell["wanted"] == cell["accepted"] for cell in ended.json["cells"])
    assert again <= ended.json["calls"] - back.json["counts"]["calls"], "no answer that was saved is paid for twice"


def test_all_comes_back_but_the_key_and_what_is_under_way(shell: Shell, saved: Path):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert set(unpacked(saved)) == {"backup.json", "seedbed.db", "files/rows.csv", "hashes.json"}
    assert SECRET.encode() not in b"".join(unpacked(saved).values())
    back = shell("restore", "saved.tar.gz", "--workspace", "elsewhere/back")
    assert back.code == 0, back.err
    assert "need" in back.err
    assert "secret.key" in back.err
    folder = shell.folder / "elsewhere" / "back"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with Workspace(folder) as place:
        assert place.store.serving.user("ann") is not None
        assert place.store.serving.session("hash") is None, "who was logged in logs in again"
        assert (folder / "files" / "rows.csv").read_text() == "text\na\n"
        folders = {run.id: run.folder for run in place.store.runs()}
        assert folders == {"notes-1": str(folder / "files"), "notes-2": f"{shell.folder / '.seedbed'}-other"}


def test_with_its_key_the_saved_api_keys_can_be_used(shell: Shell, saved: Path):
    assert shell("backup", "saved.tar.gz", "--with-key").code == 2, "a file that exists stays"
    assert shell("backup", "saved.tar.gz", "--with-key", "--force").code == 0
    assert shell("restore", "saved.tar.gz", "--workspace", "back").code == 0
    with Workspace(shell.folder / "back") as place:
        (kept,) = place.store.connections()
        assert kept.key
        assert place.keys.decrypt(kept.key) == SECRET


def test_what_is_there_is_not_overwritten_but_put_aside(shell: Shell, saved: Path):
    refused = shell("restore", "saved.tar.gz")
    assert (refused.code, "is not empty" in refused.err) == (2, True)
    with Workspace(shell.folder / ".seedbed") as place:
        assert place.store.runs()
        refused = shell("restore", "saved.tar.gz", "--force")
        assert (refused.code, "in use" in refused.err) == (2, True)
    back = shell("restore", "saved.tar.gz", "--force", "--json")
    assert back.code == 0, back.err
    assert (Path(back.json["before"]) / "secret.key").exists()
    assert shell("runs", "list", "--json").json["runs"]


def changed(entries: dict[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    return {**entries, name: content}


def test_a_file_that_is_not_whole_leaves_nothing_behind(shell: Shell, saved: Path):
    entries = unpacked(saved)
    broken = {
        "cut": saved.read_bytes()[:-2000],
        # in the sum: elsewhere a flipped bit may say the same (a repetition, counted from another place)
        "flipped": bytes(byte ^ (at == saved.stat().st_size - 8) for at, byte in enumerate(saved.read_bytes())),
        "no gzip": b"not a backup",
        "empty": b"",
        "no tar": gzip.compress(b"not a backup" * 100),
    }
    for name, content in broken.items():
        file = shell.folder / name
        file.write_bytes(content)
    others = {
        "changed": changed(entries, "files/rows.csv", b"text\nb\n"),
        "one missing": {name: content for name, content in entries.items() if name != "files/rows.csv"},
        "no hashes": {name: content for name, content in entries.items() if name != "hashes.json"},
        "outside": changed(entries, "../outside", b"x"),
        "absolute": changed(entries, f"{shell.folder}/outside", b"x"),
        "other head": changed(entries, "backup.json", b"[]"),
        "other counts": changed(
            entries, "backup.json", orjson.dumps({**orjson.loads(entries["backup.json"]), "counts": {"runs": 9}})
        ),
    }
    for name, given in others.items():
        packed(shell.folder / name, given)
    before = listed(shell.folder)
    for name in (*broken, *others):
        refused = shell("restore", name, "--workspace", "back")
        assert refused.code == 2, name
        assert "is no backup" in refused.err or "is not whole" in refused.err, (name, refused.err)
    assert shell("restore", "missing.tar.gz", "--workspace", "back").code == 2
    assert listed(shell.folder) == before


def test_a_backup_of_a_newer_seedbed_is_refused_in_one_sentence(shell: Shell, saved: Path):
    entries = unpacked(saved)
    head = {**orjson.loads(entries["backup.json"]), "schema": SCHEMA + 1, "seedbed": "9.9"}
    packed(saved, changed(entries, "backup.json", orjson.dumps(head)))
    refused = shell("restore", "saved.tar.gz", "--workspace", "back")
    assert refused.code == 2
    assert "made by a newer Seedbed (9.9)" in refused.err.splitlines()[0]


def test_what_was_removed_is_not_in_a_backup(shell: Shell):
    with Workspace(shell.folder / ".seedbed") as place:
        place.store.put_template("letter", {"prompt": "planted words"})
        place.store.remove_template("letter")
    assert shell("backup", "saved.tar.gz").code == 0
    assert b"planted words" not in unpacked(shell.folder / "saved.tar.gz")["seedbed.db"]


def test_what_cannot_be_saved_is_told_in_a_sentence(shell: Shell):
    assert "There is no workspace" in shell("backup", "saved.tar.gz").err
    with Workspace(shell.folder / ".seedbed") as place:
        assert place.store.runs() == []
    assert "lies in the workspace" in shell("backup", ".seedbed/saved.tar.gz").err
    nowhere = shell("backup", "no/such/folder/saved.tar.gz")
    assert (nowhere.code, "cannot be written" in nowhere.err) == (2, True)
    with sqlite3.connect(shell.folder / ".seedbed" / "seedbed.db") as database:
        database.execute("DROP TABLE schema_version")
    odd = shell("backup", "saved.tar.gz")
    assert (odd.code, "cannot be used" in odd.err) == (2, True)
    assert listed(shell.folder) == {".seedbed"}
