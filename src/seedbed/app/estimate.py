"""What a recipe will take, before it is run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.checks.alike import content
from seedbed.checks.semantic import SemanticDuplicate
from seedbed.core.attempt import Attempt, Context
from seedbed.core.chat import Completion, Request, Usage
from seedbed.core.pool import Drawn
from seedbed.core.run import Accounts
from seedbed.providers.prices import table_date
from seedbed.providers.scripted import Scripted

from .books import wanted_of
from .build import all_checks, means_of
from .existing import read_existing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from seedbed.engine.recipe import Recipe
    from seedbed.providers.prices import Price

    from .existing import Existing
    from .inputs import Inputs
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
    attempts = ceil(wanted.wanted * ATTEMPTS_PER_RECORD / recipe.generator.per_call())
    asked = asyncio.run(_asked(recipe, means.door, existing.inputs))
    output_tokens = OUTPUT_TOKENS + (REASONING_TOKENS if getattr(recipe.generator, "reasoning", False) else 0)
    judged = sum(check.asks for check in all_checks(recipe)) * recipe.generator.per_call()
    calls = round(attempts * (asked.calls + judged))
    answers = round(attempts * (output_tokens * max(asked.calls, recipe.generator.per_call()) + 2 * judged))
    usage = Usage(calls * asked.tokens, answers)
    made = attempts * recipe.generator.per_call()
    embedded = [_embedded(recipe, i, existing, made, output_tokens) for i in _embedding(recipe)]
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
        "assumptions": [*_assumptions(asked, output_tokens), *(one.words for one in embedded)],
    }


class Asked(NamedTuple):
    """What some attempts asked, not sent anywhere: calls of an attempt, input tokens of a call, on average."""

    calls: float
    tokens: int


class Embedded(NamedTuple):
    """What one check's vectors take that are asked for: calls, input tokens in all, and how that was reckoned."""

    model: str
    calls: int
    tokens: int
    words: str


def _embedding(recipe: Recipe) -> list[int]:
    """The places of the checks that ask a model for vectors."""
    return [i for i, check in enumerate(recipe.checks) if isinstance(check, SemanticDuplicate) and check.more_models()]


def _embedded(recipe: Recipe, place: int, existing: Existing, made: int, tokens: int) -> Embedded:
    """Every record that is made, and everything known, each once."""
    check = recipe.checks[place]
    assert isinstance(check, SemanticDuplicate)
    columns = recipe.compared(check)
    sources = [source() for source in (*existing.known, *existing.against.get(place, ()))]
    texts = {content(record, columns) for source in sources for record in source}
    texts.update(content(record, columns) for record in recipe.generator.known(existing.inputs))
    texts.discard("")
    words = f"{made:,} records and {len(texts):,} known ones embedded by {check.model}"
    known = sum(Request.to_embed(check.model, text, "").input_size() for text in texts)
    return Embedded(check.model, made + len(texts), made * tokens + known, words)


def _assumptions(asked: Asked, output_tokens: int) -> list[str]:
    several = [f"{asked.calls:.1f} calls an attempt, as with answers that fit"] if asked.calls > 1 else []
    return [
        f"{ATTEMPTS_PER_RECORD:g} attempts for each record (rejected and repeated ones are asked for again)",
        *several,
        f"{asked.tokens:,} input tokens a call: the mean of {SAMPLE} prompts, four characters a token",
        f"{output_tokens} output tokens a record",
        f"prices of {table_date()} from Seedbed's table, or the recipe's own",
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


async def _asked(recipe: Recipe, door: ModelDoor, inputs: Inputs) -> Asked:
    """The mean size of some prompts and how many there are, answered by nobody but a script that follows schemas."""
    sizes: list[int] = []
    scripted = Scripted()

    async def ask(request: Request) -> Completion:
        sizes.append(request.input_size())
        return await scripted.complete(request)

    quota, pool, made = recipe.quota(inputs), recipe.generator.pool(inputs), 0
    cells = [cell for cell in quota.cells if cell.wanted]
    for number in range(SAMPLE):
        values = quota.as_dict(cells[number * len(cells) // SAMPLE])
        n = recipe.generator.per_call()
        drawn = pool.draw(values, n, number) if pool else Drawn((), n)
        if drawn is not None:
            made += 1
            await recipe.generator.generate(Context(_attempt(recipe, door, values, drawn, number), ask))
    return Asked(max(1.0, len(sizes) / max(1, made)), sum(sizes) // max(1, len(sizes)))


def _attempt(recipe: Recipe, door: ModelDoor, values: dict[str, str], drawn: Drawn, number: int) -> Attempt:
    name = values.get("model", next(iter(recipe.model)))
    can = replace(door.capabilities(name), json_schema=True)
    now = "2026-01-01T00:00:00+00:00"
    return Attempt("estimate", number, number, number, now, 0, values, name, drawn.n, can, inputs=drawn.inputs)
