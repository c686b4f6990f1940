"""Who wins when every two of several answers were compared."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple


class Vote(NamedTuple):
    """One comparison of two answers by their numbers: the order they were read in, the mark each got, and why."""

    first: int
    second: int
    first_mark: float
    second_mark: float
    reason: str = ""


class Decision(NamedTuple):
    """The best answer, the worst of those it beat, and by how many marks it leads that one on average."""

    best: int
    worst: int
    lead: float


def decide(votes: Sequence[Vote], n: int) -> Decision | None:
    """The outcome of the votes on `n` answers; None without a clear winner.

    An answer beats another if its mark is higher in every vote on the two: if they disagree it is a tie. The best has
    most wins, among equals the highest mean mark; if that is equal too, or nobody beat anybody, nobody has won.
    """
    leads = _leads(votes)
    marks: dict[int, list[float]] = {i: [] for i in range(n)}
    for vote in votes:
        marks[vote.first].append(vote.first_mark)
        marks[vote.second].append(vote.second_mark)
    wins = [sum((i, other) in leads for other in range(n)) for i in range(n)]
    ranks = {i: (wins[i], fmean(marks[i])) for i in range(n)}
    best, second = sorted(ranks, key=lambda i: ranks[i], reverse=True)[:2]
    if ranks[best] == ranks[second] or not wins[best]:
        return None
    beaten = [other for other in range(n) if (best, other) in leads]
    worst = min(beaten, key=lambda i: ranks[i])
    return Decision(best, worst, leads[best, worst])


def _leads(votes: Sequence[Vote]) -> dict[tuple[int, int], float]:
    """(winner, loser) → the mean difference of their marks."""
    differences: dict[tuple[int, int], list[float]] = {}
    for vote in votes:
        difference = vote.first_mark - vote.second_mark
        differences.setdefault((vote.first, vote.second), []).append(difference)
        differences.setdefault((vote.second, vote.first), []).append(-difference)
    return {pair: fmean(found) for pair, found in differences.items() if min(found) > 0}
