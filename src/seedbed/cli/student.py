"""`seedbed student`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import counted, no_traceback, result, result_json, say
from .options import Json, SplitSeed, WorkspacePath

if TYPE_CHECKING:
    from seedbed.app.student.folder import Student

METRICS = {"accuracy": "right labels", "exact_match": "right answers", "preferred": "pairs told apart"}


@no_traceback
def student(
    dataset: Annotated[str, typer.Argument(help="A file, or a dataset or run of the workspace.", show_default=False)],
    folder: Annotated[Path | None, typer.Option("--folder", "-o", help="The folder to write.")] = None,
    base: Annotated[
        str | None, typer.Option(help="The model to train: a name on the Hugging Face hub, or a folder.")
    ] = None,
    split: Annotated[
        str, typer.Option(help="The shares of the parts; validation may be missing.")
    ] = "train=0.8,validation=0.1,test=0.1",
    seed: SplitSeed = 0,
    instruction: Annotated[
        str, typer.Option(help="What is said before each question; {labels} stands for the labels.")
    ] = "",
    asked: Annotated[str, typer.Option("--input", help="The column with the question, if not the usual one.")] = "",
    answer: Annotated[str, typer.Option("--output", help="The column with the answer; `spans` are entities.")] = "",
    epochs: Annotated[float, typer.Option(help="How often every record is learned.")] = 3,
    train: Annotated[bool, typer.Option("--train", help="Train and test as well (extra `student`).")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the folder, and what was trained in it.")] = False,
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """Make a folder to train a smaller model in: chats in parts, settings, a script; or train it at once."""
    from seedbed.app.student.library import student as run
    from seedbed.app.student.training import check_libraries
    from seedbed.core.errors import InputError
    from seedbed.students.settings import BASE

    from .stages import Stages

    if folder is None:
        raise InputError("Where to? The training folder needs a name.", "For example: -o student")
    if train:
        check_libraries()
    with Stages(quiet=json) as stages:
        made = run(
            dataset,
            folder,
            base=base or BASE,
            split=split,
            seed=seed,
            instruction=instruction,
            input_column=asked,
            output_column=answer,
            epochs=epochs,
            force=force,
            workspace=workspace,
            watch=stages.watch,
        )
    if not json:
        _say(made, folder, train=train)
    if train:
        made.train(quiet=json)
    if json:
        result_json({**made.figures, **({"result": made.result} if train else {})})
    elif train:
        _say_result(made)


def _say(made: Student, folder: Path, *, train: bool) -> None:
    figures = made.figures
    result(f"{figures['dataset']}: {counted(figures['records'], 'record')} taken as {figures['kind']}.")
    result(f"{figures['words'][0].upper()}{figures['words'][1:]}.")
    if figures["left_out"]:
        many = counted(figures["left_out"], "record")
        say(f"Left out: {many} without a question or an answer.")
    for part, size in figures["parts"].items():
        result(f"  {counted(size, 'record', width=7)} in {folder / 'data' / part}.jsonl")
    tied = figures["tied"]
    if tied["groups"]:
        many = f"{counted(tied['records'], 'record')} in {counted(tied['groups'], 'group')}"
        say(f"{many} stay together, as they are alike or related.")
    for one in figures["teachers"]:
        say(f"Written by {one['model']} ({one['records']:,}): {one['terms']}")
    if not train:
        say(f"To train {figures['base']}: pip install -r {folder / 'requirements.txt'}, then")
        say(f"  python {folder / 'train.py'}")


def _say_result(made: Student) -> None:
    for when in ("before", "after"):
        if when in made.result:
            result(f"{METRICS[made.result['metric']]} {when} training: {_share(made.result[when])}")
    for label, one in made.result.get("labels", {}).items():
        result(f"  {label}: {_share(one)}")


def _share(found: dict[str, Any]) -> str:
    low, high = found["interval"]
    return f"{found['right']:,} of {found['of']:,}, {found['share']:.0%} ({low:.0%} to {high:.0%})"
