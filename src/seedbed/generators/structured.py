"""Records that satisfy a JSON Schema: words from the model, numbers, dates and identifiers from samplers and rules."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import jsonschema_rs
import orjson
from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from seedbed.core.attempt import Rejected
from seedbed.core.expressions import BadExpression, Expression
from seedbed.core.part import Name, Sequenced, Settings
from seedbed.core.quota import Axis
from seedbed.core.record import Record, flat_text
from seedbed.core.schema import at_path, bounded, expanded, fitted, only, reach, through_list, without

from .asking import Asking, seeded
from .cells import yes_no
from .samplers import Sampler, Sequence, Uuid, sampler_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome
    from seedbed.core.schema import Path

EDGE = "edge_case"


class EdgeCase(Settings):
    """A share of the records that show something unusual, and what that is."""

    share: Annotated[float, Field(gt=0, le=1)]
    description: str = ""


def _edge_case(value: Any) -> Any:
    return {"share": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


def _sampled(value: Any) -> Any:
    """A sampler's document, if it is one."""
    sampler_of(value)
    return value


def _rule(text: str) -> str:
    try:
        Expression(text)
    except BadExpression as error:
        raise ValueError(str(error)) from error
    return text


class Structured(Asking):
    """Records of a `schema`: a JSON Schema, its file, a short form such as `{quantity: integer}`, or a pydantic model.

    `samplers` (field → category, number, date, uuid, faker, sequence, one_of, conditions) draw values instead of the
    model; a field within a list's entries is drawn for each. `rules` are expressions that hold for every record; one
    of the form `field == …` computes a field that nobody else writes, the others are checked, and what breaks one is
    told to the model once. `edge_cases` (name → share, or {share, description}) are yes/no axes of their own: their
    names stand in the column `edge_case`, several joined by `;`.
    """

    kind: ClassVar[str] = "structured"
    adds: ClassVar[bool] = True
    reserved: ClassVar[frozenset[str]] = frozenset({EDGE})
    schema_: Annotated[dict[str, Any], BeforeValidator(expanded), Field(alias="schema")]
    samplers: dict[Name, Annotated[Any, AfterValidator(_sampled)]] = {}
    rules: tuple[Annotated[str, BeforeValidator(_rule)], ...] = ()
    edge_cases: dict[Name, Annotated[EdgeCase, BeforeValidator(_edge_case)]] = {}

    @field_validator("schema_")
    @classmethod
    def _sound(cls, schema: dict[str, Any]) -> dict[str, Any]:
        try:
            jsonschema_rs.validator_for(schema)
        except (jsonschema_rs.ValidationError, ValueError) as error:
            raise ValueError(f"is no JSON Schema: {_first_line(error)}") from error
        return schema

    @model_validator(mode="after")
    def _known_fields(self) -> Self:
        for name, sampler in self._samplers.items():
            if at_path(self.schema_, _path(name)) is None:
                raise ValueError(f"samplers.{name}: the schema has no such field")
            if isinstance(sampler, Sequence) and "." in name:
                raise ValueError(f"samplers.{name}: a sequence counts records, so it must be a top-level field")
        top = self.schema_["properties"]
        for i, rule in enumerate(self.rules):
            unknown = sorted(Expression(rule).names - {*top, *self.axes, "true", "false", "null"})
            if unknown:
                raise ValueError(f"rules.{i}: the schema has no field `{unknown[0]}`")
        for name in self.edge_cases:
            if name in self.axes:
                raise ValueError(f"edge_cases.{name}: is an axis already")
        for axis in self.axes:
            if axis in top:
                raise ValueError(f"axes.{axis}: the schema has a field of that name; draw it with a sampler instead")
        return self

    def own_values(self) -> dict[str, list[str]]:
        """See `Celled.own_values`: each edge case is an axis of yes and no."""
        return {name: ["yes", "no"] for name in self.edge_cases}

    def own_axes(self) -> list[Axis]:
        """See `Celled.own_axes`."""
        return [Axis.of(name, yes_no(case.share)) for name, case in self.edge_cases.items()]

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return [*self.schema_["properties"], *self.axes, *([EDGE] if self.edge_cases else [])]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`: all but identifiers, which would make any two records different."""
        ids = {name for name, sampler in self._samplers.items() if isinstance(sampler, Uuid | Sequence)}
        return tuple(name for name in self.schema_["properties"] if name not in ids) or tuple(
            self.schema_["properties"]
        )

    def text_columns(self) -> tuple[str, ...]:
        """See `Generator.text_columns`."""
        return tuple(self._asked_schema["properties"]) or self.own_identity()

    def numbered(self) -> Mapping[str, Sequenced]:
        """See `Generator.numbered`."""
        return {name: sampler.counted() for name, sampler in self._samplers.items() if isinstance(sampler, Sequence)}

    def cell_values(self, record: Record) -> Mapping[str, Any]:
        """See `Generator.cell_values`."""
        shown = str(record.values.get(EDGE) or "").split(";")
        return {**record.values, **{name: "yes" if name in shown else "no" for name in self.edge_cases}}

    def asked(self, cell: dict[str, str]) -> dict[str, str]:
        """See `Celled.asked`."""
        return {axis: value for axis, value in super().asked(cell).items() if axis not in self.edge_cases}

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`: what the model writes."""
        found: dict[str, Any] = self._asked_schema["properties"]
        return found

    def item_schema(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.item_schema`."""
        return self._asked_schema

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        given = [self._shown_given(attempt, slot) for slot in range(attempt.n)]
        return {
            "schema": orjson.dumps(self._asked_schema).decode(),
            "rules": "\n".join(f"- {rule}" for rule in self._told),
            "cases": " and ".join(case.description or name for name, case in self._cases(attempt).items()),
            "given": [orjson.dumps(one).decode() for one in given] if any(given) else [],
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("schema", "rules", "cases")

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`."""
        attempt = context.attempt
        values = _merged(fitted(item, self._asked_schema), self._given(attempt, slot))
        rng = seeded(attempt, f"entries {slot}")
        for name, sampler in self._within:
            for place, field in reach(values, _path(name)):
                place[field] = sampler.draw(rng, {**values, **place})
        with suppress(BadExpression):  # what is missing or of the wrong kind is said by the verdict
            self._compute(values)
        values = fitted(values, self.schema_)
        cases = ";".join(self._cases(attempt))
        record = Record({**values, **self.asked(attempt.cell), **({EDGE: cases} if self.edge_cases else {})})
        return self._breaks(record) or record

    def _breaks(self, record: Record) -> Rejected | None:
        """What is wrong with a record: by the schema, formats included, then by the rules."""
        values = {name: value for name, value in record.values.items() if name in self.schema_["properties"]}
        error = next(self._validator.iter_errors(values), None)
        if error is not None:
            place = ".".join(map(str, error.instance_path)) or "the record"
            return Rejected(record, "json_schema", f"{place}: {_first_line(error)}")
        for rule in self._rules:
            try:
                holds = rule.value(record.values)
            except BadExpression as problem:
                return Rejected(record, "rule", str(problem))
            if not holds:
                return Rejected(record, "rule", f"the rule `{rule.text}` does not hold")
        return None

    def retries(self, reason: str) -> bool:
        """See `Generator.retries`: a failed rule is fed back."""
        return reason == "rule" or super().retries(reason)

    @cached_property
    def _samplers(self) -> dict[str, Sampler]:
        return {name: sampler_of(value) for name, value in self.samplers.items()}

    @cached_property
    def _validator(self) -> Any:
        return jsonschema_rs.validator_for(self.schema_, validate_formats=True)

    @cached_property
    def _rules(self) -> list[Expression]:
        return [Expression(rule) for rule in self.rules]

    @cached_property
    def _computed(self) -> list[tuple[Path, Expression]]:
        """Fields that a rule defines and no sampler draws."""
        drawn = {_path(name) for name in self.samplers}
        found: dict[Path, Expression] = {}
        for rule in self._rules:
            path = rule.defines
            if path and path not in drawn and path not in found and at_path(self.schema_, path):
                found[path] = rule
        return [(path, rule) for path, rule in found.items() if not through_list(self.schema_, path)]

    @cached_property
    def _told(self) -> list[str]:
        """The rules the model has to heed."""
        computed = {rule.text for _, rule in self._computed}
        return [rule for rule in self.rules if rule not in computed]

    @cached_property
    def _within(self) -> list[tuple[str, Sampler]]:
        """Samplers of fields within lists: how many entries there are is known when the model has written."""
        return [(name, one) for name, one in self._samplers.items() if through_list(self.schema_, _path(name))]

    @cached_property
    def _asked_schema(self) -> dict[str, Any]:
        left_out = [*(_path(name) for name in self.samplers), *(path for path, _ in self._computed)]
        found: dict[str, Any] = bounded(without(self.schema_, left_out))
        return found

    def _compute(self, values: dict[str, Any]) -> None:
        for path, rule in self._computed:
            for place, field in reach(values, path):
                place[field] = rule.defined(values)

    def _given(self, attempt: Attempt, slot: int) -> dict[str, Any]:
        """What is drawn for one record before the model writes, in the recipe's order."""
        rng = seeded(attempt, f"given {slot}")
        values: dict[str, Any] = {}
        for name, sampler in self._samplers.items():
            if through_list(self.schema_, _path(name)):
                continue
            for place, field in reach(values, _path(name)):
                place[field] = sampler.draw(rng, {**attempt.cell, **values})
        return values

    def _shown_given(self, attempt: Attempt, slot: int) -> dict[str, Any]:
        """The same without numbers that are only known at admission."""
        return {name: value for name, value in self._given(attempt, slot).items() if name not in self.numbered()}

    def _cases(self, attempt: Attempt) -> dict[str, EdgeCase]:
        return {name: case for name, case in self.edge_cases.items() if attempt.cell.get(name) == "yes"}

    def gist(self, record: Record) -> str:
        """See `Generator.gist`: what the model wrote."""
        return flat_text(only(record.values, self._asked_schema))[:200]


def _path(name: str) -> Path:
    return tuple(name.replace("[]", "").split("."))


def _merged(item: Any, given: Any) -> Any:
    """What the model wrote, and over it what was given."""
    if isinstance(item, dict) and isinstance(given, dict):
        return {**item, **{name: _merged(item.get(name), value) for name, value in given.items()}}
    return given


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", "") or error).partition("\n")[0]
