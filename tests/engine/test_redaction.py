"""What models of others are asked holds no personal data; what they answer holds it again."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.chat import Completion, Message, Request
from seedbed.engine.redaction import Mask, Redaction

pytest.importorskip("presidio_analyzer")
pytest.importorskip("detect_secrets")

ANNA, BEN = "anna@example.org", "ben@example.org"
PHONE = "+49 30 901820"
HOSTED = "cloud:m"


def chat(*texts: str, **fields: Any) -> Request:
    roles = ["system", "user"] * len(texts)
    messages = tuple(Message(role=role, content=text) for role, text in zip(roles, texts, strict=False))
    return Request(fields.pop("model", HOSTED), messages, **fields)


def asked(request: Request, answer: str = "Fine.", models: tuple[str, ...] = (HOSTED,)) -> tuple[Request, Completion]:
    """What the model got to see, and what came back through the mask."""
    seen: list[Request] = []

    async def ask(question: Request) -> Completion:
        seen.append(question)
        return Completion(answer)

    completion = asyncio.run(Redaction(models).over(ask)(request))
    return seen[0], completion


def contents(request: Request) -> list[str]:
    return [message["content"] for message in request.messages]


def test_equal_values_have_one_placeholder_and_different_ones_different_ones() -> None:
    sent, _ = asked(chat(f"You are {ANNA}.", f"{BEN} wrote to {ANNA}, call {PHONE} or {ANNA}."))
    assert contents(sent) == ["You are [EMAIL_1].", "[EMAIL_2] wrote to [EMAIL_1], call [PHONE_1] or [EMAIL_1]."]
    assert sent.redacted == {"email": 2, "phone": 1}


def test_what_comes_back_holds_the_values_and_placeholders_of_the_models_own_stay() -> None:
    _, completion = asked(chat(f"Write to {ANNA}."), '{"text": "Dear [EMAIL_1], not [EMAIL_2] or [PHONE_1]."}')
    assert json.loads(completion.text) == {"text": f"Dear {ANNA}, not [EMAIL_2] or [PHONE_1]."}


def test_placeholders_that_stand_in_the_question_are_not_given_out() -> None:
    sent, completion = asked(chat(f"Keep [EMAIL_1] as it is and write to {ANNA}."), "[EMAIL_1] and [EMAIL_2]")
    assert contents(sent) == ["Keep [EMAIL_1] as it is and write to [EMAIL_2]."]
    assert completion.text == f"[EMAIL_1] and {ANNA}"


def test_what_is_sure_in_one_place_is_masked_in_all() -> None:
    sent, _ = asked(chat("Ask for 2345678.", "Her phone number is 2345678."))
    assert contents(sent) == ["Ask for [PHONE_1].", "Her phone number is [PHONE_1]."]


def test_values_that_hold_each_other_leave_nothing_behind() -> None:
    sent, _ = asked(chat("Mail x@example.co and x@example.com please."))
    assert contents(sent) == ["Mail [EMAIL_1] and [EMAIL_2] please."]


def test_a_local_model_gets_the_question_as_it_is() -> None:
    request = chat(f"Write to {ANNA}.", model="ollama:m")
    sent, completion = asked(request, "[EMAIL_1]")
    assert sent is request
    assert completion.text == "[EMAIL_1]"


def test_a_question_without_personal_data_goes_as_it_is() -> None:
    request = chat("Write to [EMAIL_1], 3 words.")
    sent, completion = asked(request, "[EMAIL_1]")
    assert sent is request
    assert sent.redacted is None
    assert completion.text == "[EMAIL_1]"


def test_raw_prompts_stops_and_further_parameters_are_masked_too() -> None:
    request = Request(HOSTED, prompt=f"Text: {ANNA}\nText:", stop=(BEN, "\n"), extra={"user": ANNA, "min_p": 0.1})
    sent, _ = asked(request)
    assert sent.prompt == "Text: [EMAIL_1]\nText:"
    assert sent.stop == ("[EMAIL_2]", "\n")
    assert sent.extra == {"user": "[EMAIL_1]", "min_p": 0.1}


def test_a_schema_holds_placeholders_and_can_be_followed_by_them() -> None:
    schema = {
        "type": "object",
        "properties": {
            "to": {"enum": [ANNA, BEN]},
            "mail": {"type": "string", "format": "email", "pattern": "@"},
            "day": {"type": "string", "format": "date"},
            "pattern": {"type": "string", "description": f"as {ANNA} says"},
        },
    }
    sent, _ = asked(chat(f"Extract what {ANNA} wrote.", schema=schema))
    assert sent.schema == {
        "type": "object",
        "properties": {
            "to": {"enum": ["[EMAIL_1]", "[EMAIL_2]"]},
            "mail": {"type": "string"},
            "day": {"type": "string", "format": "date"},
            "pattern": {"type": "string", "description": "as [EMAIL_1] says"},
        },
    }
    assert schema["properties"]["mail"]["pattern"] == "@"  # type: ignore[index]


@pytest.mark.parametrize("escaped", [False, True])
def test_secrets_of_several_lines_come_back_in_prose_and_in_json(escaped: bool) -> None:
    lines = [
        "-----BEGIN PRIVATE" + " KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0",
        "AoIBAQC7VJTUt9Us8cKj",
        "-----END PRIVATE" + " KEY-----",
    ]
    text = "\n".join(["A key:", *lines, "That was it."])
    shown = json.dumps({"text": text}) if escaped else text
    sent, _ = asked(chat(shown))
    (masked,) = contents(sent)
    assert not any(line in masked for line in lines[1:3])
    assert sent.redacted == {"secret": 1}
    _, completion = asked(chat(shown), masked)
    assert completion.text == shown
    again = masked if escaped else json.dumps({"text": masked})
    _, completion = asked(chat(shown), again)
    assert json.loads(completion.text) == {"text": text}


def test_the_answer_that_is_stored_keeps_its_placeholders() -> None:
    stored = Completion("Dear [EMAIL_1]")

    async def ask(_: Request) -> Completion:
        return stored

    completion = asyncio.run(Redaction([HOSTED]).over(ask)(chat(ANNA)))
    assert (stored.text, completion.text) == ("Dear [EMAIL_1]", f"Dear {ANNA}")


def test_the_same_question_is_masked_the_same_again() -> None:
    questions = [asked(chat(f"{BEN}, {ANNA}", f"{PHONE} {ANNA}"))[0].to_json() for _ in range(2)]
    assert questions[0] == questions[1]


PIECES = [ANNA, BEN, PHONE, "DE89 3704 0044 0532 0130 00", "192.168.10.20", "password: hunter2isMyPw1", "[EMAIL_1]"]
texts = st.lists(st.sampled_from([*PIECES, "é", "\n", '"', "\\n", "北京", "2345678", "phone ", " and "]), max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(texts.map("".join), min_size=1, max_size=3))
def test_masking_and_putting_back_changes_nothing(parts: list[str]) -> None:
    mask = Mask(parts)
    masked = [mask(part) for part in parts]
    assert [mask.restore(part) for part in masked] == parts
    assert not any(value in part for value in mask._kinds for part in masked)
