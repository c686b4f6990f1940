"""Has the record the structure it should have: JSON of a schema, spans of known values?"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import jsonschema_rs
import orjson
from pydantic import BeforeValidator, Field

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.part import Check, Name
from seedbed.core.schema import expanded, inlined

if TYPE_CHECKING:
    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record, Span

LONGEST = 200


def _schema(value: Any) -> dict[str, Any]:
    """A sound JSON Schema, of an object or of an array, written out."""
    array = isinstance(value, dict) and value.get("type") == "array"
    schema = inlined(value) if array else expanded(value)
    try:
        jsonschema_rs.validator_for(schema)
    except (jsonschema_rs.ValidationError, ValueError) as error:
        raise ValueError(f"is no JSON Schema: {_first_line(error)}") from error
    return schema


class JsonSchema(Check):
    """The `column` (an object, a list, or a text that holds JSON) must follow `schema`, formats included.

    The schema is a JSON Schema of an object or array, or the short form `{quantity: integer}`. Without `column` the
    record is looked at: the columns the schema names, whatever others there are.
    """

    kind: ClassVar[str] = "json_schema"
    schema_: Annotated[dict[str, Any], BeforeValidator(_schema), Field(alias="schema")]
    column: str | None = None

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        try:
            value = self._value(record)
        except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
            return Verdict(False, self.kind, f"{self.column or 'the record'} is no JSON: {error}")
        wrong = next(self._validator.iter_errors(value), None)
        if wrong is None:
            return PASSED
        place = ".".join(map(str, [*([self.column] if self.column else []), *wrong.instance_path]))
        return Verdict(False, self.kind, f"{place or 'the record'}: {_first_line(wrong)}")

    def _value(self, record: Record) -> Any:
        if self.column is None:
            named = self.schema_.get("properties", {})
            value: Any = {name: part for name, part in record.values.items() if name in named}
        else:
            value = record.values.get(self.column)
        # As it will be written: a date in it is a text then.
        return orjson.loads(value if isinstance(value, str) else orjson.dumps(value))

    @cached_property
    def _validator(self) -> Any:
        return jsonschema_rs.validator_for(self.schema_, validate_formats=True)


class EntityValues(Check):
    """Every span must lie within its text and hold some of it; spans of a label in `values` one of the values there.

    Labels that `values` does not name may hold anything. With `ignore_case` case makes no difference. Looked at are
    the spans of all fields, or those of `column`.
    """

    kind: ClassVar[str] = "entity_values"
    values: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = {}
    ignore_case: bool = False
    column: str | None = None

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        for span in record.spans:
            if self.column and span.field.partition(".")[0] != self.column and span.field != self.column:
                continue
            wrong = self._wrong(span, record)
            if wrong:
                return Verdict(False, self.kind, wrong)
        return PASSED

    def _wrong(self, span: Span, record: Record) -> str:
        text = _at(record.values, span.field)
        if not isinstance(text, str):
            return f"there is no text `{span.field}` for {span.label}"
        if not 0 <= span.start <= span.end <= len(text):
            return f"{span.label} at {span.start}–{span.end} lies outside of the text ({len(text)} characters)"
        value = text[span.start : span.end]
        if not value.strip():
            return f"{span.label} at {span.start} is empty"
        if span.label in self._known and self._folded(value) not in self._known[span.label]:
            return f"{value!r} is none of the values of {span.label}"
        return ""

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {label: frozenset(map(self._folded, values)) for label, values in self.values.items()}

    def _folded(self, value: str) -> str:
        return value.casefold() if self.ignore_case else value


def _at(values: dict[str, Any], field: str) -> Any:
    """What stands at a column, or at a path such as `messages.3.content`; None if nothing does."""
    if field in values:
        return values[field]
    found: Any = values
    for step in field.split("."):
        if isinstance(found, list):
            found = dict(enumerate(found)).get(int(step) if step.isdecimal() else -1)
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return found


def _first_line(error: Exception) -> str:
    line = str(getattr(error, "message", "") or error).partition("\n")[0]
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
