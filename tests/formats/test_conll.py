from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.formats.conll import ConllFormat, tokens

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, data: str) -> list[tuple[str, list[tuple[str, str]]]]:
    path.write_text(data, encoding="utf-8", newline="")
    return [
        (record.text, [(record.text[span.start : span.end], span.label) for span in record.spans])
        for record in ConllFormat().read(str(path))
    ]


TOKENS = ["Ann", "Lee", "met", "Bo", "Al", "May", "in", "Rio"]
SCHEMES = {
    "IOB1": "I-P I-P O I-P B-P B-P O I-L",
    "IOB2": "B-P I-P O B-P B-P B-P O B-L",
    "BIOES": "B-P E-P O S-P S-P S-P O S-L",
    "BILOU": "B-P L-P O U-P U-P U-P O U-L",
}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("separator", [" ", "\t", " NNP x "])
def test_every_scheme_reads_the_same(scheme: str, separator: str, tmp_path: Path) -> None:
    lines = [f"{token}{separator}{tag}" for token, tag in zip(TOKENS, SCHEMES[scheme].split(), strict=True)]
    assert read(tmp_path / "x.conll", "\n".join(lines)) == [
        ("Ann Lee met Bo Al May in Rio", [("Ann Lee", "P"), ("Bo", "P"), ("Al", "P"), ("May", "P"), ("Rio", "L")])
    ]


def test_stray_tags_are_read_as_the_scorer_of_the_shared_tasks_does(tmp_path: Path) -> None:
    lines = "a I-X\nb I-Y\nc E-Y\nd I-Y\ne B-sub-type\nf I-sub-type"
    assert read(tmp_path / "x.conll", lines)[0][1] == [("a", "X"), ("b c", "Y"), ("d", "Y"), ("e f", "sub-type")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_documents_comments_and_blank_lines_only_separate(end: str, tmp_path: Path) -> None:
    lines = [
        "\ufeff-DOCSTART- -X- -X- O",
        "",
        "# sent_id = 1",
        "#",
        "Ann B-P",
        "# O",
        "",
        " ",
        "-DOCSTART- O",
        "b\u2028 O",
        "",
    ]
    assert read(tmp_path / "x.iob", end.join(lines)) == [("Ann #", [("Ann", "P")]), ("b\u2028", [])]


@pytest.mark.parametrize("line", ["Ann", "Ann PER", "Ann b-PER", "Ann B-", "\tO", " \tO", "Ann B", "a O\rb B-P"])
def test_a_line_without_token_or_tag_is_named(line: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"x\.conll, line 2: expected a token"):
        read(tmp_path / "x.conll", f"ok O\n{line}\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("O'Brien-Smith, 3.5€!", "O ' Brien - Smith , 3 . 5 € !"),
        ("e\u0301tat हिन्दी می\u200cخواهم", "e\u0301tat हिन्दी می\u200cخواهم"),
        ("👩‍👩‍👧‍👦👍🏽ok 🇩🇪🇫🇷 1️⃣ ❤️NY", "👩‍👩‍👧‍👦 👍🏽 ok 🇩🇪 🇫🇷 1️⃣ ❤️ NY"),
        ("a\u00a0b\r\n\u2028c\ufeff", "a b c"),
        ("", ""),
    ],
)
def test_tokens_are_words_and_single_marks(text: str, words: str) -> None:
    assert " ".join(text[start:end] for start, end in tokens(text)) == words


def test_iob2_is_written(tmp_path: Path) -> None:
    path = tmp_path / "x.conll"
    spans = (Span(8, 13, "ORG"), Span(0, 7, "PER"), Span(13, 14, "ORG"))
    records = [Record({"text": "Ann Lee,Acme & Co."}, spans[1:2]), Record({"text": "Ann Leeè Acme!."}, ())]
    assert ConllFormat().write(records, str(path), ["text"]) == 2
    assert path.read_text(encoding="utf-8") == (
        "Ann B-PER\nLee I-PER\n, O\nAcme O\n& O\nCo O\n. O\n\nAnn O\nLeeè O\nAcme O\n! O\n. O\n\n"
    )


OVERLAPPING = [
    Record({"text": "ok"}),
    Record({"text": "Ann Lee"}, (Span(4, 7, "NAME"), Span(0, 7, "PER")), id="r9"),
    Record({"text": "Bob"}, (Span(0, 3, "PER"),)),
    Record({"text": "Ann Lee"}, (Span(0, 5, "B"), Span(2, 7, "A"))),
]


def test_spans_that_overlap_are_refused_by_their_number_and_the_first_of_them(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        ConllFormat().write(OVERLAPPING, str(tmp_path / "x.conll"), ["text"])
    assert caught.value.message == (
        "2 records have spans that overlap, and this format holds one layer: record 2 (`r9`): "
        "the span `Lee` (4–7, NAME) lies inside `Ann Lee` (0–7, PER)."
    )
    assert "overlaps=outer" in caught.value.hint
    assert "overlaps=skip" in caught.value.hint


@pytest.mark.parametrize(
    ("options", "warning", "kept"),
    [
        ({"overlaps": "outer"}, "Left out: 2 spans .* the first, in record 2", ["", "PER", "PER", "B"]),
        ({"unaligned": "skip"}, "Left out: 2 spans .* the first, in record 2", ["", "PER", "PER", "B"]),
        ({"overlaps": "skip"}, "Left out: 2 records .* the first, in record 2", ["", "PER"]),
    ],
)
def test_spans_that_overlap_or_their_records_are_left_out_and_counted(
    options: dict[str, Any], warning: str, kept: list[str], tmp_path: Path
) -> None:
    path = str(tmp_path / "x.conll")
    with pytest.warns(UserWarning, match=warning):
        assert ConllFormat(**options).write(OVERLAPPING, path, ["text"]) == len(kept)
    assert ["".join(span.label for span in record.spans) for record in ConllFormat().read(path)] == kept


def test_tokens_are_cut_where_spans_begin_and_end(tmp_path: Path) -> None:
    path = tmp_path / "x.conll"
    record = Record({"text": "antiTrumpers say e\u0301 "}, (Span(4, 9, "PER"), Span(12, 18, "X"), Span(18, 20, "Y")))
    ConllFormat().write([record], str(path), ["text"])
    assert path.read_text(encoding="utf-8") == ("anti O\nTrump B-PER\ners O\nsay B-X\ne I-X\n\u0301 B-Y\n\n")


@pytest.mark.parametrize("span", [Span(3, 4, "P"), Span(2, 2, "P")])
def test_a_span_that_holds_no_word_is_named_or_left_out_and_counted(span: Span, tmp_path: Path) -> None:
    path = tmp_path / "x.conll"
    records = [Record({"text": "ok"}), Record({"text": "Ann Lee"}, (Span(0, 3, "P"), span), id="r9")]
    with pytest.raises(InputError, match=rf"2 \(`r9`\): the span `.*` \({span.start}–{span.end}, P\) holds no word"):
        ConllFormat().write(records, str(path), ["text"])
    with pytest.warns(UserWarning, match="Left out: 1 span .* the first, in record 2"):
        ConllFormat(unaligned="skip").write(records, str(path), ["text"])
    assert [record.spans for record in ConllFormat().read(str(path))] == [(), (Span(0, 3, "P"),)]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (Record({"text": " "}), "record 1: the text is empty"),
        (Record({"question": "who?", "answer": "me"}), "record 1: there is no column `text`, only question, answer"),
        (Record({"text": "Ann"}, (Span(0, 3, "first name"),)), "record 1: the label `first name` holds white space"),
        (Record({"text": "Ann"}, (Span(0, 3, ""),)), "has no label or lies outside"),
        (Record({"text": "Ann"}, (Span(0, 4, "P"),)), "has no label or lies outside"),
        (Record({"text": "Ann"}, (Span(0, 3, "P", "title"),)), "a span is of `title`"),
    ],
)
def test_what_cannot_be_written_is_named(record: Record, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        ConllFormat().write([record], str(tmp_path / "x.conll"), ["text"])
    assert message in caught.value.message


def test_blanks_around_tabs_belong_to_no_token(tmp_path: Path) -> None:
    assert read(tmp_path / "x.conll", "Ann \t B-P\n New York\tO") == [("Ann New York", [("Ann", "P")])]
