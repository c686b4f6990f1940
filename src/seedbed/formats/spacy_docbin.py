"""spaCy's DocBin files, through spaCy, which is imported when it is used."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.record import Record, Span
from seedbed.core.texts.layers import outer

from .rows import place_of, to_row, to_text
from .spans import LeftOut, Unaligned, spans_of, text_of
from .streams import reading, words_of, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_GROUP = "sc"  # where spaCy's span categoriser looks
_LONGEST = 2**31  # spaCy's own limit is for its parsers


@dataclass(frozen=True)
class DocBinFormat:
    """Texts with entities from spans and categories from labels.

    `doc.ents` are the longest spans of those that overlap, without any that begin or end with white space. If that is
    not all spans of the file, every document has all of its own in `doc.spans["sc"]`, where spaCy's span categoriser
    looks. Tokens are cut where a span begins or ends inside of one.

    Every document has every label of the file as a category, 1 or 0, as spaCy's text categoriser wants it. Other
    columns are not written. A DocBin is one piece: writing and reading hold the whole file in memory.

    Args:
        language: whose blank pipeline makes the tokens; `xx` is any.
        label_column: the column with the label, or a list of labels.
        unaligned: `error` names the first span that holds nothing, `skip` leaves such spans out and warns of their
            number.

    Raises:
        MissingExtra: spaCy is not installed.
    """

    language: str = "xx"
    label_column: str = "label"
    unaligned: Unaligned = "error"

    def __post_init__(self) -> None:
        if find_spec("spacy") is None:
            raise MissingExtra("DocBin", "spacy")

    def read(self, path: str) -> Iterator[Record]:
        """The file's documents as records with a text, spans, and the label if there is one.

        Raises:
            InputError: it is not a DocBin.
        """
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab

        with reading(path) as stream:
            data = stream.read()
        try:
            for doc in DocBin().from_bytes(data).get_docs(Vocab()):
                yield self._record(doc)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path} cannot be read as a DocBin of spaCy: {words_of(error)}.",
                "Check that it was written by spaCy and is whole.",
            ) from error

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes texts, spans and, if it is one of `columns`, the label; answers how many records there were.

        Raises:
            InputError: spaCy does not know the language, or a span cannot be written.
        """
        from spacy.tokens import DocBin

        pipeline, packed, left_out = self._pipeline(), DocBin(), LeftOut("refuse", self.unaligned)
        whole = True
        with writing(path) as stream:
            for number, record in enumerate(records, 1):
                place = place_of(record, number)
                text, spans = text_of(record, "text", place), spans_of(record, "text", place)
                left_out.add([span for span in spans if span.start == span.end], text, place)
                doc = _marked(pipeline.make_doc(text), [span for span in spans if span.start < span.end])
                whole &= len(doc.ents) == len(doc.spans[_GROUP])
                if self.label_column in columns:
                    doc.cats = dict.fromkeys(_labels(to_row(record, [self.label_column])[0]), 1.0)
                packed.add(doc)
            labels = {label: 0.0 for cats in packed.cats for label in cats}
            packed.cats = [labels | cats for cats in packed.cats]
            if whole:
                packed.span_groups = [b""] * len(packed)
            stream.write(packed.to_bytes())
        left_out.warn()
        return len(packed)

    def _pipeline(self) -> Any:
        import spacy

        try:
            pipeline = spacy.blank(self.language)
        except ImportError as error:
            raise InputError(
                f"spaCy has no tokens for the language `{self.language}`: {error}.",
                "Languages are two letters, such as en; language=xx serves any.",
            ) from error
        pipeline.max_length = _LONGEST
        return pipeline

    def _record(self, doc: Any) -> Record:
        found = [*doc.ents, *doc.spans.get(_GROUP, ())]
        spans = sorted({(span.start_char, span.end_char, span.label_) for span in found})
        labels = [label for label, score in doc.cats.items() if score >= 0.5]
        values: dict[str, Any] = {"text": doc.text}
        if labels:
            values[self.label_column] = labels[0] if len(labels) == 1 else labels
        return Record(values, tuple(Span(*span) for span in spans))


def _labels(value: object) -> list[str]:
    """The labels of a record's column; none if it is empty."""
    several = value if isinstance(value, list | tuple) else [value]
    return [text for text in map(to_text, several) if text]


def _marked(doc: Any, spans: list[Span]) -> Any:
    """The document with all spans in the group, and as entities those that can be; its tokens may be others."""
    if any(doc.char_span(span.start, span.end) is None for span in spans):
        doc = _cut(doc, {span.start for span in spans}, {span.end for span in spans})
    found = {span: doc.char_span(span.start, span.end, label=span.label) for span in dict.fromkeys(spans)}
    doc.ents = [found[span] for span in outer(span for span in found if _is_solid(doc.text, span))]
    doc.spans[_GROUP] = list(found.values())
    return doc


def _is_solid(text: str, span: Span) -> bool:
    """Whether there is no white space at the edges: spaCy learns no such entities."""
    return not text[span.start].isspace() and not text[span.end - 1].isspace()


def _cut(doc: Any, starts: set[int], ends: set[int]) -> Any:
    """The document with tokens in pieces where spans start and end; so is a space that belongs to a token."""
    from spacy.tokens import Doc

    edges, words, spaces = sorted(starts | ends), list[str](), list[bool]()
    for token in doc:
        first, last = token.idx, token.idx + len(token)
        inside = edges[bisect_right(edges, first) : bisect_left(edges, last)]
        words += [doc.text[start:end] for start, end in pairwise([first, *inside, last])]
        apart = bool(token.whitespace_) and (last in starts or last + 1 in ends)
        spaces += [*[False] * len(inside), bool(token.whitespace_) and not apart]
        if apart:
            words.append(" ")
            spaces.append(False)
    return Doc(doc.vocab, words=words, spaces=spaces)
