"""`seedbed review` and `seedbed tasks`: what the studio does with records, from the command line."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..console import are, counted, no_traceback, result, result_json, say
from ..options import (
    AtServer,
    By,
    Json,
    WorkspacePath,
    pairs,
)
from ..service.far import server_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seedbed.app.remote.reviewing import FarReviewing
    from seedbed.app.review.reviewing import Page, Reviewing
    from seedbed.core.review.entry import Entry, Looked, Wanted

review = typer.Typer(no_args_is_help=True, help="Review: look at records, decide on them, correct them.")

Named = Annotated[str, typer.Argument(metavar="DATASET", help="A dataset or run.", show_default=False)]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="The records.", show_default=False)]
One = Annotated[str, typer.Argument(metavar="ID", help="The record.", show_default=False)]
State = Annotated[str | None, typer.Option(help="Those that are todo, approved, declined or flagged.")]
Label = Annotated[str | None, typer.Option(help="Those with this label.")]
Model = Annotated[str | None, typer.Option(help="Those this model wrote.")]
Tag = Annotated[str | None, typer.Option(help="Those with this tag; `synthetic` and `augmented` are tags.")]
Span = Annotated[str | None, typer.Option(help="Those with a span of this label.")]
Alike = Annotated[
    bool, typer.Option("--duplicates", help="Those that say nearly what another one says, group after group.")
]
Overlapping = Annotated[bool, typer.Option("--overlapping", help="Those with spans that overlap.")]
Words = Annotated[str, typer.Option(help="Those with all these words; the last may be the beginning of one.")]
Person = Annotated[str | None, typer.Option(help="Those assigned to this person.")]
Source = Annotated[str | None, typer.Option(help="Those that are synthetic, augmented or imported.")]
Reason = Annotated[str | None, typer.Option(help="Those with this reason.")]
Limit = Annotated[int, typer.Option(help="So many at most.", min=1, max=1000)]
Cursor = Annotated[str, typer.Option(help="Go on where a page ended: its `next`.")]
AddSpan = Annotated[
    list[str] | None,
    typer.Option(help="Mark START:END:LABEL, in characters, as in 0:3:PERSON (FIELD:0:3:PERSON); may be repeated."),
]
RemoveSpan = Annotated[list[str] | None, typer.Option(help="Unmark START:END:LABEL; may be repeated.")]
InView = Annotated[
    str | None, typer.Option("--view", help="Those of this saved filter, see review views; options narrow it.")
]
Every = Annotated[bool, typer.Option("--all", help="All records that the options choose.")]


@contextmanager
def opened_desk(
    dataset: str, workspace: Path | None, server: str | None, by: str
) -> Iterator[Reviewing | FarReviewing]:
    from seedbed.app.reports.spot_check import user
    from seedbed.app.review.reviewing import Reviewing
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    far = server_of(server, workspace)
    if far:
        if by:
            raise InputError("--by: at a server it is the person whose token it is.", "Leave it away.")
        yield far.review(dataset)
        return
    with Workspace(workspace) as place:
        yield Reviewing(place, dataset, by or user())


def wanted_by(**fields: Any) -> Wanted:
    from seedbed.app.review.saying import decision_of, work_of
    from seedbed.core.review.entry import Wanted

    if fields.get("decision") is not None:
        decision_of(fields["decision"])
    if fields.get("work") is not None:
        work_of(fields["work"])
    return Wanted("", **fields)


def in_view(
    name: str | None, wanted: Wanted, dataset: str | None, workspace: Path | None, server: str | None
) -> Wanted:
    """What is wanted, of that what a saved filter of the dataset finds, if one is named.

    Raises:
        InputError: there is none of that name, or no dataset is named.
    """
    from seedbed.app.review.views import seen_by, view_named
    from seedbed.core.errors import InputError

    if name is None:
        return wanted
    if dataset is None:
        raise InputError("A view is a dataset's.", "Name the DATASET.")
    with opened_desk(dataset, workspace, server, "") as desk:
        return seen_by(view_named(desk.views(), name), wanted)


def _row(entry: Entry) -> dict[str, Any]:
    head = {"id": entry.record.id, "version": entry.version, **entry.state()}
    own = ("source", "model", "twins", "by", "changed")
    return {**head, **{name: getattr(entry, name) for name in own}}


def _line(entry: Entry) -> str:
    text = " ".join(entry.record.text.split())
    state = (entry.work and f"{entry.decision}/{entry.work}") or entry.decision
    reason = f"[{entry.reason}] " if entry.reason else ""
    return f"{entry.record.id:<24} {state:<14} {entry.record.label:<14} {reason}{text[:90]}"


def shown(entries: Sequence[Entry], *, json: bool, grouped: bool = False, **more: Any) -> None:
    if json:
        result_json({"items": [_row(one) for one in entries], **more})
        return
    group = 0
    for one in entries:
        if group and one.twins != group:
            result("")  # between groups that say the same
        group = one.twins if grouped else 0
        result(_line(one))


def shown_page(page: Page, none: str, *, json: bool, grouped: bool = False, **more: Any) -> None:
    shown(page.entries, json=json, grouped=grouped, next=page.next, **more)
    if not json and (words := none if not page.entries else page.next and f"There are more: --cursor {page.next}"):
        say(words)


@review.command("list")
@no_traceback
def list_entries(
    dataset: Named,
    decision: State = None,
    label: Label = None,
    model: Model = None,
    tag: Tag = None,
    span: Span = None,
    source: Source = None,
    reason: Reason = None,
    person: Person = None,
    words: Words = "",
    doubted: Annotated[
        bool, typer.Option("--doubted", help="Those whose label is doubted, the most doubtful first.")
    ] = False,
    duplicates: Alike = False,
    overlapping: Overlapping = False,
    view: InView = None,
    save_view: Annotated[str | None, typer.Option(help="Save what these options choose under this name.")] = None,
    last: Annotated[bool, typer.Option("--last", help="The last ones first.")] = False,
    limit: Limit = 50,
    cursor: Cursor = "",
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List records with what was decided on them."""
    from seedbed.app.review.views import check_view_name, usual_sort, where_of

    flags = {"doubted": doubted, "duplicates": duplicates, "overlapping": overlapping}
    own = {"label": label, "model": model, "tag": tag, "span": span, "source": source, "reason": reason}
    wanted = wanted_by(decision=decision, person=person, words=words, **flags, **own)
    wanted = in_view(view, wanted, dataset, workspace, server)
    wanted = replace(wanted, sort="last" if last else usual_sort(wanted))
    with opened_desk(dataset, workspace, server, by) as desk:
        if save_view is not None:
            desk.save_view(check_view_name(save_view), where_of(wanted))
        page = desk.page(wanted, cursor, limit)
        looked = desk.looked() if wanted.duplicates else None
    more = {"looked": looked._asdict() if looked else None} if wanted.duplicates else {}
    shown_page(page, "There are no such records.", json=json, grouped=wanted.sort == "twins", **more)
    if wanted.duplicates and not json:
        _say_looked(looked, dataset)
    if save_view is not None:
        say(f"Saved: seedbed review list {dataset} --view {quote(save_view)}")


def _say_looked(looked: Looked | None, dataset: str) -> None:
    if looked is None:
        say(f"Nobody has looked for duplicates yet. Look: seedbed review duplicates {dataset}")
    else:
        newer = f"; {counted(looked.newer, 'record')} came since: look again" if looked.newer else ""
        say(
            f"Looked for on {looked.at} by {looked.by}: {looked.records:,} in {counted(looked.groups, 'group')}{newer}."
        )


@review.command("duplicates")
@no_traceback
def duplicates(
    dataset: Named,
    near: Annotated[
        float, typer.Option(help="How many of the words two texts have the same to be one, 0.5 to 1.")
    ] = 0.9,
    column: Annotated[
        list[str] | None, typer.Option(help="A column with texts, if not the main ones; may be repeated.")
    ] = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Find the records that say nearly what another one says, and mark them for the review."""
    from ..stages import Stages

    with opened_desk(dataset, workspace, server, by) as desk, Stages(quiet=json) as stages:
        found = desk.mark_duplicates(near, column or (), stages.watch)
    if json:
        result_json(found)
        return
    among = f"{found['duplicates']:,} of {counted(found['records'], 'record')} {are(found['duplicates'])}"
    result(f"{among} in {counted(found['groups'], 'group')} that say nearly the same")
    if found["groups"]:
        say(f"See them: seedbed review list {dataset} --duplicates")


@review.command("counts")
@no_traceback
def counts(dataset: Named, json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Count records by what was decided, and by label, model, source and tag."""
    with opened_desk(dataset, workspace, server, "") as desk:
        found = desk.counts()
    if json:
        result_json({"total": found.total, "duplicates": found.duplicates, **found.by})
        return
    result(f"{found.reviewed:,} of {found.total:,} reviewed")
    for kind, values in found.by.items():
        if values:
            result(f"{kind + ':':<10} " + ", ".join(f"{name} {count:,}" for name, count in values.items()))


@review.command("show")
@no_traceback
def show(
    dataset: Named, record: One, json: Json = False, workspace: WorkspacePath = None, server: AtServer = None
) -> None:
    """Show a record with all that happened to it."""
    with opened_desk(dataset, workspace, server, "") as desk:
        entry, happened = desk.entry(record), desk.history(record)
    if json:
        result_json({**_row(entry), "history": [one._asdict() for one in happened]})
        return
    result(_line(entry))
    for name, value in entry.record.values.items():
        result(f"{name}: {value}")
    for span in entry.record.spans:
        result(f"{span.label}: {str(entry.record.values.get(span.field, ''))[span.start : span.end]!r}")
    for name, value in {"reason": entry.reason, "note": entry.note, "tags": ", ".join(entry.record.tags)}.items():
        if value:
            result(f"{name}: {value}")
    for one in happened:
        result(f"{one.at}  {one.by}: {', '.join(one.after)}")


def _decide(
    dataset: str,
    ids: list[str] | None,
    decision: str,
    reason: str,
    wanted: Wanted | None,
    desk: Reviewing | FarReviewing,
) -> int:
    from seedbed.core.errors import InputError

    if wanted is not None and ids:
        raise InputError("Either records are named, or --all chooses them.", "Leave one of the two out.")
    if wanted is None:
        if not ids:
            raise InputError("Which records?", f"Name them, see: seedbed review list {dataset}; or choose by --all.")
        return len(desk.decide(ids, decision, reason))
    return desk.decide_all(wanted, decision, reason)


@review.command("decide")
@no_traceback
def decide(
    dataset: Named,
    decision: Annotated[str, typer.Argument(help="approved, declined, flagged or todo.", show_default=False)],
    ids: Ids = None,
    every: Every = False,
    state: Annotated[str | None, typer.Option("--decision", help="With --all: those that are todo, approved …")] = None,
    label: Label = None,
    model: Model = None,
    tag: Tag = None,
    span: Span = None,
    words: Words = "",
    view: InView = None,
    reason: Annotated[str, typer.Option(help="Why, in a word or two; records can be found by it.")] = "",
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Approve, decline or flag records, or put them back to be done."""
    from seedbed.app.review.saying import decision_of

    decision_of(decision)
    chosen = wanted_by(decision=state, label=label, model=model, tag=tag, span=span, words=words)
    chosen = in_view(view, chosen, dataset, workspace, server)
    with opened_desk(dataset, workspace, server, by) as desk:
        count = _decide(dataset, ids, decision, reason, chosen if every else None, desk)
    if json:
        result_json({"changed": count, "decision": decision})
    else:
        say(f"{counted(count, 'record')} {are(count)} {decision}. Take that back with: seedbed review undo {dataset}")


@review.command("edit")
@no_traceback
def edit(
    dataset: Named,
    record: One,
    sets: Annotated[list[str] | None, typer.Option("--set", help="A column's new value, as in label=polite.")] = None,
    note: Annotated[str | None, typer.Option(help="A note on the record.")] = None,
    add_tag: Annotated[list[str] | None, typer.Option(help="Add this tag; may be repeated.")] = None,
    remove_tag: Annotated[list[str] | None, typer.Option(help="Take this tag away; may be repeated.")] = None,
    add_span: AddSpan = None,
    remove_span: RemoveSpan = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Change a record's texts, label, spans, note or tags; spans move with the text."""
    from seedbed.core.review.entry import Change

    from .marking import respanned

    values = dict(pairs(sets, "--set ", "--set label=polite"))
    with opened_desk(dataset, workspace, server, by) as desk:
        dropped = desk.edit(record, values).dropped if values else []
        if note is not None:
            desk.change([Change(record, note=note)])
        if add_tag or remove_tag:
            desk.tag([record], add_tag or (), remove_tag or ())
        if add_span or remove_span:
            entry = desk.entry(record)
            spans = respanned(entry, add_span or (), remove_span or ())
            desk.change([Change(record, entry.version, values=entry.record.values, spans=spans)])
        entry = desk.entry(record)
    shown([entry], json=json, dropped=[span._asdict() for span in dropped])
    for span in dropped:
        say(f"The span {span.label} ({span.start} to {span.end}) was dropped: its text or its edge was changed.")


@review.command("undo")
@no_traceback
def undo(
    dataset: Named, by: By = "", json: Json = False, workspace: WorkspacePath = None, server: AtServer = None
) -> None:
    """Take back what you did last."""
    with opened_desk(dataset, workspace, server, by) as desk:
        entries = desk.undo()
    shown(entries, json=json)
    if not json:
        say("Taken back." if entries else "There is nothing to take back.")


@review.command("refill")
@no_traceback
def refill_run(
    run: Annotated[str, typer.Argument(help="The run, see runs list.", show_default=False)],
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Open the cells of a run's declined records again, so that it makes others in their place."""
    from seedbed.app.review.refill import refill
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        found = far.control(run, "refill")
        command = f"The server is at it: seedbed runs show {run} --server {far.wire.address}"
    else:
        with Workspace(workspace) as place:
            found = refill(place, run)
            command = f"Go on with: {place.command(f'runs resume {run}')}"
    if json:
        result_json(found)
    else:
        say(f"{found['message']} {command}" if found["opened"] else found["message"])
