"""PDF files, through pypdf, which is imported when it is used."""

from __future__ import annotations

import logging
import re
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from seedbed.core.document import Document
from seedbed.core.errors import InputError, MissingExtra

from .source import BROKEN, Loaded, Source

if TYPE_CHECKING:
    from pypdf import PdfReader

_BETWEEN: Final = "\n\n"
_QUIET: Final = logging.NullHandler()
_LIGATURES: Final = str.maketrans(
    {chr(0xFB00 + n): t for n, t in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))}
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_BROKEN_WORD: Final = re.compile(r"\b([^\W\d_]+)([-‐\xad])[ \t]*\n[ \t]*([^\W\d_]+)")


def read_pdf(source: Source) -> Loaded:
    """The text of all pages, with a blank line between them; a page without text, or a broken one, is a problem.

    Raises:
        InputError: broken, encrypted, over a limit, or without text on any page.
        MissingExtra: pypdf is not installed.
    """
    reader = _opened(source)
    loaded = Loaded()
    pages = _pages(source, reader, loaded.problems)
    if not any(pages):
        reason = " ".join(loaded.problems) or f"{source.name} has only empty pages."
        raise InputError(reason)
    pages = _mended(pages)
    starts = accumulate((len(page) + len(_BETWEEN) for page in pages[:-1]), initial=0)
    loaded.documents.append(Document(source.name, _BETWEEN.join(pages), _title(reader), tuple(starts)))
    return loaded


def _opened(source: Source) -> PdfReader:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise MissingExtra("PDF", "documents") from error
    logging.getLogger("pypdf").addHandler(_QUIET)  # else its remarks on every odd file go to stderr
    try:
        reader = PdfReader(BytesIO(source.data))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except (PyPdfError, *BROKEN) as error:
        raise InputError(f"{source.name} is broken or not a PDF file.") from error
    if locked:
        raise InputError(f"{source.name} is encrypted.", "Save it without a password.")
    if count > source.limits.pages:
        raise InputError(f"{source.name} has {count:,} pages (limit `pages`: {source.limits.pages:,}).")
    return reader


def _pages(source: Source, reader: PdfReader, problems: list[str]) -> list[str]:
    """The text of each page, empty where there is none; what is missing becomes a problem, the limit an error."""
    from pypdf.errors import PyPdfError

    ocr = _missing_for_ocr() == "" if source.limits.ocr else False
    texts: list[str] = []
    scanned: list[int] = []
    broken: list[int] = []
    left = source.limits.text_characters
    for number, page in enumerate(reader.pages, 1):
        try:
            text = _text(page, ocr=ocr)
            if not text and _shows_something(page):
                scanned.append(number)
        except (PyPdfError, *BROKEN):
            text = ""
            broken.append(number)
        texts.append(text)
        left -= len(text)
        if left < 0:
            limit = source.limits.text_characters
            raise InputError(f"{source.name} holds more text than the limit `text_characters`: {limit:,}.")
    return texts
