"""Whatever the text, kinds that change words leave its spans whole and say the same whatever the dice say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.record import Span
from seedbed.core.spans import apply

from .play import transform

KINDS = [
    *("add_ocr_typo", "add_speech_to_text_typo", "dyslexia_word_swap", "american_to_british", "british_to_american"),
    *("add_contraction", "expand_contraction", "add_abbreviation", "add_slangs", "number_to_word", "word_to_number"),
    *("synonym_swap", "antonym_swap"),
]
PIECES = [
    *("I am", "it is not", "isn't", "they’re", "let us go", "their", "form", "color", "colour", "please", "Doctor"),
    *("Ann", "in 1997", "$5 million", "3rd", "twenty-five", "one", "a", "an", "huge movie", "good", "going to"),
    *("as soon as possible", " ", " ", " ", ", ", ". ", "\n", "-", "'", "’", "…", "@", "#", "e\u0301", "İ", "ß"),
    *("👨‍👩‍👧", "ก้", "日本", "مرحبا", "1️⃣"),
]


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    text = "".join(draw(st.lists(st.sampled_from(PIECES), max_size=12)))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4, unique=True)))
    ends = zip(cuts[::2], cuts[1::2], strict=False)
    return text, tuple(Span(start, end, "X") for start, end in ends if text[start:end].strip() == text[start:end] != "")


@pytest.mark.parametrize("inside", ["allow", "protect", "only"])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(texts_with_spans(), st.integers(0, 2**32))
def test_spans_stay_whole_and_chance_does_not_decide_whether_a_text_changes(
    kind: str, inside: str, marked: tuple[str, tuple[Span, ...]], seed: int
):
    text, spans = marked
    edit = transform(kind, inside=inside).editor({})
    edits = edit(Text(text, spans), Dice(seed))
    assert bool(edits) == bool(edit(Text(text, spans), Dice(seed + 1)))
    if edits:
        whole, moved = apply(text, spans, edits)
        assert whole != text
        if inside == "protect":
            assert [whole[one.start : one.end] for one in moved] == [text[one.start : one.end] for one in spans]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", " \n", "…?!", "ฉันรักเธอ", "مرحبا بالعالم", "🇩🇪👨‍👩‍👧", "\r\n\t", "'’'’ -- ''"])
def test_a_text_without_its_words_stays(kind: str, text: str):
    assert not transform(kind).editor({})(Text(text), Dice(1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_text_is_changed_like_a_short_one(kind: str):
    text = "I am not good, it isn't their color or colour form in 1997, please: twenty-five huge films. " * 1100
    edits = transform(kind).editor({})(Text(text), Dice(1))
    assert len(apply(text, (), edits).text) > 90_000
