"""Folders of Hugging Face's `datasets.save_to_disk`, through `datasets`, which is imported when it is used."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, ClassVar

from seedbed.core.errors import InputError, MissingExtra

from .json import as_json, as_record
from .rows import from_json, to_text
from .streams import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.record import Record

_BATCH = 5_000


@dataclass(frozen=True)
class HuggingFaceFormat:
    """A folder with Arrow files; lists and objects stay what they are.

    The type of a column is the one that holds all its values; where there is none (texts beside numbers) they become
    text, lists and objects as JSON. Objects of one column get the keys of all of them, empty where one has none.

    Raises:
        MissingExtra: `datasets` is not installed.
    """

    contents: ClassVar[tuple[str, ...]] = ("dataset_info.json", "state.json", "data-*.arrow")

    def __post_init__(self) -> None:
        if find_spec("datasets") is None:
            raise MissingExtra("A dataset folder of Hugging Face", "huggingface")

    def read(self, path: str) -> Iterator[Record]:
        """The rows in order, class labels by their names.

        Raises:
            InputError: it is no such folder, or one of several splits.
        """
        found = _load(path)
        classes = _datasets().ClassLabel
        names = {name: kind.names for name, kind in found.features.items() if isinstance(kind, classes)}
        number = 0
        for table in found.with_format("arrow").iter(_BATCH):
            for number, values in enumerate(table.to_pylist(), number + 1):  # noqa: B020
                for column, labels in names.items():
                    at = values[column]
                    values[column] = labels[at] if at is not None and at >= 0 else None
                yield as_record(values, f"{path}, record {number}")

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Makes the folder `path` with `columns` of all records and answers how many there were.

        The rows are put aside on disk first: only the last one completes the columns' types.

        Raises:
            InputError: a column's values fit no common type.
        """
        with TemporaryDirectory(prefix=".seedbed-", dir=Path(path).parent) as folder, _quiet():
            rows, arrow = Path(folder, "rows.jsonl"), Path(folder, "rows.arrow")
            with writing(str(rows)) as aside:
                count, types = _put_aside(records, columns, aside)
            with rows.open("rb") as aside:
                _write_arrow(aside, arrow, types)
            # left alone, `datasets` saves no file at all for no rows, and cannot load that
            _datasets().Dataset.from_file(str(arrow)).save_to_disk(path, num_shards=None if count else 1)
        return count


def _datasets() -> Any:
    import datasets

    return datasets


def _load(path: str) -> Any:
    if not Path(path).is_dir():  # an address would be fetched otherwise
        raise InputError(f"There is no folder {path}.")
    try:
        found = _datasets().load_from_disk(str(Path(path).resolve()))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"{path} cannot be read as a dataset folder of Hugging Face: {error}.") from error
    if isinstance(found, dict):
        raise InputError(f"{path} holds several splits: {', '.join(found)}.", f"Name one: {path}/{next(iter(found))}")
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars of theirs on our terminal."""
    library = _datasets()
    shown = not library.are_progress_bars_disabled()
    library.disable_progress_bars()
    try:
        yield
    finally:
        if shown:
            library.enable_progress_bars()


def _put_aside(records: Iterable[Record], columns: Sequence[str], aside: IO[bytes]) -> tuple[int, dict[str, Any]]:
    """Writes the rows as lines of JSON; answers how many, and each column's type (none: make it text)."""
    import pyarrow as pa

    types: dict[str, Any] = dict.fromkeys(columns, pa.null())
    lines = (as_json(record, columns) + b"\n" for record in records)
    count = 0
    while batch := list(islice(lines, _BATCH)):
        aside.writelines(batch)
        count += len(batch)
        rows = [from_json(line) for line in batch]
        types = {column: _common(kind, [row[column] for row in rows]) for column, kind in types.items()}
    return count, types


def _common(kind: Any, values: list[Any]) -> Any:
    """The type that holds these values as well; none if there is none."""
    import pyarrow as pa

    if kind is None:
        return None
    try:
        schemas = [pa.schema([("x", one)]) for one in (kind, pa.array(values).type)]
        return pa.unify_schemas(schemas, promote_options="permissive").field("x").type
    except (pa.ArrowException, OverflowError):
        return None


def _write_arrow(aside: IO[bytes], path: Path, types: dict[str, Any]) -> None:
    import pyarrow as pa

    text = pa.string()
    schema = pa.schema([(name, text if kind in (None, pa.null()) else kind) for name, kind in types.items()])
    with pa.ipc.new_stream(str(path), schema) as writer:
        while rows := [from_json(line) for line in islice(aside, _BATCH)]:
            cells = [
                [None if row[name] is None else to_text(row[name]) if kind is None else row[name] for row in rows]
                for name, kind in types.items()
            ]
            writer.write_batch(pa.record_batch(list(map(_array, cells, schema)), schema=schema))


def _array(cells: list[Any], field: Any) -> Any:
    import pyarrow as pa

    try:
        return pa.array(cells, field.type)
    except pa.ArrowException as error:
        raise InputError(f"The column `{field.name}` cannot be written: {error}.") from error
