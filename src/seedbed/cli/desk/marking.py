"""`seedbed review change` and `review tags`: many records at once; and spans as they are typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from ..console import counted, no_traceback, result, result_json, say
from ..options import AtServer, By, Json, WorkspacePath, pairs
from .review import (
    Every,
    Ids,
    InView,
    Label,
    Model,
    Named,
    Overlapping,
    Reason,
    Source,
    Span,
    State,
    Tag,
    Words,
    in_view,
    opened_desk,
    review,
    wanted_by,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seedbed.core.record import Span as Stretch
    from seedbed.core.review.entry import Entry

__all__ = ["review"]

_SPAN = re.compile(r"(?:(?P<field>.+?):)?(?P<start>\d+):(?P<end>\d+):(?P<label>.+)", re.DOTALL)


@review.command("change")
@no_traceback
def change(
    dataset: Named,
    ids: Ids = None,
    every: Every = False,
    decision: State = None,
    label: Label = None,
    model: Model = None,
    source: Source = None,
    tag: Tag = None,
    span: Span = None,
    reason: Reason = None,
    words: Words = "",
    doubted: Annotated[bool, typer.Option("--doubted", help="Those whose label is doubted.")] = False,
    overlapping: Overlapping = False,
    view: InView = None,
    set_label: Annotated[str | None, typer.Option(help="The label they are to have.")] = None,
    note: Annotated[str | None, typer.Option(help="A note on each.")] = None,
    add_tag: Annotated[list[str] | None, typer.Option(help="Add this tag; may be repeated.")] = None,
    remove_tag: Annotated[list[str] | None, typer.Option(help="Take this tag away; may be repeated.")] = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Give many records a label, a note or tags, in one step that `review undo` takes back."""
    from seedbed.app.review.amending import Wish, amend_all, amend_wanted
    from seedbed.app.review.reviewing import Reviewing
    from seedbed.core.errors import InputError

    wish = Wish(label=set_label, note=note, add_tags=tuple(add_tag or ()), remove_tags=tuple(remove_tag or ()))
    if wish == Wish():
        raise InputError("What is to change?", "Give --set-label, --note, --add-tag or --remove-tag.")
    if bool(ids) == every:
        raise InputError("Which records?", "Either name them, or choose them with --all and the options of the list.")
    fields = {"label": label, "model": model, "source": source, "tag": tag, "span": span, "reason": reason}
    wanted = wanted_by(decision=decision, words=words, doubted=doubted, overlapping=overlapping, **fields)
    wanted = in_view(view, wanted, dataset, workspace, server)
    with opened_desk(dataset, workspace, server, by) as desk:
        if not isinstance(desk, Reviewing):
            count = desk.amend(ids, wanted, wish)
        else:
            count = amend_all(desk, ids, wish) if ids else amend_wanted(desk, wanted, wish)
    if json:
        result_json({"changed": count})
    else:
        say(f"{counted(count, 'record')} changed. Take that back with: seedbed review undo {dataset}")


@review.command("tags")
@no_traceback
def tags(
    dataset: Named,
    rename: Annotated[
        list[str] | None, typer.Option(help="Call a tag otherwise, as in hard=easy; may be repeated.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Take a tag away; may be repeated.")] = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List the tags that records have; or change that first, on all records that have one, in one step each."""
    from seedbed.app.review import marks
    from seedbed.app.review.reviewing import Reviewing

    wanted = pairs(rename, "--rename ", "--rename hard=easy")
    with opened_desk(dataset, workspace, server, by) as desk:
        for old, new in wanted:
            count = marks.rename_tag(desk, old, new) if isinstance(desk, Reviewing) else desk.change_tag(old, new)
            say(f"{counted(count, 'record')} with the tag {old} have {new} now.")
        for old in remove or ():
            count = marks.remove_tag(desk, old) if isinstance(desk, Reviewing) else desk.change_tag(old, None)
            say(f"{counted(count, 'record')} had the tag {old}.")
        found = marks.tags(desk) if isinstance(desk, Reviewing) else desk.tags()
    if json:
        result_json({"tags": found})
        return
    if not found:
        say(f"No record has a tag. Add one with: seedbed review change {dataset} --all --add-tag TAG")
    for name, count in found.items():
        result(f"{count:9,} {name}")


def respanned(entry: Entry, add: Iterable[str], remove: Iterable[str]) -> tuple[Stretch, ...]:
    """The spans of an entry with some more and some less, each typed as [FIELD:]START:END:LABEL.

    Raises:
        InputError: one cannot be read, is there already, or is not there.
    """
    from seedbed.core.errors import InputError

    spans = list(entry.record.spans)
    for one in map(_span, remove):
        if one not in spans:
            there = ", ".join(f"{span.field}:{span.start}:{span.end}:{span.label}" for span in spans)
            words = f"{entry.record.id} has no span {one.start} to {one.end} ({one.label}) in `{one.field}`."
            raise InputError(words, f"It has: {there}." if there else "It has none.")
        spans.remove(one)
    for one in map(_span, add):
        if one in spans:
            words = f"{entry.record.id} has the span {one.start} to {one.end} ({one.label}) already."
            raise InputError(words, "Leave it out.")
        spans.append(one)
    return tuple(sorted(spans, key=lambda one: (one.field, one.start, one.end)))


def _span(typed: str) -> Stretch:
    from seedbed.core.errors import InputError
    from seedbed.core.record import Span

    found = _SPAN.fullmatch(typed)
    if not found:
        raise InputError(f"`{typed}` is no span.", "Write START:END:LABEL, as in 0:3:PERSON, or FIELD:START:END:LABEL.")
    return Span(int(found["start"]), int(found["end"]), found["label"], found["field"] or "text")
