"""JSON of a schema, spans of known values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seedbed.checks.structure import EntityValues, JsonSchema
from seedbed.core.attempt import Verdict
from seedbed.core.record import Record, Span

SHORT = {"name": "string", "age": "integer", "day?": "date", "size?": ["S", "M"]}
FULL = {
    "type": "object",
    "properties": {"tags": {"$ref": "#/$defs/tags"}, "mail": {"type": "string", "format": "email"}},
    "required": ["tags"],
    "$defs": {"tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2}},
}


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        (SHORT, '{"name": "Anna", "age": 3}', ""),
        (SHORT, {"name": "Ωλγα", "age": 3, "day": "2024-02-29", "size": "M"}, ""),
        (SHORT, '{"name": "Anna", "age": "3"}', 'data.age: "3" is not of type "integer"'),
        (SHORT, {"name": "Anna"}, 'data: "age" is a required property'),
        (SHORT, {"name": "Anna", "age": 3, "day": "2024-02-30"}, 'data.day: "2024-02-30" is not a "date"'),
        (SHORT, {"name": "Anna", "age": 3, "size": "XL"}, 'data.size: "XL" is not one of'),
        (SHORT, {"name": "Anna", "age": 3, "more": 1}, "data: Additional properties"),
        (SHORT, {"name": "Anna", "age": 3, "day": date(2024, 2, 29)}, ""),
        (SHORT, "Anna is 3.", "data is no JSON"),
        (SHORT, "", "data is no JSON"),
        (SHORT, None, "data: null is not of type"),
        (FULL, {"tags": ["a"], "mail": "a@b.de"}, ""),
        (FULL, {"tags": ["a"], "mail": "nobody"}, 'data.mail: "nobody" is not a "email"'),
        (FULL, {"tags": ["a", "b", 3]}, "data.tags"),
        (FULL, {"tags": ["a", 3]}, 'data.tags.1: 3 is not of type "string"'),
        (SHORT, {"name": "Anna", "age": 2**70}, "data is no JSON: Integer exceeds"),
        (SHORT, {"name": "Anna", "age": {3}}, "data is no JSON: Type is not JSON serializable"),
        ({"type": "array", "items": {"type": "integer"}}, [1, 2], ""),
        ({"type": "array", "items": {"type": "integer"}}, "[1, 2.5]", "data.1: 2.5 is not"),
    ],
)
def test_a_column_follows_its_schema(judge: Any, schema: dict[str, Any], value: object, told: str) -> None:
    found = judge(JsonSchema(schema=schema, column="data"), Record({"data": value}))
    assert found.passed == (not told)
    assert found.detail.startswith(told)


def test_without_a_column_the_record_is_looked_at_and_other_columns_are_free(judge: Any) -> None:
    check = JsonSchema(schema={"text": "string", "score": "integer"})
    assert judge(check, Record({"text": "a", "score": 1, "label": "good", "model": "m"})).passed
    assert judge(check, Record({"text": "a", "label": "x"})).detail == 'the record: "score" is a required property'
    assert judge(check, Record({"text": "a", "score": "1"})).detail.startswith("score: ")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"a": "strin"}, "no type `strin`"),
        ({}, "must be a JSON Schema"),
        ("file.json", "must be a JSON Schema"),
        ({"properties": {"a": {"type": "strin"}}}, "is no JSON Schema"),
        ({"properties": {"a": {"type": "string", "pattern": "("}}}, "is no JSON Schema"),
        ({"properties": {"a": {"$ref": "http://127.0.0.1:9/x"}}}, "leads out of it"),
        ({"type": "array", "items": {"$ref": "http://127.0.0.1:9/x"}}, "leads out of it"),
    ],
)
def test_what_is_no_schema_is_refused(schema: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        JsonSchema(schema=schema)


def test_a_recipe_keeps_the_schema() -> None:
    check = JsonSchema(schema=SHORT, column="data")
    assert JsonSchema.model_validate(check.model_dump(mode="json", exclude_defaults=True, by_alias=True)) == check


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(value=JSON)
def test_whatever_is_in_a_column_has_a_verdict(judge: Any, value: Any) -> None:
    assert isinstance(judge(JsonSchema(schema=SHORT, column="data"), Record({"data": value})), Verdict)


def spans(text: str, *found: tuple[int, int, str]) -> Record:
    return Record({"text": text}, tuple(Span(*one) for one in found))


KNOWN = EntityValues(values={"CITY": ["Berlin", "New York", "北京"]})


@pytest.mark.parametrize(
    ("text", "span", "told"),
    [
        ("Off to Berlin!", (7, 13, "CITY"), ""),
        ("Off to New York!", (7, 15, "CITY"), ""),
        ("我在北京。", (2, 4, "CITY"), ""),
        ("👍 Berlin", (2, 8, "CITY"), ""),
        ("Off to Paris!", (7, 12, "CITY"), "'Paris' is none of the values of CITY"),
        ("Off to berlin!", (7, 13, "CITY"), "'berlin' is none"),
        ("Off to Berlin!", (7, 12, "CITY"), "'Berli' is none"),
        ("Anna", (0, 4, "PERSON"), ""),
        ("Anna", (0, 5, "PERSON"), "PERSON at 0–5 lies outside of the text (4 characters)"),
        ("Anna", (-1, 2, "PERSON"), "PERSON at -1–2 lies outside"),
        ("Anna", (3, 1, "PERSON"), "PERSON at 3–1 lies outside"),
        ("Anna", (2, 2, "PERSON"), "PERSON at 2 is empty"),
        ("An na", (2, 3, "PERSON"), "PERSON at 2 is empty"),
    ],
)
def test_a_span_holds_a_value_of_its_label(judge: Any, text: str, span: tuple[int, int, str], told: str) -> None:
    found = judge(KNOWN, spans(text, span))
    assert found.passed == (not told)
    assert found.detail.startswith(told)


def test_case_can_be_ignored(judge: Any) -> None:
    check = EntityValues(values={"STREET": ["Hauptstraße"]}, ignore_case=True)
    assert judge(check, spans("in der HAUPTSTRASSE", (7, 19, "STREET"))).passed


def test_spans_may_lie_in_any_field(judge: Any) -> None:
    values = {"messages": [{"content": "Hi"}, {"content": "To Berlin"}], "a.b": "Berlin"}
    inside, dotted = Span(3, 9, "CITY", "messages.1.content"), Span(0, 6, "CITY", "a.b")
    assert judge(KNOWN, Record(values, (inside, dotted))).passed
    for field in ("messages.2.content", "messages.x.content", "messages.1", "nothing", "a.b.c", "messages.1.content.x"):
        lost = Record(values, (inside, Span(0, 2, "CITY", field)))
        assert judge(KNOWN, lost).detail == f"there is no text `{field}` for CITY"
        assert judge(KNOWN.model_copy(update={"column": "other"}), lost).passed
    assert not judge(EntityValues(column="messages"), Record(values, (Span(5, 6, "X", "messages.0.content"),))).passed


def test_a_record_without_spans_passes(judge: Any) -> None:
    assert judge(KNOWN, "Off to Paris!").passed
    with pytest.raises(ValidationError):
        EntityValues(values={"CITY": []})
