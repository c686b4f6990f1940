"""What makes two records the same, and the checks that look for more than that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seedbed.checks.duplicates import Duplicate, NearDuplicate
from seedbed.core.fields import FieldError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.fields import FieldPath
    from seedbed.core.part import Check, Generator


@dataclass(frozen=True, slots=True)
class Sameness:
    """By what the records of one step are compared, those of the whole recipe if `step` is empty.

    `checks` are its comparisons with the fields that name them. `near` says whether near duplicates are refused where
    no check says it, `labelled` whether the records have labels.
    """

    step: str
    part: Generator
    checks: Sequence[tuple[FieldPath, Duplicate]]
    near: bool
    labelled: bool

    @staticmethod
    def of(step: str, part: Generator, checks: Sequence[tuple[FieldPath, Check]], *, near: bool) -> Sameness:
        """That of a generator with its checks.

        Raises:
            FieldError: the same columns are compared twice in the same way.
        """
        found = [(path, check) for path, check in checks if isinstance(check, Duplicate)]
        labels = [*(axis.name for axis in part.quota_axes()), *getattr(part, "keep", ())]
        made = Sameness(step, part, found, near, "label" in labels)
        met = set()
        for path, check in found:
            compared = (check.kind, made.compared(check))
            if compared in met:
                problem = f"`{check.kind}` can be given only once for the same column"
                raise FieldError(path, problem, "Make one of the two, or name another `column`.")
            met.add(compared)
        return made

    def compared(self, check: Duplicate) -> tuple[str, ...]:
        """The columns that a check compares: its own, or those that make two records the same."""
        return (check.column,) if check.column else self.part.identity()

    def duplicates(self) -> NearDuplicate:
        """The settings of near-duplicate admission: by what makes two records the same."""
        near = (check for _, check in self.checks if isinstance(check, NearDuplicate))
        own = (check for check in near if self.compared(check) == self.part.identity())
        return next(own, NearDuplicate())
