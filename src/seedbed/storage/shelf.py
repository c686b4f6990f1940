"""What a run puts away beside its store and seldom reads again: a file without a name that goes with its process."""

from __future__ import annotations

import tempfile
from typing import IO, Final
from weakref import finalize

from seedbed.core.errors import StoreFailed

BUFFER: Final = 1 << 18
"""Bytes in memory at most before they are written: a small run opens no file."""


class FileShelf:
    """The `Shelf` port in a file in the folder for temporary files (`TMPDIR`).

    Args:
        buffer: bytes at the end that stay in memory, to be written at once.

    Raises:
        StoreFailed: from `append`: the file cannot be written.
    """

    def __init__(self, buffer: int = BUFFER) -> None:
        self._most = buffer
        self._file: IO[bytes] | None = None
        self._begun = 0  # where the buffer begins
        self._buffer = bytearray()

    def append(self, data: bytes) -> int:
        """See `Shelf.append`."""
        at = self._begun + len(self._buffer)
        self._buffer += data
        if len(self._buffer) > self._most:
            self._flush()
        return at

    def read(self, at: int, size: int) -> bytes:
        """See `Shelf.read`."""
        if at >= self._begun:
            return bytes(self._buffer[at - self._begun : at - self._begun + size])
        assert self._file is not None
        self._file.seek(at)
        found = self._file.read(size)
        return found + self._buffer[: size - len(found)]  # where it goes on in memory

    def _flush(self) -> None:
        """Writes the buffer behind what is in the file.

        Raises:
            StoreFailed: it cannot be written.
        """
        try:
            if self._file is None:
                self._file = _opened(self)
            self._file.seek(self._begun)
            while self._buffer:
                written = self._file.write(self._buffer)
                self._begun += written
                del self._buffer[:written]
        except OSError as error:
            place = tempfile.gettempdir()
            raise StoreFailed(
                f"What a run remembers cannot be written to {place}: {error.strerror or error}.",
                "Make room there, or set TMPDIR to another folder, then run the same command again.",
            ) from error


def _opened(shelf: FileShelf) -> IO[bytes]:
    """A file that is closed, and so gone, when nobody has the shelf any more."""
    file = tempfile.TemporaryFile(prefix="seedbed-", buffering=0)  # noqa: SIM115
    finalize(shelf, file.close)
    return file
