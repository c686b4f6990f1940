"""Names of the datasets that jobs make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedbed.core.errors import Taken

from .dividing import part_name
from .working import check_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.serving.jobs import Job
    from seedbed.core.stored import Store


def free_name(store: Store, base: str) -> str:
    """The first of `base`, `base-2` … that no dataset has and no job is to make.

    Raises:
        InputError: it is too long to be a name.
    """
    number, name = 1, base
    while _taken(store, name):
        number += 1
        name = f"{base}-{number}"
    return check_name(name)


def check_free(store: Store, names: Sequence[str]) -> None:
    """Whether new datasets may have these names.

    Raises:
        InputError: one is no name of a dataset.
        Taken: there is one.
    """
    for name in names:
        if _taken(store, check_name(name)):
            raise Taken(f"There is a dataset `{name}` already.", "Delete it first, or name another.")


def makes(job: Job) -> list[str]:
    """The datasets that a job is to make."""
    if job.kind == "split":
        return [part_name(job.dataset, part) for part in job.asked["shares"]]
    return [job.asked["into"]] if "into" in job.asked else []


def _taken(store: Store, name: str) -> bool:
    if store.runs(dataset=name) or store.run(name):
        return True
    return any(name in makes(job) for job in store.jobs.open())
