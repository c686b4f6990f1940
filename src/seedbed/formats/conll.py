"""CoNLL files: a token and its tag per line, a blank line between sentences.

Read are IOB1, IOB2 and BIOES (BILOU and BMES, too). One set of rules reads all of them exactly, that of the shared
tasks' scorer conlleval (Tjong Kim Sang and Buchholz, CoNLL 2000), so no scheme needs to be guessed: B and S begin an
entity; so do I and E unless they go on with one of the same label; E and S end theirs.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unicodedata import category

from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span

from .rows import place_of
from .spans import LeftOut, Unaligned, spans_of, text_of
from .streams import reading, write_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TAG = re.compile(r"O|([BIELSUM])-(.+)")
_PREFIXES = {"L": "E", "U": "S", "M": "I"}
_TOKEN = re.compile(r"[\U0001f1e6-\U0001f1ff]{2}|\w+|[^\w\s\ufeff]")  # a byte order mark counts as space
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class ConllFormat:
    """First column token, last column tag. Written is IOB2, one record per sentence, with a space between the columns.

    Tokens are words and single punctuation marks (`tokens`). On reading they are joined by one space: white space is
    not what it was, spans are exact in the text that is read. Other columns are not written.

    Args:
        unaligned: `error` names the first span that does not begin and end with a token or overlaps another, `skip`
            leaves such spans out and warns of their number.
    """

    unaligned: Unaligned = "error"

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
        return write_pieces(self, records, path, columns)

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """See `Streaming.pieces`."""
        left_out = LeftOut(self.unaligned)
        for number, record in enumerate(records, 1):
            yield "".join(_lines(record, place_of(record, number), left_out)).encode()
        left_out.warn()


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


def _lines(record: Record, place: str, left_out: LeftOut) -> Iterator[str]:
    text = text_of(record, "text", place)
    bounds = tokens(text)
    if not bounds:
        raise InputError(f"{place}: the text is empty, which CoNLL has no form for.")
    tags = _tags(bounds, spans_of(record, "text", place), (text, place), left_out)
    for (start, end), tag in zip(bounds, tags, strict=True):
        yield f"{text[start:end]} {tag}\n"
    yield "\n"


def _tags(bounds: list[tuple[int, int]], spans: list[Span], source: tuple[str, str], left_out: LeftOut) -> list[str]:
    starts = {start: at for at, (start, _) in enumerate(bounds)}
    ends = {end: at + 1 for at, (_, end) in enumerate(bounds)}
    tags = ["O"] * len(bounds)
    for span in spans:
        if any(map(str.isspace, span.label)):
            raise InputError(f"{source[1]}: the label `{span.label}` holds white space, which ends a column in CoNLL.")
        first, last = starts.get(span.start, len(tags)), ends.get(span.end, 0)
        if first >= last or any(tag != "O" for tag in tags[first:last]):
            left_out.add(span, *source)
        else:
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
