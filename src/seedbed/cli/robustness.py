"""`seedbed robustness`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import counted, no_traceback, result_json, say
from .options import Force, From, Given, Json, PlanPath, PlanSeed, Transforms, WorkspacePath, path_given, shares

if TYPE_CHECKING:
    from seedbed.app.data.asked import Means
    from seedbed.app.data.robustness import Tested, Trial
    from seedbed.app.data.subjects import Kind, Subject
    from seedbed.app.data.targets import Targets

EXIT_CODES = {"passed": 0, "weak": 3, "incomplete": 3}


@no_traceback
def robustness(
    given: Given,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            help="What is tested: CONNECTION:MODEL, embedded, spacy:NAME, hf:NAME, FILE.py:FUNCTION or "
            "python:MODULE:FUNCTION.",
        ),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="What a model said of the texts of --write-cases: column `prediction`.")
    ] = None,
    write_cases: Annotated[
        Path | None, typer.Option(help="Write the texts to this file, for a model that is asked elsewhere.")
    ] = None,
    plan: PlanPath = None,
    transform: Transforms = None,
    min_pass_rate: Annotated[
        float | None, typer.Option(help="What must pass of each transform without a rate of its own.", min=0, max=1)
    ] = None,
    task: Annotated[str, typer.Option(help="What the model does: auto, classification or entities.")] = "auto",
    label: Annotated[
        list[str] | None, typer.Option(help="A label there is, if not those of the data; may be repeated.")
    ] = None,
    column: Annotated[str | None, typer.Option(help="Test this column, if not the main one.")] = None,
    limit: Annotated[
        int | None, typer.Option(help="Test with so many records at most, drawn by the seed.", min=1)
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Entities: judge edges at inserted texts, and what has no counterpart.")
    ] = False,
    batch_size: Annotated[int, typer.Option(help="Texts that a function or pipeline gets at once.", min=1)] = 32,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", help="How a language model is asked: a field of the recipe, as in budget.cost=2."),
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Ask a language model again what it was asked before.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a plan for what failed to this file (YAML).")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(parser=path_given, metavar="PATH", help="Write all failures to this file: .csv, .jsonl …"),
    ] = None,
    seed: PlanSeed = None,
    form: From = None,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """Test whether a model says the same of changed texts, and propose a plan of copies for what failed."""
    from seedbed.app.data.asked import Means
    from seedbed.app.data.robustness import Terms, Trial, wishes_of
    from seedbed.app.data.sources import source_of
    from seedbed.app.data.subjects import Kind, file_of
    from seedbed.app.data.targets import Targets
    from seedbed.app.recipe_file import set_value
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    from .drive import asking
    from .stages import Stages

    if sum(way is not None for way in (model, predictions, write_cases)) != 1:
        raise InputError(
            "What is tested? Give --model, or --write-cases, and then --predictions.",
            "For example: --model my_model.py:classify",
        )
    targets = Targets({"--output": output, "--report": report, "--write-cases": write_cases}, force)
    targets.check([Path(given), plan, predictions, file_of(model or "")])
    wishes = wishes_of(plan, shares(transform), seed, [column] if column else None)
    with Workspace(workspace) as place:
        source, stages = source_of(place, given, None, form), Stages(quiet=json)
        with stages:
            trial = Trial.of(source, wishes, Terms(task, min_pass_rate, limit, strict), stages.watch)
        if write_cases:
            _write_cases(trial, targets, given, json=json)
            return
        means = Means(place, partial(asking, json=json), dict(map(set_value, sets or ())), new)
        kind = Kind(trial.task, batch_size, tuple(label or ()), stages.watch)
        subject = _subject(model, predictions, trial, kind, means)
        with stages:
            tested = trial.judge(subject(trial.texts))
    named = model or str(predictions)
    written = targets.write(tested, named)
    if json:
        asked = {"asked": means.figures} if means.figures else {}
        result_json({**tested.figures, "input": given, "model": named, **asked, **written})
    else:
        _say(tested, means, written)
    raise typer.Exit(EXIT_CODES[tested.figures["state"]])


def _subject(model: str | None, predictions: Path | None, trial: Trial, kind: Kind, means: Means) -> Subject:
    from seedbed.app.data.asked import asked_or_called
    from seedbed.app.data.convert import Reading
    from seedbed.app.data.subjects import file_subject

    if predictions is None:
        return asked_or_called(model, kind, trial.labels, means)
    return file_subject(Reading(predictions).source(), str(predictions), kind)


def _write_cases(trial: Trial, targets: Targets, given: str, *, json: bool) -> None:
    count = targets.write_cases(trial)
    path = targets.paths["--write-cases"]
    if json:
        result_json({"state": "written", "input": given, "texts": count, "cases": str(path)})
        return
    say(f"Wrote {counted(count, 'text')} to {path}.")
    say("Add what the model says of each as a column `prediction`, then give the file with --predictions,")
    say("and all other options as they are now.")


def _say(tested: Tested, means: Means, written: dict[str, Any]) -> None:
    figures = tested.figures
    for note in figures["notes"]:
        say(note)
    _say_asked(figures, means.figures)
    _say_rates(figures)
    if figures["first"]:
        say(f"Failures, {len(figures['first'])} of {figures['failures']:,}:")
    for one in figures["first"]:
        say(f"  {one['transform']}: “{_short(one['text'])}” → “{_short(one['changed'])}”")
        say(f"    expected {_short(_answer(one, 'expected'))}, got {_short(_answer(one, 'got'))}")
    if written["report"]:
        say(f"All of them are in {written['report']}.")
    _say_plan(figures, written)


def _say_asked(figures: dict[str, Any], asked: dict[str, Any]) -> None:
    texts = counted(figures["texts"], "different text")
    say(f"{counted(figures['records'], 'record')}, {counted(figures['cases'], 'case')}, {texts}.")
    if asked.get("known"):
        say(f"{asked['known']:,} of them had been asked before and were not asked again (--new does).")
    if figures["unanswered"]:
        say(f"{counted(figures['unanswered'], 'case')} could not be judged, as not all of their texts have an answer.")
    if "message" in asked:
        say(asked["message"])


def _say_rates(figures: dict[str, Any]) -> None:
    measure = {"accuracy": "accuracy", "f1": "F1"}[figures["measure"]]
    width = max(len(one["transform"]) for one in figures["transforms"])
    say(f"{'':{width}}   cases  passed    rate   95% interval  wanted        {measure}")
    for one in figures["transforms"]:
        if one["ok"] is None:
            say(f"{one['transform']:{width}}       0  {'not judged' if one['unanswered'] else 'it changes no text'}")
            continue
        low, high = one["interval"]
        rates = f"{one['pass_rate']:7.1%}  {f'{low:.1%}–{high:.1%}':>13}  {one['min_pass_rate']:6.0%}"
        right = "" if one["before"] is None else f"  {one['before']:.1%} → {one['after']:.1%}"
        verdict = "ok  " if one["ok"] else "weak"
        say(f"{one['transform']:{width}} {one['cases']:7,} {one['passed']:7,} {rates}  {verdict}{right}".rstrip())


def _say_plan(figures: dict[str, Any], written: dict[str, Any]) -> None:
    if figures["state"] == "passed":
        say("Every transform reached its pass rate: there is nothing to mend, and no plan to write.")
    if not figures["proposal"]:
        return
    shares = ", ".join(f"{one['kind']} {one['max_proportion']:g}" for one in figures["proposal"]["transforms"])
    if written["plan"]:
        say(f"Wrote a plan for what failed to {written['plan']} ({shares}). Use it with:")
        say(f"  seedbed augment TRAINING_DATA --plan {written['plan']} -o augmented.jsonl")
    else:
        say(f"For what failed: {shares}. Write that as a plan with -o plan.yaml.")


def _answer(failure: dict[str, Any], name: str) -> str:
    """A label, or entities with their texts."""
    answer = failure[name]
    if isinstance(answer, str):
        return answer
    return ", ".join(f"“{failure['changed'][one['start'] : one['end']]}” {one['label']}" for one in answer) or "nothing"


def _short(text: str) -> str:
    text = text.replace("\n", "\\n").replace("\t", "\\t")
    return text if len(text) <= 60 else text[:59] + "…"
