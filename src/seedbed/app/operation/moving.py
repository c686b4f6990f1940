"""A workspace's records from a file into a PostgreSQL database, or back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError
from seedbed.storage.moving import Place, move

from ..settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..settings import AppSettings
    from ..workspace import Workspace


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied: from where and to where, without passwords, and how many rows each table has. `folder` is the
    workspace that has it now."""

    source: str
    target: str
    folder: Path
    counts: dict[str, int]


def copy_to(place: Workspace, address: str, told: Callable[[str, int], None]) -> Moved:
    """Copies the store of a workspace into another, empty one; the first one stays as it is.

    Args:
        place: the workspace, which nobody else uses meanwhile.
        address: of a PostgreSQL database, or `sqlite:///FOLDER/seedbed.db`.
        told: hears a table and how many of its rows are copied by now.

    Raises:
        InputError: there is nothing to copy, it is in use, or the target is the same or not empty.
    """
    if not place.exists:
        raise InputError(f"There is no workspace at {place.folder}.", "Name one with --workspace.")
    source, target = _place(place.settings), _place(load_settings(place.folder, address))
    if source == target:
        raise InputError(f"{source.shown} is where the records are.", "Name another database.")
    place.close()  # else it would be in use by this process
    return Moved(source.shown, target.shown, target.folder, move(source, target, told))


def _place(settings: AppSettings) -> Place:
    return Place(settings.workspace, settings.database)
