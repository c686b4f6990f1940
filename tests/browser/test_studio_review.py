"""Review, Tasks and Datasets of the studio in a browser, over a service that is a process of its own."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import seedbed
from served import is_built
from serving import service
from watched import violations

if TYPE_CHECKING:
    import httpx
    from playwright.sync_api import Browser, Locator, Page

WORDS = ["parcel", "late", "refund", "ticket", "thanks", "account", "screen", "charger", "invoice", "friendly"]
EVIL = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> & <b>bold</b>"
MEANT = ("ERR_INTERNET_DISCONNECTED", "412", "404")
"""What a browser says of answers that are to be: no network, a conflict, a dataset that is not there."""
SAVED = "() => document.querySelector('[data-testid=saved]')?.textContent === 'all saved'"


@dataclass
class Studio:
    """The service, and a browser that looks at it."""

    address: str
    client: httpx.Client
    browser: Browser

    @contextmanager
    def page(self, path: str) -> Iterator[Page]:
        """A page of its own; whatever it says on its console, throws, or asks elsewhere fails the test."""
        wrong: list[str] = []
        context = self.browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(self.address) else None)
        page.goto(self.address + path)
        yield page
        context.close()
        assert [one for one in wrong if not any(word in one for word in MEANT)] == []

    @contextmanager
    def review(self, dataset: str, query: str = "") -> Iterator[Page]:
        """Review of a dataset, when its first records are there."""
        with self.page(f"/p/default/review/{dataset}{query}") as page:
            page.wait_for_selector("[data-id]")
            yield page

    def records(self, dataset: str, **where: str) -> list[dict[str, Any]]:
        """All records of a dataset as the service has them."""
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            answer = self.client.get("records", params={"dataset": dataset, "limit": 200, "cursor": cursor, **where})
            page = answer.raise_for_status().json()
            found += page["items"]
            cursor = page["next"]
        return found

    def keep(self, dataset: str, rows: list[dict[str, Any]]) -> None:
        """Imports records as a dataset."""
        text = "".join(json.dumps(row) + "\n" for row in rows)
        files = {"file": (f"{dataset}.jsonl", text.encode())}
        self.client.post("imports", files=files, data={"name": dataset}).raise_for_status()


@pytest.fixture(scope="module")
def at(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """The studio over a workspace with what a scripted model wrote."""
    if not is_built():
        pytest.skip("the studio is not built: make studio")
    workspace = tmp_path_factory.mktemp("studio") / "workspace"
    recipe = seedbed.Classification(instruction="one reply of an agent", labels=["polite", "rude"], count=12)
    seedbed.generate(recipe, model="scripted", workspace=workspace, name="replies")
    with service(workspace) as (_, client):
        yield Studio(str(client.base_url).removesuffix("/api/v1/"), client, browser)


def texts(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Records with labels, each with a number of its own."""
    rng = random.Random(seed)
    return [
        {"text": f"Number {n}: {' '.join(rng.choices(WORDS, k=9))}.", "label": rng.choice(["good", "bad", "odd"])}
        for n in range(count)
    ]


def saved(page: Page) -> None:
    """Waits until nothing is on its way any more."""
    page.wait_for_function(SAVED)


def here(page: Page) -> Locator:
    """The row that the cursor is at."""
    return page.locator("[data-here=true]")


def test_200_decisions_typed_without_waiting_are_all_kept_and_none_twice(at: Studio) -> None:
    at.keep("keys", texts(230))
    rng = random.Random(5)
    typed = [rng.choice("adf") for _ in range(200)]
    with at.review("keys") as page:
        for key in typed:
            page.keyboard.press(key)
        saved(page)
        assert "200 of 230" not in page.get_by_test_id("progress").inner_text(), "flagged ones wait for another look"
        assert here(page).inner_text().count("Number 200:") == 1
    decisions = {"a": "approved", "d": "declined", "f": "flagged"}
    found = at.records("keys")
    assert [one["decision"] for one in found] == [decisions[key] for key in typed] + ["todo"] * 30
    assert {one["version"] for one in found[:200]} == {2}, "each was changed once"
    assert {one["version"] for one in found[200:]} == {1}


def test_a_key_twice_in_one_instant_meets_two_records_and_undo_takes_back_in_order(at: Studio) -> None:
    at.keep("instant", texts(6))
    with at.review("instant") as page:
        page.evaluate(
            """() => { for (const key of ['a', 'a', 'd', 'u', 'f'])
                window.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})) }"""
        )
        saved(page)
        assert here(page).inner_text().count("Number 3:") == 1
    assert [one["decision"] for one in at.records("instant")] == ["approved", "approved", "flagged", *["todo"] * 3]


def test_keys_typed_before_the_first_rows_wait_for_them(at: Studio) -> None:
    at.keep("early", texts(8))
    with at.page("/p/default/datasets") as page:
        held: list[Any] = []

        def hold(route: Any) -> None:
            held.append(route)

        page.route("**/api/v1/records?*", hold)
        page.goto(f"{at.address}/p/default/review/early")
        for key in ("a", "j", "d", "a", "1", "e", "a", "d"):
            page.keyboard.press(key)
        page.get_by_role("listbox", name="Records").wait_for()
        page.keyboard.press("d")
        while not held:
            page.wait_for_timeout(20)
        for one in held:
            one.continue_()
        page.unroute("**/api/v1/records?*")
        page.get_by_label("text", exact=True).wait_for()
        assert page.get_by_label("text", exact=True).input_value() == texts(8)[4]["text"], "no letter came into it"
        page.keyboard.press("Escape")
        saved(page)
    found = at.records("early")
    assert [one["decision"] for one in found] == ["approved", "todo", "declined", "approved", *["todo"] * 4]
    assert found[4]["label"] == "bad", "the number was given its label"


def test_a_record_that_an_address_names_has_what_is_typed_at_once(at: Studio) -> None:
    at.keep("pinned", texts(300))
    one = at.records("pinned")[270]
    with at.page("/p/default/datasets") as page:
        page.goto(f"{at.address}/p/default/review/pinned?record={one['id']}")
        page.keyboard.press("d")
        page.wait_for_selector("[data-id]")
        page.get_by_text("1 declined").wait_for()
        saved(page)
    assert [found["id"] for found in at.records("pinned", decision="declined")] == [one["id"]]


def test_messages_and_the_bar_of_what_is_chosen_cover_nothing(at: Studio) -> None:
    at.keep("covered", texts(60))
    with at.review("covered") as page:
        tall = page.locator(".rv-list").bounding_box()
        page.keyboard.press("Shift+J")
        page.keyboard.press("f")
        page.get_by_text("Flagged: 2").wait_for()
        page.keyboard.press("Shift+J")
        bar = page.get_by_role("toolbar", name="What is chosen")
        [note, where, rows] = [one.bounding_box() for one in (page.locator(".sb-note"), bar, page.locator(".rv-list"))]
        assert None not in (tall, note, where, rows)
        assert note["x"] + note["width"] <= rows["x"], "the message is in the sidebar"
        assert where["y"] >= rows["y"] + rows["height"] - 1, "the bar is below the list"
        page.keyboard.press("Escape")
        assert page.locator(".rv-list").bounding_box() == tall


def test_a_label_has_the_same_colour_on_every_page(at: Studio) -> None:
    text = "Ann met Omar in Oslo about a Frobnicator."
    spans = [(0, 3, "PERSON"), (8, 12, "PERSON"), (16, 20, "PLACE"), (29, 40, "GADGET")]
    marked = [{"start": start, "end": end, "label": label} for start, end, label in spans]
    at.keep("coloured", [{"text": f"{text} {n}", "label": "x", "spans": marked} for n in range(12)])
    at.client.post("records/bulk", json={"dataset": "coloured", "where": {}, "change": {"decision": "approved"}})
    at.client.post("annotation-tasks", json={"dataset": "coloured", "where": {"decision": "approved"}})
    found = {}
    with at.review("coloured") as page:
        for path in ("review/coloured", "tasks?dataset=coloured", "datasets/coloured", "augment?dataset=coloured"):
            page.goto(f"{at.address}/p/default/{path}")
            page.locator("main mark[data-label=GADGET]").first.wait_for()
            found[path] = page.evaluate(
                """() => Object.fromEntries([...document.querySelectorAll('main mark')]
                    .map(mark => [mark.dataset.label, getComputedStyle(mark).backgroundColor]))"""
            )
    colours = list(found.values())
    assert all(one == colours[0] for one in colours), found
    assert len(set(colours[0].values())) == len(colours[0]) == 3


def test_what_is_typed_while_the_server_is_away_is_saved_later_and_once(at: Studio) -> None:
    at.keep("away", texts(12))
    with at.review("away") as page:
        page.context.set_offline(True)
        for key in ("a", "d", "2"):
            page.keyboard.press(key)
        page.get_by_text("3 not saved yet").wait_for()
        page.get_by_text("The server does not answer").wait_for()
        page.context.set_offline(False)
        saved(page)
    found = at.records("away")
    assert [one["decision"] for one in found[:3]] == ["approved", "declined", "todo"]
    assert [one["version"] for one in found[:3]] == [2, 2, 2 if found[2]["label"] != texts(12)[2]["label"] else 1]


def test_an_answer_that_was_lost_is_not_typed_again(at: Studio) -> None:
    at.keep("lost", texts(3))
    with at.review("lost") as page:
        lost: list[str] = []

        def lose(route: Any) -> None:
            if lost or route.request.method != "PATCH":
                route.continue_()
                return
            lost.append(route.request.url)
            route.fetch()  # the server does it; its answer never comes
            route.abort("internetdisconnected")

        page.route(
            "**/api/v1/records/*", lambda route: lose(route) if route.request.method == "PATCH" else route.continue_()
        )
        page.keyboard.press("a")
        page.keyboard.press("d")
        saved(page)
        assert page.get_by_test_id("conflict").count() == 0
    assert [(one["decision"], one["version"]) for one in at.records("lost")] == [
        ("approved", 2),
        ("declined", 2),
        ("todo", 1),
    ]


def test_two_reviewers_of_one_record_see_what_the_other_did(at: Studio) -> None:
    at.keep("both", texts(4))
    with at.review("both") as one, at.review("both") as other:
        other.get_by_text("Where it comes from").wait_for()  # what it knows of the record is what it began with
        one.keyboard.press("a")
        saved(one)
        other.keyboard.press("d")
        note = other.get_by_test_id("conflict")
        note.wait_for()
        assert "declined" in note.inner_text()
        assert "approved" in note.inner_text()
        assert violations(other) == []
        assert at.records("both")[0]["decision"] == "approved", "nothing is overwritten unasked"
        note.get_by_role("button", name="Keep mine").click()
        saved(other)
        assert at.records("both")[0]["decision"] == "declined"
        one.keyboard.press("k")
        one.keyboard.press("1")
        mine = one.get_by_test_id("conflict")
        mine.wait_for()
        mine.get_by_role("button", name="Take theirs").click()
        mine.wait_for(state="detached")
    assert at.records("both")[0]["decision"] == "declined"


def test_spans_are_marked_by_keys_and_by_mouse_and_move_with_the_text(at: Studio) -> None:
    text = "😀 Ann met Omar Haddad in Oslo."
    at.keep("people", [{"text": text, "spans": [{"start": 2, "end": 5, "label": "PERSON"}]}])
    with at.review("people") as page:
        page.get_by_role("list", name="Labels of the marked words").wait_for()
        for key in ("s", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "1"):
            page.keyboard.press(key)
        saved(page)
        assert spans(at, "people") == [("Ann", "PERSON"), ("Omar Haddad", "PERSON")]
        page.keyboard.press("Backspace")
        page.keyboard.press("s")
        saved(page)
        assert spans(at, "people") == [("Ann", "PERSON")]
        choose(page, "Oslo")
        page.get_by_label("Another label").fill("PLACE")
        page.get_by_role("button", name="Mark", exact=True).click()
        saved(page)
        assert spans(at, "people") == [("Ann", "PERSON"), ("Oslo", "PLACE")]
        page.keyboard.press("e")
        page.get_by_label("text", exact=True).fill("Yesterday 😀 met Omar Haddad in Oslo.")
        page.keyboard.press("Control+Enter")
        page.get_by_text("No longer marked").wait_for()
        saved(page)
    assert spans(at, "people") == [("Oslo", "PLACE")]


def spans(at: Studio, dataset: str) -> list[tuple[str, str]]:
    """The words that are marked in the first record, and their labels."""
    first = at.records(dataset)[0]
    return [(first["text"][one["start"] : one["end"]], one["label"]) for one in first["spans"]]


def choose(page: Page, word: str) -> None:
    """Selects a word of the text with the mouse."""
    box = page.evaluate(
        """word => {
            const walker = document.createTreeWalker(document.querySelector('[data-testid=text]'), NodeFilter.SHOW_TEXT)
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.textContent.indexOf(word)
                if (at < 0) continue
                const range = document.createRange()
                range.setStart(node, at)
                range.setEnd(node, at + word.length)
                const {left, right, top, bottom} = range.getBoundingClientRect()
                return {left, right, y: (top + bottom) / 2}
            }
        }""",
        word,
    )
    page.mouse.move(box["left"] + 0.5, box["y"])
    page.mouse.down()
    page.mouse.move(box["right"] - 0.5, box["y"], steps=4)
    page.mouse.up()


def test_many_are_changed_at_once_and_taken_back_at_once(at: Studio) -> None:
    at.keep("many", texts(420))
    with at.review("many") as page:
        page.keyboard.press("Shift+J")
        page.keyboard.press("Shift+J")
        page.get_by_text("3 chosen").wait_for()
        page.keyboard.press("a")
        saved(page)
        page.keyboard.press("x")
        page.get_by_role("button", name="Choose all 420 that match").click()
        page.get_by_role("button", name="Tag", exact=True).click()
        page.get_by_role("textbox", name="Tag", exact=True).fill("hard")
        page.get_by_role("button", name="Add", exact=True).click()
        saved(page)
        assert len(at.records("many", tag="hard")) == 420
        page.keyboard.press("u")
        saved(page)
        assert at.records("many", tag="hard") == []
        page.keyboard.press("u")
        page.keyboard.press("d")
        saved(page)
    assert [one["decision"] for one in at.records("many")[:3]].count("declined") == 1
    assert at.records("many", decision="approved") == []


def test_filtered_records_stay_until_the_list_is_opened_anew(at: Studio) -> None:
    at.keep("filtered", texts(30))
    with at.review("filtered", "?decision=todo") as page:
        page.keyboard.press("a")
        page.keyboard.press("a")
        saved(page)
        assert page.locator("[data-leaving=true]").count() == 2
        assert here(page).inner_text().count("Number 2:") == 1
        page.keyboard.press("/")
        page.keyboard.type("number 17")
        page.wait_for_function("() => document.querySelectorAll('[data-id]').length === 1")
        page.get_by_role("button", name="Views").click()
        page.get_by_label("Save what is shown as").fill("the 17th")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("Saved as the 17th.").wait_for()
    with at.review("filtered") as page:
        page.get_by_role("button", name="Views").click()
        page.get_by_role("button", name="the 17th", exact=True).click()
        page.wait_for_function("() => document.querySelectorAll('[data-id]').length === 1")
        assert "q=number" in page.url


def test_approved_ones_are_handed_over_and_declined_ones_made_again(at: Studio) -> None:
    with at.review("replies-1") as page:
        for key in "aaad":
            page.keyboard.press(key)
        page.get_by_role("button", name="Hand over 3 approved").click()
        page.get_by_text("3 records are tasks now, with the tag synthetic.").wait_for()
        page.get_by_role("button", name="Refill 1", exact=True).click()
        page.get_by_text("1 record is made again.").wait_for()
        page.get_by_text("4 of 13 reviewed").wait_for()  # what comes is shown without a reload
        page.locator("[data-id]").first.click()
        page.keyboard.press("d")  # a task, but no approved record any more
        page.locator("[data-id]").nth(5).click()
        page.keyboard.press("a")
        page.get_by_role("button", name="Hand over 1 approved").wait_for()
        page.locator("[data-id]").first.click()
        page.keyboard.press("u")
        page.keyboard.press("u")
        page.get_by_text("4 of 13 reviewed · 3 approved").wait_for()
        page.get_by_role("button", name="Open Tasks").click()
        page.get_by_role("option").nth(2).wait_for()
        page.get_by_role("button", name="Finish").click()
        page.keyboard.press("f")
        page.get_by_text("3 tasks · 1 to do · 0 in progress · 2 done").wait_for()
        assert violations(page) == []
        with page.expect_download() as load:
            page.get_by_role("button", name="Export").click()
            page.get_by_role("link", name="Download all that match").click()
        assert len(load.value.path().read_text().splitlines()) == 4
    assert len(at.records("replies-1", work="done")) == 2


def test_many_tasks_are_changed_exported_and_augmented_at_once(at: Studio) -> None:
    at.keep("jobs", texts(40))
    at.client.post("records/bulk", json={"dataset": "jobs", "where": {}, "change": {"decision": "approved"}})
    at.client.post("annotation-tasks", json={"dataset": "jobs", "where": {"decision": "approved"}})
    with at.page("/p/default/tasks?dataset=jobs") as page:
        page.get_by_text("X chooses a line").wait_for()
        page.get_by_role("option", name="Number 0:").wait_for()
        page.keyboard.press("Shift+J")
        page.keyboard.press("Shift+J")
        bar = page.get_by_role("toolbar", name="What is chosen")
        bar.get_by_text("3 chosen").wait_for()
        with page.expect_download() as load:
            bar.get_by_role("button", name="Export").click()
            page.get_by_role("link", name="Download 3 chosen").click()
        assert len(load.value.path().read_text().splitlines()) == 4
        bar.get_by_role("button", name="Assign").click()
        page.get_by_role("combobox", name="To whom").fill("Ann")
        page.get_by_role("button", name="Give").click()
        page.get_by_text("Assigned to Ann: 3 tasks.").wait_for()
        assert len(at.records("jobs", person="Ann")) == 3
        page.keyboard.press("x")
        bar.get_by_role("button", name="Choose all 40 that match").click()
        bar.get_by_text("All 40 chosen").wait_for()
        bar.get_by_role("button", name="Tag", exact=True).click()
        page.get_by_role("textbox", name="Tag", exact=True).fill("hard")
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_text("Tagged hard: 40 tasks.").wait_for()
        page.get_by_role("button", name="Undo").last.click()
        page.get_by_text("Taken back.").wait_for()
        assert at.records("jobs", tag="hard") == []
        page.keyboard.press("x")
        bar.get_by_role("button", name="Finish").click()
        page.get_by_text("Finished: 1 task.").wait_for()
        page.keyboard.press("x")
        page.keyboard.press("Shift+K")
        bar.get_by_role("button", name="Augment").click()
        page.get_by_text("Only 2 tasks.").wait_for()
        page.locator("[data-kind=uppercase]").get_by_role("checkbox").check()
        page.locator("[data-kind=uppercase] [data-live]").wait_for()
        assert violations(page) == []


def test_tasks_of_a_project_are_one_list_that_is_worked_on_whole(at: Studio, tmp_path: Path) -> None:
    project, first, second = "desk", "desk-a", "desk-b"
    at.client.post("projects", json={"title": project, "id": project}).raise_for_status()
    for name, rows in ((first, texts(3)), (second, texts(4)), ("desk-c", texts(1))):
        at.keep(name, rows)
        at.client.patch(f"datasets/{name}", json={"project": project}, headers={"If-Match": "*"}).raise_for_status()
    for name in (first, second):
        at.client.post("records/bulk", json={"dataset": name, "where": {}, "change": {"decision": "approved"}})
    at.client.post("annotation-tasks", json={"project": project, "where": {}}).raise_for_status()
    rows = "() => document.querySelectorAll('[id^=task-]').length"
    with at.page(f"/p/{project}/tasks") as page:
        page.emulate_media(color_scheme="dark")
        page.get_by_text("7 tasks · 7 to do").wait_for()
        page.wait_for_function(f"{rows} === 7")
        assert page.locator(".rv-from").all_inner_texts() == [first, second]
        for key in ("j", "j", "x", "Shift+J"):
            page.keyboard.press(key)
        bar = page.get_by_role("toolbar", name="What is chosen")
        bar.get_by_text("2 chosen").wait_for()
        bar.get_by_role("button", name="State").press("Enter")
        page.get_by_role("menuitem", name="In progress").press("Enter")
        page.get_by_text("In progress: 2 tasks.").wait_for()
        assert [len(at.records(name, work="doing")) for name in (first, second)] == [1, 1]
        page.get_by_role("button", name="Undo").last.click()
        page.get_by_text("7 tasks · 7 to do · 0 in progress").wait_for()

        with page.expect_download() as load:
            page.get_by_role("button", name="Export").click()
            page.get_by_text("Of 2 datasets").wait_for()
            assert violations(page) == []
            page.get_by_role("link", name="Download all that match").click()
        lines = load.value.path().read_text().replace(",bad,", ",good,").replace(",odd,", ",good,")
        assert len(lines.splitlines()) == 8
        page.keyboard.press("Escape")
        (tmp_path / "back.csv").write_text(lines)
        page.get_by_role("button", name="Take back").click()
        page.locator("input[type=file]").set_input_files(tmp_path / "back.csv")
        page.get_by_role("dialog").get_by_role("button", name="Take back").click()
        page.get_by_text("7 tasks read and done").wait_for()
        page.keyboard.press("Escape")
        page.get_by_text("7 tasks · 0 to do · 0 in progress · 7 done").wait_for()
        assert {one["label"] for name in (first, second) for one in at.records(name)} == {"good"}

        page.get_by_role("button", name="Augment these").press("Enter")
        page.get_by_text("Copies are made of one dataset at a time").wait_for()
        assert page.get_by_role("menuitem").all_inner_texts() == [f"{first} (3)", f"{second} (4)"]
        assert violations(page) == []
        page.keyboard.press("Escape")
        page.get_by_role("combobox", name="Dataset").click()
        assert page.get_by_role("option").all_inner_texts()[-2:] == [f"{first} (3)", f"{second} (4)"]
        page.get_by_role("option", name=f"{second} (4)").click()
        page.get_by_text("4 tasks · 0 to do").wait_for()
        page.get_by_role("link", name="Augment these").click()
        page.get_by_text("Only 4 tasks.").wait_for()
        page.goto(f"{at.address}/p/{project}/tasks?dataset=desk-c")
        page.get_by_text("No record of desk-c is a task.").wait_for()
        assert violations(page) == []
        page.get_by_role("button", name="Show all tasks").click()
        page.wait_for_function(f"{rows} === 7")


def test_tasks_are_filtered_by_marked_words_and_duplicates(at: Studio) -> None:
    at.keep("noted", texts(12))
    names = [one["id"] for one in at.records("noted")]
    for name in names[:2]:
        span = {"start": 0, "end": 6, "label": "COUNT"}
        assert at.client.post(f"records/{name}/spans", json=span, headers={"If-Match": "*"}).status_code == 200
    at.client.post("records/bulk", json={"dataset": "noted", "where": {}, "change": {"decision": "approved"}})
    at.client.post("annotation-tasks", json={"dataset": "noted", "where": {"decision": "approved"}})
    rows = "() => document.querySelectorAll('[id^=task-]').length"
    with at.page("/p/default/tasks?dataset=noted") as page:
        page.wait_for_function(f"{rows} === 12")
        page.get_by_role("button", name="Filters").click()
        page.get_by_role("combobox", name="Marked words").click()
        page.get_by_role("option", name="COUNT (2)").click()
        page.wait_for_function(f"{rows} === 2")
        assert "span=COUNT" in page.url
        page.keyboard.press("Escape")
        assert violations(page) == []
        page.get_by_role("button", name="Without the filter marked: COUNT").click()
        page.wait_for_function(f"{rows} === 12")
        page.get_by_role("button", name="Duplicates").click()
        page.get_by_text("No task is marked as a duplicate.").wait_for()
        assert "duplicates=true" in page.url
        page.get_by_role("button", name="Show all tasks").click()
        page.wait_for_function(f"{rows} === 12")


def test_html_and_script_in_texts_are_shown_as_text(at: Studio) -> None:
    at.keep("evil", [{"text": EVIL, "label": EVIL}, {"text": EVIL + " twice", "label": "x"}])
    with at.review("evil") as page:
        assert EVIL in page.get_by_test_id("text").inner_text()
        page.keyboard.press("x")
        page.keyboard.press("?")
        page.get_by_role("dialog").wait_for()
        page.keyboard.press("Escape")
        page.goto(f"{at.address}/p/default/datasets/evil")
        page.get_by_text("What is in it").wait_for()
        assert page.title() == "evil · Seedbed"
        assert page.locator("main img, main script, main b").count() == 0


def test_a_spot_check_judges_one_after_the_other_and_ends_with_an_interval(at: Studio) -> None:
    at.keep("sampled", texts(40))
    with at.page("/p/default/review/sampled?mode=spot-check") as page:
        page.get_by_label("How many records").fill("5")
        page.get_by_role("button", name="Draw a sample").click()
        page.get_by_test_id("spot-text").wait_for()
        assert violations(page) == []
        for key in "rrwrr":
            page.keyboard.press(key)
        page.get_by_text("5 records judged: 4 right, 1 wrong.").wait_for()
        assert "20 %" in page.get_by_test_id("interval").inner_text()


def test_doubted_labels_are_a_queue_in_which_one_key_takes_the_better_one(at: Studio) -> None:
    rows = [
        {"text": f"{['lovely kind warm', 'awful rude cold'][n % 2]} {n}", "label": ["good", "bad"][n % 2]}
        for n in range(80)
    ]
    for n in (10, 11, 30):
        rows[n]["label"] = ["bad", "good"][n % 2]
    at.keep("doubted", rows)
    job = at.client.post("label-suspects", json={"dataset": "doubted", "flag": True}).raise_for_status().json()
    with at.page("/p/default/review/doubted?doubted=true&decision=flagged&sort=doubt") as page:
        while at.client.get(f"jobs/{job['id']}").json()["state"] in ("waiting", "running"):
            page.wait_for_timeout(100)
        page.reload()
        page.wait_for_selector("[data-id]")
        page.keyboard.press("y")
        page.keyboard.press("y")
        page.keyboard.press("a")
        saved(page)
    found = at.records("doubted")
    now = [(found[n]["decision"], found[n]["label"] != rows[n]["label"]) for n in (10, 11, 30)]
    assert sorted(now) == [("approved", False), ("approved", True), ("approved", True)]


def test_a_dataset_is_imported_split_and_deleted(at: Studio, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("text,label\n" + "".join(f"Ticket {n} about a {WORDS[n % 10]},q{n % 2}\n" for n in range(40)))
    with at.page("/p/default/datasets") as page:
        page.get_by_role("button", name="Import a file").first.click()
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Import", exact=True).click()
        page.get_by_text("40 records came into tickets.").wait_for()
        page.get_by_role("link", name="Open the dataset").click()
        page.get_by_role("textbox", name="Keep it as it stands now").fill("as they came")
        page.get_by_role("button", name="Keep a version").click()
        page.get_by_role("cell", name="tickets@1").wait_for()
        with page.expect_download() as load:
            page.get_by_role("link", name="JSONL").click()
        assert len(load.value.path().read_text().splitlines()) == 40
        page.get_by_role("button", name="Split", exact=True).click()
        page.get_by_role("link", name="tickets-train").wait_for()
        assert violations(page) == []
        page.get_by_role("button", name="Delete this dataset").click()
        page.get_by_role("button", name="Delete it").wait_for()
        page.get_by_label("The dataset's name").fill("tickets")
        page.get_by_role("button", name="Delete it").click()
        page.get_by_text("tickets is deleted.").wait_for()
        page.get_by_role("link", name="tickets-train").wait_for()
        assert page.get_by_role("link", name="tickets", exact=True).count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_what_keeps_people_out(at: Studio, scheme: Any) -> None:
    dataset = f"axe-{scheme}"
    at.keep(dataset, [{**row, "spans": [{"start": 0, "end": 6, "label": "WORD"}]} for row in texts(30)])
    with at.review(dataset) as page:
        page.emulate_media(color_scheme=scheme)
        for path in ("", f"review/{dataset}", "review", "tasks", "datasets", f"datasets/{dataset}"):
            if path:
                page.goto(f"{at.address}/p/default/{path}")
            page.get_by_role("heading", level=1).wait_for()
            page.wait_for_load_state("networkidle")
            assert page.get_by_role("heading", level=1).count() == 1
            assert violations(page) == [], path
            for key in ("x", "s", "ArrowRight") if not path else ():
                page.keyboard.press(key)


def test_an_address_names_a_filter_or_a_record(at: Studio) -> None:
    at.keep("named", texts(300))
    one = at.records("named")[250]
    with at.review("named", f"?record={one['id']}") as page:
        page.wait_for_function("id => document.querySelector('[data-here=true]')?.dataset.id === id", arg=one["id"])
    with at.review("named", "?label=odd") as page:
        page.get_by_role("button", name="Without the filter label: odd").click()
        page.get_by_text("300 records").wait_for()
    with at.page("/p/default/review/nothing-there") as page:
        page.get_by_role("alert").wait_for()


def test_100_000_records_are_scrolled_to_their_end_and_back(at: Studio) -> None:
    at.keep("big", [{"text": f"Row {n}."} for n in range(100_000)])
    with at.review("big") as page:
        page.get_by_text("of 100,000 reviewed").wait_for()
        page.evaluate("() => { const list = document.querySelector('.rv-list'); list.scrollTop = list.scrollHeight }")
        page.get_by_text("Row 99999.").first.wait_for(timeout=120_000)
        for share, row in ((0.5, "Row 50000."), (0, "Row 0.")):
            page.evaluate(
                """share => { const list = document.querySelector('.rv-list')
                    list.scrollTop = share * list.scrollHeight
                    return new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go))) }""",
                share,
            )
            assert page.locator("[data-bone]").count() == 0, "what was loaded is drawn at once"
            assert page.get_by_text(row).count() > 0
        page.keyboard.press("End")
        page.keyboard.press("a")
        saved(page)
    last = at.records("big", q="99999")
    assert [one["decision"] for one in last] == ["approved"]


def test_spans_that_overlap_are_said_found_and_asked_about_before_a_flat_file(at: Studio) -> None:
    person = {"start": 0, "end": 7, "label": "PERSON"}
    at.keep("layers", [{"text": f"Ann Lee called {number} times.", "spans": [person]} for number in range(4)])
    at.client.post("records/bulk", json={"dataset": "layers", "where": {}, "change": {"decision": "approved"}})
    at.client.post("annotation-tasks", json={"dataset": "layers", "where": {}})
    with at.review("layers") as page:
        choose(page, "Lee")
        page.get_by_label("Another label").fill("SURNAME")
        page.get_by_role("button", name="Mark", exact=True).click()
        told = page.get_by_text("“Lee” (SURNAME) lies inside “Ann Lee” (PERSON).")
        told.wait_for()
        saved(page)
        for key in ("s", "ArrowRight", "Backspace", "s"):
            page.keyboard.press(key)
        saved(page)
        assert spans(at, "layers") == [("Ann Lee", "PERSON")], "only the inner one goes"
        page.keyboard.press("u")
        told.wait_for()
        saved(page)
        page.get_by_test_id("text").get_by_text("Lee", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="PERSON", exact=True).click()
        page.get_by_text("“Lee” (PERSON) lies inside “Ann Lee” (PERSON).").wait_for()
        saved(page)
        assert spans(at, "layers") == [("Ann Lee", "PERSON"), ("Lee", "PERSON")], "what was clicked at is changed"
        page.get_by_role("button", name="Filters").click()
        page.get_by_role("checkbox", name="With spans that overlap").check()
        page.wait_for_function("() => document.querySelectorAll('[data-id]').length === 1")
        assert "overlapping=true" in page.url
        assert violations(page) == []
    for path, begin, end, noun in (
        ("tasks?q=Ann", "Export", "Download all that match", "task"),
        ("datasets/layers", "", "Download", "record"),
    ):
        with at.page(f"/p/default/{path}") as page:
            if begin:
                page.get_by_role("button", name=begin).click()
            page.get_by_role("combobox", name="Format").fill("CoNLL")
            page.get_by_role("option", name="CoNLL").click()
            page.get_by_role("radiogroup", name=f"1 {noun} has spans that overlap").wait_for()
            assert violations(page) == []
            files = []
            for kept in ("Keep the longest spans", f"Leave this {noun} out"):
                page.get_by_role("radio", name=kept).check()
                with page.expect_download() as load:
                    page.get_by_role("link", name=end, exact=True).click()
                files.append(load.value.path().read_text("utf-8"))
            assert [file.count("Ann B-PERSON\nLee I-PERSON") for file in files] == [4, 3]
            page.get_by_role("combobox", name="Format").fill("JSON Lines")
            page.get_by_role("option", name="JSON Lines").first.click()
            page.get_by_role("radio", name=f"Leave this {noun} out").wait_for(state="detached")


def test_duplicates_are_looked_for_and_shown_group_after_group(at: Studio) -> None:
    said = "The parcel came late again today and nobody at the shop ever told {} why it did."
    rows = texts(20)
    for place, who in ((3, "me"), (8, "us"), (15, "them")):
        rows[place]["text"] = said.format(who)
    rows[5]["text"] = rows[12]["text"]
    at.keep("twins", rows)
    with at.review("twins") as page:
        page.get_by_role("button", name="Duplicates").click()
        page.get_by_text("Nobody has looked for duplicates here yet").wait_for()
        assert page.locator("[data-id]").count() == 0
        assert violations(page) == []
        page.get_by_role("button", name="Look for duplicates").click()
        page.get_by_text("5 records in 2 groups that say nearly the same").wait_for()
        page.wait_for_selector("[data-id]")
        shown = [row.inner_text() for row in page.locator("[data-id]").all()]
        assert [text.count("The parcel came late") for text in shown] == [1, 1, 1, 0, 0]
        assert page.locator("[data-begins=true]").count() == 1, "a line stands between the groups"
        assert "duplicates=true" in page.url
        assert violations(page) == []
        page.keyboard.press("j")
        page.keyboard.press("d")
        page.keyboard.press("d")
        saved(page)
        page.get_by_text("To do", exact=False).first.click()
        page.wait_for_function("() => document.querySelectorAll('[data-id]').length === 3")
        page.get_by_role("button", name="Duplicates 5").click()
        page.wait_for_function("() => document.querySelectorAll('[data-id]').length === 18")
        assert page.locator("[data-twins]").count() == 3, "a row says that it is one of a group"
    declined = [one["text"] for one in at.records("twins", decision="declined")]
    assert declined == [said.format("us"), said.format("them")]


def test_marked_words_are_a_filter_and_the_bars_of_a_dataset_lead_to_them(at: Studio) -> None:
    span = {"start": 0, "end": 6, "label": "THING", "field": "text"}
    other = {"start": 7, "end": 8, "label": "NUMBER", "field": "text"}
    rows = texts(9)
    for place, row in enumerate(rows):
        row["spans"] = [[], [span], [span, other]][place % 3]
    at.keep("marked", rows)
    with at.page("/p/default/datasets/marked") as page:
        page.get_by_role("link", name="NUMBER").click()
        page.wait_for_function("() => document.querySelectorAll('[data-id]').length === 3")
        page.get_by_role("button", name="Without the filter marked: NUMBER").click()
        page.wait_for_function("() => document.querySelectorAll('[data-id]').length === 9")
        page.get_by_role("button", name="Filters").click()
        page.get_by_role("combobox", name="Marked words").click()
        page.get_by_role("option", name="THING (6)").click()
        page.wait_for_function("() => document.querySelectorAll('[data-id]').length === 6")
        assert "span=THING" in page.url
        assert violations(page) == []
