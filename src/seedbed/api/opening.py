"""What is open while the service is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from seedbed.app.review.taking_in import TakingIn
from seedbed.app.serve.addresses import check_allowed
from seedbed.app.serve.apart import Apart
from seedbed.app.serve.driving import Driving
from seedbed.app.serve.feed import Feed
from seedbed.app.serve.lookout import Lookout
from seedbed.app.serve.runner import Runner
from seedbed.app.serve.runs import Runs
from seedbed.app.serve.sample import ensure_sample
from seedbed.app.serve.work.afterwards import LateReports, add_report

from .desk import Desk, ServeSettings
from .routes.work.bodies import JobItem

if TYPE_CHECKING:
    from seedbed.app.serve.driving import Drives
    from seedbed.app.workspace import Workspace


@asynccontextmanager
async def opened(workspace: Workspace, settings: ServeSettings, *, sample: bool) -> AsyncIterator[Desk]:
    """The desk of the service. Runs that the service drove when it ended are gone on with; at the end they are stopped
    so that another service, or the next start, goes on."""
    if sample:
        await asyncio.to_thread(ensure_sample, workspace)
    runner = Runner(workspace, _drives(workspace, settings), settings.elsewhere)
    runs = Runs(workspace, runner)
    feed = Feed(workspace, runner, runs)
    taking_in = TakingIn(workspace)
    desk = Desk(workspace, runner, runs, feed, taking_in, settings)
    desk.jobs.heard = lambda job: feed.tell("job", JobItem.of(job).model_dump(mode="json"), job.id, job.project)
    runner.ended = partial(add_report, workspace, desk.jobs, alone=settings.local_owner)
    await asyncio.to_thread(desk.totals.begin)
    await asyncio.to_thread(runner.start)
    await asyncio.to_thread(desk.jobs.open)
    lookout = Lookout(runner.look, desk.jobs.look, LateReports(workspace, runner.ended).look)
    lookout.open()
    desk.aside.open()
    try:
        yield desk
    finally:
        feed.close()
        taking_in.close()
        await desk.aside.close()
        await asyncio.to_thread(lookout.close)
        await asyncio.to_thread(desk.jobs.close)
        await asyncio.to_thread(runner.close)


def _drives(workspace: Workspace, settings: ServeSettings) -> Drives:
    if settings.apart:
        return Apart(workspace, alone=settings.local_owner, elsewhere=settings.elsewhere)
    check = partial(check_allowed, workspace.store, alone=settings.local_owner)
    return Driving(workspace, check, settings.elsewhere)
