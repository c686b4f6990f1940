"""Where a run's records go: checked before a single call is made, written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError
from seedbed.core.stored import Selection
from seedbed.formats.catalog import format_for
from seedbed.formats.files import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.stored import Store, StoredRun

ORIGIN_COLUMNS = ("id", "state", "tags", "origin")


@dataclass(frozen=True, slots=True)
class Output:
    """An output file: `with_origin` adds id, state, tags and origin; `safe` keeps spreadsheets from executing cells."""

    path: Path
    force: bool = False
    with_origin: bool = False
    safe: bool = False

    def check(self, own: StoredRun | None = None) -> None:
        """Whether the file can be written; `own` is a run that may replace its own earlier output.

        Raises:
            InputError: unknown suffix, missing folder, or the file exists and may not be overwritten.
        """
        format_for(str(self.path))
        if not self.path.parent.is_dir():
            raise InputError(f"The folder {self.path.parent} of the output does not exist.", "Make it first.")
        if self.path.is_dir():
            raise InputError(f"The output {self.path} is a folder.", "Name a file, such as dataset.csv.")
        mine = own is not None and own.output == str(self.path)
        if self.path.exists() and not self.force and not mine:
            raise InputError(f"The file {self.path} exists.", "Use --force to overwrite it, or another name with -o.")

    def write(self, store: Store, selection: Selection, columns: Sequence[str]) -> int:
        """Writes the selected records and answers how many there were."""
        wanted = [*columns, *(ORIGIN_COLUMNS if self.with_origin else ())]
        records = store.records(selection, origin=self.with_origin)
        return write_file(records, str(self.path), wanted, force=True, csv_safe=self.safe)
