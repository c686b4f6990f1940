"""Checks applied to a dataset: what stays, what goes and why, and the figures of each check."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import compress
from statistics import fmean
from typing import TYPE_CHECKING, Any

from seedbed.checks.duplicates import Duplicate
from seedbed.checks.text import Refusal
from seedbed.core.errors import InputError
from seedbed.reports.table import share

from .checked import check_all
from .convert import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seedbed.core.part import Check
    from seedbed.core.record import Record

    from ..drive import Drive
    from ..existing import Source
    from ..output import Output
    from ..workspace import Workspace
    from .checked import Checked, Exam

SHOWN = 10
"""So many reasons of a check are told, the commonest first."""


@dataclass(slots=True)
class Checking:
    """A dataset whose records are checked; `checked` is there after `run`.

    Raises:
        InputError: it has no records.
    """

    source: Source
    columns: list[str] = field(init=False)
    _checked: Checked | None = None

    def __post_init__(self) -> None:
        self.columns = columns_of(self.source())
        if not self.columns:
            raise InputError("There are no records to check.")

    def run(self, place: Workspace, exam: Exam, drive: Drive) -> Checked:
        """Applies the checks.

        Raises:
            InputError: they cannot be applied; nothing was asked.
        """
        self._checked = check_all(place, exam, self.source(), self.columns, drive)
        return self._checked

    @property
    def checked(self) -> Checked:
        """What came of it."""
        assert self._checked is not None
        return self._checked

    def kept(self) -> Iterator[Record]:
        """The records that stay, in their order, with the tags of the checks and what these found in their origin."""
        found = self.checked
        for number, record in compress(enumerate(self.source()), found.passed):
            mark = found.marks.get(number)
            if mark is None:
                yield record
                continue
            tags = tuple(dict.fromkeys((*record.tags, *mark.tags)))
            checks = {**record.origin.get("checks", {}), **mark.findings}
            yield replace(record, tags=tags, origin={**record.origin, "checks": checks})

    def rejected(self) -> Iterator[Record]:
        """The records that were rejected, with the reason, and those that got no verdict."""
        found = self.checked
        reason, detail = self.reasons()
        for number, record in enumerate(self.source()):
            if not found.passed[number]:
                why = found.rejected.get(number)
                said = {reason: why.reason, detail: why.detail} if why else {reason: "unchecked", detail: ""}
                yield replace(record, values={**record.values, **said})

    def reasons(self) -> list[str]:
        """The columns of the reason and of its details; a column of the data of that name stays what it is."""
        return [f"rejected_{name}" if name in self.columns else name for name in ("reason", "detail")]

    def figures(self) -> dict[str, Any]:
        """What became of the records, in all and by check."""
        found = self.checked
        run = found.result.figures
        return {
            "state": "complete" if found.ended and not found.unchecked else found.result.state,
            "records": len(found.passed),
            "kept": sum(found.passed),
            "rejected": len(found.rejected),
            "flagged": sum(bool(mark.tags) for number, mark in found.marks.items() if found.passed[number]),
            "unchecked": found.unchecked,
            "checks": by_check(found),
            "run": found.result.run,
            **{name: run[name] for name in ("calls", "tokens", "cost", "seconds")},
            **({"message": found.result.message} if found.result.message else {}),
        }


def by_check(found: Checked) -> dict[str, dict[str, Any]]:
    """The figures of each check, in the order in which they decide: a record that one rejects is seen by no later one.

    `passed`, `rejected` and `flagged` count records, `reasons` are the commonest ones of the rejected; `score` is the
    mean of the scores, where it gives any.
    """
    kinds = [*dict.fromkeys(check.kind for check in in_order(found.checks) if not _off(check))]
    of = dict(zip(found.rejected, (_kind(why.reason, kinds) for why in found.rejected.values()), strict=True))
    rejected = Counter(of.values())
    flagged = Counter(tag for mark in found.marks.values() for tag in mark.tags)
    left = len(found.passed) - found.unchecked
    figures = {}
    for kind in dict.fromkeys((*kinds, *rejected)):
        reasons = Counter(why.detail for number, why in found.rejected.items() if of[number] == kind)
        scores = [score for mark in found.marks.values() if isinstance(score := mark.findings.get(kind), int | float)]
        figures[kind] = {
            "passed": left - rejected[kind] - flagged[kind],
            "rejected": rejected[kind],
            "flagged": flagged[kind],
            "share": share(rejected[kind] + flagged[kind], left),
            **({"score": round(fmean(scores), 4), "scored": len(scores)} if scores else {}),
            "reasons": dict(reasons.most_common(SHOWN)),
        }
        left -= rejected[kind]
    return figures


def in_order(checks: Sequence[Any]) -> list[Any]:
    """The checks in the order they decide: plain ones, comparisons, those that ask a model."""
    return sorted(checks, key=lambda one: 2 if one.asks else int(isinstance(one, Duplicate)))


def _off(check: Check) -> bool:
    """Whether it is one that is turned off."""
    return isinstance(check, Refusal) and check.patterns == ()


def _kind(reason: str, kinds: Sequence[str]) -> str:
    """Which check gave this reason: most call it by their own name, one of the user's own need not."""
    return kinds[0] if reason not in kinds and len(kinds) == 1 else reason


def check(checking: Checking, output: Output, rejected: Output | None) -> dict[str, Any]:
    """Writes what stays, and what goes to a file of its own if there is one, and answers the figures.

    Nothing is written where the run of the checks was stopped before it had tried every record.

    Raises:
        InputError: an output cannot be written.
    """
    figures = checking.figures()
    if not checking.checked.ended:
        return figures
    output.put(checking.kept(), checking.columns, force=output.force)
    if rejected:
        columns = [*checking.columns, *checking.reasons()]
        rejected.put(checking.rejected(), columns, force=rejected.force)
    return figures
