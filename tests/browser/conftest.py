"""A browser: Debian's chromium, driven by playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from served import Served, is_built
from watched import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE = 60_000
"""Milliseconds that something may take to be seen: the machine may be busy with other tests."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser; where there is none its tests are skipped, but not in CI.

    While it is there an event loop runs in this thread, in which no other can be started: so for a module only.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no chromium: scripts/system-packages installs it")
        pytest.skip("no chromium is installed: scripts/system-packages installs it")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the studio; skipped where that is not built, but not in CI."""
    if not is_built():
        pytest.skip("the studio is not built: make studio")
    server = Served(tmp_path_factory.mktemp("served"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def windows(browser: Browser, served: Served) -> Iterator[Callable[..., Watched]]:
    """Opens pages of the studio, each in a context of its own, from a path on."""
    contexts = []

    def make(under: str = "", **options: Any) -> Watched:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Watched(context.new_page(), served, under)

    yield make
    for context in contexts:
        context.close()
