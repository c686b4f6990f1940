"""Checks of a recipe applied to copies, by the models they ask: a run of its own for each list of copies.

So an answer of a judge is kept, and is not paid for again when the same command is given once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import RunFailed
from seedbed.core.fields import FieldError
from seedbed.core.stored import Selection
from seedbed.formats.jsonl import JsonlFormat
from seedbed.recipe.document import Recipe

from ..loop import run_blocking
from ..options import Options
from ..runs import generate
from ..stages import Stage

if TYPE_CHECKING:
    from seedbed.augmentation.plan import Plan
    from seedbed.core.record import Record
    from seedbed.engine.generate import Generation

    from ..stages import Watch
    from ..workspace import Workspace

COPY = "copy_number"


class Approval:
    """Says which copies pass the checks of a plan.

    Args:
        workspace: where the runs are kept, and connections are known.
        plan: with the checks and the model they ask.
        columns: those of the data, the changed ones first.
        watch: hears how many copies are checked.

    Raises:
        FieldError: a check or the model is wrong.
    """

    def __init__(self, workspace: Workspace, plan: Plan, columns: Sequence[str], watch: Watch) -> None:
        self._workspace = workspace
        self._watch = watch
        self._columns = [name for name in columns if name != "spans"]
        kinds = [check.get("kind") if isinstance(check, Mapping) else check for check in plan.checks]
        # A refusal among the texts is a text like any other, unless the plan looks for them.
        own = [] if "refusal" in kinds else [{"kind": "refusal", "mode": "score"}]
        self._checks: Mapping[str, Any] = {"checks": [*plan.checks, *own], "model": plan.model or "scripted"}
        if any(getattr(check, "asks", False) for check in self._recipe("copies").checks) and not plan.model:
            raise FieldError(("model",), "is missing: a check asks one", "For example: model: openai:gpt-4o-mini")

    def __call__(self, copies: Sequence[Record]) -> list[bool]:
        """For each copy whether it stays.

        Raises:
            RunFailed: the model did not answer; what it did answer is kept.
        """
        if not copies:
            return []
        with TemporaryDirectory(prefix="seedbed-") as folder:
            file = Path(folder, "copies.jsonl")
            JsonlFormat().write(map(_numbered, copies, range(len(copies))), str(file), [*self._columns, COPY, "spans"])
            recipe = self._recipe(blake2b(file.read_bytes(), digest_size=6).hexdigest())
            result = run_blocking(generate(self._workspace, recipe, Options(Path(folder), watch=self._told)))
        if result.state not in ("complete", "shortfall"):
            hint = result.hint or "Give the same command again: what was answered is kept."
            raise RunFailed(result.message or f"The checks of the copies were {result.state}.", hint)
        passed = {record.values[COPY] for record in self._workspace.store.records(Selection(run=result.run))}
        return [number in passed for number in range(len(copies))]

    def _told(self, generation: Generation) -> None:
        accounts = generation.desk.accounts
        self._watch(Stage("Checking copies", accounts.attempts, accounts.asked, "copies"))

    def _recipe(self, name: str) -> Recipe:
        main, *others = self._columns
        return Recipe.of(
            {
                "name": f"augmented-{name}",
                "generator": {"kind": "rows", "inputs": "copies.jsonl", "column": main, "keep": [*others, COPY]},
                "stop_rules": {"attempts_per_record": 1},
                **self._checks,
            }
        )


def _numbered(copy: Record, number: int) -> Record:
    return replace(copy, values={**copy.values, COPY: number})
