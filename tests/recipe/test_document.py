"""The saved document: what it may say, what it means, and what is said when it is wrong."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.checks.text import Length
from seedbed.core.attempt import Sampling
from seedbed.core.chat import Request
from seedbed.core.connection import Connection
from seedbed.core.errors import InputError
from seedbed.generators.classification import Classification
from seedbed.generators.prompt import Prompt
from seedbed.recipe.document import FieldError, Recipe

calm = settings(deadline=None, max_examples=100)

LABELS = {"polite": "warm", "neutral": "", "impolite": "rude"}
GENERATOR = {"kind": "classification", "instruction": "one reply", "count": 24, "labels": LABELS}
PLAIN: dict[str, Any] = {"name": "replies", "model": "local:fake", "generator": GENERATOR}


def recipe(**fields: Any) -> Recipe:
    return Recipe.of({**PLAIN, **fields})


def with_generator(**fields: Any) -> Recipe:
    return recipe(generator={**GENERATOR, **fields})


names = st.text(alphabet="abcdefgh -.é中", min_size=1, max_size=6).map(str.strip).filter(bool)
several = st.lists(names, min_size=1, max_size=4, unique=True)
described = several | st.dictionaries(names, st.none() | st.sampled_from(["", "about it"]), min_size=1, max_size=3)
number = st.floats(0.01, 2, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def classifications(draw: st.DrawFn) -> dict[str, Any]:
    labels = draw(described)
    made: dict[str, Any] = {"kind": "classification", "instruction": "one reply", "count": draw(st.integers(1, 99))}
    made["labels"] = labels
    optional = {
        "categories": several | st.dictionaries(names, st.none() | several, min_size=1, max_size=3),
        "axes": st.fixed_dictionaries({}, optional={"channel": described, "tone of voice": described}),
        "attributes": st.fixed_dictionaries({}, optional={"place": several}),
        "ratios": st.fixed_dictionaries({}, optional={"label": st.fixed_dictionaries({next(iter(labels)): number})}),
        "examples": st.lists(
            st.fixed_dictionaries(
                {"text": names, "label": st.sampled_from(list(labels))},
                optional={"reasoning": names, "category": names},
            ),
            max_size=2,
        ),
        "reasoning": st.booleans(),
        "system": st.sampled_from(["Be {label}.", "{}"]),
        "prompt": st.sampled_from(["Write {instruction}: {description}", ""]),
        "unique_by": st.just(["text", "label"]),
    }
    return made | draw(st.fixed_dictionaries({}, optional=optional))


prompts = st.fixed_dictionaries(
    {"kind": st.just("prompt"), "prompt": names, "count": st.integers(1, 9)},
    optional={"system": names, "examples": several},
)
checks = st.lists(
    st.sampled_from([
        "refusal",
        {"kind": "length", "min_words": 4, "max_chars": 900},
        {"kind": "near_duplicate", "threshold": 0.85, "against": ["old.csv"]},
        {"kind": "regex", "pattern": r"\d", "forbid": True},
        {"kind": "banned", "words": ["foo", "bar baz"]},
        {"kind": "label_agreement", "model": "local:judge", "min_probability": 0.5},
    ]),
    max_size=3,
    unique_by=str,
)  # fmt: skip
documents = st.fixed_dictionaries(
    {
        "name": st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,10}\Z"),
        "model": st.sampled_from(["embedded", "a:b:c", ["a:x", "b:y"], {"a:x": 2, "b:y": 0.5, "c:z": 0}]),
        "generator": classifications() | prompts,
    },
    optional={
        "connections": st.just({"local": {"provider": "openai", "base_url": "http://127.0.0.1:1/v1", "retries": 2}}),
        "temperature": number | st.lists(number, min_size=2, max_size=2).map(sorted),
        "top_p": st.just(0.9),
        "max_tokens": st.integers(1, 4000),
        "stop": st.just(["\n", "END"]),
        "extra": st.just({"min_p": 0.1, "deep": {"list": [1, None, "x"]}}),
        "preset": st.sampled_from(["quality", "fast", "creative"]),
        "structured": st.sampled_from(["auto", "always", "never"]),
        "into": st.just({"dataset": "old.csv", "top_up": True}),
        "checks": checks,
        "near_duplicate": st.sampled_from(["on", "off", True, False]),
        "steering": st.sampled_from(["on", "off", True, False]),
        "stop_rules": st.just({"fruitless": 9}),
        "budget": st.just({"cost": 2.5, "minutes": 30}),
        "prices": st.just({"a:x": {"input": 0.15, "output": 0.6}}),
        "seed": st.integers(0, 2**63 - 1),
        "output": st.just("out.csv"),
    },
)


@calm
@given(documents)
def test_a_recipe_and_its_document_say_the_same(document: dict[str, Any]) -> None:
    made = Recipe.of(document)
    plain = made.document()
    assert Recipe.of(plain) == made
    stored = orjson.loads(orjson.dumps(plain))
    assert stored == plain
    again = Recipe.of(stored)
    assert again == made
    assert again.fingerprint() == made.fingerprint()
    assert again.columns() == made.columns()
    assert [(cell.key, cell.wanted) for cell in again.quota().cells] == [
        (cell.key, cell.wanted) for cell in made.quota().cells
    ]


def test_parts_may_be_given_as_objects() -> None:
    generator = Classification(instruction="one reply", count=24, labels=LABELS)
    made = Recipe.of({**PLAIN, "generator": generator, "checks": [Length(min_words=4), "refusal"]})
    assert made.generator is generator
    assert Recipe.of(made.document()) == made
    direct = Recipe(name="replies", model={"local:fake": 1}, generator=generator)
    assert direct == recipe()


FREE = {
    "budget": {"tokens": 5},
    "stop_rules": {"fruitless": 5},
    "connections": {"local": {"provider": "openai", "base_url": "http://127.0.0.1:9/v1", "concurrency": 3}},
    "report": {"only": ["balance"]},
    "output": "other.csv",
    "fallback": "other:model",
    "prices": {"local:fake": {"input": 1, "output": 2}},
    "retry_with_feedback": True,
    "batch": True,
}
BINDING: dict[str, Any] = {
    "model": "local:other",
    "temperature": 0.5,
    "top_p": 0.5,
    "max_tokens": 77,
    "stop": ["END"],
    "extra": {"min_p": 0.1},
    "preset": "fast",
    "structured": "never",
    "generator": {**GENERATOR, "count": 25},
    "into": {"dataset": "old.csv"},
    "checks": [{"kind": "length", "min_words": 4}],
    "near_duplicate": "off",
    "steering": "off",
    "redact": True,
    "seed": 8,
}


@pytest.mark.parametrize("field", FREE)
def test_how_a_dataset_is_made_is_no_part_of_the_fingerprint(field: str) -> None:
    assert recipe(**{field: FREE[field]}).fingerprint() == recipe().fingerprint()


@pytest.mark.parametrize("field", BINDING)
def test_what_is_asked_for_is_part_of_the_fingerprint(field: str) -> None:
    assert recipe(**{field: BINDING[field]}).fingerprint() != recipe().fingerprint()


def test_every_field_is_known_to_be_free_or_binding() -> None:
    assert {*FREE, *BINDING, "name"} == set(Recipe.model_fields)


@pytest.mark.parametrize(
    ("same", "as_this"),
    [
        ({"model": "local:fake"}, {"model": ["local:fake"]}),
        ({"model": "local:fake"}, {"model": {"local:fake": 1}}),
        ({"model": "local:fake"}, {"model": {"local:fake": 1.0, "local:other": 0}}),
        ({"steering": "off"}, {"steering": False}),
        ({"generator": GENERATOR}, {"generator": {**GENERATOR, "labels": {**LABELS, "neutral": None}}}),
        ({"checks": ["refusal"]}, {"checks": [{"kind": "refusal"}]}),
        ({"checks": []}, {"checks": None}),
    ],
)
def test_different_spellings_of_one_wish_are_one_recipe(same: dict[str, Any], as_this: dict[str, Any]) -> None:
    assert recipe(**same).fingerprint() == recipe(**as_this).fingerprint()


@pytest.mark.parametrize(
    ("model", "weights"),
    [
        ("embedded", {"embedded": 1}),
        ("local:b:with:colons", {"local:b:with:colons": 1}),
        (["a:x", "b:y"], {"a:x": 1, "b:y": 1}),
        ({"a:x": 3, "b:y": 0.5}, {"a:x": 3, "b:y": 0.5}),
        ({"a:x": 3, "b:y": 0}, {"a:x": 3}),
    ],
)
def test_models_are_names_with_weights(model: Any, weights: dict[str, float]) -> None:
    assert recipe(model=model).model == weights


def test_shares_per_model_are_an_axis_of_their_own() -> None:
    made = recipe(model=["a:x", "b:y"], generator={**GENERATOR, "labels": ["one"], "ratios": {"model": {"a:x": 3}}})
    assert made.quota().axes == ("label", "model")
    assert {cell.values: cell.wanted for cell in made.quota().cells} == {("one", "a:x"): 18, ("one", "b:y"): 6}
    assert made.columns() == ["text", "label", "model"]
    assert recipe(model=["a:x", "b:y"]).quota().axes == ("label",)


@pytest.mark.parametrize(
    ("fields", "low", "high", "top_p", "max_tokens"),
    [
        ({}, 0.7, 1.0, None, 1024),
        ({"temperature": 0.9}, 0.9, 0.9, None, 1024),
        ({"temperature": 0}, 0.0, 0.0, None, 1024),
        ({"temperature": [0.7, 1.1]}, 0.7, 1.1, None, 1024),
        ({"temperature": [0.8, 0.8]}, 0.8, 0.8, None, 1024),
        ({"preset": "quality"}, 0.7, 0.7, 0.95, 1024),
        ({"preset": "fast"}, 0.8, 0.8, None, 300),
        ({"preset": "creative"}, 0.9, 1.2, 0.98, 1024),
        ({"preset": "fast", "temperature": 0.1, "max_tokens": 40, "top_p": 0.3}, 0.1, 0.1, 0.3, 40),
        ({"preset": "creative", "temperature": 0}, 0.0, 0.0, 0.98, 1024),
    ],
)
def test_sampling_is_what_the_recipe_says_and_what_its_preset_adds(
    fields: dict[str, Any], low: float, high: float, top_p: float | None, max_tokens: int
) -> None:
    found = recipe(**fields).sampling()
    assert (found.low, found.high) == (low, high)
    assert found.base == Sampling(low, top_p, max_tokens)


def test_stop_and_extra_are_passed_on_unchanged() -> None:
    extra = {"logit_bias": {50256: -100}, "min_p": 0.05, "stop_token_ids": [1, 2]}
    base = recipe(stop=["\n"], extra=extra).sampling().base
    assert base.stop == ("\n",)
    sent = orjson.loads(Request("m", prompt="x", extra=base.extra).to_json())
    assert sent["extra"] == {"logit_bias": {"50256": -100}, "min_p": 0.05, "stop_token_ids": [1, 2]}


def test_near_duplicates_have_their_default() -> None:
    assert recipe().sameness()[0].duplicates().threshold == 0.9
    assert recipe(checks=[{"kind": "near_duplicate", "threshold": 0.8}]).sameness()[0].duplicates().threshold == 0.8


def test_a_connection_has_retries_and_no_key() -> None:
    made = recipe(connections={"local": {"provider": "openai", "key_env": "LOCAL_KEY"}})
    assert made.connections == {"local": Connection(provider="openai", key_env="LOCAL_KEY")}
    with pytest.raises(FieldError, match=r"connections\.local\.key: a recipe never holds a key"):
        recipe(connections={"local": {"provider": "openai", "key": "sk-secret"}})


WRONG = [
    ({"temprature": 0.9}, "temprature", "there is no such field", "`temperature`"),
    ({"name": None}, "name", "must be a text (it is empty)", ""),
    ({"name": "a b/c"}, "name", "", ""),
    ({"name": ""}, "name", "", ""),
    ({"model": {}}, "model", "", ""),
    ({"model": []}, "model", "", ""),
    ({"model": {"a:x": -1}}, "model.a:x", "must be at least 0 (it is -1)", ""),
    ({"model": {"a:x": 0}}, "model", "all weights are zero", ""),
    ({"model": {"a:x": float("nan")}}, "model.a:x", "", ""),
    ({"model": 5}, "model", "", ""),
    ({"temperature": "hot"}, "temperature", "", ""),
    ({"temperature": 3}, "temperature", "", ""),
    ({"temperature": [1.1, 0.7]}, "temperature", "lower to the higher", ""),
    ({"temperature": [0.7]}, "temperature", "", ""),
    ({"top_p": 0}, "top_p", "", ""),
    ({"max_tokens": 0}, "max_tokens", "", ""),
    ({"preset": "best"}, "preset", "", ""),
    ({"structured": "yes"}, "structured", "", ""),
    ({"steering": "maybe"}, "steering", "", ""),
    ({"generator": None}, "generator", "is missing", ""),
    ({"generator": []}, "generator", "needs a `kind`", "classification"),
    ({"generator": {"count": 3}}, "generator", "needs a `kind`", "classification"),
    ({"generator": {**GENERATOR, "kind": "clasification"}}, "generator.kind", "`clasification`", "`classification`"),
    ({"generator": {**GENERATOR, "count": 0}}, "generator.count", "must be at least 1 (it is 0)", ""),
    ({"generator": {**GENERATOR, "count": "many"}}, "generator.count", "", ""),
    ({"generator": {**GENERATOR, "lables": []}}, "generator.lables", "there is no such field", "`labels`"),
    ({"generator": {**GENERATOR, "labels": []}}, "generator.labels", "", ""),
    ({"generator": {**GENERATOR, "labels": ["a", "a"]}}, "generator.labels", "`a` is listed twice", ""),
    (
        {"generator": {**GENERATOR, "ratios": {"label": {"polit": 2}}}},
        "generator.ratios.label",
        "there is no label `polit`. Did you mean `polite`?",
        "",
    ),
    (
        {"generator": {**GENERATOR, "ratios": {"label": {"polite": -2}}}},
        "generator.ratios.label.polite",
        "(it is -2)",
        "",
    ),
    ({"checks": "length"}, "checks", "must be a list", ""),
    ({"checks": ["lenght"]}, "checks[0].kind", "`lenght`", "`length`"),
    ({"checks": [{"min_words": 3}]}, "checks[0]", "needs a `kind`", "length"),
    ({"checks": ["refusal", {"kind": "length", "min_word": 3}]}, "checks[1].min_word", "no such field", "`min_words`"),
    ({"checks": [{"kind": "length", "min_words": -1}]}, "checks[0].min_words", "", ""),
    ({"checks": [{"kind": "length", "min_words": 9, "max_words": 3}]}, "checks[0]", "larger than max_words", ""),
    ({"checks": [{"kind": "regex", "pattern": "("}]}, "checks[0].pattern", "not a regular expression", ""),
    ({"checks": [{"kind": "refusal", "patterns": ["("]}]}, "checks[0].patterns", "not a regular expression", ""),
    ({"checks": [{"kind": "near_duplicate", "threshold": 0.2}]}, "checks[0].threshold", "", ""),
    ({"budget": {"costs": 2}}, "budget.costs", "there is no such field", "`cost`"),
    ({"budget": {"tokens": 0}}, "budget.tokens", "", ""),
    ({"stop_rules": {"fruitless": 0}}, "stop_rules.fruitless", "", ""),
    ({"into": "old.csv"}, "into", "", ""),
    ({"into": {"dataset": ""}}, "into.dataset", "", ""),
    ({"connections": {"local": {}}}, "connections.local.provider", "is missing", ""),
    (
        {"connections": {"local": {"provider": "openai", "concurency": 3}}},
        "connections.local.concurency",
        "there is no such field",
        "`concurrency`",
    ),
    ({"connections": {"local": {"provider": "openai", "concurrency": 0}}}, "connections.local.concurrency", "", ""),
    ({"seed": -1}, "seed", "", ""),
    ({"seed": 2**63}, "seed", "", ""),
]


@pytest.mark.parametrize(("fields", "place", "problem", "hint"), WRONG)
def test_what_is_wrong_is_named_with_its_place(fields: dict[str, Any], place: str, problem: str, hint: str) -> None:
    with pytest.raises(FieldError) as error:
        recipe(**fields)
    assert error.value.message.startswith(f"{place}: ")
    assert problem in error.value.message
    assert hint in error.value.hint
    assert "\n" not in error.value.message
    assert len(error.value.message) < 250


def test_a_missing_field_is_named() -> None:
    for name in PLAIN:
        with pytest.raises(FieldError, match=f"{name}: is missing"):
            Recipe.of({key: value for key, value in PLAIN.items() if key != name})


RATIOS = {**GENERATOR, "ratios": {"model": {"local:fak": 3}}}


def test_shares_for_a_model_that_is_not_asked_are_an_error() -> None:
    with pytest.raises(FieldError, match="there is no model `local:fak`") as error:
        recipe(generator=RATIOS)
    assert "`local:fake`" in error.value.hint


def test_exact_shares_per_model_exclude_a_fallback() -> None:
    generator = {**GENERATOR, "ratios": {"model": {"a:x": 3}}}
    with pytest.raises(FieldError, match="fallback: does not go with exact shares"):
        recipe(model=["a:x", "b:y"], generator=generator, fallback="c:z")


def test_shares_that_leave_no_model_are_an_error() -> None:
    generator = {**GENERATOR, "ratios": {"model": {"a:x": 0, "b:y": 0}}}
    with pytest.raises(FieldError):
        recipe(model=["a:x", "b:y"], generator=generator)


def test_a_recipe_of_objects_obeys_the_rules_between_fields_too() -> None:
    generator = Classification(instruction="one reply", count=24, labels=LABELS, ratios={"model": {"local:fak": 3}})
    with pytest.raises((InputError, ValueError), match="local:fak"):
        Recipe(name="replies", model={"local:fake": 1}, generator=generator)


def test_columns_end_with_the_model() -> None:
    assert recipe().columns() == ["text", "label", "model"]
    assert with_generator(reasoning=True, categories=["air"]).columns() == [
        "text",
        "label",
        "category",
        "reasoning",
        "model",
    ]
    assert recipe(generator=Prompt(prompt="Write.", count=3)).columns() == ["text", "model"]
