"""Web pages, through lxml, which is imported when it is used."""

from __future__ import annotations

import re
from typing import Any, Final

from seedbed.core.errors import InputError, MissingExtra

from .source import Block, Loaded, Source, assemble
from .text import decoded

_DROPPED: Final = re.compile("script|style|nav|noscript|template|head|svg|iframe|object")
_TIGHT: Final = re.compile("li|tr|dt|dd|option")
_BLOCK: Final = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer"
    "|form|h[1-6]|header|hgroup|hr|html|legend|li|main|ol|option|p|pre|search|section|select|summary|table|tbody|td"
    "|tfoot|th|thead|tr|ul"
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_SPACE: Final = re.compile(r"[ \t\n\f]+")
_BREAK: Final = "\0"  # decoded text holds none
_CHARSET: Final = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HEAD_BYTES: Final = 4096


def read_html(source: Source) -> Loaded:
    """The page's text: a block per element that begins a line, a row per table row.

    Raises:
        InputError: it is not text, or nested too deeply to be read as a whole.
        MissingExtra: lxml is not installed.
    """
    text = decoded(source, _declared(source.data))
    root = _parsed(text, source.name) if text.strip() else None
    if root is None:
        return Loaded([assemble(source.name, [], "")])
    title = _SPACE.sub(" ", root.findtext(".//title") or "").strip()
    return Loaded([assemble(source.name, _Reader().read(root), title)])


def _declared(data: bytes) -> str:
    """What the page says of itself; whoever writes latin-1 there means Windows-1252 (as all browsers take it)."""
    found = _CHARSET.search(data, 0, _HEAD_BYTES)
    name = found[1].decode("ascii").lower() if found else ""
    return "cp1252" if name in {"iso-8859-1", "latin1", "us-ascii"} else name


def _parsed(text: str, name: str) -> Any:
    """The root element, nothing if there is none. The parser mends everything but stops at depth 2,048."""
    try:
        from lxml import etree  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra("HTML", "documents") from error
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError as error:
        raise InputError(
            f"{name} cannot be read as HTML: {error}.", "Open it in a browser and save it again."
        ) from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise InputError(f"{name} is nested too deeply to be read as HTML.", "Save it as plain text.")
    return root


class _Reader:
    """Walks through the elements and collects text until a block begins or ends."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._level: int | None = None
        self._verbatim = 0
        self._tight = True

    def read(self, root: Any) -> list[Block]:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._leave(element, tail=element is not root)
            elif _DROPPED.fullmatch(element.tag):
                walk.skip_subtree()
            elif element.tag == "table" and (rows := _rows(element)):
                self._flush()
                self._blocks += rows
                walk.skip_subtree()
            else:
                self._enter(element)
        self._flush()
        return self._blocks

    def _enter(self, element: Any) -> None:
        self._edge(element.tag)
        self._level = _HEADINGS.get(element.tag, self._level)
        self._verbatim += element.tag == "pre"
        self._text.append(_BREAK if element.tag == "br" else element.text or "")

    def _leave(self, element: Any, *, tail: bool) -> None:
        self._edge(element.tag)
        self._level = None if element.tag in _HEADINGS else self._level
        self._verbatim -= element.tag == "pre"
        self._text.append(element.tail or "" if tail else "")

    def _edge(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self._flush()
            self._tight = self._tight and _TIGHT.fullmatch(tag) is not None

    def _flush(self) -> None:
        raw = "".join(self._text)
        self._text.clear()
        if self._verbatim:
            text = raw.replace(_BREAK, "\n").strip("\n")
        else:
            lines = (_SPACE.sub(" ", line).strip(" ") for line in raw.split(_BREAK))
            text = ("\n" if self._level is None else " ").join(lines).strip()
        if text.strip():
            self._blocks.append(Block(text, self._level, self._tight))
            self._tight = True


def _rows(table: Any) -> list[Block]:
    """The table's rows; none if it only arranges the page (one column, or headings and tables inside)."""
    if any(True for _ in table.iter(*_HEADINGS)) or table.find(".//table") is not None:
        return []
    lines = [[_flat(cell) for cell in line if cell.tag in {"td", "th"}] for line in table.iter("tr")]
    if max(map(len, lines), default=0) < 2:
        return []
    above = [text for caption in table.iter("caption") if (text := _flat(caption))]
    rows = above + [" | ".join(cells) for cells in lines if any(cells)]
    return [Block(row, tight=number > 0) for number, row in enumerate(rows)]


def _flat(cell: Any) -> str:
    """The cell in one line. Most hold text alone, and tables may have very many."""
    if not len(cell):
        return " ".join((cell.text or "").split())
    return " ".join(" ".join(block.text.split()) for block in _Reader().read(cell))
