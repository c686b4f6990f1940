"""Datasets of several Parquet files: a folder of them, or a pattern."""

from __future__ import annotations

from contextlib import suppress
from glob import has_magic
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError
from seedbed.documents.find import find
from seedbed.formats.parquet import ParquetFormat
from seedbed.places.paths import path_of

if TYPE_CHECKING:
    from pathlib import Path

    from ..existing import Source

MOST = 1_000_000
SUFFIX = ".parquet"


def is_several(name: str) -> bool:
    """Whether this names a folder with Parquet files in it, or is a pattern for some."""
    path = path_of(name)
    if path.is_dir():
        with suppress(InputError):  # there is nothing in it
            return bool(_files(name))
        return False
    return has_magic(name) and name.lower().endswith(SUFFIX) and not path.exists()


def files_of(name: str) -> list[Path]:
    """The Parquet files that a name means, in the order of their names.

    Raises:
        InputError: there is none, or their folders say what is in them.
    """
    found = _files(name)
    if not found:
        hint = "Only Parquet can be worked on in parts: seedbed convert makes it of another format."
        raise InputError(f"{name} is no Parquet file, and no folder or pattern of some.", hint)
    for path in found:
        said = next((part for part in PurePosixPath(str(path)).parts[:-1] if "=" in part), None)
        if said and "=" not in name:
            raise InputError(f"{name} is partitioned: `{said}` is a column that no file has.", "Write it as a column.")
    return found


def anywhere(name: str) -> str:
    """The same name for processes that work in other folders."""
    return str(path_of(name).absolute())


def source_of_several(name: str) -> Source:
    """The records of all files, one file after the other."""
    files, form = files_of(name), ParquetFormat()
    return lambda: chain.from_iterable(form.read(str(path)) for path in files)


def _files(name: str) -> list[Path]:
    paths = find([name], ".", MOST).files.values()
    return [path for path in paths if path.suffix.lower() == SUFFIX and not path.name.startswith(("_", "."))]
