"""Random samples that people judge."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from seedbed.app.serve.work import spot_checks as app
from seedbed.core.errors import NotFound
from seedbed.core.serving.jobs import StoredSpotCheck
from seedbed.core.stored import StoredVerdict

from ...desk import Desk, DeskOf, Who
from ...items import Item
from ...paging import Cursor, page, place
from .bodies import Body, Listed, Name, Seed
from .ground import dataset_of, projects_of

router = APIRouter(tags=["quality"])


Sampled = Annotated[int, Query(ge=1, le=app.MOST, description="So many records at most.")]


class NewSpotCheck(Body):
    """What is to be drawn; `by` a column each of whose values gets its share."""

    dataset: Name
    n: Annotated[int, Field(ge=1, le=app.MOST)] = 100
    seed: Seed = 0
    by: Name | None = None


class NewVerdict(Body):
    """What somebody says of a record."""

    right: bool
    note: Annotated[str, Field(max_length=2000)] = ""


class Verdict(NewVerdict):
    """What somebody said of a record."""

    judge: str
    at: str


class Judged(Item):
    """A record of a sample; `verdict` is the person's own, `verdicts` those of all."""

    verdict: Verdict | None
    verdicts: list[Verdict]


class SpotCheckRow(BaseModel):
    """A sample and what it says: `interval` is the 95 % interval (Wilson) of `error_rate`, the share of wrong ones."""

    id: str
    dataset: str
    project: str
    seed: int
    by: str | None
    created: str
    who: str
    sample: int
    judged: int
    right: int
    wrong: int
    error_rate: float | None
    interval: tuple[float, float]
    records: int
    more: Annotated[int, Field(description="So many must still be judged for 3 points to each side.")]
    strata: dict[str, Any]
    judges: dict[str, int]


class SpotCheckItem(SpotCheckRow):
    """A sample with a page of its records, in the order of the draw."""

    items: list[Judged]
    next: str | None


class SpotCheckPage(BaseModel):
    """Some samples, the newest first."""

    items: list[SpotCheckRow]
    next: str | None


@router.post("/spot-checks", status_code=201)
def draw_spot_check(desk: DeskOf, who: Who, body: NewSpotCheck) -> SpotCheckItem:
    """Draws a sample; the same seed draws the same records as `seedbed spot-check` does."""
    project = dataset_of(desk, who, body.dataset, "reviewer")
    wanted = StoredSpotCheck("", body.dataset, project, [], [], {}, body.seed, body.by, who=who.name)
    drawn = app.draw(desk.workspace.store, wanted, body.n)
    return _told(desk, who, drawn, page(drawn.sample, "", app.MOST))


@router.get("/spot-checks")
def list_spot_checks(desk: DeskOf, who: Who, listed: Listed) -> SpotCheckPage:
    """Samples and what they say, the newest first."""
    start, limit = place(listed.cursor), listed.limit
    projects = projects_of(who, listed.project)
    found = desk.workspace.store.quality.spot_checks(listed.dataset, projects, start, limit + 1)
    items = [SpotCheckRow(**_row(desk, one)) for one in found[:limit]]
    return SpotCheckPage(items=items, next=str(start + limit) if len(found) > limit else None)


@router.get("/spot-checks/{check}")
def show_spot_check(
    desk: DeskOf, who: Who, check: str, cursor: Cursor = "", limit: Sampled = app.MOST
) -> SpotCheckItem:
    """A sample with its records, all of them if no less are asked for."""
    found = _check(desk, who, check)
    return _told(desk, who, found, page(found.sample, cursor, limit))


@router.put("/spot-checks/{check}/records/{record:path}")
def judge_record(desk: DeskOf, who: Who, check: str, record: str, body: NewVerdict) -> SpotCheckRow:
    """Says whether a record is right, in the place of what the same person said before; answers the figures."""
    found = _check(desk, who, check)
    who.needs("reviewer", found.project)
    verdict = StoredVerdict(found.dataset, record, who.name, body.right, body.note)
    app.judge(desk.workspace.store, found, verdict)
    return SpotCheckRow(**_row(desk, found))


@router.delete("/spot-checks/{check}/records/{record:path}")
def take_back_verdict(desk: DeskOf, who: Who, check: str, record: str) -> SpotCheckRow:
    """Takes back what the person said of a record; answers the figures."""
    found = _check(desk, who, check)
    who.needs("reviewer", found.project)
    if not desk.workspace.store.remove_verdict(found.dataset, record, who.name):
        raise NotFound(f"You have said nothing of {record[:80]}.", "Judge it first.")
    return SpotCheckRow(**_row(desk, found))


def _check(desk: Desk, who: Who, name: str) -> StoredSpotCheck:
    found = desk.workspace.store.quality.spot_check(name)
    if found is None or not who.sees(found.project):
        raise NotFound(f"There is no spot check `{name[:80]}`.", "See them all: GET /spot-checks")
    return found


def _row(desk: Desk, check: StoredSpotCheck) -> dict[str, Any]:
    own = {name: getattr(check, name) for name in ("id", "dataset", "project", "seed", "by", "created", "who")}
    return {**app.figures_of(desk.workspace.store, check), **own}


def _told(desk: Desk, who: Who, check: StoredSpotCheck, some: dict[str, Any]) -> SpotCheckItem:
    said: dict[str, list[Verdict]] = {}
    for one in app.said_of(desk.workspace.store, check):
        verdict = Verdict(right=one.right, note=one.note, judge=one.judge, at=one.created)
        said.setdefault(one.record, []).append(verdict)
    desk.workspace.store.reviews.catch_up(check.dataset)
    items = []
    for entry in filter(None, map(desk.workspace.store.reviews.entry, some["items"])):
        verdicts = said.get(entry.record.id, [])
        own = next((one for one in verdicts if one.judge == who.name), None)
        items.append(Judged.model_construct(**Item.fields(entry), verdict=own, verdicts=verdicts))
    return SpotCheckItem(**_row(desk, check), items=items, next=some["next"])
