"""The calls of an attempt that makes several: each is put once more, a little differently, where it brought nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from seedbed.core.attempt import Failure

from .answers import mark_repaired, unusable
from .asking import seeded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.attempt import Context
    from seedbed.core.chat import Completion, Message
    from seedbed.core.record import Record

TRIES = 2
"""So often a question is put. One spoiled reply would otherwise cost all the calls before it."""

WARMER = 0.3
"""By how much the temperature rises the second time: the same question would get the same answer at zero."""

JUDGING: dict[str, Any] = {"temperature": 0.0, "top_p": None, "stop": ()}
"""How a model is asked that is to judge and not to write."""

Found = TypeVar("Found")


class Calls:
    """Asks the attempt's questions one after the other; the engine remembers each answer by itself.

    `repaired` says whether a reply had to be mended, or asked for again.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self.repaired = False

    async def ask(
        self,
        purpose: str,
        messages: tuple[Message, ...],
        read: Callable[[Completion], Found | Failure],
        schema: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Found | Failure:
        """What `read` makes of the answer.

        `purpose` (its own for every question) makes the seed of the request. The schema goes along where the model can
        be held to it; of another model than the attempt's only its provider knows that.
        """
        found: Found | Failure = Failure("unparseable")
        schema = schema if self._context.attempt.capabilities.json_schema or changes.get("model") else None
        for again in range(TRIES):
            completion = await self._context.chat(messages, schema, **self._varied(purpose, again, changes))
            found = unusable(completion) or read(completion)
            if not isinstance(found, Failure) or found.reason == "refusal":
                return found
            self.repaired = True
        return found

    def mark(self, record: Record) -> Record:
        """The record, which notes if any reply on the way to it had to be mended."""
        if self.repaired:
            mark_repaired([record])
        return record

    def _varied(self, purpose: str, again: int, changes: Mapping[str, Any]) -> dict[str, Any]:
        attempt = self._context.attempt
        varied = dict(changes)
        if attempt.capabilities.seed:
            varied["seed"] = seeded(attempt, f"{purpose}|{again}").getrandbits(31)
        temperature = changes.get("temperature", attempt.sampling.temperature)
        if again and temperature is not None:
            varied["temperature"] = max(temperature, min(1.0, round(temperature + WARMER, 3)))
        return varied
