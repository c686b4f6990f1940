"""The process that works on one job: `python -m seedbed.app.serve.work.child WORKSPACE JOB [alone]`.

It ends with the process that started it: nothing is ever written to its standard input, whose end says that.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from typing import TYPE_CHECKING

from seedbed.core.errors import RunClaimed, SeedbedError
from seedbed.providers.reach import reaching

from ...operation.logs import set_up
from ...settings import log_settings
from ...workspace import Workspace
from ..addresses import reach_of
from .kinds import work_of
from .words import of_api
from .working import Telling, Working, drop_halves

if TYPE_CHECKING:
    from seedbed.core.serving.jobs import Job

_log = logging.getLogger("seedbed.job")
GONE = 3
"""The exit code where whoever started it is gone."""


def main() -> None:
    """Works on the job that the arguments name."""
    set_up(log_settings(), "job")
    threading.Thread(target=_watch, daemon=True).start()
    # One that was killed with its server may have an instant left in which it still writes.
    with Workspace(sys.argv[1]) as place, place.store.jobs.wait(f"{sys.argv[2]}-work"):
        job = place.store.jobs.job(sys.argv[2])
        if job is not None and job.state == "running":
            _log.info("%s begins: %s.", job.id, job.kind)
            try:
                with reaching(reach_of(place.store, alone="alone" in sys.argv[3:])):
                    do(place, job)
            except RunClaimed:
                _log.warning("%s is another process's by now.", job.id)
            else:
                _log.info("%s has ended.", job.id)


def do(place: Workspace, job: Job) -> None:
    """Does a job; all it makes is there in the end, or nothing."""
    store = place.store
    drop_halves(store, job.id)
    with Working(place, job, Telling(store, job.id)) as working:
        try:
            result = work_of(job.kind)(working)
            whole = working.finished(result)
        except SeedbedError as error:
            store.jobs.fail(job.id, of_api(error.message), of_api(error.advice))
            whole = False
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - whatever it is, the job has failed
            _log.exception("%s has failed.", job.id)  # a person never sees it
            words = f"Seedbed failed at this ({type(error).__name__})."
            store.jobs.fail(job.id, words, "The server's log says more; please tell us.")
            whole = False
    if not whole:
        drop_halves(store, job.id)


def _watch() -> None:
    # Not by `sys.stdin`: its lock would be held when the process ends.
    while os.read(0, 1):
        pass
    os._exit(GONE)


if __name__ == "__main__":
    main()
