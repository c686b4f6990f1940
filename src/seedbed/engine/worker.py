"""Does one attempt after the other: asks, checks, prepares for admission. Holds no state between attempts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import orjson

from seedbed.core.attempt import (
    PASSED,
    REJECTING_FAILURES,
    STEP,
    Answered,
    Candidate,
    Context,
    Failure,
    Finished,
    Previous,
    Rejected,
    Verdict,
)
from seedbed.core.chat import Completion, Usage, request_hash
from seedbed.core.errors import BudgetSpent, ProviderError
from seedbed.core.ports import ByMeaning

from .addition import TRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seedbed.core.attempt import Job, Outcome
    from seedbed.core.chat import Request
    from seedbed.core.part import Check, Generator, Task
    from seedbed.core.ports import Models, Novelty, Purse
    from seedbed.core.record import Record

    from .addition import Addition, Line
    from .embedding import Embeddings
    from .redaction import Redaction

EXPECTED_OUTPUT = 256
"""Output tokens charged for a call that timed out, when it did not say how long its answer may be."""


class Asker:
    """The `ask` of one attempt: remembered answers first, then the model, within the budget.

    Towards providers the first call carries the attempt's name, later ones that name and their number, the same
    whenever the attempt is made again.
    """

    __slots__ = ("_answered", "_calls", "_job", "_models", "_occurrences", "_purse", "model")

    def __init__(self, job: Job, models: Models, purse: Purse, answered: Callable[[Answered], None]) -> None:
        self._job = job
        self._models = models
        self._purse = purse
        self._answered = answered
        self._occurrences: dict[str, int] = {}
        self._calls = 0
        self.model = ""

    async def __call__(self, request: Request) -> Completion:
        """Answers from what is stored for this attempt, or asks."""
        if self._calls:
            request.attempt = f"{request.attempt}/{self._calls}"
        self._calls += 1
        question = request.to_json()
        name = request_hash(question)
        occurrence = self._occurrences.get(name, 0)
        self._occurrences[name] = occurrence + 1
        stored = self._job.answers.get((name, occurrence)) if self._job.answers else None
        completion = stored or await self._ask(request, question, name, occurrence)
        if request.model == self._job.attempt.model:  # not another one, of a role or a judge
            self.model = self.model or completion.model
        return completion

    async def _ask(self, request: Request, question: bytes, name: str, occurrence: int) -> Completion:
        reservation = await self._purse.reserve(request.model, request.input_size(), request.max_tokens)
        request.again = partial(self._purse.again, reservation)
        request.of = self._job.attempt
        try:
            completion = await self._models.complete(request)
        except ProviderError as error:
            reservation.model = error.model or request.model
            usage = _lost(request, error.lost)
            cost = self._purse.settle(reservation, usage, error.tries)
            if error.tries:
                self._tell(request, question, name, -1 - occurrence, reservation.model, None, cost, error.tries, usage)
            if not error.instead:
                raise
            return await self._ask(request.to(error.instead), question, name, occurrence)
        except BaseException:
            self._purse.settle(reservation, Usage(), 0)
            raise
        reservation.model = completion.model
        usage = completion.usage
        if completion.lost:
            lost = _lost(request, completion.lost)
            usage = Usage(usage.input_tokens + lost.input_tokens, usage.output_tokens + lost.output_tokens)
        cost = self._purse.settle(reservation, usage, completion.tries)
        self._tell(request, question, name, occurrence, completion.model, completion, cost, completion.tries, usage)
        return completion

    def _tell(  # noqa: PLR0913, PLR0917 - one row of the journal
        self,
        request: Request,
        question: bytes,
        name: str,
        occurrence: int,
        model: str,
        completion: Completion | None,
        cost: float | None,
        tries: int,
        usage: Usage,
    ) -> None:
        self._answered(
            Answered(
                self._job.attempt,
                question,
                name,
                occurrence,
                model,
                completion,
                cost,
                tries,
                usage.input_tokens,
                usage.output_tokens,
                request.redacted,
            )
        )


def _lost(request: Request, tries: int) -> Usage:
    """What tries that timed out are charged at."""
    most = EXPECTED_OUTPUT if request.max_tokens is None else request.max_tokens
    output = min(most, EXPECTED_OUTPUT)
    return Usage(tries * request.input_size(), tries * output)


@dataclass(frozen=True, slots=True)
class Asked:
    """All models of a run; those that make vectors, where the novelty goes by meaning; and what models of others are
    not to see, if there are any and it matters."""

    models: Models
    embeddings: Embeddings
    redaction: Redaction | None = None


class AttemptWorker:
    """The `Worker` port over a generator, its checks and a novelty.

    Args:
        generator: makes the records.
        lines: what is done with the records of each step, "" for a recipe without; checks are stateless and applied in
            their order, the first that fails decides.
        novelty: prepares for admission; where it is the coordinator's own (on one machine) duplicates are seen before
            a check asks a model about them.
        models: all models of the run, and what goes with asking them.
        purse: what may be spent.
    """

    def __init__(
        self, generator: Generator, lines: Mapping[str, Line], novelty: Novelty, models: Asked, purse: Purse
    ) -> None:
        self._generator = generator
        self._lines = {step: _Line.of(line) for step, line in lines.items()}
        self._only = next(iter(self._lines.values())) if len(lines) == 1 else None
        self._novelty = novelty
        self._by_meaning = novelty if isinstance(novelty, ByMeaning) else None
        self._embeddings = models.embeddings
        self._models = models.models
        self._purse = purse
        self._redaction = models.redaction

    @property
    def room(self) -> int:
        """See `Worker.room`."""
        return self._models.room

    async def aclose(self) -> None:
        """See `Worker.aclose`."""
        await self._models.aclose()

    async def work(self, job: Job, answered: Callable[[Answered], None]) -> Finished:
        """See `Worker.work`."""
        attempt = job.attempt
        asker = Asker(job, self._models, self._purse, answered)
        context = Context(attempt, asker if self._redaction is None else self._redaction.over(asker))
        line = self._only or self._lines[attempt.cell[STEP]]
        finished = Finished(attempt)
        try:
            for outcome in await self._generator.generate(context):
                finished.candidates.append(await self._examine(outcome, context, line))
        except BudgetSpent:
            finished = Finished(attempt, unsent=True)
        except ProviderError as error:
            finished = Finished(attempt, error=error, unsent=error.unsent)
        finished.model = asker.model or attempt.model
        return finished

    async def _examine(self, outcome: Outcome, context: Context, line: _Line) -> Candidate:
        candidate = _candidate(outcome)
        record = candidate.record
        if record is None or not candidate.verdict.passed:
            return candidate
        if not await _apply(line.plain, candidate, context, line.task):
            return candidate
        candidate.features = self._novelty.features(record)
        meanings = self._by_meaning.meanings(candidate.features) if self._by_meaning else ()
        if meanings or line.asking or line.additions:
            candidate.verdict = self._novelty.peek(record, candidate.features)
        if meanings and candidate.verdict.passed:
            await self._embeddings.fill(meanings, context)
            candidate.verdict = self._novelty.peek(record, candidate.features)
        await _apply(line.asking, candidate, context, line.task)
        for addition in line.additions:
            if candidate.verdict.passed:
                await _extend(addition, candidate, context)
        return candidate


async def examined(record: Record, line: Line, context: Context) -> Candidate:
    """A record that is there already, with the verdict of a line's checks; they ask no model."""
    candidate = _candidate(record)
    await _apply(line.checks, candidate, context, line.task)
    return candidate


@dataclass(slots=True)
class _Line:
    """A line with the checks that ask a model apart: they come last."""

    plain: list[Check]
    asking: list[Check]
    task: Task
    additions: Sequence[Addition]

    @staticmethod
    def of(line: Line) -> _Line:
        plain = [check for check in line.checks if not check.asks]
        return _Line(plain, [check for check in line.checks if check.asks], line.task, line.additions)


def _candidate(outcome: Outcome) -> Candidate:
    """What a generator made of a slot, before any check."""
    if isinstance(outcome, Failure):
        verdict = Verdict(False, outcome.reason, outcome.detail)
        return Candidate(None, verdict, failed=outcome.reason not in REJECTING_FAILURES)
    if isinstance(outcome, Rejected):
        return Candidate(outcome.record, Verdict(False, outcome.reason, outcome.detail))
    try:
        orjson.dumps(outcome.values)
    except TypeError as error:
        return Candidate(None, Verdict(False, "unparseable", f"cannot be written: {error}"), failed=True)
    return Candidate(outcome)


async def _extend(addition: Addition, candidate: Candidate, context: Context) -> None:
    """Adds the step's columns; what fails is tried again, and told what was wrong if that is wished."""
    before, previous = candidate.record, None
    assert before is not None
    line = _Line.of(addition.line)
    for number in range(TRIES):
        made = _candidate(await addition.extended(before, context, number, previous))
        await _apply([*line.plain, *line.asking], made, context, line.task)
        if made.verdict.passed:
            break
        if addition.told and made.record is not None:
            previous = Previous(dict(made.record.values), made.verdict.detail or made.verdict.reason)
    if not made.verdict.passed:
        made.verdict = replace(made.verdict, detail=f"step {addition.name}: {made.verdict.detail}")
    candidate.record, candidate.verdict, candidate.failed = made.record, made.verdict, made.failed
    candidate.scores |= made.scores


async def _apply(checks: Sequence[Check], candidate: Candidate, context: Context, task: Task) -> bool:
    """Applies the checks in turn until one rejects the record; whether none did."""
    record = candidate.record
    if record is None or not candidate.verdict.passed:
        return False
    for check in checks:
        verdict = await check.check(record, context, task)
        if verdict is PASSED:
            continue
        if type(verdict) is not Verdict:
            raise TypeError(f"the check `{check.kind}` answered {verdict!r:.40} and no Verdict")
        if verdict.score is not None:
            candidate.scores[check.kind] = verdict.score
            if verdict.detail:
                candidate.scores[f"{check.kind}_reason"] = verdict.detail
        if verdict.passed:
            continue
        if check.mode == "reject":
            candidate.verdict = verdict
            return False
        candidate.scores.setdefault(check.kind, verdict.detail)
        if check.mode == "flag":
            record.tags = (*record.tags, check.kind)
    return True
