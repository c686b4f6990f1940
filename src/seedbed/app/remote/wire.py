"""Requests to a server: JSON, files up and down, and its problems as our errors."""

from __future__ import annotations

import http.client
import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

import orjson

from seedbed.core.errors import InputError, NotFound, RunClaimed, RunFailed, SeedbedError, Taken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message
    from pathlib import Path

PREFIX: Final = "/api/v1"
CHUNK: Final = 1 << 18
TIMEOUT: Final = 300.0
"""Seconds without a byte after which the server is given up."""


class Unreachable(SeedbedError):
    """The server does not answer."""


class Changed(SeedbedError):
    """What was to be changed is not as it was looked at; `theirs` is as it stands now."""

    def __init__(self, message: str, hint: str, theirs: dict[str, Any]) -> None:
        super().__init__(message, hint)
        self.theirs = theirs


_KINDS: Final[Mapping[int, type[SeedbedError]]] = {
    400: InputError,
    401: InputError,
    403: InputError,
    404: NotFound,
    413: InputError,
    415: InputError,
    422: InputError,
    428: InputError,
    429: InputError,
}


class Wire:
    """Speaks to one server.

    Args:
        address: where it is, as in `http://127.0.0.1:8400`.
        token: an API token of it; without one it must be on this machine and let its user in.

    Raises:
        InputError: the address is none.
    """

    def __init__(self, address: str, token: str | None = None) -> None:
        parts = urlsplit(address if "//" in address else f"http://{address}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise InputError(f"`{address}` is no address of a server.", "For example: http://127.0.0.1:8400")
        try:
            self._port = parts.port
        except ValueError:
            raise InputError(f"`{address}` has no port that could be one.", "It is at most 65535.") from None
        if token and not (token.isascii() and token.isprintable() and " " not in token):
            raise InputError("The token is none.", "Take it as it was shown, without spaces.")
        self.address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix(PREFIX)}"
        self._base = parts.path.rstrip("/").removesuffix(PREFIX) + PREFIX
        self._secure, self._host = parts.scheme == "https", parts.hostname
        self._headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def get(self, path: str, **query: Any) -> Any:
        """What is at a path; `query` without those that are None.

        Raises:
            SeedbedError: what the server says, or that it does not answer.
        """
        return self.send("GET", path, query=query)

    def send(
        self, method: str, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None, **headers: str
    ) -> Any:
        """The answer to a request, parsed; None if there is none. `headers` are named with `_` for `-`.

        Raises:
            SeedbedError: what the server says, or that it does not answer.
        """
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        content = None
        if body is not None:
            given["Content-Type"], content = "application/json", orjson.dumps(body)
        with self._answer(method, path, content, query or {}, given) as answer:
            text = self._read(answer)
        return self._parsed(text) if text else None

    def every(self, path: str, **query: Any) -> Iterator[Any]:
        """All items of a list, page by page."""
        cursor = None
        while True:
            page = self.get(path, cursor=cursor, limit=200, **query)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def download(self, path: str, to: Path, **query: Any) -> Message:
        """Writes what is at a path into a file, whole or not at all; answers the headers that it came with.

        Raises:
            SeedbedError: what the server says, or that it does not answer.
            InputError: the file cannot be written.
        """
        part = to.with_name(f".{to.name}.{secrets.token_hex(4)}.part")
        try:
            with self._answer("GET", path, None, query, {}) as answer, part.open("wb") as file:
                while piece := self._read(answer, CHUNK):
                    file.write(piece)
            part.replace(to)
        except OSError as error:
            raise InputError(
                f"{to} cannot be written: {error.strerror or error}.", "Choose a folder you may write to that has room."
            ) from error
        else:
            return answer.headers
        finally:
            part.unlink(missing_ok=True)

    def upload(self, path: str, file: Path, **fields: Any) -> Any:
        """Sends a file with some fields as a form.

        Raises:
            SeedbedError: what the server says, or that it does not answer.
            InputError: the file cannot be read.
        """
        border = secrets.token_hex(16)
        head = b"".join(_field(border, name, str(value)) for name, value in fields.items() if value is not None)
        name = file.name.replace('"', "%22").replace("\r", "").replace("\n", "")
        head += f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        tail = f"\r\n--{border}--\r\n".encode()
        try:
            size = file.stat().st_size + len(head) + len(tail)
            with file.open("rb") as source:
                content = _pieces(head, source, tail)
                headers = {"Content-Type": f"multipart/form-data; boundary={border}", "Content-Length": str(size)}
                with self._answer("POST", path, content, {}, headers) as answer:
                    return self._parsed(self._read(answer))
        except OSError as error:
            raise InputError(
                f"{file} cannot be read: {error.strerror or error}.", "Check that you may read it."
            ) from error

    @contextmanager
    def _answer(
        self, method: str, path: str, content: Any, query: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer of the server, if it is no problem."""
        asked = urlencode({name: _plain(value) for name, value in query.items() if value is not None}, doseq=True)
        connection = self._connection()
        try:
            target = self._base + path + (f"?{asked}" if asked else "")
            try:
                connection.request(method, target, content, {**self._headers, **headers})
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                raise self._gone(error) from error
            if answer.status >= 300:
                raise self._problem(answer)
            yield answer
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=TIMEOUT, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)

    def _read(self, answer: http.client.HTTPResponse, most: int | None = None) -> bytes:
        try:
            return answer.read(most)
        except http.client.IncompleteRead as error:
            hint = "The server's log says why; try again."
            raise Unreachable(f"The answer of {self.address} broke off in the middle.", hint) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._gone(error) from error

    def _parsed(self, text: bytes) -> Any:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            hint = "Give the address that `seedbed serve` prints."
            raise InputError(f"{self.address} does not answer as a Seedbed server does.", hint) from None

    def _gone(self, error: Exception) -> Unreachable:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return Unreachable(f"The server {self.address} does not answer: {why}.", "Is it running? seedbed serve")

    def _problem(self, answer: http.client.HTTPResponse) -> SeedbedError:
        """The error that an answer tells of."""
        found = self._parsed(self._read(answer) or b"{}")
        if not isinstance(found, dict) or "detail" not in found:
            what = f"{self.address} does not answer as a Seedbed server does: {answer.status} {answer.reason}."
            return InputError(what, "Give the address that `seedbed serve` prints.")
        message = str(found["detail"])
        hint = str(found.get("hint") or "")
        if answer.status == 401:
            return InputError(message, "Give a token: set SEEDBED_TOKEN. Make one with: seedbed tokens add")
        if answer.status == 409:
            kind = RunClaimed if "driven" in message else Taken
            return kind(message, hint)
        if answer.status == 412:
            return Changed(message, hint, found.get("theirs") or {})
        return _KINDS.get(answer.status, RunFailed)(message, hint)


def part(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")


def _plain(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _field(border: str, name: str, value: str) -> bytes:
    return f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _pieces(head: bytes, source: Any, tail: bytes) -> Iterator[bytes]:
    yield head
    while piece := source.read(CHUNK):
        yield piece
    yield tail
