"""Folders of Hugging Face's `datasets.save_to_disk`, through `datasets`, which is imported when it is used."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, ClassVar

from seedbed.core.errors import InputError, MissingExtra
from seedbed.places.bucket import fetched
from seedbed.places.paths import RemotePath, path_of

from .json import as_json, as_record
from .rows import batch_size, batches, to_text
from .streams import words_of, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seedbed.core.record import Record


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
        with _at_hand(path) as folder:
            yield from self._records(_load(folder), path)

    def _records(self, found: Any, path: str) -> Iterator[Record]:
        tables = found.with_format("arrow").iter(batch_size(found.data.nbytes, len(found.data)))
        classed = {column: kind for column, kind in found.features.items() if "ClassLabel" in str(kind)}
        rows = (values for table in tables for values in table.to_pylist())
        for number, values in enumerate(rows, 1):
            named = {column: _named(values[column], kind) for column, kind in classed.items()}
            yield as_record(values | named, f"{path}, record {number}")

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Makes the folder `path` with `columns` of all records and answers how many there were.

        The rows are put aside on disk first: only the last one completes the columns' types.

        Raises:
            InputError: a column's values fit no common type.
        """
        with TemporaryDirectory(prefix=".seedbed-", dir=Path(path).parent) as folder, _quiet():
            rows, arrow = Path(folder, "rows.jsonl"), Path(folder, "rows.arrow")
            count = 0
            with writing(str(rows)) as aside:
                for count, record in enumerate(records, 1):  # noqa: B007
                    aside.write(as_json(record, columns) + b"\n")
            with rows.open("rb") as aside:
                types = _types(aside, columns)
                aside.seek(0)
                _write_arrow(aside, arrow, types)
            # left alone, `datasets` saves no file at all for no rows, and cannot load that
            _datasets().Dataset.from_file(str(arrow)).save_to_disk(path, num_shards=None if count else 1)
        return count


def _at_hand(path: str) -> AbstractContextManager[str | Path]:
    """The folder itself, or a copy of one in object storage."""
    where = path_of(path)
    return fetched(str(where)) if isinstance(where, RemotePath) and where.is_dir() else nullcontext(path)


def _datasets() -> Any:
    import datasets

    return datasets


def _named(value: Any, kind: Any) -> Any:
    """The value with the names of class labels in place of their numbers, also in lists and objects."""
    if isinstance(value, list):
        inner = kind[0] if isinstance(kind, list) else getattr(kind, "feature", None)
        return [_named(one, inner) for one in value]
    if isinstance(value, dict) and isinstance(kind, dict):
        return {name: _named(one, kind.get(name)) for name, one in value.items()}
    if not isinstance(kind, _datasets().ClassLabel) or value is None:
        return value
    return kind.names[value] if value >= 0 else None


def _load(path: str | Path) -> Any:
    if not Path(path).is_dir():  # an address would be fetched otherwise
        raise InputError(
            f"{path} is no folder." if Path(path).exists() else f"There is no folder {path}.",
            "Name the folder that `save_to_disk` wrote.",
        )
    try:
        found = _datasets().load_from_disk(str(Path(path).resolve()))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read as a dataset folder of Hugging Face: {words_of(error)}.",
            "Check that `save_to_disk` wrote it and it is whole.",
        ) from error
    if isinstance(found, dict) and len(found) == 1:
        return next(iter(found.values()))
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


def _types(aside: IO[bytes], columns: Sequence[str]) -> dict[str, Any]:
    """Each column's type; none: make it text."""
    import pyarrow as pa

    types: dict[str, Any] = dict.fromkeys(columns, pa.null())
    for rows in batches(aside):
        types = {column: _common(kind, [row[column] for row in rows]) for column, kind in types.items()}
    return types


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
    try:
        with pa.ipc.new_stream(str(path), schema) as writer:
            for rows in batches(aside):
                writer.write_batch(pa.record_batch(_arrays(rows, types, schema), schema=schema))
    except pa.ArrowException as error:
        raise InputError(
            f"A value cannot be written as Arrow: {words_of(error)}.",
            "Give all values of a column one kind, such as text.",
        ) from error


def _arrays(rows: list[dict[str, Any]], types: dict[str, Any], schema: Any) -> list[Any]:
    cells = [
        [None if row[name] is None else to_text(row[name]) if kind is None else row[name] for row in rows]
        for name, kind in types.items()
    ]
    return list(map(_array, cells, schema))


def _array(cells: list[Any], field: Any) -> Any:
    import pyarrow as pa

    try:
        return pa.array(cells, field.type)
    except pa.ArrowException as error:
        raise InputError(
            f"The column `{field.name}` cannot be written: {words_of(error)}.",
            "Give all its values one kind, such as text.",
        ) from error
