"""Which models may be named by whom: those of connections that a project may use, and nothing of the server's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.connection import split_model
from seedbed.core.errors import InputError
from seedbed.core.fields import FieldError

from ...connections import reach
from ..addresses import check_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...workspace import Workspace

FOREIGN = ("spacy", "hf", "python")
"""What a model's name begins with that is a program or file of the server."""


def check_model(workspace: Workspace, model: str, project: str, *, alone: bool) -> None:
    """Whether a project may ask a model; `alone` is a server that only the person at its machine uses.

    Raises:
        InputError: there is none of that name for it, or it is at an address that this server does not ask.
    """
    if model.partition(":")[0] in FOREIGN or ".py" in model:
        raise InputError(f"`{model[:80]}` is no model of a connection.", "Write CONNECTION:MODEL, or embedded.")
    connection = split_model(model)[0]
    places = workspace.store.serving.projects_of("connection", connection)
    if places and project not in places:
        raise InputError(
            f"There is no connection `{connection[:80]}` for the project {project}.",
            "Take one that the project may use, or have an admin open this one to it.",
        )
    access = reach(workspace, model)[connection]
    try:
        check_allowed(workspace.store, access.connection, alone=alone)
    except FieldError as error:
        raise InputError(f"The model `{model[:80]}` may not be asked: {error.problem}.", error.hint) from error


def check_models(workspace: Workspace, plan: Mapping[str, Any], project: str, *, alone: bool) -> None:
    """Whether a project may ask the models that a plan and its checks name, and read what they read.

    Raises:
        InputError: it may not.
    """
    checks = plan.get("checks") or []
    for name, value in _fields({"model": plan.get("model"), "checks": checks}):
        if name == "model" and isinstance(value, str) and value != "embedded":
            check_model(workspace, value, project, alone=alone)
        if name == "against" and value:
            raise FieldError(("checks",), "`against` names files of the server, which are not read from here")


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    """All fields there are in a value, however deep."""
    if isinstance(value, dict):
        yield from value.items()
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _fields(one)
