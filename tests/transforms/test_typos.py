"""Typos: one slip in a word, made by a finger on a keyboard."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies
from rapidfuzz.distance import OSA

from seedbed.core.fields import FieldError
from seedbed.transforms.keyboards import neighbours

from .nasty import survives
from .play import change, changed_by_seeds, marked, transform


@pytest.mark.parametrize(
    ("operation", "before", "after"),
    [
        ("delete", "Then", {"Ten", "Thn", "The"}),
        ("delete", "the cat sat", {"the cat sat"}),
        ("delete", "[Rome](LOC)", {"[Rme](LOC)", "[Roe](LOC)", "[Rom](LOC)"}),
        ("delete", "[Rome](LOC)'s son", {"[Rme](LOC)'s son", "[Roe](LOC)'s son", "[Rom](LOC)'s son"}),
        ("delete", "don't", {"don't"}),
        ("delete", "isn't 1990s covid19 x_word", {"isn't 1990s covid19 x_word"}),
        ("delete", "ibm.com/path #long me@home.org", {"ibm.com/path #long me@home.org"}),
        ("delete", "[To](X)ledo", {"[To](X)ledo"}),
        ("delete", "Рим был", {"Рим был"}),
        ("delete", "Киев", {"Кев", "Кив", "Кие"}),
        ("delete", "cafe\u0301", {"cfe\u0301", "cae\u0301", "caf"}),
        ("delete", "घोड़ा", {"घोड़ा"}),
        ("delete", "भारतीय", {"भातीय", "भारय", "भारती"}),
        ("delete", "東京大学", {"東京大学"}),
        ("transpose", "Form", {"From", "Fomr"}),
        ("transpose", "Aaaa", {"Aaaa"}),
        ("transpose", "Zoom", {"Zomo"}),
        ("transpose", "FORM", {"FROM", "FOMR"}),
        ("transpose", "McDon", {"MdCon", "McOdn", "McDno"}),
        ("transpose", "[Rome](LOC)", {"[Rmoe](LOC)", "[Roem](LOC)"}),
        ("transpose", "Киев", {"Кеив", "Киве"}),
        ("transpose", "café’s", {"cfaé’s", "caéf’s"}),
        ("substitute", "opal", {"ooal", "olal", "opql", "opwl", "opsl", "opzl", "opao", "opap", "opak"}),
        ("substitute", "OPAL", {"OOAL", "OLAL", "OPQL", "OPWL", "OPSL", "OPZL", "OPAO", "OPAP", "OPAK"}),
        ("substitute", "Киев", {"Киев"}),
        ("substitute", "Zürü", {"Züeü", "Zütü", "Züdü", "Züfü"}),
        ("insert", "Aqqq", {"Aqqqq", "Aqwqq", "Aqaqq", "Aqqwq", "Aqqaq", "Aqqqw", "Aqqqa"}),
        (
            "insert",
            "[AQQQ](X)",
            {f"[{word}](X)" for word in ["AQQQQ", "AQWQQ", "AQAQQ", "AQQWQ", "AQQAQ", "AQQQW", "AQQQA"]},
        ),
        ("insert", "Киев", {"Киев"}),
    ],
)
def test_each_slip_there_can_be_and_no_other(operation: str, before: str, after: set[str]) -> None:
    assert changed_by_seeds("add_typo", before, 300, operations=[operation]) == after


@pytest.mark.parametrize(
    ("layout", "before", "after"),
    [
        ("qwerty", "Uzzz", {"a", "s", "x"}),
        ("qwertz", "Uzzz", {"t", "u", "g", "h"}),
        ("azerty", "Uzzz", {"é", "a", "e", "q", "s"}),
        ("qwertz", "Uööö", {"p", "ü", "l", "ä"}),
        ("qwertz", "Ußßß", {"p", "ü"}),
        ("azerty", "Uààà", {"ç", "o", "p"}),
        ("azerty", "Uççç", {"à", "i", "o"}),
        ("azerty", "Ummm", {"l", "p", "ù"}),
    ],
)
def test_the_keys_beside_are_those_of_the_layout(layout: str, before: str, after: set[str]) -> None:
    found = changed_by_seeds("add_typo", before, 200, layout=layout, operations=["substitute"])
    assert {letter for word in found for letter in word[1:]} - {before[1]} == after


@pytest.mark.parametrize("layout", ["qwerty", "qwertz", "azerty"])
def test_keys_lie_beside_each_other_both_ways(layout: str) -> None:
    beside = neighbours(layout)  # type: ignore[arg-type]
    assert set("abcdefghijklmnopqrstuvwxyz") <= set(beside)
    assert all(letter in beside[other] for letter, others in beside.items() for other in others)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_so_many_words_have_one_slip_each(count: int) -> None:
    before = "never send your money"
    for seed in range(50):
        words = change("add_typo", before, seed=seed, count=count).split()
        distances = [OSA.distance(old, new) for old, new in zip(before.split(), words, strict=True)]
        assert sorted(distances) == [0] * (4 - count) + [1] * count


def test_a_text_with_fewer_words_has_a_slip_in_each() -> None:
    after = change("add_typo", "some [words](X)", count=9)
    assert after.split()[0] != "some"
    assert "[words](X)" not in after


@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        ({"inside": "protect"}, ["said"]),
        ({"inside": "only"}, ["Rome", "Anna"]),
        ({"labels": {"LOC": "only"}}, ["Rome"]),
    ],
)
def test_policies_say_which_words_are_mistyped(settings: dict[str, object], changed: list[str]) -> None:
    after = change("add_typo", "[Rome](LOC) said [Anna](PER)", count=9, **settings)
    text, _ = marked(after)
    assert [word for word in ("Rome", "said", "Anna") if word not in text.split()] == changed


@pytest.mark.parametrize(
    "settings", [{"layout": "dvorak"}, {"operations": []}, {"operations": ["swap"]}, {"count": 0}, {"count": 1.5}]
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        transform("add_typo", **settings)


@pytest.mark.parametrize("operation", ["substitute", "insert", "delete", "transpose"])
def test_any_text_survives_each_slip(operation: str) -> None:
    survives("add_typo", operations=[operation], count=3)


def test_any_text_survives_in_another_layout() -> None:
    survives("add_typo", layout="azerty", count=100)


@given(strategies.text("abcß éÀ'’.-1\u0301дक्ष", max_size=30), strategies.integers(0, 99))
def test_a_slip_is_one_edit_of_a_letter_with_its_marks(text: str, seed: int) -> None:
    after = change("add_typo", text, seed=seed)
    assert after.count(" ") == text.count(" ")
    assert after[:1] == text[:1]
    assert abs(len(after) - len(text)) <= 4
