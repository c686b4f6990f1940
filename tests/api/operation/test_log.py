"""Lines of the log: one object each, with what happened and never with what was asked, sent or made."""

from __future__ import annotations

import io
import json
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from conftest import SEEDBED, Shell
from seedbed.api.application import create_app
from seedbed.app.operation.logs import JsonLines, TextLines, set_up
from seedbed.app.settings import LogSettings
from seedbed.app.workspace import Workspace

PLANTED = "planted-0123456789"
LINE = {"time", "level", "process", "message"}


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged since the last look."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines("server"))
    log = logging.getLogger("seedbed")
    log.addHandler(handler)
    log.setLevel(logging.INFO)

    def told() -> list[dict[str, Any]]:
        text = written.getvalue()
        assert PLANTED not in text
        written.seek(0)
        written.truncate()
        return [json.loads(line) for line in text.splitlines()]

    yield told
    log.removeHandler(handler)
    log.setLevel(logging.NOTSET)


def test_each_request_is_one_line(api: TestClient, lines: Callable[[], list[dict[str, Any]]]):
    answer = api.get(f"projects/default?q={PLANTED}", headers={"X-Request-Id": "from-proxy.1"})
    (line,) = lines()
    assert line.pop("ms") > 0
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "process": "server",
        "message": "GET /api/v1/projects/{project} 200",
        "request_id": "from-proxy.1",
        "method": "GET",
        "route": "/api/v1/projects/{project}",
        "status": 200,
        "person": "you",
    }
    assert answer.headers["x-request-id"] == "from-proxy.1"


@pytest.mark.parametrize("odd", ["a b", "", "x" * 65, 'a"b', "é".encode()])
def test_an_odd_request_id_is_replaced(api: TestClient, odd: str | bytes):
    first, second = (api.get("health", headers={"X-Request-Id": odd}).headers["x-request-id"] for _ in range(2))  # type: ignore[dict-item]
    assert first != second
    assert len(first) == 16


def test_every_answer_has_a_request_id(outside: TestClient):
    refused = (
        outside.get("projects"),
        outside.post("projects", content=b"x" * 1_000_001),
        outside.get("http://127.0.0.1/metrics"),
        outside.get("http://127.0.0.1/x"),
    )
    assert [answer.status_code for answer in refused][:3] == [401, 413, 401]
    assert all(answer.headers["x-request-id"] for answer in refused)


def test_a_fault_is_told_by_its_kind_and_place_with_the_request(
    workspace: Workspace, lines: Callable[[], list[dict[str, Any]]]
):
    app = create_app(workspace)

    def fault() -> None:
        raise ValueError(PLANTED)

    app.add_api_route("/api/v1/fault", fault)
    app.router.routes.insert(0, app.router.routes.pop())
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/fault")
    assert answer.status_code == 500
    (line,) = lines()
    assert (line["status"], line["request_id"]) == (500, answer.headers["x-request-id"])


@pytest.mark.parametrize("shape", [JsonLines, TextLines])
def test_of_an_error_its_words_are_not_told(shape: type[JsonLines | TextLines]):
    try:
        int(PLANTED)
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", 40, "x", 1, "It\nfailed.", (), sys.exc_info())
    text = shape("job").format(record)
    assert PLANTED not in text
    assert "ValueError" in text
    assert "test_log.py:" in text
    if shape is JsonLines:
        assert json.loads(text)["message"] == "It failed."


def test_other_libraries_tell_of_trouble_only():
    code = (
        "import logging, threading, warnings\nfrom seedbed.app.operation.logs import set_up\n"
        "from seedbed.app.settings import LogSettings\nset_up(LogSettings('json', 'debug'), 'job')\n"
        "logging.getLogger('sqlalchemy.engine').info('SELECT'); logging.getLogger('other').warning('trouble')\n"
        "logging.getLogger('seedbed.x').debug('small'); warnings.warn('old')\n"
        f"thread = threading.Thread(target=lambda: int('{PLANTED}')); thread.start(); thread.join()\n"
        f"int('{PLANTED}')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert all(set(line) >= LINE for line in told)
    assert [line["message"].rpartition(": ")[2] for line in told[:3]] == ["trouble", "small", "old"]
    assert [line["error"] for line in told[3:]] == ["ValueError", "ValueError"]
    assert PLANTED not in done.stderr


def test_nothing_is_set_up_where_nobody_asked(monkeypatch: pytest.MonkeyPatch):
    before = list(logging.getLogger().handlers)
    set_up(LogSettings(), "server")
    assert logging.getLogger().handlers == before


def test_a_format_that_is_none_is_refused(shell: Shell):
    refused = shell("serve", "--log-format", "jsn")
    assert (refused.code, "Did you mean `json`?" in refused.err) == (2, True)
    refused = shell("serve", SEEDBED_LOG_LEVEL="loud")
    assert (refused.code, "SEEDBED_LOG_LEVEL loud" in refused.err) == (2, True)


def planted(client: httpx.Client) -> None:
    """Asks for all kinds of things that hold a secret or a text of somebody's."""
    client.get(f"audit?q={PLANTED}")
    client.post("users", json={"name": "ann", "password": f"{PLANTED} and more", "owner": True})
    client.post("session", json={"name": PLANTED, "password": PLANTED})
    client.post("connections", json={"name": "far", "provider": "openai", "key": f"sk-{PLANTED}"})
    client.get("projects", headers={"Authorization": f"Bearer sb_{PLANTED}", "Cookie": f"seedbed_session={PLANTED}"})
    client.post("templates", json={"name": "t", "document": {"prompt": PLANTED}})
    client.get(f"records/{PLANTED}")
    client.get(f"search?q={PLANTED}")
    client.post("recipes/check", json={"yaml": PLANTED})
    client.post(
        "runs", json={"yaml": f"name: notes\nmodel: scripted\ngenerator: {{kind: prompt, prompt: {PLANTED}, count: 3}}"}
    )
    client.post("imports", files={"file": ("rows.csv", f"text\n{PLANTED}\n".encode())}, data={"dataset": "rows"})
    client.post("reports", json={"dataset": "rows"})


def test_a_served_workspace_logs_every_line_in_one_shape_and_no_secret(tmp_path: Path):
    place = tmp_path / "workspace"
    command = [*SEEDBED, "serve", "--port", "0", "--workspace", str(place), "--log-format", "json"]
    log = tmp_path / "log"  # a pipe that nobody reads meanwhile would fill up
    with log.open("w") as lines, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=lines, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        with httpx.Client(base_url=f"{address}/api/v1/", timeout=30) as client:
            planted(client)
            for _ in range(2000):
                jobs = {job["state"] for job in client.get("jobs").json()["items"]}
                states = {run["state"] for run in client.get("runs").json()["items"]}
                if not jobs & {"waiting", "running"} and states == {"complete"}:
                    break
                time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        process.wait(30)
    text = log.read_text()
    told = [json.loads(line) for line in text.splitlines()]
    assert all(set(line) >= LINE for line in told)
    assert PLANTED not in text
    assert {line["process"] for line in told} >= {"server", "driver", "job"}
    requests = [line for line in told if "route" in line]
    assert {"request_id", "method", "route", "status", "ms"} <= set.intersection(*map(set, requests))
    assert told[-1]["message"] == "Stopped."
