"""Jobs run in processes of their own: whole or not at all, begun anew where a server was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from seedbed.api.application import PREFIX, create_app
from seedbed.app.data.importing import import_records
from seedbed.app.history import dataset_rows
from seedbed.app.serve.work.queue import JobQueue
from seedbed.app.workspace import Workspace
from seedbed.core.serving.jobs import Job
from seedbed.core.stored import Selection

from .conftest import people

ENDLESS = 1_000_000
"""Records that take longer than any test."""

SERVER = """
import sys, time
from seedbed.app.serve.work.queue import JobQueue
from seedbed.app.workspace import Workspace
place = Workspace(sys.argv[1])
queue = JobQueue(place)
queue.open()
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture
def place(tmp_path: Path) -> Any:
    with Workspace(tmp_path / "workspace") as found:
        import_records(found, lambda: people(100), "people", Path())
        yield found


def long_job(n: int = ENDLESS) -> Job:
    values = {"A": [f"Ann {number}" for number in range(500)], "B": [f"Bo {number}" for number in range(2500)]}
    asked = {"templates": [{"text": "{A} met {B}.", "n": n}], "values": values, "into": "more"}
    return Job("", "fill", "more", "default", asked)


def until(true: Any) -> Any:
    for _ in range(1000):
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError("it does not come to that")


def written(place: Workspace, job: str) -> bool:
    """Whether a job has begun to write."""
    found = place.store.jobs.job(job)
    return found is not None and found.done > 2000 and bool(place.store.halves(job))


def test_a_killed_server_leaves_a_job_that_the_next_one_begins_anew_and_nothing_is_doubled(place: Workspace) -> None:
    job = place.store.jobs.add(long_job(25_000))
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(place.folder)], stdout=subprocess.DEVNULL)
    until(lambda: written(place, job.id))
    server.send_signal(signal.SIGKILL)
    server.wait()
    now = place.store.jobs.job(job.id)
    assert now is not None
    assert (now.state, place.store.runs(dataset="more")) == ("running", [])
    queue = JobQueue(place)
    queue.open()
    try:
        done = until(lambda: (found := place.store.jobs.job(job.id)) and found.ended and found)
    finally:
        queue.close()
    assert (done.state, done.message) == ("done", "")
    [run] = place.store.runs(dataset="more")
    kept = list(place.store.records(Selection(dataset="more")))
    assert len(kept) == done.result["made"] == run.figures["accepted"] == 25_000
    assert len({one.text for one in kept}) == len(kept)
    assert place.store.halves(job.id) == []


def test_a_cancelled_job_ends_at_once_and_what_it_made_goes(place: Workspace) -> None:
    with TestClient(create_app(place), base_url=f"http://127.0.0.1{PREFIX}/") as client:
        job = client.post("fills", json=long_job().asked).json()
        assert (job["state"], job["dataset"]) == ("waiting", "more")
        until(lambda: written(place, job["id"]))
        assert [row["dataset"] for row in dataset_rows(place)] == ["people"]  # a half is no dataset
        assert place.store.run("more-1") is None
        running = client.get(f"jobs/{job['id']}").json()
        assert running["state"] == "running"
        assert running["words"]
        assert client.post(f"jobs/{job['id']}/cancel").json()["state"] == "cancelled"
        until(lambda: not place.store.halves(job["id"]))
        assert client.get("jobs", params={"state": "cancelled"}).json()["items"][0]["id"] == job["id"]
        assert client.post(f"jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    assert place.store.runs(dataset="more") == []


def test_a_job_that_cannot_be_done_says_why_in_a_sentence_of_fields_and_not_of_options(place: Workspace) -> None:
    with TestClient(create_app(place), base_url=f"http://127.0.0.1{PREFIX}/") as client:
        job = client.post("label-suspects", json={"dataset": "people", "label": "nothing"}).json()
        found = until(lambda: (now := client.get(f"jobs/{job['id']}").json())["state"] == "failed" and now)
        assert found["message"] == "There is no column `nothing`."
        assert found["hint"]
        assert "--" not in found["hint"]
        assert found["result"] is None


def test_a_process_inherits_no_socket_and_its_job_waits_when_the_server_ends(place: Workspace) -> None:
    import socket

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        queue = JobQueue(place)
        job = queue.add(long_job())
        until(lambda: written(place, job.id))
        [child] = _children()
        held, ours = _open_files(child), _open_files(os.getpid())
        queue.close()
    assert held
    assert not {one for one in held & ours if one.startswith("socket:")}
    left = place.store.jobs.job(job.id)
    assert left is not None
    assert left.state == "waiting"
    assert place.store.halves(job.id) == []


def _open_files(process: int) -> set[str]:
    return {str(one.readlink()) for one in Path(f"/proc/{process}/fd").iterdir() if one.is_symlink()}


def _children() -> list[int]:
    import psutil

    return [one.pid for one in psutil.Process().children() if "seedbed.app.serve.work.child" in one.cmdline()]


def test_two_jobs_run_at_once_and_the_third_waits_its_turn(place: Workspace) -> None:
    queue = JobQueue(place)
    names = [queue.add(long_job()).id for _ in range(3)]
    until(lambda: [one.state for one in place.store.jobs.open()] == ["running", "running", "waiting"])
    place.store.jobs.cancel(names[0])
    until(lambda: place.store.jobs.job(names[2]).state == "running")  # type: ignore[union-attr]
    queue.close()
    assert [one.state for one in place.store.jobs.open()] == ["waiting", "waiting"]


def test_jobs_are_listed_page_by_page(place: Workspace) -> None:
    for _ in range(3):
        place.store.jobs.add(long_job())
        [last] = place.store.jobs.open()[-1:]
        place.store.jobs.cancel(last.id)
    with TestClient(create_app(place), base_url=f"http://127.0.0.1{PREFIX}/") as client:
        first = client.get("jobs", params={"limit": 2}).json()
        second = client.get("jobs", params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["id"] for one in first["items"] + second["items"]] == ["job-3", "job-2", "job-1"]
    assert second["next"] is None


def test_whoever_listens_hears_of_a_job_from_its_beginning_to_its_end(place: Workspace) -> None:
    heard: list[tuple[str, str]] = []
    queue = JobQueue(place)
    queue.heard = lambda job: heard.append((job.id, job.state))
    job = queue.add(long_job(10))
    until(lambda: (job.id, "done") in heard)
    queue.close()
    assert heard[0] == (job.id, "waiting")
    assert (job.id, "running") in heard
