"""What there is to choose from."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from seedbed.app.serve import catalogue
from seedbed.app.serve.catalogue import schema

from ..bodies import Known
from ..paging import WHOLE, Cursor, Limit, page

router = APIRouter(tags=["catalogues"])


class PartItem(Known):
    """One kind of part; `settings` is the JSON Schema of its settings."""

    known_by = "kind"

    model_config = ConfigDict(populate_by_name=True)

    kind: str
    title: str
    summary: str
    group: str
    settings: dict[str, Any] = Field(alias="schema")


class GeneratorItem(PartItem):
    """A way of making records, with a whole recipe as an example."""

    needs: Literal["any", "stronger"]
    example: str


class Changed(BaseModel):
    """A sentence before and after."""

    before: str
    after: str


class TransformItem(PartItem):
    """A way of changing records, with an example; without languages it is for any."""

    example: Changed
    languages: list[str] | None


class FormatItem(Known):
    """A file format; a `flat` one holds one layer of spans, see `overlaps` of exports."""

    name: str
    title: str
    extensions: list[str]
    reads: bool
    writes: bool
    flat: bool


class Generators(BaseModel):
    """A page of the generators."""

    items: list[GeneratorItem]
    next: str | None


class Checks(BaseModel):
    """A page of the checks."""

    items: list[PartItem]
    next: str | None


class Transforms(BaseModel):
    """A page of the transforms."""

    items: list[TransformItem]
    next: str | None


class Formats(BaseModel):
    """A page of the file formats."""

    items: list[FormatItem]
    next: str | None


@router.get("/generators")
def list_generators(cursor: Cursor = "", limit: Limit = WHOLE) -> Generators:
    """Ways of making records."""
    return Generators.model_validate(page(catalogue.generator_rows(), cursor, limit))


@router.get("/checks")
def list_checks(cursor: Cursor = "", limit: Limit = WHOLE) -> Checks:
    """What records can be checked for."""
    return Checks.model_validate(page(catalogue.check_rows(), cursor, limit))


@router.get("/transforms")
def list_transforms(cursor: Cursor = "", limit: Limit = WHOLE) -> Transforms:
    """Ways of changing records."""
    return Transforms.model_validate(page(catalogue.transform_rows(), cursor, limit))


@router.get("/formats")
def list_formats(cursor: Cursor = "", limit: Limit = WHOLE) -> Formats:
    """File formats."""
    return Formats.model_validate(page(catalogue.format_rows(), cursor, limit))


@router.get("/recipe-schema")
def recipe_schema() -> dict[str, Any]:
    """The JSON Schema of a recipe, for editors."""
    return schema.recipe_schema()
