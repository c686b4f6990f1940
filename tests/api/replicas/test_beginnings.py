"""What a service finds under the claim decides whether a run is driven; one that only kills its drivers is given up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from seedbed.app.own_run import BEGUN, SERVED
from seedbed.app.runs import MOST_BEGINNINGS
from seedbed.app.serve.drafts import draft_of
from seedbed.app.serve.elsewhere import Elsewhere as Somewhere
from seedbed.app.serve.launch import Wish, launch
from seedbed.app.serve.people import Person
from seedbed.app.serve.runner import Runner
from seedbed.app.serve.work.afterwards import LateReports, add_report
from seedbed.app.serve.work.queue import JobQueue
from seedbed.app.workspace import Workspace
from seedbed.core.serving.jobs import WantedJobs
from seedbed.core.stored import StoredRun

from .conftest import until_true

ANN = Person("ann", owner=True, local=True)
GENERATOR = {"kind": "prompt", "prompt": "Write a note.", "count": 5}
NOTES = {"name": "notes", "model": "scripted", "generator": GENERATOR}


class Elsewhere:
    """A service whose driver has died: it takes runs, and does nothing."""

    def open(self, ended: Any) -> None:
        """Gets ready."""

    def drive(self, run: str) -> None:
        """Does nothing."""

    def stop(self, run: str, wish: str) -> None:
        """Does nothing."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "place") as found:
        assert found.store
        yield found


@pytest.fixture
def runner(place: Workspace) -> Iterator[Runner]:
    found = Runner(place)
    found.start()
    yield found
    found.close()


def left(place: Workspace, **changes: Any) -> str:
    """A run of a service that has died, with what it wrote last."""
    dead = Runner(place, Elsewhere())  # type: ignore[arg-type]
    run = launch(place, dead, draft_of(place, ANN, None, NOTES), Wish(ANN, new=True)).id
    if changes:
        options = {**stored(place, run).options, **changes.pop("options", {})}
        place.store.update_run(run, options=options, **changes)
    return run


def stored(place: Workspace, run: str) -> StoredRun:
    found = place.store.run(run)
    assert found is not None
    return found


def driven(place: Workspace, runner: Runner, run: str) -> StoredRun:
    """The run after it was taken over and let go."""
    until_true(lambda: runner.look() or runner.holds(run))
    until_true(lambda: not runner.holds(run))
    return stored(place, run)


def test_what_nobody_drives_is_taken_at_the_second_look_and_what_was_handed_over_at_the_first(
    place: Workspace, runner: Runner
):
    run, handed = left(place), left(place, state="interrupted")
    with place.store.claim(handed):
        assert not runner.look(), "it may be driven in an instant, and the other one is driven"
        assert runner.goes_on(stored(place, run))
    assert runner.look()
    until_true(lambda: stored(place, run).state == stored(place, handed).state == "complete" or runner.look() is None)


def test_a_wish_that_a_dead_driver_did_not_hear_is_fulfilled(place: Workspace, runner: Runner):
    run = left(place, control="pause")
    found = driven(place, runner, run)
    assert (found.state, found.control, found.figures and found.figures["calls"]) == ("paused", "", 0)
    runner.resume(run)
    until_true(lambda: stored(place, run).state == "complete")


@pytest.mark.parametrize(("ago", "ends"), [(1.0, "failed"), (700.0, "complete")])
def test_a_run_of_which_nothing_comes_but_dead_drivers_has_failed_until_somebody_goes_on_with_it(
    place: Workspace, runner: Runner, ago: float, ends: str
):
    before = {"count": MOST_BEGINNINGS, "reached": -1, "at": time.time() - ago}
    run = left(place, options={BEGUN: before, SERVED: True})
    found = driven(place, runner, run)
    assert found.state == ends
    assert ("has died 3 times" in found.message) == (ends == "failed")
    runner.resume(run)
    until_true(lambda: stored(place, run).state == "complete")


def test_beginnings_after_which_something_came_are_not_counted(place: Workspace, runner: Runner):
    found = driven(place, runner, left(place))
    assert (found.state, found.options[BEGUN]["count"], found.options[BEGUN]["reached"]) == ("complete", 1, -1)


def test_two_services_that_see_a_run_end_ask_for_one_report(place: Workspace, runner: Runner):
    run = left(place)
    recipe = {**stored(place, run).recipe, "report": {}}
    place.store.update_run(run, recipe=recipe)
    driven(place, runner, run)
    for _ in range(2):
        queue = JobQueue(place, at_once=0)
        add_report(place, queue, run, alone=True)
    assert reported(place) == [run]


def test_the_report_of_a_run_whose_service_died_first_is_asked_for_by_another(place: Workspace, runner: Runner):
    run = left(place)
    place.store.update_run(run, recipe={**stored(place, run).recipe, "report": {}})
    driven(place, runner, run)
    assert reported(place) == []
    for _ in range(2):
        late = LateReports(place, partial(add_report, place, JobQueue(place, at_once=0), alone=True))
        for _ in range(2):
            assert not late.look()
    assert reported(place) == [run]


def reported(place: Workspace) -> list[str]:
    """The runs whose reports were asked for."""
    return [job.asked["run"] for job in place.store.jobs.jobs(WantedJobs(kind="report"), 10)]


class Asked(Elsewhere):
    """A driver that does what it is told when `end` is called; `asked` is what it is to drive."""

    def __init__(self, place: Workspace) -> None:
        self.place = place
        self.asked: list[str] = []

    def open(self, ended: Any) -> None:
        """See `Drives.open`."""
        self.ended = ended

    def drive(self, run: str) -> None:
        """See `Drives.drive`."""
        self.asked.append(run)

    def end(self, run: str, state: str) -> None:
        """The run has ended."""
        self.place.store.update_run(run, state=state, control="")
        self.ended(run)


def test_a_second_pause_counts_though_a_resume_waits_for_the_first(place: Workspace):
    driver = Asked(place)
    runner = Runner(place, driver)  # type: ignore[arg-type]

    class Between(Somewhere):
        """Where a run is worked on is looked up between the end of the first pause and the new start."""

        def of(self, run: StoredRun) -> dict[str, Any]:
            runner.wish(run.id, "pause")
            return super().of(run)

    runner.start()
    run = launch(place, runner, draft_of(place, ANN, None, NOTES), Wish(ANN, new=True)).id
    runner.wish(run, "pause")
    driver.end(run, "paused")
    runner.elsewhere = Between()
    runner.resume(run)
    assert (driver.asked, stored(place, run).state, runner.holds(run)) == ([run], "paused", False)
    runner.elsewhere = Somewhere()
    runner.resume(run)
    assert (driver.asked, stored(place, run).state, runner.holds(run)) == ([run, run], "running", True)
