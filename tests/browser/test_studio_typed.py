"""What is typed in the studio is kept, and where it cannot be taken the field says why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, expect

from served import Served
from watched import Watched, get, post

RECIPE = """name: replies
model: {"scripted:a": 1, "scripted:b": 2}
generator:
  kind: classification
  instruction: one reply
  count: 12
  labels: {polite: nice, rude: not nice}
  ratios: {label: {rude: 2}}
  examples: [{text: Go away., label: rude}]
  axes: {tone: [warm, cool], place: [shop]}
"""
TEXT = "Ann asked where the parcel is and nobody knew."


@pytest.fixture(scope="module")
def filled(served: Served) -> Served:
    """With a recipe, and a dataset in which one text stands three times and once otherwise."""
    post(served, "recipes", {"yaml": RECIPE, "project": "default"})
    rows = [{"text": TEXT, "label": label} for label in ("a", "a", "b")]
    rows.append(
        {"text": TEXT.replace("nobody", "Bob"), "label": "a", "spans": [{"start": 0, "end": 3, "label": "PER"}]}
    )
    kept(served, "asked", rows)
    return served


def kept(served: Served, name: str, rows: list[dict[str, object]]) -> None:
    """Imports records as a dataset."""
    bound, lines = "cut", "".join(json.dumps(row) + "\n" for row in rows)
    parts = [
        f'--{bound}\r\nContent-Disposition: form-data; name="name"\r\n\r\n{name}\r\n',
        f'--{bound}\r\nContent-Disposition: form-data; name="file"; filename="{name}.jsonl"\r\n\r\n{lines}\r\n',
        f"--{bound}--\r\n",
    ]
    post(served, "imports", "".join(parts).encode(), f"multipart/form-data; boundary={bound}")


@pytest.fixture
def watched(windows: Callable[..., Watched], filled: Served) -> Iterator[Callable[..., Watched]]:
    return windows


def says(field: Locator, words: str, typed: str) -> None:
    """Whether a field says why beside it and keeps what was typed."""
    expect(field).to_have_value(typed)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field.locator("xpath=ancestor::*[contains(@class, 'InputWrapper')][1]")).to_contain_text(words)


def test_a_name_that_is_there_already_stays_in_its_field_with_the_reason(watched: Callable[..., Watched]):
    one = watched("p/default/")
    page = one.open("recipes/replies")
    label = page.get_by_role("textbox", name="Label 2: name")
    label.fill("polite")
    says(label, "“polite” is there already", "polite")
    assert one.violations() == []
    label.press_sequentially("r")
    expect(page.get_by_text("is there already")).to_have_count(0)
    expect(page.get_by_label("The recipe as YAML")).to_contain_text("{text: Go away., label: politer}")
    expect(page.get_by_label("The recipe as YAML")).to_contain_text("{label: {politer: 2}}")
    page.get_by_role("button", name="Take away the label politer").click()
    expect(page.get_by_label("The recipe as YAML")).not_to_contain_text("politer: 2")
    page.get_by_role("button", name="More settings 1 set").click()
    for field, name in (("Further axes: name 2", "tone"), ("Tone: name 2", "warm")):
        page.get_by_role("textbox", name=field).fill(name)
        says(page.get_by_role("textbox", name=field), f"“{name}” is there already", name)
    model = page.get_by_role("combobox", name="Model: scripted:b")
    model.fill("scripted:a")
    expect(page.get_by_text("“scripted:a” is there already")).to_be_visible()
    columns = page.get_by_role("combobox", name="Distinct in")
    for _ in range(2):
        columns.fill("text")
        columns.press("Enter")
    expect(page.get_by_text("“text” is there already")).to_be_visible()
    expect(columns).to_have_value("text")


def test_an_edit_and_a_note_outlive_a_reload_and_no_text_is_emptied(watched: Callable[..., Watched], filled: Served):
    one = watched("p/default/")
    page = one.open("review/asked")
    rows = page.locator("[data-id]")
    rows.nth(3).click()
    page.keyboard.press("e")
    field = page.get_by_role("textbox", name="text", exact=True)
    field.fill("")
    page.keyboard.press("Control+Enter")
    says(field, "A record needs its text.", "")
    field.fill(f"Today {TEXT}")
    page.reload()
    unfinished = page.get_by_test_id("unfinished")
    expect(unfinished).to_contain_text("What you typed in 1 place is not saved yet: the text of asked-1:")
    assert one.violations() == []
    unfinished.get_by_role("button", name="Go on with it").click()
    expect(field).to_have_value(f"Today {TEXT}")
    rows.nth(0).click()
    expect(unfinished).to_be_visible()
    unfinished.get_by_role("button", name="Go on with it").click()
    field.press("Control+Enter")
    expect(page.get_by_test_id("saved")).to_have_text("all saved")
    expect(unfinished).to_have_count(0)
    page.keyboard.press("n")
    page.get_by_role("textbox", name="Note").fill("ask Ann")
    page.goto(f"{filled.url}/p/default/runs")
    page.goto(f"{filled.url}/p/default/review/asked")
    page.get_by_test_id("unfinished").get_by_role("button", name="Go on with it").click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("ask Ann")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("saved")).to_have_text("all saved")
    [found] = get(filled, "records", dataset="asked", q="Today")["items"]
    assert (found["note"], found["spans"][0]["start"]) == ("ask Ann", 6)


def test_the_likest_records_are_told_apart_and_open(watched: Callable[..., Watched], filled: Served):
    one = watched("p/default/")
    first, same, other, _ = [row["id"] for row in get(filled, "records", dataset="asked")["items"]]
    page = one.open(f"review/asked?record={quote(first)}")
    likes = page.get_by_role("group", name="Which one is shown beside it")
    expect(likes.get_by_role("button")).to_have_count(3)
    said = [" ".join(button.inner_text().split()) for button in likes.get_by_role("button").all()]
    assert said[:2] == ["100 % word for word a", "100 % word for word b"]
    assert "“" in said[2]
    assert one.violations() == []
    likes.get_by_role("button").nth(1).click()
    page.get_by_role("link", name=other).click()
    expect(page.locator("[data-here=true]")).to_have_attribute("data-id", other)
    assert same != other
    assert one.complaints == []
