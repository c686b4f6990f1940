"""Errors as problem documents (RFC 9457): a sentence, a hint, and where the mistake is."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

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
from seedbed.core.fields import FieldError, dotted
from seedbed.core.review.entry import Conflict

from .headers import SECURITY

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


class Refused(SeedbedError):
    """An answer with a status of its own; `more` are further fields of the document, `headers` of the answer."""

    def __init__(
        self, status: int, message: str, hint: str = "", more: dict[str, Any] | None = None, **headers: str
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.more = more or {}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def problem(
    status: int, detail: str, hint: str = "", more: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """The answer that says what went wrong."""
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
        return problem(error.status, error.message, error.hint, error.more, error.headers)
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    return problem(status, error.message, error.hint, _more(error))


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
    errors = [{"field": _place(one["loc"]), "message": one["msg"]} for one in error.errors()]
    first = errors[0]
    detail = f"{first['field']}: {first['message']}." if first["field"] else f"{first['message']}."
    return problem(422, detail, "See /api/v1/docs for what is expected.", {"field": first["field"], "errors": errors})


async def _plain(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    hint = "See /api/v1/docs for the addresses there are." if error.status_code == 404 else ""
    return problem(error.status_code, f"{error.detail}.", hint, headers=dict(error.headers or {}))


async def _unforeseen(request: Request, error: Exception) -> Response:
    # What it was stands in the server's log; an answer must not tell of the inside.
    return problem(
        500,
        f"Seedbed failed here ({type(error).__name__}).",
        "The server's log says more; please tell us.",
        headers={**SECURITY, "X-Request-Id": request.state.request_id},  # no guard dresses this answer
    )


def _place(loc: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in loc[1:] if part != "__root__")
