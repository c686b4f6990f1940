"""An object storage on loopback, and the command line that knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import fsspec
import pytest

from storages import BOX, HERE, KIND

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with HERE.serve() as found:
        yield found


@pytest.fixture
def bucket(address: str, shell: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """fsspec's file system with an empty bucket `box`, as the library and the command line see it."""
    found = HERE.environment(address)
    shell.environment |= found
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    kind = fsspec.get_filesystem_class(KIND)
    kind.clear_instance_cache()
    system = fsspec.filesystem(KIND, use_listings_cache=False)
    if KIND != "gs":  # whose server has it from the beginning
        system.mkdir(BOX)
    yield system
    if KIND == "gs":
        for name in system.find(BOX):
            system.rm_file(name)
    else:
        system.rm(BOX, recursive=True)
    kind.clear_instance_cache()
