"""The studio's pages in a browser: they open, everybody can use them, nothing is asked of other machines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from seedbed.testing.server import Settings, running_server
from served import Served
from watched import Watched, post, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = {
    "projects": "Projects",
    "p/default/recipes": "Recipes",
    "p/default/recipes/new": "New recipe",
    "p/default/recipes/new/classification": "New recipe",
    "p/default/recipes/shop-reviews": "shop-reviews",
    "p/default/templates": "Templates",
    "p/default/templates/new": "New template",
    "p/default/templates/greeting": "greeting",
    "p/default/runs": "Runs",
    "p/default/runs/shop-reviews-1": "shop-reviews-1",
    "p/default/connections": "Connections",
    "p/default/settings": "Settings",
    "p/default/settings?tab=people": "Settings",
    "p/default/settings?tab=tokens": "Settings",
    "p/default/settings?tab=retention": "Settings",
    "p/default/settings?tab=log": "Settings",
    "p/default/settings?tab=about": "Settings",
}
RECIPE = """# what a shop hears
name: shop-reviews
model: scripted:a  # answers at once

generator:
  kind: classification
  instruction: one review of an online shop
  count: 12
  labels:
    praise: says what is good
    complaint: says what is wrong  # never rude
"""
TEMPLATE = {"prompt": "Greet {name} in {city}.", "values": {"name": ["Ann", "Bo"]}}


@pytest.fixture(scope="module")
def filled(served: Served) -> Served:
    """With a recipe, its run, a template and a connection."""
    post(served, "recipes", {"yaml": RECIPE, "project": "default"})
    post(served, "runs", {"recipe": "shop-reviews", "project": "default"})
    post(served, "templates", {"name": "greeting", "document": TEMPLATE, "project": "default"})
    post(served, "connections", {"name": "mine", "provider": "openai", "key": "sk-of-the-test-1234"})
    return served


@pytest.fixture
def watched(windows: Callable[..., Watched], filled: Served) -> Callable[..., Watched]:
    """Opens a page of the studio."""
    return windows


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_opens_without_complaint_and_can_be_used_by_all(watched: Callable[..., Watched], scheme: str):
    one = watched(color_scheme=scheme)
    found = {}
    for path, title in PAGES.items():
        page = one.open(path)
        page.locator("h1", has_text=re.compile(title)).wait_for()
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.title().endswith("· Seedbed")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the window"
        found[path] = one.violations()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert one.complaints == []
    assert one.outside == []


def test_everything_in_a_project_is_found_and_opened_by_keys(watched: Callable[..., Watched]):
    from axe_playwright_python.sync_playwright import Axe

    one = watched()
    page = one.open("p/default/settings")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search everything in this project")
    assert page.get_by_role("option").all_inner_texts()[0] == "Recipes", "the pages, while nothing is typed"
    page.keyboard.type("shop")
    page.get_by_role("group", name="Runs").get_by_role("option").wait_for()
    assert page.get_by_role("group", name="Recipes").inner_text().split("\n")[1:] == ["shop-reviews"]
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/recipes/shop-reviews$"))
    expect(field).to_have_count(0)
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("no such word")
    page.get_by_text("Nothing here has “no such word”.").wait_for()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    page.route("**/api/v1/search*", lambda route: route.fulfill(status=500, json={"detail": "It broke.", "hint": ""}))
    page.get_by_role("button", name="Search").click()
    page.keyboard.type("sho")
    page.get_by_role("alert").get_by_text("It broke.").wait_for()
    page.unroute("**/api/v1/search*")
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("option", name="shop-reviews-1", exact=True).first.click()
    expect(page).to_have_url(re.compile("/datasets/shop-reviews-1$"))


def test_a_button_pressed_too_early_says_what_is_missing_beside_the_field(watched: Callable[..., Watched]):
    one = watched()
    page = one.open("p/default/connections")
    page.get_by_role("button", name="Add a connection").first.click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("combobox", name="Provider")).to_be_focused()
    expect(page.get_by_role("combobox", name="Provider")).to_have_accessible_description("Choose a provider first.")
    page.get_by_text("A connection needs a name.").wait_for()
    page = one.open("p/default/templates/new")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("A template needs a name.").wait_for()
    page.get_by_role("textbox", name="Name").fill("letters")
    page.get_by_text("Write the prompt first.").wait_for()
    page = one.open("p/default/recipes/new/classification")
    page.get_by_role("textbox", name="Name", exact=True).fill("")
    page.get_by_role("button", name="Generate", exact=True).click()
    page.locator(".sb-note[data-error]").wait_for()
    expect(page.locator(".sb-recipe-form [aria-invalid=true]").first).to_be_focused()
    page = one.open("p/default/recipes/new/self_instruct")
    form, number = page.locator(".sb-recipe-form"), page.get_by_role("textbox", name="Number of records")
    number.fill("")
    number.press_sequentially("9999999999999999999")
    form.get_by_text("Must be at most 1,000,000,000,000").wait_for()  # also of a step
    expect(number).to_have_value("9,999,999,999,999,999,999")
    page.get_by_role("tab", name="Step 1: Tasks").click()
    page.get_by_role("tab", name="Step 2: New instructions from a few · 1 to mend").wait_for()
    page.get_by_role("button", name="Preview three").click()
    expect(number).to_be_focused()
    page = one.open("p/default/recipes/new/structured")
    page.get_by_role("textbox", name="Fields").fill('{"order": ')
    page.get_by_role("button", name="Generate", exact=True).click()
    page.get_by_text("What one field holds is not in the recipe yet.").wait_for()
    page = one.open("p/default/recipes/new/classification")
    page.get_by_role("textbox", name="Text", exact=True).nth(1).fill("")
    expect(page.get_by_role("textbox", name="Text", exact=True).nth(1)).to_have_accessible_description(
        "Must not be empty."
    )
    for path in ("p/default/recipes/shop-reviews", "p/default/runs/shop-reviews-1", "p/default/settings?tab=people"):
        assert one.open(path).locator("[disabled]").count() == 0, path
    assert one.complaints == []


def test_a_recipe_is_written_by_form_tried_run_and_watched(watched: Callable[..., Watched]):
    one = watched()
    page = one.open("p/default/recipes")
    page.get_by_role("link", name="New recipe").click()
    page.get_by_role("link", name=re.compile("^Texts with labels")).click()
    page.get_by_role("combobox", name="Model").fill("scripted:a")
    page.get_by_role("textbox", name="Name", exact=True).fill("by-form")
    page.get_by_role("textbox", name="Number of records").fill("9")
    yaml = page.get_by_label("The recipe as YAML")
    yaml.get_by_text("name: by-form").wait_for()
    page.get_by_role("button", name="Preview three").click()
    page.get_by_text("Prompt and answer").nth(2).wait_for()
    page.get_by_role("button", name="Generate", exact=True).click()
    page.get_by_text("9 of 9 accepted").wait_for()
    page.get_by_text("All that was asked for is there.").wait_for()
    assert page.locator(".sb-latest li").count() == 9
    assert page.get_by_role("link", name="Review", exact=True).first.is_enabled()
    assert one.complaints == []


def test_a_preview_shows_each_text_when_it_is_there_and_can_be_stopped(
    watched: Callable[..., Watched], filled: Served, recipe_on: Any
):
    with running_server(Settings(latency=2)) as server:
        post(filled, "recipes", {"document": recipe_on(server.url, 12, concurrency=1) | {"name": "looked-at"}})
        one = watched()
        page = one.open("p/default/recipes/looked-at")
        page.get_by_role("button", name="Preview three").click()
        while not server.stats()["in_flight"]:
            page.wait_for_timeout(20)
        server.change(latency=600)  # the first answers after two seconds, the second never does
        page.get_by_text("1 of 3 texts are there.").wait_for()
        assert page.get_by_text("Prompt and answer").count() == 1
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_text("Stopped: 1 of 3 texts are there.").wait_for()
        while server.stats()["in_flight"]:
            page.wait_for_timeout(20)
    assert one.complaints == []


def test_form_and_yaml_follow_each_other_and_comments_stay(watched: Callable[..., Watched]):
    page = watched().open("p/default/recipes/shop-reviews")
    slider = page.get_by_role("slider", name="Weight of complaint")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_text("8 records").wait_for()
    editor = page.locator(".cm-content")
    editor.get_by_text("complaint: 2").wait_for()
    text = editor.inner_text()
    assert "# what a shop hears" in text
    assert "# never rude" in text
    editor.get_by_text("count: 12").click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("30")
    page.get_by_text("20 records").wait_for()
    assert page.get_by_role("textbox", name="Number of records").input_value() == "30"
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("many")
    page.get_by_role("list", name="What is wrong").get_by_role("button", name="Line 8").wait_for()
    page.keyboard.type(": [")
    page.get_by_text("The form rests until it can").wait_for()  # and cannot say something else meanwhile
    assert page.locator(".sb-recipe-form").evaluate("form => form.inert")


def test_a_form_shows_what_its_generator_needs_wherever_that_stands_in_the_recipe(watched: Callable[..., Watched]):
    page = watched().open("p/default/recipes/new/annotate")
    expect(page.get_by_role("tab", name="Step 2: Labels for texts you have")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("messages", exact=True).first).to_be_visible()  # `inputs: messages`, without a list
    expect(page.get_by_role("slider")).to_have_count(1)  # the temperature: what the texts have is not shared out
    page.goto(page.url.replace("annotate", "dialogue"))
    expect(page.locator(".sb-recipe-form").get_by_text("a patient mechanic who asks")).to_be_visible()  # without a list
    page.goto(page.url.replace("dialogue", "rows"))
    page.get_by_role("tab", name="Step 3: Answers").click()
    page.get_by_role("textbox", name="Prompt").wait_for()  # of `add`, not of `generator`
    page.goto(page.url.replace("rows", "multilingual"))
    page.get_by_role("combobox", name="What is made in each language").click()
    page.get_by_role("option", name="Texts from one prompt").click()
    page.get_by_role("textbox", name="Prompt").fill("Write a note to a neighbour.")
    page.locator(".cm-content").get_by_text("prompt: Write a note to a neighbour.").wait_for()


def test_weights_show_the_whole_counts_they_come_to(watched: Callable[..., Watched]):
    one = watched("p/default/recipes/new/")
    for kind, shown in (
        ("multilingual", "4 records, 2 records, 2 records, 8 records, 4 records, 4 records"),
        ("adversarial", "10 records, 5 records, 5 records, 4 records, 4 records, 2 records"),
        ("template", "8 records, 4 records, 6 records, 6 records"),
        ("rag_qa", "6 records"),
        ("entities", "12 mentions, 8 mentions, 4 mentions"),
    ):
        form = one.open(kind).locator(".sb-recipe-form")
        form.get_by_text(shown.split(", ")[-1]).first.wait_for()
        assert ", ".join(re.findall(r"\d+ (?:record|mention)s?", form.inner_text())) == shown, kind
    page = one.page
    slider = page.get_by_role("slider", name="Weight of CITY")
    for key, shown in (("ArrowRight", "6 mentions"), ("ArrowLeft", "4 mentions")):
        for _ in range(2):
            slider.press(key)
        page.get_by_text(shown).first.wait_for()
    expect(page.locator(".cm-content")).to_contain_text("mentions: {PERSON: 2, CITY: 1}")  # left out it is never named


def test_what_was_typed_survives_a_server_that_was_killed(watched: Callable[..., Watched], filled: Served):
    page = watched().open("p/default/recipes/shop-reviews")
    field = page.get_by_role("textbox", name="What to write")
    field.fill("one letter to a shop")
    filled.kill()
    try:
        field.press_sequentially(" by post")
        page.get_by_text("The server does not answer; trying again").wait_for()
        assert field.input_value() == "one letter to a shop by post"
    finally:
        filled.start()
    page.get_by_text("The server does not answer; trying again").wait_for(state="detached")
    page.get_by_text(re.compile("12 records · about")).wait_for()
    page.reload()
    assert page.get_by_role("textbox", name="What to write").input_value() == "one letter to a shop by post"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("shop-reviews is saved.").wait_for()


def test_a_connection_says_in_words_whether_it_works_and_never_shows_its_key(watched: Callable[..., Watched]):
    page = watched().open("p/default/connections")
    page.get_by_text("key … 1234").wait_for()
    page.get_by_role("button", name="Add a connection").click()
    for provider, name in (("Anthropic", "anthropic"), ("OpenAI, and", "openai")):
        page.get_by_role("combobox", name="Provider").click()
        page.get_by_role("option", name=provider).click()
        expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(name)  # until one is typed
    page.get_by_role("textbox", name="Name", exact=True).fill("dead")
    page.get_by_role("textbox", name="Address").fill("http://127.0.0.1:9/v1")
    page.get_by_role("textbox", name="Key", exact=True).fill("sk-another-of-the-test")
    page.get_by_role("button", name="Validate").click()
    expect(page.get_by_text("Unreachable")).to_be_in_viewport()
    page.get_by_role("button", name="Prices").click()
    page.get_by_role("button", name="Add a price").click()
    page.get_by_role("combobox", name="Model", exact=True).fill("writer")
    page.get_by_role("textbox", name="Sent").fill("0.5")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("0 if it is free").wait_for()
    page.get_by_role("textbox", name="Written").fill("1.5")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("dead is saved.").wait_for()
    assert "sk-another" not in page.content()
    assert "sk-another" not in page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")


def test_a_saved_connection_is_validated_where_it_stands_changed_and_set_free_again(
    watched: Callable[..., Watched], filled: Served
):
    prices = {"writer": {"input": 0.5, "output": 1.5}}
    body = {"name": "kept", "provider": "openai", "base_url": "http://127.0.0.1:9/v1", "prices": prices}
    post(filled, "connections", body)
    page = watched().open("p/default/connections")
    page.get_by_role("button", name="Validate kept").click()
    page.get_by_text("Unreachable").wait_for()
    page.get_by_role("button", name="Edit kept").click()
    address = page.get_by_role("textbox", name="Address")
    address.fill("http://127.0.0.1:7/v1")
    page.get_by_role("button", name="Validate").click()
    page.get_by_text("127.0.0.1:7 cannot be reached").wait_for()  # what is typed, not what is saved
    address.fill("nowhere")
    page.get_by_role("button", name="Validate").click()
    expect(address).to_have_accessible_description(re.compile("Must be a web address"))
    expect(address).to_be_focused()
    page.get_by_role("button", name="Back").click()
    for typed, shown in (("60", 1), ("", 0)):
        page.get_by_role("button", name="Edit kept").click()
        page.get_by_role("button", name="Limits").click()
        page.get_by_role("textbox", name="Requests a minute").fill(typed)
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Edit kept").wait_for()
        expect(page.get_by_text("60 requests a minute")).to_have_count(shown)


def test_a_template_is_tried_with_values_and_keeps_its_versions(watched: Callable[..., Watched]):
    page = watched().open("p/default/templates/greeting")
    page.get_by_role("textbox", name="name", exact=True).fill("Cem")
    page.get_by_role("textbox", name="city", exact=True).fill("Oslo")
    page.get_by_role("button", name="Put the values in").click()
    page.get_by_text("Greet Cem in Oslo.").wait_for()
    page.get_by_role("textbox", name="Prompt").fill("Greet {name} warmly in {city}.")
    page.get_by_role("button", name="Save as a new version").click()
    page.get_by_text("Version 2").first.wait_for()
    page.get_by_role("combobox", name="Version").click()
    page.get_by_role("option", name=re.compile("Version 1")).click()
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("Greet {name} in {city}.")
    page.goto(page.url.split("/templates")[0] + "/recipes/new")
    page.get_by_role("combobox", name="From a template of this project").click()
    page.get_by_role("option", name="greeting").click()
    expect(page.get_by_role("combobox", name="Saved template")).to_have_value("greeting")
    page.locator(".sb-panel", has_text="City").get_by_role("button", name="Add a row").click()
    page.keyboard.type("Oslo")  # without a click into the new field
    page.locator(".cm-content").get_by_text(re.compile('Oslo"?: 1')).wait_for()


def test_a_project_is_made_edited_and_deleted(watched: Callable[..., Watched]):
    page = watched().open("projects")
    page.get_by_role("button", name="New project").click()
    page.get_by_role("textbox", name="Title").fill("Letters")
    page.get_by_role("button", name="Make the project").click()
    page.get_by_role("heading", name="Recipes").wait_for()
    page.get_by_role("link", name="Seedbed").click()
    page.get_by_role("button", name="Edit Letters").click()
    page.get_by_role("textbox", name="Description").fill("What people write.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("What people write.").wait_for()
    page.get_by_role("button", name="Edit Letters").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete the project").click()
    page.get_by_role("link", name="Letters").wait_for(state="detached")


def test_two_who_change_one_recipe_see_both_texts(watched: Callable[..., Watched], filled: Served):
    post(filled, "recipes", {"yaml": RECIPE.replace("shop-reviews", "shared"), "project": "default"})
    first, second = (watched().open("p/default/recipes/shared") for _ in range(2))
    for page, words in ((first, "one letter"), (second, "one postcard")):
        page.get_by_role("textbox", name="What to write").fill(words)
    first.get_by_role("button", name="Save").click()
    first.get_by_text("shared is saved.").wait_for()
    second.get_by_role("button", name="Save").click()
    both = second.get_by_role("dialog", name="Changed by someone else")
    both.get_by_label("Your text").get_by_text("one postcard").wait_for()
    both.get_by_label("The saved text").get_by_text("one letter").wait_for()
    both.get_by_role("button", name="Keep mine, save again").click()
    second.get_by_role("button", name="Save").click()
    second.get_by_text("shared is saved.").wait_for()


def test_two_who_change_the_settings_see_what_the_other_set(watched: Callable[..., Watched]):
    first, second = (watched().open("p/default/settings?tab=retention") for _ in range(2))
    for page, days in ((first, "30"), (second, "60")):
        page.get_by_role("textbox", name="Days to keep").fill(days)
    # What the other set comes with the refusal itself: nothing is to be asked for again.
    second.route(
        "**/api/v1/settings", lambda asked: asked.abort() if asked.request.method == "GET" else asked.continue_()
    )
    first.get_by_role("button", name="Save").click()
    first.get_by_text("The settings are saved.").wait_for()
    second.get_by_role("button", name="Save").click()
    second.get_by_role("alert").get_by_text("What is set was changed meanwhile.").wait_for()
    second.get_by_text("traces are kept for 30 days").wait_for()
    expect(second.get_by_role("textbox", name="Days to keep")).to_have_value("60")
    second.get_by_role("button", name="Save").click()
    second.get_by_text("The settings are saved.").wait_for()
    expect(second.get_by_text("traces are kept for 30 days")).to_have_count(0)


def test_a_run_is_paused_and_goes_on_and_one_of_another_process_appears_by_itself(
    watched: Callable[..., Watched], filled: Served
):
    one = watched()
    page = one.open("p/default/runs")
    long = RECIPE.replace("shop-reviews", "long").replace("count: 12", "count: 300000")
    post(filled, "recipes", {"yaml": long, "project": "default"})
    post(filled, "runs", {"recipe": "long", "project": "default"})
    page.get_by_role("link", name="long-1").click()
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("Paused: nothing is asked until it is resumed.").wait_for()
    page.get_by_role("button", name="Resume").click()
    page.get_by_text(re.compile("a (second|minute)$")).wait_for()  # it is driven again
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel the run").click()
    page.get_by_text("It was cancelled; what was accepted is kept.").wait_for()
    page.get_by_role("button", name="The recipe of this run").click()
    page.get_by_label("The recipe of this run").get_by_text("count: 300000").wait_for()
    assert one.complaints == []


@pytest.fixture
def locked(tmp_path: Path, served: Served) -> Iterator[Served]:
    """A server that wants to know who is there; ann may come in."""
    server = Served(tmp_path)
    try:
        server.start()
        post(server, "users", {"name": "ann", "password": "a long word to enter", "owner": True})
        server.kill()
        server.start("--login")
        yield server
    finally:
        server.kill()


def test_where_a_login_is_asked_for_the_studio_shows_nothing_before_it(browser: Browser, locked: Served):
    page = browser.new_page()
    page.goto(f"{locked.url}/p/default/runs")
    page.get_by_role("heading", name="Log in to Seedbed").wait_for()
    assert violations(page) == []
    page.get_by_role("textbox", name="Name").fill("ann")
    page.get_by_label("Password").first.fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Password").first.fill("a long word to enter")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Runs").wait_for()
    page.get_by_role("button", name="ann").click()
    page.get_by_role("menuitem", name="Log out").click()
    page.get_by_role("heading", name="Log in to Seedbed").wait_for()
    page.close()
