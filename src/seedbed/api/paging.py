"""Lists in pages: `{items, next}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query

from .problems import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

Cursor = Annotated[str, Query(description="`next` of the page before, as it is.", max_length=200)]
WHOLE = 200
"""The most items of a page; so many at once where a list used to be answered whole, and where it is short."""

Limit = Annotated[int, Query(ge=1, le=WHOLE, description="So many items at most.")]


def page(items: Sequence[Any], cursor: str, limit: int) -> dict[str, Any]:
    """A page of a list that is in memory; its cursor is a place in it.

    Raises:
        Refused: the cursor is none.
    """
    start = place(cursor)
    more = len(items) > start + limit
    return {"items": list(items[start : start + limit]), "next": str(start + limit) if more else None}


def place(cursor: str) -> int:
    """The number a cursor stands for; 0 without one.

    Raises:
        Refused: it is none of ours.
    """
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Refused(400, f"`{cursor[:40]}` is no cursor.", "Use `next` of the page before as it is.")
    return int(cursor)
