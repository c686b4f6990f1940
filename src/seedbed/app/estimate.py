"""What a recipe will take, before it is run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.checks.alike import content
from seedbed.checks.semantic import SemanticDuplicate
from seedbed.core.attempt import STEP, Attempt, Context
from seedbed.core.chat import Completion, Request, Usage
from seedbed.core.pool import Drawn
from seedbed.core.record import Record
from seedbed.core.run import Accounts
from seedbed.providers.prices import table_date
from seedbed.providers.scripted import Scripted
from seedbed.recipe.staged import Steps
from seedbed.recipe.step_pool import StepPool

from .books import wanted_of
from .build import lines_of, means_of, pool_of
from .existing import read_existing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from seedbed.core.part import Generator
    from seedbed.core.quota import Quota
    from seedbed.engine.addition import Line
    from seedbed.providers.prices import Price
    from seedbed.recipe.document import Recipe

    from .existing import Existing
    from .models import ModelDoor
    from .workspace import Workspace

ATTEMPTS_PER_RECORD = 1.15
OUTPUT_TOKENS = 60
REASONING_TOKENS = 40
SAMPLE = 12


def estimate(workspace: Workspace, recipe: Recipe, folder: Path) -> dict[str, Any]:
    """Expected calls, tokens and cost (US dollars; None where a price is not known), and what that rests on."""
    means = means_of(workspace, recipe)
    existing = read_existing(workspace, recipe, folder, None)
    wanted = wanted_of(recipe, existing)
    works = asyncio.run(_Trial(recipe, means.door, existing, wanted).works())
    attempts = sum(work.attempts for work in works)
    calls = sum(work.calls for work in works)
    usage = Usage(sum(work.usage.input_tokens for work in works), sum(work.usage.output_tokens for work in works))
    embedded = list(_embedded(recipe, existing, works))
    deviation = Accounts.of(wanted).deviation
    return {
        "records": wanted.wanted,
        "attempts": attempts,
        "calls": calls + sum(one.calls for one in embedded),
        "tokens": {
            "input": usage.input_tokens + sum(one.tokens for one in embedded),
            "output": usage.output_tokens,
        },
        "cost": _cost(recipe, means.prices, usage, embedded),
        **({} if deviation is None else {"deviation": deviation}),
        "assumptions": [
            *_assumptions(works, calls, usage.input_tokens, batch=recipe.batch),
            *(one.words for one in embedded),
        ],
    }


@dataclass(slots=True)
class Work:
    """What the records of one step take: `asked` calls of an attempt and input tokens of a call, on average, as with
    answers that fit; `judged` calls of checks for a record."""

    wanted: int
    per_call: int
    asked: float
    tokens: int
    judged: int
    output_tokens: int

    @property
    def attempts(self) -> int:
        return ceil(self.wanted * ATTEMPTS_PER_RECORD / self.per_call)

    @property
    def calls(self) -> int:
        return round(self.attempts * (self.asked + self.judged * self.per_call))

    @property
    def usage(self) -> Usage:
        written = self.output_tokens * max(self.asked, self.per_call) + 2 * self.judged * self.per_call
        return Usage(self.calls * self.tokens, round(self.attempts * written))


class Embedded(NamedTuple):
    """What one check's vectors take that are asked for: calls, input tokens in all, and how that was reckoned."""

    model: str
    calls: int
    tokens: int
    words: str


def _embedded(recipe: Recipe, existing: Existing, works: Sequence[Work]) -> Iterator[Embedded]:
    """Every record that is made, and everything known, each once, for every check that asks a model for vectors."""
    last = recipe.sameness()[-1].step
    for same, work in zip(recipe.sameness(), works, strict=False):
        for path, check in same.checks:
            if isinstance(check, SemanticDuplicate) and check.more_models():
                columns, made = same.compared(check), work.attempts * work.per_call
                everywhere = existing.known if same.step == last else []
                sources = [source() for source in (*everywhere, *existing.against.get(path, ()))]
                texts = {content(record, columns) for source in sources for record in source}
                if same.step == last:
                    texts.update(content(record, columns) for record in recipe.generator.known(existing.inputs))
                texts.discard("")
                words = f"{made:,} records and {len(texts):,} known ones embedded by {check.model}"
                known = sum(Request.to_embed(check.model, text, "").input_size() for text in texts)
                yield Embedded(check.model, made + len(texts), made * work.output_tokens + known, words)


def _assumptions(works: Sequence[Work], calls: int, input_tokens: int, *, batch: bool) -> list[str]:
    attempts = sum(work.attempts for work in works)
    asked = sum(work.asked * work.attempts for work in works) / max(1, attempts)
    several = [f"{asked:.1f} calls an attempt, as with answers that fit"] if asked > 1 else []
    mean = round(input_tokens / max(1, calls))
    written = " or ".join(dict.fromkeys(str(work.output_tokens) for work in works))
    return [
        f"{ATTEMPTS_PER_RECORD:g} attempts for each record (rejected and repeated ones are asked for again)",
        *several,
        f"{mean:,} input tokens a call: the mean of {SAMPLE} prompts, four characters a token",
        f"{written} output tokens a record",
        f"prices of {table_date()} from Seedbed's table, or the recipe's own",
        *(["half of them, for batches (vectors excepted)"] if batch else []),
    ]


def _cost(
    recipe: Recipe, prices: Mapping[str, Price | None], usage: Usage, embedded: Sequence[Embedded]
) -> float | None:
    total_weight = sum(recipe.model.values())
    cost = 0.0
    for name, weight in recipe.model.items():
        price = prices[name]
        if price is None:
            return None
        share = weight / total_weight
        cost += price.cost(Usage(round(usage.input_tokens * share), round(usage.output_tokens * share)))
    for one in embedded:
        price = prices[one.model]
        if price is None:
            return None
        cost += price.cost(Usage(one.tokens, 0))
    return round(cost, 6)


class _Trial:
    """Some attempts of every step, answered by nobody but a script that follows schemas."""

    def __init__(self, recipe: Recipe, door: ModelDoor, existing: Existing, wanted: Quota) -> None:
        self._recipe = recipe
        self._door = door
        self._quota = wanted
        self._pool = pool_of(recipe, existing)
        self._sizes: list[int] = []
        self._scripted = Scripted()

    async def works(self) -> list[Work]:
        """What each step takes."""
        generator, found = self._recipe.generator, []
        for step, line in lines_of(self._recipe).items():
            cells = [
                (values, cell.wanted)
                for cell in self._quota.cells
                if cell.wanted and (values := self._quota.as_dict(cell)).get(STEP, step) == step
            ]
            part = generator.of_name(step) if isinstance(generator, Steps) else generator
            if cells:
                found.append(await self._work(part, line, cells))
        return found

    async def _work(self, part: Generator, line: Line, cells: list[tuple[dict[str, str], int]]) -> Work:
        self._sizes.clear()
        made = 0
        for number in range(SAMPLE):
            made += await self._try(cells[number * len(cells) // SAMPLE][0], part.per_call(), line, number)
        sizes = self._sizes
        judged = sum(check.asks for check in line.checks)
        return Work(
            sum(wanted for _, wanted in cells),
            part.per_call(),
            len(sizes) / max(1, made),
            sum(sizes) // max(1, len(sizes)),
            judged + sum(check.asks for addition in line.additions for check in addition.line.checks),
            OUTPUT_TOKENS + (REASONING_TOKENS if getattr(part, "reasoning", False) else 0),
        )

    async def _try(self, values: dict[str, str], n: int, line: Line, number: int) -> bool:
        """Makes one attempt, if there is something to work on."""
        drawn = self._pool.draw(values, n, number) if self._pool else Drawn((), n)
        if drawn is None and isinstance(self._pool, StepPool) and self._pool.settled():
            drawn = self._pool.draw(values, n, number)
        if drawn is None:
            return False
        attempt = _attempt(self._recipe, self._door, values, drawn, number)
        context = Context(attempt, self._ask)
        for outcome in await self._recipe.generator.generate(context):
            if isinstance(outcome, Record):
                await self._pass_on(outcome, line, context)
        return True

    async def _pass_on(self, record: Record, line: Line, context: Context) -> None:
        for addition in line.additions:
            outcome = await addition.extended(record, context, 0, None)
            record = outcome if isinstance(outcome, Record) else record
        if self._pool is not None:
            record.id = f"{context.attempt.id}.{len(self._sizes)}"
            self._pool.admitted(record)

    async def _ask(self, request: Request) -> Completion:
        self._sizes.append(request.input_size())
        return await self._scripted.complete(request)


def _attempt(recipe: Recipe, door: ModelDoor, values: dict[str, str], drawn: Drawn, number: int) -> Attempt:
    name = values.get("model", next(iter(recipe.model)))
    can = replace(door.capabilities(name), json_schema=True)
    now = "2026-01-01T00:00:00+00:00"
    return Attempt("estimate", number, number, number, now, 0, values, name, drawn.n, can, inputs=drawn.inputs)
