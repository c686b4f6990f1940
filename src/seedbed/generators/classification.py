"""Texts for labels × categories × types × any further axes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from seedbed.core.attempt import Failure
from seedbed.core.part import Name, Settings, Task
from seedbed.core.prompts import render_prompt
from seedbed.core.quota import Axis
from seedbed.core.template import Template

from .answers import Reading, chat_of, feedback, to_records, unusable
from .cells import Celled, Described, check_known, check_names, check_template
from .raw import raw_prompt, raw_text
from .schemas import text_schema
from .steer import bullets, listed, variation

if TYPE_CHECKING:
    from typing import Self

    from seedbed.core.attempt import Context
    from seedbed.core.record import Record

SHOWN = 4
"""Few-shot examples in a chat prompt."""

RAW_TOKENS = 200
"""The most a raw completion may write; it ends with its line."""


def _typed(value: Any) -> Any:
    """A list of categories is a mapping to no types."""
    if not isinstance(value, list | tuple | dict):
        raise ValueError("must be a list of names, or a mapping of names to lists of types")  # noqa: TRY004 - pydantic's
    check_names(value)
    named = value if isinstance(value, dict) else dict.fromkeys(value)
    typed = {name: () if types in (None, "") else types for name, types in named.items()}
    for types in typed.values():
        check_names(types if isinstance(types, list | tuple) else ())
    return typed


class Example(Settings):
    """A few-shot example: a text with the values it stands for, those of further axes and attributes included."""

    model_config = ConfigDict(frozen=True, extra="allow")

    text: Name
    label: Name
    category: Name | None = None
    type: Name | None = None
    reasoning: str | None = None

    def topic(self) -> str:
        """What it is about, beside its label."""
        return ", ".join(str(part) for part in (self.category, self.type, *(self.model_extra or {}).values()) if part)


class Classification(Celled):
    """One text per record, written for a label and, if there are any, a category, its type and further axes.

    `attributes` (name → values) vary the texts: one value of each is drawn for every prompt; they are no columns.
    `ratios` are weights per axis (`label`, `category`, `type`, further axes, `model`); what is not named weighs 1.
    `system` and `prompt` replace the built-in texts; every axis is a variable in them, and so are {description},
    {instruction}, {examples}, {recent} and {count}.
    """

    kind: ClassVar[str] = "classification"
    reserved: ClassVar[frozenset[str]] = frozenset({"text", "reasoning", "label", "category", "type"})
    instruction: Annotated[str, Field(min_length=1)]
    labels: Described
    categories: Annotated[dict[Name, tuple[Name, ...]], BeforeValidator(_typed)] = {}
    examples: tuple[Example, ...] = ()
    reasoning: bool = False
    system: str | None = None
    prompt: str | None = None

    @model_validator(mode="after")
    def _known_values(self) -> Self:
        known = self.own_values()
        fields = [*Example.model_fields, *self.axes, *self.attributes]
        for i, example in enumerate(self.examples):
            check_known(f"examples.{i}.label", "label", [example.label], known["label"])
            check_known(f"examples.{i}", "field", example.model_extra or {}, fields)
        for text, where in ((self.prompt, "prompt"), (self.system, "system")):
            if text is not None:
                check_template(text, self._variables(), where)
        return self

    def own_values(self) -> dict[str, list[str]]:
        """See `Celled.own_values`."""
        found = {"label": list(self.labels)}
        if self.categories:
            found["category"] = list(self.categories)
            found["type"] = [name for types in self.categories.values() for name in types]
        return found

    def own_axes(self) -> list[Axis]:
        """See `Celled.own_axes`."""
        axes = [Axis.of("label", self.weights("label", self.labels))]
        if self.categories:
            axes.append(Axis.of("category", self.weights("category", self.categories)))
        if any(self.categories.values()):
            types = {name: self.weights("type", types) for name, types in self.categories.items() if types}
            axes.append(Axis("type", types, "category"))
        return axes

    def groups(self, axis: str) -> list[list[str]]:
        """See `Celled.groups`: types are weighed within their category."""
        return [list(types) for types in self.categories.values()] if axis == "type" else super().groups(axis)

    def descriptions(self) -> dict[str, dict[str, str]]:
        """See `Celled.descriptions`."""
        return {"label": self.labels, **self.axes}

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        axes = [axis.name for axis in self.quota_axes()]
        return ["text", *axes, *(["reasoning"] if self.reasoning else [])]

    def task(self) -> Task:
        """See `Generator.task`."""
        texts = tuple(example.text for example in self.examples)
        return Task(self.instruction, self.labels, texts, tuple(example.label for example in self.examples))

    async def generate(self, context: Context) -> list[Record | Failure]:
        """See `Generator.generate`."""
        capabilities = context.attempt.capabilities
        plain = not (self.prompt or self.system or self.reasoning or context.attempt.strict)
        if capabilities.prefers_raw and plain and context.attempt.n == 1:
            same = [example for example in self.examples if example.label == context.attempt.cell["label"]]
            if same:
                return await self._complete(context, same)
        return await self._chat(context)

    async def _complete(self, context: Context, same: list[Example]) -> list[Record | Failure]:
        """Same-label examples in a raw completion: what small models follow best."""
        attempt = context.attempt
        completion = await context.complete(
            raw_prompt(self.instruction, attempt, self.labels[attempt.cell["label"]], same, self.draw(context)),
            stop=("\n",),
            max_tokens=min(attempt.sampling.max_tokens or RAW_TOKENS, RAW_TOKENS),
        )
        failure = unusable(completion)
        if failure:
            return [failure]
        completion = raw_text(completion)
        return to_records(completion, ["text"], self.asked(attempt.cell), Reading(literal=True))

    async def _chat(self, context: Context) -> list[Record | Failure]:
        attempt = context.attempt
        fields = ["text", "reasoning"] if self.reasoning else ["text"]
        messages = chat_of(self._system(context), self._user(context))
        order = ["reasoning", "text"] if self.reasoning else ["text"]
        schema = text_schema(tuple(order), attempt.n) if attempt.capabilities.json_schema else None
        completion = await context.chat(messages, schema)
        how = Reading(attempt.n, strict=attempt.strict, structured=schema is not None)
        return to_records(completion, fields, self.asked(attempt.cell), how)

    def _user(self, context: Context) -> str:
        attempt = context.attempt
        drawn = self.draw(context)
        examples = self._sample(context)
        recent = bullets(recent.text for recent in attempt.recent)
        previous = feedback(attempt.previous, ("text", "reasoning"))
        if self.prompt is not None:
            shown = bullets(f"{example.text} ({example.label})" for example in examples)
            own = self._own("prompt", self.prompt, {**attempt.cell, **drawn, "count": attempt.n}, shown, recent)
            return f"{own}\n\n{previous}" if previous else own
        shown_parts = (bool(examples), bool(recent), bool(previous))
        shape = (*shown_parts, attempt.steered, attempt.capabilities.json_schema, attempt.n)
        return self._shapes(shape).render(
            {
                "cell_": self.cell_list(self.asked(attempt.cell) | drawn),
                "examples_": bullets(self._shown(example) for example in examples) if examples else "",
                "recent_": recent,
                "previous_": previous,
                "vary_": variation(attempt.seed) if attempt.steered else "",
            }
        )

    def _shapes(self, shape: tuple[bool, bool, bool, bool, bool, int]) -> Template:
        """The built-in prompt with its constant parts filled in, once for each shape it can take."""
        known: dict[tuple[int, ...], Template] = self._compiled
        if shape not in known:
            examples, recent, previous, vary, structured, n = shape
            text = render_prompt(
                "seedbed.generators",
                "classification_user",
                instruction=self.instruction,
                labels=self._label_list,
                cell="{cell_}",
                examples=examples and "{examples_}",
                recent=recent and "{recent_}",
                previous=previous and "{previous_}",
                vary=vary and "{vary_}",
                reasoning=self.reasoning,
                structured=structured,
                n=n,
            )
            names = ("cell_", "examples_", "recent_", "previous_", "vary_")
            known[shape] = Template(text, names, "prompt", strict=False)
        return known[shape]

    @cached_property
    def _compiled(self) -> dict[tuple[int, ...], Template]:
        return {}

    def _system(self, context: Context) -> str:
        if self.system is None:
            return self._built_in_system
        return self._own("system", self.system, context.attempt.cell | self.draw(context), "", "")

    def _own(self, where: str, text: str, values: dict[str, Any], examples: str, recent: str) -> str:
        """A text of the recipe with its variables filled in."""
        known = {"description": self.labels[values["label"]], "instruction": self.instruction}
        template = self.compiled(where, text, self._variables)
        return template.render({**values, **known, "examples": examples, "recent": recent})

    def _shown(self, example: Example) -> str:
        why = f" ({example.reasoning})" if self.reasoning and example.reasoning else ""
        return f"{example.text} → {example.label}{why}"

    @cached_property
    def _label_list(self) -> str:
        return listed(self.labels)

    @cached_property
    def _built_in_system(self) -> str:
        return render_prompt("seedbed.generators", "classification_system", instruction=self.instruction)

    def _sample(self, context: Context) -> list[Example]:
        """Some examples, most of them of the cell's own label."""
        if not self.examples:
            return []
        cell, rng = context.attempt.cell, context.rng
        own = [example for example in self.examples if example.label == cell["label"]]
        others = [example for example in self.examples if example.label != cell["label"]]
        chosen = rng.sample(own, min(len(own), SHOWN - 1))
        chosen += rng.sample(others, min(len(others), SHOWN - len(chosen)))
        rng.shuffle(chosen)
        return chosen

    def _variables(self) -> list[str]:
        fixed = ("label", "category", "type", "description", "instruction", "examples", "recent", "count")
        return [*fixed, *self.axes, *self.attributes]
