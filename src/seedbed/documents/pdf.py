"""PDF files, through pypdf, which is imported when it is used."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from itertools import accumulate
from shutil import which
from typing import TYPE_CHECKING, Final

from seedbed.core.document import Document
from seedbed.core.errors import InputError, MissingExtra

from .source import BROKEN, Loaded, Source, cleaned, numbered, too_long

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_BETWEEN: Final = "\n\n"
_QUIET: Final = logging.NullHandler()
_LIGATURES: Final = str.maketrans(dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)))
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_DIVIDED: Final = re.compile(r"\b([^\W\d_]+)([-‐\xad])[ \t]*\n[ \t]*([^\W\d_]+)")


def read_pdf(source: Source) -> Loaded:
    """The text of all pages, with a blank line between them; a page without text, or a broken one, is a problem.

    Raises:
        InputError: broken, encrypted, over a limit, or without text on any page.
        MissingExtra: pypdf is not installed.
    """
    reader = _opened(source)
    pages = _read_pages(source, reader)
    problems = pages.problems(source)
    if not any(pages.texts):
        raise InputError(
            " ".join(problems) or f"{source.name} has only empty pages.",
            "Save it with its text; scanned pages need text recognition (OCR) first.",
        )
    texts = _mended(pages.texts)
    starts = tuple(accumulate((len(text) + len(_BETWEEN) for text in texts[:-1]), initial=0))
    return Loaded([Document(source.name, _BETWEEN.join(texts), _title(reader), starts)], problems)


def _failures() -> tuple[type[Exception], ...]:
    """What pypdf raises over a file."""
    from pypdf.errors import DeprecationError, PyPdfError

    return (PyPdfError, DeprecationError, *BROKEN)


def _opened(source: Source) -> PdfReader:
    try:
        from pypdf import PdfReader
    except ImportError as error:
        raise MissingExtra("PDF", "documents") from error
    logging.getLogger("pypdf").addHandler(_QUIET)  # else its remarks on every odd file go to stderr
    try:
        reader = PdfReader(BytesIO(source.data))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except _failures() as error:
        raise InputError(
            f"{source.name} is broken or not a PDF file.", "Open it in a PDF reader and save it again."
        ) from error
    if locked:
        raise InputError(f"{source.name} is encrypted.", "Save it without a password.")
    if count > source.limits.pages:
        raise InputError(
            f"{source.name} has {count:,} pages (limit `pages`: {source.limits.pages:,}).",
            "Split it, or raise the limit.",
        )
    return reader


@dataclass(slots=True)
class _Pages:
    """The text of each page, empty where there is none, and the numbers of those whose text is missing."""

    texts: list[str] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)

    def problems(self, source: Source) -> list[str]:
        """A sentence for the scanned ones and one for the broken ones."""
        found = []
        if self.scanned:
            why = f"; {_missing_for_ocr()}" if source.limits.ocr and _missing_for_ocr() else ""
            found.append(f"{source.name} has no text on {numbered('page', self.scanned)} (scanned or drawn){why}.")
        if self.broken:
            found.append(f"{source.name} cannot be read on {numbered('page', self.broken)}.")
        return found


def _read_pages(source: Source, reader: PdfReader) -> _Pages:
    pages = _Pages()
    ocr = source.limits.ocr and not _missing_for_ocr()
    left = source.limits.text_characters
    for number in range(len(reader.pages)):
        text = ""
        try:
            text, shows = _text(reader.pages[number], ocr=ocr)
            pages.scanned += [number + 1] if shows and not text else []
        except _failures():
            pages.broken.append(number + 1)
        pages.texts.append(text)
        left -= len(text)
        if left < 0:
            raise too_long(source.name, source.limits)
    return pages


def _text(page: PageObject, *, ocr: bool) -> tuple[str, bool]:
    """The page's text, and whether a page without one shows anything."""
    text = cleaned(page.extract_text()).translate(_LIGATURES).strip()
    contents = None if text else page.get_contents()
    shows = contents is not None and bool(contents.get_data().strip())
    if shows and ocr:
        text = _recognised(page)
    return text, shows


def _recognised(page: PageObject) -> str:
    bomb = import_module("PIL.Image").DecompressionBombError
    try:
        read = import_module("pytesseract").image_to_string
        return cleaned("\n".join(read(image.image) for image in page.images)).strip()
    except bomb as error:
        raise ValueError("an image is too large") from error


def _missing_for_ocr() -> str:
    """What stands between us and reading images; empty if nothing does."""
    if which("tesseract") is None:
        return "OCR needs the program `tesseract`, which is not installed"
    if not (find_spec("pytesseract") and find_spec("PIL")):
        return "OCR needs: pip install 'seedbed[ocr]'"
    return ""


def _title(reader: PdfReader) -> str:
    try:
        title: object = reader.metadata.title if reader.metadata else ""
    except _failures():
        title = ""
    return cleaned(title).strip() if isinstance(title, str) else ""


def _mended(pages: list[str]) -> list[str]:
    """The pages with the words joined that a line break divides.

    Whether `well-\\nknown` is `wellknown` or `well-known` the rest of the document tells; where it does not, the hyphen
    was the typesetter's. Before a capital or a digit nothing is touched.
    """
    known = {word.lower().replace("‐", "-") for page in pages for word in _WORD.findall(page)}

    def join(match: re.Match[str]) -> str:
        left, hyphen, right = match.groups()
        if not right[0].islower():
            return match[0]
        compound = f"{left}-{right}".lower()
        real = hyphen != "\xad" and compound in known and compound.replace("-", "") not in known
        return f"{left}-{right}" if real else left + right

    return [_DIVIDED.sub(join, page) for page in pages]
