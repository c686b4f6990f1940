"""Templates: prompts, and sentences with slots, every version of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from seedbed.app import templates
from seedbed.app.serve import projects
from seedbed.app.serve.people import Person, Role, visible
from seedbed.core.fields import FieldError

from ..bodies import Body, Known
from ..desk import Desk, DeskOf, IfMatch, Who, as_looked_at, etag, version_in
from ..paging import Cursor, Limit, page

if TYPE_CHECKING:
    from seedbed.core.stored import StoredTemplate

router = APIRouter(tags=["templates"])


class TemplateItem(Known):
    """One version of a template; `variables` are those it wants values for, or its slots."""

    name: str
    version: int
    type: str
    document: dict[str, Any]
    project: str
    created: str
    variables: list[str]


class TemplateVersion(TemplateItem):
    """A version among those of its template: the `id` is its number."""

    known_by = "version"


class Templates(BaseModel):
    """A page of them."""

    items: list[TemplateItem]
    next: str | None


class TemplateVersions(BaseModel):
    """A page of the versions of one."""

    items: list[TemplateVersion]
    next: str | None


class NewTemplate(Body):
    """A template to save."""

    name: str
    document: dict[str, Any]
    project: str = "default"


class TemplateChange(Body):
    """The document of the next version."""

    document: dict[str, Any]


class TemplateTrial(Body):
    """A template and values for its variables or slots."""

    document: dict[str, Any]
    values: dict[str, Any] = {}


class Tried(BaseModel):
    """The texts with the values put in, and the variables the template wants values for."""

    texts: list[str]
    variables: list[str]


@router.get("/templates")
def get_templates(
    desk: DeskOf,
    person: Who,
    project: str = "",
    kind: Annotated[str, Query(alias="type", description="text, qa, …; `slots` for sentences with slots.")] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Templates:
    """The latest version of each template."""
    store = desk.workspace.store
    latest = {one.name: one for one in reversed(store.templates())}
    seen = projects.seen(store, person, "template", latest, project)
    found = [_item(latest[name], place) for name, place in seen.items() if kind in ("", _type(latest[name]))]
    return Templates(**page(sorted(found, key=lambda one: one.name), cursor, limit))


@router.post("/templates", status_code=201)
def add_template(desk: DeskOf, person: Who, body: NewTemplate, response: Response) -> TemplateItem:
    """Saves a template; for editors."""
    store = desk.workspace.store
    visible(person, body.project, f"There is no project `{body.project}`.", "editor")
    projects.find(store, body.project)
    made = templates.put(desk.workspace, body.name, body.document, new=True)
    projects.put_into(store, "template", made.name, body.project)
    desk.note(person, "template saved", made.name)
    response.headers["ETag"] = etag(made.version)
    return _item(made, body.project)


@router.post("/templates/try")
def try_template(_: Who, body: TemplateTrial) -> Tried:
    """A template with values put in, without asking a model."""
    return Tried(texts=templates.tried(body.document, body.values), variables=templates.wanted_variables(body.document))


@router.get("/templates/{name}")
def get_template(desk: DeskOf, person: Who, name: str, response: Response, version: int | None = None) -> TemplateItem:
    """A template, the latest version of it if none is named."""
    project = _seen(desk, person, name)
    found = templates.find(desk.workspace, name if version is None else f"{name}@{version}")
    response.headers["ETag"] = etag(found.version)
    return _item(found, project)


@router.patch("/templates/{name}")
def change_template(
    desk: DeskOf, person: Who, name: str, body: TemplateChange, response: Response, if_match: IfMatch = None
) -> TemplateItem:
    """Saves the next version; for editors."""
    project, version = _seen(desk, person, name, "editor"), version_in(if_match)
    templates.find(desk.workspace, name)
    with as_looked_at(body.model_dump(), lambda: _item(templates.find(desk.workspace, name), project).model_dump()):
        made = templates.put(desk.workspace, name, body.document, after=version)
    desk.note(person, "template changed", name, f"version {made.version}")
    response.headers["ETag"] = etag(made.version)
    return _item(made, project)


@router.delete("/templates/{name}", status_code=204)
def remove_template(desk: DeskOf, person: Who, name: str, if_match: IfMatch = None) -> None:
    """Forgets a template with all its versions; for editors."""
    project, version = _seen(desk, person, name, "editor"), version_in(if_match)
    with as_looked_at({}, lambda: _item(templates.find(desk.workspace, name), project).model_dump()):
        templates.remove(desk.workspace, name, version)
    desk.note(person, "template removed", name)


@router.get("/templates/{name}/versions")
def get_versions(desk: DeskOf, person: Who, name: str, cursor: Cursor = "", limit: Limit = 50) -> TemplateVersions:
    """Every version of a template, the latest first."""
    project = _seen(desk, person, name)
    templates.find(desk.workspace, name)
    found = [TemplateVersion(**_item(one, project).model_dump()) for one in desk.workspace.store.templates(name)]
    return TemplateVersions(**page(found, cursor, limit))


def _seen(desk: Desk, person: Person, name: str, role: Role = "reviewer") -> str:
    """The project of a template that the person may have to do with."""
    if "@" in name:
        raise FieldError(("name",), "names a version; say ?version= for one")
    project = projects.project_of(desk.workspace.store, "template", name)
    visible(person, project, f"There is no template `{name}`.", role)
    return project


def _type(template: StoredTemplate) -> str:
    return str(template.document.get("type") or "custom")


def _item(template: StoredTemplate, project: str) -> TemplateItem:
    return TemplateItem(
        name=template.name,
        version=template.version,
        type=_type(template),
        document=template.document,
        project=project,
        created=template.created,
        variables=templates.wanted_variables(template.document),
    )
