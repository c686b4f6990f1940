"""`seedbed tasks`: what approved records become."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..console import are, counted, no_traceback, result, result_json, say
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
from ..service.far import server_of
from .review import (
    Alike,
    Cursor,
    InView,
    Label,
    Limit,
    Model,
    Overlapping,
    Person,
    Span,
    Tag,
    Words,
    in_view,
    shown,
    shown_page,
    wanted_by,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seedbed.app.remote.tasks import FarTasks
    from seedbed.app.review.project import Tasks

tasks = typer.Typer(no_args_is_help=True, help="Annotation tasks: what approved records become.")

Of = Annotated[
    str | None,
    typer.Argument(metavar="[DATASET]", help="A dataset or run; all of the project if not given.", show_default=False),
]
Project = Annotated[
    str | None, typer.Option("--project", help="Those of this project; of the default one if no dataset is named.")
]
Work = Annotated[str | None, typer.Option(help="Those that are todo, doing or done.")]

RECORD = re.compile(r".+:\d+\.\d+")
"""The id of a record, which no dataset is called like."""


@contextmanager
def _opened(
    dataset: str | None, project: str | None, workspace: Path | None, server: str | None, by: str = ""
) -> Iterator[Tasks | FarTasks]:
    from seedbed.app.reports.spot_check import user
    from seedbed.app.review.project import Tasks
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    far = server_of(server, workspace)
    if far:
        if by:
            raise InputError("--by: at a server it is the person whose token it is.", "Leave it away.")
        yield far.tasks(dataset, project)
        return
    with Workspace(workspace) as place:
        yield Tasks.of(place, dataset, project, by or user())


@tasks.command("create")
@no_traceback
def create(
    dataset: Of = None,
    project: Project = None,
    label: Label = None,
    model: Model = None,
    tag: Tag = None,
    span: Span = None,
    words: Words = "",
    view: InView = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Make annotation tasks of the approved records."""
    chosen = wanted_by(label=label, model=model, tag=tag, span=span, words=words)
    chosen = in_view(view, chosen, dataset, workspace, server)
    with _opened(dataset, project, workspace, server, by) as desk:
        sources = desk.hand_over(chosen)
        total = desk.count(wanted_by(handed_over=True))
    count = sum(sources.values())
    if json:
        result_json({"created": count, "tasks": total, "sources": sources})
        return
    say(f"{counted(count, 'record')} became {'a task' if count == 1 else 'tasks'}; there {are(total)} {total:,} now.")
    if count:
        say(_tagged(sources))
    if not total:
        say(f"Only approved records do: seedbed review decide {dataset or 'DATASET'} approved ID...")


def _tagged(sources: Mapping[str, int]) -> str:
    """Which tags the records have that became tasks."""
    tags = [f"{count:,} {'has' if count == 1 else 'have'} the tag {name}" for name, count in sources.items()]
    own = [words for words, name in zip(tags, sources, strict=True) if name != "imported"]
    bare = sources.get("imported", 0)
    if bare:
        own.append(f"{bare:,} {'was' if bare == 1 else 'were'} imported and {'has' if bare == 1 else 'have'} no tag")
    return f"{', '.join(own)}."


@tasks.command("list")
@no_traceback
def list_tasks(
    dataset: Of = None,
    project: Project = None,
    state: Work = None,
    label: Label = None,
    model: Model = None,
    tag: Tag = None,
    span: Span = None,
    person: Person = None,
    words: Words = "",
    duplicates: Alike = False,
    overlapping: Overlapping = False,
    view: InView = None,
    limit: Limit = 50,
    cursor: Cursor = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List annotation tasks, dataset after dataset."""
    from seedbed.app.review.views import usual_sort

    fields = {"label": label, "model": model, "tag": tag, "span": span, "person": person, "words": words}
    flags = {"duplicates": duplicates, "overlapping": overlapping}
    wanted = wanted_by(handed_over=True, work=state, **flags, **fields)
    wanted = in_view(view, wanted, dataset, workspace, server)
    wanted = replace(wanted, sort=usual_sort(wanted))
    with _opened(dataset, project, workspace, server) as desk:
        page = desk.page(wanted, cursor, limit)
    made = f"seedbed tasks create {dataset or ''}".strip()
    shown_page(
        page,
        f"There are no such tasks. Approved records become tasks with: {made}",
        json=json,
        grouped=wanted.sort == "twins",
    )


@tasks.command("counts")
@no_traceback
def counts(
    dataset: Of = None,
    project: Project = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Count tasks by state, and by dataset, label, model, source, person and tag."""
    with _opened(dataset, project, workspace, server) as desk:
        found = desk.counts(wanted_by(handed_over=True))
    if json:
        result_json({"total": found.total, **found.by})
        return
    result(counted(found.total, "task"))
    for kind, values in found.by.items():
        if values and kind != "decision":
            name = "state" if kind == "work" else kind
            result(f"{name + ':':<10} " + ", ".join(f"{value} {count:,}" for value, count in values.items()))


@tasks.command("set")
@no_traceback
def set_task(
    given: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DATASET] [ID...]", help="The records; or a dataset, with --all.", show_default=False),
    ] = None,
    project: Project = None,
    every: Annotated[bool, typer.Option("--all", help="All tasks that the options choose.")] = False,
    now: Annotated[str | None, typer.Option("--now", help="With --all: those that are todo, doing or done.")] = None,
    label: Label = None,
    model: Model = None,
    tag: Tag = None,
    span: Span = None,
    words: Words = "",
    view: InView = None,
    state: Annotated[str | None, typer.Option(help="What they become: todo, doing or done.")] = None,
    person: Annotated[str | None, typer.Option(help="Whose they become; empty for nobody's.")] = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Say where tasks are and whose they are."""
    from seedbed.app.review.amending import Wish
    from seedbed.app.review.saying import work_of
    from seedbed.core.errors import InputError

    names = given or []
    dataset = None if not names or RECORD.fullmatch(names[0]) else names[0]
    ids = names if dataset is None else names[1:]
    chosen = wanted_by(handed_over=True, work=now, label=label, model=model, tag=tag, span=span, words=words)
    chosen = in_view(view, chosen, dataset, workspace, server)
    if every == bool(ids):
        raise InputError("Which tasks?", "Name them, see: seedbed tasks list; or choose by --all.")
    if state is None and person is None:
        raise InputError("What are they to become?", "Say --state or --person.")
    wish = Wish(work=work_of(state) if state is not None else None, person=person)
    with _opened(dataset, project, workspace, server, by) as desk:
        changed = desk.change(wish, chosen if every else ids)
        entries = desk.entries(ids)
    count = sum(changed.values())
    if every and json:
        result_json({"changed": count, "datasets": changed})
    elif every:
        say(f"{counted(count, 'task')} {are(count)} changed.")
        for name in changed:
            say(f"Take that back with: seedbed review undo {name}")
    else:
        shown(entries, json=json)


@tasks.command("export")
@no_traceback
def export_tasks(
    dataset: Of = None,
    output: OutputPath = None,
    project: Project = None,
    ids: Annotated[list[str] | None, typer.Option("--id", help="Only this task; may be repeated.")] = None,
    state: Work = None,
    label: Label = None,
    model: Model = None,
    tag: Tag = None,
    span: Span = None,
    person: Person = None,
    words: Words = "",
    overlapping: Overlapping = False,
    view: InView = None,
    approved: Annotated[bool, typer.Option("--approved", help="All approved records, tasks or not.")] = False,
    to: To = None,
    option: FormatOptions = None,
    csv_safe: CsvSafe = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Write tasks as they stand now to a file, with their ids, so that they can be taken back.

    Those of a project have the columns of all its datasets, empty where a dataset has no such one, and `dataset`.
    """
    from seedbed.app.output import Output

    output = needed(output, "The tasks need", "tasks.csv")
    target = Output(output.absolute(), force, csv_safe=csv_safe, to=to, to_options=format_options(option))
    fields = {"label": label, "model": model, "tag": tag, "span": span, "person": person, "words": words}
    chosen = {"decision": "approved"} if approved else {"handed_over": True, "work": state}
    wanted = wanted_by(overlapping=overlapping, **chosen, **fields)
    wanted = in_view(view, wanted, dataset, workspace, server)
    with _opened(dataset, project, workspace, server) as desk:
        count = desk.export(wanted, target, ids or ())
    if json:
        result_json({"records": count, "output": str(target.path)})
    else:
        say(f"Wrote {counted(count, 'record')} to {output}.")


@tasks.command("import")
@no_traceback
def import_tasks(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="[DATASET] FILE",
            help="The annotated tasks, and the dataset if they are of one.",
            show_default=False,
        ),
    ],
    project: Project = None,
    form: From = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Take labels, spans and texts of annotated tasks back; they are known again by their ids."""
    from seedbed.app.data.convert import Reading
    from seedbed.app.review.project import Tasks
    from seedbed.core.errors import InputError

    if len(given) > 2:
        raise InputError("One file is taken back at a time.", "For example: seedbed tasks import tasks.csv")
    dataset, file = (given[0], Path(given[1])) if len(given) == 2 else (None, Path(given[0]))
    with _opened(dataset, project, workspace, server, by) as desk:
        if isinstance(desk, Tasks):
            found = desk.take_back(Reading(file, form).source()())
        else:
            found = desk.take_back(file, form)
    if json:
        result_json(found)
    else:
        read, changed = found["read"], found["changed"]
        differ = f"{changed:,} of them {'says' if changed == 1 else 'say'} something else than before"
        say(f"{counted(read, 'task')} {are(read)} done; {differ}.")
