"""What every transform keeps: spans, readable texts, the same result from the same chance, no text it cannot stand."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.oracle import wrong
from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.parts import part_document, part_of
from seedbed.core.record import Span
from seedbed.core.spans import apply, changes
from seedbed.transforms.catalog import transforms

if TYPE_CHECKING:
    from seedbed.core.transform import Editor, Looker, Transform

KINDS = transforms.names()
SETTINGS: dict[str, dict[str, Any]] = {
    "multiple_perturbations": {"transforms": ["add_typo", "uppercase", "add_context"]}
}
"""Of those that need some."""

LABELS = ["PER", "LOC", "ORG", "MISC", "DATE"]
MENTIONS = {
    "PER": ["Ann Lee", "John Smith", "BOB", "O’Neill", "李娜"],
    "LOC": ["Paris", "New York", "the Netherlands", "Côte d'Ivoire", "München"],
    "ORG": ["ACME Corp.", "U.N.", "Bank of China"],
}
WORDS = [
    "the",
    "The",
    "a",
    "an",
    "An",
    "is",
    "isn't",
    "are",
    "not",
    "I",
    "I'm",
    "he",
    "she",
    "He",
    "his",
    "her",
    "hers",
    "himself",
    "they",
    "it's",
    "don't",
    "won't",
    "can't",
    "going",
    "to",
    "want",
    "color",
    "colour",
    "organize",
    "realise",
    "twenty",
    "five",
    "one",
    "hundred",
    "25",
    "3.5",
    "1,000",
    "12/05/2020",
    "March",
    "2021",
    "25",
    "years",
    "old",
    "an",
    "8-year-old",
    "doctor",
    "people",
    "please",
    "good",
    "bad",
    "big",
    "quickly",
    "hot",
    "their",
    "there",
    "to",
    "two",
    "too",
    "weather",
    "whether",
    "from",
    "form",
    "was",
    "saw",
    "café",
    "naïve",
    "Paris",
    "Germany",
    "United",
    "States",
    "Japan",
    "John",
    "Mary",
    "Smith",
    "Dr.",
    "U.S.",
    "e-mail",
    "https://x.org/a?b=c",
    "a@b.com",
    "#tag",
    "@user",
    "$5",
    "5%",
    "yes",
    "no",
    "never",
    "very",
    "happy",
    "buy",
    "friend",
    "as",
    "soon",
    "as",
    "possible",
    "Straße",
    "İstanbul",
    "ΑΣ",
    "東京",
    "مرحبا",
    "שלום",
    "नमस्ते",
    "ไทย",
    "👩\u200d👩\u200d👧",
    "🇩🇪",
    "é",
    "é",
    "'",
    "’",
    '"',
    "(",
    ")",
    ",",
    ".",
    "!",
    "?",
    ";",
    ":",
    "-",
    "–",
    "…",
    "\n",
    "\t",
    "",
    "\xa0",
    "\r\n",
]


@st.composite
def spanned(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    """A text with spans over some of its pieces; they may touch and nest, and begin or end in a word."""
    piece = st.one_of(
        st.sampled_from([*WORDS, *(one for several in MENTIONS.values() for one in several)]), st.text(max_size=6)
    )
    text, spans = "", []
    for one in draw(st.lists(piece, max_size=14)):
        start = len(text)
        text += one
        if one.strip() and draw(st.integers(0, 3)) == 0:
            lead, tail = len(one) - len(one.lstrip()), len(one) - len(one.rstrip())
            spans.append(Span(start + lead, len(text) - tail, draw(st.sampled_from(LABELS))))
        text += draw(st.sampled_from([" ", " ", " ", "", "  "]))
    if len(spans) > 1 and draw(st.booleans()):
        spans.append(Span(spans[0].start, spans[1].end, "ORG"))
    return text, tuple(spans)


@cache
def one_of(kind: str) -> Transform:
    """A transform with settings that do."""
    made: Transform = part_of(transforms, {"kind": kind, **SETTINGS.get(kind, {})}, ())
    return made


@cache
def editor_of(kind: str) -> Editor:
    return one_of(kind).editor(MENTIONS)


@cache
def looker_of(kind: str) -> Looker:
    return one_of(kind).looker(MENTIONS)


def check(kind: str, text: str, spans: tuple[Span, ...], seed: int = 0) -> None:
    """The oracle has nothing to say about what becomes of a text."""
    edits = editor_of(kind)(Text(text, spans), Dice(seed))
    if not edits:
        return
    new, moved = apply(text, spans, edits)
    problem = wrong(text, spans, changes(text, spans, edits), new, moved)
    assert not problem, (kind, problem)
    assert new != text or moved != spans, (kind, "changed nothing")
    assert new.strip(), kind


@settings(max_examples=200, deadline=None)
@given(made=spanned(), seed=st.integers(0, 3))
def test_no_span_is_ever_wrong(made: tuple[str, tuple[Span, ...]], seed: int) -> None:
    for kind in KINDS:
        check(kind, *made, seed)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60), cuts=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_nor_in_any_unicode(text: str, cuts: list[tuple[int, int]]) -> None:
    bounds = {(min(a, b), max(a, b)) for a, b in cuts}
    spans = tuple(Span(a, b, "PER") for a, b in sorted(bounds) if a < b <= len(text) and text[a:b].strip() == text[a:b])
    for kind in KINDS:
        check(kind, text, spans)


ODD = ["", " ", "\n\n", "!!!", "...?", "👩‍👩‍👧‍👦👍🏽", "🇩🇪🇫🇷", "a", "1", "İ", "ß", "ﬁ"]
ODD += ["مرحبا بالعالم هذا نص طويل.", "שלום, עולם!", "สวัสดีชาวโลก", "e\u0301\u0327", "\u200b\u200d"]


@pytest.mark.parametrize("text", ODD, ids=repr)
def test_odd_texts_are_survived(text: str) -> None:
    for kind in KINDS:
        check(kind, text, ())
        if text.strip() == text and text:
            check(kind, text, (Span(0, len(text), "PER"),))


@pytest.mark.parametrize("kind", KINDS)
def test_long_texts_are_survived(kind: str) -> None:
    check(kind, " ".join(WORDS) * 2, ())
    long = " ".join(WORDS * 180)
    assert len(long) > 100_000
    places = list(re.finditer("Paris", long))[::60]  # the oracle looks at every letter for every span
    check(kind, long, tuple(Span(place.start(), place.end(), "LOC") for place in places))


@settings(max_examples=60, deadline=None)
@given(made=spanned(), seed=st.integers(0, 2**64 - 1))
def test_the_same_chance_makes_the_same(made: tuple[str, tuple[Span, ...]], seed: int) -> None:
    text, spans = made
    for kind in KINDS:
        first, second = (editor_of(kind)(Text(text, spans), Dice(seed)) for _ in range(2))
        assert first == second, kind


@settings(max_examples=60, deadline=None)
@given(made=spanned(), seeds=st.tuples(st.integers(0, 99), st.integers(100, 199)))
def test_chance_decides_how_not_whether(made: tuple[str, tuple[Span, ...]], seeds: tuple[int, int]) -> None:
    text, spans = made
    for kind in KINDS:
        changed = {bool(editor_of(kind)(Text(text, spans), Dice(seed))) for seed in seeds}
        assert changed == {looker_of(kind)(Text(text, spans))}, kind


@settings(max_examples=60, deadline=None)
@given(made=spanned())
def test_protected_spans_stay_as_they_are(made: tuple[str, tuple[Span, ...]]) -> None:
    text, spans = made
    for kind in KINDS:
        edits = protecting(kind)(Text(text, spans), Dice(1))
        if edits:
            new, moved = apply(text, spans, edits)
            kept = [new[one.start : one.end] for one in moved]
            assert kept == [text[one.start : one.end] for one in spans], kind


@cache
def protecting(kind: str) -> Editor:
    return one_of(kind).model_copy(update={"inside": "protect"}).editor(MENTIONS)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_same_after_it_was_stored(kind: str) -> None:
    made = one_of(kind).model_copy(update={"max_proportion": 0.3})
    assert part_of(transforms, part_document(made), ()) == made


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_what_it_does(kind: str) -> None:
    assert (transforms.get(kind).__doc__ or "").strip().endswith((".", ")", "…"))
