"""The texts and values the fake server says."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from seedbed.core.errors import InputError
from seedbed.testing.grammar import Answers, compile_grammar, expand, sentence

if TYPE_CHECKING:
    from pathlib import Path

LABELLED = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "label": {"enum": ["good", "bad"]}},
    "required": ["text", "label"],
    "additionalProperties": False,
}
SCHEMAS: list[dict[str, Any]] = [
    LABELLED,
    {
        "type": "object",
        "properties": {"items": {"type": "array", "minItems": 3, "maxItems": 4, "items": LABELLED}},
        "required": ["items"],
    },
    {
        "type": "object",
        "properties": {
            "age": {"type": "integer", "minimum": 18, "maximum": 20},
            "low": {"type": "integer", "exclusiveMaximum": 0},
            "high": {"type": "number", "minimum": 1000},
            "score": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
            "sure": {"type": "boolean"},
            "kind": {"const": "review"},
            "note": {"anyOf": [{"type": "string", "maxLength": 10}, {"type": "null"}]},
            "code": {"type": ["string", "null"], "minLength": 300},
            "child": {"$ref": "#/$defs/Node"},
        },
        "required": ["age", "low", "high", "score", "sure", "kind", "note", "code", "child"],
        "$defs": {
            "Node": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "nodes": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
                },
                "required": ["name", "nodes"],
            }
        },
    },
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_value_satisfies_its_schema_and_has_every_property(schema: dict[str, Any]) -> None:
    answers = Answers()
    check = jsonschema_rs.validator_for(schema)
    for _ in range(30):
        value = answers.follow(schema)
        check.validate(value)
        assert set(value) == set(schema["properties"])


def test_the_strings_of_a_value_come_from_the_answers() -> None:
    assert Answers(["one", "two"]).follow({"type": "array", "minItems": 3}) == ["one", "two", "one"]


def test_a_script_is_read_from_lines_or_a_json_list(tmp_path: Path) -> None:
    lines, listed = tmp_path / "answers.txt", tmp_path / "answers.json"
    lines.write_text("one\n\ntwo\n", encoding="utf-8")
    listed.write_text('["three\\nlines\\nlong", "four"]', encoding="utf-8")
    from_lines, from_list = Answers(str(lines)), Answers(str(listed))
    assert [from_lines.text() for _ in range(3)] == ["one", "two", "one"]
    assert [from_list.text() for _ in range(3)] == ["three\nlines\nlong", "four", "three\nlines\nlong"]


def test_a_grammar_of_ones_own_is_followed(tmp_path: Path) -> None:
    file = tmp_path / "grammar.json"
    file.write_text('{"S": ["the {NOUN} {VERB}."], "NOUN": ["cat", "dog"], "VERB": ["ran", "sat"]}', encoding="utf-8")
    answers = Answers(grammar=str(file))
    assert {answers.text() for _ in range(100)} == {
        f"the {noun} {verb}." for noun in ("cat", "dog") for verb in ("ran", "sat")
    }


def test_rules_may_contain_themselves_and_braces_that_name_no_rule() -> None:
    rule = compile_grammar({"S": ["a", "a", '{"x": {S}}', "{}"]})
    random = Random(1).random
    texts = {expand(rule, random) for _ in range(300)}
    assert {"a", "{}", '{"x": a}', '{"x": {"x": a}}'} <= texts


@pytest.mark.parametrize("rules", [{}, {"S": []}, {"S": ["{NOUN}"], "NOUNS": ["cat"]}, {"S": ["{NOUN}"], "NOUN": []}])
def test_a_grammar_with_a_missing_rule_is_refused(rules: dict[str, list[str]]) -> None:
    with pytest.raises(InputError):
        compile_grammar(rules)


@pytest.mark.parametrize("content", ["[1", '["S"]', '{"S": "the cat"}'])
def test_a_file_that_is_no_grammar_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "grammar.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(str(file))):
        Answers(grammar=str(file))


def test_sentences_are_of_ordinary_length_and_never_alike() -> None:
    random = Random(7).random
    texts = [sentence(random) for _ in range(6_000)]
    assert len(set(texts)) == len(texts)
    lengths = [len(text.split()) for text in texts]
    assert min(lengths) >= 12
    assert max(lengths) <= 40
    beginnings = Counter(tuple(text.split()[:6]) for text in texts)
    assert beginnings.most_common(1)[0][1] <= 10
    assert all(re.match(r"“?[A-Z]", text) for text in texts)


def test_texts_repeat_at_the_rate_that_was_set() -> None:
    answers = Answers(seed=1)
    texts = [answers.text(repeat_rate=0.946) for _ in range(20_000)]
    assert len(set(texts)) / len(texts) == pytest.approx(0.054, abs=0.006)


def test_the_seed_decides_the_texts() -> None:
    assert Answers(seed=4).text() == Answers(seed=4).text() != Answers(seed=5).text()
