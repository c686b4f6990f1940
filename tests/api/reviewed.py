"""A dataset to review, made in a moment."""

from __future__ import annotations

import time
from typing import Any

from seedbed.app.data.importing import import_records
from seedbed.app.workspace import Workspace
from seedbed.core.record import Record, Span

TEXTS = (
    "Ann Lee asked where her parcel is.",
    "Many thanks for your patience.",
    "This is none of my business.",
    "Ann Lee asked where her letter is.",
    "包裹在哪里",
    "=1+1",
)


def reviewed(workspace: Workspace, texts: tuple[str, ...] = TEXTS, name: str = "replies") -> list[str]:
    """Imports texts, every second one polite, with a span where Ann Lee stands; answers the ids of the records."""

    def record(number: int, text: str) -> Record:
        spans = (Span(0, 7, "PERSON"),) if text.startswith("Ann Lee") else ()
        return Record({"text": text, "label": ["polite", "rude"][number % 2]}, spans)

    made = import_records(workspace, lambda: (record(*pair) for pair in enumerate(texts)), name, workspace.folder)
    return [f"{made['run']}:{number}.0" for number in range(len(texts))]


def item(api: Any, name: str) -> dict[str, Any]:
    """A record as the service answers it."""
    found: dict[str, Any] = api.get(f"records/{name}").json()
    return found


def taken_in(api: Any, dataset: str) -> None:
    """Waits until all records are there."""
    for _ in range(500):
        if not api.get("records", params={"dataset": dataset}).json()["waiting"]:
            return
        time.sleep(0.01)
    raise AssertionError("the records are not taken in")
