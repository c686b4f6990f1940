"""The page that shows the API, in a browser."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

from conftest import Shell

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_the_docs_page_lists_every_route_and_asks_nobody_else(browser: Browser, shell: Shell) -> None:
    process = shell.start("serve", "--port", "0")
    assert process.stdout
    address = process.stdout.readline().split()[-1]
    page, said, asked = browser.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    try:
        page.goto(f"{address}/api/v1/docs")
        page.wait_for_selector("details")
        page.fill("#find", "/members")
        assert page.locator("details:visible").count() == 3
        page.locator("summary:visible").nth(1).click()
        assert page.get_by_text("The role to give.").is_visible()
        assert Axe().run(page).violations_count == 0
        assert said == [], "the policy of the page allows all it does"
        assert all(url.startswith(address) for url in asked)
    finally:
        page.close()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
