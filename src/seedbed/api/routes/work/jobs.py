"""Jobs: what works in the background, and how far it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from seedbed.core.serving.jobs import JobState, WantedJobs

from ...desk import Desk, DeskOf, Who
from .bodies import JobItem, JobPage, Listed
from .ground import job_of, job_page, projects_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from seedbed.core.serving.jobs import Job

router = APIRouter(tags=["jobs"])

LOOK = 0.25
SILENCE = 15.0
"""Seconds after which a word is sent that says nothing, so that nobody on the way closes the line."""

Asked = Annotated[str | None, Query(max_length=200)]


@router.get("/jobs")
def list_jobs(desk: DeskOf, who: Who, listed: Listed, kind: Asked = None, state: JobState | None = None) -> JobPage:
    """Jobs, the newest first."""
    wanted = WantedJobs(listed.dataset, kind, state, projects_of(who, listed.project))
    return job_page(desk, wanted, listed.cursor, listed.limit)


@router.get("/jobs/{job}")
def show_job(desk: DeskOf, who: Who, job: str) -> JobItem:
    """One job as it stands."""
    return JobItem.of(job_of(desk, who, job))


@router.post("/jobs/{job}/cancel")
def cancel_job(desk: DeskOf, who: Who, job: str) -> JobItem:
    """Ends a job; what it has made goes. One that has ended stays as it is."""
    found = job_of(desk, who, job)
    who.needs("editor", found.project)
    desk.jobs.cancel(job)
    return JobItem.of(job_of(desk, who, job))


@router.get("/jobs/{job}/events", response_class=StreamingResponse)
async def follow_job(request: Request, desk: DeskOf, who: Who, job: str) -> StreamingResponse:
    """Events `job` with the job whenever it is further, until it has ended (server-sent events)."""
    found = await run_in_threadpool(job_of, desk, who, job)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(request, desk, found), media_type="text/event-stream", headers=headers)


async def _events(request: Request, desk: Desk, job: Job) -> AsyncIterator[str]:
    said, silent = "", 0.0
    now: Job | None = job
    while now is not None:
        words = JobItem.of(now).model_dump_json()
        if words != said:
            yield f"event: job\ndata: {words}\n\n"
            said, silent = words, 0.0
        elif silent >= SILENCE:
            yield ": still there\n\n"
            silent = 0.0
        if now.ended or desk.jobs.closing or await request.is_disconnected():
            return
        await asyncio.sleep(LOOK)
        silent += LOOK
        now = await run_in_threadpool(desk.workspace.store.jobs.job, job.id)
