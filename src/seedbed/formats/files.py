"""Writes a file as a whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError

from .catalog import format_for, suffix_of
from .csv import CsvFormat

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seedbed.core.ports import Format
    from seedbed.core.record import Record


def write_file(
    records: Iterable[Record], path: str | Path, columns: Sequence[str], *, force: bool, csv_safe: bool = False
) -> int:
    """Writes `columns` of all records in the format of the suffix and answers how many there were.

    Until the last record is safely on disk, what was at `path` stays; if anything fails, it stays for good.

    Raises:
        InputError: `path` cannot be written, or is there and `force` is not set.
    """
    check_target(path, force=force)
    target = Path(path).resolve()
    temporary = target.with_name(f".seedbed-{token_hex(8)}{suffix_of(path)}")
    try:
        count = _format(path, csv_safe).write(records, str(temporary), columns)
        check_target(path, force=force)
        _put_in_place(temporary, target)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        temporary.unlink(missing_ok=True)
    return count


def check_target(path: str | Path, *, force: bool) -> None:
    """Says beforehand whether `write_file` would refuse this path.

    Raises:
        InputError: unknown suffix, no such folder, or the file is there and `force` is not set.
    """
    format_for(path)
    target = Path(path).resolve()
    if not target.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {target.parent}.", "Create the folder first.")
    if target.is_dir():
        raise InputError(f"{path} is a folder, not a file.")
    if target.exists() and not force:
        raise InputError(f"{path} exists; use --force to replace it.")


def _format(path: str | Path, csv_safe: bool) -> Format:
    form = format_for(path)
    return replace(form, safe=True) if csv_safe and isinstance(form, CsvFormat) else form


def _put_in_place(temporary: Path, target: Path) -> None:
    """As durable as the disk allows; a file that is replaced hands its permissions on."""
    if target.exists():
        temporary.chmod(target.stat().st_mode & 0o7777)
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    temporary.replace(target)
    with suppress(OSError):  # some file systems have no handle on a folder
        _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
