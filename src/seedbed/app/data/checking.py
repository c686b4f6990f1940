"""Checks applied to a dataset: what stays, what goes and why, and the figures of each check."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import TYPE_CHECKING, Any

from seedbed.checks.duplicates import Duplicate
from seedbed.checks.text import Refusal
from seedbed.core.errors import NoRecords
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
    from .checked import Checked, Exam, Mark
    from .checked import Refusal as Why

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
            raise NoRecords("There are no records to check.")

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
            yield marked(record, found.marks.get(number))

    def rejected(self) -> Iterator[Record]:
        """The records that were rejected, with the reason, and those that got no verdict."""
        found = self.checked
        names = self.reasons()
        for number, record in enumerate(self.source()):
            if not found.passed[number]:
                yield refused(record, found.rejected.get(number), names)

    def reasons(self) -> list[str]:
        """The columns of the reason and of its details; a column of the data of that name stays what it is."""
        return reason_columns(self.columns)

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


def marked(record: Record, mark: Mark | None) -> Record:
    """The record with what checks noted of it."""
    if mark is None:
        return record
    tags = tuple(dict.fromkeys((*record.tags, *mark.tags)))
    checks = {**record.origin.get("checks", {}), **mark.findings}
    return replace(record, tags=tags, origin={**record.origin, "checks": checks})


def refused(record: Record, why: Why | None, names: Sequence[str]) -> Record:
    """The record with the reason in columns of these names; none if it got no verdict."""
    said = (why.reason, why.detail) if why else ("unchecked", "")
    return replace(record, values={**record.values, **dict(zip(names, said, strict=True))})


def reason_columns(columns: Sequence[str]) -> list[str]:
    """What the columns of the reason and of its details are called beside these."""
    return [f"rejected_{name}" if name in columns else name for name in ("reason", "detail")]


@dataclass(slots=True)
class Counts:
    """What became of records by check, to be added up; `kinds` are the checks in the order in which they decide."""

    kinds: Sequence[str]
    checked: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    scores: dict[str, tuple[float, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, checks: Sequence[Any]) -> Counts:
        """Of no record yet."""
        return cls([*dict.fromkeys(check.kind for check in in_order(checks) if not _off(check))])

    def add(self, why: Why | None, mark: Mark | None) -> None:
        """One more record that got a verdict."""
        self.checked += 1
        if why:
            kind = _kind(why.reason, self.kinds)
            self.rejected[kind] += 1
            self.reasons.setdefault(kind, Counter())[why.detail] += 1
        if mark:
            self.flagged.update(mark.tags)
            for kind, score in mark.findings.items():
                if isinstance(score, int | float):
                    total, many = self.scores.get(kind, (0.0, 0))
                    self.scores[kind] = total + score, many + 1

    def take_in(self, other: Counts) -> None:
        """Further records."""
        self.checked += other.checked
        self.rejected.update(other.rejected)
        self.flagged.update(other.flagged)
        for kind, reasons in other.reasons.items():
            self.reasons.setdefault(kind, Counter()).update(reasons)
        for kind, (total, many) in other.scores.items():
            own, before = self.scores.get(kind, (0.0, 0))
            self.scores[kind] = own + total, before + many

    def figures(self) -> dict[str, dict[str, Any]]:
        """The figures of each check: a record that one rejects is seen by no later one.

        `passed`, `rejected` and `flagged` count records, `reasons` are the commonest ones of the rejected; `score` is
        the mean of the scores, where it gives any.
        """
        left, figures = self.checked, {}
        for kind in dict.fromkeys((*self.kinds, *self.rejected)):
            rejected, flagged = self.rejected[kind], self.flagged[kind]
            total, many = self.scores.get(kind, (0.0, 0))
            figures[kind] = {
                "passed": left - rejected - flagged,
                "rejected": rejected,
                "flagged": flagged,
                "share": share(rejected + flagged, left),
                **({"score": round(total / many, 4), "scored": many} if many else {}),
                "reasons": dict(self.reasons.get(kind, Counter()).most_common(SHOWN)),
            }
            left -= rejected
        return figures


def by_check(found: Checked) -> dict[str, dict[str, Any]]:
    """The figures of each check; see `Counts`."""
    counts = Counts.of(found.checks)
    for number, why in found.rejected.items():
        counts.add(why, found.marks.get(number))
    for number in compress(range(len(found.passed)), found.passed):
        counts.add(None, found.marks.get(number))
    return counts.figures()


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
