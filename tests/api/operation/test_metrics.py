"""What Prometheus reads: true figures, in a text that another one's parser reads, for those who may."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from seedbed.api.operation.exposition import Family, exposed
from seedbed.api.operation.traffic import BOUNDS, Traffic
from seedbed.app.serve.totals import Totals
from seedbed.app.workspace import Workspace
from seedbed.core.serving.jobs import Job
from seedbed.core.stored import StoredRun
from seedbed.storage.sql import SqlStore

METRICS = "http://127.0.0.1/metrics"
Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: str) -> Figures:
    """The figures, read by the library that Prometheus' own people write."""
    found: Figures = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        assert family.type in ("counter", "gauge", "histogram")
        for sample in family.samples:
            place = (sample.name, frozenset(sample.labels.items()))
            assert place not in found, "told twice"
            found[place] = sample.value
    return found


def scraped(client: TestClient) -> Figures:
    answer = client.get(METRICS)
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return parsed(answer.text)


def of(figures: Figures, name: str, **labels: str) -> float:
    return figures[name, frozenset(labels.items())]


def made(store: SqlStore, figures: dict[str, Any], state: str = "running") -> StoredRun:
    run = store.create_run(StoredRun("", "notes", state, {}, {}, "", ["text"], 0))
    store.update_run(run.id, figures=figures)
    return run


def figures_of(accepted: int, calls: int, cost: float | None = None) -> dict[str, Any]:
    model = {"calls": calls, "tokens": {"input": 10 * calls, "output": calls}, "cost": cost}
    models = {"far:large": model, "far:small": model, "embedded": {**model, "cost": None}}
    rejected = {"near_duplicate": 2, "too_long": 1}
    return {"accepted": accepted, "rejected": rejected, "failed": {"missing": 1}, "surplus": 0, "models": models}


def test_a_scrape_tells_how_the_service_goes(api: TestClient, workspace: Workspace):
    made(workspace.store, figures_of(5, 3, 0.25), "complete")
    for path in ("projects/default", "projects/none", "projects/default?q=word", "nothing"):
        api.get(path)
    api.get("http://127.0.0.1/anything/else")
    workspace.store.jobs.add(Job("", "report", "notes", "default", {}))
    found = scraped(api)
    place = {"method": "GET", "route": "/api/v1/projects/{project}"}
    assert of(found, "seedbed_http_requests_total", **place, status="200") == 2
    assert of(found, "seedbed_http_requests_total", **place, status="404") == 1
    assert of(found, "seedbed_http_request_seconds_count", **place) == 3
    assert of(found, "seedbed_http_request_seconds_bucket", **place, le="+Inf") == 3
    assert of(found, "seedbed_runs", state="complete") == 1
    assert of(found, "seedbed_runs", state="running") == 0
    assert of(found, "seedbed_jobs", state="waiting") == 1
    assert of(found, "seedbed_records_total", state="accepted") == 5
    assert of(found, "seedbed_records_total", state="rejected") == 3
    assert of(found, "seedbed_records_total", state="failed") == 1
    assert of(found, "seedbed_calls_total", connection="far") == 6
    assert of(found, "seedbed_tokens_total", connection="far", kind="input") == 60
    assert of(found, "seedbed_cost_dollars_total", connection="far") == 0.5
    assert of(found, "seedbed_calls_total", connection="embedded") == 3
    assert of(found, "seedbed_store_bytes", file="database") > 0
    assert of(found, "seedbed_process_resident_bytes", process="server") > 1e6
    assert of(found, "seedbed_event_streams") == 0
    assert sum(name == "seedbed_build_info" for name, _ in found) == 1
    assert of(scraped(api), "seedbed_http_requests_total", method="GET", route="/metrics", status="200") == 1


def test_totals_count_from_the_start_and_never_fall(tmp_path: Path):
    store = SqlStore(tmp_path)
    before = made(store, figures_of(100, 50), "complete")
    totals = Totals(store)
    totals.begin()
    assert totals.look()["records", "accepted"] == 0, "what another server did is in its own totals"
    run = made(store, figures_of(3, 2))
    assert totals.look()["records", "accepted"] == 3
    store.update_run(run.id, figures=figures_of(7, 4))
    store.update_run(before.id, figures=figures_of(101, 51))
    assert totals.look()["records", "accepted"] == 8
    assert totals.look()["calls", "far"] == 10
    store.forget_run(run.id)
    assert totals.look()["records", "accepted"] == 8
    store.close()


def test_a_look_reads_only_the_runs_that_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = SqlStore(tmp_path)
    old = made(store, figures_of(1, 1), "complete")
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE runs SET updated = '2020-01-01T00:00:00+00:00'")
    totals = Totals(store)
    totals.begin()
    read: list[str] = []
    whole = store.run
    monkeypatch.setattr(store, "run", lambda run: (read.append(run), whole(run))[1])
    new = made(store, figures_of(1, 1))
    totals.look()
    assert new.id in read
    assert old.id not in read
    store.close()


def test_it_is_for_owners_of_the_workspace_and_their_tokens(
    outside: TestClient, tokened: Callable[..., TestClient], person: Callable[..., str]
):
    assert outside.get(METRICS).status_code == 401
    assert tokened("read").get(METRICS).status_code == 200
    assert tokened("own").get(METRICS).status_code == 200
    person("bob", default="owner")
    assert tokened("own", "bob").get(METRICS).status_code == 403
    assert tokened("read", project="default").get(METRICS).status_code == 403
    assert outside.post(METRICS).status_code == 401


def test_no_proxy_and_no_page_of_another_name_reads_it(api: TestClient):
    assert api.get(METRICS, headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 401
    assert api.get("http://evil.example/metrics").status_code == 403


def test_any_text_can_be_a_label():
    family = Family("a", "gauge", "Says \\ and\nmore.")
    odd = 'quo"te \\n back\\slash\nline é'
    family.add(1.5, text=odd)
    family.add(12345678901234, text="large")
    found = parsed(exposed([family]))
    assert of(found, "a", text=odd) == 1.5
    assert of(found, "a", text="large") == 12345678901234


def test_buckets_hold_all_that_took_no_longer():
    traffic = Traffic()
    for seconds in (0.001, 0.005, 0.006, 11.0):
        traffic.count("GET", "/x", 200, seconds)
    found = parsed(exposed(traffic.families()))
    counts = [of(found, "seedbed_http_request_seconds_bucket", method="GET", route="/x", le=str(b)) for b in BOUNDS]
    assert counts == [2, *[3] * (len(BOUNDS) - 1)]
    assert math.isclose(of(found, "seedbed_http_request_seconds_sum", method="GET", route="/x"), 11.012)
