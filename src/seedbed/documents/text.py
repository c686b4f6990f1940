"""Plain text and Markdown, in whatever encoding."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from seedbed.core.document import Document, Heading
from seedbed.core.errors import InputError, MissingExtra

from .source import Loaded, Source, cleaned

_MARKS = (  # UTF-32 first: its mark begins like that of UTF-16
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
    (BOM_UTF8, "utf-8-sig"),
)
_WIDE = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
_HIGH = bytes(range(128, 256))
_FEW = 16
_ASCII_TO_HIGH = 3
_TIMES_RIGHT = 10

_FRONT_MATTER = re.compile(r"---\n.*?\n(?:---|\.\.\.)(?:\n|\Z)", re.S)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?![^ \t])(.*)")
_CLOSING = re.compile(r"(?:^|[ \t])#+$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_NO_PARAGRAPH = re.compile(r"\s*$|\s*(?:[-*+>|]|\d+[.)])|    |\t")


def read_text(source: Source) -> Loaded:
    """The whole file as one document."""
    return Loaded([Document(source.name, decoded(source))])


def read_markdown(source: Source) -> Loaded:
    """The whole file, its marks kept; called by its first heading of the first level."""
    text = decoded(source)
    headings = tuple(_headings(text))
    title = next((heading.title for heading in headings if heading.level == 1), "")
    return Loaded([Document(source.name, text, title, headings=headings)])


def decoded(source: Source, declared: str = "") -> str:
    """The file's text: by its byte order mark, as UTF-8, as declared, as UTF-8 with a few wrong bytes, or as detected.

    Raises:
        InputError: the bytes are text in no known encoding.
        MissingExtra: detection is needed and charset-normalizer is not installed.
    """
    for encoding in (_marked(source.data), "" if b"\0" in source.data else "utf-8", declared):
        text = _as(source.data, encoding)
        if text is not None:
            return cleaned(text)
    found = _nearly_utf8(source.data) or _as(source.data, _detected(source.data))
    if found is None or "\0" in found:
        raise InputError(f"{source.name} is not a text in any known encoding.", "Save it as UTF-8.")
    return cleaned(found)


def _marked(data: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")


def _as(data: bytes, encoding: str) -> str | None:
    if not encoding:
        return None
    try:
        return data.decode(encoding)
    except (ValueError, LookupError):
        return None


def _nearly_utf8(data: bytes) -> str:
    """The text with a sign for each wrong byte, if its other characters beyond ASCII are ten times as many."""
    if b"\0" in data:
        return ""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    ascii_bytes = len(data) - _high(data)
    return text if len(text) - ascii_bytes - wrong > _TIMES_RIGHT * wrong else ""


def _high(data: bytes) -> int:
    """How many bytes are beyond ASCII."""
    return len(data) - len(data.translate(None, _HIGH))


def _detected(data: bytes) -> str:
    """A few accented letters tell nothing about their encoding: then it is the one most of such files have."""
    try:
        from charset_normalizer import from_bytes
    except ImportError as error:
        raise MissingExtra("A text that is not UTF-8", "documents") from error
    wide = b"\0" in data
    if not wide and _high(data) < min(_FEW, len(data) / _ASCII_TO_HIGH) and _as(data, "cp1252") is not None:
        return "cp1252"
    best = from_bytes(data, cp_exclusion=[] if wide else _WIDE).best()
    return best.encoding if best else ""


def _headings(text: str) -> list[Heading]:
    """Those of CommonMark (ATX, and Setext of one line), outside of code and front matter."""
    found: list[Heading] = []
    matter = _FRONT_MATTER.match(text)
    at = matter.end() if matter else 0
    fence = above = ""
    for line in text[at:].split("\n"):
        if fence:
            fence = "" if line.strip().startswith(fence) and not line.strip(f" \t{fence[0]}") else fence
        elif opened := _FENCE.match(line):
            fence = opened[1]
        elif atx := _ATX.match(line):
            found.append(Heading(at, at + len(line), len(atx[1]), _CLOSING.sub("", atx[2].strip(" \t")).strip(" \t")))
        elif not _NO_PARAGRAPH.match(above) and (under := _UNDERLINE.match(line)):
            start = at - len(above) - 1
            found.append(Heading(start, at + len(line), 1 if under[1][0] == "=" else 2, above.strip()))
        above = "" if fence or _ATX.match(line) or _UNDERLINE.match(line) else line
        at += len(line) + 1
    return found
