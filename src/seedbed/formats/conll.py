"""CoNLL files: a token and its tag per line, a blank line between sentences.

Read are IOB1, IOB2 and BIOES (BILOU and BMES, too). One set of rules reads all of them exactly, that of the shared
tasks' scorer conlleval (Tjong Kim Sang and Buchholz, CoNLL 2000), so no scheme needs to be guessed: B and S begin an
entity; so do I and E unless they go on with one of the same label; E and S end theirs.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING
from unicodedata import category

from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.core.texts.layers import outer, overlapping

from .rows import place_of
from .spans import LeftOut, Overlaps, Unaligned, overlaps_in, said_to_overlap, spans_of, text_of
from .streams import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TAG = re.compile(r"O|([BIELSUM])-(.+)")
_PREFIXES = {"L": "E", "U": "S", "M": "I"}
_TOKEN = re.compile(r"[\U0001f1e6-\U0001f1ff]{2}|\w+|[^\w\s\ufeff]")  # a byte order mark counts as space
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class ConllFormat:
    """First column token, last column tag. Written is IOB2, one record per sentence, with a space between the columns.

    Tokens are words and single punctuation marks (`tokens`), cut where a span begins or ends inside of one. On reading
    they are joined by one space: white space is not what it was, spans are exact in the text that is read. Other
    columns are not written.

    Args:
        unaligned: `error` names the first span that holds no word; `skip` leaves such spans out, and is
            `overlaps=outer` where nothing else is said.
        overlaps: what becomes of spans that overlap, of which CoNLL holds one layer: `refuse` is an error that says how
            many records have some, `outer` keeps the longest (see `outer`), `skip` leaves such records out. The last
            two do the same with spans that hold no word, and a warning says how many there were.
    """

    unaligned: Unaligned = "error"
    overlaps: Overlaps = "refuse"

    def read(self, path: str) -> Iterator[Record]:
        """The file's sentences as records with a text and spans.

        Raises:
            InputError: a line is no token with a tag.
        """
        sentence = _Sentence()
        with reading(path) as stream:
            for number, line in enumerate(stream, 1):
                row = (line.removeprefix(BOM_UTF8) if number == 1 else line).decode().strip("\r\n")
                if not row.strip(" \t") or row.startswith("-DOCSTART-"):
                    if sentence.words:
                        yield sentence.record()
                    sentence = _Sentence()
                elif found := _token_and_tag(row, f"{path}, line {number}"):
                    sentence.add(*found)
        if sentence.words:
            yield sentence.record()

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes the texts and spans of all records to `path` and answers how many there were.

        Raises:
            InputError: a text is empty, a label holds white space, or a span cannot be written.
        """
        left_out = self._left_out()
        with writing(path) as stream:
            count = sum(map(bool, map(stream.write, self._written(records, left_out))))
        left_out.warn()
        return count

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`; nothing warns of what is left out."""
        return self._written(records, self._left_out())

    def _left_out(self) -> LeftOut:
        kept = "outer" if self.overlaps == "refuse" and self.unaligned == "skip" else self.overlaps
        return LeftOut(kept, self.unaligned)

    def _written(self, records: Iterable[Record], left_out: LeftOut) -> Iterator[bytes]:
        """One piece for each record that is not left out."""
        numbered = enumerate(records, 1)
        for number, record in numbered:
            place = place_of(record, number)
            if left_out.overlaps == "refuse" and overlapping(record.spans):
                more, _ = overlaps_in(other for _, other in numbered)
                raise said_to_overlap(1 + more, record, place)
            if lines := _lines(record, place, left_out):
                yield lines.encode()


def tokens(text: str) -> list[tuple[int, int]]:
    """Where words and single punctuation marks begin and end.

    Combining marks, joiners and skin tones stay with what they belong to, two regional indicators are one flag.
    """
    found: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if found and found[-1][1] == start and _clings(text, found[-1][0], start):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _clings(text: str, first: int, at: int) -> bool:
    """Whether what begins at `at` belongs to the token that began at `first`."""
    before, char = text[at - 1], text[at]
    if _is_mark(char) or before == "\u200d":
        return True
    return _is_mark(before) and text[first].isalnum() and (char.isalnum() or char == "_")


def _is_mark(char: str) -> bool:
    return category(char)[0] == "M" or char in _JOINERS or "\U0001f3fb" <= char <= "\U0001f3ff"


def _lines(record: Record, place: str, left_out: LeftOut) -> str:
    """The lines of a record; none if it is left out."""
    text, spans = text_of(record, "text", place), spans_of(record, "text", place)
    bounds = tokens(text)
    if not bounds:
        raise InputError(
            f"{place}: the text is empty, which CoNLL has no form for.",
            "Leave the record out, or take another format, such as jsonl.",
        )
    if label := next((one.label for one in spans if any(map(str.isspace, one.label))), None):
        raise InputError(
            f"{place}: the label `{label}` holds white space, which ends a column in CoNLL.",
            "Rename the label, such as with `_` for the space.",
        )
    kept = outer([span for span in spans if _held(bounds, span)])
    if left_out.add(sorted({*spans} - {*kept}), text, place):
        return ""
    bounds = list(_cut(bounds, sorted({edge for span in kept for edge in span[:2]})))
    tags = _tags(bounds, kept)
    return "".join(f"{text[start:end]} {tag}\n" for (start, end), tag in zip(bounds, tags, strict=True)) + "\n"


def _held(bounds: list[tuple[int, int]], span: Span) -> bool:
    """Whether a span holds a token, or a part of one."""
    at = bisect_right(bounds, span.start, key=itemgetter(1))
    return span.start < span.end and at < len(bounds) and bounds[at][0] < span.end


def _cut(bounds: list[tuple[int, int]], edges: list[int]) -> Iterator[tuple[int, int]]:
    """The same tokens, those with edges of spans inside of them in pieces."""
    for start, end in bounds:
        yield from pairwise([start, *edges[bisect_right(edges, start) : bisect_left(edges, end)], end])


def _tags(bounds: list[tuple[int, int]], spans: list[Span]) -> list[str]:
    starts, ends = [start for start, _ in bounds], [end for _, end in bounds]
    tags = ["O"] * len(bounds)
    for span in spans:
        first, last = bisect_left(starts, span.start), bisect_right(ends, span.end)
        tags[first:last] = [f"B-{span.label}", *[f"I-{span.label}"] * (last - first - 1)]
    return tags


def _token_and_tag(row: str, place: str) -> tuple[str, str, str] | None:
    """Token, prefix and label; nothing for a comment: a line that begins with # and does not end with a tag."""
    columns = [column.strip(" ") for column in (row.split("\t") if "\t" in row else re.split(" +", row.strip(" ")))]
    tag = _TAG.fullmatch(columns[-1])
    if tag and len(columns) > 1 and columns[0] and "\r" not in row:  # some lines end with that alone
        prefix = tag[1] or "O"
        return columns[0], _PREFIXES.get(prefix, prefix), tag[2] or ""
    if row.startswith("#"):
        return None
    raise InputError(
        f"{place}: expected a token in the first and its tag in the last column.",
        "A tag is O, or B-, I-, E- or S- with a label; a blank line ends a sentence.",
    )


@dataclass(slots=True)
class _Sentence:
    words: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    end: int = -1
    open: tuple[int, str] | None = None

    def add(self, token: str, prefix: str, label: str) -> None:
        start = self.end + 1
        if prefix not in ("I", "E") or not self.open or self.open[1] != label:
            self._close()
            self.open = None if prefix == "O" else (start, label)
        self.words.append(token)
        self.end = start + len(token)
        if prefix in ("E", "S"):
            self._close()

    def record(self) -> Record:
        self._close()
        return Record({"text": " ".join(self.words)}, tuple(self.spans))

    def _close(self) -> None:
        if self.open:
            self.spans.append(Span(self.open[0], self.end, self.open[1]))
            self.open = None
