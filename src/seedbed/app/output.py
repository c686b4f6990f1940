"""Where a run's records go: checked before a single call is made, written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.stored import Selection
from seedbed.formats.catalog import format_for
from seedbed.formats.files import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.stored import Store, StoredRun

ORIGIN_COLUMNS = ("id", "state", "tags", "origin")
OUT_OF_THE_WAY = "Use --force to overwrite it, or another name with -o."


@dataclass(frozen=True, slots=True)
class Output:
    """An output file.

    `with_origin` adds id, state, tags and origin; `csv_safe` keeps spreadsheets from executing cells. What is None is
    as the run had it, else off.
    """

    path: Path
    force: bool = False
    with_origin: bool | None = None
    csv_safe: bool | None = None

    def settled(self, run: StoredRun | None) -> Output:
        """What is not given is as the run has it."""
        kept = run.options if run else {}
        with_origin = kept.get("with_origin") if self.with_origin is None else self.with_origin
        csv_safe = kept.get("csv_safe") if self.csv_safe is None else self.csv_safe
        return replace(self, with_origin=bool(with_origin), csv_safe=bool(csv_safe))

    def kept(self) -> dict[str, Any]:
        """What the run remembers of it."""
        return {"with_origin": bool(self.with_origin), "csv_safe": bool(self.csv_safe)}

    def check(self, own: StoredRun | None = None, inputs: Sequence[Path] = ()) -> None:
        """Whether the file can be written; `own` is a run that may replace its own earlier output.

        Raises:
            InputError: unknown suffix, missing folder, one of the recipe's own `inputs`, or the file exists and may not
                be overwritten.
        """
        format_for(str(self.path))
        if not self.path.parent.is_dir():
            raise InputError(f"The folder {self.path.parent} of the output does not exist.", "Make it first.")
        if self.path.is_dir():
            raise InputError(f"The output {self.path} is a folder.", "Name a file, such as dataset.csv.")
        if not self.path.exists():
            return
        if any(path.exists() and path.samefile(self.path) for path in inputs):
            raise InputError(
                f"The output {self.path} is an input of the recipe, which would be lost.",
                "Write to another file with -o: it gets the new records.",
            )
        if not self._may_replace(own):
            raise InputError(f"The file {self.path} exists.", OUT_OF_THE_WAY)

    def is_due(self, run: StoredRun) -> bool:
        """Whether a complete run has anything to write: the file is missing, or is asked for otherwise than before."""
        written = run.options.get("written", {}).get("path") == str(self.path)
        as_before = all(bool(run.options.get(name)) == value for name, value in self.kept().items())
        return self.force or not written or not as_before or not self.path.exists()

    def write(self, store: Store, selection: Selection, columns: Sequence[str], own: StoredRun | None = None) -> int:
        """Writes the selected records and answers how many there were.

        Raises:
            InputError: it cannot be written, or a file has come there meanwhile that is nobody's to overwrite.
        """
        wanted = [*columns, *(ORIGIN_COLUMNS if self.with_origin else ())]
        records = store.records(selection, origin=bool(self.with_origin))
        force = self._may_replace(own)
        return write_file(records, str(self.path), wanted, force=force, csv_safe=bool(self.csv_safe))

    def written(self) -> dict[str, Any]:
        """What a run remembers of the file it has just written, to know it again."""
        return {"path": str(self.path), "file": _identity(self.path)}

    def _may_replace(self, own: StoredRun | None) -> bool:
        """Whether it does not matter what is there: the user says so, or it is what this run wrote, untouched."""
        written = own.options.get("written", {}) if own else {}
        if self.force or written.get("path") != str(self.path) or not self.path.exists():
            return self.force
        return written.get("file") in (None, _identity(self.path))


def _identity(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]
