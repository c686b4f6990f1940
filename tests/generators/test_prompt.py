"""One prompt, many distinct texts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from seedbed.core.attempt import Attempt, Context, Failure, Previous, Recent
from seedbed.core.chat import Capabilities, Completion, Request
from seedbed.core.record import Record
from seedbed.generators.prompt import Prompt
from seedbed.providers.scripted import Scripted

SCHEMA = Capabilities(json_schema=True)


def attempt(seed: int = 7, **fields: Any) -> Attempt:
    return Attempt("run", 3, 0, seed, "2026-01-31T10:20:30+00:00", 0, {}, "local:m", **fields)


def generate(
    generator: Prompt, answer: str | Completion = "Hello.", frozen: Attempt | None = None
) -> tuple[Record | Failure, Request]:
    model = Scripted.answering([answer])
    [outcome] = asyncio.run(generator.generate(Context(frozen or attempt(), model.complete)))
    return outcome, model.requests[0]


def text_of(generator: Prompt, frozen: Attempt | None = None) -> str:
    return generate(generator, frozen=frozen)[1].messages[-1]["content"]


@pytest.mark.parametrize(
    "settings",
    [
        {"prompt": "", "count": 1},
        {"prompt": "Write.", "count": 0},
        {"prompt": "Write."},
        {"count": 3},
        {"prompt": "Write.", "count": 3, "examples": [""]},
        {"prompt": "Write.", "count": 3, "labels": ["a"]},
        {"prompt": "Write.", "count": 3, "unique_by": []},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Prompt(**settings)


def test_the_prompt_goes_out_as_it_is() -> None:
    request = generate(Prompt(prompt="Write a haiku about {season} & <rain>, as {}.", count=3))[1]
    assert [message["role"] for message in request.messages] == ["user"]
    assert request.messages[0]["content"] == "Write a haiku about {season} & <rain>, as {}."


def test_date_time_and_a_random_name_are_filled_in() -> None:
    generator = Prompt(prompt="It is {current_date}, {current_time}. {random_id}.", count=3)
    text = text_of(generator)
    assert text.startswith("It is 2026-01-31, 10:20. ")
    names = {text_of(generator, attempt(seed)).rsplit(" ", 1)[1] for seed in range(50)}
    assert len(names) == 50
    assert all(len(name) == 13 for name in names)


def test_a_system_text_goes_before_it() -> None:
    request = generate(Prompt(prompt="Write.", system="You are {brief}.", count=3))[1]
    assert [(message["role"], message["content"]) for message in request.messages] == [
        ("system", "You are {brief}."),
        ("user", "Write."),
    ]


def test_a_sample_of_the_examples_goes_along() -> None:
    generator = Prompt(prompt="Write.", examples=tuple(f"example {n}" for n in range(8)), count=3)
    shown = set()
    for seed in range(40):
        lines = [line for line in text_of(generator, attempt(seed)).splitlines() if line.startswith("- example")]
        assert len(lines) == 3
        shown.update(lines)
    assert len(shown) == 8
    assert generator.task().examples == generator.examples


def test_what_was_written_before_is_shown_to_be_avoided() -> None:
    recent = tuple(Recent(str(n), f"Text {n} with {{braces}}.") for n in range(3))
    text = text_of(Prompt(prompt="Write.", count=3), attempt(recent=recent))
    assert "different from these" in text
    assert all(f"- {record.text}" in text for record in recent)


def test_what_was_wrong_with_an_earlier_text_is_told() -> None:
    text = text_of(Prompt(prompt="Write.", count=3), attempt(previous=Previous({"text": "Hm."}, "too short")))
    assert "An earlier answer to this was refused: too short. It was:\nHm.\nDo better." in text


def test_a_stored_attempt_makes_its_prompt_again() -> None:
    settings: dict[str, Any] = {"prompt": "{random_id}", "examples": ("a", "b", "c", "d", "e"), "count": 3}
    frozen = attempt(5, recent=tuple(Recent(str(n), f"Text {n}.") for n in range(5)), capabilities=SCHEMA)
    first = generate(Prompt(**settings), frozen=frozen)[1]
    again = generate(Prompt(**settings), frozen=replace(frozen))[1]
    assert first.to_json() == again.to_json()


def test_without_steering_nothing_is_left_to_chance_but_examples() -> None:
    recent = tuple(Recent(str(n), f"Text {n}.") for n in range(5))
    generator = Prompt(prompt="Write.", count=3)
    assert len({text_of(generator, attempt(seed, steered=False, recent=recent)) for seed in range(20)}) == 1
    assert len({text_of(generator, attempt(seed, recent=recent)) for seed in range(20)}) > 5


def test_where_the_connection_can_json_is_asked_for() -> None:
    outcome, request = generate(
        Prompt(prompt="Write.", count=3),
        Completion('{"text": "Hello."}', structured=True),
        attempt(capabilities=SCHEMA),
    )
    assert request.schema is not None
    assert '{"text": "…"}' in request.messages[0]["content"]
    assert isinstance(outcome, Record)
    assert outcome.values == {"text": "Hello."}


def test_a_server_that_ignored_the_schema_is_understood_all_the_same() -> None:
    generator = Prompt(prompt="Write.", count=3)
    for reply in ("Hello.", '{"text": "Hello."}'):
        outcome = generate(generator, reply, attempt(capabilities=SCHEMA))[0]
        assert isinstance(outcome, Record)
        assert outcome.values == {"text": "Hello."}


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Ada", "age": 36}',
        "[1, 2, 3]",
        "1. Boil the water.\n2. Add the tea.",
        "- one\n- two",
        "# Title\n\nText.",
    ],
)
def test_a_text_may_look_like_anything(text: str) -> None:
    outcome = generate(Prompt(prompt="Write.", count=3), text)[0]
    assert isinstance(outcome, Record)
    assert outcome.values == {"text": text}


@pytest.mark.parametrize(
    ("completion", "reason"),
    [
        (Completion("Hello, my frie", "length"), "truncated"),
        (Completion("", "content_filter"), "refusal"),
        (Completion("  "), "unparseable"),
        (Completion('{"text": "Hello, my fri', structured=True), "unparseable"),
        (Completion("half a \ud83d"), "unparseable"),
    ],
)
def test_what_is_no_text_is_a_failure_with_its_reason(completion: Completion, reason: str) -> None:
    outcome = generate(Prompt(prompt="Write.", count=3), completion)[0]
    assert isinstance(outcome, Failure)
    assert outcome.reason == reason


def test_it_has_one_column_and_one_cell() -> None:
    generator = Prompt(prompt="Write.", count=3)
    assert generator.columns() == ["text"]
    assert generator.quota_axes() == []
