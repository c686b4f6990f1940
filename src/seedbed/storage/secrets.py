"""Encrypts API keys at rest."""

from __future__ import annotations

import os
from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.fernet import MultiFernet


class KeyRing:
    """Encrypts with the first key of `secret.key` in `folder` and decrypts with any of them (one per line).

    The file is made when something is first encrypted, readable by its owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "secret.key"
        self._loaded: MultiFernet | None = None

    def encrypt(self, text: str) -> str:
        """The text as a token that only this key ring can read.

        Raises:
            InputError: the key file cannot be made or used.
        """
        self._make_file()
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """The text that was encrypted.

        Raises:
            InputError: it was encrypted with another key, or the key file cannot be used.
        """
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet().decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise InputError(
                f"A saved API key cannot be decrypted with {self._file}.",
                "Bring back the key file it was saved with, or enter the API key again.",
            ) from error

    @staticmethod
    def mask(key: str) -> str:
        """What may be shown of an API key: its last four characters if it is long enough."""
        return f"…{key[-4:]}" if len(key) >= 12 else "…"

    def _fernet(self) -> MultiFernet:
        from cryptography.fernet import Fernet, MultiFernet

        if self._loaded is None:
            try:
                self._loaded = MultiFernet([Fernet(key) for key in self._read().split()])
            except ValueError as error:
                raise InputError(f"{self._file} is not a key file.", "Bring back the right one.") from error
        return self._loaded

    def _read(self) -> bytes:
        try:
            with self._file.open("rb") as stream:
                self._refuse_shared(os.fstat(stream.fileno()).st_mode)
                return stream.read()
        except OSError as error:
            raise InputError(
                f"The key file {self._file} cannot be read: {error.strerror}.",
                "Without it saved API keys are lost; bring it back or enter them again.",
            ) from error

    def _refuse_shared(self, mode: int) -> None:
        if os.name == "posix" and mode & 0o077:
            raise InputError(f"{self._file} is open to other users of this computer.", f"Run: chmod 600 {self._file}")

    def _make_file(self) -> None:
        try:
            if not self._file.exists():
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._link_new_key()
        except OSError as error:
            raise InputError(
                f"The key file {self._file} cannot be made: {error.strerror}.",
                "See that its folder may be written and has room.",
            ) from error

    def _link_new_key(self) -> None:
        """The file is completed under another name, then linked: of several processes, one wins."""
        from cryptography.fernet import Fernet

        temporary = self._file.with_name(f".secret-{token_hex(8)}")
        try:
            _write_private(temporary, Fernet.generate_key())
            with suppress(FileExistsError):
                self._file.hardlink_to(temporary)
        finally:
            temporary.unlink(missing_ok=True)


def _write_private(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(handle)
