"""A few attempts shown in full: prompts, raw answers, parsed records, verdicts. Nothing is saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import RunFailed
from seedbed.core.run import Accounts

from .build import Start, assemble, means_of, novelty_of, pool_of, steering_of
from .existing import read_existing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seedbed.core.attempt import Answered, Finished
    from seedbed.core.ports import SlotRow
    from seedbed.core.quota import Quota
    from seedbed.recipe.document import Recipe

    from .models import Lend
    from .workspace import Workspace


Shown = Callable[[dict[str, Any]], object]
"""Is shown each attempt of a preview as soon as it has ended."""


@dataclass(frozen=True, slots=True)
class Look:
    """How many attempts are wanted, who hears what is waited for, and who is shown each."""

    n: int
    say: Callable[[str], None] = lambda _: None
    show: Shown = lambda _: None


@dataclass(slots=True)
class Notebook:
    """A `Journal` that keeps what happened in memory, and shows it."""

    show: Shown

    answered: dict[int, list[Answered]] = field(default_factory=dict)
    ended: list[tuple[Finished, Sequence[SlotRow]]] = field(default_factory=list)
    backlog: int = 0
    wish: str = ""

    def call(self, answered: Answered) -> None:
        """See `Journal.call`."""
        self.answered.setdefault(answered.attempt.number, []).append(answered)

    def slots(self, finished: Finished, rows: Sequence[SlotRow]) -> None:
        """See `Journal.slots`."""
        self.ended.append((finished, rows))
        self.show(_shown(finished, rows, self))

    def progress(self, figures: dict[str, Any]) -> None:
        """See `Journal.progress`."""

    async def flush(self) -> None:
        """See `Journal.flush`."""

    def close(self) -> None:
        """See `Journal.close`."""


async def preview(
    workspace: Workspace,
    recipe: Recipe,
    folder: Path,
    look: Look,
    lend: Lend | None = None,
) -> list[dict[str, Any]]:
    """Makes some attempts, each at another cell as far as there are, and answers all there is to see of them; each is
    shown as soon as it has ended, too. They are compared by meaning with each other, not with what is known: that might
    have to be paid for.

    Raises:
        RunFailed: the model does not answer.
    """
    recipe = recipe.model_copy(update={"batch": False})  # who looks on does not want to wait
    means = means_of(workspace, recipe, None, lend)
    means.door.hurry()
    existing = await asyncio.to_thread(read_existing, workspace, recipe, folder, None)
    await means.door.prepare(look.say)
    quota = _spread(recipe.quota(existing.inputs), look.n)
    novelty, notebook = novelty_of(recipe, existing), Notebook(look.show)
    pool = pool_of(recipe, existing)
    start = Start("preview", quota, Accounts.of(quota), steering_of(recipe, quota), novelty, pool=pool)
    generation = assemble(recipe, start, means, notebook)
    generation.most_attempts = look.n
    ending = await generation.run()
    if ending.state == "failed":
        raise RunFailed(ending.message, ending.hint)
    return [_shown(finished, rows, notebook) for finished, rows in notebook.ended]


def _spread(quota: Quota, n: int) -> Quota:
    """The same target, but `n` records over as many different cells as there are."""
    step = max(1, len(quota.cells) // n)
    quota.cells = [cell for cell in quota.cells if cell.wanted][::step][:n]
    share, extra = divmod(n, len(quota.cells))
    for i, cell in enumerate(quota.cells):
        cell.wanted = share + (i < extra)
    return quota


def _shown(finished: Finished, rows: Sequence[SlotRow], notebook: Notebook) -> dict[str, Any]:
    attempt = finished.attempt
    return {
        "cell": attempt.cell,
        "model": finished.model,
        "calls": [_call(answered) for answered in notebook.answered.get(attempt.number, [])],
        "records": [
            {
                "state": row.state,
                "reason": row.reason,
                "detail": row.detail,
                "values": row.record.values if row.record else {},
            }
            for row in rows
        ],
        "error": finished.error.message if finished.error else "",
    }


def _call(answered: Answered) -> dict[str, Any]:
    question = orjson.loads(answered.question)
    completion = answered.completion
    return {
        "prompt": question.get("messages") or [{"role": "raw completion", "content": question.get("prompt", "")}],
        "answer": completion.text if completion else "",
        "finish_reason": completion.finish_reason if completion else "no answer",
        "tokens": answered.input_tokens + answered.output_tokens,
        "model": answered.model,
        **({"redacted": answered.redacted} if answered.redacted else {}),
    }
