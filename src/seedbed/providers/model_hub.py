"""Model files from the Hugging Face hub: its cache on this machine, its downloads, its metadata."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPHandler, HTTPSHandler, Request, build_opener

import orjson

from .model_part import BLOCK, SourceFailed, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .model_part import ModelFile, ModelFileSettings, PartFile

READ_TIMEOUT = 30.0
BREAKS = 3
"""How often a connection that breaks off is taken up again."""


def cached(model: ModelFile, settings: ModelFileSettings) -> list[Path]:
    """What the cache of the Hugging Face libraries has under the model's name, in any revision."""
    if settings.hub_cache is None:
        return []
    folder = settings.hub_cache / f"models--{model.repo.replace('/', '--')}" / "snapshots"
    return sorted(path for path in folder.glob(f"*/{model.file}") if path.is_file())


def from_hub(model: ModelFile, settings: ModelFileSettings, part: PartFile, announce: Callable[[str], None]) -> None:
    """Downloads from the hub, going on where the part ends.

    Raises:
        SourceFailed: the hub cannot be reached, refuses, or breaks off again and again.
    """
    url = f"{settings.hub_url.rstrip('/')}/{model.repo}/resolve/{model.revision}/{model.file}"
    for _ in range(1 + BREAKS):
        if part.length == part.size:
            return
        before = part.length
        _download(url, settings.connect_timeout, part, announce)
        if part.length == before:
            break
    if part.length < part.size:
        raise SourceFailed(f"the connection broke off after {part.length:,} of {part.size:,} bytes")


def described(model: ModelFile, settings: ModelFileSettings) -> ModelFile:
    """The model with size and SHA-256 as the hub's own metadata state them.

    Raises:
        SourceFailed: the hub cannot be reached or does not have the file.
    """
    url = f"{settings.hub_url.rstrip('/')}/api/models/{model.repo}/tree/{model.revision}"
    with _open(url, {}, settings.connect_timeout) as answer:
        try:
            entry = next(entry for entry in orjson.loads(answer.read()) if entry.get("path") == model.file)
            found = {"size": int(entry["lfs"]["size"]), "sha256": str(entry["lfs"]["oid"])}
        except StopIteration:
            raise SourceFailed(f"{model.repo} has no file {model.file}") from None
        except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError):
            raise SourceFailed("its answer was not understood") from None
    return model.model_copy(update=found)


def _download(url: str, timeout: float, part: PartFile, announce: Callable[[str], None]) -> None:
    headers = {"Range": f"bytes={part.length}-"} if part.length else {}
    with _open(url, headers, timeout) as answer:
        if answer.status != 206:
            part.restart()
        announce("the Hugging Face hub")
        while block := _read(answer):
            part.write(block)


def _read(answer: Any) -> bytes:
    """The next block, or nothing once the connection has ended in whatever way."""
    try:
        return bytes(answer.read(BLOCK))
    except (OSError, HTTPException):
        return b""


def _open(url: str, headers: dict[str, str], timeout: float) -> Any:
    try:
        request = Request(url, headers={"User-Agent": "seedbed", **headers})  # noqa: S310 - the address is a setting
        return build_opener(_PlainHandler, _TLSHandler).open(request, timeout=timeout)
    except HTTPError as error:
        error.close()
        raise SourceFailed(f"the server answered {error.code} {error.reason}".strip()) from None
    except URLError as error:
        raise Unreachable(f"it cannot be reached ({_reason(error.reason)})") from None
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(f"it cannot be reached ({_reason(error)})") from None


def _reason(error: object) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


class _Patient(HTTPConnection):
    """Gives up connecting soon, but not reading."""

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(READ_TIMEOUT)


class _PatientTLS(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(READ_TIMEOUT)


class _PlainHandler(HTTPHandler):
    def http_open(self, req: Request) -> Any:
        return self.do_open(_Patient, req)


class _TLSHandler(HTTPSHandler):
    def https_open(self, req: Request) -> Any:
        return self.do_open(_PatientTLS, req)
