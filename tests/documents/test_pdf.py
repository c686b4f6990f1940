from __future__ import annotations

import os
import sys
from pathlib import Path
from shutil import which

import pytest

from seedbed.core.document import Document
from seedbed.core.errors import InputError
from seedbed.documents.pdf import read_pdf
from seedbed.documents.source import Limits, Loaded, Source

from . import files


def read(data: bytes, limits: Limits = Limits()) -> Loaded:  # noqa: B008
    return read_pdf(Source("a.pdf", data, limits))


def document(*pages: str) -> Document:
    return read(files.pdf(*pages)).documents[0]


def test_pages_are_joined_and_known_by_offset() -> None:
    found = read(files.pdf("First page.\nSecond line.", "Second page.", title="A title"))
    assert found.problems == []
    only = found.documents[0]
    assert only.text == "First page.\nSecond line.\n\nSecond page."
    assert only.title == "A title"
    assert [only.page(only.text.index(word)) for word in ("First", "line", "Second page")] == [1, 1, 2]


def test_scanned_pages_are_named_and_the_others_used() -> None:
    found = read(files.pdf(files.IMAGE, "Text.", files.IMAGE, files.IMAGE, "", "More."))
    assert found.problems == ["a.pdf has no text on pages 1, 3–4 (scanned or drawn)."]
    assert found.documents[0].text.split() == ["Text.", "More."]
    assert found.documents[0].page(found.documents[0].text.index("More")) == 6


def test_a_file_of_scans_is_refused() -> None:
    with pytest.raises(InputError, match=r"^a\.pdf has no text on page 1 \(scanned or drawn\)\.$"):
        read(files.pdf(files.IMAGE))
    with pytest.raises(InputError, match="only empty pages"):
        read(files.pdf("", ""))


def test_words_divided_at_the_end_of_a_line_are_joined_as_the_document_has_them() -> None:
    assert document("An exam-\nple here.").text == "An example here."
    assert document("A well-\nknown one.", "It is well-known.").text.startswith("A well-known one.")
    assert document("A re-\nform one.", "No re-form but reform.").text.startswith("A reform one.")
    assert document("Jean-\nPaul and 1990-\n1995 - \nno").text == "Jean-\nPaul and 1990-\n1995 - \nno"


def test_an_encrypted_file_is_read_if_its_password_is_empty_and_else_refused() -> None:
    data = files.pdf("Secret text.")
    assert read(files.encrypted(data, "")).documents[0].text == "Secret text."
    with pytest.raises(InputError, match=r"a\.pdf is encrypted") as refused:
        read(files.encrypted(data, "password"))
    assert "without a password" in refused.value.hint


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4\n%%EOF", files.pdf("text")[:60]])
def test_a_broken_file_is_said_to_be_broken(data: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match=r"a\.pdf is broken or not a PDF file"):
        read(data)
    assert capfd.readouterr() == ("", "")


def test_a_broken_page_is_named_and_the_others_used() -> None:
    found = read(files.pdf("First.", files.BROKEN, "Third."))
    assert found.documents[0].text == "First.\n\n\n\nThird."
    assert found.problems == ["a.pdf cannot be read on page 2."]
    with pytest.raises(InputError, match="cannot be read on page 1"):
        read(files.pdf(files.BROKEN))


def test_limits_on_pages_and_text_are_named() -> None:
    with pytest.raises(InputError, match=r"has 3 pages \(limit `pages`: 2\)"):
        read(files.pdf("a", "b", "c"), Limits(pages=2))
    with pytest.raises(InputError, match=r"limit `text_characters`: 10"):
        read(files.pdf("Some text.", "More text."), Limits(text_characters=10))


def test_without_tesseract_the_problem_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = read(files.pdf("Text.", files.IMAGE), Limits(ocr=True))
    assert found.problems == [
        "a.pdf has no text on page 2 (scanned or drawn); OCR needs the program `tesseract`, which is not installed."
    ]


def test_scanned_pages_are_read_when_ocr_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With stand-ins for the program and its library, whatever is installed."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (tmp_path / "pytesseract.py").write_text("def image_to_string(image):\n    return f'{image.size} read\\n\\f'\n")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pytesseract", raising=False)
    found = read(files.pdf("Text.", files.IMAGE), Limits(ocr=True))
    sys.modules.pop("pytesseract", None)
    assert found.problems == []
    assert found.documents[0].text == "Text.\n\n(4, 4) read"


@pytest.mark.skipif(
    not which("tesseract") and "CI" not in os.environ,  # there it must be, as the browser
    reason="tesseract is not installed: scripts/system-packages installs it",
)
def test_tesseract_reads_a_page() -> None:
    from io import BytesIO

    from PIL import Image, ImageDraw

    image = Image.new("L", (400, 100), 255)
    ImageDraw.Draw(image).text((20, 20), "HELLO WORLD", font_size=48)
    out = BytesIO()
    image.save(out, "PDF")
    assert "HELLO" in read(out.getvalue(), Limits(ocr=True)).documents[0].text
