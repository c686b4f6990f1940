"""Spans, tags and saved filters of a dataset under review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.core.errors import InputError, NotFound, Taken
from seedbed.core.review.entry import Change, Conflict, View, Wanted
from seedbed.core.serving.editions import edition, unchanged

from .amending import SOURCE_TAGS, Wish, amend

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.record import Span
    from seedbed.core.review.entry import Entry

    from ..workspace import Workspace
    from .reviewing import Reviewing

TRIES = 20


def add_span(reviewing: Reviewing, record: str, span: Span, version: int | None) -> Entry:
    """Adds a span to a record.

    Raises:
        InputError: there is no such record, it lies outside its text.
        Taken: it has that span.
        Conflict: the record was changed meanwhile.
    """

    def added(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        if span in spans:
            raise Taken(f"{record} has that span.", "Add another one, or take that away first.")
        return tuple(sorted((*spans, span), key=lambda one: (one.field, one.start, one.end)))

    return _with_spans(reviewing, record, version, added)


def remove_span(reviewing: Reviewing, record: str, span: Span, version: int | None) -> Entry:
    """Takes a span of a record away.

    Raises:
        NotFound: there is no such record, or it has no such span.
        Conflict: the record was changed meanwhile.
    """

    def removed(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        if span not in spans:
            raise NotFound(
                f"{record} has no span {span.start} to {span.end} ({span.label}).",
                "Look at the record again: its spans have moved with its text, or are gone.",
            )
        return tuple(one for one in spans if one != span)

    return _with_spans(reviewing, record, version, removed)


def tags(reviewing: Reviewing) -> dict[str, int]:
    """How many records have which tag, the most frequent first."""
    counts = reviewing.counts().by["tag"]
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def tag_version(tag: str, count: int) -> int:
    """The version of a tag: another one wherever more or fewer records have it."""
    return edition(tag, count)


def rename_tag(reviewing: Reviewing, tag: str, to: str, version: int | None = None) -> int:
    """Calls a tag that has the `version`, or any, otherwise on all records that have it; answers how many. It is one
    step to take back.

    Raises:
        InputError: it is one that says how records came to be.
        Changed: it has another version.
    """
    _own(tag, to)

    def renamed(entry: Entry) -> Change:
        tags = tuple(dict.fromkeys(to if one == tag else one for one in entry.record.tags))
        return Change(entry.record.id, entry.version, tags=tags)

    return _with_tag(reviewing, tag, version, renamed)


def remove_tag(reviewing: Reviewing, tag: str, version: int | None = None) -> int:
    """Takes a tag that has the `version`, or any, away from all records that have it; answers how many. It is one step
    to take back.

    Raises:
        InputError: it is one that says how records came to be.
        Changed: it has another version.
    """
    _own(tag)

    def removed(entry: Entry) -> Change:
        return Change(entry.record.id, entry.version, tags=tuple(one for one in entry.record.tags if one != tag))

    return _with_tag(reviewing, tag, version, removed)


def view(workspace: Workspace, name: str) -> View:
    """A saved filter by its id.

    Raises:
        NotFound: there is none.
    """
    plain = name.isascii() and name.isdigit() and len(name) < 19
    found = workspace.store.reviews.view(int(name)) if plain and workspace.exists else None
    if found is None:
        raise _no_view(name)
    return found


def view_version(view: View) -> int:
    """The version of a saved filter: another one wherever it finds something else, or is another's."""
    return edition(view.name, view.where, view.by)


def drop_view(reviewing: Reviewing, view: View, version: int | None = None) -> None:
    """Forgets a saved filter that has the `version`, or any.

    Raises:
        NotFound: it is gone already.
        Changed: it has another version.
    """
    with reviewing.alone():
        found = next((one for one in reviewing.views() if one.number == view.number), None)
        if found is None:
            raise _no_view(str(view.number))
        unchanged(f"The view `{found.name}`", view_version(found), version)
        reviewing.drop_view(found)


def _no_view(name: str) -> NotFound:
    return NotFound(f"There is no view {name[:40]}.", "See them at /api/v1/views?dataset=…")


def _with_tag(reviewing: Reviewing, tag: str, version: int | None, changed: Callable[[Entry], Change]) -> int:
    with reviewing.alone():
        unchanged(f"The tag `{tag}`", tag_version(tag, tags(reviewing).get(tag, 0)), version)
        return reviewing.change_all(Wanted("", tag=tag), changed)


def _own(*tags: str) -> None:
    for tag in tags:
        if tag in SOURCE_TAGS:
            raise InputError(f"`{tag}` says how records came to be, and stays so.", "Use another tag.")


def _with_spans(
    reviewing: Reviewing, record: str, version: int | None, changed: Callable[[tuple[Span, ...]], tuple[Span, ...]]
) -> Entry:
    for _ in range(TRIES):
        entry = reviewing.entry(record)
        if version is not None and entry.version != version:
            raise Conflict(entry)
        wish = Wish(spans=changed(entry.record.spans))
        try:
            return amend(reviewing, record, wish, entry.version).entry
        except Conflict as conflict:
            if version is not None:
                raise
            entry = conflict.entry
    raise Conflict(entry)
