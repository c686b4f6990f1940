"""Spans, tags and saved filters of a dataset under review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.core.errors import InputError, NotFound, Taken
from seedbed.core.review.entry import Change, Conflict, View, Wanted

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
            raise Taken(f"{record} has that span.")
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
            raise NotFound(f"{record} has no span {span.start} to {span.end} ({span.label}).")
        return tuple(one for one in spans if one != span)

    return _with_spans(reviewing, record, version, removed)


def rename_tag(reviewing: Reviewing, tag: str, to: str) -> int:
    """Calls a tag otherwise on all records that have it; answers how many. It is one step to take back.

    Raises:
        InputError: it is one that says how records came to be.
    """
    _own(tag, to)

    def renamed(entry: Entry) -> Change:
        tags = tuple(dict.fromkeys(to if one == tag else one for one in entry.record.tags))
        return Change(entry.record.id, entry.version, tags=tags)

    return reviewing.change_all(Wanted("", tag=tag), renamed)


def remove_tag(reviewing: Reviewing, tag: str) -> int:
    """Takes a tag away from all records that have it; answers how many. It is one step to take back.

    Raises:
        InputError: it is one that says how records came to be.
    """
    _own(tag)

    def removed(entry: Entry) -> Change:
        return Change(entry.record.id, entry.version, tags=tuple(one for one in entry.record.tags if one != tag))

    return reviewing.change_all(Wanted("", tag=tag), removed)


def view(workspace: Workspace, name: str) -> View:
    """A saved filter by its id.

    Raises:
        NotFound: there is none.
    """
    plain = name.isascii() and name.isdigit() and len(name) < 19
    found = workspace.store.reviews.view(int(name)) if plain and workspace.exists else None
    if found is None:
        raise NotFound(f"There is no view {name[:40]}.", "See them at /api/v1/views?dataset=…")
    return found


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
