"""The report's page in a browser: nothing from outside, nothing over something else, readable for all."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

import seedbed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORDS = ["the", "parcel", "arrived", "late", "she", "doctor", "Germany", "asked", "support", "refund", "John", "never"]
OVERFLOWING = """() => [...document.querySelectorAll('h1,h2,h3,p,th,td,dt,dd,li,caption,summary,blockquote')]
    .filter(one => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
    .map(one => one.tagName + ' ' + one.textContent.slice(0, 60))"""
OVERLAPPING = """() => {
    const boxes = [...document.querySelectorAll('h1,h2,h3,p,tr,dt,dd,li,caption,summary,blockquote')]
        .filter(one => !one.querySelector('p,tr,dt,dd,li,blockquote'))
        .map(one => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width && box.height);
    const found = [];
    for (const [i, [a, one]] of boxes.entries()) for (const [b, other] of boxes.slice(i + 1))
        if (!a.contains(b) && !b.contains(a)
            && Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
            && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1)
            found.push(a.textContent.slice(0, 40) + ' / ' + b.textContent.slice(0, 40));
    return found;
}"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every section that needs no model, with awkward labels and texts."""
    rng = Random(4)
    labels = ["polite", "a label that is rather long for a table", "<b>bold</b>", "неизвестно"]

    def records(count: int) -> list[seedbed.Record]:
        return [
            seedbed.Record({"text": " ".join(rng.choices(WORDS, k=14)), "label": labels[n % 4], "model": f"m{n % 2}"})
            for n in range(count)
        ]

    made, real = records(60), records(60)
    made += [*made[:5], seedbed.Record({**made[6].values, "label": "polite"}), real[0]]
    made.append(seedbed.Record({"text": "x" * 300, "label": "polite", "model": "m0"}))
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(seedbed.report(made, real=real, reference=real).html(), "utf-8")
    return file


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_readable_and_needs_nothing_from_outside(browser: Browser, page_file: Path, width: int):
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert asked == [page_file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(OVERLAPPING) == []
    found = Axe().run(page)
    assert [one["id"] for one in found.response["violations"]] == []
    assert {one.inner_text() for one in page.locator("h2").all()} >= {"In short", "Balance", "Duplicates", "Privacy"}
    page.close()
