"""Texts for labels × categories × types × any further axes."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from seedbed.core.apportion import as_fraction
from seedbed.core.attempt import Failure
from seedbed.core.chat import Message
from seedbed.core.errors import InputError, nearest
from seedbed.core.part import Generator, Name, Settings, Share, Task
from seedbed.core.prompts import render_prompt
from seedbed.core.quota import Axis
from seedbed.core.template import Template

from .answers import text_schema, to_records, unusable
from .raw import raw_prompt, raw_text
from .steer import bullets, variation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from seedbed.core.attempt import Context
    from seedbed.core.record import Record

RESERVED = frozenset(
    {"text", "reasoning", "model", "id", "state", "tags", "origin", "label", "category", "type", "spans"}
)
SHOWN = 4
"""Few-shot examples in a chat prompt."""

MOST_CELLS = 10_000
"""Descriptions of cells that are kept."""

RAW_TOKENS = 200
"""The most a raw completion may write; it ends with its line."""


def _described(value: Any) -> Any:
    """A list of names is a mapping to empty descriptions."""
    if not isinstance(value, list | tuple | dict):
        raise ValueError("must be a list of names, or a mapping of names to descriptions")  # noqa: TRY004 - pydantic's
    _check_names(value)
    named = value if isinstance(value, dict) else dict.fromkeys(value)
    return {name: "" if text is None else text for name, text in named.items()}


def _typed(value: Any) -> Any:
    """A list of categories is a mapping to no types."""
    if not isinstance(value, list | tuple | dict):
        raise ValueError("must be a list of names, or a mapping of names to lists of types")  # noqa: TRY004 - pydantic's
    _check_names(value)
    named = value if isinstance(value, dict) else dict.fromkeys(value)
    typed = {name: () if types in (None, "") else types for name, types in named.items()}
    for types in typed.values():
        _check_names(types if isinstance(types, list | tuple) else ())
    return typed


def _check_names(names: Iterable[Any]) -> None:
    seen: set[str] = set()
    for name in names:
        plain = not isinstance(name, list | tuple | dict)
        if not plain or str(name).strip() in seen:
            hint = "what is said about names needs a mapping (name: …), not a list"
            raise ValueError(f"`{name}` is listed twice" if plain else f"{name} is no name; {hint}")
        seen.add(str(name).strip())


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


class Classification(Generator):
    """One text per record, written for a label and, if there are any, a category, its type and further axes.

    `attributes` (name → values) vary the texts: one value of each is drawn for every prompt; they are no columns.
    `ratios` are weights per axis (`label`, `category`, `type`, further axes, `model`); what is not named weighs 1.
    `system` and `prompt` replace the built-in texts; every axis is a variable in them, and so are {description},
    {instruction}, {examples} and {recent}.
    """

    kind: ClassVar[str] = "classification"
    instruction: Annotated[str, Field(min_length=1)]
    labels: Annotated[dict[Name, str], BeforeValidator(_described), Field(min_length=1)]
    categories: Annotated[dict[Name, tuple[Name, ...]], BeforeValidator(_typed)] = {}
    axes: dict[Name, Annotated[dict[Name, str], BeforeValidator(_described), Field(min_length=1)]] = {}
    ratios: dict[str, dict[Name, Share]] = {}
    attributes: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = {}
    examples: tuple[Example, ...] = ()
    reasoning: bool = False
    system: str | None = None
    prompt: str | None = None

    @field_validator("axes", "attributes")
    @classmethod
    def _free_names(cls, named: dict[str, Any]) -> dict[str, Any]:
        for name in named:
            if name in RESERVED:
                raise ValueError(f"`{name}` is a column of its own and cannot be a further axis or attribute")
        return named

    @model_validator(mode="after")
    def _known_values(self) -> Self:
        for name in self.attributes:
            if name in self.axes:
                raise ValueError(f"attributes: `{name}` is an axis already")
        known = self._values()
        for axis, weights in self.ratios.items():
            if axis == "model":
                continue
            if axis not in known:
                raise ValueError(f"ratios: there is no axis `{axis}`. {nearest(axis, [*known, 'model'])}")
            _known(f"ratios.{axis}", axis, weights, known[axis])
            groups = self.categories.values() if axis == "type" else [known[axis]]
            if any(group and not any(weights.get(name, 1) for name in group) for group in groups):
                raise ValueError(f"ratios.{axis}: all weights are zero")
        fields = [*Example.model_fields, *self.axes, *self.attributes]
        for i, example in enumerate(self.examples):
            _known(f"examples.{i}.label", "label", [example.label], known["label"])
            _known(f"examples.{i}", "field", example.model_extra or {}, fields)
        for text, where in ((self.prompt, "prompt"), (self.system, "system")):
            if text is not None:
                _check_template(text, self._variables(), where)
        return self

    def quota_axes(self) -> list[Axis]:
        """See `Generator.quota_axes`."""
        axes = [Axis.of("label", self._weights("label", self.labels))]
        if self.categories:
            axes.append(Axis.of("category", self._weights("category", self.categories)))
        if any(self.categories.values()):
            types = {name: self._weights("type", types) for name, types in self.categories.items() if types}
            axes.append(Axis("type", types, "category"))
        axes += [Axis.of(name, self._weights(name, values)) for name, values in self.axes.items()]
        return axes

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
        if capabilities.prefers_raw and plain:
            same = [example for example in self.examples if example.label == context.attempt.cell["label"]]
            if same:
                return await self._complete(context, same)
        return await self._chat(context)

    async def _complete(self, context: Context, same: list[Example]) -> list[Record | Failure]:
        """Same-label examples in a raw completion: what small models follow best."""
        attempt = context.attempt
        completion = await context.complete(
            raw_prompt(self.instruction, attempt, self.labels[attempt.cell["label"]], same, self._draw(context)),
            stop=("\n",),
            max_tokens=min(attempt.sampling.max_tokens or RAW_TOKENS, RAW_TOKENS),
        )
        failure = unusable(completion)
        if failure:
            return [failure]
        completion = raw_text(completion)
        return to_records(completion, ["text"], self._asked(attempt.cell), literal=True)

    async def _chat(self, context: Context) -> list[Record | Failure]:
        attempt = context.attempt
        fields = ["text", "reasoning"] if self.reasoning else ["text"]
        messages = tuple(
            Message(role=role, content=text)
            for role, text in (("system", self._system(context)), ("user", self._user(context)))
            if text
        )
        order = ["reasoning", "text"] if self.reasoning else ["text"]
        schema = text_schema(tuple(order)) if attempt.capabilities.json_schema else None
        completion = await context.chat(messages, schema)
        return to_records(completion, fields, self._asked(attempt.cell), strict=attempt.strict)

    def _asked(self, cell: dict[str, str]) -> dict[str, str]:
        return {axis: value for axis, value in cell.items() if axis != "model"} if "model" in cell else cell

    def _user(self, context: Context) -> str:
        attempt = context.attempt
        drawn = self._draw(context)
        examples = self._sample(context)
        recent = bullets(recent.text for recent in attempt.recent)
        if self.prompt is not None:
            shown = bullets(f"{example.text} ({example.label})" for example in examples)
            return self._own("prompt", self.prompt, attempt.cell | drawn, shown, recent)
        shape = (bool(examples), bool(recent), attempt.steered, attempt.capabilities.json_schema)
        return self._shapes(shape).render(
            {
                "cell_": self._cell_list(self._asked(attempt.cell) | drawn),
                "examples_": bullets(self._shown(example) for example in examples) if examples else "",
                "recent_": recent,
                "vary_": variation(attempt.seed) if attempt.steered else "",
            }
        )

    def _shapes(self, shape: tuple[bool, bool, bool, bool]) -> Template:
        """The built-in prompt with its constant parts filled in, once for each shape it can take."""
        known: dict[tuple[bool, ...], Template] = self._compiled
        if shape not in known:
            examples, recent, vary, structured = shape
            text = render_prompt(
                "seedbed.generators",
                "classification_user",
                instruction=self.instruction,
                labels=self._label_list,
                cell="{cell_}",
                examples=examples and "{examples_}",
                recent=recent and "{recent_}",
                vary=vary and "{vary_}",
                reasoning=self.reasoning,
                structured=structured,
            )
            known[shape] = Template(text, ("cell_", "examples_", "recent_", "vary_"), "prompt", strict=False)
        return known[shape]

    @cached_property
    def _compiled(self) -> dict[tuple[bool, ...], Template]:
        return {}

    def _system(self, context: Context) -> str:
        if self.system is None:
            return self._built_in_system
        return self._own("system", self.system, context.attempt.cell | self._draw(context), "", "")

    def _own(self, where: str, text: str, values: dict[str, str], examples: str, recent: str) -> str:
        """A text of the recipe with its variables filled in."""
        known = {"description": self.labels[values["label"]], "instruction": self.instruction}
        return self._template(where, text).render({**values, **known, "examples": examples, "recent": recent})

    def _shown(self, example: Example) -> str:
        why = f" ({example.reasoning})" if self.reasoning and example.reasoning else ""
        return f"{example.text} → {example.label}{why}"

    def _cell_list(self, values: dict[str, str]) -> str:
        key = tuple(values.values())
        known = self._cell_lists.get(key)
        if known is None:
            known = self._cell_lists[key] = self._describe(values)
            if len(self._cell_lists) > MOST_CELLS:
                self._cell_lists.clear()
        return known

    @cached_property
    def _cell_lists(self) -> dict[tuple[str, ...], str]:
        return {}

    def _describe(self, values: dict[str, str]) -> str:
        described = {"label": self.labels, **self.axes}
        return bullets(
            f"{axis}: {value} ({about})" if (about := described.get(axis, {}).get(value)) else f"{axis}: {value}"
            for axis, value in values.items()
        )

    @cached_property
    def _label_list(self) -> str:
        return bullets(f"{label}: {about}" if about else label for label, about in self.labels.items())

    @cached_property
    def _built_in_system(self) -> str:
        return render_prompt("seedbed.generators", "classification_system", instruction=self.instruction)

    def _draw(self, context: Context) -> dict[str, str]:
        """One value of each attribute; the same whenever the attempt is made again."""
        if not self.attributes:
            return {}
        rng = Random(context.attempt.seed)
        return {name: rng.choice(values) for name, values in self.attributes.items()}

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

    def _template(self, where: str, text: str) -> Template:
        if where not in self._templates:
            self._templates[where] = Template(text, self._variables(), where)
        return self._templates[where]

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {}

    def _variables(self) -> list[str]:
        fixed = ("label", "category", "type", "description", "instruction", "examples", "recent")
        return [*fixed, *self.axes, *self.attributes]

    def _values(self) -> dict[str, list[str]]:
        """Axis → its values."""
        found = {"label": list(self.labels)}
        if self.categories:
            found["category"] = list(self.categories)
            found["type"] = [name for types in self.categories.values() for name in types]
        return found | {name: list(values) for name, values in self.axes.items()}

    def _weights(self, axis: str, values: Any) -> dict[str, Fraction]:
        given = self.ratios.get(axis, {})
        return {name: as_fraction(given.get(name, 1)) for name in values}


def _check_template(text: str, variables: list[str], where: str) -> None:
    try:
        Template(text, variables, where)
    except InputError as error:
        raise ValueError(f"{error.message} {error.hint}") from error


def _known(where: str, noun: str, names: Iterable[str], known: list[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{where}: there is no {noun} `{name}`. {nearest(name, known)}")
