"""The `seedbed` command."""

from __future__ import annotations

from typing import Annotated

import typer

from . import (
    augment,
    check,
    connections,
    data,
    dedup,
    fill,
    generate,
    models,
    robustness,
    runs,
    student,
    templates,
)
from .console import result
from .desk import datasets, tasks, views
from .quality import labels, report, spot_check
from .service import background, backup, keeping, people, recipes, serve, workspace

app = typer.Typer(
    name="seedbed",
    help="Grow labelled text datasets with language models: exact, unique, balanced, durable.",
    epilog="New here? `init` writes a recipe, `preview` tries it, `generate` makes the records.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        result(f"seedbed {version('seedbed')}")
        raise typer.Exit


@app.callback()
def _main(
    _: Annotated[
        bool | None, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = None,
) -> None: ...


app.command()(generate.generate)
app.command()(generate.preview)
app.command()(generate.estimate)
app.command()(generate.init)
app.command()(runs.export)
app.command()(data.convert)
app.command()(data.mix)
app.command()(augment.augment)
app.command()(augment.transforms)
app.command()(fill.fill)
app.command()(robustness.robustness)
app.command()(check.check)
app.command()(dedup.dedup)
app.command()(serve.serve)
app.command()(backup.backup)
app.command()(backup.restore)
app.add_typer(workspace.workspace, name="workspace")
app.add_typer(recipes.recipes, name="recipes")
app.add_typer(background.jobs, name="jobs")
app.add_typer(background.reports, name="reports")
app.command()(keeping.search)
app.command()(report.report)
app.command("spot-check")(spot_check.spot_check)
app.add_typer(labels.labels, name="labels")
app.command()(student.student)
app.add_typer(views.review, name="review")
app.add_typer(tasks.tasks, name="tasks")
app.add_typer(runs.runs, name="runs")
app.add_typer(datasets.datasets, name="datasets")
app.add_typer(connections.connections, name="connections")
app.add_typer(templates.templates, name="templates")
app.add_typer(templates.prompts, name="prompts")
app.add_typer(models.models, name="models")
app.add_typer(people.projects, name="projects")
app.add_typer(people.users, name="users")
app.add_typer(people.tokens, name="tokens")
app.add_typer(keeping.settings, name="settings")
app.command()(keeping.audit)


def run() -> None:
    """Entry point of the console script."""
    app()
