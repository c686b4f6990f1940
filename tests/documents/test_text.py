from __future__ import annotations

import codecs

import pytest

from seedbed.core.errors import InputError
from seedbed.documents.source import Source
from seedbed.documents.text import read_markdown, read_text

GERMAN = "Die Größe der Tür ist übermäßig. Schöne Grüße aus Köln, wo die Straßen naß sind. "
CHINESE = "今天天气很好，我们一起去公园散步吧。孩子们在草地上玩耍，老人们在树下下棋。"
RUSSIAN = "Сегодня хорошая погода, и мы пойдём гулять в парк. Дети играют на траве. "


def read(data: bytes) -> str:
    return read_text(Source("a.txt", data)).documents[0].text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "latin-1"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-32"),
        (CHINESE, "utf-8"),
        (CHINESE, "gb18030"),
        (CHINESE + "\n", "utf-16"),
        (RUSSIAN * 5, "cp1251"),
        (RUSSIAN * 5, "koi8-r"),
        ("日本語の文章です。今日は天気がいいので、公園へ散歩に行きましょう。", "shift_jis"),
    ],
)
def test_encodings_are_found_out(text: str, encoding: str) -> None:
    assert read(text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["Käse", "café au lait", "“Quoted” – naïve", "100 €"])
def test_a_few_bytes_beyond_ascii_are_taken_for_windows_1252(text: str) -> None:
    assert read(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(128, 256)) * 20]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.txt is not a text"):
        read(data)


def test_a_few_wrong_bytes_in_utf8_spoil_nothing_else() -> None:
    text = (GERMAN * 5).encode()
    assert read(text + b"\xff end") == GERMAN * 5 + "\ufffd end"


def test_a_cut_off_byte_order_mark_file_is_refused_or_read_but_never_crashes() -> None:
    with pytest.raises(InputError):
        read(codecs.BOM_UTF16_LE + b"a\0b")


def test_line_breaks_become_one_kind_and_unstorable_characters_go() -> None:
    assert read(b"a\r\nb\rc\nd") == "a\nb\nc\nd"
    assert read("x\ud800y".encode("utf-16-le", "surrogatepass")) != "x\ud800y"


def headings(text: str) -> list[tuple[int, str]]:
    document = read_markdown(Source("a.md", text.encode())).documents[0]
    assert document.text == text
    assert all(heading.title in text[heading.start : heading.end] for heading in document.headings)
    return [(heading.level, heading.title) for heading in document.headings]


def test_markdown_headings_are_found_where_commonmark_has_them() -> None:
    assert headings("# One\n\ntext\n\n## Two ##\n  ### C# and #hash\n#nothing\n\\# no\n    # code\n#") == [
        (1, "One"),
        (2, "Two"),
        (3, "C# and #hash"),
        (1, ""),
    ]
    assert headings("Title\n=====\n\nSub title\n---\n\n---\n- item\n---\n| a |\n---\n") == [
        (1, "Title"),
        (2, "Sub title"),
    ]


def test_code_and_front_matter_hold_no_headings() -> None:
    assert headings("---\ntitle: x\n---\n# Real\n```py\n# comment\n````\n~~~\n# two\n```\n~~~\n## More") == [
        (1, "Real"),
        (2, "More"),
    ]
    assert headings("````\n```\n# inside\n````\n# outside\n```\n# never closed") == [(1, "outside")]


def test_a_markdown_file_is_called_by_its_first_heading() -> None:
    assert read_markdown(Source("a.md", b"## B\n\n# A\n\n# C")).documents[0].title == "A"
    assert read_markdown(Source("a.md", b"text")).documents[0].title == ""


def test_a_heading_of_very_many_blanks_and_signs_is_one() -> None:
    blanks, signs = " " * 100_000, "#" * 100_000
    assert headings(f"# a{blanks}{signs}x\n# b {signs}{blanks}") == [(1, f"a{blanks}{signs}x"), (1, "b")]
