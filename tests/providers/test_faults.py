from __future__ import annotations

from typing import Any

import orjson
import pytest

from seedbed.core.chat import Message
from seedbed.providers.faults import COMMON_CODES, error_of, fault_of, kind_of, shortened
from seedbed.providers.http import Reply
from seedbed.providers.schemas import is_closed, schema_name
from seedbed.providers.turns import fold_system, split_system


def reply(status: int, body: Any) -> Reply:
    return Reply(status, {}, body if isinstance(body, bytes) else orjson.dumps(body))


@pytest.mark.parametrize(
    ("body", "words", "code"),
    [
        ({"error": {"message": "No.", "code": "x", "param": None}}, "No.", "x"),
        ({"error": "No."}, "No.", ""),
        ({"type": "error", "error": {"type": "overloaded_error", "message": "No."}}, "No.", ""),
        ({"object": "error", "message": "No.", "type": "BadRequestError", "code": 400}, "No.", "400"),
        ({"detail": "No."}, "No.", ""),
        ({"detail": [{"loc": ["body", "top_p"], "msg": "No.", "type": "value_error"}]}, "No.", ""),
        ({"code": "InvalidApiKey", "message": "No.", "request_id": "1"}, "No.", "InvalidApiKey"),
        ({"error_code": 110, "error_msg": "No."}, "No.", "110"),
        ({"statusCode": 401, "message": "No\n  way."}, "No way.", ""),
        ([{"error": {"message": "No.", "code": 400}}], "No.", "400"),
        ({"object": "error", "message": {"detail": [{"loc": ["body", "seed"], "msg": "No."}]}, "type": "x"}, "No.", ""),
        ({}, "", ""),
        ([], "[]", ""),
        (b"", "", ""),
        (b"upstream\nfailed", "upstream failed", ""),
        (b"<!doctype html><head><title> 502 Bad\nGateway </title>", "a web page, “502 Bad Gateway”", ""),
        (b"<br>", "a web page", ""),
        (b"\xff\xfe", "\ufffd\ufffd", ""),
    ],
)
def test_what_a_refusal_says(body: Any, words: str, code: str) -> None:
    fault = fault_of(reply(500, body))
    assert (fault.words, fault.code, fault.status) == (words, code, 500)


def test_an_error_inside_a_good_status_counts_as_its_own() -> None:
    fault = fault_of(reply(200, {"error": {"message": "Slow down.", "code": 429}}))
    assert (fault.status, kind_of(fault, COMMON_CODES)) == (429, "rate_limited")


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (400, "the request exceeds the available context size", "context"),
        (500, "Context size has been exceeded.", "context"),
        (400, "This model's maximum context length is 4096 tokens.", "context"),
        (413, "", "context"),
        (402, "Insufficient Balance", "quota"),
        (404, "The model `x` does not exist.", "model"),
        (404, "Not Found", "request"),
        (400, "Model Not Exist", "model"),
        (400, "acme/none is not a valid model ID", "model"),
        (400, "Unsupported parameter: 'seed' is not supported with this model.", "request"),
        (405, "", "request"),
        (302, "", "request"),
        (408, "", "timeout"),
        (504, "", "timeout"),
        (529, "", "server"),
        (502, "", "server"),
        (418, "", "request"),
        (200, "", "protocol"),
    ],
)
def test_the_kind_by_status_and_words(status: int, words: str, kind: str) -> None:
    assert kind_of(fault_of(reply(status, {"error": {"message": words}})), COMMON_CODES) == kind


def test_long_words_are_cut_to_three_hundred_characters() -> None:
    assert len(shortened("word " * 200)) == 300
    assert shortened("no dot") == "no dot."
    assert shortened("停止。") == "停止。"


@pytest.mark.parametrize("status", [302, 404, 405])
def test_where_there_is_no_api_the_hint_names_the_base_url(status: int) -> None:
    error = error_of("request", fault_of(reply(status, b"")), "OpenAI", "m", None)
    assert error.message == f"OpenAI refused the request (HTTP {status})."
    assert "`base_url`" in error.hint


def test_system_texts() -> None:
    system, user, assistant = (Message(role=role, content=role[0]) for role in ("system", "user", "assistant"))
    assert fold_system([system, user, system]) == [{"role": "user", "content": "s\n\ns\n\nu"}]
    assert fold_system([user]) == [user]
    assert fold_system([system, assistant])[0] == {"role": "user", "content": "s"}
    assert split_system([system]) == ("", [{"role": "user", "content": "s"}])
    assert split_system([]) == ("", [])


def test_closed_schemas() -> None:
    inner = {"type": "object", "properties": {"a": {}}, "required": ["a"], "additionalProperties": False}
    outer = {"type": "object", "properties": {"list": {"type": "array", "items": inner}}, "required": ["list"]}
    assert is_closed(inner)
    assert not is_closed(outer)
    assert is_closed(outer | {"additionalProperties": False})
    assert not is_closed(outer | {"additionalProperties": False, "required": []})
    open_inside = {**inner, "properties": {"a": {"type": "object", "properties": {"b": {}}}}}
    assert not is_closed(open_inside)
    assert [schema_name({"title": title}) for title in ("A b/c", "", "回复")] == ["A_b_c", "answer", "answer"]
