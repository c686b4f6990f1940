"""A text that records are made from, and the pieces it is cut into. All offsets are code points of `Document.text`."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: where it stands, its level (1 is the highest, 0 the title of the whole) and its words alone."""

    start: int
    end: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file, or of one row of it, with `\\n` as its only line break.

    Args:
        name: the file's path as the user gave it, followed by `#` and the row's number for a row of a table.
        text: what was read.
        title: what the file says it is called; often empty.
        page_starts: where each page begins, if there are pages.
        headings: in their order.
    """

    name: str
    text: str
    title: str = ""
    page_starts: tuple[int, ...] = ()
    headings: tuple[Heading, ...] = ()

    def page(self, offset: int) -> int:
        """The number of the page, from 1, that holds this offset; 0 if there are no pages."""
        return bisect_right(self.page_starts, offset)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document: `text` is its text from `start` to `end`.

    Args:
        document: the document's name.
        start: its first code point.
        end: the code point after its last one.
        text: exactly what stands there.
        headings: those it stands under, the highest first, with the one it begins with.
    """

    document: str
    start: int
    end: int
    text: str
    headings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits; the same for the same text at the same place of a document of the same name."""
        place = f"{self.document}\0{self.start}\0{self.end}\0{self.text}"
        return blake2b(place.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
