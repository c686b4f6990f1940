"""Drives one run: plans attempts, takes in what comes back, admits records one by one, keeps the accounts."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from seedbed.core.attempt import NONE, STEP, Answered, Attempt, Candidate, Job, Previous, Recent, Verdict
from seedbed.core.pool import Drawn
from seedbed.core.ports import SlotRow
from seedbed.core.run import DUPLICATES, REPAIRED, STOPPED

from .desk import Ending

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from seedbed.core.attempt import Finished
    from seedbed.core.errors import ProviderError
    from seedbed.core.record import Record
    from seedbed.core.run import RunState

    from .desk import Desk, Floor, Target

BACKLOG = 2_000
"""Rows that may wait for commit before the run waits for the disk. Where a model answers without any delay the writer's
thread would otherwise hardly ever get the interpreter, and a crash would cost a second's work."""

REFUSED = 60
"""So many attempts in a row without an answer, none of which was worth another try, end the run: the server's words are
more use than a shortfall."""

GOLDEN = 0.6180339887498949

MENDED = Verdict(True, REPAIRED)


Watch = Callable[["Generation"], None]


class _Models(NamedTuple):
    """Who writes, and their weights added up."""

    names: list[str]
    weights: list[float]


@dataclass(slots=True)
class _Stop:
    state: RunState | None = None
    message: str = ""
    hint: str = ""


class Generation:
    """One run being driven. `watch` is called about twice a second and at the end."""

    def __init__(self, target: Target, desk: Desk, floor: Floor, watch: Watch | None = None) -> None:
        self.target = target
        self.desk = desk
        self._floor = floor
        self._watch = watch or (lambda _: None)
        self._number = target.first_attempt
        self._values = [target.quota.as_dict(cell) for cell in target.quota.cells]
        self._now = _now()
        self._changed = asyncio.Event()
        self._stop = _Stop()
        self._starts = [int.from_bytes(_digest(cell.key)[:4]) / 2**32 for cell in target.quota.cells]
        self._models = {
            step: _Models([name for name, _ in models], list(accumulate(weight for _, weight in models)))
            for step, models in {"": target.models, **target.step_models}.items()
        }
        self._counts: Counter[str] = Counter()
        for account in desk.accounts.cells:
            self._counts[self._step(account.values)] += account.accepted
        self.most_attempts: int | None = None
        self._retries: deque[tuple[int, Attempt, Previous]] = deque()
        self._refused = 0
        self._last_error = ""

    async def run(self) -> Ending:
        """Works until every cell is full or given up, or something ends the run.

        Raises:
            RunFailed: the store cannot be written.
        """
        ticker = asyncio.create_task(self._tick())
        events = self._floor.executor.map(self._floor.open_worker, self._floor.spec, self._jobs())
        try:
            async for event in events:
                if type(event) is Answered:
                    self.book(event)
                else:
                    self._take_in(event)  # type: ignore[arg-type]
                if self.desk.journal.backlog > BACKLOG:
                    await self.desk.journal.flush()
        finally:
            ticker.cancel()
            await events.aclose()  # type: ignore[attr-defined]
            self.desk.accounts.seconds = self.desk.budget.seconds
            self._watch(self)
        return self._ending()

    def stop(self, state: RunState, message: str = "", hint: str = "") -> None:
        """Asks for nothing more; what is in flight is still taken in. The first reason counts."""
        if self._stop.state is None:
            self._stop = _Stop(state, message, hint)
            self._floor.halt()
            if state in STOPPED:
                self._floor.leave()
            self._changed.set()

    @property
    def stopping(self) -> bool:
        """Whether nothing more is asked."""
        return self._stop.state is not None

    @property
    def waiting(self) -> Sequence[str]:
        """For what is waited, in sentences."""
        return self._floor.waiting()

    async def _jobs(self) -> AsyncIterator[Job]:
        for job in self.target.open_jobs:
            self.desk.plan.reopened(job.attempt.cell_index, job.attempt.n)
            if self.target.pool is not None:
                self.target.pool.reopened(job.attempt.cell, job.attempt.inputs, job.attempt.n)
        for job in self.target.open_jobs:
            yield job
        while not self.stopping and self._number - self.target.first_attempt != self.most_attempts:
            if self._heed_budget():
                return
            for job in self._repeated():
                yield job
            found = self._next()
            if found == "done":
                return
            if isinstance(found, str):
                self._changed.clear()
                await self._changed.wait()
            elif drawn := self._draw(*found):
                yield Job(self._freeze(found[0], drawn))

    def _next(self) -> tuple[int, int] | Literal["wait", "done"]:
        """The cell to ask for; where nothing is left to do, a further step may begin."""
        found = self.desk.plan.next(self.target.items_per_call)
        while found == "done" and self.target.settled():
            self.desk.plan.feed()
            found = self.desk.plan.next(self.target.items_per_call)
        return found

    def _heed_budget(self) -> bool:
        """Stops where the budget is spent; says whether it is."""
        reached = self.desk.budget.over()
        if reached:
            self.stop("budget", reached)
        return bool(reached)

    def _draw(self, index: int, n: int) -> Drawn | None:
        """What an attempt for the cell works on; without anything the cell has to wait."""
        if self.target.pool is None:
            return Drawn((), n)
        drawn = self.target.pool.draw(self._values[index], n, self.desk.plan.cells[index].ordinal)
        if drawn is None:
            self.desk.plan.starve(index, n)
        elif drawn.n < n:
            self.desk.plan.returned(index, n - drawn.n)
        return drawn

    def _freeze(self, index: int, drawn: Drawn) -> Attempt:
        target, plan = self.target, self.desk.plan
        cell = target.quota.cells[index]
        state = plan.cells[index]
        ordinal = state.ordinal - 1
        seed = int.from_bytes(_digest(f"{target.seed}|{cell.key}|{ordinal}"))
        values = self._values[index]
        model = values.get("model") or self._model(index, self._step(values), ordinal)
        number = self._number
        self._number += 1
        return Attempt(
            target.run,
            number,
            ordinal,
            seed,
            self._now,
            index,
            values,
            model,
            drawn.n,
            target.capabilities(model),
            self.desk.steering.sampling(index, state.duplicates, seed),
            self.desk.steering.steers(index),
            self.desk.steering.recent(index, state.duplicates, seed),
            target.strict,
            drawn.inputs,
            others={name: target.capabilities(name) for name in target.more_models} if target.more_models else NONE,
        )

    def _repeated(self) -> Iterator[Job]:
        """One more attempt at each thing that was rejected for a reason worth telling, while its cell lacks records."""
        while self._retries:
            index, first, previous = self._retries.popleft()
            if self.desk.plan.again(index):
                yield Job(self._repeat(index, first, previous))

    def _repeat(self, index: int, first: Attempt, previous: Previous) -> Attempt:
        """One more attempt at what was rejected, which is told why."""
        if self.target.pool is not None:
            self.target.pool.reopened(first.cell, first.inputs, 1)
        attempt = self._freeze(index, Drawn(first.inputs, 1))
        attempt.model, attempt.previous = first.model, previous
        return attempt

    def _model(self, index: int, step: str, ordinal: int) -> str:
        """Weights steer attempts: a low-discrepancy sequence per cell keeps shares close at any moment."""
        names, weights = self._models.get(step) or self._models[""]
        if len(names) == 1:
            return names[0]
        point = (self._starts[index] + ordinal * GOLDEN) % 1.0 * weights[-1]
        return next(name for name, upto in zip(names, weights, strict=True) if point < upto)

    def book(self, answered: Answered) -> None:
        """Takes down an answered call, in the journal and in the accounts."""
        self.desk.journal.call(answered)
        usage = (answered.input_tokens, answered.output_tokens)
        self.desk.accounts.call(answered.model, usage, answered.cost, answered.tries, answered.redacted)

    def _take_in(self, finished: Finished) -> None:
        attempt = finished.attempt
        if finished.unsent:
            self._give_back(attempt)
            self._heed_budget()
        elif finished.error is not None and (finished.error.fatal or finished.error.gave_up):
            self._give_back(attempt)
            self.stop("failed", finished.error.message, finished.error.hint)
        else:
            self._heed_refusals(finished.error)
            self._end_slots(finished)
        self._changed.set()

    def _give_back(self, attempt: Attempt) -> None:
        self.desk.plan.returned(attempt.cell_index, attempt.n)
        for slot in range(attempt.n):
            self._used(attempt, slot, "unsent")

    def _used(self, attempt: Attempt, slot: int, state: str) -> None:
        if self.target.pool is not None:
            self.target.pool.ended(attempt.cell, attempt.inputs, slot, state)
            self.desk.plan.feed()

    def _heed_refusals(self, error: ProviderError | None) -> None:
        """Stops where nothing but refusals comes."""
        if error is None:
            self._refused = 0
            return
        self._last_error = error.message
        self._refused += not error.retryable
        if self._refused >= REFUSED:
            self.stop("failed", error.message, error.hint)

    def _end_slots(self, finished: Finished) -> None:
        attempt = finished.attempt
        candidates = _candidates(finished, attempt.n)
        cell = self.target.quota.cells[attempt.cell_index]
        rows: list[SlotRow] = []
        for start in range(0, attempt.n, cell.unit):
            for slot, (state, verdict) in enumerate(self._ends(attempt, start, cell.unit, candidates), start):
                record = candidates[slot].record
                if record is not None:
                    record.values.setdefault("model", finished.model)
                rows.append(SlotRow(slot, state, verdict.reason, verdict.detail, cell.key, finished.model, record))
                duplicate = verdict.reason in DUPLICATES
                self.desk.plan.ended(attempt.cell_index, state, duplicate=duplicate, answered=finished.error is None)
                self._used(attempt, slot, state)
                if cell.unit == 1:
                    self._feed_back(attempt, slot, record, verdict)
                self.desk.accounts.slot(attempt.cell_index, finished.model, state, verdict.reason)
        self.desk.journal.slots(finished, rows)
        self.desk.accounts.cells[attempt.cell_index].stopped = self.desk.plan.cells[attempt.cell_index].stopped

    def _ends(
        self, attempt: Attempt, start: int, unit: int, candidates: list[Candidate]
    ) -> Sequence[tuple[Any, Verdict]]:
        """How the slots end that begin at `start`: one by itself, or those that come together all alike."""
        if unit == 1:
            return (self._admit(attempt, start, candidates[start]),)
        group = candidates[start : start + unit]
        ends = [self._judge(attempt, candidate) for candidate in group]
        if all(state == "accepted" for state, _ in ends):
            return [self._keep(attempt, start + i, candidate) for i, candidate in enumerate(group)]
        spoiled = Verdict(False, "group", "what belongs together with it was not accepted")
        return [("rejected", spoiled) if state == "accepted" else (state, verdict) for state, verdict in ends]

    def _feed_back(self, attempt: Attempt, slot: int, record: Record | None, verdict: Verdict) -> None:
        """What was rejected is tried once more, with the reason told."""
        if record is None or verdict.passed or attempt.previous is not None or verdict.reason in DUPLICATES:
            return
        if self.target.retries(verdict.reason):
            together = len(attempt.inputs) == attempt.n > 1
            first = replace(attempt, inputs=(attempt.inputs[slot],)) if together else attempt
            previous = Previous(dict(record.values), verdict.detail or verdict.reason)
            self._retries.append((attempt.cell_index, first, previous))

    def _admit(self, attempt: Attempt, slot: int, candidate: Candidate) -> tuple[Any, Verdict]:
        """One record at a time, no waiting: the cell's quota, then novelty."""
        state, verdict = self._judge(attempt, candidate)
        return self._keep(attempt, slot, candidate) if state == "accepted" else (state, verdict)

    def _judge(self, attempt: Attempt, candidate: Candidate) -> tuple[Any, Verdict]:
        """How a slot is to end; nothing is changed but the record's notes."""
        record, verdict = candidate.record, candidate.verdict
        if candidate.scores and record is not None:
            record.origin["checks"] = {**record.origin.get("checks", {}), **candidate.scores}
        if record is None or not verdict.passed:
            return ("failed" if candidate.failed else "rejected"), verdict
        if self.desk.plan.full(attempt.cell_index):
            return "surplus", verdict
        verdict = self.desk.novelty.peek(record, candidate.features)
        return ("accepted" if verdict.passed else "rejected"), verdict

    def _keep(self, attempt: Attempt, slot: int, candidate: Candidate) -> tuple[Any, Verdict]:
        """The record is accepted: it gets its name and is known from now on."""
        record = candidate.record
        assert record is not None
        record.id = f"{attempt.id}.{slot}"
        if attempt.inputs:
            record.origin.setdefault("parents", [parent.id for parent in attempt.inputs])
        if self.target.numbered:
            self._number_it(record, self._step(attempt.cell))
        if self.target.pool is not None:
            self.target.pool.admitted(record)
        self.desk.novelty.remember(record, candidate.features)
        self.desk.steering.remember(attempt.cell_index, Recent(record.id, self.target.gist(record)))
        return "accepted", MENDED if REPAIRED in record.origin else candidate.verdict

    def _step(self, cell: Mapping[str, str]) -> str:
        """The step a cell belongs to, if there are several."""
        return cell[STEP] if self.target.quota.stepwise else ""

    def _number_it(self, record: Record, step: str) -> None:
        for column, sequenced in self.target.numbered.get(step, {}).items():
            record.values[column] = sequenced.value(self._counts[step])
        self._counts[step] += 1

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            self._now = _now()
            self.desk.accounts.seconds = self.desk.budget.seconds
            self._watch(self)
            self._heed_budget()
            self._changed.set()

    def _given_up(self) -> str:
        """Inputs that nothing came of, by their names."""
        names = self.target.pool.given_up() if self.target.pool is not None else []
        return f"Nothing could be made of {_named(names)}." if names else ""

    def _ending(self) -> Ending:
        for account, cell in zip(self.desk.accounts.cells, self.desk.plan.cells, strict=True):
            account.stopped = cell.stopped
        if all(self.desk.plan.full(index) for index in range(len(self.desk.plan.cells))):
            return Ending("complete", self._given_up())
        failed = f"The last call that failed: {self._last_error}" if self._last_error else ""
        if self._stop.state is None:
            return Ending("shortfall", " ".join(filter(None, (failed, self._given_up()))))
        nothing = self._stop.state == "budget" and not self.desk.accounts.accepted
        message = f"{self._stop.message} {failed}".strip() if nothing else self._stop.message
        return Ending(self._stop.state, message, self._stop.hint)


def _named(names: list[str]) -> str:
    """The first few of them."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")


def _candidates(finished: Finished, n: int) -> list[Candidate]:
    """Exactly `n` ends: an error fails all slots, a missing one is failed(missing), what is too much is left out."""
    if finished.error is not None:
        reason = "timeout" if finished.error.kind == "timeout" else "http"
        return [Candidate(None, Verdict(False, reason, finished.error.message), failed=True) for _ in range(n)]
    missing = Verdict(False, "missing", "the answer held fewer records than were asked for")
    padding = [Candidate(None, missing, failed=True) for _ in range(n - len(finished.candidates))]
    return [*finished.candidates[:n], *padding]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()
