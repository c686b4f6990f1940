"""The kinds of jobs there are; each is imported by the process that does it, which has no use for the others."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .working import Working

Work = Callable[["Working"], dict[str, Any]]
"""Does a job and answers its result."""

KINDS = {
    "augment": "making",
    "fill": "making",
    "report": "measuring",
    "suspects": "measuring",
    "dedup": "dividing",
    "duplicates": "measuring",
    "split": "dividing",
}
"""Kind → the module with the function of that name."""


def work_of(kind: str) -> Work:
    """What does a job of a kind."""
    found: Work = getattr(import_module(f".{KINDS[kind]}", __package__), kind)
    return found
