from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.document import Chunk, Document, Heading
from seedbed.core.errors import InputError
from seedbed.core.tokens import UNSPACED
from seedbed.documents.chunks import SMALLEST, chunks
from seedbed.documents.source import Block, Source, assemble
from seedbed.documents.text import read_markdown

LETTERS = "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED) + "]"
BETWEEN = re.compile(f"(?<={LETTERS})|(?={LETTERS})")
WHOLE = ["👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "e\u0301\u0302", "ก\u0e33", "\u1112\u1161\u11ab", "각\u11a8"]
NASTY = [*WHOLE, "a", "Wörter", "x" * 70, "שלום", "مرحبا،", "天気", "。", "สวัสดี", "e.g.", "\u0301"]
GAPS = [" ", ". ", "! ", "\n", "\n\n", "\r\n", " \n \n ", "\u00a0", "\u2028", ""]
PIECES = st.tuples(st.sampled_from(NASTY) | st.text(max_size=3), st.sampled_from(GAPS)).map("".join)
PROSE = st.lists(PIECES, max_size=25).map("".join)
TITLES = PROSE.map(lambda text: " ".join(text.split())[:100])
BLOCKS = st.builds(Block, PROSE, tight=st.booleans()) | st.builds(Block, TITLES, st.integers(0, 3))
DOCUMENTS = st.lists(BLOCKS.filter(lambda block: block.text.strip()), max_size=8).map(
    lambda blocks: assemble("d", blocks, "")
)
SIZES = st.integers(SMALLEST, 300)


def markdown(text: str) -> Document:
    return read_markdown(Source("a.md", text.encode())).documents[0]


def texts(document: Document, size: int, overlap: int = 0) -> list[str]:
    return [chunk.text for chunk in chunks(document, size, overlap)]


@settings(max_examples=80, deadline=None)
@given(DOCUMENTS, SIZES, st.integers(0, 25))
def test_chunks_are_exact_ordered_bounded_and_leave_nothing_out(document: Document, size: int, overlap: int) -> None:
    found = chunks(document, size, overlap)
    covered = bytearray(len(document.text))
    for chunk in found:
        assert document.text[chunk.start : chunk.end] == chunk.text
        assert 0 < len(chunk.text) <= size
        assert chunk.text == chunk.text.strip()
        covered[chunk.start : chunk.end] = b"\1" * len(chunk.text)
    assert all(covered[at] or character.isspace() for at, character in enumerate(document.text))
    for one, next_one in pairwise(found):
        assert one.start < next_one.start
        assert one.end < next_one.end
        assert one.end - next_one.start <= overlap
    assert len({chunk.id for chunk in found}) == len(found)


@settings(max_examples=80, deadline=None)
@given(DOCUMENTS, SIZES)
def test_only_words_that_are_too_long_are_cut(document: Document, size: int) -> None:
    found = chunks(document, size)
    text = document.text
    for one, next_one in pairwise(found):
        if one.end == next_one.start and text[one.end - 1] not in "。．！？｡":
            word = text[: one.end].split()[-1] + text[one.end :].split()[0]
            at_letter = BETWEEN.match(text, one.end)
            assert at_letter or max(map(len, BETWEEN.split(word))) > size


@settings(max_examples=80, deadline=None)
@given(DOCUMENTS, SIZES)
def test_no_chunk_is_only_headings_that_could_have_stayed_with_a_word(document: Document, size: int) -> None:
    text, runs = document.text, headings_in_a_row(document)
    for chunk in chunks(document, size):
        run = next((run for run in runs if run[0] <= chunk.start and chunk.end <= run[1]), None)
        if run:
            after, before = text[run[1] :].split(), text[: run[0]].rstrip()
            if after:
                assert (
                    len(text[run[0] :])
                    - len(text[run[1] :].lstrip())
                    + len(next(filter(None, BETWEEN.split(after[0]))))
                    > size
                )
            elif before:
                assert run[1] - len(before) + len(BETWEEN.split(before.split()[-1])[-1]) > size or len(runs) > 1


def headings_in_a_row(document: Document) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for heading in document.headings:
        if found and not document.text[found[-1][1] : heading.start].strip():
            found[-1] = (found[-1][0], heading.end)
        else:
            found.append((heading.start, heading.end))
    return found


def test_a_text_that_fits_is_one_chunk_without_the_space_around_it() -> None:
    assert chunks(Document("d", " \n One. Two.\n"), 50) == [Chunk("d", 3, 12, "One. Two.")]
    assert chunks(Document("d", " \n"), 50) == []


def test_cuts_are_at_paragraphs_then_sentences_then_lines_then_words() -> None:
    long = "One sentence of this paragraph is here. Another one follows it here."
    assert texts(Document("d", f"{long}\n\nA short one."), 80) == [long, "A short one."]
    assert texts(Document("d", long), 50) == long.replace(". A", ".|A").split("|")
    lines = "a line without a stop\nand another line of that\nand one more line here"
    assert texts(Document("d", lines), 50) == [
        "a line without a stop\nand another line of that",
        "and one more line here",
    ]
    assert texts(Document("d", "word " * 20), 50) == [("word " * 10).strip()] * 2


def test_parts_are_about_equally_long_and_small_rests_share_a_chunk() -> None:
    sentence = "This sentence is fifty characters long, I counted."
    text = f"Short.\n\n{' '.join([sentence] * 5)}\n\nShort too."
    assert [len(part) for part in texts(Document("d", text), 220)] == [160, 113]


def test_small_sections_share_a_chunk_and_large_ones_begin_their_own() -> None:
    small = "# A\n\nText of a.\n\n# B\n\nText of b."
    large = "# C\n\n" + " ".join(["Some words make a sentence."] * 4)
    found = chunks(markdown(f"{small}\n\n{large}"), 80)
    assert found[0].text == small
    assert [chunk.headings for chunk in found] == [("A",), ("C",), ("C",)]
    assert found[1].text.startswith("# C")


def test_a_chunk_knows_all_headings_above_it() -> None:
    found = chunks(markdown("# A\n## B\nText of b is here.\n### C\nText of c is there.\n## D\nText of d follows."), 50)
    assert [chunk.headings for chunk in found] == [("A", "B"), ("A", "B", "C"), ("A", "D")]
    assert found[0].text == "# A\n## B\nText of b is here."


def test_a_heading_at_the_end_stays_with_the_last_word() -> None:
    words = " ".join(["several"] * 12)
    assert texts(markdown(f"{words}\n\n# The end"), 60)[-1].endswith("several\n\n# The end")


def test_abbreviations_and_numbers_end_no_sentence() -> None:
    text = "We met Dr. Smith and J. Doe on the 3. July. They were late by approx. ten minutes, as ever."
    assert texts(Document("d", text), 60) == text.replace("July. T", "July.|T").split("|")


def test_rows_of_a_list_or_table_stay_whole() -> None:
    rows = ["| name | what it does. And how |", "| more | and so on. And on, and on |"]
    assert texts(Document("d", "\n".join(rows)), 50) == rows


def test_texts_without_spaces_are_cut_after_sentences_or_between_letters() -> None:
    text = "今天天气很好。" * 10
    assert texts(Document("d", text), 56) == ["今天天气很好。" * 5] * 2
    assert texts(Document("d", "天" * 100), 50) == ["天" * 50] * 2


@pytest.mark.parametrize("whole", WHOLE)
def test_what_people_see_as_one_character_is_never_cut(whole: str) -> None:
    for shift in range(8):
        for part in texts(Document("d", "x" * shift + whole * 40), 53):
            assert part.lstrip("x").replace(whole, "") == ""


def test_an_overlap_repeats_whole_sentences_but_never_crosses_into_a_new_section() -> None:
    document = markdown("# A\n" + "One two three four. " * 6 + "\n# B\n" + "Five six. " * 3)
    found = chunks(document, 70, 25)
    assert found[1].text.startswith("One two")
    assert found[1].start < found[0].end
    assert next(chunk for chunk in found if chunk.headings == ("B",)).text.startswith("# B")


def test_an_id_depends_on_name_place_and_text() -> None:
    ids = {Chunk(*place).id for place in [("d", 0, 1, "a"), ("e", 0, 1, "a"), ("d", 1, 2, "a"), ("d", 0, 1, "b")]}
    assert len(ids) == 4
    assert Chunk("d", 0, 1, "a", ("H",)).id == Chunk("d", 0, 1, "a").id
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in ids)


def test_pages_are_numbered_by_offset() -> None:
    document = Document("d.pdf", "one\n\n\n\nthree", page_starts=(0, 5, 7))
    assert [document.page(offset) for offset in (0, 4, 7, 11)] == [1, 1, 3, 3]
    assert Document("d", "x").page(0) == 0


@pytest.mark.parametrize(("size", "overlap"), [(49, 0), (100, 51), (100, -1)])
def test_sizes_that_make_no_sense_are_refused(size: int, overlap: int) -> None:
    with pytest.raises(InputError):
        chunks(Document("d", "x"), size, overlap)


def test_a_heading_too_long_for_a_chunk_is_cut_like_text() -> None:
    title = "very long title " * 10
    document = Document("d", f"{title}\n\nText.", headings=(Heading(0, len(title), 1, title),))
    assert texts(document, 60)[-1].endswith("Text.")
