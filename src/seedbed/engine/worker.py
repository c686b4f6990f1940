"""Does one attempt after the other: asks, checks, prepares for admission. Holds no state between attempts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import orjson

from seedbed.core.attempt import (
    PASSED,
    REJECTING_FAILURES,
    Answered,
    Candidate,
    Context,
    Failure,
    Finished,
    Rejected,
    Verdict,
)
from seedbed.core.chat import Completion, Usage, request_hash
from seedbed.core.errors import BudgetSpent, ProviderError
from seedbed.core.ports import ByMeaning

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seedbed.core.attempt import Job, Outcome
    from seedbed.core.chat import Request
    from seedbed.core.part import Check, Generator
    from seedbed.core.ports import Models, Novelty, Purse

    from .embedding import Embeddings

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
        try:
            completion = await self._models.complete(request)
        except ProviderError as error:
            reservation.model = error.model or request.model
            usage = _lost(request, error.lost)
            cost = self._purse.settle(reservation, usage, error.tries)
            if error.tries:
                self._tell(question, name, -1 - occurrence, reservation.model, None, cost, error.tries, usage)
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
        self._tell(question, name, occurrence, completion.model, completion, cost, completion.tries, usage)
        return completion

    def _tell(  # noqa: PLR0913, PLR0917 - one row of the journal
        self,
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
            )
        )


def _lost(request: Request, tries: int) -> Usage:
    """What tries that timed out are charged at."""
    most = EXPECTED_OUTPUT if request.max_tokens is None else request.max_tokens
    output = min(most, EXPECTED_OUTPUT)
    return Usage(tries * request.input_size(), tries * output)


class AttemptWorker:
    """The `Worker` port over a generator, its checks and a novelty.

    Args:
        generator: makes the records.
        checks: stateless checks in the order they are applied; the first that fails decides.
        novelty: prepares for admission; where it is the coordinator's own (on one machine) duplicates are seen before
            a check asks a model about them.
        models: all models of the run.
        purse: what may be spent.
        embeddings: the models that make vectors, where the novelty goes by meaning.
    """

    def __init__(
        self,
        generator: Generator,
        checks: Sequence[Check],
        novelty: Novelty,
        models: Models,
        purse: Purse,
        embeddings: Embeddings,
    ) -> None:
        self._generator = generator
        self._plain = [check for check in checks if not check.asks]
        self._asking = [check for check in checks if check.asks]
        self._task = replace(generator.task(), columns=generator.text_columns())
        self._novelty = novelty
        self._by_meaning = novelty if isinstance(novelty, ByMeaning) else None
        self._embeddings = embeddings
        self._models = models
        self._purse = purse

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
        context = Context(attempt, asker)
        finished = Finished(attempt)
        try:
            for outcome in await self._generator.generate(context):
                finished.candidates.append(await self._examine(outcome, context))
        except BudgetSpent:
            finished = Finished(attempt, unsent=True)
        except ProviderError as error:
            finished = Finished(attempt, error=error, unsent=error.unsent)
        finished.model = asker.model or attempt.model
        return finished

    async def _examine(self, outcome: Outcome, context: Context) -> Candidate:
        if isinstance(outcome, Failure):
            verdict = Verdict(False, outcome.reason, outcome.detail)
            return Candidate(None, verdict, failed=outcome.reason not in REJECTING_FAILURES)
        if isinstance(outcome, Rejected):
            return Candidate(outcome.record, Verdict(False, outcome.reason, outcome.detail))
        candidate = Candidate(outcome)
        try:
            orjson.dumps(outcome.values)
        except TypeError as error:
            return Candidate(None, Verdict(False, "unparseable", f"cannot be written: {error}"), failed=True)
        await self._apply(self._plain, candidate, context)
        if not candidate.verdict.passed:
            return candidate
        candidate.features = self._novelty.features(outcome)
        meanings = self._by_meaning.meanings(candidate.features) if self._by_meaning else ()
        if meanings or self._asking:
            candidate.verdict = self._novelty.peek(outcome, candidate.features)
        if meanings and candidate.verdict.passed:
            await self._embeddings.fill(meanings, context)
            if self._asking:
                candidate.verdict = self._novelty.peek(outcome, candidate.features)
        if self._asking:
            await self._apply(self._asking, candidate, context)
        return candidate

    async def _apply(self, checks: Sequence[Check], candidate: Candidate, context: Context) -> None:
        record = candidate.record
        if record is None or not candidate.verdict.passed:
            return
        for check in checks:
            verdict = await check.check(record, context, self._task)
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
                return
            candidate.scores.setdefault(check.kind, verdict.detail)
            if check.mode == "flag":
                record.tags = (*record.tags, check.kind)
