"""Augment and Quality in a browser: shares become exactly so many records, and bars open the records behind them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from playwright.sync_api import expect

from seedbed.testing.server import Settings, running_server
from served import Served
from watched import Watched, get, import_file, post

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

SAYS = {
    "refund": ["I want my money back", "please return the amount you charged", "when do I get the refund"],
    "delivery": ["the parcel has not arrived", "the driver left it at the wrong door", "where is my shipment"],
    "login": ["my password does not work", "the site locks me out", "I cannot sign in any more"],
}
ENDS = ["since Monday", "for the lamp", "after the update", "for order 113", "as promised", "for my mother", "again"]
PEOPLE, PLACES = ["Ann Lee", "Tom Cole", "Maria Lopez", "Bo Ek"], ["Paris", "Oslo", "Rome"]
TICKETS = 120
CSV = "template,n,label\n{PER} lives in {LOC}.,7,home\n{PER_1} met {PER_2}.,5,meeting\n"
JSON = ["{PER} lives in {LOC}.", {"template": "{A:JOB} came from {LOC}.", "n": 4}]


def tickets() -> str:
    """Texts whose labels can be learned, every twelfth of them wrong; some say nearly the same."""
    rng = Random(4)
    lines = ["text,label,channel"]
    for number in range(TICKETS):
        label = [*SAYS][number % 3]
        text = f"{rng.choice(SAYS[label])} {rng.choice(ENDS)} {rng.randrange(99)} {rng.choice(ENDS)}"
        lines.append(f"{text},{rng.choice([*SAYS]) if number % 12 == 0 else label},{('mail', 'phone')[number % 2]}")
    return "\n".join(lines)


def people() -> str:
    """Texts with two entities each."""
    lines = []
    for who in PEOPLE:
        for place in PLACES:
            text = f"{who} moved to {place} & <b>stayed</b>."
            start = text.index(place)
            spans = [
                {"start": 0, "end": len(who), "label": "PER"},
                {"start": start, "end": start + len(place), "label": "LOC"},
            ]
            lines.append(json.dumps({"text": text, "spans": spans}))
    return "\n".join(lines)


def records(served: Served, dataset: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = get(served, "records", dataset=dataset, limit=200, cursor=cursor)
        found += page["items"]
        if not page["next"]:
            return found
        cursor = page["next"]


@pytest.fixture(scope="module")
def seeded(served: Served) -> Served:
    """With labelled tickets, and people and places marked in texts."""
    import_file(served, "tickets", "tickets.csv", tickets())
    import_file(served, "people", "people.jsonl", people())
    return served


@pytest.fixture
def watched(windows: Callable[..., Watched], seeded: Served) -> Callable[..., Watched]:
    """Opens a page of the default project."""
    return partial(windows, "p/default/")


def card(page: Page, kind: str) -> Locator:
    return page.locator(f"[data-kind={kind}]")


def share(page: Page, kind: str, percent: int) -> Locator:
    """Sets the share of a transform."""
    one = card(page, kind)
    one.get_by_label(re.compile("percent$")).and_(one.get_by_role("textbox")).fill(str(percent))
    return one


def test_shares_ask_for_whole_numbers_of_copies_and_so_many_are_made(watched: Callable[..., Watched]):
    one = watched()
    page = one.open("augment?dataset=tickets")
    page.get_by_role("searchbox").or_(page.get_by_label("Search transforms")).fill("capitals")
    expect(share(page, "uppercase", 33).locator("[data-count]")).to_have_text("40 copies")
    page.get_by_label("Search transforms").fill("typing")
    page.get_by_label("Use Typing slips").check()
    expect(card(page, "add_typo").locator("[data-count]")).to_have_text("24 copies")
    page.get_by_text("New", exact=True).click()
    page.get_by_label("Into the dataset").fill("noisy")
    page.get_by_role("button", name="Plan as YAML").click()
    plan = yaml.safe_load(page.get_by_label("Plan as YAML").input_value())
    assert {row["kind"]: row["max_proportion"] for row in plan["transforms"]} == {"uppercase": 0.33, "add_typo": 0.2}
    page.get_by_role("button", name="Augment: make 64 copies").click()
    rows = page.get_by_label("Result").locator("tbody tr")
    expect(rows).to_have_count(2)
    assert {row.locator("td").nth(3).inner_text() for row in rows.all()} == {"40", "24"}
    made = records(one.served, "noisy")
    assert sum("uppercase" in row["tags"] for row in made) == 40
    assert sum("add_typo" in row["tags"] for row in made) == 24
    assert len(made) == 64
    assert all(row["text"] == row["text"].upper() for row in made if "uppercase" in row["tags"])
    page.get_by_role("link", name="Review them").click()
    page.wait_for_url("**/review/noisy")
    assert one.outside == []


def test_the_command_line_makes_the_same_copies_of_the_plan_as_yaml(watched: Callable[..., Watched], tmp_path: Path):
    one = watched()
    page = one.open("augment?dataset=people")
    page.get_by_label("Search transforms").fill("small letters")
    share(page, "lowercase", 50)
    page.get_by_text("New", exact=True).click()
    page.get_by_label("Into the dataset").fill("small")
    page.get_by_role("button", name="Plan as YAML").click()
    plan, out = tmp_path / "plan.yaml", tmp_path / "out.jsonl"
    plan.write_text(page.get_by_label("Plan as YAML").input_value())
    page.get_by_role("button", name="Augment: make 6 copies").click()
    page.get_by_label("Result").wait_for()
    command = [sys.executable, "-m", "seedbed", "augment", "people", "--plan", str(plan), "-o", str(out)]
    subprocess.run([*command, "--workspace", str(one.served.workspace)], check=True, capture_output=True)
    told = [json.loads(line) for line in out.read_text().splitlines()]
    assert sorted(row["text"] for row in told) == sorted(row["text"] for row in records(one.served, "small"))


def test_a_card_shows_before_and_after_on_a_record_with_its_spans_and_what_changed(watched: Callable[..., Watched]):
    page = watched().open("augment?dataset=people")
    page.get_by_label("Search transforms").fill("all capitals")
    live = card(page, "uppercase").locator("[data-live]")
    live.wait_for()
    expect(live.locator("dd").first).to_have_text(re.compile("moved to .* & <b>stayed</b>\\."))
    expect(live.locator("ins mark").first).to_have_text(re.compile("^[A-Z]+$"))
    assert live.locator("del mark").first.get_attribute("title") == "PER"
    card(page, "uppercase").get_by_role("button", name="More examples").click()
    expect(card(page, "uppercase").locator("[data-live]")).to_have_count(3)


def test_transforms_are_chained_and_all_of_a_chain_is_done(watched: Callable[..., Watched]):
    one = watched()
    page = one.open("augment?dataset=tickets")
    page.get_by_label("Search transforms").fill("typing slips")
    first = share(page, "add_typo", 10)
    first.get_by_placeholder("then …").click()
    page.get_by_role("option", name="All capitals").click()
    plan = page.get_by_label("What will be done")
    expect(plan).to_contain_text("Typing slips, then All capitals")
    page.get_by_text("New", exact=True).click()
    page.get_by_label("Into the dataset").fill("chained")
    page.get_by_role("button", name="Augment: make 12 copies").click()
    page.get_by_label("Result").wait_for()
    texts = [row["text"] for row in records(one.served, "chained")]
    before = {row["text"].upper() for row in records(one.served, "tickets")}
    assert len(texts) == 12
    assert all(text == text.upper() for text in texts)
    assert not set(texts) & before


def test_the_steps_of_a_chain_are_ordered_by_pointer_and_by_keys(watched: Callable[..., Watched]):
    page = watched().open("augment?dataset=people")
    page.get_by_label("Search transforms").fill("typing slips")
    first = share(page, "add_typo", 10)
    for place in (2, 5, 8):
        first.get_by_placeholder("then …").click()
        page.get_by_role("option").nth(place).click()
    steps = first.locator(".sb-step")
    expect(steps).to_have_count(3)
    begun = [one.split("\n")[0] for one in steps.all_inner_texts()]

    def order() -> list[int]:
        return [begun.index(one.split("\n")[0]) for one in steps.all_inner_texts()]

    grip, last = first.locator("[data-grip='0']").bounding_box(), steps.nth(2).bounding_box()
    assert grip is not None
    assert last is not None
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, last["y"] + last["height"] - 2, steps=6)
    expect(first.locator("[data-gap=after]")).to_have_count(1)
    page.mouse.up()
    expect(steps.nth(2)).to_contain_text(begun[0])
    assert order() == [1, 2, 0]
    first.locator("[data-grip='2']").press("ArrowUp")
    expect(first.locator("[data-grip='1']")).to_be_focused()
    assert order() == [1, 0, 2]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert order() == [0, 1, 2], "the first goes no further"


def test_shares_that_cannot_be_in_place_are_told_before_and_by_the_server(watched: Callable[..., Watched]):
    page = watched().open("augment?dataset=people")
    page.get_by_label("Search transforms").fill("letters")
    share(page, "uppercase", 70)
    share(page, "lowercase", 70)
    page.get_by_text("In place", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Lower the shares")
    page.get_by_role("button", name=re.compile("^Augment: make")).click()
    page.get_by_role("alert").filter(has_text="In place each record").nth(1).wait_for()


def test_sentences_come_from_files_are_filled_exactly_and_kept_as_a_template(watched: Callable[..., Watched]):
    one = watched()
    page = one.open("augment?dataset=people&tab=templatic")
    chosen = page.locator("input[type=file]")
    chosen.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": CSV.encode()})
    expect(page.locator("[data-sentence]")).to_have_count(2)
    chosen.set_input_files({"name": "b.json", "mimeType": "application/json", "buffer": json.dumps(JSON).encode()})
    expect(page.locator("[data-sentence]")).to_have_count(3)
    chosen.set_input_files({"name": "c.csv", "mimeType": "text/csv", "buffer": b"name,colour\na,b\n"})
    expect(page.get_by_label("Sentences from a file").get_by_role("alert")).to_contain_text("no column `template`")
    expect(page.locator("[data-sentence='1'] [data-count]")).to_have_text("7")
    expect(page.locator("[data-sentence='3']")).to_contain_text("no values for the slot {JOB}")
    page.get_by_role("textbox", name="Values of JOB").fill("nurse\nengineer\n")
    shown = page.get_by_label("First records")
    expect(shown.locator("mark[data-label=JOB]").first).to_have_text(re.compile("nurse|engineer"))
    page.get_by_label("Keep these as").fill("greetings")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Kept as greetings, version 1.").wait_for()
    assert len(get(one.served, "templates/greetings")["document"]["templates"]) == 3
    page.get_by_label("Into the dataset").fill("filled")
    page.get_by_role("button", name="Fill: make 16 records").click()
    page.get_by_label("Result").locator("tbody tr").nth(2).wait_for()
    made = records(one.served, "filled")
    assert len(made) == 16
    assert sorted(row["label"] for row in made) == [""] * 4 + ["home"] * 7 + ["meeting"] * 5
    known = {"PER": PEOPLE, "LOC": PLACES, "JOB": ["nurse", "engineer"]}
    for row in made:
        assert row["spans"]
        assert all(row["text"][span["start"] : span["end"]] in known[span["label"]] for span in row["spans"])


def test_a_sentence_is_typed_corrected_and_its_number_slid(watched: Callable[..., Watched]):
    page = watched().open("augment?dataset=people&tab=templatic")
    field = page.get_by_label("A sentence with slots")
    field.fill("{PER lives here.")
    field.press("Enter")
    page.get_by_text("A brace is opened and not closed.").wait_for()
    expect(page.locator("[data-sentence]")).to_have_count(0)
    field.fill("{PER} lives here.")
    expect(page.locator(".sb-slots-behind mark")).to_have_text("{PER}")
    field.press("Enter")
    row = page.locator("[data-sentence='1']")
    row.get_by_role("slider").press("ArrowRight")
    expect(row.locator("[data-count]")).to_have_text("11")
    row.get_by_role("button", name="Edit sentence 1").click()
    row.get_by_label("Sentence 1", exact=True).fill("{PER} left.")
    row.get_by_label("Sentence 1", exact=True).press("Enter")
    expect(row).to_contain_text("{PER} left.")
    page.reload()
    expect(page.locator("[data-sentence='1']")).to_contain_text("{PER} left.")


def test_a_model_proposes_sentences_that_are_looked_at_one_by_one(watched: Callable[..., Watched]):
    one = watched()
    with running_server(Settings(answers=("{PER} came back.", "{PER} sings."))) as model:
        body = {"name": "near", "provider": "openai", "base_url": model.url, "key": "sk-of-the-test"}
        post(one.served, "connections", body)
        page = one.open("augment?dataset=people&tab=templatic")
        page.get_by_label("A sentence with slots").fill("{PER} left.")
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_role("button", name="Proposals by a model").click()
        page.get_by_role("combobox", name="Model").fill("near:m")
        page.get_by_role("textbox", name="How many").fill("2")
        page.get_by_role("button", name="Propose sentences").click()
        page.get_by_label("Proposal 1 of 2").fill("{PER} came back today.")
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_label("Proposal 2 of 2")).to_have_value("{PER} sings.")
        page.get_by_role("button", name="Decline").click()
    page.get_by_text("All 2 proposals looked at.").wait_for()
    expect(page.locator("[data-sentence]")).to_have_count(2)
    expect(page.locator("[data-sentence='2']")).to_contain_text("{PER} came back today.")


def test_a_report_is_made_and_its_bars_open_the_records_behind_them(watched: Callable[..., Watched]):
    one = watched()
    page = one.open("quality/tickets")
    page.get_by_role("button", name="Options").click()
    page.get_by_role("combobox", name="Sections").click()
    for section in ("Balance", "Duplicates", "Label noise"):
        page.get_by_role("option", name=section).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Make a report").click()
    page.locator("section#balance").wait_for()
    expect(page.locator("section#diversity")).to_have_count(0)
    assert page.get_by_label("What it means").locator("li").first.get_attribute("data-level") == "bad"
    plot = page.locator("section#balance [role=img][data-drawn=true]").first
    plot.locator("canvas").wait_for()
    first = re.findall(r": (\w+) \d+", plot.get_attribute("aria-label") or "")[-1]
    box = plot.bounding_box()
    assert box
    plot.click(position={"x": box["width"] / 3, "y": 4 + (box["height"] - 30) / 6})
    page.wait_for_url(f"**/review/tickets?label={first}")
    page.go_back()
    page.get_by_role("figure", name=re.compile("^Channel")).get_by_role("button", name="As a table").click()
    page.get_by_role("button", name="phone", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("link", name="Open in Review")).to_have_count(20)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.locator("section#duplicates").get_by_role("button", name="As a table").first.click()
    page.locator("section#duplicates table a").first.click()
    page.wait_for_url(re.compile(r"/review/tickets\?duplicates=true&label="))
    page.go_back()
    alone = page.get_by_role("link", name="Open as a page of its own").get_attribute("href")
    with urllib.request.urlopen(f"{one.served.url}{alone}") as answer:
        assert b"<h1" in answer.read()
    page.get_by_role("button", name=re.compile(r"^Flag \d+ suspects")).click()
    page.get_by_role("link", name="Review the doubted labels").click()
    page.wait_for_url("**/review/tickets?doubted=true&sort=doubt")
    doubted = get(one.served, "records", dataset="tickets", doubted="true", limit=200)["items"]
    assert doubted
    assert all(row["suggested"] != row["label"] for row in doubted)
    page.go_back()
    page.get_by_role("link", name="Judge a random sample").click()
    page.wait_for_url("**/review/tickets?mode=spot-check")
    assert one.outside == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_augment_and_quality_open_without_complaint_and_can_be_used_by_all(
    watched: Callable[..., Watched], scheme: str
):
    one = watched(color_scheme=scheme)
    page = one.open("augment?dataset=people")
    page.locator("[data-live]").first.wait_for()
    share(page, "uppercase", 20)
    assert one.violations() == []
    page = one.open("augment?dataset=people&tab=templatic")
    page.get_by_label("A sentence with slots").fill("{PER} left {LOC}.")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("First records").wait_for()
    assert one.violations() == []
    page = one.open("quality/tickets")
    page.get_by_role("button", name="Make a report").or_(page.get_by_role("button", name="New report")).wait_for()
    assert one.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert one.complaints == []
    assert one.outside == []
