"""Texts that break what is careless, and what must hold of every transform on them."""

from __future__ import annotations

from typing import Any
from unicodedata import category

from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.record import Span
from seedbed.core.spans import Refused, apply

from .play import marked, transform

GIVEN = (
    "",
    " ",
    "\n",
    "a",
    "...",
    "?!",
    "-",
    "[...](X)",
    "[a](X)",
    "[Paris](LOC)",
    " [Paris](LOC) ",
    "[Paris](LOC)'s [streets](X)",
    "[ Paris ](LOC) is big.",
    "[Paris](LOC)[London](LOC)",
    "[U.S.](LOC).",
    '"[Jaws](WORK)," he said',
    "one\r\ntwo [three\r\nfour](X)\r\n",
    "see https://example.com/a_b?c=d, write to [me@example.com](MAIL) #now",
    "👨‍👩‍👧‍👦 and [👩🏽‍🚀](PER) in 🇩🇪🇫🇷 ❤️",
    "e\u0301te\u0301 au [cafe\u0301](LOC) de la me\u0300re",
    "שלום [ירושלים](LOC), מה שלומך היום?",
    "ذهب [مُحَمَّد](PER) إلى القاهرة اليوم.",
    "[ประเทศไทย](LOC)เป็นประเทศที่น้ำใส",
    "[दिल्ली](LOC) भारत की राजधानी है।",
    "[東京](LOC)は日本の首都です。",
    "한국어 [서울](LOC) 문장입니다.",
    "İstanbul'da [ılık](X) Straße ŉ ﬁn ΌΔΟΣ [ΟΔΥΣΣΕΎΣ](PER)",
    "\u202bשלום\u202c [a\u200db](X) a\u00adb \ufefftext",
    "the [big [old](X) house of",
    "word  with   many    spaces [and\ttabs](X)",
)


def survives(kind: str, **settings: Any) -> None:
    """Nothing is refused or broken, and chance does not decide whether there is a change.

    Raises:
        AssertionError: something is.
    """
    for given in GIVEN:
        text, spans = marked(given)
        _try(kind, text, spans, settings)
        if spans:
            first = spans[0]
            middle = first.start + 1
            _try(kind, text, (*spans, Span(0, first.end, "OUTER")), settings)
            if middle < first.end:
                _try(kind, text, (Span(first.start, middle, "LOC"),), settings)
    long = "The [Tower](LOC) of London isn't, as some say, a palace. " + "It isn't, as some say, big. " * 2000
    _try(kind, *marked(long), settings)
    _try(kind, " " * 100_000, (), settings)
    _try(kind, "a" * 100_000, (), settings)
    _try(kind, "." * 100_000 + "a", (), settings)


def _try(kind: str, text: str, spans: tuple[Span, ...], settings: dict[str, Any]) -> None:
    long = len(text) > 1000
    for inside in ("protect", "allow", "only")[1 if long else 0 : 2 if long else 3]:
        edit = transform(kind, **{"inside": inside, **settings}).editor({})
        seen = set()
        for seed in range(2 if long else 3):
            edits = edit(Text(text, spans), Dice(seed))
            seen.add(bool(edits))
            if not edits:
                continue
            assert edits == edit(Text(text, spans), Dice(seed)), text[:80]
            try:
                after = apply(text, spans, edits)
            except Refused as refused:
                raise AssertionError(f"{kind} {inside} {text[:80]!r} {spans[:3]} {edits[:3]}") from refused
            assert after.text != text, (kind, text[:80])
            assert _orphans(after.text) <= _orphans(text), (kind, after.text[:80])
            if inside == "protect":
                assert [after.text[one.start : one.end] for one in after.spans] == [
                    text[one.start : one.end] for one in spans
                ]
        assert len(seen) == 1, f"{kind}: chance decides whether {text[:80]!r} is changed"


def _orphans(text: str) -> int:
    """How many marks and joiners stand behind nothing they could belong to, or lost what follows."""
    pairs = zip(" " + text, text + " ", strict=True)
    return sum(
        (category(letter)[0] == "M" and not (before.isalnum() or category(before)[0] in "MCS"))
        or (before == "\u200d" and letter.isspace())
        or (before == "\r" and letter != "\n")
        for before, letter in pairs
    )
