"""Lists that a model is asked for: values of slots, further templates. Few plain questions, nothing is kept of them."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seedbed.core.chat import Message, Request
from seedbed.core.parsing import Unparseable, parse_reply

from ..connections import reach
from ..models import ModelDoor, own

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from ..workspace import Workspace

ROUNDS = 3
"""Questions for one thing: what is still lacking is asked for again so often."""

AT_ONCE = 40
"""Items that one question asks for at most."""

TEMPERATURE = 0.9
TOKENS = 60
"""Output tokens for one item."""

LONGEST = 1_000
_MARK = re.compile(r"\s*(?:[-*•]|\(?\d{1,3}[.):])\s+")


def unsaid(_: str) -> None:
    """For callers who do not want to hear of downloads and the like."""


@dataclass(slots=True)
class Questions:
    """A model that is ready to be asked; `calls` counts the questions."""

    door: ModelDoor
    model: str
    calls: int = 0

    async def items(self, prompt: str, name: str, count: int) -> list[str]:
        """The items of one reply, as they are; none if it cannot be read.

        Args:
            prompt: asks for them.
            name: what they are called in the reply's JSON, in the plural.
            count: how many are asked for.

        Raises:
            ProviderError: the model does not answer.
        """
        self.calls += 1
        known = self.door.capabilities(self.model)
        request = Request(
            self.model,
            (Message(role="user", content=prompt),),
            schema=_schema(name, count) if known.json_schema else None,
            temperature=TEMPERATURE,
            max_tokens=200 + TOKENS * count,
            seed=self.calls if known.seed else None,
        )
        completion = await self.door.complete(request)
        if completion.finish_reason != "stop":
            return []
        return _items(completion.text, name.removesuffix("s"))


@asynccontextmanager
async def questions(workspace: Workspace, model: str, say: Callable[[str], None]) -> AsyncIterator[Questions]:
    """A model made ready, which may mean a download that `say` hears of.

    Raises:
        InputError: the model or its connection is not known.
    """
    door = ModelDoor(reach(workspace, model), [model], lend=own(workspace.settings.files))
    door.hurry()
    try:
        await door.prepare(say)
        yield Questions(door, model)
    finally:
        await door.aclose()


def _schema(name: str, count: int) -> dict[str, Any]:
    item = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    several = {"type": "array", "items": item, "minItems": count, "maxItems": count}
    return {"type": "object", "properties": {name: several}, "required": [name], "additionalProperties": False}


def _items(reply: str, field: str) -> list[str]:
    """The items of a JSON list, or the lines of a plain one."""
    try:
        found = [item[field] for item in parse_reply(reply, (field,), 10 * AT_ONCE)]
    except Unparseable:
        return []
    if len(found) == 1 and "\n" in found[0]:
        found = found[0].splitlines()
    return [_MARK.sub("", line, count=1).strip().strip('"“”') for line in found if line.strip()]
