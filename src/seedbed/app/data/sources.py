"""Records of a file, or of a run or dataset of the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError
from seedbed.formats.catalog import format_for

from ..history import select
from .convert import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seedbed.core.record import Record

    from ..existing import Source
    from ..output import Output
    from ..workspace import Workspace

Data: TypeAlias = "Dataset | Iterable[Record] | str | Path"
"""Records, a file, or the name of a dataset or run."""


def source_of(workspace: Workspace, name: str, output: Output | None = None, form: str | None = None) -> Source:
    """The records, as often as they are wanted; `form` is the file's format where that is not its suffix's.

    Those of a run or dataset have their origin if the output is to have it.

    Raises:
        InputError: there is nothing of that name, or it is the file of the output.
    """
    path = Path(name)
    if output and path.exists() and output.path.exists() and path.samefile(output.path):
        raise InputError(f"{name} is what is read; it would be lost.", "Write to another file.")
    if path.is_file() or form or (path.is_dir() and path.suffix):
        return Reading(path, form).source()
    if not path.suffix and not workspace.exists:
        if path.is_dir():
            raise InputError(f"{name} is a folder.", "Name a file, or say by --from what is in the folder.")
        where = f"no workspace at {workspace.folder} with a run or dataset of that name"
        raise InputError(f"There is no file {name}, and {where}.", "A file is named with its suffix, such as .csv.")
    try:
        selection, _ = select(workspace, name)
    except InputError as error:
        if path.suffix:
            format_for(path)
            raise InputError(f"There is no file {path}.") from None
        raise error from None
    origin = bool(output and output.with_origin)
    return lambda: workspace.store.records(selection, origin=origin)


def source_named(dataset: Data, place: Workspace) -> tuple[str, Source]:
    """A name for the data, and the records as often as they are wanted."""
    if isinstance(dataset, str | Path):
        return Path(dataset).name, source_of(place, str(dataset))
    if isinstance(dataset, Dataset):
        return dataset.name, lambda: iter(dataset)
    records = list(dataset)
    return "records", lambda: iter(records)
