"""A recipe tried before it is run: a few attempts in full, and what the whole will take."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import RunFailed, SeedbedError, StoreFailed

from ..estimate import estimate as estimate_recipe
from .drafts import check_use

if TYPE_CHECKING:
    from ..preview import Shown
    from ..workspace import Workspace
    from .drafts import Draft
    from .people import Person
    from .runner import Runner

PREVIEW_SECONDS = 120.0


class TooSlow(SeedbedError):
    """A model did not answer in the time there was."""


class Unanswered(SeedbedError):
    """A model was asked and failed: nothing is wrong with the recipe."""


async def preview(runner: Runner, draft: Draft, n: int, show: Shown = lambda _: None) -> list[dict[str, Any]]:
    """Makes `n` attempts with the connections that the runs use, too, and shows each when it has ended, in any thread;
    cancelling it ends the calls.

    Raises:
        TooSlow: it took more than two minutes.
        Unanswered: the model does not answer.
        InputError: what the recipe names is not there.
    """
    asked = runner.preview(draft.whole().document(), str(draft.folder), n, show)
    try:
        return await asyncio.wait_for(asyncio.wrap_future(asked), PREVIEW_SECONDS)
    except TimeoutError as error:
        raise TooSlow(
            f"The preview took more than {PREVIEW_SECONDS:.0f} seconds.",
            "Ask for fewer attempts, or see whether the model answers: check its connection.",
        ) from error
    except StoreFailed:
        raise
    except RunFailed as error:
        raise Unanswered(error.message, error.hint) from error


def usable(workspace: Workspace, draft: Draft, person: Person, project: str) -> Draft:
    """The draft, if it can be run there.

    Raises:
        WrongRecipe: it cannot.
    """
    check_use(workspace, draft, person, project)
    draft.whole()
    return draft


def estimate(workspace: Workspace, draft: Draft) -> dict[str, Any]:
    """What the recipe will take; blocks.

    Raises:
        InputError: what it names is not there.
    """
    return estimate_recipe(workspace, draft.whole(), draft.folder)
