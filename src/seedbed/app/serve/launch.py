"""Runs that are started over the network: found or made, once for every key, and driven by the service."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.serving import DEFAULT

from ..build import means_of
from ..existing import read_existing
from ..options import Options
from ..own_run import SERVED, create, find, is_complete
from .belonging import project_of
from .drafts import check_use
from .people import visible
from .projects import find as find_project
from .projects import put_into

if TYPE_CHECKING:
    from seedbed.core.stored import StoredRun
    from seedbed.recipe.document import Recipe

    from ..existing import Existing
    from ..workspace import Workspace
    from .drafts import Draft
    from .people import Person
    from .runner import Runner

KEYS = "keys"
"""In the options of a run: the keys it was asked for with → what was asked with each."""


class KeyUsed(InputError):
    """The key of a request was used for another one."""

    usual = "Send a key that was not used before."


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants a run, where, and how: `new` though there is an unfinished one, worked on by an `executor` and so many
    `workers`. The `key` says that a request is the same as an earlier one; `body` is what came with it."""

    person: Person
    project: str = DEFAULT
    new: bool = False
    key: str = ""
    body: bytes = b""
    executor: str | None = None
    workers: int | None = None

    @property
    def name(self) -> str:
        """What the key is known by; the same word of two people is two keys."""
        return _digest(f"{self.person.name}\n{self.key}".encode()) if self.key else ""

    @property
    def content(self) -> str:
        """What tells two requests apart."""
        return _digest(self.body)


def asked_before(workspace: Workspace, wish: Wish) -> StoredRun | None:
    """The run that was started with the same key.

    Raises:
        KeyUsed: something else was asked for with it.
    """
    run = workspace.store.watching.with_option(KEYS, wish.name) if wish.key else None
    stored = workspace.store.run(run) if run else None
    if stored is not None and stored.options[KEYS][wish.name] != wish.content:
        raise KeyUsed("This Idempotency-Key was used for another request.", "Take a new key for each new wish.")
    return stored


def launch(workspace: Workspace, runner: Runner, draft: Draft, wish: Wish) -> StoredRun:
    """The run of a recipe: a new one, or the unfinished one that is gone on with.

    Raises:
        WrongRecipe: something is wrong with it.
        InputError: what it needs is not there, or it differs from its unfinished run.
        KeyUsed: its key was used for something else.
        NotFound: there is no such project.
        Forbidden: the person may not.
    """
    visible(wish.person, wish.project, f"There is no project `{wish.project}`.", "editor")
    find_project(workspace.store, wish.project)
    known = asked_before(workspace, wish)
    if known is not None:
        return known
    check_use(workspace, draft, wish.person, wish.project)
    recipe = draft.whole()
    means_of(workspace, recipe)
    where = runner.elsewhere.asked(wish.executor, wish.workers, batch=recipe.batch)
    existing = read_existing(workspace, recipe, draft.folder, None)
    with _alone(workspace, wish), workspace.store.naming(recipe.name):
        known = asked_before(workspace, wish)
        if known is not None:
            return known
        run = _found_or_made(workspace, draft, wish, existing, where)
    if not is_complete(run, recipe) and not workspace.store.is_claimed(run.id):
        runner.resume(run.id)
    return workspace.store.run(run.id) or run


def _alone(workspace: Workspace, wish: Wish) -> AbstractContextManager[None]:
    """Two requests with one key that come at once, to whichever server, are answered one after the other."""
    # No recipe has such a name. A few names for all keys: each may leave a file.
    return workspace.store.naming(f"+key-{wish.name[:2]}") if wish.key else nullcontext()


def _found_or_made(
    workspace: Workspace, draft: Draft, wish: Wish, existing: Existing, where: dict[str, Any]
) -> StoredRun:
    recipe = draft.whole()
    options = Options(draft.folder, new=wish.new, served=True, **where)
    run = _unfinished(workspace, recipe, options)
    if run is None:
        _check_place(workspace, draft, wish)
        run = create(workspace, recipe, options, existing)
        if not recipe.into:
            put_into(workspace.store, "dataset", run.dataset, wish.project)
    else:
        wish.person.needs("editor", project_of(workspace, run.dataset))
    more: dict[str, Any] = {}
    if wish.key:
        more = {KEYS: {**run.options.get(KEYS, {}), wish.name: wish.content}, SERVED: True}
    if wish.executor or wish.workers:  # else a run that is gone on with stays where it was
        more |= where
    if more:
        workspace.store.update_run(run.id, options={**run.options, **more})
    return run


def _unfinished(workspace: Workspace, recipe: Recipe, options: Options) -> StoredRun | None:
    """The run to go on with.

    Raises:
        InputError: it is not finished, and the recipe is another one now.
    """
    try:
        return find(workspace, recipe, options)
    except InputError as error:
        raise InputError(error.message, "Start afresh with `new`, or go on with that run as it was.") from error


def _check_place(workspace: Workspace, draft: Draft, wish: Wish) -> None:
    """Whether the person may add to the dataset that the recipe names; a new one is put into the project."""
    into = draft.whole().into
    if into is None or "." in into.dataset:
        return
    if workspace.store.runs(dataset=into.dataset):
        wish.person.needs("editor", project_of(workspace, into.dataset))
    else:
        put_into(workspace.store, "dataset", into.dataset, wish.project)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
