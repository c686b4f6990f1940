"""From the first page to a file of annotation tasks; a server that dies on the way; who may do what."""

from __future__ import annotations

import csv
import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from seedbed.app.serve.people import DEFAULT
from seedbed.testing.server import Settings, running_server
from served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "a long word to enter"


def asked(server: Served, path: str, body: Any = None, method: str = "GET") -> Any:
    """What the server answers to its owner."""
    headers = {"Content-Type": "application/json", "If-Match": "*"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{server.url}/api/v1/{path}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture
def own(tmp_path: Path, served: Served) -> Iterator[Served]:
    """A server of this test's own, with the sample project."""
    server = Served(tmp_path)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def page(browser: Browser, own: Served) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    opened = context.new_page()
    opened.goto(own.url)
    yield opened
    context.close()


def test_from_the_sample_to_a_file_of_tasks(page: Page, own: Served):
    text = asked(own, "recipes/sample-reviews")["yaml"].replace("model: embedded", "model: scripted")
    asked(own, "recipes/sample-reviews", {"yaml": text}, "PUT")
    page.get_by_text("Sample project").first.click()
    page.get_by_role("button", name="Generate").first.click()
    expect(page.get_by_text("24 of 24 accepted")).to_be_visible(timeout=30_000)
    page.get_by_role("main").get_by_role("link", name="Review", exact=True).click()
    page.locator("[data-id]").nth(5).wait_for()
    for key in "aaaaadad":
        page.keyboard.press(key)
    page.get_by_role("button", name="Hand over 6 approved").click()
    page.get_by_text("6 records are tasks now, with the tag synthetic.").wait_for()
    page.get_by_role("button", name="Refill 2", exact=True).click()
    page.get_by_text("2 records are made again.").wait_for()
    page.get_by_role("button", name="Open Tasks").click()
    page.get_by_text("6 tasks").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("link", name=re.compile("Download all")).click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    assert {row["tags"] for row in rows} == {"synthetic"} or all("synthetic" in row["tags"] for row in rows)
    made = asked(own, "datasets/sample-reviews-1/review")["by"]["decision"]
    assert made["declined"] == 2


def test_a_run_goes_on_where_the_server_was_killed_and_the_page_sees_it(page: Page, own: Served):
    with running_server(Settings(latency=0.15)) as model:
        document = {
            "name": "slow",
            "model": "local:fake",
            "connections": {"local": {"provider": "openai", "base_url": model.url, "concurrency": 4}},
            "generator": {"kind": "classification", "instruction": "one reply", "labels": ["a", "b"], "count": 160},
        }
        run = asked(own, "runs", {"document": document}, "POST")["run"]
        page.goto(f"{own.url}/p/{DEFAULT}/runs/{run}")
        expect(page.get_by_text(re.compile(r"^\d+ of 160 accepted"))).to_be_visible()
        expect(page.get_by_text(re.compile(r"^[1-9]\d* of 160 accepted"))).to_be_visible()
        own.kill()
        expect(page.get_by_text(re.compile("The server does not answer"))).to_be_visible(timeout=30_000)
        own.start()
        expect(page.get_by_text("160 of 160 accepted")).to_be_visible(timeout=60_000)
        assert asked(own, f"runs/{run}")["accepted"] == 160
        assert model.stats()["answered"] <= 160 + 40


@pytest.fixture(scope="module")
def login(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server as it is where others reach it; ann owns it, bo reviews the sample project, ed edits it."""
    server = Served(tmp_path_factory.mktemp("login"))
    try:
        server.start()
        asked(server, "users", {"name": "ann", "password": PASSWORD, "owner": True}, "POST")
        for name, role in (("bo", "reviewer"), ("ed", "editor")):
            asked(server, "users", {"name": name, "password": PASSWORD}, "POST")
            asked(server, f"projects/sample/members/{name}", {"role": role}, "PUT")
        server.kill()
        server.start("--login")
        yield server
    finally:
        server.kill()


def enter(page: Page, login: Served | None, name: str) -> None:
    """Logs somebody in, at the page of projects or where the page is."""
    if login:
        page.goto(login.url)
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("Sample project").first.wait_for()


def test_a_reviewer_reviews_and_sees_no_other_project(browser: Browser, login: Served):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    enter(page, login, "bo")
    assert page.get_by_role("button", name="New project").count() == 0
    assert page.get_by_text("My project").count() == 0
    page.goto(f"{login.url}/p/sample/review/sample-notes")
    page.locator("[data-id]").nth(5).wait_for()
    page.keyboard.press("d")
    page.get_by_text("19 of 115 reviewed").wait_for()
    page.get_by_text("all saved").wait_for()
    page.goto(f"{login.url}/p/sample/recipes")
    page.get_by_role("link", name="sample-reviews").wait_for()
    assert page.get_by_role("button", name="Generate").count() == 0
    refused: list[str] = []
    page.on("response", lambda one: refused.append(one.url) if one.status == 403 else None)
    page.goto(f"{login.url}/p/sample/recipes/sample-reviews")
    expect(page.get_by_label("The recipe as YAML")).to_contain_text("name: sample-reviews")
    for path in ("augment", "recipes/new/classification", "templates/new"):
        page.goto(f"{login.url}/p/sample/{path}")
        expect(page.get_by_text("takes the role of an editor, and you review in this project")).to_be_visible()
    page.goto(f"{login.url}/p/sample/settings?tab=about")
    expect(page.get_by_role("tabpanel").get_by_text("Version")).to_be_visible()
    page.goto(f"{login.url}/p/sample/datasets")
    page.get_by_role("link", name="sample-notes").wait_for()
    assert page.get_by_role("button", name="Import a file").count() == 0
    assert refused == []
    page.goto(f"{login.url}/p/{DEFAULT}/runs")
    expect(page.get_by_role("heading", level=1, name="No such project")).to_be_visible()
    cookies = {one["name"]: one for one in context.cookies()}
    assert cookies["seedbed_session"]["httpOnly"]
    assert cookies["seedbed_session"]["sameSite"] == "Strict"
    context.close()
    editor = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    enter(editor, login, "ed")
    editor.goto(f"{login.url}/p/sample/recipes/sample-reviews")
    expect(editor.get_by_text(re.compile("24 records · about"))).to_be_visible()  # asked for in this project
    editor.context.close()


def test_what_was_typed_in_a_session_that_ended_is_sent_as_that_of_nobody_else(browser: Browser, login: Served):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page, other = context.new_page(), context.new_page()
    enter(page, login, "ed")
    page.goto(f"{login.url}/p/sample/review/sample-people")
    page.locator("[data-id]").nth(5).wait_for()
    record = page.locator("[data-here=true]").get_attribute("data-id")
    page.keyboard.press("e")
    page.get_by_role("textbox", name="text", exact=True).fill("Ed wrote this.")
    # The session ends while the edit is on its way: a poll of the page must not notice it before.
    page.route("**/api/v1/records/*", lambda route: route.fulfill(status=401, json={"detail": "Log in first."}))
    page.keyboard.press("Control+Enter")
    page.get_by_text("1 not saved yet").wait_for()
    context.clear_cookies()
    page.unroute("**/api/v1/records/*")
    enter(page, None, "bo")
    expect(page.get_by_test_id("saved")).to_have_text("all saved")
    expect(page.locator("[data-here=true]")).not_to_contain_text("Ed wrote this.")
    context.clear_cookies()
    page.keyboard.press("f")
    enter(page, None, "ed")
    expect(page.locator("[data-here=true]")).to_contain_text("Ed wrote this.")
    expect(page.get_by_test_id("saved")).to_have_text("all saved")

    context.clear_cookies()  # the same person enters again, in another tab
    enter(other, login, "ed")
    page.keyboard.press("a")
    page.keyboard.press("d")
    expect(page.get_by_test_id("saved")).to_have_text("all saved")
    address = f"/api/v1/records/{quote(str(record), safe='')}/history"
    history = page.evaluate("(address) => fetch(address).then((one) => one.json())", address)["items"]
    assert [(one["by"], *one["after"]) for one in history[::-1]] == [("ed", "values", "spans"), ("ed", "decision")]
    context.close()
