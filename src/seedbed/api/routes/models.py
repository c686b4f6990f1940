"""Providers, and models that may be asked."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from seedbed.app.offers import model_offers, offers
from seedbed.core.connection import Connection

from ..bodies import Known
from ..desk import DeskOf, Who
from ..paging import Cursor, Limit, page

router = APIRouter(tags=["models"])


class ProviderItem(Known):
    """A provider: `key` and `address` say whether it needs one; `schema` is that of a connection; `models` are
    examples."""

    model_config = ConfigDict(serialize_by_alias=True)

    name: str
    title: str
    key: bool
    key_env: str
    address: bool
    default_address: str
    settings: Annotated[dict[str, Any], Field(alias="schema")]
    models: list[str]
    local: bool


class Providers(BaseModel):
    """All of them."""

    items: list[ProviderItem]
    next: str | None


class ModelItem(Known):
    """What `model:` in a recipe may be; `ready` says that the key or file it needs is there, `size` is in bytes."""

    known_by = "model"

    model: str
    connection: str
    title: str
    local: bool
    ready: bool
    size: int | None


class Models(BaseModel):
    """A page of them."""

    items: list[ModelItem]
    next: str | None


@router.get("/providers")
def get_providers(_: Who, cursor: Cursor = "", limit: Limit = 50) -> Providers:
    """Every provider, with the JSON Schema of what a connection to it may say."""
    schema = Connection.model_json_schema()
    found = [
        {
            "name": one.name,
            "title": one.title,
            "key": one.key,
            "key_env": one.key_env,
            "address": one.address,
            "default_address": one.default_address,
            "schema": schema,
            "models": list(one.models),
            "local": one.local,
        }
        for one in offers()
    ]
    return Providers(**page(found, cursor, limit))


@router.get("/models")
def get_models(desk: DeskOf, person: Who, project: str = "", cursor: Cursor = "", limit: Limit = 200) -> Models:
    """The models that are known: what `model:` in a recipe may be."""
    places = desk.workspace.store.serving.places("connection")
    found = [
        ModelItem(
            model=one.model,
            connection=one.connection,
            title=one.title,
            local=one.local,
            ready=one.ready,
            size=one.size,
        )
        for one in model_offers(desk.workspace)
        if person.sees_any(places.get(one.connection, ()))
        and project in ("", *(places.get(one.connection) or [project]))
    ]
    return Models(**page(found, cursor, limit))
