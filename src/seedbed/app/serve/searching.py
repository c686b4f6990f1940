"""Search over everything that a person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.serving import DEFAULT

from .belonging import seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seedbed.core.review.entry import Entry

    from ..workspace import Workspace
    from .people import Person

EACH = 5
"""So many things of a kind are found by their names."""

RECORDS = 20
"""So many records are found."""

LONGEST = 200
"""Characters of a text that are shown."""

BEFORE = 60
"""So many of them stand before the first word that was looked for."""


def search(workspace: Workspace, person: Person, words: str, project: str | None = None) -> list[dict[str, Any]]:
    """What has all these words: datasets, runs, recipes and templates in their names, records in their texts.

    Of records those are found that were taken in for review; one that was handed over is also found as a task.
    """
    wanted = words.casefold().split()
    if not wanted or not workspace.exists:
        return []
    names = seen(workspace, person, project)
    found = [_hit("dataset", name, name, "", name) for name in _having(names, wanted)]
    known = set(names)
    runs = {run.id: run for run in workspace.store.runs() if run.dataset in known}
    found += [_hit("run", name, name, runs[name].state, runs[name].dataset) for name in _having(runs, wanted)]
    for kind in ("recipe", "template"):
        found += [_hit(kind, name, name, "") for name in _having(_own(workspace, person, kind, project), wanted)]
    entries = workspace.store.reviews.search(names, words, RECORDS)
    found += [_of(entry, "record", wanted) for entry in entries]
    found += [_of(entry, "task", wanted) for entry in entries if entry.work]
    return found


def _of(entry: Entry, kind: str, words: list[str]) -> dict[str, Any]:
    text = _around(" ".join(entry.record.text.split()), words)
    return _hit(kind, entry.record.id, text or entry.record.id, text, entry.dataset)


def _around(text: str, words: list[str]) -> str:
    """The part of a long text in which the first of the words is."""
    plain = text.casefold()
    first = min((place for word in words if (place := plain.find(word)) >= 0), default=0)
    if first < LONGEST // 2 or len(plain) != len(text):
        return text[:LONGEST]
    start = text.find(" ", first - BEFORE) + 1
    return f"… {text[start : start + LONGEST]}"


def _own(workspace: Workspace, person: Person, kind: Any, project: str | None) -> Iterator[str]:
    """The names of the recipes or templates that a person may read."""
    store = workspace.store
    names = (
        [one.name for one in store.serving.recipes()] if kind == "recipe" else [one.name for one in store.templates()]
    )
    places = store.serving.places(kind)
    for name in dict.fromkeys(names):
        of = places.get(name, (DEFAULT,))
        if any(map(person.sees, of)) and (project is None or project in of):
            yield name


def _having(names: Iterable[str], words: list[str]) -> list[str]:
    return [name for name in names if all(word in name.casefold() for word in words)][:EACH]


def _hit(kind: str, name: str, title: str, text: str, dataset: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "id": name, "title": title, "text": text, "dataset": dataset}
