"""A folder that holds the store, the locks and the keys of one body of work."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError
from seedbed.storage.secrets import KeyRing
from seedbed.storage.sql import SqlStore

from .settings import FILE, AppSettings, load_settings

if TYPE_CHECKING:
    from typing import Self

    from seedbed.core.stored import Store


class Workspace:
    """Opens what is needed when it is needed; a context manager that closes it.

    Args:
        folder: where files, keys and, without a database elsewhere, the store are; else SEEDBED_WORKSPACE.
        database_url: of a PostgreSQL database that is the store, else SEEDBED_DATABASE_URL.

    Raises:
        InputError: the address names no database of Seedbed.
    """

    def __init__(self, folder: str | Path | None = None, database_url: str | None = None) -> None:
        self.settings: AppSettings = load_settings(folder, database_url)
        self.folder = self.settings.workspace

    @cached_property
    def store(self) -> Store:
        """The durable store."""
        return SqlStore(self.folder, self.settings.database or None, self.settings.lease)

    @cached_property
    def keys(self) -> KeyRing:
        """Encrypts and decrypts keys."""
        return KeyRing(self.folder)

    @property
    def exists(self) -> bool:
        """Whether anything was ever stored here."""
        return bool(self.settings.database) or (self.folder / FILE).exists()

    def subfolder(self, name: str) -> Path:
        """A folder in it, made if it is missing.

        Raises:
            InputError: it cannot be made.
        """
        folder = self.folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            words = f"The workspace {self.folder} cannot be written: {error.strerror or error}."
            raise InputError(words, "Choose another with --workspace.") from error
        return folder

    def command(self, words: str) -> str:
        """A command to show to a person; it names this workspace where it would not be found by itself."""
        found = load_settings().workspace == self.folder
        return f"seedbed {words}" + ("" if found else f" --workspace {quote(str(self.folder))}")

    def close(self) -> None:
        """Closes the store if it was opened."""
        if "store" in self.__dict__:
            self.store.close()
            del self.__dict__["store"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
