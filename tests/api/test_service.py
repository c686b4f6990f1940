"""The service says that it is there, and what is wrong with a request."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from postgres import Server
from seedbed.api.application import create_app
from seedbed.app.workspace import Workspace

from .conftest import BASE


def test_health_says_that_it_is_there(api: TestClient):
    assert api.get("health").json()["status"] == "ok"


def test_it_is_ready_as_long_as_its_database_answers(postgres: Server, tmp_path: Path):
    address = postgres.new()
    with (
        Workspace(tmp_path / "workspace", database_url=address) as place,
        TestClient(create_app(place), base_url=BASE) as api,
    ):
        assert api.get("ready").json() == {"status": "ready"}
        postgres.drop(address)
        away = api.get("ready")
        assert (away.status_code, away.headers["retry-after"]) == (503, "5")
        assert "postgresql" not in away.text, "nobody has logged in"
        assert api.get("health").json()["status"] == "ok", "it is there all the same"


def test_an_address_that_is_none_is_a_problem_with_a_hint(api: TestClient):
    found = api.get("nothing")
    assert (found.status_code, found.headers["content-type"]) == (404, "application/problem+json")
    assert found.json()["hint"]


@pytest.mark.parametrize("path", ["projects", "templates", "templates/try"])
def test_half_a_character_is_refused_wherever_it_is_sent(api: TestClient, path: str):
    body = b'{"title": "\\ud800", "name": "a", "document": {"prompt": "\\ud83d"}}'
    refused = api.post(path, content=body, headers={"Content-Type": "application/json"})
    assert (refused.status_code, "half a character" in refused.json()["detail"]) == (400, True)
    body = b'{"title": "\\ud83d\\ude00"}'
    assert api.post("projects", content=body, headers={"Content-Type": "application/json"}).json()["title"] == "😀"


def test_the_document_says_what_comes_back_and_how_errors_look(api: TestClient):
    document = api.get("openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for operation in methods.values():
            assert "422" not in operation["responses"], "errors are problems, not those of the framework"
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            assert operation["description"], "the docs page shows it"


def test_the_docs_page_asks_nobody_else_and_runs_no_script_of_its_own_text(api: TestClient):
    page = api.get("docs").text
    assert page.count("<script") == 1
    assert '<script src="docs.js" defer></script>' in page
    assert "//" not in page
    for name in ("docs.js", "docs.css"):
        text = api.get(name).text
        assert "http" not in text.replace("https://", "http://").replace("http://www.w3.org", "")
        assert "innerHTML" not in text
