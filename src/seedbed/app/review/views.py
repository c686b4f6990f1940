"""Filters as they are written down, and saved under a name."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from seedbed.core.errors import InputError, NotFound, nearest
from seedbed.core.review.entry import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seedbed.core.review.entry import Sort, View

FILTERS: Final = ("decision", "work", "label", "model", "source", "tag", "span", "person", "reason")
FLAGS: Final = ("doubted", "duplicates", "overlapping")
WORDS: Final = "q"

LONGEST = 100
"""Characters of a name."""


def where_of(wanted: Wanted) -> dict[str, Any]:
    """The filters of what is wanted, as the API takes them and views keep them."""
    found = {name: getattr(wanted, name) for name in FILTERS if getattr(wanted, name) is not None}
    more: dict[str, Any] = {name: getattr(wanted, name) for name in FLAGS} | {WORDS: wanted.words}
    return found | {name: value for name, value in more.items() if value}


def seen_by(view: View, wanted: Wanted) -> Wanted:
    """What is wanted, and for what it leaves open what a view says; in the order that suits it."""
    open_ = {one.name for one in fields(Wanted) if getattr(wanted, one.name) == one.default}
    kept = {("words" if name == WORDS else name): value for name, value in view.where.items()}
    both = replace(wanted, **{name: value for name, value in kept.items() if name in open_})
    return replace(both, sort=usual_sort(both)) if wanted.sort == "first" else both


def usual_sort(wanted: Wanted) -> Sort:
    """The order in which such entries are looked through."""
    return "doubt" if wanted.doubted else "twins" if wanted.duplicates else "first"


def view_named(views: Iterable[View], name: str) -> View:
    """The saved filter of a name.

    Raises:
        NotFound: there is none.
    """
    found = {one.name: one for one in views}
    if name not in found:
        hint = nearest(name, found) if found else "There is none yet; save one: seedbed review list … --save-view NAME"
        raise NotFound(f"There is no view `{name[:LONGEST]}`.", hint)
    return found[name]


def check_view_name(name: str) -> str:
    """The name of a new view.

    Raises:
        InputError: it is empty or too long, or is not on one line.
    """
    if not name.strip() or len(name) > LONGEST or not name.isprintable():
        raise InputError("--save-view: this is no name.", f"Use up to {LONGEST} characters on one line.")
    return name.strip()
