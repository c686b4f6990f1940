"""Some records of a dataset: named by their ids, or those that are all of what is wanted."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.review.entry import Wanted

from ...review.reviewing import Reviewing
from ...review.tasks import Choice
from .working import records_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seedbed.core.record import Record

    from ...existing import Source
    from ...workspace import Workspace


def written(ids: Sequence[str], wanted: Wanted) -> dict[str, Any]:
    """A choice as a job keeps it."""
    return {"ids": list(ids), "wanted": asdict(wanted)}


def chosen_of(workspace: Workspace, dataset: str, choice: Mapping[str, Any]) -> Source:
    """The chosen records of a dataset as people left them, without those that were declined.

    Which they are is looked up once, so that every reading gives the same ones, whatever people do meanwhile.

    Raises:
        InputError: a record that is named is not there.
    """

    @cache
    def names() -> frozenset[str]:
        wanted = Wanted(**choice["wanted"])
        entries = Choice(tuple(choice["ids"])).entries(Reviewing(workspace, dataset, ""), wanted)
        return frozenset(entry.record.id for entry in entries)

    every = records_of(workspace.store, dataset)

    def records() -> Iterator[Record]:
        known = names()
        return (record for record in every() if record.id in known)

    return records


def check_chosen(workspace: Workspace, dataset: str, choice: Mapping[str, Any]) -> None:
    """Whether anything is chosen.

    Raises:
        InputError: nothing is, or a record that is named is not there.
    """
    if next(iter(chosen_of(workspace, dataset, choice)()), None) is None:
        raise InputError(
            f"No record of {dataset} is like that.", "Choose others; records that were declined are left out."
        )
