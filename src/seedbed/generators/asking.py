"""What all generators share that ask for JSON in a chat: prompts, schemas, replies read item by item."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from random import Random
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import model_validator

from seedbed.core.attempt import Failure
from seedbed.core.items import parse_items
from seedbed.core.parsing import Unparseable
from seedbed.core.prompts import render_prompt

from .answers import chat_of, feedback, mark_repaired, unusable
from .cells import Celled, check_template
from .schemas import list_of, object_of
from .steer import bullets, flavour

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome
    from seedbed.core.chat import Completion, Message

PACKAGE = "seedbed.generators"
_GAP = re.compile(r"\n\s*\n\s*\n")
SHOWN = 3
"""Few-shot examples in a prompt."""

ALWAYS = ("instruction", "examples", "recent", "cell", "count")
"""Variables of every prompt."""


class Asking(Celled, ABC):
    """A generator that asks for JSON objects, one for each record, in a chat.

    `instruction` says in words what is wanted. A sample of `examples` goes along with each call. `system` and `prompt`
    replace the built-in texts (`seedbed prompts show KIND`): in them every axis and attribute is a variable, and so are
    {instruction}, {examples}, {recent} (texts to differ from), {cell} (the axes with their values), {count} (how many
    items this call is to bring) and those a kind has of its own.
    """

    instruction: str = ""
    examples: tuple[Any, ...] = ()
    system: str | None = None
    prompt: str | None = None

    @abstractmethod
    def fields(self) -> Mapping[str, Any]:
        """What an item holds: name → JSON Schema, in the order the model is to write it."""

    @abstractmethod
    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """The record of one item of a reply, or what is wrong with it."""

    def shape(self, attempt: Attempt) -> str:
        """An item as it is shown in the prompt."""
        return orjson.dumps(dict.fromkeys(self.item_fields(attempt), "…")).decode()

    def item_fields(self, attempt: Attempt) -> Mapping[str, Any]:
        """`fields`, where they depend on the attempt."""
        del attempt
        return self.fields()

    def item_schema(self, attempt: Attempt) -> dict[str, Any]:
        """The JSON Schema of one item."""
        return object_of(self.item_fields(attempt))

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """What the prompts of this kind hold beside what all do."""
        del attempt
        return {}

    def own_variables(self) -> tuple[str, ...]:
        """The names of those that are texts: a user's own prompt may use them."""
        return ()

    def shown(self, example: Any) -> str:
        """An example as it stands in the prompt."""
        return example if isinstance(example, str) else orjson.dumps(example).decode()

    @model_validator(mode="after")
    def _whole_prompts(self) -> Self:
        for text, where in ((self.prompt, "prompt"), (self.system, "system")):
            if text is not None:
                check_template(text, self._variables(), where)
        return self

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`."""
        attempt = context.attempt
        schema = self.reply_schema(attempt) if attempt.capabilities.json_schema else None
        completion = await context.chat(self.messages(context), schema)
        return self.read(completion, context)

    def messages(self, context: Context) -> tuple[Message, ...]:
        """The chat that asks for the attempt's items."""
        return chat_of(self._system(context), self._user(context))

    def reply_schema(self, attempt: Attempt) -> dict[str, Any]:
        """The JSON Schema a reply is to follow: an object, or several in a list."""
        item = self.item_schema(attempt)
        if attempt.n == 1:
            return item
        name = "records" if "records" not in self.item_fields(attempt) else "all_records"
        return object_of({name: list_of(item, attempt.n)})

    def read(self, completion: Completion, context: Context) -> Sequence[Outcome]:
        """The records of a reply: at most as many as were asked for, each by itself."""
        failure = unusable(completion)
        cut = failure is not None and failure.reason == "truncated" and context.attempt.n > 1
        if failure and not cut:
            return [failure] * context.attempt.n
        try:
            items = parse_items(completion.text, self.item_fields(context.attempt), cut=cut)
        except Unparseable as error:
            return [failure or Failure("unparseable", str(error))] * context.attempt.n
        read = [self._one(item, slot, context) for slot, item in enumerate(self.arranged(items.found, context.attempt))]
        read = read[: context.attempt.n]
        if not items.clean:
            mark_repaired(read)
        return read + [failure] * (context.attempt.n - len(read)) if failure else read

    def arranged(self, items: list[dict[str, Any] | None], attempt: Attempt) -> list[dict[str, Any] | None]:
        """The items of a reply in the order of the attempt's slots."""
        del attempt
        return items

    def _one(self, item: dict[str, Any] | None, slot: int, context: Context) -> Outcome:
        if item is None:
            return Failure("unparseable", f"item {slot + 1} of the reply is broken")
        return self.record(item, slot, context)

    def _system(self, context: Context) -> str:
        if self.system is not None:
            return self.own_text("system", self.system, context, "")
        return render_prompt(PACKAGE, f"{self.kind}_system", instruction=self.instruction)

    def _user(self, context: Context) -> str:
        return self.user_text(context, bullets(self.shown(example) for example in self.sample(context)))

    def user_text(self, context: Context, examples: str) -> str:
        """The user's turn."""
        if self.prompt is not None:
            own = self.own_text("prompt", self.prompt, context, examples)
            return "\n\n".join(filter(None, (own, self.feedback(context.attempt))))
        return self.render(context, examples=examples)

    def render(self, context: Context, **changes: Any) -> str:
        """The built-in prompt of this kind."""
        attempt = context.attempt
        values = {
            "instruction": self.instruction,
            "recent": bullets(recent.text for recent in attempt.recent) if self.varied else "",
            "previous": self.feedback(attempt),
            "cell": self.cell_list(self.asked(attempt.cell) | self.draw(context)),
            "n": attempt.n,
            "vary": flavour(attempt.seed) if attempt.steered else "",
            "shape": self.shape(attempt),
        }
        text = render_prompt(PACKAGE, self.kind, **{**values, **self.variables(attempt), **changes})
        return _GAP.sub("\n\n", text)

    def sample(self, context: Context) -> Sequence[Any]:
        """Some of the examples."""
        return context.rng.sample(self.examples, min(SHOWN, len(self.examples)))

    def feedback(self, attempt: Attempt) -> str:
        """What was wrong with an earlier answer, if there was one."""
        return feedback(attempt.previous, tuple(self.fields()))

    def own_text(self, where: str, text: str, context: Context, examples: str) -> str:
        """A text of the recipe with its variables filled in."""
        attempt = context.attempt
        own = {name: value for name, value in self.variables(attempt).items() if name in self.own_variables()}
        values = {
            **attempt.cell,
            **self.draw(context),
            **own,
            "instruction": self.instruction,
            "examples": examples,
            "recent": bullets(recent.text for recent in attempt.recent),
            "cell": self.cell_list(self.asked(attempt.cell) | self.draw(context)),
            "count": attempt.n,
        }
        return self.compiled(where, text, self._variables).render(values)

    def _variables(self) -> list[str]:
        return [*ALWAYS, *self.own_variables(), *self.values_of_axes(), *self.attributes]


def seeded(attempt: Attempt, purpose: str) -> Random:
    """Chance for one purpose, the same whenever the attempt is made again."""
    return Random(f"{attempt.seed}|{purpose}")
