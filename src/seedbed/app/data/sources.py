"""Records of a file, or of a run or dataset of the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError
from seedbed.core.record import Record
from seedbed.formats.catalog import format_for
from seedbed.formats.rows import HOW_SPANS, to_record
from seedbed.places.paths import path_of

from ..history import select
from .convert import Reading
from .folders import is_several, source_of_several

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..existing import Source
    from ..output import Output
    from ..workspace import Workspace

Data: TypeAlias = "Dataset | Iterable[Record | Mapping[str, Any]] | str | Path"
"""Records or rows of plain values, a file, or the name of a dataset or run."""


def source_of(workspace: Workspace, name: str, output: Output | None = None, form: str | None = None) -> Source:
    """The records, as often as they are wanted; `form` is the file's format where that is not its suffix's.

    Those of a run or dataset have their origin if the output is to have it.

    Raises:
        InputError: there is nothing of that name, or it is the file of the output.
    """
    path = path_of(name)
    if output and path.exists() and output.path.exists() and path.samefile(output.path):
        raise InputError(f"{name} is what is read; it would be lost.", "Write to another file.")
    if not form and is_several(name):
        return source_of_several(name)
    if path.is_file() or form or (path.is_dir() and path.suffix):
        return Reading(path, form).source()
    if not path.suffix and not workspace.exists and not path.is_dir():
        where = f"no workspace at {workspace.folder} with a run or dataset of that name"
        raise InputError(f"There is no file {name}, and {where}.", "A file is named with its suffix, such as .csv.")
    try:
        selection, _ = select(workspace, name)
    except InputError as error:
        if path.is_dir():
            raise InputError(f"{name} is a folder.", "Name a file, or say by --from what is in the folder.") from None
        if path.suffix:
            format_for(path)
            raise InputError(f"There is no file {path}.", "Check the path.") from None
        raise error from None
    origin = bool(output and output.with_origin)
    return lambda: workspace.store.records(selection, origin=origin)


def source_named(dataset: Data, place: Workspace) -> tuple[str, Source]:
    """A name for the data, and the records as often as they are wanted.

    Raises:
        InputError: there is nothing of that name, or something is no record.
    """
    if isinstance(dataset, str | Path):
        return Path(dataset).name, source_of(place, str(dataset))
    if isinstance(dataset, Dataset):
        return dataset.name, lambda: iter(dataset)
    records = [_record(one, number) for number, one in enumerate(dataset, 1)]
    return "records", lambda: iter(records)


def several(names: str | Sequence[str]) -> Sequence[str]:
    """One name or several, as Python gives them."""
    return [names] if isinstance(names, str) else names


def _record(one: object, number: int) -> Record:
    if isinstance(one, Record):
        return one
    if not isinstance(one, Mapping):
        hint = "Give records, or dicts such as {'text': …, 'label': …}; a data frame by its to_dict('records')."
        raise InputError(f"Record {number} is no record, but of the type {type(one).__name__}.", hint)
    try:
        return to_record(dict(one))
    except ValueError as error:
        raise InputError(f"Record {number}: {error}.", HOW_SPANS) from error
