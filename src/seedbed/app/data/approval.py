"""Checks of a plan applied to copies, by the models they ask: a run of its own for each list of copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from seedbed.core.errors import RunFailed

from ..drive import run_to_end
from ..options import Options
from ..stages import Stage
from .checked import Exam, check_all

if TYPE_CHECKING:
    from seedbed.augmentation.plan import Plan
    from seedbed.core.record import Record
    from seedbed.engine.generate import Generation

    from ..stages import Watch
    from ..workspace import Workspace


class Approval:
    """Says which copies pass the checks of a plan.

    Args:
        workspace: where the runs are kept, and connections are known.
        plan: with the checks and the model they ask.
        changed: the columns whose texts the plan changes.
        columns: those of the data.
        watch: hears how many copies are checked.

    Raises:
        FieldError: a check or the model is wrong.
    """

    def __init__(
        self, workspace: Workspace, plan: Plan, changed: Sequence[str], columns: Sequence[str], watch: Watch
    ) -> None:
        self._workspace = workspace
        self._watch = watch
        self._columns = columns
        fields = {"checks": list(plan.checks), **({"model": plan.model} if plan.model else {})}
        self._exam = Exam(fields, Options(watch=self._told), changed)
        self._exam.recipe("copies", "copies", columns)

    def __call__(self, copies: Sequence[Record]) -> list[bool]:
        """For each copy whether it stays.

        Raises:
            RunFailed: the model did not answer; what it did answer is kept.
        """
        if not copies:
            return []
        checked = check_all(self._workspace, self._exam, copies, self._columns, run_to_end)
        if not checked.ended:
            result = checked.result
            hint = result.hint or "Give the same command again: what was answered is kept."
            raise RunFailed(result.message or f"The checks of the copies were {result.state}.", hint)
        return list(map(bool, checked.passed))

    def _told(self, generation: Generation) -> None:
        accounts = generation.desk.accounts
        self._watch(Stage("Checking copies", accounts.attempts, accounts.asked, "copies"))
