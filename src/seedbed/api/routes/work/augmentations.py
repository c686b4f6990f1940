"""Changed copies of records."""

from __future__ import annotations

from typing import Annotated, Any, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from seedbed.app.serve.work import previews
from seedbed.app.serve.work.choosing import check_chosen, chosen_of, written
from seedbed.app.serve.work.models import check_models
from seedbed.app.serve.work.naming import free_name
from seedbed.app.serve.work.plans import wishes_of
from seedbed.app.serve.work.working import records_of
from seedbed.core.errors import InputError
from seedbed.core.serving.jobs import WantedJobs

from ...desk import DeskOf, Who
from ...items import Ids, Where
from .bodies import Body, JobItem, JobPage, Listed, Name, Seed, SpanItem
from .ground import begun, dataset_of, into_of, job_page, projects_of

router = APIRouter(tags=["augment"])

Transforms = Annotated[
    list[Any],
    Field(
        min_length=1,
        max_length=64,
        description="As in a plan file, or `{kind, share, settings, chain: [{kind, settings}]}`.",
    ),
]


class Plan(Body):
    """A plan in the words of plan files; further fields of these are taken, too."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)
    transforms: Transforms
    mode: Annotated[str, Field(description="`add`: originals and copies; `new`: copies; `inplace`.")] = "add"
    copies: Annotated[int, Field(ge=1, le=1000)] | None = None
    max_proportion: Annotated[float, Field(gt=0, le=1)] | None = None
    seed: Seed | None = None


class Of(Body):
    """Records of a dataset: those that are named, or are all of `where`, or its tasks; all of it if nothing is said."""

    dataset: Name
    ids: Ids | None = None
    where: Where | None = None
    tasks: Annotated[bool, Field(description="Only those that were handed over as annotation tasks.")] = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.ids is not None and self.where is not None:
            raise ValueError("say `ids` or `where`, not both")
        return self

    def chosen(self) -> dict[str, Any] | None:
        """The choice as a job keeps it; None for the whole dataset."""
        if self.ids is None and self.where is None and not self.tasks:
            return None
        if self.ids is not None and not self.ids:
            raise InputError("No record is named.", "Name some in `ids`, or leave it out.")
        return written(self.ids or [], (self.where or Where()).wanted(tasks=self.tasks))


class NewAugmentation(Of):
    """What is to be made of a dataset, or of some of its records."""

    plan: Plan
    into: Annotated[
        str | None, Field(max_length=64, description="A dataset; one of its own if not given. The same: beside it.")
    ] = None
    project: Name | None = None


class Wanted(Of):
    """Transforms to be shown."""

    transforms: Transforms
    n: Annotated[int, Field(ge=1, le=20)] = 3
    seed: Seed | None = None


class Side(BaseModel):
    """A record before or after."""

    text: str
    spans: list[SpanItem]
    values: dict[str, Any]


class Shown(BaseModel):
    """What a transform makes of a record; `after` is null where it makes nothing of it, and `why` says why."""

    transform: str
    before: Side
    after: Side | None
    why: str


class Preview(BaseModel):
    """Some records, before and after."""

    items: list[Shown]


@router.post("/augmentations/preview")
def preview_augmentation(desk: DeskOf, who: Who, body: Wanted) -> Preview:
    """What each transform makes of a few of the first records, or of the chosen ones; nothing is kept."""
    dataset_of(desk, who, body.dataset)
    plan = {"transforms": body.transforms, **({"seed": body.seed} if body.seed is not None else {})}
    chosen = body.chosen()
    source = (
        chosen_of(desk.workspace, body.dataset, chosen) if chosen else records_of(desk.workspace.store, body.dataset)
    )
    items = previews.augmented(source, plan, body.n)
    return Preview(items=items)


@router.post("/augmentations", status_code=202)
def begin_augmentation(desk: DeskOf, who: Who, body: NewAugmentation) -> JobItem:
    """Makes the copies in the background; the result says how many by each transform, and why there are less."""
    project = dataset_of(desk, who, body.dataset, "editor")
    plan = body.plan.model_dump(exclude_none=True)
    read = wishes_of(plan).read
    check_models(desk.workspace, plan, project, alone=desk.settings.local_owner)
    chosen = body.chosen()
    if chosen:
        check_chosen(desk.workspace, body.dataset, chosen)
    name = body.into or free_name(desk.workspace.store, f"{body.dataset[:50]}-augmented")
    into, project = into_of(desk, who, name, body.project or project)
    if into == body.dataset and read.plan.mode == "inplace":
        raise InputError("Copies in the places of their originals need a dataset of their own.", "Name another `into`.")
    return begun(desk, who, "augment", body.dataset, project, {"plan": plan, "into": into, "chosen": chosen})


@router.get("/augmentations")
def list_augmentations(desk: DeskOf, who: Who, listed: Listed) -> JobPage:
    """The jobs that make copies, the newest first."""
    wanted = WantedJobs(listed.dataset, "augment", None, projects_of(who, listed.project))
    return job_page(desk, wanted, listed.cursor, listed.limit)
