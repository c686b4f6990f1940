"""Jobs in the store: what ends is ended, and what a job makes is there with its end or not at all."""

from __future__ import annotations

import pytest

from seedbed.core.errors import RunClaimed
from seedbed.core.record import Record
from seedbed.core.serving.jobs import Job, StoredReport, WantedJobs
from seedbed.core.stored import Selection, StoredRun, half_of
from seedbed.storage.sql import SqlStore


def running(store: SqlStore) -> Job:
    job = store.jobs.add(Job("", "fill", "more", "default", {"n": 3}))
    assert store.jobs.begin(job.id)
    return job


def half(store: SqlStore, job: Job) -> StoredRun:
    run = store.create_run(
        StoredRun("", "more", "running", {}, {}, half_of(job.id), ["text"], 0, kind="fill", figures={})
    )
    assert store.keep(run, [Record({"text": "a"})]) == 1
    assert store.keep(run, [Record({"text": "b"}), Record({"text": "c"})], 1) == 2
    return run


def test_a_half_is_seen_by_its_job_alone_until_that_is_done(store: SqlStore) -> None:
    job = running(store)
    run = half(store, job)
    assert (store.run(run.id), store.runs(), store.runs(dataset=half_of(job.id))) == (None, [], [])
    assert list(store.records(Selection(dataset=half_of(job.id)))) == []
    assert [one.id for one in store.halves(job.id)] == [run.id]
    assert store.jobs.finish(job.id, {"made": 3}, {run.id: "more"})
    assert [one.text for one in store.records(Selection(dataset="more"))] == ["a", "b", "c"]
    assert store.halves(job.id) == []
    done = store.jobs.job(job.id)
    assert done is not None
    assert (done.state, done.result, done.ended) == ("done", {"made": 3}, True)


def test_a_cancelled_job_is_not_done_and_a_done_one_not_cancelled(store: SqlStore) -> None:
    job = running(store)
    run = half(store, job)
    assert store.jobs.cancel(job.id)
    assert not store.jobs.finish(job.id, {}, {run.id: "more"})
    assert not store.jobs.fail(job.id, "Too late.", "")
    assert store.runs(dataset="more") == []
    other = running(store)
    assert store.jobs.finish(other.id, {}, {})
    assert not store.jobs.cancel(other.id)


def test_progress_is_that_of_running_jobs_and_begins_anew(store: SqlStore) -> None:
    job = running(store)
    store.jobs.progress(job.id, 5, 10, "Making")
    assert not store.jobs.begin(job.id)
    store.jobs.again(job.id)
    waiting = store.jobs.job(job.id)
    assert waiting is not None
    assert (waiting.state, waiting.done, waiting.total) == ("waiting", 0, None)
    store.jobs.progress(job.id, 6, 10, "Making")
    assert store.jobs.open()[0].done == 0


def test_one_process_works_on_a_job(store: SqlStore) -> None:
    with store.jobs.claim("job-1"), pytest.raises(RunClaimed), store.jobs.claim("job-1"):
        pass
    with store.jobs.claim("job-1"):
        pass


@pytest.mark.parametrize("name", ["", "job-", "job-0", "job-x", "job-" + "9" * 40, "job-²", "7"])
def test_what_is_no_id_is_no_job(store: SqlStore, name: str) -> None:
    running(store)
    assert store.jobs.job(name) is None
    assert not store.jobs.cancel(name)


def test_jobs_are_listed_by_what_they_are(store: SqlStore) -> None:
    for kind, project in (("fill", "a"), ("report", "b"), ("fill", "b")):
        store.jobs.add(Job("", kind, "more", project, {}))
    assert [one.number for one in store.jobs.jobs(WantedJobs(kind="fill"), 10)] == [3, 1]
    assert [one.number for one in store.jobs.jobs(WantedJobs(projects=["b"]), 10)] == [3, 2]
    assert [one.number for one in store.jobs.jobs(WantedJobs(projects=[]), 10)] == []
    assert [one.number for one in store.jobs.jobs(WantedJobs(before=3), 1)] == [2]


def test_a_report_of_a_job_that_was_begun_anew_is_there_once(store: SqlStore) -> None:
    for records in (1, 2):
        store.quality.put_report(StoredReport("report-1", "more", "default", {"records": records}, [], "<p>"))
    [row] = store.quality.reports("more", None, 0, 10)
    assert (row.id, row.page) == ("report-1", "")
    found = store.quality.report("report-1")
    assert found is not None
    assert (found.figures, found.page) == ({"records": 2}, "<p>")
