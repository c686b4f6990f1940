"""The report's page in a browser: nothing from outside, nothing over something else, readable for all."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

import seedbed
from seedbed.reports.findings import findings

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


LABELS = ["polite", "a label that is rather long for a table", "<b>bold</b>", "неизвестно"]


def records(rng: Random, count: int) -> list[seedbed.Record]:
    """Of each label words of its own, so that something can be learned."""
    return [
        seedbed.Record(
            {
                "text": " ".join(rng.choices([*WORDS, *[f"word{number % 4}{one}" for one in "abc"]], k=14)),
                "label": LABELS[number % 4],
                "model": f"m{number % 2}",
            }
        )
        for number in range(count)
    ]


def of_records() -> seedbed.Report:
    """With every section that classified texts have; one model labels them again."""
    rng = Random(4)
    made, real = records(rng, 80), records(rng, 80)
    made += [*made[:5], seedbed.Record({**made[6].values, "label": "polite"}), real[0]]
    made.append(seedbed.Record({"text": "x" * 300, "label": "polite", "model": "m0"}))
    return seedbed.report(
        made,
        compare="model",
        real=real,
        real_train=records(rng, 120),
        reference=real,
        relabel_with=lambda texts: [LABELS[len(text) % 4] for text in texts],
    )


def of_entities() -> seedbed.Report:
    """Of texts with spans: a tagger learns them."""
    rng = Random(4)

    def tagged(count: int) -> list[seedbed.Record]:
        names = [rng.choice(["John", "Ann Lee", "Maria"]) for _ in range(count)]
        texts = [f"{' '.join(rng.choices(WORDS, k=4))} to {name} again" for name in names]
        places = [text.index(f"to {name}") + 3 for name, text in zip(names, texts, strict=True)]
        return [
            seedbed.Record({"text": text}, (seedbed.Span(place, place + len(name), "PERSON"),))
            for text, name, place in zip(texts, names, places, strict=True)
        ]

    return seedbed.report(tagged(40), real=tagged(40), real_train=tagged(60))


def of_answers(folder: Path) -> seedbed.Report:
    """Of questions and answers out of a document, judged by a model."""
    guide = folder / "guide.md"
    guide.write_text("# Trains\n\nTickets are sold at the counter. After an hour half is paid back.\n" * 9, "utf-8")
    quote = {"document": "guide.md", "start": 10, "end": 42, "quote": "Tickets are sold at the counter."}
    made = [
        seedbed.Record(
            {
                "question": f"Where are tickets {number} sold?",
                "answer": "At the counter.",
                "kind": ["simple", "a kind of question that is rather long"][number % 2],
                "evidence": [quote],
                "contexts": ["Tickets are sold at the counter. After an hour half is paid back."],
            }
        )
        for number in range(12)
    ]
    return seedbed.report(made, real=made, documents=[str(guide)], grounded_with="scripted", workspace=folder / "place")


def of_a_run(folder: Path) -> seedbed.Report:
    """Of a run, with what it cost and what a judge says."""
    judge = {"kind": "judge", "rubric": "The tone is what the label says.", "model": "scripted:judge"}
    recipe = {
        "name": "judged",
        "model": {"scripted:a": 1, "scripted:b": 1},
        "prices": {"scripted:a": {"input": 0.1, "output": 0.4}, "scripted:b": {"input": 1, "output": 4}},
        "generator": {"kind": "classification", "instruction": "one reply", "labels": ["polite", "rude"], "count": 20},
        "report": {"judges": [judge]},
    }
    made = seedbed.generate(recipe, workspace=folder / "place")
    figures = {name: value for name, value in made.figures["report"].items() if name not in ("findings", "html")}
    return seedbed.Report("judged", figures, findings(figures))


PAGES = {
    "records": (lambda folder: of_records(), {"compare", "balance", "duplicates", "diversity", "labels", "usefulness"}),
    "entities": (lambda folder: of_entities(), {"usefulness"}),
    "answers": (of_answers, {"usefulness", "faithfulness", "privacy", "bias"}),
    "run": (of_a_run, {"balance", "judges", "cost"}),
}


@pytest.fixture(scope="module", params=PAGES)
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of each kind, made before the browser is there."""
    made, sections = PAGES[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    report = made(folder)
    assert sections <= {name for name, found in report.figures.items() if found}
    file = folder / "report.html"
    file.write_text(report.html(), "utf-8")
    return file


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_readable_and_needs_nothing_from_outside(page_file: Path, browser: Browser, width: int):
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
    assert "In short" in [one.inner_text() for one in page.locator("h2").all()]
    page.close()


def test_in_a_notebook_the_page_leaves_everything_else_as_it_is(browser: Browser):
    shown = seedbed.report(records(Random(4), 20), only=["balance"])._repr_html_()
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_content("<p>a cell</p>")
    font = page.evaluate("getComputedStyle(document.body).fontFamily")
    page.set_content(f"<p>a cell</p>{shown}")
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="Balance").wait_for()
    assert page.evaluate("getComputedStyle(document.body).fontFamily") == font
    page.wait_for_function("document.querySelector('iframe').clientHeight > 641")
    inside = frame.locator("html").evaluate("one => one.scrollHeight - one.clientHeight")
    assert inside == 0
    page.close()
