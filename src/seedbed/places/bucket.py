"""Object storage through fsspec: opened when it is first used; what goes wrong there is said in one sentence.

Nothing that a storage or its library says is repeated: it may hold keys.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, cast

from seedbed.core.errors import InputError, MissingExtra, SeedbedError

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 8 * 2**20
"""Bytes that are asked for at once when an object is read."""

_LIBRARIES = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs"}
_FOREIGN = {"adlfs", "aiobotocore", "aiohttp", "azure", "botocore", "fsspec", "gcsfs", "google", "requests", "s3fs"}
_KEYS = {
    "s3": "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.",
    "gs": "Set GOOGLE_APPLICATION_CREDENTIALS, or log in with gcloud.",
    "az": "Set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY, or AZURE_STORAGE_CONNECTION_STRING.",
}
_TALKATIVE = ("adlfs", "azure", "gcsfs", "google")
_SILENT = logging.NullHandler()
_CHANGES = ("ETag", "etag", "VersionId", "generation", "LastModified", "last_modified", "updated", "mtime")
_UNKNOWN = ("NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError", "ProfileNotFound", "ValueError")
_REFUSED = ("ClientAuthenticationError", "RefreshError")
_FAR = ("ConnectionError", "TimeoutError", "HTTPClientError", "ClientConnectionError", "ServiceRequestError")


def look(url: str) -> dict[str, Any] | None:
    """What is known of an object or a folder; None if there is none.

    Raises:
        InputError: the bucket is not there, or cannot be asked.
    """
    with said(url):
        try:
            return dict(_system(url).info(url))
        except FileNotFoundError as error:
            if _lacks_bucket(url, error):
                raise
            return None


def identity(url: str) -> list[int]:
    """What an object is known again by, unless somebody changed it: its size and a number made of its version."""
    found = look(url) or {}
    told = repr([str(found.get(name)) for name in _CHANGES])
    return [found.get("size") or 0, int.from_bytes(blake2b(told.encode(), digest_size=6).digest())]


def check(url: str) -> None:
    """Whether there is such a bucket.

    Raises:
        InputError: there is none, it cannot be reached, or one may not look.
    """
    with said(url, "NoSuchBucket"):
        _system(url).info(url)


def reader(url: str) -> IO[bytes]:
    """An object's bytes, fetched in blocks."""
    with said(url):
        return cast("IO[bytes]", _system(url).open(url, "rb", block_size=BLOCK, cache_type="readahead"))


def whole(url: str) -> bytes:
    """All bytes of an object."""
    with said(url):
        return cast("bytes", _system(url).cat_file(url))


def make(url: str, data: bytes) -> None:
    """Makes an object of bytes; there is all of it or what was there before."""
    with said(url):
        _system(url).pipe_file(url, data)


def put(file: Path, url: str, *, new: bool) -> None:
    """Makes an object of a file; there is all of it or what was there before.

    Raises:
        InputError: it cannot be written, or there is one although it is to be `new`: the storage itself tells.
    """
    with said(url):
        try:
            _system(url).put_file(str(file), url, mode="create" if new else "overwrite")
        except FileExistsError as error:
            raise InputError(f"{url} exists; use --force to replace it.") from error


def put_folder(folder: Path, url: str, sign: str) -> None:
    """Puts objects in the place of those below an address.

    A storage exchanges no folders: the file `sign`, without which nobody reads the others, goes first and comes last.
    """
    names = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
    for name in sorted(inside(url), key=lambda name: name != sign):
        with said(f"{url}/{name}"):
            _system(url).rm_file(f"{url}/{name}")
    for name in sorted(names, key=lambda name: name == sign):
        put(folder / name, f"{url}/{name}", new=False)


def remove(url: str) -> None:
    """Takes an object away."""
    with said(url):
        _system(url).rm_file(url)


def inside(url: str) -> list[str]:
    """The names of all objects below an address, relative to it, sorted."""
    with said(url):
        system = _system(url)
        top = PurePosixPath(system._strip_protocol(url))  # noqa: SLF001 (what fsspec's own names begin with)
        return sorted(PurePosixPath(name).relative_to(top).as_posix() for name in system.find(url))


def matching(url: str) -> list[str]:
    """The addresses of all objects that a pattern matches, sorted."""
    with said(url):
        system = _system(url)
        return sorted(f"{_scheme(url)}://{name}" for name in system.glob(url) if system.isfile(name))


@contextmanager
def fetched(url: str) -> Iterator[Path]:
    """A folder of this machine with all that lies below an address, for a while.

    Raises:
        InputError: a name there would lead out of the folder.
    """
    with TemporaryDirectory(prefix="seedbed-") as folder:
        for name in inside(url):
            if ".." in PurePosixPath(name).parts or "\\" in name:
                raise InputError(f"{url} holds a name that no folder may have.")
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            with said(url):
                _system(url).get_file(f"{url}/{name}", str(target))
        yield Path(folder)


@contextmanager
def said(url: str, missing: str = "") -> Iterator[None]:
    """What a storage's library raises becomes an `InputError`; `missing` is what it means that nothing is there."""
    try:
        yield
    except Exception as error:
        told = _told(url, error, missing)
        if told is None:
            raise
        raise told from error


def _system(url: str) -> Any:
    scheme = _scheme(url)
    library = _LIBRARIES[scheme]
    if find_spec("fsspec") is None or find_spec(library) is None:
        error = MissingExtra(f"Object storage ({scheme}://)", "remote")
        error.hint += "" if scheme == "s3" else f" {library}"
        raise error
    import fsspec

    for name in _TALKATIVE:  # what they say is said in our words; who wants theirs sets up logging
        logging.getLogger(name).addHandler(_SILENT)
    try:
        return fsspec.filesystem(scheme, use_listings_cache=False)
    except ValueError as error:  # adlfs, of settings that are missing or broken
        raise InputError(*_without_key(url)) from error


def _scheme(url: str) -> str:
    return url.partition("://")[0]


def _told(url: str, error: Exception, missing: str) -> InputError | None:
    """The sentence; None for what has nothing to do with a storage (a damaged file)."""
    if isinstance(error, SeedbedError) or not _is_of_storage(error):
        return None
    if isinstance(error, FileNotFoundError):
        return _missing(url, missing == "NoSuchBucket" or _lacks_bucket(url, error))
    message, hint = _sentence(url, error)
    return InputError(message, hint)


def _lacks_bucket(url: str, error: Exception) -> bool:
    """Whether the bucket itself is missing; S3 says so, the others are asked."""
    if _scheme(url) == "s3":
        return _code(error) == "NoSuchBucket"
    try:
        _system(url).info(_bucket(url))
    except Exception as other:  # noqa: BLE001 (what else goes wrong there says nothing about that)
        return isinstance(other, FileNotFoundError)
    return False


def _missing(url: str, whole: bool) -> InputError:
    if whole:
        return InputError(f"There is no bucket {_bucket(url)}.", "Make it first, or name another.")
    return InputError(f"There is no file {url}.", "Look at its name.")


def _sentence(url: str, error: Exception) -> tuple[str, str]:
    """What went wrong, and what to do about it."""
    kinds = {cls.__name__ for cls in type(error).__mro__}
    keys = _KEYS[_scheme(url)]
    if isinstance(error, PermissionError) or kinds & {*_REFUSED} or getattr(error, "status_code", 0) in (401, 403):
        hint = f"It must be able to list, read and write what is named. {keys}"
        return f"{url}: the storage refuses the key, or the key has no right to this.", hint
    if kinds & {*_UNKNOWN}:
        return _without_key(url)
    if kinds & {*_FAR}:
        hint = "Look at the network, and at AWS_ENDPOINT_URL if it is a storage of your own."
        return f"The storage of {url} cannot be reached.", hint if _scheme(url) == "s3" else "Look at the network."
    return f"{url}: the storage answered {_code(error) or type(error).__name__}.", ""


def _without_key(url: str) -> tuple[str, str]:
    return f"There is no key for {_bucket(url)}, or half of one.", _KEYS[_scheme(url)]


def _bucket(url: str) -> str:
    return "/".join(url.split("/")[:3])


def _is_of_storage(error: Exception) -> bool:
    if isinstance(error, FileNotFoundError | PermissionError | ConnectionError | TimeoutError):
        return True
    chain = [error, error.__cause__] if error.__cause__ else [error]
    modules = {cls.__module__.partition(".")[0] for one in chain for cls in type(one).__mro__}
    return bool(modules & _FOREIGN)


def _code(error: BaseException) -> str:
    """S3's word for what went wrong, if it is one of its kind and not a text."""
    for one in (error, error.__cause__):
        answer = getattr(one, "response", None)
        code = answer.get("Error", {}).get("Code", "") if isinstance(answer, dict) else ""
        if isinstance(code, str) and code.isalnum():
            return code
    return ""
