"""`seedbed tasks`: what approved records become."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import are, counted, no_traceback, result_json, say
from ..options import (
    AtServer,
    By,
    CsvSafe,
    Force,
    FormatOptions,
    From,
    Json,
    OutputPath,
    To,
    WorkspacePath,
    format_options,
    needed,
)
from .review import (
    Alike,
    Cursor,
    Label,
    Limit,
    Model,
    Named,
    Overlapping,
    Person,
    Span,
    Tag,
    Words,
    opened_desk,
    shown,
    shown_page,
    wanted_by,
)

tasks = typer.Typer(no_args_is_help=True, help="Annotation tasks: what approved records become.")


@tasks.command("create")
@no_traceback
def create(
    dataset: Named,
    label: Label = None,
    model: Model = None,
    tag: Tag = None,
    span: Span = None,
    words: Words = "",
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Make annotation tasks of the approved records."""
    with opened_desk(dataset, workspace, server, by) as desk:
        count = desk.hand_over(wanted_by(label=label, model=model, tag=tag, span=span, words=words))
        total = desk.count(wanted_by(handed_over=True))
    if json:
        result_json({"created": count, "tasks": total})
    else:
        say(
            f"{counted(count, 'record')} became {'a task' if count == 1 else 'tasks'}; "
            f"there {are(total)} {total:,} now."
        )
        if not total:
            say(f"Only approved records do: seedbed review decide {dataset} approved ID...")


Work = Annotated[str | None, typer.Option(help="Those that are todo, doing or done.")]


@tasks.command("list")
@no_traceback
def list_tasks(
    dataset: Named,
    state: Work = None,
    label: Label = None,
    model: Model = None,
    tag: Tag = None,
    span: Span = None,
    person: Person = None,
    words: Words = "",
    duplicates: Alike = False,
    overlapping: Overlapping = False,
    limit: Limit = 50,
    cursor: Cursor = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List annotation tasks."""
    fields = {"label": label, "model": model, "tag": tag, "span": span, "person": person, "words": words}
    sort = "twins" if duplicates else "first"
    flags = {"duplicates": duplicates, "overlapping": overlapping}
    wanted = wanted_by(handed_over=True, work=state, sort=sort, **flags, **fields)
    with opened_desk(dataset, workspace, server, "") as desk:
        page = desk.page(wanted, cursor, limit)
    none = f"There are no such tasks. Approved records become tasks with: seedbed tasks create {dataset}"
    shown_page(page, none, json=json, grouped=duplicates)


@tasks.command("set")
@no_traceback
def set_task(
    dataset: Named,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="The records.", show_default=False)],
    state: Annotated[str | None, typer.Option(help="todo, doing or done.")] = None,
    person: Annotated[str | None, typer.Option(help="Whose they are; empty for nobody's.")] = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Say where tasks are and whose they are."""
    from seedbed.app.review.reviewing import work_of
    from seedbed.core.errors import InputError
    from seedbed.core.review.entry import Change

    work = work_of(state) if state is not None else None
    with opened_desk(dataset, workspace, server, by) as desk:
        for one in ids:
            if not desk.entry(one).work:
                raise InputError(f"{one} is no task yet.", f"Make tasks with: seedbed tasks create {dataset}")
        entries = desk.change([Change(one, work=work, person=person) for one in ids])
    shown(entries, json=json)


@tasks.command("export")
@no_traceback
def export_tasks(
    dataset: Named,
    output: OutputPath = None,
    state: Work = None,
    label: Label = None,
    model: Model = None,
    tag: Tag = None,
    span: Span = None,
    person: Person = None,
    words: Words = "",
    approved: Annotated[bool, typer.Option("--approved", help="All approved records, tasks or not.")] = False,
    to: To = None,
    option: FormatOptions = None,
    csv_safe: CsvSafe = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Write tasks as they stand now to a file, with their ids, so that they can be taken back."""
    from seedbed.app.output import Output
    from seedbed.app.review.reviewing import Reviewing
    from seedbed.app.review.tasks import export

    output = needed(output, "The tasks need", "tasks.csv")
    target = Output(output.absolute(), force, csv_safe=csv_safe, to=to, to_options=format_options(option))
    fields = {"label": label, "model": model, "tag": tag, "span": span, "person": person, "words": words}
    wanted = wanted_by(decision="approved", **fields) if approved else wanted_by(handed_over=True, work=state, **fields)
    with opened_desk(dataset, workspace, server, "") as desk:
        count = export(desk, wanted, target) if isinstance(desk, Reviewing) else desk.export(wanted, target)
    if json:
        result_json({"records": count, "output": str(target.path)})
    else:
        say(f"Wrote {counted(count, 'record')} to {output}.")


@tasks.command("import")
@no_traceback
def import_tasks(
    dataset: Named,
    given: Annotated[Path, typer.Argument(metavar="FILE", help="The annotated tasks.", show_default=False)],
    form: From = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Take labels, spans and texts of annotated tasks back; they are known again by their ids."""
    from seedbed.app.data.convert import Reading
    from seedbed.app.review.reviewing import Reviewing
    from seedbed.app.review.tasks import take_back

    with opened_desk(dataset, workspace, server, by) as desk:
        if isinstance(desk, Reviewing):
            found = take_back(desk, Reading(given, form).source()())
        else:
            found = desk.take_back(given, form)
    if json:
        result_json(found)
    else:
        read, changed = found["read"], found["changed"]
        differ = f"{changed:,} of them {'says' if changed == 1 else 'say'} something else than before"
        say(f"{counted(read, 'task')} {are(read)} done; {differ}.")
