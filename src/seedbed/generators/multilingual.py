"""Any other generator in several languages, each text verified."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import orjson
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SerializeAsAny,
    SerializerFunctionWrapHandler,
    field_serializer,
    model_validator,
)

from seedbed.core.apportion import as_fraction
from seedbed.core.attempt import Context, Failure, Rejected
from seedbed.core.chat import Message
from seedbed.core.items import parse_items
from seedbed.core.parsing import Unparseable
from seedbed.core.part import Generator, Share, Whole
from seedbed.core.quota import Axis
from seedbed.core.record import Record, flat_text
from seedbed.core.texts.languages import Code, is_in, language_of, name_of

from .answers import unusable
from .cells import weighted
from .schemas import object_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Outcome
    from seedbed.core.chat import Completion, Request
    from seedbed.core.part import Sequenced, Source, Task
    from seedbed.core.pool import Pool

LANGUAGE = "language"


def _part(value: Any) -> Any:
    """The inner generator from its document."""
    from .catalog import generators

    if isinstance(value, Generator):
        return value
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise ValueError("needs a `kind`, as any generator")  # noqa: TRY004 - pydantic's
    if value["kind"] == "multilingual":
        raise ValueError("multilingual cannot hold itself")
    kind = generators.get(value["kind"])
    return kind.model_validate({name: part for name, part in value.items() if name != "kind"})


def _verifiable(languages: dict[str, float]) -> dict[str, float]:
    if not any(languages.values()):
        raise ValueError("all weights are zero")
    language_of("Can languages be told apart here?")
    return languages


class Multilingual(Generator):
    """What `generator` makes, in each of `languages` (a list, or code → weight).

    The language is an axis and a column. `mode: native` asks for the texts in the language; `translate` makes them as
    usual and has them translated, in one more call. Every text column of a record must be in its language, as far as
    py3langid can tell; one that is not is rejected (`language`) and asked for again.
    """

    kind: ClassVar[str] = "multilingual"
    count: Whole | None = None  # type: ignore[assignment]  # the inner generator's
    generator: Annotated[SerializeAsAny[Generator], BeforeValidator(_part)]
    languages: Annotated[dict[Code, Share], BeforeValidator(weighted), AfterValidator(_verifiable), Field(min_length=1)]
    mode: Literal["native", "translate"] = "native"

    @model_validator(mode="after")
    def _free(self) -> Self:
        if LANGUAGE in [axis.name for axis in self.generator.quota_axes()] or LANGUAGE in self.generator.columns():
            raise ValueError(f"generator: has a column `{LANGUAGE}` of its own")
        if self.mode == "translate" and ("spans" in self.generator.columns() or self.generator.kind == "structured"):
            raise ValueError(f"mode: what {self.generator.kind} makes cannot be translated afterwards; use native")
        return self

    @field_serializer("generator", mode="wrap")
    def _with_kind(self, part: Generator, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {"kind": part.kind, **plain(part)}

    @property
    def ratios(self) -> Mapping[str, Mapping[str, float]]:
        """Those of the inner generator."""
        found: Mapping[str, Mapping[str, float]] = getattr(self.generator, "ratios", {})
        return found

    def quota_axes(self) -> list[Axis]:
        """See `Generator.quota_axes`."""
        weights = {code: as_fraction(weight) for code, weight in self.languages.items()}
        return [*self.generator.quota_axes(), Axis.of(LANGUAGE, weights)]

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return [*self.generator.columns(), LANGUAGE]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`."""
        return self.generator.identity()

    def text_columns(self) -> tuple[str, ...]:
        """See `Generator.text_columns`."""
        return self.generator.text_columns()

    def task(self) -> Task:
        """See `Generator.task`."""
        return self.generator.task()

    def sources(self) -> list[Source]:
        """See `Generator.sources`."""
        return self.generator.sources()

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        return self.generator.pool(inputs)

    def target(self, inputs: Mapping[str, Sequence[Record]]) -> int:
        """See `Generator.target`."""
        return self.count or self.generator.target(inputs)

    def numbered(self) -> Mapping[str, Sequenced]:
        """See `Generator.numbered`."""
        return self.generator.numbered()

    def cell_values(self, record: Record) -> Mapping[str, Any]:
        """See `Generator.cell_values`."""
        return {**self.generator.cell_values(record), LANGUAGE: record.values.get(LANGUAGE)}

    def per_call(self) -> int:
        """See `Generator.per_call`."""
        return self.generator.per_call()

    def retries(self, reason: str) -> bool:
        """See `Generator.retries`."""
        return reason == LANGUAGE or self.generator.retries(reason)

    def gist(self, record: Record) -> str:
        """See `Generator.gist`."""
        return self.generator.gist(record)

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`."""
        attempt = context.attempt
        code = attempt.cell[LANGUAGE]
        cell = {axis: value for axis, value in attempt.cell.items() if axis != LANGUAGE}
        plain = replace(attempt.capabilities, prefers_raw=False)  # patterns of one language beget that language
        inner = Context(replace(attempt, cell=cell, capabilities=plain), self._asking(context, code))
        outcomes = await self.generator.generate(inner)
        if self.mode == "translate":
            outcomes = await self._translated(outcomes, code, context)
        return [self._verified(outcome, code) for outcome in outcomes]

    def _asking(self, context: Context, code: str) -> Any:
        """Asks as ever, with the language named at the end of what is asked."""
        if self.mode == "translate":
            return context.ask
        told = (
            f"\n\nWrite every text in {name_of(code)}; names of fields, labels and other given values stay as they are."
        )

        async def ask(request: Request) -> Completion:
            if request.messages:
                *before, last = request.messages
                request.messages = (*before, Message(role=last["role"], content=last["content"] + told))
            return await context.ask(request)

        return ask

    async def _translated(self, outcomes: Sequence[Outcome], code: str, context: Context) -> Sequence[Outcome]:
        """The records with their texts translated; one call for all."""
        records = [outcome for outcome in outcomes if isinstance(outcome, Record)]
        texts = [self._texts(record) for record in records]
        if not records:
            return outcomes
        question = (
            f"Translate every text in this JSON into {name_of(code)}. Keep its form and its keys.\n"
            f"{orjson.dumps(texts).decode()}\nAnswer with the JSON array only."
        )
        schema = None
        if context.attempt.capabilities.json_schema:
            item = object_of({name: {"type": "string"} for name in texts[0]})
            schema = object_of({"translations": {"type": "array", "items": item}})
        completion = await context.chat((Message(role="user", content=question),), schema)
        failure = unusable(completion)
        try:
            found = parse_items(completion.text, texts[0]).found
        except Unparseable as error:
            failure = failure or Failure("unparseable", str(error))
            found = []
        done = iter([*found, *[None] * len(records)])
        return [
            self._in(outcome, next(done), failure) if isinstance(outcome, Record) else outcome for outcome in outcomes
        ]

    def _in(self, record: Record, texts: dict[str, Any] | None, failure: Failure | None) -> Outcome:
        wanted = self._texts(record)
        if failure or texts is None or any(not isinstance(texts.get(name), str) for name in wanted):
            return failure or Failure("unparseable", "a translation is missing")
        record.values.update({name: texts[name] for name in wanted})
        return record

    def _texts(self, record: Record) -> dict[str, str]:
        """The columns that are texts and can be translated by themselves."""
        return {name: value for name in self.text_columns() if isinstance(value := record.values.get(name), str)}

    def _verified(self, outcome: Outcome, code: str) -> Outcome:
        if not isinstance(outcome, Record):
            return outcome
        outcome.values[LANGUAGE] = code
        for column in self.text_columns():
            text = flat_text(outcome.values.get(column))
            if not is_in(text, code):
                words = f"`{column}` is in {name_of(language_of(text))} and not in {name_of(code)}"
                return Rejected(outcome, LANGUAGE, words)
        return outcome
