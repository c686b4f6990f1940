"""`seedbed serve` as a process: it starts, tells where, refuses what is unsafe, and ends with streams open."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from conftest import Shell
from seedbed.api.studio import studio
from seedbed.app.workspace import Workspace

STREAMING = """\
import asyncio, sys
from starlette.responses import StreamingResponse
from seedbed.api.application import create_app
from seedbed.api.server import listen, run
from seedbed.app.workspace import Workspace

async def ticks():
    while True:
        yield "event: tick\\n\\n"
        await asyncio.sleep(0.05)

with Workspace(sys.argv[1]) as workspace:
    app = create_app(workspace)
    app.add_api_route("/api/v1/ticks", lambda: StreamingResponse(ticks(), media_type="text/event-stream"))
    app.router.routes.insert(0, app.router.routes.pop())
    with listen("127.0.0.1", 0) as line:
        run(app, line, lambda: print(line.getsockname()[1], flush=True))
print("ended")
"""


@pytest.fixture
def served(shell: Shell) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, and the address it told."""
    process = shell.start("serve", "--port", "0")
    assert process.stdout
    told = process.stdout.readline()
    assert told.startswith("Seedbed is at http://127.0.0.1:"), (told, process.stderr and process.stderr.read())
    yield process, told.split()[-1]
    process.kill()
    process.communicate()


def test_it_answers_where_it_said_and_ends_on_control_c(served: tuple[subprocess.Popen[str], str], shell: Shell):
    process, address = served
    with urlopen(f"{address}/api/v1/health") as answer:
        assert answer.status == 200
    with urlopen(address) as answer:
        assert b"<title>Seedbed" in answer.read()  # the studio, or how it is built
    foreign = Request(f"{address}/api/v1/projects", headers={"Host": "evil.example"})
    with pytest.raises(HTTPError) as refused:
        urlopen(foreign)
    refused.value.close()
    assert refused.value.code == 403

    again = shell("serve", "--port", address.rpartition(":")[2])
    assert (again.code, again.err.splitlines()[0]) == (2, f"Error: The port {address.rpartition(':')[2]} is taken.")

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "Stop it with Ctrl-C.\nStopped.\n")


def test_open_streams_of_events_end_with_the_server(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", STREAMING, str(tmp_path / "w")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert process.stdout
    with socket.create_connection(("127.0.0.1", int(process.stdout.readline()))) as line:
        line.sendall(b"GET /api/v1/ticks HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        came = b""
        while came.count(b"event: tick") < 3:
            came += line.recv(4096)
        process.send_signal(signal.SIGINT)
        while more := line.recv(4096):
            came += more
    out, err = process.communicate(timeout=60)
    assert came.endswith(b"0\r\n\r\n"), "the answer is ended, not cut"
    assert (process.returncode, out, err) == (0, "ended\n", "")


def test_it_is_served_to_others_only_once_somebody_can_log_in(shell: Shell):
    refused = shell("serve", "--host", "0.0.0.0")
    assert (refused.code, refused.err.splitlines()[0]) == (
        2,
        "Error: Seedbed is not served at 0.0.0.0 while nobody can log in.",
    )
    assert "users add NAME" in refused.err
    assert shell("serve", "--login").code == 2
    assert shell("serve", "--host", "no.such.host.invalid", "--port", "1").code == 2


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://me:s3cret@/", "The database's address postgresql://… is none of PostgreSQL."),
        ("sqlite:///other.db", "names no database of Seedbed"),
        ("mysql://host", "names no database of Seedbed"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(shell: Shell, url: str, words: str):
    refused = shell("serve", "--database-url", url)
    assert refused.code == 2
    assert words in refused.err
    assert "me@" not in refused.err


@pytest.mark.only_file
def test_a_workspace_that_cannot_be_opened_is_told_in_a_sentence(shell: Shell):
    (shell.folder / "file").write_text("")
    (shell.folder / "other").mkdir()
    (shell.folder / "other" / "seedbed.db").write_text("a diary, no database")
    for place in ("file/below", "other"):
        refused = shell("serve", "--port", "0", "--workspace", place)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err.startswith("Error: "), refused.err
        assert len(refused.err.splitlines()) == 2, refused.err


@pytest.mark.only_file
def test_a_disk_without_room_for_what_the_service_begins_with_is_told_in_a_sentence(shell: Shell):
    assert shell("tokens", "add", "any").code == 0
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (33_000, 33_000)); "
    begun = subprocess.run(
        [sys.executable, "-c", limited + "from seedbed.cli.main import run; run()", "serve", "--port", "0"],
        cwd=shell.folder, env=shell.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (begun.returncode, begun.stdout) == (1, ""), begun.stderr
    assert begun.stderr.startswith("Error: The store "), begun.stderr
    assert len(begun.stderr.splitlines()) == 2, begun.stderr


def test_what_is_not_there_is_told_with_what_there_is(shell: Shell):
    for words, hint in (
        ("users remove nobody", "There are none yet."),
        ("tokens remove none", "The list of tokens has their ids."),
        ("projects remove defualt", "Did you mean `default`?"),
        ("projects members other", "Known: default."),
    ):
        refused = shell(*words.split())
        assert (refused.code, refused.err.splitlines()[1:]) == (2, [hint])


def test_a_sqlite_address_names_the_workspace(shell: Shell, tmp_path: Path):
    (tmp_path / "other").mkdir()
    refused = shell("serve", "--login", "--database-url", f"sqlite:///{tmp_path}/other/seedbed.db")
    assert str(tmp_path / "other") in refused.err
    assert (tmp_path / "other" / "seedbed.db").exists()


def test_users_tokens_and_projects_are_kept_from_the_command_line(shell: Shell):
    assert shell("users", "add", "ann", stdin="correct horse battery\n").code == 0
    assert shell("users", "add", "bob", stdin="short\n").code == 2
    assert [one["owner"] for one in shell("users", "list", "--json").json["users"]] == [True]
    made = shell("tokens", "add", "ci", "--scope", "review", "--user", "ann", "--days", "7", "--json").json
    assert made["token"].startswith("sb_")
    listed = shell("tokens", "list", "--json")
    assert made["token"] not in listed.out
    assert "hash" not in listed.out
    assert shell("tokens", "add", "ci", "--scope", "all").code == 2
    assert shell("projects", "add", "Hotel desk").out == "hotel-desk\n"
    found = shell("projects", "members", "hotel-desk", "--set", "ann=editor", "--json").json
    assert found["members"] == [{"user": "ann", "role": "editor"}]
    assert shell("projects", "members", "hotel-desk", "--remove", "ann", "--json").json["members"] == []
    assert [one["id"] for one in shell("projects", "list", "--json").json["projects"]] == ["default", "hotel-desk"]
    assert shell("projects", "remove", "hotel-desk").code == 0
    assert shell("projects", "remove", "default").code == 2
    assert shell("tokens", "remove", made["id"]).code == 0
    assert shell("users", "remove", "ann").code == 0
    with Workspace(shell.folder / ".seedbed") as workspace:
        deeds = workspace.store.serving.deeds()
    assert {one.who for one in deeds} == {"command line"}
    assert [one.action for one in deeds][-3:] == ["project added", "token added", "user added"]
    assert shell("users", "list", "--json").json["users"] == []


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "studio"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<p>one</p>")
    (folder / "assets" / "app-1a2b.js").write_text("go()")
    (folder / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def test_the_built_studio_is_served_and_reread_when_it_changes(built: Path):
    app = FastAPI()
    app.include_router(studio(built))
    with TestClient(app) as client:
        index = client.get("/datasets/replies-1/review")
        assert (index.text, index.headers["cache-control"]) == ("<p>one</p>", "no-cache")
        script = client.get("/assets/app-1a2b.js")
        assert "immutable" in script.headers["cache-control"]
        assert script.headers["content-type"].startswith("text/javascript")
        assert client.get("/icon.svg").headers["cache-control"] == "no-cache"
        assert client.get("/assets/app-old.js").status_code == 404
        assert client.get("/api/v2/anything").status_code == 404
        (built / "index.html").write_text("<p>two</p>")
        assert client.get("/").text == "<p>two</p>"


@pytest.mark.parametrize("path", ["/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "/%2fetc/passwd", "/a%00b"])
def test_nothing_outside_of_the_studio_is_served(built: Path, path: str):
    app = FastAPI()
    app.include_router(studio(built))
    with TestClient(app) as client:
        assert client.get(path).text in ("<p>one</p>", '{"detail":"Not Found"}')
