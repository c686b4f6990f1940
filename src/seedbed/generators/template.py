"""Records from a prompt template with variables: saved ones, or written in the recipe."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from seedbed.core.attempt import Failure
from seedbed.core.errors import InputError
from seedbed.core.part import Name, Sequenced, Share
from seedbed.core.record import Record, flat_text
from seedbed.core.template import Template as Text

from .answers import Reading, to_records
from .asking import Asking, seeded
from .schemas import TEXT, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome
    from seedbed.core.chat import Completion

BUILTINS = ("current_date", "current_time", "random_id")
ITEMS = 10
"""Items asked for in one call where the template says {count} and the recipe says nothing."""

TURN = object_of({"role": {"enum": ["user", "assistant"]}, "content": TEXT})
TYPES: dict[str, dict[str, Any]] = {
    "qa": {"question": TEXT, "answer": TEXT},
    "dialogue": {"messages": {"type": "array", "items": TURN, "minItems": 2, "maxItems": 40}},
    "summary": {"text": TEXT, "summary": TEXT},
    "classification": {"text": TEXT, "label": TEXT},
    "text": {"text": TEXT},
    "custom": {"text": TEXT},
}
"""Type of a template → what its items hold."""

_EXAMPLE = re.compile(r"\{\s*+\"[^{}]++\}", re.S)
_KEY = re.compile(r'"([A-Za-z_][\w -]*)"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false)?')
_COUNTED = re.compile(r"\A(\D*)(\d+)\Z")


def _weighted(value: Any) -> Any:
    """`a`, `[a, b]` and `{a: 2, b: 1}`, all as weights."""
    if isinstance(value, list | tuple):
        return dict.fromkeys(value, 1.0)
    return value if isinstance(value, dict) else {value: 1.0}


class TemplateGenerator(Asking):
    """Records from a template: a `prompt` with {variables}, written here or saved under the name `template`.

    `values` gives its variables: one value, a list, or value → weight; lists and weights become axes and columns.
    {current_date}, {current_time} and {random_id} have values of their own, {count} is how many items one call asks
    for. Every other brace stays as it is. `type` (qa, dialogue, summary, classification, text, custom) says what an
    item holds; a custom template's items have the keys of the JSON example in its prompt, or of `keys`. `items` says
    how they come: an array of objects, one object, or plain text. A column `id` that counts is counted through.
    `parameters` (model, temperature, top_p, max_tokens and others) hold where the recipe is silent.
    """

    kind: ClassVar[str] = "template"
    adds: ClassVar[bool] = True
    template: str | None = None
    type: Literal["qa", "dialogue", "summary", "classification", "text", "custom"] = "custom"
    description: str = ""
    parameters: dict[str, Any] = {}
    values: dict[Name, Annotated[dict[Name, Share], BeforeValidator(_weighted), Field(min_length=1)]] = {}
    items: Literal["array", "object", "text"] | None = None
    keys: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if self.prompt is None:
            raise ValueError("prompt: is missing; give the template's text here, or the name of a saved `template`")
        for name, weights in self.values.items():
            if name in BUILTINS or name == "count":
                raise ValueError(f"values.{name}: {{{name}}} has a value of its own")
            if not any(weights.values()):
                raise ValueError(f"values.{name}: all weights are zero")
        if self.form() == "text" and len(self.fields()) > 1:
            raise ValueError(f"items: text holds no {' and '.join(self.fields())}; use object or array")
        if self.form() == "text" and self.items_per_call > 1:
            raise ValueError("items_per_call: plain text is one item a call; use items: array")
        return self

    @model_validator(mode="after")
    def _whole_prompts(self) -> Self:
        for text, where in ((self.prompt, "prompt"), (self.system, "system")):
            try:
                Text(text or "", self._variables(), where)
            except InputError as error:
                raise ValueError(f"{error.message} {error.hint}") from error
        return self

    def form(self) -> str:
        """How items come."""
        if self.items:
            return self.items
        if "{count}" in (self.prompt or ""):
            return "array"
        return "text" if list(self.fields()) == ["text"] else "object"

    def per_call(self) -> int:
        """See `Generator.per_call`."""
        given = "items_per_call" in self.model_fields_set
        return self.items_per_call if given or self.form() != "array" else min(ITEMS, self.count)

    def own_values(self) -> dict[str, list[str]]:
        """See `Celled.own_values`: variables with several values."""
        return {name: list(weights) for name, weights in self.values.items() if len(weights) > 1}

    def own_weights(self) -> Mapping[str, Mapping[str, float]]:
        """See `Celled.own_weights`."""
        return self.values

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`; what an axis says the model does not write."""
        return self._fields

    @cached_property
    def _fields(self) -> dict[str, Any]:
        found = TYPES[self.type]
        if self.keys:
            found = {name: {} for name in self.keys}
        elif self.type == "custom" and self._example:
            found = {name: {} for name in self._example}
        axes = {*self.own_values(), *self.axes}
        return {name: schema for name, schema in found.items() if name not in axes} or {"text": TEXT}

    @cached_property
    def _example(self) -> dict[str, str]:
        """Keys and values of the JSON object the prompt shows."""
        shown = _EXAMPLE.search(self.prompt or "")
        return dict(_KEY.findall(shown[0])) if shown else {}

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return [*self.fields(), *(axis.name for axis in self.quota_axes())]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`: the question, the text, or all that is written."""
        fields = [name for name in self.fields() if name not in self.numbered()]
        return next(((name,) for name in ("question", "text", "messages") if name in fields), tuple(fields))

    def text_columns(self) -> tuple[str, ...]:
        """See `Generator.text_columns`."""
        return tuple(dict.fromkeys((*self.own_identity(), *(set(self.fields()) - set(self.numbered())))))

    def numbered(self) -> dict[str, Sequenced]:
        """See `Generator.numbered`: a whole number, or one behind letters ("Q01"), in a column `id`."""
        if "id" not in self.fields():
            return {}
        counted = _COUNTED.match(self._example.get("id", "1").strip('"') or "1")
        if counted is None:
            return {}
        before, digits = counted[1].replace("{", "{{").replace("}", "}}"), len(counted[2])
        plain = not before and self._example.get("id", "1").isdigit()
        return {"id": Sequenced() if plain else Sequenced(form=f"{before}{{n:0{digits}d}}")}

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        constants = {name: next(iter(weights)) for name, weights in self.values.items() if len(weights) == 1}
        return {
            **constants,
            "current_date": attempt.now[:10],
            "current_time": attempt.now[11:16],
            "random_id": f"{seeded(attempt, 'id').getrandbits(48):012x}",
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return (*BUILTINS, *self.values)

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`."""
        if self.form() != "text":
            return await super().generate(context)
        completion = await context.chat(self.messages(context))
        return self._texts(completion, context)

    def _texts(self, completion: Completion, context: Context) -> Sequence[Outcome]:
        asked = self.asked(context.attempt.cell)
        return to_records(completion, list(self.fields()), asked, Reading(literal=True, strict=context.attempt.strict))

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`: all that was asked for must be there, and not empty."""
        del slot
        found = {name: item.get(name) for name in self.fields()}
        for name in self.numbered():
            found[name] = 0
        missing = [name for name, value in found.items() if value is None or not flat_text(value).strip()]
        if missing:
            return Failure("unparseable", f"an item has no `{missing[0]}`")
        return Record({**found, **self.asked(context.attempt.cell)})

    def user_text(self, context: Context, examples: str) -> str:
        """See `Asking.user_text`: the template, and behind it what it does not say itself."""
        used = Text(self.prompt or "", self._variables(), "prompt").variables
        cell = self.asked(context.attempt.cell) | self.draw(context)
        return self.render(
            context,
            examples="" if "examples" in used else examples,
            cell=self.cell_list({name: value for name, value in cell.items() if name not in used}),
            task=self.own_text("prompt", self.prompt or "", context, examples),
            own_form=self.form() == "text" or bool(re.search(r"\bJSON\b", self.prompt or "")),
        )
