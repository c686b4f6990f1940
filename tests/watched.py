"""The studio in a browser: pages that note what they complain of, and what a server is told beside them."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page


def get(served: Served, path: str, **query: str | int) -> Any:
    """What the service has at a path."""
    with urllib.request.urlopen(f"{served.url}/api/v1/{path}?{urllib.parse.urlencode(query)}") as answer:
        return json.loads(answer.read())


def post(served: Served, path: str, body: dict[str, Any] | bytes, kind: str = "application/json") -> Any:
    """What the service answers to a document, or to bytes of another kind."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"{served.url}/api/v1/{path}", sent, {"Content-Type": kind})
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


def import_file(served: Served, name: str, file: str, content: str) -> None:
    """Imports a file as a dataset."""
    line = "----seedbed"
    parts = [f'form-data; name="name"\r\n\r\n{name}', f'form-data; name="file"; filename="{file}"\r\n\r\n{content}']
    body = "".join(f"--{line}\r\nContent-Disposition: {part}\r\n" for part in parts) + f"--{line}--\r\n"
    post(served, "imports", body.encode(), f"multipart/form-data; boundary={line}")


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong with a page: the rule, and the first elements that break it."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]


class Watched:
    """A page of the browser that notes what it complains of and what it asks of others.

    Args:
        page: the page.
        served: the server it looks at.
        under: the path that those of `open` go on from.
    """

    def __init__(self, page: Page, served: Served, under: str = "") -> None:
        self.page = page
        self.served = served
        self.under = under
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.on("console", lambda one: self.complaints.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda one: self.complaints.append(str(one)))
        page.on("request", lambda one: None if one.url.startswith(served.url) else self.outside.append(one.url))

    def open(self, path: str) -> Page:
        """The page at a path, when all of it has come."""
        self.page.goto(f"{self.served.url}/{self.under}{path}")
        self.page.locator("h1").wait_for()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        return self.page

    def violations(self) -> list[tuple[str, list[str]]]:
        """What axe finds wrong with the page as it is."""
        return violations(self.page)
