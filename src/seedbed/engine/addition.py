"""Adds the columns of one step to a record, within the attempt that made it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING, Any

from seedbed.core.attempt import Context, Failure, Rejected, Sampling
from seedbed.core.record import Record
from seedbed.core.template import filled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.attempt import Attempt, Outcome, Previous
    from seedbed.core.chat import Completion, Request
    from seedbed.core.part import Check, Generator, Task

TRIES = 3
"""So often a step is tried on one record before the record is given up."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is done with the records of one step: its checks, and the steps that add columns to them."""

    checks: Sequence[Check]
    task: Task
    additions: Sequence[Addition] = ()


@dataclass(frozen=True, slots=True)
class Addition:
    """One step that adds columns.

    `columns` are those its generator (`part`) adds, with the names they get in the record. `models` are those of the
    step with their weights, none for the one that made the record. `told` says whether a try that failed a check is
    told to the next one.
    """

    name: str
    part: Generator
    columns: Mapping[str, str]
    sampling: Sampling
    line: Line
    models: Sequence[tuple[str, float]] = ()
    told: bool = False

    async def extended(self, record: Record, context: Context, number: int, previous: Previous | None) -> Outcome:
        """The record with the new columns, or what is wrong; `number` counts the tries from zero.

        Raises:
            ProviderError: the model did not answer.
        """
        attempt = self._attempt(context.attempt, record, number, previous)

        async def ask(request: Request) -> Completion:
            request.messages = tuple(
                {**turn, "content": filled(turn["content"], record.values)} for turn in request.messages
            )
            request.prompt = request.prompt and filled(request.prompt, record.values)
            return await context.ask(request)

        outcome = (await self.part.generate(Context(attempt, ask)))[0]
        if isinstance(outcome, Failure):
            return outcome
        made = outcome.record if isinstance(outcome, Rejected) else outcome
        whole = self._merged(record, made, attempt.model)
        return Rejected(whole, outcome.reason, outcome.detail) if isinstance(outcome, Rejected) else whole

    def _attempt(self, attempt: Attempt, record: Record, number: int, previous: Previous | None) -> Attempt:
        digest = blake2b(f"{attempt.seed}|{self.name}|{number}".encode(), digest_size=8).digest()
        seed = int.from_bytes(digest)
        names = [name for name, _ in self.models]
        model = Random(seed).choices(names, [weight for _, weight in self.models])[0] if names else attempt.model
        return replace(
            attempt,
            cell={},
            n=1,
            seed=seed,
            model=model,
            capabilities=attempt.others.get(model, attempt.capabilities),
            sampling=self.sampling,
            recent=(),
            inputs=(record,),
            previous=previous,
        )

    def _merged(self, record: Record, made: Record, model: str) -> Record:
        """The record as it was, with what the step made."""
        values = {name: made.values.get(own) for own, name in self.columns.items()}
        field = getattr(self.part, "column", "text")
        spans = tuple(span._replace(field=field) for span in made.spans)
        origin: dict[str, Any] = {**made.origin, **record.origin}
        origin["steps"] = {**record.origin.get("steps", {}), self.name: model}
        if "checks" in made.origin:
            origin["checks"] = {**record.origin.get("checks", {}), **made.origin["checks"]}
        tags = tuple(dict.fromkeys((*record.tags, *made.tags)))
        return Record({**record.values, **values}, (*record.spans, *spans), "", record.state, tags, origin)
