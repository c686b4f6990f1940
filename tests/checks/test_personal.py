"""Personal data is found and masked."""

from __future__ import annotations

import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from seedbed.checks.personal import _finder, _spacy_model, personal_data
from seedbed.checks.privacy import Pii, masked
from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.record import Record

pytest.importorskip("presidio_analyzer")

Passes = Callable[[Pii, object], bool]

FOUND = [
    ("Write to anna.schmidt@example.com please.", "EMAIL_ADDRESS"),
    ("Mail: j.o'neil+shop@mail.co.uk", "EMAIL_ADDRESS"),
    ("Schreiben Sie an kundendienst@müller-gmbh.de!", "EMAIL_ADDRESS"),
    ("请发邮件到zhang.wei@qq.com谢谢", "EMAIL_ADDRESS"),
    ("Ask user@corp.local about it.", "EMAIL_ADDRESS"),
    ("Call me at (212) 555-0187 tomorrow.", "PHONE_NUMBER"),
    ("My number is 555-123-4567.", "PHONE_NUMBER"),
    ("Reach us on +44 20 7946 0958.", "PHONE_NUMBER"),
    ("Rufen Sie mich unter 030 901820 an.", "PHONE_NUMBER"),
    ("Meine Handynummer ist 0171 2345678", "PHONE_NUMBER"),
    ("Appelez-moi au 06 12 34 56 78.", "PHONE_NUMBER"),
    ("Mi teléfono es 612 345 678", "PHONE_NUMBER"),
    ("我的手机号是13812345678，随时联系", "PHONE_NUMBER"),
    ("电话：13812345678", "PHONE_NUMBER"),
    ("電話は03-1234-5678です", "PHONE_NUMBER"),
    ("전화 010-1234-5678로 연락 주세요", "PHONE_NUMBER"),
    ("Звоните: +7 495 123-45-67", "PHONE_NUMBER"),
    ("text me at 5551234567", "PHONE_NUMBER"),
    ("phone: 555-0199", "PHONE_NUMBER"),
    ("0049 30 123456 is my office", "PHONE_NUMBER"),
    ("My card is 4111 1111 1111 1111, exp 12/27.", "CREDIT_CARD"),
    ("卡号4111111111111111，谢谢", "CREDIT_CARD"),
    ("卡号４１１１１１１１１１１１１１１１，谢谢", "CREDIT_CARD"),
    ("IBAN DE89 3704 0044 0532 0130 00", "IBAN_CODE"),
    ("Überweisen Sie auf GB29NWBK60161331926819.", "IBAN_CODE"),
    ("The server 192.168.10.20 was hit", "IP_ADDRESS"),
    ("host 2001:0db8:85a3:0000:0000:8a2e:0370:7334 down", "IP_ADDRESS"),
    ("MAC 00:1B:44:11:3A:B7", "MAC_ADDRESS"),
    ("Send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "CRYPTO"),
    ("My SSN is 536-90-4399", "US_SSN"),
    ("NINO AB123456C", "UK_NINO"),
    ("Mi DNI es 12345678Z", "ES_NIF"),
    ("codice fiscale RSSMRA85T10A562S", "IT_FISCAL_CODE"),
    ("身份证号11010519491231002X", "CN_ID"),
    ("주민등록번호 900101-1234568", "KR_RRN"),
    ("NRIC S1234567D", "SG_NRIC_FIN"),
]


@pytest.mark.parametrize(("text", "entity"), FOUND)
def test_personal_data_is_found_and_told_by_its_kind(judge: Any, text: str, entity: str) -> None:
    found = judge(Pii(), text)
    assert not found.passed
    assert found.detail == f"contains {entity}"
    assert found.score >= 0.5


HARMLESS = [
    "",
    "Thank you for your help, have a nice day!",
    "Your order 4821937221 ships on 2024-05-17.",
    "Order number: 1234567890, total $1,299.00.",
    "Invoice 2024-000123 from 12.03.2024 over 1.234,56 EUR.",
    "Flight LH 1234 departs at 10:45 on 17/05/2024.",
    "The tracking number is 1Z999AA10123456784.",
    "Version 2.10.3 fixes bug 18273645.",
    "ISBN 978-3-16-148410-0 is a fine book.",
    "It costs 1 000 000 yen, or 12 500 000 won.",
    "The population grew from 1,234,567 to 2,345,678.",
    "Between 1990 and 2020, from 2010-2015 and 2016-2019.",
    "Die Bestellung 4711-0815-2024 ist angekommen.",
    "Please call us about order 4821937221 before Friday.",
    "I'll call you later about ticket 88213345.",
    "π is 3.14159265358979.",
    "您的订单号是20240517123456，请查收。",
    "2024年5月17日10点30分，商品编号100012043978，价格299元。",
    "At 08:30:15 the counter read 000123456789.",
    "He scored 10 20 30 40 50 60 70 points.",
    "Call 911 or 112 in an emergency.",
    "The picture logo@2x.png is missing, ask @anna on the forum.",
    "Coordinates 52.520008, 13.404954.",
    "UUID 550e8400-e29b-41d4-a716-446655440000.",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_of_other_things_are_no_personal_data(passes: Passes, text: str) -> None:
    assert passes(Pii(), text)


def test_only_the_kinds_asked_for_are_looked_for(passes: Passes) -> None:
    text = "Write to a@b.de or call +49 30 901820."
    assert passes(Pii(entities=("IBAN_CODE",)), text)
    assert not passes(Pii(entities=("PHONE_NUMBER",)), text)
    assert passes(Pii(), "Read https://example.org")
    assert not passes(Pii(entities=("URL",)), "Read https://example.org")


def test_how_sure_it_must_be_can_be_set(passes: Passes) -> None:
    bare = "We sold 2125550187 of them."
    assert passes(Pii(), bare)
    assert not passes(Pii(threshold=0.3), bare)
    assert passes(Pii(threshold=0.9), "My number is 212-555-0187.")


def test_all_columns_that_the_model_writes_are_looked_at(judge: Any) -> None:
    record = Record({"question": "Who?", "answer": "Ask a@b.de.", "source": "+49 30 901820"})
    assert judge(Pii(), record, ("question", "answer")).detail == "contains EMAIL_ADDRESS"
    assert judge(Pii(column="question"), record, ("question", "answer")).passed
    assert judge(Pii(), Record({"messages": [{"role": "user", "content": "I am a@b.de"}]}), ("messages",)).score == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"entities": ["EMAIL"]}, "EMAIL_ADDRESS"),
        ({"entities": ["PERSON"]}, "needs a `model`"),
        ({"entities": []}, "entities"),
        ({"threshold": 0}, "threshold"),
    ],
)
def test_wrong_settings_are_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Pii(**fields)


def test_masking_says_what_it_masked() -> None:
    text = "Anna: a@b.de, +49 30 901820. Again: a@b.de!"
    assert masked(text) == (
        "Anna: <EMAIL_ADDRESS>, <PHONE_NUMBER>. Again: <EMAIL_ADDRESS>!",
        Counter(EMAIL_ADDRESS=2, PHONE_NUMBER=1),
    )
    assert masked("Nothing here.") == ("Nothing here.", Counter())
    assert masked("我的手机号是13812345678，邮箱x@qq.com") == (
        "我的手机号是<PHONE_NUMBER>，邮箱<EMAIL_ADDRESS>",
        Counter(PHONE_NUMBER=1, EMAIL_ADDRESS=1),
    )


def test_a_value_found_once_is_masked_everywhere() -> None:
    text = "Compare 2125550187 with the old value. My phone: 2125550187"
    assert masked(text)[0] == "Compare <PHONE_NUMBER> with the old value. My phone: <PHONE_NUMBER>"


PIECES = st.one_of(
    st.sampled_from([text for text, _ in FOUND]),
    st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,5})?@[a-z]{1,8}\.(de|com|example)", fullmatch=True),
    st.from_regex(r"(\+49|0|\(0)[0-9 )/-]{6,12}", fullmatch=True),
    st.text(max_size=20),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=5), st.sampled_from(["", " ", "\r\n", "，", "👍"]))
def test_a_masked_text_holds_no_found_value_and_nothing_else_is_lost(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    found = personal_data(text)
    hidden, counts = masked(text)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(text[one.start : one.end] not in hidden for one in found)
    assert bool(counts) == bool(found)
    kept = iter(text)
    for entity in counts:
        hidden = hidden.replace(f"<{entity}>", "")
    assert all(sign in kept for sign in hidden), "what is left stands in the text, in order"


@pytest.fixture
def no_cache() -> Iterator[None]:
    _finder.cache_clear()
    yield
    _finder.cache_clear()
    _spacy_model.cache_clear()


@pytest.mark.usefixtures("no_cache")
def test_nothing_is_fetched_from_the_network(monkeypatch: pytest.MonkeyPatch, passes: Passes) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert not passes(Pii(), "a@b.de, +49 30 901820, 192.168.10.20")


@pytest.mark.usefixtures("no_cache")
def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, passes: Passes) -> None:
    monkeypatch.setitem(sys.modules, "presidio_analyzer.predefined_recognizers", None)
    with pytest.raises(MissingExtra, match="`privacy`"):
        passes(Pii(), "Nothing to be found here.")


@pytest.mark.usefixtures("no_cache")
def test_a_model_finds_names_and_places(monkeypatch: pytest.MonkeyPatch, passes: Passes, judge: Any) -> None:
    import spacy

    nlp = spacy.blank("en")
    rules = [{"label": "PERSON", "pattern": "Anna Schmidt"}, {"label": "GPE", "pattern": "Berlin"}]
    nlp.add_pipe("entity_ruler").add_patterns([*rules, {"label": "ORG", "pattern": "ACME"}])  # type: ignore[attr-defined]
    monkeypatch.setattr(spacy, "load", lambda _: nlp)
    text = "Anna Schmidt of ACME, Berlin"
    assert passes(Pii(), text)
    assert judge(Pii(model="own"), text).detail == "contains PERSON, LOCATION"
    assert masked(text, ("ORGANIZATION",), model="own")[0] == "Anna Schmidt of <ORGANIZATION>, Berlin"


@pytest.mark.usefixtures("no_cache")
def test_a_model_that_is_not_there_is_named_and_never_fetched(passes: Passes) -> None:
    with pytest.raises(InputError, match="no spaCy model `xx_not_there`") as caught:
        passes(Pii(model="xx_not_there"), "Anna")
    assert "spacy download" in caught.value.hint


def test_a_value_that_is_there_very_often_is_masked_every_time() -> None:
    assert masked("a@b.de " * 20_000) == ("<EMAIL_ADDRESS> " * 20_000, Counter(EMAIL_ADDRESS=20_000))
