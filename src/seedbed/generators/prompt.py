"""One prompt, many distinct texts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.part import Name, Task
from seedbed.core.prompts import render_prompt
from seedbed.core.template import Template

from .answers import Reading, chat_of, feedback, to_records
from .cells import Celled
from .schemas import text_schema
from .steer import DETAILS, OPENINGS, bullets

if TYPE_CHECKING:
    from seedbed.core.attempt import Context, Failure
    from seedbed.core.record import Record

BUILTINS = ("current_date", "current_time", "random_id", "count")


class Prompt(Celled):
    """`count` distinct texts from one `prompt`, which may hold {current_date}, {current_time}, {random_id}, {count}
    (how many texts this call is to bring) and every axis and attribute.

    `instruction` is put before it. `system` replaces the built-in system text. A sample of `examples` goes along with
    each call.
    """

    kind: ClassVar[str] = "prompt"
    adds: ClassVar[bool] = True
    reserved: ClassVar[frozenset[str]] = frozenset({"text"})
    prompt: Annotated[str, Field(min_length=1)]
    instruction: str = ""
    system: str | None = None
    examples: tuple[Name, ...] = ()

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return ["text", *self.axes]

    def task(self) -> Task:
        """See `Generator.task`."""
        return Task(self.prompt, examples=self.examples)

    async def generate(self, context: Context) -> list[Record | Failure]:
        """See `Generator.generate`."""
        attempt, rng = context.attempt, context.rng
        cell = self.asked(attempt.cell) | self.draw(context)
        values = {
            "current_date": attempt.now[:10],
            "current_time": attempt.now[11:16],
            "random_id": f"{rng.getrandbits(48):012x}",
            "count": attempt.n,
            **cell,
        }
        shown = rng.sample(self.examples, min(3, len(self.examples)))
        task = self._template.render(values)
        unsaid = {name: value for name, value in cell.items() if name not in self._template.variables}
        text = render_prompt(
            "seedbed.generators",
            "prompt",
            task=f"{self.instruction}\n\n{task}" if self.instruction else task,
            cell=self.cell_list(unsaid),
            examples=bullets(shown),
            recent=bullets(recent.text for recent in attempt.recent),
            previous=feedback(attempt.previous, ("text",)),
            detail=rng.choice(DETAILS) if attempt.steered and attempt.recent else "",
            opening=rng.choice(OPENINGS) if attempt.steered and len(attempt.recent) > 3 else "",
            structured=attempt.capabilities.json_schema,
            n=attempt.n,
        )
        schema = text_schema(("text",), attempt.n) if attempt.capabilities.json_schema else None
        completion = await context.chat(chat_of(self.system, text), schema)
        how = Reading(attempt.n, literal=attempt.n == 1, strict=attempt.strict, structured=schema is not None)
        return to_records(completion, ["text"], self.asked(attempt.cell), how)

    @cached_property
    def _template(self) -> Template:
        known = (*BUILTINS, *self.axes, *self.attributes)
        return Template(self.prompt, known, "generator.prompt", strict=False)
