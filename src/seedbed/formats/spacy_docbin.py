"""spaCy's DocBin files, through spaCy, which is imported when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.record import Record, Span

from .rows import place_of, to_row, to_text
from .spans import LeftOut, Unaligned, spans_of, text_of
from .streams import reading, words_of, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_GROUP = "sc"  # where spaCy's span categoriser looks
_LONGEST = 2**31  # spaCy's own limit is for its parsers


@dataclass(frozen=True)
class DocBinFormat:
    """Texts with entities from spans (those that overlap others in `doc.spans["sc"]`) and categories from labels.

    Every document has every label of the file as a category, 1 or 0, as spaCy's text categoriser wants it. Other
    columns are not written. A DocBin is one piece: writing and reading hold the whole file in memory.

    Args:
        language: whose blank pipeline makes the tokens; `xx` is any.
        label_column: the column with the label, or a list of labels.
        unaligned: `error` names the first span that does not begin and end with a token, `skip` leaves such spans out
            and warns of their number.

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
            raise InputError(f"{path} cannot be read as a DocBin of spaCy: {words_of(error)}.") from error

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes texts, spans and, if it is one of `columns`, the label; answers how many records there were.

        Raises:
            InputError: spaCy does not know the language, or a span cannot be written.
        """
        from spacy.tokens import DocBin

        pipeline, packed, left_out = self._pipeline(), DocBin(), LeftOut(self.unaligned)
        with writing(path) as stream:
            for number, record in enumerate(records, 1):
                place = place_of(record, number)
                doc = pipeline.make_doc(text_of(record, "text", place))
                _mark(doc, spans_of(record, "text", place), place, left_out)
                if self.label_column in columns:
                    doc.cats = dict.fromkeys(_labels(to_row(record, [self.label_column])[0]), 1.0)
                packed.add(doc)
            labels = {label: 0.0 for cats in packed.cats for label in cats}
            packed.cats = [labels | cats for cats in packed.cats]
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


def _mark(doc: Any, spans: list[Span], place: str, left_out: LeftOut) -> None:
    held = []
    for span in spans:
        found = doc.char_span(span.start, span.end, label=span.label, alignment_mode="strict")
        if found is None or span.start == span.end:
            left_out.add(span, doc.text, place)
        else:
            held.append(found)
    overlapping = [one for one in held if any(_overlap(one, other) for other in held if other is not one)]
    doc.ents = [one for one in held if one not in overlapping]
    if overlapping:
        doc.spans[_GROUP] = overlapping


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.start < other.end and other.start < one.end)
