"""Cuts documents into chunks.

Sizes are in characters (code points), as all offsets are: they are the same whichever model reads the chunks, and no
model's own tokens can be counted for every model without asking it. 1,200 of them are some 300 tokens of English, and
800 to 1,200 of Chinese or Japanese.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final
from unicodedata import category

from seedbed.core.document import Chunk, Document, Heading
from seedbed.core.errors import InputError
from seedbed.core.tokens import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SMALLEST: Final = 50
"""Below this a chunk holds no thought, and a long word or heading leaves no choice where to cut."""

_LETTER: Final = "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED) + "]"
_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE: Final = re.compile(r"(?<![.!?…؟۔।॥])[.!?…؟۔।॥]+[\"'”’»)\]]*\s+|[。．！？｡]+[”’」』）》]*\s*")
_ROW: Final = re.compile(r"\n\s*(?=[-*+•|]|\d+[.)]\s|[^\n]* \| )")
_LINE: Final = re.compile(r"\n\s*")
_WORD: Final = re.compile(rf"(?<=\s)(?=\S)|(?={_LETTER})|(?<={_LETTER})(?=\w)")
_SHORTENED: Final = re.compile(r"(?:\b[^\W\d_]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|No|Nr|Fig|ca|bzw)|\b\d{1,3})\.\s+$")
_LONGEST_SHORTENED: Final = 8
_FIRST_MARK: Final = "\u0300"
_FLAGS: Final = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_LONGEST_ROW: Final = 2_000
_JOINED: Final = re.compile(  # Thai and Lao am, joiners, skin tones, tags; after a joiner; parts of Korean syllables
    ".[\u0e33\u0eb3\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\u200d.|[\u1100-\u11ff\uac00-\ud7a3][\u1160-\u11ff]",
    re.S,
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Headings with nothing between them; `level` is the highest of theirs."""

    start: int
    end: int
    level: int


def chunks(document: Document, size: int = 1200, overlap: int = 0) -> list[Chunk]:
    """Pieces of at most `size` characters that together hold all of the text but white space, in order.

    What is too long is cut into parts of about the same length at its highest headings, else between paragraphs,
    sentences, lines, words; inside a word only if it is longer than `size`, and never inside a character that people
    see as one. A heading stays with the first word after it if both fit. Small neighbouring sections share a chunk.

    Args:
        document: what to cut.
        size: the most characters of a chunk, 50 or more.
        overlap: the most characters of the chunk before that are repeated, up to half of `size`, from the beginning
            of a sentence if there is one; never across a heading that begins a chunk.

    Raises:
        InputError: `size` or `overlap` is out of range.
    """
    if size < SMALLEST:
        raise InputError(f"A chunk size of {size} is too small.", f"Use {SMALLEST} characters or more.")
    if not 0 <= overlap <= size // 2:
        raise InputError(f"An overlap of {overlap} does not fit chunks of {size}.", "Use at most half the size.")
    cutter = _Cutter(document, size - overlap)
    found: list[Chunk] = []
    for start, end in cutter.parts():
        first = cutter.reach_back(start, overlap, found[-1].start + 1) if found and overlap else start
        found.append(Chunk(document.name, first, end, document.text[first:end], cutter.path(start)))
    return found


class _Cutter:
    """Finds where to cut one document into parts of at most `size` characters.

    A part is a pair of offsets with white space at neither end.
    """

    def __init__(self, document: Document, size: int) -> None:
        self._text = document.text
        self._size = size
        self._runs = _runs(document)
        self._glued = self._glue()
        self._heading_starts = [heading.start for heading in document.headings]
        self._paths = _paths(document)
        levels = sorted({run.level for run in self._runs.values()})
        sections = [[run.start for run in self._runs.values() if run.level == level] for level in levels]
        self._levels: tuple[Callable[[int, int], Iterable[int]], ...] = (
            *(partial(_within, starts) for starts in sections),
            *(partial(self._matches, pattern) for pattern in (_PARAGRAPH, _ROW, _SENTENCE, _LINE, _WORD)),
        )

    def parts(self) -> list[tuple[int, int]]:
        """All parts in order; of neighbours that are no whole sections, those that fit are one."""
        found: list[tuple[int, int]] = []
        for start, end in self._parts(self._after(0), self._before(len(self._text)), 0):
            if found and start not in self._runs and end - found[-1][0] <= self._size:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found

    def reach_back(self, start: int, overlap: int, floor: int) -> int:
        """Where a chunk begins that repeats the end of the one before; nothing is repeated before a section."""
        if start in self._runs:
            return start
        low = max(start - overlap, floor)
        return next((cut for pattern in (_SENTENCE, _LINE, _WORD) for cut in self._matches(pattern, low, start)), start)

    def path(self, start: int) -> tuple[str, ...]:
        """The headings a part stands under that begins at `start`."""
        inside = self._runs[start].end - 1 if start in self._runs else start
        return self._paths[bisect_right(self._heading_starts, inside)]

    def _parts(self, start: int, end: int, level: int) -> Iterator[tuple[int, int]]:
        if end - start <= self._size:
            if end > start:
                yield start, end
        elif level == len(self._levels):
            yield from self._hard(start, end)
        else:
            for first, last in self._groups(start, end, level):
                yield from self._parts(first, last, level + 1)

    def _groups(self, start: int, end: int, level: int) -> list[tuple[int, int]]:
        """Pieces cut at this level, joined as they fit until they are as long as equal parts would be."""
        length = end - start
        aim = length / ceil(length / self._size)
        edges = [start, *(cut for cut in self._levels[level](start, end) if self._may_cut(cut)), end]
        groups: list[tuple[int, int]] = []
        for first, after in pairwise(edges):
            last = self._before(after)
            if groups and groups[-1][1] - groups[-1][0] < aim and last - groups[-1][0] <= self._size:
                groups[-1] = (groups[-1][0], last)
            else:
                groups.append((first, last))
        return groups

    def _hard(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Through a word that is too long, between characters as people see them (unless one alone is too long)."""
        while end - start > self._size:
            cut = start + self._size
            while cut > start and (_splits_character(self._text, cut) or not self._may_cut(cut)):
                cut -= 1
            cut = cut if cut > start else start + self._size
            yield start, self._before(cut)
            start = self._after(cut)
        yield start, end

    def _matches(self, pattern: re.Pattern[str], start: int, end: int) -> Iterator[int]:
        """Where pieces begin that the pattern ends."""
        for match in pattern.finditer(self._text, start, end):
            cut = match.end()
            ends = start < cut < end and (pattern is not _SENTENCE or self._ends_sentence(match))
            if ends and not _splits_character(self._text, cut):
                yield cut

    def _ends_sentence(self, match: re.Match[str]) -> bool:
        """A full stop before a small letter, after a number or after one letter ends none."""
        before = self._text[max(0, match.start() - _LONGEST_SHORTENED) : match.end()]
        return not self._text[match.end()].islower() and not _SHORTENED.search(before)

    def _may_cut(self, cut: int) -> bool:
        """Not between a heading and what it must not leave."""
        place = bisect_left(self._glued, (cut, 0)) - 1
        return place < 0 or cut > self._glued[place][1]

    def _glue(self) -> list[tuple[int, int]]:
        """Where headings must not be cut off: from each run up to its first word, if both fit into a part.

        A run that ends the document belongs to the last word before it.
        """
        found: list[tuple[int, int]] = []
        for run in self._runs.values():
            body, end = self._after(run.end), self._before(run.end)
            if body < len(self._text):
                if self._word_end(body) - run.start <= self._size:
                    found.append((run.start, body))
            elif run.start > self._after(0):
                last = self._last_word(run.start)
                before = found.pop() if found and last <= found[-1][1] else (last, last)
                found.append((before[0], end) if end - before[0] <= self._size else before)
        return found

    def _word_end(self, start: int) -> int:
        """The end of the word; of one that is too long, of its first character."""
        match = _WORD.search(self._text, start + 1)
        end = self._before(match.start() if match else len(self._text))
        return end if end - start <= self._size else start + 1

    def _last_word(self, end: int) -> int:
        """The beginning of the word before `end`; of one that is too long, of its last character."""
        end, first = self._before(end), self._after(0)
        low = max(first, end - self._size)
        found = [match.start() for match in _WORD.finditer(self._text, low, end)]
        return found[-1] if found else first if low == first else end - 1

    def _after(self, at: int) -> int:
        while at < len(self._text) and self._text[at].isspace():
            at += 1
        return at

    def _before(self, at: int) -> int:
        while at > 0 and self._text[at - 1].isspace():
            at -= 1
        return at


def _runs(document: Document) -> dict[int, _Run]:
    """By where they start."""
    found: dict[int, _Run] = {}
    last: _Run | None = None
    for heading in document.headings:
        words = document.text[heading.start : heading.end]
        start = heading.end - len(words.lstrip())
        if last and not document.text[last.end : heading.start].strip():
            last = _Run(last.start, heading.end, min(last.level, heading.level))
        else:
            last = _Run(start, heading.end, heading.level)
        found[last.start] = last
    return found


def _paths(document: Document) -> list[tuple[str, ...]]:
    """What stands above the text before the first heading, after the first, after the second …"""
    above: list[Heading] = []
    found: list[tuple[str, ...]] = [()]
    for heading in document.headings:
        above = [*(one for one in above if one.level < heading.level), heading]
        found.append(tuple(one.title for one in above))
    return found


def _within(starts: list[int], start: int, end: int) -> list[int]:
    return starts[bisect_right(starts, start) : bisect_left(starts, end)]


def _splits_character(text: str, at: int) -> bool:
    """Whether a cut here divides what people see as one: marks from their letter, the parts of an emoji or syllable.

    The rules of Unicode's extended grapheme clusters (UAX 29) but for conjuncts of Indic scripts.
    """
    if text[at] < _FIRST_MARK:
        return False
    if category(text[at]).startswith("M") or _JOINED.fullmatch(text, at - 1, at + 1):
        return True
    row = text[max(0, at - _LONGEST_ROW) : at]
    return text[at] in _FLAGS and (len(row) - len(row.rstrip(_FLAGS))) % 2 == 1
