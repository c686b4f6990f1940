"""`seedbed review views`, and saved filters wherever records are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..console import no_traceback, result, result_json, say
from ..options import AtServer, By, Json, WorkspacePath
from .marking import review
from .review import Named, opened_desk

if TYPE_CHECKING:
    from seedbed.core.review.entry import View

__all__ = ["review"]


@review.command("views")
@no_traceback
def views(
    dataset: Named,
    remove: Annotated[list[str] | None, typer.Option(help="Forget this one; may be repeated.")] = None,
    by: By = "",
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """List the saved filters of a dataset; `--view NAME` uses one wherever records are chosen."""
    from seedbed.app.review.views import view_named

    with opened_desk(dataset, workspace, server, by) as desk:
        for name in remove or ():
            desk.drop_view(view_named(desk.views(), name))
            say(f"The view {name} is forgotten.")
        found = desk.views()
    if json:
        result_json({"views": [{"name": one.name, "where": one.where, "by": one.by} for one in found]})
        return
    if not found:
        say(f"There are none. Save one: seedbed review list {dataset} --words WORDS --save-view NAME")
    for one in found:
        result(f"{one.name:<24} {said(one)}")


def said(view: View) -> str:
    """What a saved filter finds, in words."""
    from seedbed.app.review.views import WORDS

    named = {("words" if name == WORDS else name): value for name, value in view.where.items()}
    return ", ".join(name if value is True else f"{name} {value}" for name, value in named.items()) or "all records"
