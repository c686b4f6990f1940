"""What every loader is given and what it answers."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field
from typing import Final

from seedbed.core.document import Document, Heading
from seedbed.core.errors import InputError

_MOST_RUNS = 10

BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What parsers trip over in broken files beside their own errors: such files are never the programmer's mistake."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is not read any more, and said so.

    Args:
        file_bytes: size of a file.
        text_characters: text of one document.
        expanded_bytes: size of what a packed file (docx) holds.
        expansion: how many times larger than the file that may be.
        pages: of one PDF.
        files: how many are read; those beyond are left out.
        ocr: whether scanned pages of a PDF are read by tesseract.
    """

    file_bytes: int = 50_000_000
    text_characters: int = 5_000_000
    expanded_bytes: int = 200_000_000
    expansion: int = 200
    pages: int = 5_000
    files: int = 10_000
    ocr: bool = False


STANDARD: Final = Limits()


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read; `column` is the user's word which column of a table holds the texts."""

    name: str
    data: bytes
    limits: Limits = STANDARD
    column: str = ""


@dataclass(slots=True)
class Loaded:
    """What could be read, and a sentence about each file, page or row that could not."""

    documents: list[Document] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a row, a heading (of `level` 0 to 6); `tight` ones stand right below the block before."""

    text: str
    level: int | None = None
    tight: bool = False


def assemble(name: str, blocks: list[Block], title: str) -> Document:
    """The document whose text is these blocks with blank lines between them; its headings are known by offset."""
    pieces: list[str] = []
    headings: list[Heading] = []
    at = 0
    for block in blocks:
        gap = "" if not pieces else "\n" if block.tight else "\n\n"
        at += len(gap) + len(block.text)
        pieces += (gap, block.text)
        if block.level is not None:
            headings.append(Heading(at - len(block.text), at, block.level, " ".join(block.text.split())))
    return Document(name, "".join(pieces), title, headings=tuple(headings))


def too_long(name: str, limits: Limits) -> InputError:
    """The error about a document whose text is over the limit."""
    return InputError(
        f"{name} has more text than allowed (limit `text_characters`: {limits.text_characters:,}).",
        "Split it, or raise the limit.",
    )


def numbered(noun: str, numbers: list[int]) -> str:
    """Ascending numbers of pages or rows for people: `row 3`, or `pages 1–3, 7`; of very many only the first."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    said = ", ".join("–".join(map(str, run)) for run in runs[:_MOST_RUNS])
    more = f" and more, {len(numbers):,} in all" if len(runs) > _MOST_RUNS else ""
    return f"{noun}{'s' if len(numbers) > 1 else ''} {said}{more}"


def cleaned(text: str) -> str:
    """The text with `\\n` for every line break, without what can be stored nowhere: NULs and halves of characters."""
    return re.sub("[\ud800-\udfff]", "\ufffd", re.sub("\r\n?", "\n", text)).replace("\0", "")
