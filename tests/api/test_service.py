"""The service says that it is there, and what is wrong with a request."""

from __future__ import annotations

from starlette.testclient import TestClient


def test_health_says_that_it_is_there(api: TestClient):
    assert api.get("health").json()["status"] == "ok"


def test_an_address_that_is_none_is_a_problem_with_a_hint(api: TestClient):
    found = api.get("nothing")
    assert (found.status_code, found.headers["content-type"]) == (404, "application/problem+json")
    assert found.json()["hint"]
