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
    Path | None, typer.Option(help="Where runs and connections are kept, else SEEDBED_WORKSPACE, else .seedbed.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object; messages go to stderr.")]
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
