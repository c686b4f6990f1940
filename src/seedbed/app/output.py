"""Where a run's records go: checked before a single call is made, written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.ports import Streaming
from seedbed.core.stored import Selection
from seedbed.formats.catalog import format_for
from seedbed.formats.files import check_target, folder_contents, safe_form, write_file
from seedbed.formats.streams import chunks
from seedbed.places import bucket
from seedbed.places.paths import RemotePath, has_folder, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seedbed.core.ports import Format
    from seedbed.core.record import Record
    from seedbed.core.stored import Store, StoredRun

ORIGIN_COLUMNS = ("id", "state", "tags", "origin")
OUT_OF_THE_WAY = "Use --force to overwrite it, or another name with -o."


@dataclass(frozen=True, slots=True)
class Output:
    """An output file.

    `with_origin` adds id, state, tags and origin; `csv_safe` keeps spreadsheets from executing cells. `to` is its
    format where that is not the suffix's, `to_options` are the format's settings. What is None is as the run had it,
    else off.
    """

    path: Path
    force: bool = False
    with_origin: bool | None = None
    csv_safe: bool | None = None
    to: str | None = None
    to_options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", path_of(self.path))

    def settled(self, run: StoredRun | None) -> Output:
        """What is not given is as the run has it."""
        kept = run.options if run else {}
        with_origin = kept.get("with_origin") if self.with_origin is None else self.with_origin
        csv_safe = kept.get("csv_safe") if self.csv_safe is None else self.csv_safe
        made = replace(self, with_origin=bool(with_origin), csv_safe=bool(csv_safe))
        if self.to or self.to_options or run is None or run.output != str(self.path):
            return made
        return replace(made, to=kept.get("to"), to_options=kept.get("to_options", {}))

    def kept(self) -> dict[str, Any]:
        """What the run remembers of it."""
        flags = {"with_origin": bool(self.with_origin), "csv_safe": bool(self.csv_safe)}
        return {**flags, "to": self.to, "to_options": dict(self.to_options)}

    def form(self) -> Format:
        """What writes it.

        Raises:
            InputError: there is no such format, suffix or setting.
        """
        return format_for(self.path, self.to, self.to_options)

    def check(self, own: StoredRun | None = None, inputs: Sequence[Path] = ()) -> None:
        """Whether the file can be written; `own` is a run that may replace its own earlier output.

        Raises:
            InputError: unknown suffix, format or setting, missing folder, one of the recipe's own `inputs`, or the file
                exists and may not be overwritten.
        """
        form = self.settled(own).form()
        if not has_folder(self.path):
            raise InputError(f"The folder {self.path.parent} of the output does not exist.", "Make it first.")
        if self.path.is_dir() and not folder_contents(form):
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
        check_target(self.path, force=True, form=form)

    def is_due(self, run: StoredRun) -> bool:
        """Whether a complete run has anything to write: the file is missing, or is asked for otherwise than before."""
        written = run.options.get("written", {}).get("path") == str(self.path)
        as_before = all((run.options.get(name) or None) == (value or None) for name, value in self.kept().items())
        return self.force or not written or not as_before or not self.path.exists()

    def write(self, store: Store, selection: Selection, columns: Sequence[str], own: StoredRun | None = None) -> int:
        """Writes the selected records and answers how many there were.

        Raises:
            InputError: it cannot be written, or a file has come there meanwhile that is nobody's to overwrite.
        """
        records = store.records(selection, origin=bool(self.with_origin))
        return self.put(records, columns, force=self._may_replace(own))

    def put(self, records: Iterable[Record], columns: Sequence[str], *, force: bool) -> int:
        """Writes these records and answers how many there were.

        Raises:
            InputError: it cannot be written, or is there and `force` is not set.
        """
        ours, wanted = self.shown(records, columns)
        return write_file(ours, self.path, wanted, force=force, csv_safe=bool(self.csv_safe), form=self.form())

    def pieces(self, records: Iterable[Record], columns: Sequence[str]) -> Iterator[bytes] | None:
        """What `put` would write, piece by piece as the records are taken; None of a format that makes it at once.

        What has to wait on disk does so in the folder of `path`.

        Raises:
            InputError: there is no such format or setting; the pieces themselves: a record does not fit the format.
        """
        form = safe_form(self.form(), csv_safe=bool(self.csv_safe))
        if not isinstance(form, Streaming):
            return None
        return chunks(form.pieces(*self.shown(records, columns), str(self.path.parent)))

    def shown(self, records: Iterable[Record], columns: Sequence[str]) -> tuple[Iterable[Record], list[str]]:
        """The records and all columns of the file."""
        ours = [f"record_{name}" if name in columns else name for name in ORIGIN_COLUMNS if self.with_origin]
        theirs = dict.fromkeys(name for name in ORIGIN_COLUMNS if name in columns)
        if theirs:  # a record that lacks one must not show its own in that place
            records = (replace(record, values=theirs | record.values) for record in records)
        return records, [*columns, *ours]

    def written(self) -> dict[str, Any]:
        """What a run remembers of the file it has just written, to know it again."""
        return {"path": str(self.path), "file": identity(self.path)}

    def _may_replace(self, own: StoredRun | None) -> bool:
        """Whether it does not matter what is there: the user says so, or it is what this run wrote, untouched."""
        written = own.options.get("written", {}) if own else {}
        if self.force or written.get("path") != str(self.path) or not self.path.exists():
            return self.force
        return written.get("file") in (None, identity(self.path))


def check_apart(outputs: Mapping[str, Path | None], inputs: Iterable[str | Path | None]) -> None:
    """Whether each output, by the option that names it, is a file of its own.

    Raises:
        InputError: one is an input, or what another option writes.
    """
    taken = [path_of(one).absolute() for one in inputs if one]
    for option, given in outputs.items():
        if given is None:
            continue
        path = path_of(given)
        if path.absolute() in taken or any(one.exists() and path.exists() and path.samefile(one) for one in taken):
            raise InputError(
                f"{option} {path}: that is another file of this command, which would be lost.",
                "Write to one of its own.",
            )
        taken.append(path.absolute())


def identity(path: Path) -> list[int]:
    """What a file is known again by, unless somebody changed it."""
    if isinstance(path, RemotePath):
        return bucket.identity(str(path))
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]
