"""One prompt, many distinct texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.chat import Message
from seedbed.core.part import Generator, Name, Task
from seedbed.core.prompts import render_prompt
from seedbed.core.template import Template

from .answers import text_schema, to_records
from .steer import DETAILS, OPENINGS, bullets

if TYPE_CHECKING:
    from seedbed.core.attempt import Context, Failure
    from seedbed.core.record import Record

BUILTINS = ("current_date", "current_time", "random_id")


class Prompt(Generator):
    """`count` distinct texts from one `prompt`, which may hold {current_date}, {current_time} and {random_id}.

    `system` replaces the built-in system text. A sample of `examples` goes along with each call.
    """

    kind: ClassVar[str] = "prompt"
    prompt: Annotated[str, Field(min_length=1)]
    system: str | None = None
    examples: tuple[Name, ...] = ()

    def task(self) -> Task:
        """See `Generator.task`."""
        return Task(self.prompt, examples=self.examples)

    async def generate(self, context: Context) -> list[Record | Failure]:
        """See `Generator.generate`."""
        attempt, rng = context.attempt, context.rng
        builtins = {
            "current_date": attempt.now[:10],
            "current_time": attempt.now[11:16],
            "random_id": f"{rng.getrandbits(48):012x}",
        }
        shown = rng.sample(self.examples, min(3, len(self.examples)))
        text = render_prompt(
            "seedbed.generators",
            "prompt",
            task=Template(self.prompt, BUILTINS, "generator.prompt", strict=False).render(builtins),
            examples=bullets(shown),
            recent=bullets(recent.text for recent in attempt.recent),
            detail=rng.choice(DETAILS) if attempt.steered and attempt.recent else "",
            opening=rng.choice(OPENINGS) if attempt.steered and len(attempt.recent) > 3 else "",
            structured=attempt.capabilities.json_schema,
        )
        messages: list[Message] = [Message(role="user", content=text)]
        if self.system:
            messages.insert(0, Message(role="system", content=self.system))
        schema = text_schema(("text",)) if attempt.capabilities.json_schema else None
        completion = await context.chat(tuple(messages), schema)
        return to_records(completion, ["text"], {}, literal=True, strict=attempt.strict, structured=schema is not None)
