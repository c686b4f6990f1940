from __future__ import annotations

import base64
import json
import pickle
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seedbed.core.redact import Redactor

KEY = 'sk-proj-a/b+c"d\\eé~XyZ0123456789=='
secrets = st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc"], exclude_characters="*"), min_size=6, max_size=40)
others = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ascii_texts = st.text(st.characters(max_codepoint=127), max_size=9)

FORMS = {
    "itself": KEY,
    "quoted": quote(KEY, safe=""),
    "quoted path": quote(KEY),
    "quoted form": quote_plus(KEY),
    "quoted in lower case": quote(KEY, safe="")
    .replace("%2F", "%2f")
    .replace("%2B", "%2b")
    .replace("%5C", "%5c")
    .replace("%C3%A9", "%c3%a9")
    .replace("%3D", "%3d"),
    "json": json.dumps(KEY)[1:-1],
    "json with Unicode": json.dumps(KEY, ensure_ascii=False)[1:-1],
    "json with slashes": json.dumps(KEY)[1:-1].replace("/", "\\/"),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(KEY.encode()).decode(),
    "base64 without padding": base64.b64encode(KEY.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_form_of_a_secret_is_replaced(form: str) -> None:
    assert Redactor([KEY])(f"401: key <{form}> is wrong, {form}.") == "401: key <***> is wrong, ***."


@given(secret=secrets, before=others, after=others)
def test_a_secret_is_replaced_wherever_it_stands(secret: str, before: str, after: str) -> None:
    assume(secret.strip() == secret)
    shown = Redactor([secret])(f"{before}{secret}{after}")
    assert secret not in shown
    assert "***" in shown


@given(secret=secrets.filter(lambda secret: len(secret) >= 8), data=st.data())
def test_eight_characters_of_a_secret_are_replaced(secret: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(secret) - 8))
    echo = secret[start : data.draw(st.integers(start + 8, len(secret)))]
    assert Redactor([secret])(f"( {echo} )") == "( *** )"


def test_shorter_echoes_and_other_texts_stay() -> None:
    redact = Redactor(["sk-0123456789abcdef"])
    for text in ("", "…cdef", "0123456", "an ordinary sentence about sk- keys", "sk-0123 456789a"):
        assert redact(text) == text


@given(user=ascii_texts, rest=ascii_texts)
def test_inside_longer_base64_what_belongs_to_the_secret_alone_is_replaced(user: str, rest: str) -> None:
    key = "sk-0123456789-abcdefghij"
    packed = base64.b64encode(f"{user}:{key}{rest}".encode()).decode()
    start, end = -(-(len(user) + 1) * 4 // 3), (len(user) + 1 + len(key)) * 4 // 3
    before, after = Redactor([key])(packed).split("***")
    assert packed[:start].startswith(before)
    assert packed[end:].endswith(after)


def test_touching_secrets_become_one_mark_and_several_secrets_are_kept() -> None:
    redact = Redactor(["aaaa-bbbb", "cccc-dddd", "eeeeee"])
    assert redact("x aaaa-bbbbcccc-dddd y eeeeee z") == "x *** y *** z"
    assert redact("aaaa-bbbb") == "***"


def test_short_words_are_no_secrets_and_space_around_is_none() -> None:
    assert Redactor(["", "EMPTY", "12345"])("EMPTY 12345") == "EMPTY 12345"
    assert Redactor([" secret-key\n"])("a secret-key b") == "a *** b"
    assert Redactor([])("text") == "text"


def test_it_crosses_to_a_worker_and_does_not_show_what_it_holds() -> None:
    redact = Redactor([KEY])
    assert KEY not in repr(redact)
    assert pickle.loads(pickle.dumps(redact))(KEY) == "***"


def test_an_ordinary_answer_costs_next_to_nothing() -> None:
    redact = Redactor(["sk-" + "0123456789abcdef" * 10])
    answer = "Thank you for waiting; your parcel will be delivered on Tuesday. " * 30
    begin = time.perf_counter()
    for _ in range(100):
        redact(answer)
    assert (time.perf_counter() - begin) / 100 < 0.001
