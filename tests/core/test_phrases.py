"""Phrases are found by code points, exactly, in whatever text; quotes stand where their evidence says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seedbed.core.record import Record
from seedbed.core.texts.phrases import located, occurrences
from seedbed.generators.rag_qa import find_quote

LETTERS = "ab é e\u0301 ñ 👩\u200d👧 🇩🇪 שלום مرحبا \r\n\t 東京 ไทย .,;!?“”'() \ufe0f\u200d\u0307"
NASTY = st.text(st.sampled_from(LETTERS) | st.characters(), max_size=60)
NAMES = st.sampled_from(
    ["Zoë", "Zoe\u0308", "O'Neil", "李明", "עדה לוי", "Ann", "Anna", "A. B.", "👩\u200d👧 Mia", "ÅSA", "x\r\ny"]
)


@given(before=NASTY, name=NAMES, after=NASTY)
def test_every_span_is_the_phrase_it_was_found_for(before: str, name: str, after: str) -> None:
    text = f"{before} {name} {after}"
    spans, missing = located(text, [(name, "NAME"), ("Ann", "OTHER")])
    assert name not in missing
    assert any((span.start, span.end) == (len(before) + 1, len(before) + 1 + len(name)) for span in spans)
    for span in spans:
        assert text[span.start : span.end] in (name, "Ann")
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(text=NASTY, phrase=NASTY)
def test_any_phrase_is_found_exactly_or_not_at_all(text: str, phrase: str) -> None:
    for start, end in occurrences(text, phrase):
        assert text[start:end] == phrase


@pytest.mark.parametrize(
    ("text", "phrase", "times"),
    [
        ("Ann met Anna and Ann.", "Ann", 2),
        ("Annie, JoAnn, Ann-Marie", "Ann", 1),
        ("cafe\u0301 cafe", "cafe", 1),
        ("東京都と東京", "東京", 2),
        ("👩‍👧 👩", "👩", 1),
        ("a\r\nb", "a\r", 0),
        ("", "x", 0),
        ("x", "", 0),
    ],
)
def test_words_are_found_whole(text: str, phrase: str, times: int) -> None:
    assert len(occurrences(text, phrase)) == times


def test_longer_phrases_come_first_and_a_phrase_has_one_label() -> None:
    spans, missing = located(
        "New York City is in New York.", [("New York", "STATE"), ("New York City", "CITY"), ("Rome", "CITY")]
    )
    assert [(span.start, span.end, span.label) for span in spans] == [(0, 13, "CITY"), (20, 28, "STATE")]
    assert missing == ["Rome"]


@given(before=NASTY, quote=NASTY, after=NASTY, start=st.integers(0, 10_000))
def test_evidence_is_the_text_at_its_offsets(before: str, quote: str, after: str, start: int) -> None:
    assume(quote.strip().strip('"“”').split())
    text = before + quote + after
    chunk = Record({"document": "d", "start": start, "end": start + len(text), "text": text})
    found = find_quote(" ".join(quote.split()), [chunk])
    assert found is not None
    assert text[found["start"] - start : found["end"] - start] == found["quote"]


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("It cost 310,000 euros.", "It cost 310,000 euros"),
        ("“It cost\n310,000 euros…", "It cost 310,000 euros"),
        ("the town's third - no more", "the town’s third – no more"),
        ("the town’s third — no more.", "the town’s third – no more"),
        ("It cost 310.000 euros", None),
        ("It cost 310,000 euro ", "It cost 310,000 euro"),
        ("...", None),
    ],
)
def test_a_quote_may_end_before_its_sentence_does_but_has_its_words(quote: str, there: str | None) -> None:
    text = "In 2015: It cost 310,000 euros, of which the town’s third – no more – was paid."
    found = find_quote(quote, [Record({"document": "d", "start": 5, "text": text})])
    assert (found and found["quote"]) == there
    assert found is None or text[found["start"] - 5 : found["end"] - 5] == there
