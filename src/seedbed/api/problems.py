"""Errors as problem documents (RFC 9457): a sentence, a hint that is never empty, and where the mistake is."""

from __future__ import annotations

import re
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from seedbed.app.serve.drafts import WrongRecipe
from seedbed.app.serve.launch import KeyUsed
from seedbed.app.serve.people import Forbidden
from seedbed.app.serve.trying import TooSlow, Unanswered
from seedbed.core.errors import (
    Changed,
    InputError,
    NotFound,
    ProviderError,
    RunClaimed,
    RunFailed,
    SeedbedError,
    StoreFailed,
    Taken,
)
from seedbed.core.fields import FieldError, dotted, in_plain_words
from seedbed.core.review.entry import Conflict

from .headers import SECURITY
from .rights import PREFIX

if TYPE_CHECKING:
    from fastapi import FastAPI

PROBLEM = "application/problem+json"

_STATUS: tuple[tuple[type[SeedbedError], int], ...] = (
    (Forbidden, 403),
    (KeyUsed, 422),
    (WrongRecipe, 422),
    (TooSlow, 504),
    (Unanswered, 502),
    (NotFound, 404),
    (RunClaimed, 409),
    (Taken, 409),
    (Conflict, 412),
    (Changed, 412),
    (InputError, 400),
    (StoreFailed, 503),
    (RunFailed, 409),
    (ProviderError, 502),
)
"""The first kind that an error is of decides."""


SEE_DOCS: Final = "See /api/v1/docs for what is expected."

_WORDS: Final = {
    400: (
        "The body cannot be read as what it says to be",
        "Send JSON, or a file as multipart/form-data, as /api/v1/docs says.",
    ),
    404: ("There is nothing at this address", "See /api/v1/docs for the addresses there are."),
    405: ("This address does not take", "See /api/v1/docs for what it takes."),
}
"""What is refused before any route looks at it, and what to do about it; all else (413) is too large."""

_KIND: Final = re.compile(r"(float|int|str|bool|bytes|[a-z-]+\[.*)")
"""How pydantic names a kind in the place of an error, where a value may be of several."""


class Refused(SeedbedError):
    """An answer with a status of its own; `more` are further fields of the document, `headers` of the answer."""

    def __init__(
        self, status: int, message: str, hint: str, more: dict[str, Any] | None = None, **headers: str
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.more = more or {}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def problem(
    status: int, detail: str, hint: str, more: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """The answer that says what went wrong, and what to do about it."""
    title = HTTPStatus(status).phrase
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, "hint": hint, **(more or {})}
    return Response(orjson.dumps(document, default=str), status, headers, PROBLEM)


def add_problems(app: FastAPI) -> None:
    """Lets every error of the application answer as a problem."""
    app.add_exception_handler(SeedbedError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _unforeseen)


def problem_of(error: SeedbedError) -> Response:
    """The answer that says what an error of ours is."""
    if isinstance(error, Refused):
        return problem(error.status, error.message, error.advice, error.more, error.headers)
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    return problem(status, error.message, error.advice, _more(error))


def _more(error: SeedbedError) -> dict[str, Any]:
    """Where the mistake is."""
    if isinstance(error, WrongRecipe):
        first = error.problems[0]
        place = {"field": first.field, **({"line": first.line} if first.line else {})}
        return {**place, "errors": [asdict(one) for one in error.problems]}
    return {"field": dotted(error.path)} if isinstance(error, FieldError) else {}


async def _ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, SeedbedError)
    return problem_of(error)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found: dict[str, str] = {}
    for one in error.errors():
        field, message = _wrong(one)
        found[field] = _either(found.get(field, message), message)
    errors = [{"field": field, "message": message} for field, message in found.items()]
    first = errors[0]
    detail = f"{first['field']}: {first['message']}." if first["field"] else f"{first['message']}."
    return problem(422, detail, SEE_DOCS, {"field": first["field"], "errors": errors})


def _wrong(error: dict[str, Any]) -> tuple[str, str]:
    """A field of what was sent ("" for the whole), and what is wrong with it."""
    if error["type"] == "json_invalid":
        return "", f"The body is no JSON from character {error['loc'][-1]} on: {error['ctx']['error']}"
    field, message = _place(error["loc"]), in_plain_words(error)
    if not field:
        message = (
            f"The body {message}" if message.startswith(("is ", "must ")) else f"{message[:1].upper()}{message[1:]}"
        )
    return field, message


def _either(message: str, other: str) -> str:
    """What is wrong with a value that may be of several kinds and is of none."""
    both = message.startswith("must be ") and other.startswith("must be ") and other not in message
    return f"{message} or {other.removeprefix('must be ')}" if both else message


async def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status, detail, hint = error.status_code, *_WORDS.get(error.status_code, (error.detail, "Send it in parts."))
    if status == 405:
        takes = _methods(request)
        if takes or not request.url.path.startswith(PREFIX):
            takes = takes or ["GET"]
            hint = f"It takes {' or '.join(takes)}."
            return problem(405, f"{detail} {request.method}.", hint, headers={"Allow": ", ".join(takes)})
        status, (detail, hint) = 404, _WORDS[404]
    return problem(status, f"{detail}.", hint, headers=dict(error.headers or {}) if status != 404 else None)


def _methods(request: Request) -> list[str]:
    """What an address takes."""
    path = request.url.path.removeprefix(PREFIX)
    return sorted({one for routes, methods in request.app.state.takes if routes.fullmatch(path) for one in methods})


async def _unforeseen(request: Request, error: Exception) -> Response:
    # What it was stands in the server's log; an answer must not tell of the inside.
    return problem(
        500,
        f"Seedbed failed here ({type(error).__name__}).",
        "The server's log says more; please tell us.",
        headers={**SECURITY, "X-Request-Id": request.state.request_id},  # no guard dresses this answer
    )


def _place(loc: tuple[Any, ...]) -> str:
    """Which field: what pydantic says of the kinds that a value may be of is no part of it."""
    return ".".join(str(part) for part in loc[1:] if not _KIND.fullmatch(str(part)))
