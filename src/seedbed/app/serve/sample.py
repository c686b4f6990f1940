"""A project to look around in: made once, in a workspace where there is nothing yet.

Its texts are made up by us and stand in `samples/`.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

from seedbed.core.errors import Taken
from seedbed.core.record import Record, Span
from seedbed.core.review.entry import Change
from seedbed.core.serving import StoredProject

from ..data.importing import import_records
from ..templates import put
from .projects import put_into

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..workspace import Workspace

SAMPLE: Final = "sample"
RECIPE, NOTES, PEOPLE = "sample-reviews", "sample-notes", "sample-people"
ANSWER, SENTENCES = "sample-answer", "sample-sentences"

ABOUT = "A recipe, two small datasets and two templates to look around in. Delete it whenever you like."
WHY = "hard to place"
"""The reason of the records that are declined."""

_MARKED = re.compile(r"\[([^\]]+)\]\(([A-Z]+)\)")


def ensure_sample(workspace: Workspace) -> bool:
    """Makes the sample project in a workspace that is empty and never had one; whether it was made."""
    store = workspace.store
    if store.serving.settings().get(SAMPLE) or store.runs() or store.serving.recipes() or store.templates():
        return False
    try:
        store.serving.add_project(StoredProject(SAMPLE, "Sample project", ABOUT, sample=True))
    except Taken:
        return False  # another process makes it
    store.serving.set(SAMPLE, value=True)
    _recipe(workspace)
    _datasets(workspace)
    _templates(workspace)
    return True


def notes() -> list[tuple[Record, str]]:
    """The labelled notes, mixed but always in the same order, each with a decision or `-`."""
    rows = [[part.strip() for part in line.split("|", 2)] for line in _lines("notes.txt")]
    rows.sort(key=lambda row: blake2b(row[2].encode()).digest())
    return [(Record({"text": text, "label": label}), decision) for label, decision, text in rows]


def people() -> list[Record]:
    """The sentences with people, places and organisations."""
    return [_unmarked(line) for line in _lines("people.txt")]


def _recipe(workspace: Workspace) -> None:
    workspace.store.serving.put_recipe(RECIPE, _text("reviews.yaml"), new=True)
    put_into(workspace.store, "recipe", RECIPE, SAMPLE)


def _datasets(workspace: Workspace) -> None:
    decided = notes()
    made = import_records(workspace, lambda: iter([record for record, _ in decided]), NOTES, workspace.folder)
    import_records(workspace, lambda: iter(people()), PEOPLE, workspace.folder)
    for name in (NOTES, PEOPLE):
        put_into(workspace.store, "dataset", name, SAMPLE)
        while workspace.store.reviews.catch_up(name):
            pass
    changes = [_change(f"{made['run']}:{place}.0", decision) for place, (_, decision) in enumerate(decided)]
    workspace.store.reviews.change([change for change in changes if change], SAMPLE)


def _change(record: str, decision: str) -> Change | None:
    if decision == "approved":
        return Change(record, decision="approved")
    return Change(record, decision="declined", reason=WHY) if decision == "declined" else None


def _templates(workspace: Workspace) -> None:
    slots: dict[str, Any] = {"type": "slots", **yaml.safe_load(_text("slots.yaml"))}
    for name, document in ((ANSWER, yaml.safe_load(_text("answer.yaml"))), (SENTENCES, slots)):
        put(workspace, name, document, new=True)
        put_into(workspace.store, "template", name, SAMPLE)


def _unmarked(line: str) -> Record:
    """A sentence without its marks, and where what they marked stands in it."""
    text, spans, last = "", [], 0
    for mark in _MARKED.finditer(line):
        text += line[last : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        last = mark.end()
    return Record({"text": text + line[last:]}, tuple(spans))


def _lines(name: str) -> Iterator[str]:
    return (line for line in _text(name).splitlines() if line and not line.startswith("#"))


def _text(name: str) -> str:
    return files("seedbed.app.serve").joinpath("samples", name).read_text("utf-8")
