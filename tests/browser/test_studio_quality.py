"""Quality in a browser: what a report finds wanting is put right where it is read."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

from playwright.sync_api import expect

from served import Served
from watched import Watched, get, import_file, post

SAYS = {
    "refund": "I want my money back for order {} please",
    "delivery": "parcel {} was left at the wrong door of house {}",
    "login": "my password {} does not work since update {}",
}


def letter(number: int) -> str:
    """A line of a file; every seventh has the label of another."""
    kind = [*SAYS][number % 3]
    said = SAYS[kind].format(number * 37, number * 11)
    return f"{said} and {number * 53} times before,{[*SAYS][(number + (number % 7 == 0)) % 3]}"


def test_what_a_report_finds_wanting_has_a_button_that_does_it(windows: Callable[..., Watched], served: Served):
    rows = ["text,label", *(letter(number) for number in range(59))]
    import_file(served, "asked", "asked.csv", "\n".join([*rows, *rows[1:9]]))
    import_file(served, "test-set", "test-set.csv", "\n".join([rows[0], *rows[1:21]]))
    only = ["duplicates", "labels", "privacy", "balance"]
    asked = {"dataset": "asked", "only": only, "real": "test-set", "reference": "test-set"}
    job = post(served, "reports", asked)["id"]
    with urllib.request.urlopen(f"{served.url}/api/v1/jobs/{job}/events") as events:
        assert b"done" in events.read()
    one = windows("p/default/")
    page = one.open("quality/asked")
    means = page.get_by_label("What it means")
    leaked = means.get_by_role("listitem").filter(has_text="are in the reference file")
    leaked.get_by_role("button", name="Leave them out").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("combobox", name="Leave out what is in")).to_have_value("test-set")
    assert one.violations() == []
    drawer.get_by_role("button", name="Remove duplicates").click()
    drawer.get_by_text("because test-set has them").wait_for()
    kept = get(served, "datasets/asked-deduplicated")["records"]
    expect(drawer.get_by_text(f"{kept} records · {67 - kept} left out")).to_be_visible()
    assert kept < 45
    drawer.get_by_role("button", name="Close").click()
    expect(drawer).to_have_count(0)
    twice = means.get_by_role("listitem").filter(has_text="repeat another one")
    twice.get_by_role("button", name="Keep one of each").click()
    expect(page.get_by_role("combobox", name="Leave out what is in")).to_have_value("")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    twice.get_by_role("link", name="See them in Review").click()
    page.wait_for_url("**/review/asked?duplicates=true")
    page.go_back()
    page.get_by_role("button", name="New report").click()
    page.get_by_role("dialog").get_by_role("combobox", name="Compare").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    words = "".join(means.all_text_contents())
    assert "seedbed " not in words
    assert "--" not in words
    assert one.complaints == []
