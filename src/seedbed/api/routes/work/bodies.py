"""What all bodies and answers of these routes have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Self

from fastapi import Depends, Query
from pydantic import BaseModel, Field, model_validator

from seedbed.core.serving.jobs import Job, JobState

from ... import bodies
from ...paging import Cursor, Limit

DEEP = 20
WIDE = 2**53

Name = Annotated[str, Field(min_length=1, max_length=200)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]


class Body(bodies.Body):
    """A body: nothing unknown in it, nor what cannot be kept."""

    @model_validator(mode="before")
    @classmethod
    def _fits(cls, given: Any) -> Any:
        if isinstance(given, dict):
            _check(given, DEEP)
        return given


def _check(value: Any, left: int) -> None:
    """Whether a value can be kept as JSON in UTF-8."""
    if not left:
        raise ValueError(f"it is nested deeper than {DEEP} times")
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValueError("a text holds half a character (a lone surrogate)")
    elif isinstance(value, dict):
        for name, one in value.items():
            _check(name, left)
            _check(one, left - 1)
    elif isinstance(value, list):
        for one in value:
            _check(one, left - 1)
    elif isinstance(value, int) and abs(value) > WIDE:
        raise ValueError("a number is too large")
    elif isinstance(value, float) and (value != value or abs(value) == float("inf")):  # noqa: PLR0124 - a NaN is not
        raise ValueError("a number is not finite")


class JobItem(BaseModel):
    """A job; `result` is there when it is done, `message` and `hint` when it failed."""

    id: str
    kind: str
    dataset: str
    project: str
    state: JobState
    done: int
    total: int | None
    words: str
    result: dict[str, Any] | None
    message: str
    hint: str
    created: str
    updated: str

    @classmethod
    def of(cls, job: Job) -> Self:
        """A job as people see it."""
        return cls(**{name: getattr(job, name) for name in cls.model_fields})


class JobPage(BaseModel):
    """Some jobs, the newest first."""

    items: list[JobItem]
    next: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Which part of a list: of a dataset or project, a page of it."""

    dataset: Annotated[str | None, Query(max_length=200)] = None
    project: Annotated[str | None, Query(max_length=200)] = None
    cursor: Cursor = ""
    limit: Limit = 50


Listed = Annotated[Listing, Depends()]
"""Which part of a list, as an argument of a route."""


class SpanItem(BaseModel):
    """A labelled stretch of a text, in characters; the end is not part of it."""

    start: int
    end: int
    label: str
    field: str
