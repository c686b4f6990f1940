"""A workspace whose records are in PostgreSQL: every command works as with a file, also when processes are killed."""

from __future__ import annotations

import json
import time

import psutil
import pytest

from conftest import Shell
from postgres import Server
from seedbed.testing.server import Settings, running_server


@pytest.fixture
def shell(shell: Shell, database: str) -> Shell:
    shell.environment["SEEDBED_DATABASE_URL"] = database
    return shell


def test_kill_nine_loses_and_doubles_nothing(shell: Shell, recipe_on, postgres: Server, database: str) -> None:
    concurrency, kills = 8, 0
    with running_server(Settings(latency=0.1)) as server:
        recipe = shell.recipe(recipe_on(server.url, 240, concurrency=concurrency))
        for _ in range(2):
            before = server.stats()["answered"]
            process = shell.start("generate", recipe, "-o", "out.csv", "--json")
            while server.stats()["answered"] < before + 30 and process.poll() is None:
                time.sleep(0.02)
            kills += process.poll() is None
            process.kill()
            process.communicate()
        shown = shell("runs", "show", "replies-1", "--json")
        ended = shell("generate", recipe, "-o", "out.csv", "--json")
        stats = server.stats()
    assert kills == 2
    assert shown.json["state"] == "interrupted", "who was killed at this machine is not waited for"
    assert ended.code == 0, ended.err
    assert (ended.json["run"], ended.json["accepted"]) == ("replies-1", 240)
    assert len({row["text"] for row in shell.rows("out.csv")}) == 240
    assert stats["answered"] - ended.json["calls"] <= 2 * concurrency * kills
    accepted = "SELECT count(*), count(DISTINCT (attempt, slot)) FROM records WHERE state = 'accepted'"
    assert postgres.run(accepted, database) == [(240, 240)]
    exported = shell("export", "replies-1", "-o", "again.csv", "--where", "label=polite")
    assert exported.code == 0, exported.err
    assert {row["label"] for row in shell.rows("again.csv")} == {"polite"}
    assert not list(shell.folder.rglob("seedbed.db"))


def test_two_processes_write_two_runs_into_one_database_at_once(shell: Shell, recipe_on) -> None:
    with running_server(Settings(latency=0.02)) as server:
        recipes = [shell.recipe(recipe_on(server.url, 150) | {"name": name}, f"{name}.yaml") for name in ("a", "b")]
        processes = [shell.start("generate", recipe, "--json") for recipe in recipes]
        ended = [process.communicate(timeout=100) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], ended
    assert [json.loads(out)["accepted"] for out, _ in ended] == [150, 150]
    listed = shell("runs", "list", "--json").json["runs"]
    assert sorted(run["run"] for run in listed) == ["a-1", "b-1"]


def test_two_processes_cannot_drive_one_run(shell: Shell, recipe_on) -> None:
    with running_server(Settings(latency=0.2)) as server:
        recipe = shell.recipe(recipe_on(server.url, 400, concurrency=4))
        first = shell.start("generate", recipe)
        while server.stats()["answered"] < 4:
            time.sleep(0.05)
        second = shell("generate", recipe)
        first.kill()
        first.communicate()
    assert second.code == 2
    assert "driven by another process" in second.err


@pytest.mark.parametrize(
    ("address", "words", "hint"),
    [
        ("postgresql://me:s3cret@127.0.0.1:1/x", "postgresql://me@127.0.0.1:1/x cannot be used", "server runs"),
        ("postgresql://me:s3cret@/?{host}", "is none of PostgreSQL", "postgresql://USER:PASSWORD@HOST:5432/DATABASE"),
        ("postgresql://postgres:s3cret@/not_there?{host}", 'database "not_there" does not exist', "createdb"),
        ("postgresql://nobody:s3cret@/postgres?{host}", 'role "nobody" does not exist', "Check the user"),
        ("mysql://me:s3cret@host/x", "names no database of Seedbed", "postgresql://"),
        ("s3cret", "names no database of Seedbed", "postgresql://"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    shell: Shell, postgres: Server, address: str, words: str, hint: str
) -> None:
    host = postgres.address.partition("?")[2]
    shell.environment["SEEDBED_DATABASE_URL"] = address.replace("{host}", host)
    refused = shell("runs", "list")
    assert (refused.code, refused.out) == (2, "")
    first, second = refused.err.splitlines()
    assert words in first
    assert hint in second
    assert "s3cret" not in refused.err


def test_a_wrong_password_is_told_in_a_sentence(shell: Shell, guarded: str) -> None:
    shell.environment["SEEDBED_DATABASE_URL"] = guarded.replace("right", "wr0ng")
    refused = shell("runs", "list")
    assert refused.code == 2
    assert 'password authentication failed for user "ann"' in refused.err
    assert "Check the user and the password" in refused.err
    assert "wr0ng" not in refused.err
    shell.environment["SEEDBED_DATABASE_URL"] = guarded
    assert shell("runs", "list").code == 0


def test_a_password_is_in_no_command_line_of_the_processes_of_a_server(shell: Shell, guarded: str) -> None:
    del shell.environment["SEEDBED_DATABASE_URL"]
    with shell.start("serve", "--port", "0", "--database-url", guarded) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("Seedbed is at ")
        deadline = time.monotonic() + 60
        while len(children := psutil.Process(process.pid).children(recursive=True)) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        lines = [" ".join(one.cmdline()) for one in children]
        process.kill()
    assert all(module in str(lines) for module in ("seedbed.api.reader", "seedbed.app.serve.driver")), lines
    assert not [line for line in lines if "right" in line or "postgresql:" in line]


def test_the_password_may_be_in_the_file_that_other_programs_of_postgres_read(shell: Shell, guarded: str) -> None:
    shell.environment["SEEDBED_DATABASE_URL"] = guarded.replace(":right", "")
    assert shell.process("runs", "list").code == 2
    passwords = shell.folder / "passwords"
    passwords.write_text("*:*:*:ann:right\n")
    passwords.chmod(0o600)
    assert shell.process("runs", "list", PGPASSFILE=str(passwords)).code == 0


def test_a_backup_is_left_to_the_database(shell: Shell) -> None:
    for command in (("backup", "saved.tar.gz"), ("restore", "saved.tar.gz")):
        refused = shell(*command)
        assert refused.code == 2
        assert "pg_dump" in refused.err
        assert "secret.key" in refused.err
