"""The studio where something is wrong around it: no network, another's answers, a narrow window."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from urllib.request import Request, urlopen

from playwright.sync_api import Route, expect

from served import Served
from watched import Watched, import_file

SILENT = "The server does not answer; trying again"
NARROW = {"width": 375, "height": 740}


def test_a_page_whose_code_did_not_come_opens_when_the_server_answers_again(windows: Callable[..., Watched]):
    page = windows("p/sample/").open("runs")
    page.context.set_offline(True)
    page.get_by_role("link", name="Quality", exact=True).click()
    expect(page.get_by_text(SILENT)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1, name="Quality")).to_be_visible()
    expect(page.get_by_text(SILENT)).to_have_count(0)


def test_a_form_that_was_sent_into_silence_says_so_and_is_sent_again_by_hand(windows: Callable[..., Watched]):
    page = windows().open("projects")
    button = page.get_by_role("button", name="New project")
    button.click()
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    button.press("Enter")
    page.get_by_role("textbox", name="Title").fill("Sent twice")
    page.context.set_offline(True)
    page.get_by_role("button", name="Make the project").click()
    expect(page.get_by_role("alert")).to_contain_text("What you typed is kept: try again when it does.")
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("The server did not answer, and does again now.")
    page.get_by_role("button", name="Make the project").click()
    expect(page).to_have_url(re.compile("/p/sent-twice/recipes"))


def test_a_form_takes_what_is_typed_while_its_editor_has_not_come(windows: Callable[..., Watched], served: Served):
    page = windows().page
    page.route("**/assets/CodeEditor*", lambda route: route.abort("connectionrefused"))
    page.route("**/api/v1/health", lambda route: route.abort("connectionrefused"))
    page.goto(f"{served.url}/p/sample/recipes/sample-reviews")
    field = page.get_by_role("textbox", name="What to write")
    field.fill("one letter to a shop")
    page.unroute("**/assets/CodeEditor*")
    page.unroute("**/api/v1/health")
    expect(page.get_by_label("The recipe as YAML")).to_contain_text("one letter to a shop")
    expect(field).to_have_value("one letter to a shop")


def test_code_that_a_newer_server_does_not_have_any_more_is_told_from_a_fault(windows: Callable[..., Watched]):
    one = windows("p/sample/")
    page = one.open("runs")
    page.route("**/assets/TasksPage*", lambda route: route.fulfill(status=404))
    page.get_by_role("link", name="Tasks", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The server may be of a newer version by now.")
    assert one.violations() == []
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Runs")).to_be_visible()
    page.unroute("**/assets/TasksPage*")
    page.get_by_role("link", name="Tasks", exact=True).click()
    page.get_by_role("button", name="Load the page again").click()
    expect(page.get_by_role("heading", level=1, name="Tasks")).to_be_visible()


def test_answers_of_something_else_than_the_server_are_said_in_words(windows: Callable[..., Watched], served: Served):
    page = windows().page
    said = {
        200: "Something else than Seedbed answered: a proxy",
        403: "answered (403)",
        502: "The server does not answer.",
    }
    for status, words in said.items():
        page.unroute_all()
        page.route("**/api/v1/recipes*", partial(_html, status))
        page.goto(f"{served.url}/p/sample/recipes")
        expect(page.get_by_role("alert")).to_contain_text(words)
    page.unroute_all()
    expect(page.get_by_role("link", name="sample-reviews")).to_be_visible()


def _html(status: int, route: Route) -> None:
    route.fulfill(status=status, content_type="text/html", body="<h1>Log in to the company</h1>")


def test_a_dataset_that_somebody_deleted_is_shown_no_longer(windows: Callable[..., Watched], served: Served):
    import_file(served, "gone", "gone.csv", "text,label\none,a\ntwo,b\n")
    first, second = windows("p/default/").open("review/gone"), windows("p/default/").open("datasets/gone")
    gone = Request(f"{served.url}/api/v1/datasets/gone", headers={"If-Match": "*"}, method="DELETE")
    urlopen(gone).close()
    first.keyboard.press("a")
    expect(first.get_by_role("alert").first).to_contain_text("There is no dataset `gone`.")
    expect(first.get_by_text("0 of 2 reviewed")).to_be_visible()
    second.get_by_role("button", name="Keep a version").click()
    expect(second.get_by_role("alert")).to_contain_text("There is no dataset `gone`.")
    expect(second.get_by_role("button", name="Keep a version")).to_have_count(0)


def test_one_comes_back_to_the_record_where_one_was(windows: Callable[..., Watched], served: Served):
    lines = "".join(f"text number {number},{'ab'[number % 2]}\n" for number in range(700))
    import_file(served, "many", "many.csv", f"text,label\n{lines}")
    page = windows("p/default/").open("review/many?label=b")
    here = page.locator("[data-here=true]")
    page.locator("[data-id]").nth(8).wait_for()
    for _ in range(8):
        page.keyboard.press("PageDown")
    expect(here).to_have_count(1)
    for _ in range(5):
        page.keyboard.press("PageDown")
    was = here.get_attribute("data-id")
    assert int(str(was).rsplit(":", 1)[1].split(".")[0]) > 400, "beyond the first page of the list"
    page.reload()
    expect(here).to_have_attribute("data-id", str(was))
    expect(here).to_be_in_viewport()
    page.get_by_role("link", name="Datasets", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Datasets")).to_be_visible()
    page.go_back()
    expect(here).to_have_attribute("data-id", str(was))
    page.get_by_label("Search texts").fill("number 1")
    expect(here).to_contain_text("text number 1")


def test_in_a_narrow_window_pages_are_behind_a_button_and_nothing_is_cut(windows: Callable[..., Watched]):
    one = windows("p/sample/")
    one.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for path in ("review/sample-notes", "datasets", "recipes/sample-reviews", "runs", "settings?tab=log"):
        page = one.open(path)
        wider = "document.documentElement.scrollWidth > innerWidth || main.scrollWidth > main.clientWidth"
        assert not page.evaluate(f"main = document.querySelector('main'), {wider}"), path
    button = page.get_by_role("button", name="Pages", exact=True)
    button.press("Enter")
    pages = page.get_by_role("navigation", name="Pages")
    expect(pages).to_be_visible()
    assert one.violations() == []
    page.keyboard.press("Escape")
    expect(pages).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    pages.get_by_role("link", name="Datasets", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Datasets")).to_be_visible()
    expect(pages).to_be_hidden()
    assert one.complaints == []
