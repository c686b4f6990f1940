"""Where a robustness test writes: its plan, its failures, its texts; seen to before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.places.paths import path_of

from ..output import OUT_OF_THE_WAY, Output, check_apart
from ..recipes import write_recipe
from .robustness import CASE_COLUMNS, FAILURE_COLUMNS, plan_text

if TYPE_CHECKING:
    from .robustness import Tested, Trial

PLAN, REPORT, CASES = "--output", "--report", "--write-cases"


@dataclass(frozen=True, slots=True)
class Targets:
    """Files by the options that name them."""

    paths: Mapping[str, Path | None]
    force: bool

    def check(self, inputs: Iterable[Path | None]) -> None:
        """Whether all can be written.

        Raises:
            InputError: one is there already, is an input or named twice, or its folder or format is not there.
        """
        check_apart(self.paths, inputs)
        for option, path in self.paths.items():
            if path and option == PLAN:
                _check_plan(path, force=self.force)
            elif path:
                self._output(path).check()

    def write(self, tested: Tested, model: str) -> dict[str, Any]:
        """Writes the plan and the failures; answers where they are, None for what there was not to write.

        Raises:
            InputError: a file cannot be written.
        """
        plan, report = self.paths[PLAN], self.paths[REPORT]
        if report:
            self._output(report).put(tested.failures, FAILURE_COLUMNS, force=self.force)
        if plan and tested.plan:
            write_recipe(plan, plan_text(tested, model), force=self.force)
        return {"plan": str(plan) if plan and tested.plan else None, "report": str(report) if report else None}

    def write_cases(self, trial: Trial) -> int:
        """Writes the texts that a model is to be asked about; answers how many there are.

        Raises:
            InputError: the file cannot be written.
        """
        path = self.paths[CASES]
        assert path is not None
        return self._output(path).put(trial.rows(), CASE_COLUMNS, force=self.force)

    def _output(self, path: Path) -> Output:
        return Output(path_of(path).absolute(), self.force)


def _check_plan(path: Path, *, force: bool) -> None:
    if not path.absolute().parent.is_dir():
        raise InputError(f"The folder {path.absolute().parent} of the plan does not exist.", "Make it first.")
    if path.is_dir():
        raise InputError(f"The plan {path} is a folder.", "Name a file, such as plan.yaml.")
    if path.exists() and not force:
        raise InputError(f"The file {path} exists.", OUT_OF_THE_WAY)
