from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING

import pytest

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.record import Record, Span
from seedbed.formats.spacy_docbin import DocBinFormat

if TYPE_CHECKING:
    from pathlib import Path


def test_spacy_loads_entities_overlapping_spans_and_categories(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    path = str(tmp_path / "x.spacy")
    text = "Ann Lee, e\u0301tat 👍🏽, met Bo\r\nin Rio"
    spans = tuple(
        Span(text.index(word), text.index(word) + len(word), label)
        for word, label in (("Ann Lee", "PER"), ("Lee", "NAME"), ("Bo", "PER"), ("Rio", "LOC"))
    )
    records = [Record({"text": text, "label": "good"}, spans), Record({"text": "", "label": ["bad", "good"]})]
    assert DocBinFormat(language="en").write(records, path, ["text", "label"]) == 2
    first, second = DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
    assert (first.text, second.text) == (text, "")
    assert [(entity.text, entity.label_) for entity in first.ents] == [
        ("Ann Lee", "PER"),
        ("Bo", "PER"),
        ("Rio", "LOC"),
    ]
    assert [(span.text, span.label_) for span in first.spans["sc"]] == [
        ("Ann Lee", "PER"),
        ("Lee", "NAME"),
        ("Bo", "PER"),
        ("Rio", "LOC"),
    ]
    assert list(second.spans["sc"]) == [], "the span categoriser wants the group everywhere"
    assert (first.cats, second.cats) == ({"good": 1.0, "bad": 0.0}, {"good": 1.0, "bad": 1.0})
    back = list(DocBinFormat().read(path))
    assert [record.values["label"] for record in back] == ["good", ["good", "bad"]]
    assert set(back[0].spans) == set(spans)


def test_a_label_that_is_no_column_is_no_category(tmp_path: Path) -> None:
    path = str(tmp_path / "x.spacy")
    DocBinFormat().write([Record({"text": "a", "label": "x"})], path, ["text"])
    assert [record.values for record in DocBinFormat().read(path)] == [{"text": "a"}]


def test_without_overlaps_there_are_entities_alone_and_tokens_are_cut_to_hold_them(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    path = str(tmp_path / "x.spacy")
    DocBinFormat().write(
        [Record({"text": "antiTrumpers, Ann"}, (Span(4, 9, "PER"), Span(14, 17, "PER")))], path, ["text"]
    )
    (doc,) = DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
    assert [token.text for token in doc] == ["anti", "Trump", "ers", ",", "Ann"]
    assert [entity.text for entity in doc.ents] == ["Trump", "Ann"]
    assert "sc" not in doc.spans


def test_a_span_with_white_space_at_its_edge_is_no_entity_but_is_kept(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    path = str(tmp_path / "x.spacy")
    DocBinFormat().write([Record({"text": "Ann Lee left"}, (Span(0, 8, "PER"),))], path, ["text"])
    (doc,) = DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
    assert (doc.text, list(doc.ents), [span.text for span in doc.spans["sc"]]) == ("Ann Lee left", [], ["Ann Lee "])
    assert next(DocBinFormat().read(path)).spans == (Span(0, 8, "PER"),)


def test_a_span_that_holds_nothing_is_named_or_left_out(tmp_path: Path) -> None:
    path = str(tmp_path / "x.spacy")
    records = [Record({"text": "Annabel Lee"}, (Span(3, 3, "PER"), Span(8, 11, "PER")))]
    with pytest.raises(InputError, match=r"record 1: the span `` \(3–3, PER\) holds no word"):
        DocBinFormat().write(records, path, ["text"])
    with pytest.warns(UserWarning, match="Left out: 1 span .* the first, in record 1"):
        DocBinFormat(unaligned="skip").write(records, path, ["text"])
    assert next(DocBinFormat().read(path)).spans == (Span(8, 11, "PER"),)


def test_an_unknown_language_and_another_file_are_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.spacy"
    with pytest.raises(InputError, match="no tokens for the language `qq`"):
        DocBinFormat(language="qq").write([], str(path), ["text"])
    for data in (b"", b"text", zlib.compress(b"text"), zlib.compress(b"\x81\xa1a\x01")):
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"x\.spacy cannot be read as a DocBin.*[^.]\.$"):
            list(DocBinFormat().read(str(path)))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(MissingExtra, match="`spacy`"):
        DocBinFormat()
