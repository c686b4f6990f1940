"""Runs over HTTP: started once, watched, stopped, gone on with; by whoever drives them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

ENDED = ("complete", "shortfall", "budget", "failed", "interrupted", "paused", "cancelled")


def document(count: int = 12, **fields: Any) -> dict[str, Any]:
    """A recipe that a script answers."""
    return {
        "name": "replies",
        "model": "scripted",
        "generator": {
            "kind": "classification",
            "instruction": "one reply of an agent",
            "labels": ["polite", "neutral", "rude"],
            "count": count,
        },
        **fields,
    }


def until(api: TestClient, run: str, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The run, as soon as something is so."""
    deadline = time.monotonic() + 30
    while True:
        item: dict[str, Any] = api.get(f"runs/{run}").json()
        if ready(item):
            return item
        assert time.monotonic() < deadline, item
        time.sleep(0.03)


def ended(api: TestClient, run: str) -> dict[str, Any]:
    """The run when nobody drives it any more."""
    return until(api, run, lambda item: item["state"] in ENDED and not item["driven"])


def started(api: TestClient, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    """The run that a body starts."""
    answer = api.post("runs", json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_run_ends_with_exactly_what_was_asked_for(api: TestClient):
    run = started(api, {"document": document(13)})
    item = ended(api, run["run"])
    assert (item["state"], item["accepted"], item["asked"]) == ("complete", 13, 13)
    assert sorted((cell["wanted"], cell["accepted"]) for cell in item["cells"]) == [(4, 4), (4, 4), (5, 5)]
    page = api.get(f"runs/{run['run']}/records?state=accepted&limit=5").json()
    more = api.get(f"runs/{run['run']}/records?state=accepted&limit=10&cursor={page['next']}").json()
    assert len({one["id"] for one in page["items"] + more["items"]}) == 13
    assert more["next"] is None
    assert page["items"][0]["cell"]["label"] == page["items"][0]["values"]["label"]
    listed = api.get("runs").json()["items"]
    assert [one["run"] for one in listed] == [run["run"]]
    assert "cells" not in listed[0]
    assert api.get(f"runs/{run['run']}/recipe").json()["document"]["generator"]["count"] == 13
