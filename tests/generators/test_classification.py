"""Texts for labels, categories, types and further axes: what is asked for, and what becomes of the answer."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from seedbed.core.attempt import Attempt, Context, Failure, Previous, Recent, Sampling
from seedbed.core.chat import Capabilities, Completion, Request
from seedbed.core.quota import apportion
from seedbed.core.record import Record
from seedbed.generators.classification import Classification
from seedbed.providers.scripted import Scripted

SETTINGS: dict[str, Any] = {
    "instruction": "one reply of a customer service agent",
    "count": 24,
    "labels": {"polite": "considerate and warm", "neutral": "", "impolite": "blunt or rude"},
    "categories": {"travel": ["air", "train"], "stores": ["toys and games"], "other": []},
    "axes": {"channel": {"email": "several sentences", "chat": ""}},
}
CELL = {"label": "polite", "category": "travel", "type": "air", "channel": "email"}
EXAMPLES = [
    {"text": "Thank you so much for waiting.", "label": "polite", "category": "travel", "type": "air"},
    {"text": "How may I help you today?", "label": "polite", "reasoning": "It offers help."},
    {"text": "Your order is on its way.", "label": "neutral"},
    {"text": "Read the manual.", "label": "impolite"},
    {"text": "Not my problem.", "label": "impolite", "channel": "chat"},
]
PLAIN = Capabilities()
SCHEMA = Capabilities(json_schema=True)
RAW = Capabilities(prefers_raw=True, raw_completions=True)


def made(**settings: Any) -> Classification:
    return Classification(**{**SETTINGS, **settings})


def attempt(seed: int = 7, **fields: Any) -> Attempt:
    given: dict[str, Any] = {"cell": dict(CELL), "capabilities": PLAIN, **fields}
    return Attempt("run", 3, fields.pop("ordinal", 0), seed, "2026-01-01T10:20:30+00:00", 0, model="local:m", **given)


def generate(
    generator: Classification, answer: str | Completion = "Hello.", frozen: Attempt | None = None
) -> tuple[Record | Failure, Request]:
    """What comes of an attempt that gets this answer, and what was asked."""
    model = Scripted.answering([answer])
    [outcome] = asyncio.run(generator.generate(Context(frozen or attempt(), model.complete)))
    [request] = model.requests
    return outcome, request


def values(outcome: Record | Failure) -> dict[str, Any]:
    assert isinstance(outcome, Record), outcome
    return outcome.values


def prompt(generator: Classification, frozen: Attempt | None = None) -> str:
    """All that the model reads."""
    request = generate(generator, frozen=frozen)[1]
    return "\n\n".join(message["content"] for message in request.messages) or str(request.prompt)


WRONG = [
    ({"count": 0}, "greater than or equal to 1"),
    ({"instruction": ""}, "at least 1 character"),
    ({"labels": []}, "at least 1"),
    ({"labels": {}}, "at least 1"),
    ({"labels": ["a", "a"]}, "`a` is listed twice"),
    ({"labels": [""]}, "at least 1"),
    ({"labels": [None]}, "valid string"),
    ({"labels": {"a": ["b"]}}, "valid string"),
    ({"categories": ["a", "b", "a"]}, "`a` is listed twice"),
    ({"categories": {"a": "b"}}, "valid tuple"),
    ({"categories": "a"}, "must be a list of names, or a mapping of names to lists of types"),
    ({"labels": "a"}, "must be a list of names, or a mapping of names to descriptions"),
    ({"labels": [{"a": "about"}]}, "is no name"),
    ({"labels": [1, "1"]}, "`1` is listed twice"),
    ({"categories": {"a": ["x", "x"]}}, "twice"),
    ({"axes": {"text": ["a"]}}, "`text` is a column of its own"),
    ({"axes": {"label": ["a"]}}, "`label` is a column of its own"),
    ({"axes": {"model": ["a"]}}, "`model` is a column of its own"),
    ({"axes": {"channel": []}}, "at least 1"),
    ({"ratios": {"lable": {"polite": 2}}}, "there is no axis `lable`. Did you mean `label`?"),
    ({"ratios": {"label": {"polit": 2}}}, "there is no label `polit`. Did you mean `polite`?"),
    ({"ratios": {"label": {"polite": -1}}}, "greater than or equal to 0"),
    ({"ratios": {"label": {"polite": float("inf")}}}, "finite"),
    ({"ratios": {"label": {"polite": 0, "neutral": 0, "impolite": 0}}}, "all weights are zero"),
    ({"ratios": {"type": {"air": 0, "train": 0}}}, "all weights are zero"),
    ({"ratios": {"channel": {"fax": 1}}}, "there is no channel `fax`"),
    ({"categories": {}, "ratios": {"category": {"travel": 1}}}, "there is no axis `category`"),
    ({"examples": [{"text": "Hi."}]}, "Field required"),
    ({"examples": [{"label": "polite"}]}, "Field required"),
    ({"examples": [{"text": "Hi.", "label": "rude"}]}, "there is no label `rude`"),
    ({"examples": [{"text": "Hi.", "label": "polite", "tone": "warm"}]}, "there is no field `tone`"),
    ({"attributes": {"place": []}}, "at least 1"),
    ({"attributes": {"label": ["x"]}}, "label"),
    ({"attributes": {"category": ["x"]}}, "category"),
    ({"attributes": {"channel": ["x"]}}, "channel"),
    ({"attributes": {"text": ["x"]}}, "text"),
    ({"prompt": "Write a {lable} text."}, "there is no variable `{lable}`"),
    ({"system": "You are {persona}."}, "there is no variable `{persona}`"),
    ({"temperature": 1}, "Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("settings", "words"), WRONG)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as error:
        made(**settings)
    assert words in str(error.value)


def test_lists_are_mappings_without_descriptions_and_numbers_are_names() -> None:
    generator = made(labels=[1, 2.5, "three"], categories=[7], axes={"stars": [1, 2]}, ratios={"label": {1: 3}})
    assert generator.labels == {"1": "", "2.5": "", "three": ""}
    assert generator.categories == {"7": ()}
    assert [cell.values for cell in apportion(4, generator.quota_axes()).cells][:2] == [
        ("1", "7", "1"),
        ("1", "7", "2"),
    ]


@pytest.mark.parametrize(
    ("settings", "columns"),
    [
        ({"categories": {}, "axes": {}}, ["text", "label"]),
        ({"categories": ["a"], "axes": {}}, ["text", "label", "category"]),
        ({}, ["text", "label", "category", "type", "channel"]),
        (
            {"axes": {"z": ["1"], "a": ["2"]}, "reasoning": True},
            ["text", "label", "category", "type", "z", "a", "reasoning"],
        ),
    ],
)
def test_columns_stand_in_their_order_and_unused_ones_are_absent(settings: dict[str, Any], columns: list[str]) -> None:
    assert made(**settings).columns() == columns


def test_weights_go_to_the_cells() -> None:
    generator = made(
        axes={}, ratios={"label": {"polite": 2, "impolite": 0}, "category": {"other": 0}, "type": {"train": 0.5}}
    )
    cells = apportion(generator.count, generator.quota_axes()).cells
    wanted = [sum(cell.wanted for cell in cells if value in cell.values) for value in ("polite", "neutral", "impolite")]
    assert wanted == [16, 8, 0]
    assert {
        values[1:]: sum(cell.wanted for cell in cells if cell.values[1:] == values[1:])
        for values in (cell.values for cell in cells)
    } == {
        ("travel", "air"): 8,
        ("travel", "train"): 4,
        ("stores", "toys and games"): 12,
        ("other", None): 0,
    }


def test_checks_get_to_know_labels_and_examples() -> None:
    task = made(examples=EXAMPLES).task()
    assert task.labels == SETTINGS["labels"]
    assert task.examples == tuple(example["text"] for example in EXAMPLES)
    assert task.example_labels == ("polite", "polite", "neutral", "impolite", "impolite")


def test_the_prompt_says_what_is_wanted() -> None:
    text = prompt(made())
    for words in (
        "one reply of a customer service agent",
        "- polite: considerate and warm\n- neutral\n- impolite: blunt or rude",
        "- label: polite (considerate and warm)\n- category: travel\n- type: air\n- channel: email (several sentences)",
        "Answer with the text only.",
    ):
        assert words in text
    assert "{" not in text


def test_the_record_says_what_was_asked_for_whatever_the_model_says() -> None:
    reply = json.dumps(
        {"label": "impolite", "text": "Hello.", "category": "stores", "model": "x", "id": 9, "foo": "bar"}
    )
    for capabilities in (PLAIN, SCHEMA):
        found = values(generate(made(), reply, attempt(capabilities=capabilities))[0])
        assert found == {"text": "Hello.", **CELL}
        assert list(found) == ["text", "label", "category", "type", "channel"]


def test_the_model_of_a_cell_is_no_column_of_the_answer_and_not_in_the_prompt() -> None:
    frozen = attempt(cell={**CELL, "model": "local:m"})
    assert values(generate(made(), frozen=frozen)[0]) == {"text": "Hello.", **CELL}
    assert "local:m" not in prompt(made(), frozen)


def test_reasoning_is_asked_for_and_kept_in_its_own_column() -> None:
    generator = made(reasoning=True)
    plain, request = generate(generator, "REASONING: It is warm.\nOUTPUT: Hello.")
    assert "REASONING:" in request.messages[-1]["content"]
    assert values(plain) == {"text": "Hello.", **CELL, "reasoning": "It is warm."}
    assert list(values(plain)) == generator.columns()
    structured, request = generate(
        generator, '{"reasoning": "It is warm.", "text": "Hello."}', attempt(capabilities=SCHEMA)
    )
    assert request.schema is not None
    assert list(request.schema["properties"]) == ["reasoning", "text"]
    assert values(structured) == values(plain)
    assert "reasoning" not in values(generate(generator, "Hello.")[0])
    assert "reasoning" not in values(generate(made(), '{"text": "Hello.", "reasoning": "It is warm."}')[0])


def test_where_the_connection_can_json_is_asked_for() -> None:
    request = generate(made(), '{"text": "Hello."}', attempt(capabilities=SCHEMA))[1]
    assert request.schema is not None
    assert request.schema["required"] == ["text"]
    assert '{"text": "…"}' in request.messages[-1]["content"]
    assert generate(made())[1].schema is None


def test_sampling_of_the_attempt_is_used() -> None:
    sampling = Sampling(0.3, 0.9, 55, ("END",), {"min_p": 0.1})
    request = generate(made(), frozen=attempt(sampling=sampling))[1]
    assert (request.temperature, request.top_p, request.max_tokens, request.stop) == (0.3, 0.9, 55, ("END",))
    assert (request.extra, request.attempt, request.model) == ({"min_p": 0.1}, "run:3", "local:m")


def test_few_examples_are_shown_most_of_them_of_the_same_label() -> None:
    many = [{"text": f"{label} number {n}.", "label": label} for label in SETTINGS["labels"] for n in range(6)]
    generator = made(examples=many)
    shown = set()
    for seed in range(40):
        text = prompt(generator, attempt(seed))
        own = [n for n in range(6) if f"polite number {n}. → polite" in text]
        others = [
            n for label in ("neutral", "impolite") for n in range(6) if f"- {label} number {n}. → {label}" in text
        ]
        assert (len(own), len(others)) == (3, 1)
        shown.update(own)
    assert shown == set(range(6))
    assert "do not copy" in prompt(generator)
    assert "xample" not in prompt(made()).split("Now write")[1]


def test_reasons_of_examples_are_shown_where_reasons_are_asked_for() -> None:
    examples = [EXAMPLES[1]]
    assert "→ polite (It offers help.)" in prompt(made(examples=examples, reasoning=True))
    assert "It offers help." not in prompt(made(examples=examples))


def test_what_was_written_before_is_shown_to_be_avoided() -> None:
    text = prompt(made(), attempt(recent=(Recent("1", "First of all."), Recent("2", "Second one."))))
    assert "different from these" in text
    assert "- First of all.\n- Second one." in text
    assert "different from these" not in prompt(made())


PREVIOUS = Previous({"text": "Hm {cell_}.", "label": "polite"}, "1 of at least 4 words.")


@pytest.mark.parametrize("settings", [{}, {"reasoning": True}, {"prompt": "Write something {label}."}])
def test_what_was_wrong_with_an_earlier_text_is_told(settings: dict[str, Any]) -> None:
    told = "An earlier answer to this was refused: 1 of at least 4 words. It was:\nHm {cell_}.\nDo better."
    assert told in prompt(made(**settings), attempt(previous=PREVIOUS))
    assert "refused" not in prompt(made(**settings))


def test_in_a_pattern_for_a_small_model_there_is_no_remark() -> None:
    generator = made(examples=EXAMPLES)
    first, again = (attempt(capabilities=RAW, previous=previous) for previous in (None, PREVIOUS))
    assert generate(generator, frozen=first)[1].prompt == generate(generator, frozen=again)[1].prompt


def test_braces_in_texts_are_texts() -> None:
    strange = "Dear {name}, {examples_} {cell_} {label} {{x}} {% raw %}"
    generator = made(
        instruction=f"a text like {strange}",
        labels={"polite": strange, "b": ""},
        examples=[{"text": strange, "label": "polite"}],
    )
    text = prompt(generator, attempt(recent=(Recent("1", strange),)))
    assert text.count(strange) >= 5
    own = made(labels={"polite": strange}, prompt="{label}: {description} {recent}")
    assert prompt(own, attempt(recent=(Recent("1", strange),))).endswith(f"polite: {strange} - {strange}")


@pytest.mark.parametrize("capabilities", [PLAIN, SCHEMA, RAW])
@pytest.mark.parametrize("reasoning", [True, False])
def test_a_stored_attempt_makes_its_prompt_again(capabilities: Capabilities, reasoning: bool) -> None:
    settings: dict[str, Any] = {
        "examples": EXAMPLES,
        "attributes": {"place": ["Rome", "Oslo", "Lima"], "mood": ["a", "b"]},
    }
    frozen = attempt(11, capabilities=capabilities, recent=(Recent("1", "Before."),))
    first = generate(made(reasoning=reasoning, **settings), frozen=frozen)[1]
    used = made(reasoning=reasoning, **settings)
    for seed in range(5):
        generate(used, frozen=attempt(seed, capabilities=capabilities))
    again = generate(used, frozen=replace(frozen, number=3))[1]
    assert again.to_json() == first.to_json()


def test_prompts_vary_with_the_seed_unless_steering_is_off() -> None:
    generator = made()
    assert len({prompt(generator, attempt(seed * 1_000_003)) for seed in range(50)}) > 30
    assert len({prompt(generator, attempt(seed, steered=False)) for seed in range(50)}) == 1


def test_attributes_are_drawn_for_each_prompt_and_are_no_columns() -> None:
    generator = made(attributes={"place": ["Rome", "Oslo"]}, prompt="{label} in {place}")
    drawn = {prompt(generator, attempt(seed)).rsplit(" in ", 1)[1] for seed in range(20)}
    assert drawn == {"Rome", "Oslo"}
    assert "place" not in values(generate(generator)[0])
    assert any(
        f"- place: {place}" in prompt(made(attributes={"place": ["Rome", "Oslo"]})) for place in ("Rome", "Oslo")
    )


def test_own_texts_replace_the_built_in_ones() -> None:
    generator = made(
        system="You write for {channel}. {instruction}.",
        prompt='{label} ({description}) {category}/{type} {examples}|{recent}| as {"text": …} {}',
        examples=[EXAMPLES[1]],
    )
    request = generate(generator, frozen=attempt(recent=(Recent("1", "Before."),)))[1]
    assert [message["role"] for message in request.messages] == ["system", "user"]
    assert request.messages[0]["content"] == "You write for email. one reply of a customer service agent."
    assert request.messages[1]["content"] == (
        'polite (considerate and warm) travel/air - How may I help you today? (polite)|- Before.| as {"text": …} {}'
    )


def test_an_empty_system_text_is_left_out() -> None:
    request = generate(made(system=""))[1]
    assert [message["role"] for message in request.messages] == ["user"]


def test_a_category_without_types_leaves_the_variable_empty() -> None:
    frozen = attempt(cell={"label": "neutral", "category": "other", "channel": "chat"})
    assert prompt(made(prompt="[{category}][{type}][{description}]", system=""), frozen) == "[other][][]"
    assert values(generate(made(), frozen=frozen)[0]) == {
        "text": "Hello.",
        "label": "neutral",
        "category": "other",
        "channel": "chat",
    }


@pytest.mark.parametrize(
    ("completion", "reason"),
    [
        (Completion("Hello, my frie", "length"), "truncated"),
        (Completion('{"text": "Hello, my friend"}', "length"), "truncated"),
        (Completion("", "content_filter"), "refusal"),
        (Completion(""), "unparseable"),
        (Completion('{"text": "Hello, my fri'), "unparseable"),
        (Completion("<think>hm"), "unparseable"),
        (Completion("x" * 20_001), "unparseable"),
        (Completion('{"text": "half a \\ud83d"}'), "unparseable"),
    ],
)
def test_what_is_no_text_is_a_failure_with_its_reason(completion: Completion, reason: str) -> None:
    outcome = generate(made(), completion)[0]
    assert isinstance(outcome, Failure)
    assert outcome.reason == reason
    assert outcome.detail


def test_structured_always_takes_nothing_but_the_json_asked_for() -> None:
    frozen = attempt(capabilities=SCHEMA, strict=True)
    assert values(generate(made(), '{"text": "Hello."}', frozen)[0])["text"] == "Hello."
    outcome = generate(made(), "Hello.", frozen)[0]
    assert isinstance(outcome, Failure)
    assert outcome.reason == "unparseable"


def test_small_models_go_on_from_examples_of_the_same_label() -> None:
    generator = made(examples=EXAMPLES)
    outcome, request = generate(generator, " Hello there.\n\nText: Another", attempt(capabilities=RAW))
    assert request.messages == ()
    assert request.prompt is not None
    assert request.prompt.endswith("Topic: travel, air, email\nText:")
    assert "Text: Thank you so much for waiting.\n" in request.prompt
    assert "considerate and warm" in request.prompt
    assert "Not my problem." not in request.prompt
    assert request.stop == ("\n",)
    assert request.schema is None
    assert values(outcome) == {"text": "Hello there.", **CELL}


def test_a_raw_completion_is_as_short_as_the_recipe_wants() -> None:
    assert (generate(made(examples=EXAMPLES), frozen=attempt(capabilities=RAW))[1].max_tokens or 0) <= 200
    short = attempt(capabilities=RAW, sampling=Sampling(max_tokens=20))
    assert generate(made(examples=EXAMPLES), frozen=short)[1].max_tokens == 20
    outcome = generate(made(examples=EXAMPLES), Completion("Hello th", "length"), short)[0]
    assert isinstance(outcome, Failure)
    assert outcome.reason == "truncated"


@pytest.mark.parametrize(
    "settings", [{"examples": EXAMPLES[2:]}, {"prompt": "{label}"}, {"system": "{label}"}, {"reasoning": True}]
)
def test_small_models_chat_where_a_completion_would_leave_something_out(settings: dict[str, Any]) -> None:
    request = generate(made(**{"examples": EXAMPLES, **settings}), frozen=attempt(capabilities=RAW))[1]
    assert request.prompt is None
    assert request.messages


def test_raw_prompts_of_one_label_begin_alike_for_a_while() -> None:
    many = [{"text": f"Number {n}.", "label": "polite"} for n in range(12)]
    generator = made(examples=many)
    prompts = []
    for ordinal, kind in enumerate(("air", "train", "air", "train")):
        frozen = replace(attempt(ordinal, cell={**CELL, "type": kind}, capabilities=RAW), ordinal=ordinal)
        prompts.append(prompt(generator, frozen))
    beginnings = {text.rsplit("Topic:", 1)[0] for text in prompts}
    assert len(beginnings) == 1
    later = replace(attempt(1, capabilities=RAW), ordinal=80)
    assert prompt(generator, later).rsplit("Topic:", 1)[0] not in beginnings


def test_ten_thousand_cells_do_not_mix_their_descriptions() -> None:
    generator = made(labels=["a", "b"], categories={}, axes={"x": [str(n) for n in range(30)]})
    for x in [*range(30), *range(30)]:
        text = prompt(generator, attempt(cell={"label": "b", "x": str(x)}))
        assert f"- label: b\n- x: {x}\n" in text
