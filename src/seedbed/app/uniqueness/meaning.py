"""What is known before a run's first attempt, for the comparisons by meaning: its vectors are found, or made."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from seedbed.checks.semantic import Semantic
from seedbed.core.attempt import BEFORE, Attempt, Job
from seedbed.core.chat import Request, request_hash
from seedbed.core.stored import Selection
from seedbed.core.vectors import OFFLINE, from_text
from seedbed.engine.embedding import Asked
from seedbed.engine.generate import BACKLOG
from seedbed.engine.worker import Asker
from seedbed.providers.offline import Offline

from .comparing import comparisons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seedbed.checks.alike import Comparison
    from seedbed.core.ports import Models
    from seedbed.core.record import Record
    from seedbed.core.stored import Store
    from seedbed.engine.generate import Generation
    from seedbed.engine.redaction import Redaction
    from seedbed.recipe.document import Recipe

    from ..existing import Existing

OWN = {OFFLINE: Offline()}
"""The embedding models of this process."""

AT_ONCE = 500
"""Known texts that are embedded together; how many are asked for at the same time the connection's limits say."""


@dataclass(slots=True)
class Learning:
    """Where known records are found, and who is asked for what their texts mean; `redaction` is what those are not to
    see."""

    recipe: Recipe
    existing: Existing
    store: Store
    models: Models
    generation: Generation
    say: Callable[[str], None]
    redaction: Redaction | None = None


async def learn(learning: Learning) -> None:
    """Makes known by meaning what a run begins with: records of files and datasets, and those it has accepted.

    Vectors of the offline model are made anew. Those of a model that is asked are looked for among the run's stored
    answers: a record's own is there with its attempt's calls. What is lacking, such as that of a file's records, is
    asked for once, before the first attempt, and stored like every answer. Where that does not succeed there will be no
    attempt, so the models are closed.

    Raises:
        ProviderError: a model did not answer.
        BudgetSpent: it may not be asked.
    """
    learned = False
    try:
        for step, comparison in comparisons(learning.generation.desk.novelty):
            if isinstance(comparison.novelty, Semantic):
                await _learn(comparison.novelty, _known(learning, step, comparison), learning)
        learned = True
    finally:
        if not learned:
            await learning.models.aclose()


async def _learn(novelty: Semantic, records: Iterator[Record], learning: Learning) -> None:
    if novelty.model in OWN:
        await _embed(novelty, records)
    else:
        await _look_up(novelty, records, learning)


def _known(learning: Learning, step: str, comparison: Comparison) -> Iterator[Record]:
    """Records from elsewhere, without names, then those the step has made in the run."""
    existing, last = learning.existing, step == learning.recipe.sameness()[-1].step
    for source in (*(existing.known if last else ()), *existing.against.get(comparison.place, ())):
        for record in source():
            record.id = ""
            yield record
    if last:
        yield from learning.recipe.generator.known(existing.inputs)
    yield from learning.store.records(Selection(run=learning.generation.target.run, step=step))


async def _embed(novelty: Semantic, records: Iterator[Record]) -> None:
    while some := await asyncio.to_thread(lambda: list(islice(records, AT_ONCE))):
        found = [(record.id, novelty.features(record).text) for record in some]
        vectors = await OWN[novelty.model].embed([text for _, text in found])
        for (name, _), vector in zip(found, vectors, strict=True):
            novelty.add(name, vector)


async def _look_up(novelty: Semantic, records: Iterable[Record], learning: Learning) -> None:
    wanted = await asyncio.to_thread(_wanted, novelty, records, learning.redaction)
    await asyncio.to_thread(_recall, novelty, wanted, learning)
    rest = iter(list(wanted.values()))
    if wanted:
        learning.say(f"{novelty.model} embeds {len(wanted):,} known records first.")
    while some := list(islice(rest, AT_ONCE)):
        vectors = await asyncio.gather(*(_asked(novelty, text, learning) for _, text in some), return_exceptions=True)
        for (name, _), vector in zip(some, vectors, strict=True):
            if isinstance(vector, BaseException):
                raise vector
            novelty.add(name, vector)
        if learning.generation.desk.journal.backlog > BACKLOG:
            await learning.generation.desk.journal.flush()


def _wanted(novelty: Semantic, records: Iterable[Record], redaction: Redaction | None) -> dict[str, tuple[str, str]]:
    """Name and text of the first record of each text, by the hash of the question for its vector."""
    wanted: dict[str, tuple[str, str]] = {}
    for record in records:
        text = novelty.features(record).text
        if text:
            question = Request.to_embed(novelty.model, text, "")
            sent = redaction.sent(question) if redaction else question
            wanted.setdefault(request_hash(sent.to_json()), (record.id, text))
    return wanted


def _recall(novelty: Semantic, wanted: dict[str, tuple[str, str]], learning: Learning) -> None:
    """Takes what was answered before out of the wanted."""
    if not wanted:
        return
    for name, answer in learning.store.answers(learning.generation.target.run, novelty.model):
        if name in wanted:
            novelty.add(wanted.pop(name)[0], from_text(answer.text))


async def _asked(novelty: Semantic, text: str, learning: Learning) -> bytes:
    generation = learning.generation
    name = request_hash(text.encode())
    before = Attempt(generation.target.run, BEFORE, 0, 0, "", 0, {}, novelty.model, 0)
    ask = Asker(Job(before), learning.models, generation.desk.budget, generation.book)
    masked = learning.redaction.over(ask) if learning.redaction else ask
    [vector] = await Asked(masked, novelty.model, f"{generation.target.run}:{name}").embed([text])
    return vector
