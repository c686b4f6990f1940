"""Word files, through python-docx, which is imported when it is used."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, ZipFile

from seedbed.core.errors import InputError, MissingExtra

from .source import BROKEN, Block, Loaded, Source, assemble, cleaned

if TYPE_CHECKING:
    from collections.abc import Iterator

_OLD_OR_ENCRYPTED: Final = b"\xd0\xcf\x11\xe0"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT_BOX: Final = f"{_W}txbxContent"
_LEFT_OUT: Final = {
    _FALLBACK,
    f"{_W}pPr",
    f"{_W}rPr",
    f"{_W}del",
    f"{_W}moveFrom",
    f"{_W}sdtPr",
}  # said twice, or deleted
_HEADING: Final = re.compile(r"(?i:title|heading ([1-9]))")
_LONGEST_CHAIN: Final = 10  # a broken file may have circles
_SIGNS: Final = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_docx(source: Source) -> Loaded:
    """Paragraphs, headings and table rows in their order, text boxes after their paragraph.

    Read from the elements themselves: the library's own paragraphs lack inserted text and content controls.

    Raises:
        InputError: broken, encrypted, or holding more than the limits allow.
        MissingExtra: python-docx is not installed.
    """
    try:
        import docx
        from docx.exceptions import PythonDocxError
    except ImportError as error:
        raise MissingExtra("DOCX", "documents") from error
    if source.data.startswith(_OLD_OR_ENCRYPTED):
        raise InputError(f"{source.name} is encrypted or in the old DOC format.", "Save it as DOCX without a password.")
    try:
        _check_expansion(source)
        document = docx.Document(BytesIO(source.data))
        blocks = list(_blocks(document.element.body, _levels(document)))
        return Loaded([assemble(source.name, blocks, cleaned(document.core_properties.title or ""))])
    except (PythonDocxError, BadZipFile, *BROKEN) as error:
        raise InputError(
            f"{source.name} is broken or not a DOCX file.",
            "Open it in Word or another program and save it as DOCX again.",
        ) from error


def _check_expansion(source: Source) -> None:
    """What an entry claims to hold is also the most that is unpacked of it."""
    with ZipFile(BytesIO(source.data)) as packed:
        size = sum(entry.file_size for entry in packed.infolist())
    limits = source.limits
    if size > limits.expanded_bytes:
        raise InputError(
            f"{source.name} unpacks to {size:,} bytes (limit `expanded_bytes`: {limits.expanded_bytes:,}).",
            "Split it, or raise the limit.",
        )
    if size > limits.expansion * len(source.data):
        times = size // len(source.data)
        raise InputError(
            f"{source.name} unpacks to {times:,} times its size (limit `expansion`: {limits.expansion:,}).",
            "Save it as DOCX again, or raise the limit.",
        )


def _levels(document: Any) -> dict[str, int]:
    """Style → level of heading, its own or of a style it is made from. Their names are English whatever Word speaks."""
    found = {}
    for style in document.styles:
        base = style
        for _ in range(_LONGEST_CHAIN):
            name = _HEADING.fullmatch(getattr(base, "name", None) or "")
            if name:
                found[style.style_id] = int(name[1] or 0)
                break
            base = getattr(base, "base_style", None)
    return found


def _blocks(parent: Any, levels: dict[str, int]) -> Iterator[Block]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, levels)
        elif child.tag == f"{_W}tbl":
            rows = [row for row in map(_row, _own(child, f"{_W}tr")) if row]
            yield from (Block(row, tight=number > 0) for number, row in enumerate(rows))
        elif child.tag not in _LEFT_OUT:  # content controls, insertions
            yield from _blocks(child, levels)


def _paragraph(paragraph: Any, levels: dict[str, int]) -> Iterator[Block]:
    text = cleaned("".join(_inline(paragraph))).strip()
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    level = None if style is None else levels.get(style.get(f"{_W}val"))
    if text:
        yield Block(text, level, tight=level is None and paragraph.find(f"{_W}pPr/{_W}numPr") is not None)
    for box in paragraph.iter(_TEXT_BOX):
        if not any(above.tag == _FALLBACK for above in box.iterancestors()):
            yield from _blocks(box, levels)


def _row(row: Any) -> str:
    cells = [" ".join("".join(_inline(cell, apart=" ")).split()) for cell in _own(row, f"{_W}tc")]
    return cleaned(" | ".join(cells)) if any(cells) else ""


def _own(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table, or cells of a row, also those in content controls; a table inside is of its cell."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _own(child, tag)


def _inline(parent: Any, apart: str = "") -> Iterator[str]:
    """The texts inside; those of text boxes only where paragraphs are run together, put `apart`."""
    for child in parent:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _LEFT_OUT and (apart or child.tag != _TEXT_BOX):
            yield from _inline(child, apart)
            yield apart if child.tag == f"{_W}p" else ""
