import sys
from unicodedata import category, name, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.tokens import tokens

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]

WRITTEN_WITHOUT_SPACES = (
    "CJK UNIFIED IDEOGRAPH",
    "CJK COMPATIBILITY IDEOGRAPH",
    "IDEOGRAPHIC ITERATION",
    "HIRAGANA LETTER",
    "HENTAIGANA",
    "KATAKANA",
    "HALFWIDTH KATAKANA",
    "THAI CHARACTER",
    "LAO",
    "KHMER",
    "MYANMAR",
)

TEXTS = st.text(st.one_of(st.sampled_from("aZ9_ -’é\u0301\ufe0f😀ßİकि中あไที่ᄒ"), st.characters()), max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World!", ["hello", "world"]),
        ("  two\twords\n", ["two", "words"]),
        ("snake_case is two; don't as well", ["snake", "case", "is", "two", "don", "t", "as", "well"]),
        ("B2B costs 1,000.50 €", ["b2b", "costs", "1", "000", "50"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("Déjà-vu — “naïve”…", ["déjà", "vu", "naïve"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("வணக்கம் உலகம்", ["வணக்கம்", "உலகம்"]),
        ("مُحَمَّد هنا", ["مُحَمَّد", "هنا"]),
        ("안녕하세요 세계", ["안녕하세요", "세계"]),
        ("你好，世界！", ["你", "好", "世", "界"]),
        ("人々はコーヒーを飲む。", list("人々はコーヒーを飲む")),
        ("ภาษาไทย", list("ภาษาไทย")),
        ("ที่", list("ที่")),
        ("ພາສາລາວ", list("ພາສາລາວ")),
        ("ភាសាខ្មែរ", list("ភាសាខ្មែរ")),
        ("မြန်မာ", list("မြန်မာ")),
        ("iPhone15を買う", ["iphone15", "を", "買", "う"]),
    ],
)
def test_tokens_are_words_without_case_and_punctuation(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    "text", ["", " \n", "...", "_", "❤️ 👍🏽 👨‍👩‍👧", "🇫🇷?!", "¿¡…”", "\u0301", "— \u0308 —", "\ud800"]
)
def test_emoji_punctuation_and_stray_marks_are_no_tokens(text: str) -> None:
    assert tokens(text) == []


def test_the_fast_way_for_ascii_agrees_with_the_general_way() -> None:
    for character in map(chr, range(128)):
        text = f"Ab{character}C1 x{character}"
        assert tokens(text) == tokens(f"{text} é")[:-1]


def test_every_character_of_a_script_without_spaces_is_a_token_of_its_own() -> None:
    for character in EVERY_CHARACTER:
        counts = character.isalnum() or category(character) in {"Mn", "Mc"}
        if counts and name(character, "").startswith(WRITTEN_WITHOUT_SPACES):
            single = tokens(normalize("NFC", character))
            assert tokens(f"a{character}a") == ["a", *single, "a"], name(character)
            assert all(len(token) == 1 for token in single), name(character)


def test_every_other_letter_digit_and_mark_stays_in_its_word() -> None:
    spaced = [character for character in EVERY_CHARACTER if name(character, "").startswith(("LATIN", "DEVANAGARI"))]
    for character in spaced:
        if character.isalnum() or category(character) in {"Mn", "Mc"}:
            assert len(tokens(f"a{character}a")) == 1, name(character)


def test_a_variation_selector_changes_no_token() -> None:
    assert tokens("a\ufe0f\u0301") == tokens("á")
    assert tokens("葛\U000e0100飾 1\ufe0f") == tokens("葛飾 1")


@given(TEXTS)
def test_canonically_equal_texts_have_equal_tokens(text: str) -> None:
    assert tokens(normalize("NFC", text)) == tokens(normalize("NFD", text)) == tokens(text)


@given(TEXTS)
def test_tokens_are_stable(text: str) -> None:
    found = tokens(text)
    assert tokens(" ".join(found)) == found


@given(TEXTS, TEXTS)
def test_a_space_parts_texts(left: str, right: str) -> None:
    assert tokens(f"{left} . {right}") == [*tokens(left), *tokens(right)]
