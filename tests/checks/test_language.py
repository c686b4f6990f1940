"""The language a text is in."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from pydantic import ValidationError

from seedbed.checks.language import Language, _identifier
from seedbed.core.errors import MissingExtra
from seedbed.core.record import Record

pytest.importorskip("py3langid")

TEXTS = {
    "en": "Thank you for your patience, the parcel will arrive tomorrow morning.",
    "de": "Vielen Dank für Ihre Geduld, das Paket kommt morgen früh an.",
    "fr": "Merci de votre patience, le colis arrivera demain matin.",
    "zh": "您好，您的包裹已经寄出，预计明天上午九点之前送达，请您保持电话畅通。",
    "ja": "ありがとうございます。明日の朝九時に伺いますので、よろしくお願いいたします。",
    "ru": "Спасибо за терпение, посылка придёт завтра утром.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_is_in_one_of_the_languages(judge: Any, code: str) -> None:
    assert judge(Language(languages=(code, "eo")), TEXTS[code]).passed
    assert judge(Language(languages=("fi",)), TEXTS[code]).detail == f"looks like {code}"


def test_short_texts_pass(judge: Any) -> None:
    assert judge(Language(languages=("fi",)), "Danke schön!").passed
    assert not judge(Language(languages=("fi",), min_chars=5), "Danke schön!").passed


def test_every_column_that_the_model_writes_is_looked_at(judge: Any) -> None:
    record = Record({"question": TEXTS["en"], "answer": TEXTS["de"]})
    columns = ("question", "answer")
    assert judge(Language(languages=("en",)), record, columns).detail == "looks like de"
    assert judge(Language(languages=("en",), column="question"), record, columns).passed
    assert judge(Language(languages=("en", "de")), record, columns).passed


@pytest.mark.parametrize("languages", [(), ("english",), ("EN",)])
def test_what_is_no_code_is_refused(languages: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        Language(languages=languages)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, judge: Any) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    _identifier.cache_clear()
    with pytest.raises(MissingExtra, match="`language`"):
        judge(Language(languages=("en",)), TEXTS["en"])
    _identifier.cache_clear()
