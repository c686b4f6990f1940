"""What is open while the service is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from anyio import to_thread

from seedbed.app.review.taking_in import TakingIn
from seedbed.app.serve.addresses import check_allowed
from seedbed.app.serve.feed import Feed
from seedbed.app.serve.runner import Runner
from seedbed.app.serve.runs import Runs
from seedbed.app.serve.sample import ensure_sample
from seedbed.app.serve.work.afterwards import add_report

from .desk import Desk, ServeSettings
from .routes.work.bodies import JobItem

if TYPE_CHECKING:
    from seedbed.app.workspace import Workspace


THREADS = 4
"""Answers that are worked on at once. Python runs one of them at a time, and each row that SQLite gives is a chance to
lose the turn: of fifty reviewers' reads 25 a second were answered with 40 threads, 47 with two (benchmarks/api.py)."""


@asynccontextmanager
async def opened(workspace: Workspace, settings: ServeSettings, *, sample: bool) -> AsyncIterator[Desk]:
    """The desk of the service. Runs that the service drove when it ended are gone on with; at the end they are stopped
    so that the next start goes on."""
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    if sample:
        await asyncio.to_thread(ensure_sample, workspace)
    runner = Runner(workspace, partial(check_allowed, workspace.store, alone=settings.local_owner))
    runs = Runs(workspace, runner)
    feed = Feed(workspace, runner, runs)
    taking_in = TakingIn(workspace)
    desk = Desk(workspace, runner, runs, feed, taking_in, settings)
    desk.jobs.heard = lambda job: feed.tell("job", JobItem.of(job).model_dump(mode="json"), job.id, job.project)
    runner.ended = partial(add_report, workspace, desk.jobs, alone=settings.local_owner)
    await asyncio.to_thread(runner.start)
    await asyncio.to_thread(desk.jobs.open)
    try:
        yield desk
    finally:
        feed.close()
        taking_in.close()
        await asyncio.to_thread(desk.jobs.close)
        await asyncio.to_thread(runner.close)
