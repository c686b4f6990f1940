"""A record keeps what it says, whoever changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.record import flat_text

from ..data.split import MAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.record import Record


def check_text(record: Record, values: Mapping[str, Any]) -> None:
    """Whether a record that says something still does with other values.

    Raises:
        InputError: its main text would be empty.
    """
    column = _main(record.values)
    if flat_text(record.values.get(column)).strip() and not flat_text(values.get(column)).strip():
        raise InputError(
            f"`{column}` would be empty, and a record without its text is none.",
            "Decline the record instead, or leave its text as it is.",
        )


def _main(values: Mapping[str, Any]) -> str:
    """The column that holds what a record says: by its name, else the one with the longest text."""
    named = next((name for name in MAIN if name in values), None)
    return named or max(values, key=lambda name: len(flat_text(values[name])), default="text")
