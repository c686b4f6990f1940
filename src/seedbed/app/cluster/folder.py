"""A folder of Parquet files that workers write one by one."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError, SeedbedError
from seedbed.formats.files import Contents, check_folder, writing_folder
from seedbed.places import bucket
from seedbed.places.paths import RemotePath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..output import Output

CONTENTS = Contents(("part-*.parquet",))


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the files go; `force` to replace those that another command of this kind wrote."""

    path: Path
    force: bool = False

    @classmethod
    def of(cls, output: Output) -> Folder:
        """That of an output which a person names.

        Raises:
            InputError: it is named as a file of another format.
        """
        if output.path.suffix not in ("", ".parquet"):
            raise InputError(
                f"{output.path}: with --executor ray a folder of Parquet files is written.",
                "Name a folder, such as -o out; seedbed convert makes a file of another format of it.",
            )
        return cls(output.path.absolute(), output.force)

    def check(self) -> None:
        """Says beforehand whether it can be written.

        Raises:
            InputError: it cannot be.
        """
        check_folder(self.path, CONTENTS, force=self.force)

    @contextmanager
    def filling(self) -> Iterator[Filling]:
        """Where to write the files; if nothing fails, the folder is there in the end.

        On a file system it comes as a whole, in object storage file by file: those that were there before go last.

        Raises:
            InputError: it cannot be written.
        """
        if not isinstance(self.path, RemotePath):
            with writing_folder(self.path, CONTENTS, force=self.force) as folder:
                yield Filling(str(folder))
            return
        self.check()
        before = [f"{self.path}/{name}" for name in bucket.inside(str(self.path))] if self.path.exists() else []
        made = Filling(str(self.path), f"{token_hex(4)}-")
        try:
            yield made
        except BaseException:
            with suppress(SeedbedError):
                for name in bucket.inside(str(self.path)):
                    if name.startswith(made.beginning):
                        bucket.remove(f"{self.path}/{name}")
            raise
        for url in before:
            bucket.remove(url)


@dataclass(frozen=True, slots=True)
class Filling:
    """A folder that is being filled, and what tells its files from those of others."""

    folder: str
    mark: str = ""

    @property
    def beginning(self) -> str:
        """What the names of all its files begin with."""
        return f"part-{self.mark}"

    def file(self, number: int) -> str:
        """The path of a file; their order is that of their numbers."""
        return f"{self.folder}/{self.beginning}{number:06}.parquet"
