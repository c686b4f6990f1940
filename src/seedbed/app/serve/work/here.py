"""The jobs of a server, done at once by the process that wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, RunFailed, SeedbedError

from .kinds import work_of
from .naming import check_free, makes
from .plans import wishes_of
from .working import Telling, Working, check_name, drop_halves

if TYPE_CHECKING:
    from seedbed.core.serving.jobs import Job

    from ...stages import Stage, Watch
    from ...workspace import Workspace

NEW = ("split", "dedup")
"""Kinds that make datasets of their own; others may add to one."""


def work_here(place: Workspace, job: Job, watch: Watch) -> dict[str, Any]:
    """Does a job and answers its result; all it makes is there in the end, or nothing.

    One that was wanted just so and was left, as its process was killed, is begun anew.

    Raises:
        InputError: what it is to make cannot have that name, or cannot be made of these records.
        RunClaimed: another process is at it.
        RunFailed: somebody has cancelled it.
    """
    jobs = place.store.jobs
    wanted = (job.kind, job.dataset, job.asked)
    own = next((one for one in jobs.open() if (one.kind, one.dataset, one.asked) == wanted), None)
    if own is None:
        _check(place, job)
        own = jobs.add(job)
    with jobs.claim(own.id), jobs.wait(f"{own.id}-work"):
        jobs.again(own.id)
        if not jobs.begin(own.id):
            raise RunFailed("Another process has just done that.", "See: seedbed datasets list")
        return _done(place, own, watch)


def _check(place: Workspace, job: Job) -> None:
    names = makes(job)
    if job.kind in NEW:
        check_free(place.store, names)
    for name in names:
        check_name(name)
    if job.kind == "augment" and wishes_of(job.asked["plan"]).read.plan.mode == "inplace" and job.dataset in names:
        raise InputError("Copies in the places of their originals need a dataset of their own.", "Name another.")


def _done(place: Workspace, job: Job, watch: Watch) -> dict[str, Any]:
    store = place.store
    drop_halves(store, job.id)
    telling = Telling(store, job.id)

    def both(stage: Stage) -> None:
        telling(stage)
        watch(stage)

    try:
        with Working(place, job, both) as working:
            result = work_of(job.kind)(working)
            whole = working.finished(result)
    except BaseException as error:
        if isinstance(error, SeedbedError):
            store.jobs.fail(job.id, error.message, error.advice)
        store.jobs.cancel(job.id)  # where it has not failed: a person stopped it
        drop_halves(store, job.id)
        raise
    if not whole:
        drop_halves(store, job.id)
        raise RunFailed("It was cancelled meanwhile.", "Nothing was made; start it again.")
    return result
