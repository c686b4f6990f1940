"""Which cell is asked next, through runs of chance: what is promised holds at every step."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.engine.plan import CellPlan, Plan, StopRules

calm = settings(deadline=None, max_examples=100)

RATES = [0.0, 0.05, 0.3, 0.8, 1.0]


@dataclass
class World:
    """A run as the engine drives one: so many attempts at once, and a model that fails as often as it likes."""

    cells: list[tuple[int, int]]
    rules: StopRules
    rates: list[float]
    rng: Random
    stay: int = 1
    concurrency: int = 1
    items: int = 1
    returns: float = 0.0
    asked: list[tuple[int, int]] = field(default_factory=list)
    flying: list[tuple[int, int]] = field(default_factory=list)
    streaks: list[int] = field(default_factory=list)
    tries: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plan = Plan(self.cells, self.rules, self.stay)
        self.streaks = [0] * len(self.cells)
        self.tries = [0] * len(self.cells)

    def run(self) -> None:
        """Asks as long as the plan says so, ends attempts in any order, and checks each step."""
        while True:
            while len(self.flying) < self.concurrency:
                before = [replica(cell) for cell in self.plan.cells]
                found = self.plan.next(self.items)
                if isinstance(found, str):
                    break
                self.check_asked(found, before)
                self.flying.append(found)
                self.asked.append(found)
            else:
                found = ("busy", 0)
            if found == "done":
                assert not self.flying
                return
            assert self.flying, "the plan waits for nothing"
            self.end(*self.flying.pop(self.rng.randrange(len(self.flying))))

    def end(self, index: int, n: int) -> None:
        if self.rng.random() < self.returns:
            self.plan.returned(index, n)
            return
        for _ in range(n):
            full = self.plan.full(index)
            accepted = self.rng.random() < self.rates[index]
            state = "surplus" if full else "accepted" if accepted else self.rng.choice(["rejected", "failed"])
            self.plan.ended(index, state, duplicate=state == "rejected")
            self.tries[index] += 1
            if state != "surplus":
                self.streaks[index] = 0 if state == "accepted" else self.streaks[index] + 1
            self.check_rules(index)

    def check_asked(self, found: tuple[int, int], before: list[CellPlan]) -> None:
        index, n = found
        cell = before[index]
        assert 1 <= n <= self.items
        assert not cell.stopped
        assert lack(cell) > 0, "nothing is missing there"
        assert self.plan.cells[index].in_flight == cell.in_flight + n
        if self.stay == 1:
            assert fill(cell) <= min(fill(other) for other in before if asks(other, self.rules)) + 1e-9
        assert cell.in_flight < self.rules.fruitless + cell.wanted
        assert self.tries[index] + cell.in_flight < self.rules.attempts_per_record * cell.wanted

    def check_rules(self, index: int) -> None:
        cell = self.plan.cells[index]
        assert cell.accepted <= cell.wanted
        assert cell.in_flight >= 0
        if cell.stopped or self.plan.full(index):
            return
        assert self.streaks[index] < self.rules.fruitless
        assert self.tries[index] < self.rules.attempts_per_record * cell.wanted


def replica(cell: CellPlan) -> CellPlan:
    return CellPlan(**{name: getattr(cell, name) for name in CellPlan.__slots__})


def lack(cell: CellPlan) -> float:
    """What will be missing when all that is in flight has come back as before."""
    return cell.wanted - cell.accepted - cell.in_flight * cell.rate


def fill(cell: CellPlan) -> float:
    return (cell.accepted + cell.in_flight * cell.rate) / cell.wanted


def asks(cell: CellPlan, rules: StopRules) -> bool:
    left = rules.attempts_per_record * cell.wanted - cell.tries
    return (
        not cell.stopped
        and lack(cell) >= 0.5  # less is more often a surplus than a record
        and cell.in_flight < left
        and cell.in_flight < rules.fruitless + cell.wanted
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    cells = []
    for _ in range(draw(st.integers(1, 6))):
        wanted = draw(st.integers(0, 8))
        cells.append((wanted, draw(st.integers(0, wanted))))
    return World(
        cells,
        StopRules(draw(st.integers(1, 12)), draw(st.integers(1, 8))),
        [draw(st.sampled_from(RATES)) for _ in cells],
        Random(draw(st.integers(0, 2**32))),
        draw(st.integers(1, 4)),
        draw(st.integers(1, 12)),
        draw(st.integers(1, 3)),
        draw(st.sampled_from([0.0, 0.0, 0.2])),
    )


@calm
@given(worlds())
def test_a_run_ends_with_every_cell_full_or_given_up_and_none_overfull(world: World) -> None:
    world.run()
    for index, cell in enumerate(world.plan.cells):
        assert cell.in_flight == 0
        assert cell.accepted <= cell.wanted
        assert world.plan.full(index) or cell.stopped
    assert world.plan.next() == "done"


@calm
@given(worlds())
def test_a_cell_is_given_up_for_the_reason_that_is_true(world: World) -> None:
    world.items = 1
    world.run()
    for index, cell in enumerate(world.plan.cells):
        most = world.rules.attempts_per_record * cell.wanted
        assert world.tries[index] <= most
        if cell.stopped == "attempts_per_record":
            assert world.tries[index] == most
        if cell.stopped == "fruitless" and cell.wanted and not world.plan.full(index):
            assert world.tries[index] >= world.rules.fruitless


@calm
@given(worlds(), st.integers(1, 40))
def test_a_model_that_always_delivers_is_asked_once_for_each_record(world: World, concurrency: int) -> None:
    world.concurrency, world.rates, world.returns = concurrency, [1.0] * len(world.cells), 0.0
    world.run()
    assert sum(n for _, n in world.asked) == sum(wanted - accepted for wanted, accepted in world.cells)
    assert not any(cell.stopped for cell in world.plan.cells)


def drive(cells: list[tuple[int, int]], rate: float, **settings_: int) -> World:
    rules = StopRules(settings_.pop("fruitless", 500), settings_.pop("attempts_per_record", 200))
    world = World(cells, rules, [rate] * len(cells), Random(1), **settings_)  # type: ignore[arg-type]
    world.run()
    return world


def test_the_emptiest_cell_in_proportion_comes_first() -> None:
    world = drive([(10, 0), (2, 0)], 1.0)
    order = [index for index, _ in world.asked]
    assert order[:2] == [0, 1]
    assert order.index(1, 2) in (6, 7), "the small cell is half full, so the large one is brought there first"


def test_a_cell_that_is_behind_after_a_resume_catches_up() -> None:
    world = drive([(10, 9), (10, 0), (10, 5)], 1.0)
    assert [index for index, _ in world.asked][:5] == [1] * 5


@pytest.mark.parametrize("stay", [1, 2, 4])
def test_it_stays_on_a_cell_where_prompts_are_cached(stay: int) -> None:
    order = [index for index, _ in drive([(8, 0), (8, 0)], 1.0, stay=stay).asked]
    blocks = [order[start : start + stay] for start in range(0, 16, stay)]
    assert all(len(set(block)) == 1 for block in blocks)
    assert [block[0] for block in blocks] == [0, 1] * (8 // stay)


def test_staying_ends_when_the_cell_is_full() -> None:
    order = [index for index, _ in drive([(3, 0), (3, 0)], 1.0, stay=8).asked]
    assert order == [0, 0, 0, 1, 1, 1]


def test_a_streak_without_a_new_record_gives_a_cell_up() -> None:
    world = drive([(5, 0)], 0.0, fruitless=7)
    assert len(world.asked) == 7
    assert world.plan.cells[0].stopped == "fruitless"


def test_an_accepted_record_ends_a_streak() -> None:
    plan = Plan([(5, 0)], StopRules(3, 200))
    for state in ("rejected", "failed", "accepted", "rejected", "rejected"):
        assert plan.next() == (0, 1)
        plan.ended(0, state)
    assert plan.next() == (0, 1)
    plan.ended(0, "rejected")
    assert plan.next() == "done"


def test_the_attempts_for_each_record_are_counted_over_the_whole_cell() -> None:
    world = drive([(5, 0)], 0.0, attempts_per_record=4)
    assert len(world.asked) == 20
    assert world.plan.cells[0].stopped == "attempts_per_record"


def test_the_stop_rules_of_one_cell_leave_the_others_alone() -> None:
    world = World([(3, 0), (3, 0)], StopRules(5, 200), [0.0, 1.0], Random(2), concurrency=4)
    world.run()
    assert [cell.stopped for cell in world.plan.cells] == ["fruitless", ""]
    assert world.plan.full(1)


def test_a_cell_that_fills_after_all_is_not_called_given_up() -> None:
    plan = Plan([(1, 0)], StopRules(2, 200))
    for state in ("rejected", "rejected", "accepted"):
        asked = [plan.next(), plan.next()] if not plan.cells[0].in_flight else []
        assert "done" not in asked
        plan.ended(0, state)
    assert plan.full(0)
    assert plan.cells[0].stopped == ""


def test_many_calls_at_once_do_not_all_go_to_a_hopeless_cell() -> None:
    world = drive([(1, 0)], 0.0, fruitless=30, concurrency=1000)
    assert len(world.asked) <= 30 + 1 + 31
    assert world.plan.cells[0].stopped == "fruitless"


def test_while_enough_is_in_flight_it_waits() -> None:
    plan = Plan([(2, 0)], StopRules())
    assert [plan.next(), plan.next(), plan.next()] == [(0, 1), (0, 1), "wait"]
    plan.ended(0, "rejected")
    assert plan.next() == (0, 1)


def test_what_comes_back_unused_is_asked_again_and_counts_as_no_try() -> None:
    plan = Plan([(1, 0)], StopRules(1, 1))
    assert plan.next() == (0, 1)
    plan.returned(0, 1)
    assert plan.next() == (0, 1)
    plan.ended(0, "accepted")
    assert plan.next() == "done"
    assert not plan.cells[0].stopped


def test_attempts_of_an_earlier_process_count_as_in_flight() -> None:
    plan = Plan([(1, 0)], StopRules(), first=5)
    plan.reopened(0, 1)
    assert plan.next() == "wait"
    plan.ended(0, "failed")
    assert plan.next() == (0, 1)
    assert plan.cells[0].ordinal == 6


def test_several_records_are_asked_at_once_but_no_more_than_are_missing() -> None:
    plan = Plan([(7, 0)], StopRules())
    assert [plan.next(4), plan.next(4), plan.next(4)] == [(0, 4), (0, 3), "wait"]


def test_every_attempt_of_a_cell_has_an_ordinal_of_its_own() -> None:
    plan = Plan([(3, 0), (3, 0)], StopRules(), first=4)
    seen: dict[int, list[int]] = {0: [], 1: []}
    for _ in range(6):
        found = plan.next()
        assert not isinstance(found, str)
        seen[found[0]].append(plan.cells[found[0]].ordinal)
    assert seen == {0: [5, 6, 7], 1: [5, 6, 7]}


def test_without_cells_or_wishes_it_is_done_at_once() -> None:
    assert Plan([], StopRules()).next() == "done"
    assert Plan([(0, 0), (3, 3)], StopRules()).next() == "done"


def test_ten_thousand_cells_are_filled_evenly() -> None:
    plan = Plan([(2, 0)] * 10_000, StopRules())
    rounds: list[list[int]] = [[], []]
    for asked in rounds:
        for _ in range(10_000):
            found = plan.next()
            assert not isinstance(found, str)
            plan.ended(found[0], "accepted")
            asked.append(found[0])
    assert plan.next() == "done"
    assert [sorted(asked) for asked in rounds] == [list(range(10_000))] * 2
