"""What others are not to see is found in long texts as in short ones, line by line."""

from __future__ import annotations

import json
from random import Random
from string import ascii_letters, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.checks.keys import secrets
from seedbed.checks.personal import personal_data
from seedbed.checks.sensitive import SECRET, sensitive

pytest.importorskip("presidio_analyzer")
pytest.importorskip("detect_secrets")


def made(count: int, letters: str = ascii_letters + digits) -> str:
    """A key nobody has: this file holds no whole one, or those who look for leaks would find it."""
    rng = Random(count)
    return "".join(rng.choice(letters) for _ in range(count))


VALUES = [
    ("anna.schmidt@example.com", "EMAIL_ADDRESS"),
    ("zhang.wei＠qq.com", "EMAIL_ADDRESS"),
    ("+49 30 901820", "PHONE_NUMBER"),
    ("(212) 555-0187", "PHONE_NUMBER"),
    ("4111 1111 1111 1111", "CREDIT_CARD"),
    ("DE89 3704 0044 0532 0130 00", "IBAN_CODE"),
    ("192.168.10.20", "IP_ADDRESS"),
    ("2001:0db8:85a3::8a2e:0370:7334", "IP_ADDRESS"),
    ("aa:bb:cc:dd:ee:ff", "MAC_ADDRESS"),
    ("536-90-4399", "US_SSN"),
    ("sk-ant-" + "api03-" + made(60), SECRET),
    ("ghp_" + made(36), SECRET),
]
PLAIN = ["", "considerate, shows respect", "- one, two", "Text: …", "Answer with one JSON object: {", "密码", "Phone:"]


@pytest.mark.parametrize(("value", "kind"), VALUES)
def test_each_kind_is_found_where_it_stands_in_a_long_text(value: str, kind: str) -> None:
    before = "Be polite.\nExamples:\r\n- It is late\u2028- "
    text = f"{before}Well, {value} it is.\nAnd so on.\n"
    start = text.index(value)
    assert [(one.start, one.end, one.entity) for one in sensitive(text)] == [(start, start + len(value), kind)]


pieces = st.lists(st.sampled_from([*(value for value, _ in VALUES), *PLAIN, "password: hunter2isMyPw1"]), max_size=8)


@settings(max_examples=60, deadline=None)
@given(pieces, st.sampled_from(["\n", "\n\n", "\r\n", "\n- ", " and\n"]))
def test_line_by_line_no_less_is_found_than_by_the_checks(parts: list[str], between: str) -> None:
    text = between.join(parts)
    hidden = {at for one in sensitive(text) for at in range(one.start, one.end)}
    for one in (*personal_data(text), *secrets(text)):
        assert hidden.issuperset(range(one.start, one.end)), text[one.start : one.end]


def test_a_word_on_the_line_before_counts() -> None:
    assert not sensitive("It is\n2345678 indeed")
    assert [one.entity for one in sensitive("My phone number:\n2345678 indeed")] == ["PHONE_NUMBER"]
    assert [one.entity for one in sensitive("The password is\nhunter2isMyPw1")] == [SECRET]


HEAD, FOOT = "-----BEGIN RSA PRIVATE" + " KEY-----", "-----END RSA PRIVATE" + " KEY-----"
BODY = "\n".join(made(64) for _ in range(4)) + "\n" + made(11)


@pytest.mark.parametrize("wrapped", [str, lambda key: json.dumps({"note": key})])
def test_of_a_private_key_nothing_is_left(wrapped) -> None:
    text = wrapped(f"Here it is:\n{HEAD}\n{BODY}\n{FOOT}\nKeep it.")
    (found,) = sensitive(text)
    kept = text[: found.start] + text[found.end :]
    assert not any(line in kept for line in BODY.splitlines())
    assert "Here it is" in kept
    assert "Keep it." in kept


def test_of_a_private_key_that_is_cut_the_lines_go_too() -> None:
    text = f"{HEAD}\n{made(64)}\n{made(64)}\n\nThat is all of it."
    (found,) = sensitive(text)
    assert made(64) not in text[: found.start] + text[found.end :]
    assert text.endswith("That is all of it.")
    assert found.end <= text.index("That")
