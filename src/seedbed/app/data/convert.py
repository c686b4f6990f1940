"""A file of one format written as another, whole or in parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, nearest
from seedbed.core.record import Record
from seedbed.formats.catalog import format_for
from seedbed.formats.rows import to_record, to_row

from ..stages import counted, unwatched
from .split import write_split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ..existing import Source
    from ..output import Output
    from ..stages import Watch
    from .split import Splitting

Names = list[tuple[str, str]]
"""New column, and the column its values come from."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file to read, as the format of its suffix or another one, with that format's settings."""

    path: Path
    form: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def source(self) -> Source:
        """Its records, as often as they are wanted.

        Raises:
            InputError: there is no such file, format or setting.
        """
        if not self.path.exists():
            raise InputError(f"There is no file {self.path}.", "Check the path.")
        if not self.path.is_file() and not self.path.is_dir():
            raise InputError(f"{self.path} is no file, which is read more than once.", "Save it to a file first.")
        form = format_for(self.path, self.form, self.options)
        return lambda: form.read(str(self.path))


def convert(
    given: Reading, names: Names, output: Output, wish: Splitting | None = None, watch: Watch = unwatched
) -> dict[str, Any]:
    """Writes what a file holds to another one, with columns renamed or copied, and answers the figures of it.

    Raises:
        InputError: the file cannot be read or the output not be written, or there is no such column.
    """
    source = given.source()
    targets = [*wish.paths(output.path).values()] if wish else [output.path]
    for target in targets:
        if target.exists() and target.samefile(given.path):
            raise InputError(f"{target} is the file that is read; it would be lost.", "Write to another file.")
        replace(output, path=target).check()
    columns = columns_of(counted(source(), watch, "Reading"))
    if not columns:
        raise InputError(
            f"There are no records in {given.path}.",
            "Look into the file: if it holds records, name its format.",
        )
    renamed = renaming(names, columns)

    def mapped() -> Iterator[Record]:
        return map(renamed, source()) if names else source()

    new_spans = ["spans"] * any(new == "spans" for new, _ in names)
    columns = [*dict.fromkeys([*renamed(Record(dict.fromkeys(columns))).values, *new_spans])]
    if wish:
        return write_split(mapped, columns, output, wish, watch)
    return {"records": output.put(counted(mapped(), watch, "Writing"), columns, force=output.force)}


def columns_of(records: Iterable[Record]) -> list[str]:
    """All columns of records in the order they are met; `spans` if there are any."""
    found: dict[str, None] = {}
    spans = False
    for record in records:
        found.update(dict.fromkeys(record.values))
        spans = spans or bool(record.spans)
    return [*found, *(["spans"] if spans and "spans" not in found else [])]


def renaming(names: Names, columns: Sequence[str]) -> Callable[[Record], Record]:
    """Renames columns in their places; one that is named twice is there twice, a dotted one reaches into its own.

    What is called `spans` then is the record's spans.

    Raises:
        InputError: there is no such column, or two are to have one name, or new spans are none.
    """
    new_of: dict[str, list[str]] = {}
    for new, column in names:
        if column not in columns and column.partition(".")[0] not in columns:
            raise InputError(f"--map {new}={column}: there is no column `{column}`.", nearest(column, columns))
        new_of.setdefault(column, []).append(new)
    taken = {new for new, _ in names}
    if len(taken) < len(names):
        raise InputError("--map: two columns are to have one name.", "Give each new column once.")

    def renamed(record: Record) -> Record:
        values: dict[str, Any] = {}
        for column, value in record.values.items():
            if column in new_of or column not in taken:
                values |= dict.fromkeys(new_of.get(column, [column]), value)
        for new, column in names:
            if column not in record.values:
                [values[new]] = to_row(record, [column])
        spans = tuple(span._replace(field=_moved(span.field, new_of)) for span in record.spans)
        made = replace(record, values=values, spans=spans)
        return _with_spans(made) if "spans" in taken else made

    return renamed


def _moved(field: str, new_of: Mapping[str, Sequence[str]]) -> str:
    """The field of a span where its column is called otherwise; it may be one inside the column."""
    if field in new_of:
        return new_of[field][0]
    head, dot, rest = field.partition(".")
    return f"{new_of[head][0]}{dot}{rest}" if head in new_of else field


def _with_spans(record: Record) -> Record:
    try:
        made = to_record(dict(record.values))
    except ValueError as error:
        raise InputError(f"--map: {error}.", "Call a column `spans` only if it holds spans.") from error
    return replace(record, values=made.values, spans=made.spans)
