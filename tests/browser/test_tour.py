"""docs/tour.md: its clicks, and its pictures. `make tour` takes them anew."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import expect

from served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = Path(__file__).parents[2] / "docs" / "tour"
ANEW = bool(os.environ.get("SEEDBED_TOUR"))
MOST = 12.0
"""How much a picture may differ on average of 255, seen from afar: dates and fonts, not another page."""

Shown = Callable[[str], None]


@pytest.fixture(scope="module")
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The studio over the sample project, whose recipe a script answers."""
    base = f"{served.url}/api/v1/recipes/sample-reviews"
    with urllib.request.urlopen(base) as answer:
        text = json.load(answer)["yaml"].replace("model: embedded", "model: scripted")
    body = json.dumps({"yaml": text}).encode()
    headers = {"Content-Type": "application/json", "If-Match": "*"}
    urllib.request.urlopen(urllib.request.Request(base, body, headers, method="PUT")).close()
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    opened = context.new_page()
    opened.goto(served.url)
    yield opened
    context.close()


@pytest.fixture
def shown(page: Page) -> Shown:
    """Takes a picture of the page, or compares it with that of the docs."""

    def take(name: str) -> None:
        page.wait_for_load_state("networkidle") if name == "projects" else page.wait_for_timeout(700)
        taken = page.screenshot()
        path = PICTURES / f"{name}.png"
        if ANEW:
            Image.open(BytesIO(taken)).convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(
                path, optimize=True
            )
            return
        assert path.is_file(), f"{path.name} is missing: make tour"
        size = (160, 100)
        before, now = (Image.open(one).convert("L").resize(size) for one in (path, BytesIO(taken)))
        differs = ImageStat.Stat(ImageChops.difference(before, now)).mean[0]
        assert differs < MOST, f"{path.name} does not show the page any more ({differs:.1f}): make tour"

    return take


def go(page: Page, name: str) -> None:
    """Opens a page of the sidebar."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_tour_can_be_gone(page: Page, shown: Shown):
    expect(page.get_by_role("heading", name="Projects", level=1)).to_be_visible()
    shown("projects")
    page.get_by_text("Sample project").first.click()

    go(page, "Recipes")
    page.get_by_role("link", name="sample-reviews").click()
    expect(page.get_by_text("12 records").first).to_be_visible()
    shown("recipe")

    page.get_by_role("button", name="Generate", exact=True).click()
    expect(page).to_have_url(re.compile("/runs/sample-reviews-1"))
    expect(page.get_by_text("complete", exact=True).first).to_be_visible(timeout=30_000)
    shown("run")

    go(page, "Review")
    if not re.search("/review/.+", page.url):
        page.get_by_role("link", name="sample-notes").first.click()
    page.goto(re.sub(r"/review.*", "/review/sample-notes", page.url))
    hand_over = page.get_by_role("button", name=re.compile(r"Hand over \d+ approved"))
    expect(hand_over).to_have_text(re.compile("Hand over 13 approved"))
    page.locator("[data-id]").first.wait_for()  # rows that are there, not their places
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(hand_over).to_have_text(re.compile("Hand over 14 approved"))
    shown("review")

    hand_over.click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Hand over")).click() if page.get_by_role(
        "dialog"
    ).count() else None
    go(page, "Tasks")
    expect(page.get_by_role("heading", name="Tasks", level=1)).to_be_visible()
    shown("tasks")

    go(page, "Augment")
    expect(page.get_by_text("41 transforms")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("after", exact=True).first).to_be_visible(timeout=30_000)
    shown("augment")

    go(page, "Quality")
    page.get_by_role("button", name="Make a report").click()
    expect(page.get_by_role("heading", name="Balance").first).to_be_visible(timeout=60_000)
    shown("quality")

    go(page, "Connections")
    shown("connections")


def test_every_picture_of_the_tour_is_taken():
    text = (PICTURES.parent / "tour.md").read_text("utf-8")
    named = set(re.findall(r"\]\(tour/(\w+)\.png\)", text))
    assert named == {path.stem for path in PICTURES.glob("*.png")}
    assert named == set(re.findall(r'shown\("(\w+)"\)', Path(__file__).read_text("utf-8")))
