"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RecipePath = Annotated[Path, typer.Argument(help="The recipe, a YAML or JSON file.", show_default=False)]
OutputPath = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Where to write the records: .csv, .tsv, .json, .jsonl or .parquet."),
]
WorkspacePath = Annotated[
    Path | None, typer.Option(help="The workspace folder; .seedbed here if not given (or SEEDBED_WORKSPACE).")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, messages on stderr.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", "-m", help="Ask this model instead, as connection:model; may be repeated."),
]
Sets = Annotated[
    list[str] | None, typer.Option("--set", help="Change a field of the recipe: path=value; may be repeated.")
]
Count = Annotated[int | None, typer.Option(help="How many records, instead of the recipe's count.")]
Seed = Annotated[int | None, typer.Option(help="The seed, instead of the recipe's.")]
Concurrency = Annotated[int | None, typer.Option(help="Calls at once for every connection.", min=1, max=10_000)]
Plugins = Annotated[
    list[str] | None,
    typer.Option("--plugin", help="A Python file or module that registers parts of your own; may be repeated."),
]
CsvSafe = Annotated[bool, typer.Option("--csv-safe", help="Write CSV cells so that spreadsheets execute none of them.")]
WithOrigin = Annotated[bool, typer.Option("--with-origin", help="Add the columns id, state, tags and origin.")]
